//! Calls of actions from Rust: requests to send, and responses to parse.
//!
//! [`Action::request`](crate::Action::request) builds an [`http::Request`], which any HTTP client can send.
//! [`Action::response`](crate::Action::response) parses the response. With the feature `test-util`, `TestClient` calls a registry
//! in memory.

mod base;
#[cfg(feature = "test-util")]
mod cookie_jar;
mod error;
mod form_body;
mod form_fields;
mod request;
mod response;
#[cfg(feature = "test-util")]
mod test_client;

pub use error::{RequestError, UnexpectedResponse};
pub use response::redirect_target;
#[cfg(feature = "test-util")]
pub use test_client::TestClient;
