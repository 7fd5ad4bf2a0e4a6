//! The interface between a registry and its host: an adapter, or a program that embeds the core.
//!
//! A host that has a request with a body to poll uses [`Registry::serve`](crate::Registry::serve). It answers calls of actions,
//! and passes every other request to the pages.
//!
//! A host that receives the body in chunks drives the steps itself:
//!
//! 1. [`Registry::begin`](crate::Registry::begin) takes the head of the request. It returns a [`Step`], without reading the
//!    body.
//! 2. For [`Step::Call`], [`PendingCall::admit`] runs the gates.
//! 3. While [`BodyReader::wants_body`] returns true, the host passes chunks to [`BodyReader::push`], in order and of any size.
//!    It stops at the end of the body, or after an error, which it passes to [`BodyReader::fail`].
//! 4. [`BodyReader::finish`] checks the declared length, runs the action and returns the [`Reply`].
//!
//! A host may drop any of these values at any time: nothing runs in the background. The core never waits for a timer, so the host
//! decides how long a body may take, and drops the call when it takes longer.
//!
//! Before the registry sees a request, a host inserts into its extensions what it knows: the [`ClientAddr`](crate::ClientAddr),
//! the time as [`ReceivedAt`](crate::ReceivedAt), and the state that handlers and pages get from their context.
//!
//! ```
//! use enact::host::{Reply, Step};
//! use enact::{Action, ActionError, Context, Registry};
//!
//! const SHOUT: Action<String, String> = Action::json("shout");
//!
//! async fn shout(text: String, _: Context) -> Result<String, ActionError> {
//!     Ok(text.to_uppercase())
//! }
//!
//! # pollster::block_on(async {
//! let actions = Registry::builder().action(SHOUT.handler(shout)).build()?;
//! let (head, ()) = http::Request::post("/_actions/shout")
//!     .header("content-type", "application/json")
//!     .body(())?
//!     .into_parts();
//!
//! let Step::Call(call) = actions.begin(head) else { panic!("not a call") };
//! let mut reader = call.admit().await;
//! for chunk in ["\"hel", "lo\""] {
//!     if !reader.wants_body() { break }
//!     reader.push(chunk.into());
//! }
//! let Reply::Response(response) = reader.finish().await else { panic!("not a response") };
//! assert_eq!(response.into_body().into_bytes().unwrap(), r#"["HELLO"]"#);
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! ```

mod accept;
mod begin;
mod body_reader;
mod csrf;
mod page_body;
mod pending_call;
mod pending_page;
mod pending_result;
mod reply;
mod response;
mod response_body;
mod route;
mod serve;
mod step;

pub use accept::PLAIN_JSON;
pub use body_reader::BodyReader;
pub use page_body::PageBody;
pub use pending_call::PendingCall;
pub use pending_page::{PageFinish, PendingPage};
pub use pending_result::PendingResult;
pub use reply::Reply;
pub use response::not_found;
pub use response_body::ResponseBody;
pub use step::Step;

#[cfg(feature = "client")]
pub(crate) use csrf::SEC_FETCH_SITE;
