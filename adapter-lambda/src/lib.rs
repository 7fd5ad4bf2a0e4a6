//! Serves [`enact`]'s actions on AWS Lambda: behind API Gateway (REST and HTTP APIs), application load balancers and function
//! URLs.
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
//!     enact_lambda::run(Registry::builder().action(ADD, add).build()?).await
//! }
//! ```
//!
//! [`Function`] is the same with pages behind the actions. It is a service over Lambda's events, to be composed with others.
//!
//! # What handlers know of the call
//!
//! * [`Context::client_addr`](enact::Context::client_addr): the address that API Gateway or the function URL saw. Behind a load
//!   balancer there is none, unless [`Function::trust_forwarded_for`] says so.
//! * `ctx.get::<RequestContext>()`: what the gateway knows, an authorizer's claims for instance.
//! * `ctx.get::<lambda_runtime::Context>()`: the invocation: its id, its deadline.
//!
//! # Paths
//!
//! Actions and pages see the path that the caller sees, so that links, redirects and the targets of forms fit it. Tell the
//! actions where that is by [`Builder::base`](enact::Builder::base).
//!
//! | in front of the function | path that is called | base |
//! |---|---|---|
//! | function URL, load balancer, HTTP API with the stage `$default` | `/_actions/like` | `/` |
//! | a stage of an API at its `execute-api` address | `/prod/_actions/like` | `/prod` |
//! | a custom domain, mapped without a key | `/_actions/like` | `/` |
//! | a custom domain, mapped by the key `shop` | `/shop/_actions/like` | `/shop`; for an HTTP API [`Function::base_path`] as well, since its events lack the key |
//!
//! HTTP APIs decode paths before the function sees them. They are encoded again, so that nothing is decoded twice; a `%2F` has
//! become a `/`.
//!
//! # Limits
//!
//! Lambda takes 6 MB for an event and its answer (1 MB behind a load balancer), of which base64 leaves three quarters to files.
//! An action's own limits hold below that. Text goes out as text and everything else as base64: a REST API sends that as bytes
//! only where its `binaryMediaTypes` say so.
//!
//! A load balancer that is not set to multi-value headers has one value for each header: of a request's repeated headers it
//! tells the last, and several `Set-Cookie` are sent by names that differ in their case. Set
//! `lambda.multi_value_headers.enabled` on the target group.
#![warn(clippy::unwrap_used)]

mod answer;
mod event;
mod function;
mod path;

pub use lambda_http::request::RequestContext;
pub use lambda_http::{Error, LambdaEvent, lambda_runtime, service_fn};

pub use answer::Answer;
pub use event::Event;
pub use function::{Body, Function, NoPages, run};
