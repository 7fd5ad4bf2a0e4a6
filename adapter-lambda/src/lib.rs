//! [`enact`]'s actions on AWS Lambda: behind API Gateway (REST and HTTP APIs), Application Load Balancers and function URLs.
//!
//! ```no_run
//! use enact::{Action, ActionError, Context, Registry};
//!
//! const ADD: Action<(u32, u32), u32> = Action::json("add");
//!
//! async fn add((a, b): (u32, u32), _: Context) -> Result<u32, ActionError> {
//!     Ok(a + b)
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), enact_lambda::Error> {
//!     enact_lambda::run(Registry::builder().action(ADD.handler(add)).build()?).await
//! }
//! ```
//!
//! [`Function`] serves pages as well. It is a tower service over Lambda's events, so layers can wrap it.
//!
//! # Data about the request
//!
//! | in a handler | value |
//! |---|---|
//! | [`ctx.client_addr()`](enact::Context::client_addr) | the client's address. Behind a load balancer it is `None`, unless [`Function::trust_forwarded_for`] is called. |
//! | `ctx.get::<RequestContext>()` | the gateway's [`RequestContext`], for example the claims that an authorizer verified |
//! | `ctx.get::<lambda_runtime::Context>()` | the invocation: its request id, its deadline |
//!
//! # Paths
//!
//! Actions and pages see the path that the client requested, so that links, redirects and form targets are correct for the
//! client. If the actions are not at the root of the domain, set their base with
//! [`RegistryBuilder::base`](enact::RegistryBuilder::base).
//!
//! | service in front of the function | path of an action | base |
//! |---|---|---|
//! | function URL, load balancer, HTTP API with the stage `$default` | `/_actions/like` | `/` |
//! | stage of an API, at its `execute-api` address | `/prod/_actions/like` | `/prod` |
//! | custom domain, mapped without a key | `/_actions/like` | `/` |
//! | custom domain, mapped by the key `shop` | `/shop/_actions/like` | `/shop`. For an HTTP API, also call [`Function::base_path`], since its events lack the key. |
//!
//! HTTP APIs decode the path before they send the event. This crate encodes it again, so that nothing is decoded twice. A
//! `%2F` in the path has become a `/` and stays one.
//!
//! # Limits
//!
//! An event and its response have at most 6 MB each, or 1 MB behind a load balancer. Base64 reduces that by a quarter for
//! binary bodies. The limits of an action apply in addition.
//!
//! Bodies that are not UTF-8 are returned as base64. A REST API decodes them only if its `binaryMediaTypes` contain the
//! media type.
//!
//! By default, a load balancer sends and accepts one value per header. It sends the last value of a repeated request header,
//! and several `Set-Cookie` headers are returned under spellings that differ in case. Set
//! `lambda.multi_value_headers.enabled` on the target group to avoid both.
//!
//! # Logs
//!
//! Clients never see the cause of an internal error. It is logged by `tracing`, so install a subscriber at the start of
//! `main`. With the feature `tracing`, `enact_lambda::tracing::init_default_subscriber()` installs one that writes the
//! request id with each line, in the format and at the level that the function's logging configuration selects.
//!
//! # Features
//!
//! * `post-redirect-get` (default): [`enact`]'s feature of the same name, which answers forms with a redirect.
//! * `tracing`: the module `tracing`, with a log subscriber for Lambda.
//! * `concurrency-tokio`: `Function::run_concurrent`, for Lambda Managed Instances, which send several events at a time.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::unwrap_used)]

mod event;
mod format;
mod function;
mod path;
mod request;
mod response;
mod settings;

pub use enact::Body;
pub use lambda_http::request::RequestContext;
#[cfg(feature = "tracing")]
pub use lambda_http::tracing;
pub use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};

pub use event::Event;
pub use function::{Function, NoPages, run};
pub use response::LambdaResponse;

/// Compiles the README's example, which uses the feature `tracing`.
#[cfg(all(doctest, feature = "tracing"))]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;

/// The chapter of the guide whose examples need this crate.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../core/src/guide/lambda.md")]
    pub struct Lambda;
}
