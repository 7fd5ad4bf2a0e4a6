//! A deadline for a request's body, which runs while somebody waits for it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Request;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

use super::BoxError;

/// A body that is waited for no longer than its deadline, which begins with the first wait.
#[derive(Debug)]
pub(crate) struct Timed<B> {
    body: B,
    longest: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    late: watch::Sender<()>,
}

/// The request with its body under a deadline, and what ends once that has passed. Then the call is to be dropped.
pub(crate) fn timed<B>(request: Request<B>, longest: Duration) -> (Request<Timed<B>>, impl Future<Output = ()>) {
    let (late, mut is_late) = watch::channel(());
    let request = request.map(|body| Timed { body, longest, deadline: None, late });
    let late = async move {
        if is_late.changed().await.is_err() {
            // The body is gone, in time.
            std::future::pending::<()>().await;
        }
    };
    (request, late)
}

impl<B: Body<Error: Into<BoxError>> + Unpin> Body for Timed<B> {
    type Data = B::Data;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, BoxError>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let deadline = this.deadline.get_or_insert_with(|| Box::pin(sleep(this.longest)));
        if deadline.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        if this.late.send(()).is_err() {
            // The answer has begun, and reads on.
            return Poll::Ready(Some(Err("the request's body took too long".into())));
        }
        // Either the call is dropped now, or its answer begins just then: the next look will tell.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
