//! Who waits for whom on a connection: as long as a call runs, the client for us, else we for the client.

use std::fmt::Display;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

/// What goes on in one connection: how often we are busy at once, and a notice whenever something moves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activity(watch::Sender<usize>);

/// We are busy, until this is dropped.
#[derive(Debug)]
pub(crate) struct Busy(Activity);

impl Activity {
    pub(crate) fn begin(&self) -> Busy {
        self.0.send_modify(|busy| *busy += 1);
        Busy(self.clone())
    }

    fn moved(&self) {
        self.0.send_modify(|_| {});
    }

    /// Waits until we have waited for the client for so long without a break.
    pub(crate) async fn quiet(&self, long: Duration) {
        let mut busy = self.0.subscribe();
        loop {
            // `self` is a sender: it is never closed.
            let idle = *busy.borrow_and_update() == 0;
            let moved = busy.changed();
            if !idle {
                let _ = moved.await;
            } else if timeout(long, moved).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.0.send_modify(|busy| *busy -= 1);
    }
}

/// A connection's stream. Whatever the client takes is news: an answer of one large frame may leave slowly. What it sends is
/// not: else a head that comes byte by byte would have no end.
#[derive(Debug)]
pub(crate) struct Stream {
    tcp: TcpStream,
    activity: Activity,
}

impl Stream {
    pub(crate) fn new(tcp: TcpStream, activity: Activity) -> Self {
        Self { tcp, activity }
    }

    fn written(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.activity.moved();
        }
        written
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(cx, buf);
        self.written(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(cx, bufs);
        self.written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

pin_project! {
    /// The body of an answer. We are busy with it only while its next frame is not there.
    pub(crate) struct Watched<B> {
        #[pin]
        body: B,
        activity: Activity,
        busy: Option<Busy>,
    }
}

impl<B> Watched<B> {
    pub(crate) fn new(body: B, busy: Busy) -> Self {
        Self { body, activity: busy.0.clone(), busy: Some(busy) }
    }
}

impl<B: Body<Error: Display>> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        this.busy.get_or_insert_with(|| this.activity.begin());
        let frame = ready!(this.body.poll_frame(cx));
        *this.busy = None;
        if let Some(Err(error)) = &frame {
            // The client sees an answer that breaks off.
            eprintln!("a page failed in its body: {error}");
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
