//! The body of a response from an action or a page.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::body::Body;

/// The body of a response from [`Registry::serve`](crate::Registry::serve): that of an action, or that of a page.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a host converts both to its own type")]
pub enum ResponseBody<R> {
    /// The response of an action.
    Action(Body),
    /// The response of a page.
    Page(R),
}

impl<R> http_body::Body for ResponseBody<R>
where
    R: http_body::Body<Data = Bytes> + Unpin,
    R::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.get_mut() {
            Self::Action(body) => Pin::new(body).poll_frame(cx),
            Self::Page(body) => Pin::new(body).poll_frame(cx).map(|frame| frame.map(|frame| frame.map_err(Into::into))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Action(body) => body.is_end_stream(),
            Self::Page(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Action(body) => body.size_hint(),
            Self::Page(body) => body.size_hint(),
        }
    }
}
