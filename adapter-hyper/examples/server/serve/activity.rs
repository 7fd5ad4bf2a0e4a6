//! The activity of a connection: either the client waits for the server, or the server waits for the client.

use std::fmt::Display;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::timeout;

/// The activity of a connection: the number of responses that the server works on. Progress is a change too.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activity(watch::Sender<usize>);

/// Counts as one response that the server works on, until it is dropped.
#[derive(Debug)]
pub(crate) struct BusyGuard(Activity);

impl Activity {
    pub(crate) fn begin_work(&self) -> BusyGuard {
        self.0.send_modify(|busy| *busy += 1);
        BusyGuard(self.clone())
    }

    fn report_progress(&self) {
        self.0.send_modify(|_| {});
    }

    /// Waits until the server has waited for the client for `duration` without interruption.
    pub(crate) async fn wait_until_idle(&self, duration: Duration) {
        let mut busy = self.0.subscribe();
        loop {
            // The channel stays open: `self` owns a sender.
            let is_idle = *busy.borrow_and_update() == 0;
            let changed = busy.changed();
            if !is_idle {
                let _ = changed.await;
            } else if timeout(duration, changed).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.0.send_modify(|busy| *busy -= 1);
    }
}

/// A connection's stream that reports each write as progress, since a client can take a large response slowly.
///
/// A read is not progress. Otherwise a client could send a head byte by byte without end.
#[derive(Debug)]
pub(crate) struct TrackedStream<S> {
    inner: S,
    activity: Activity,
}

impl<S> TrackedStream<S> {
    pub(crate) fn new(inner: S, activity: Activity) -> Self {
        Self { inner, activity }
    }

    fn report(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.activity.report_progress();
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TrackedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TrackedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.report(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.report(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

pin_project! {
    /// A response body. The server works on it while its next frame is not ready.
    pub(crate) struct TrackedBody<B> {
        #[pin]
        inner: B,
        activity: Activity,
        busy: Option<BusyGuard>,
    }
}

impl<B> TrackedBody<B> {
    pub(crate) fn new(inner: B, busy: BusyGuard) -> Self {
        Self { inner, activity: busy.0.clone(), busy: Some(busy) }
    }
}

impl<B: Body<Error: Display>> Body for TrackedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        this.busy.get_or_insert_with(|| this.activity.begin_work());
        let frame = ready!(this.inner.poll_frame(cx));
        *this.busy = None;
        if let Some(Err(error)) = &frame {
            // The client receives a truncated response.
            eprintln!("a page failed while it sent its body: {error}");
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
