//! The end of a call.

use http::Response;

use super::pending_page::PendingPage;
use crate::body::Body;

/// The end of a call.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a host must handle every reply")]
pub enum Reply {
    /// The response.
    Response(Response<Body>),
    /// The page that the form was posted to answers the request.
    Page(PendingPage),
}
