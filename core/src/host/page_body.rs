//! The body of a request for a page.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The body of a request for a page.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a host converts both to its own type")]
pub enum PageBody<B> {
    /// The body of the request, unread.
    Untouched(B),
    /// The form that an action has read. It is empty if the form was refused before its end.
    Read(Bytes),
}

impl<B: From<Bytes>> PageBody<B> {
    /// Converts the body to the type of the host.
    pub fn into_inner(self) -> B {
        match self {
            Self::Untouched(body) => body,
            Self::Read(bytes) => B::from(bytes),
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for PageBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.get_mut() {
            Self::Untouched(body) => Pin::new(body).poll_frame(cx),
            Self::Read(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Read(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Untouched(body) => body.is_end_stream(),
            Self::Read(bytes) => bytes.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Untouched(body) => body.size_hint(),
            Self::Read(bytes) => SizeHint::with_exact(bytes.len() as u64),
        }
    }
}
