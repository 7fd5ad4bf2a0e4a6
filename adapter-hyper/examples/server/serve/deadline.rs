//! A deadline for the body of a request.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Request;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// A body with a deadline. The time starts when a reader first has to wait.
#[derive(Debug)]
pub(crate) struct DeadlineBody<B> {
    inner: B,
    max_duration: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    missed: watch::Sender<()>,
}

/// Puts a deadline on the request's body. Returns the request, and a future that completes when the deadline is missed.
///
/// The caller then drops the call. If it has dropped the future instead, since the response has begun, the body fails.
pub(crate) fn limit_body_time<B>(
    request: Request<B>,
    max_duration: Duration,
) -> (Request<DeadlineBody<B>>, impl Future<Output = ()>) {
    let (missed, mut is_missed) = watch::channel(());
    let request = request.map(|inner| DeadlineBody { inner, max_duration, deadline: None, missed });
    let missed = async move {
        if is_missed.changed().await.is_err() {
            // The body was dropped in time.
            std::future::pending::<()>().await;
        }
    };
    (request, missed)
}

impl<B: Body<Error: Into<BoxError>> + Unpin> Body for DeadlineBody<B> {
    type Data = B::Data;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, BoxError>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let deadline = this.deadline.get_or_insert_with(|| Box::pin(sleep(this.max_duration)));
        if deadline.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        if this.missed.send(()).is_err() {
            // The response has begun, and its page still reads the request.
            return Poll::Ready(Some(Err("the request body took too long".into())));
        }
        // Usually the call is dropped now. If its response begins at this moment instead, the next poll returns the error.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
