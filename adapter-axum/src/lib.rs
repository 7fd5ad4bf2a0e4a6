//! Serves [`enact`]'s actions in [axum], and in any tower service over `http` bodies.
//!
//! [`ActionsLayer`] answers the calls of clients, runs the action of a form that is posted to a page and asks the page for
//! the answer, and passes everything else on. A page reads the result by the extractor [`Results`].
//!
//! ```
//! use axum::{Router, response::Html, routing::get};
//! use enact::{Action, ActionError, Context, Registry};
//! use enact_axum::{ActionsLayer, Results};
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//!
//! #[derive(Deserialize, JsonSchema)]
//! struct SignUp {
//!     #[schemars(email)]
//!     email: String,
//! }
//!
//! const SIGN_UP: Action<SignUp, u32> = Action::form("newsletter");
//!
//! async fn sign_up(input: SignUp, _: Context) -> Result<u32, ActionError> {
//!     Ok(1)
//! }
//!
//! async fn page(results: Results) -> Html<String> {
//!     Html(match results.get(SIGN_UP) {
//!         Some(Ok(number)) => format!("<p>You are reader {number}</p>"),
//!         _ => format!(r#"<form method="post" action="{SIGN_UP}"><input name="email"></form>"#),
//!     })
//! }
//!
//! # fn main() -> Result<(), enact::BuildError> {
//! let actions = Registry::builder().action(SIGN_UP, sign_up).build()?;
//! let app: Router = Router::new()
//!     .route("/", get(page).post(page))
//!     .layer(ActionsLayer::new(actions));
//! # Ok(()) }
//! ```
//!
//! # Post/Redirect/Get
//!
//! [`enact::PostRedirectGet`] answers forms with a redirect. Results wait in an encrypted cookie, or in a store: [`memory_store`]
//! for one process; with the feature `tower-sessions`, any session store of that crate (`SessionResults`).
//!
//! # Deadlines
//!
//! Neither this crate nor the core waits on a timer. A client that stalls in the middle of a body is ended by the layer above:
//! `tower_http::timeout::RequestBodyTimeoutLayer`, or a `TimeoutLayer` around the whole call.
//!
//! [axum]: https://docs.rs/axum

mod extract;
mod layer;
mod memory;
#[cfg(feature = "tower-sessions")]
mod sessions;

pub use extract::Results;
pub use layer::{ActionsLayer, ActionsService, CallBody, ResponseFuture};
pub use memory::memory_store;
#[cfg(feature = "tower-sessions")]
pub use sessions::SessionResults;
