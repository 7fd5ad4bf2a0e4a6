//! Serves [`enact`]'s actions on bare [hyper], over HTTP/1.1 and HTTP/2, with any executor.
//!
//! [`ActionsService`] is a hyper service: it answers the calls of clients, runs the action of a form that is posted to a page
//! and asks the page for the answer, and hands everything else to the pages. Those are a hyper service as well, or a function
//! by [`service_fn`](hyper::service::service_fn).
//!
//! ```
//! use std::convert::Infallible;
//!
//! use bytes::Bytes;
//! use enact::{Action, ActionError, ActionResults, Context, PageBody, Registry};
//! use enact_hyper::ActionsService;
//! use http::{Request, Response};
//! use http_body_util::{BodyExt as _, Full};
//! use hyper::service::{Service as _, service_fn};
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
//! async fn page<B>(request: Request<PageBody<B>>) -> Result<Response<Full<Bytes>>, Infallible> {
//!     Ok(Response::new(Full::from(match ActionResults::of(request.extensions()).get(SIGN_UP) {
//!         Some(Ok(number)) => format!("<p>You are reader {number}</p>"),
//!         _ => format!(r#"<form method="post" action="{SIGN_UP}"><input name="email"></form>"#),
//!     })))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! let actions = Registry::builder().action(SIGN_UP, sign_up).build()?;
//! let service = ActionsService::new(actions).pages(service_fn(page));
//!
//! // A server hands it to hyper, for each connection: `http1::Builder::new().serve_connection(io, service)`.
//! let form = Request::post(format!("/{SIGN_UP}"))
//!     .header("sec-fetch-site", "same-origin")
//!     .header("content-type", "application/x-www-form-urlencoded")
//!     .body(Full::<Bytes>::from("email=ada%40example.org"))?;
//! let page = service.call(form).await?.into_body().collect().await?.to_bytes();
//! assert_eq!(page, "<p>You are reader 1</p>");
//! # Ok(()) }
//! ```
//!
//! # What is left to the server
//!
//! Neither this crate nor the core waits on a timer or counts connections. The example `server` shows the whole of a server
//! for the internet, in a module to be taken along: it ends gracefully, bounds how long a head and a body may take, closes what
//! is idle, and caps the connections.
//!
//! [hyper]: https://docs.rs/hyper

mod service;

pub use service::{ActionsBody, ActionsService, NotFound, ResponseFuture};
