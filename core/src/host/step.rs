//! The steps of a request.

use http::{Extensions, request};

use super::pending_call::PendingCall;
use super::pending_result::PendingResult;
use super::reply::Reply;

/// The next step of a host, from [`Registry::begin`](crate::Registry::begin).
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a host must handle every step")]
pub enum Step {
    /// Not an action call; the head is returned unchanged. The pages answer the request.
    Pass(request::Parts),
    /// The request is answered without reading its body.
    Reply(Reply),
    /// The request calls an action.
    Call(PendingCall),
    /// The request is for a page that shows a stored result, or a result that the host inserted.
    Result(PendingResult),
}

impl Step {
    /// Returns the extensions of the request, for values that the host inserts, or `None` for [`Step::Reply`].
    pub fn extensions_mut(&mut self) -> Option<&mut Extensions> {
        match self {
            Self::Pass(head) => Some(&mut head.extensions),
            Self::Reply(_) => None,
            Self::Call(call) => Some(call.extensions_mut()),
            Self::Result(result) => Some(&mut result.head_mut().extensions),
        }
    }
}
