//! Type-safe server actions: functions that HTML forms, browsers and Rust programs call.
//!
//! Define an action once, with the types of its input and output. Pages call it from a plain form without JavaScript, browsers
//! call it with a generated TypeScript client, and Rust programs call it with the same constant that registers it. The wire
//! protocol is that of Astro Actions.
//!
//! ```
//! use enact::{Action, ActionError, Context, Registry};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize, JsonSchema)]
//! struct Like {
//!     #[schemars(length(min = 1))]
//!     post: String,
//! }
//!
//! #[derive(Serialize, Deserialize, JsonSchema)]
//! struct Likes {
//!     count: u32,
//! }
//!
//! const LIKE: Action<Like, Likes> = Action::json("blog.like");
//!
//! async fn like(input: Like, ctx: Context) -> Result<Likes, ActionError> {
//!     Ok(Likes { count: 1 })
//! }
//!
//! let actions = Registry::builder().action(LIKE.handler(like)).build()?;
//! # Ok::<(), enact::BuildError>(())
//! ```
//!
//! An adapter serves the registry: `enact-axum`, `enact-hyper`, `enact-lambda` or `enact-cloudflare`. The [`guide`] explains each
//! topic with examples.
//!
//! # Calls
//!
//! * `POST {base}/_actions/{name}`: a call from a client. The response is 200 with the output as [devalue], 204 for `()`, or an
//!   error as JSON with its status. A client that accepts [`PLAIN_JSON`](host::PLAIN_JSON) gets the output as plain JSON.
//! * `POST {page}?_action={name}`: a form posted to a page. The page answers, and finds the result in
//!   [`PageResult`](page::PageResult).
//! * [`Registry::call`]: a call from server code.
//!
//! # Contract
//!
//! This crate turns requests into responses. It opens no sockets, spawns no tasks and has no clock and no runtime. Random bytes
//! are its only use of the environment, with the feature `post-redirect-get`; `typescript::assert_fresh`, a helper for tests,
//! also reads a variable and writes a file. Every request gets a response: invalid input never panics, and the response names the
//! fault and its place. Internal errors reach the log, never the client.
//!
//! # Features
//!
//! * `openapi`, `typescript` (default): generate an OpenAPI document and a TypeScript client from a registry. A Worker that does
//!   not generate them is smaller with `default-features = false`.
//! * `devalue-exotic` (default): the feature `exotic` of [`devalue`], for rarely used JavaScript types.
//! * `post-redirect-get`: answers forms with a redirect. See `page::PostRedirectGet`.
//! * `client`: calls actions of another program. See `client`.
//! * `test-util`: `client::TestClient`, which calls a registry in memory, and `typescript::assert_fresh`. Enables `client`.
//! * `time`, `chrono`, `jiff`: conversions between [`devalue::Date`] and the types of these crates.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::unwrap_used)]

mod action;
mod body;
#[cfg(feature = "client")]
pub mod client;
mod context;
pub mod devalue;
mod error;
#[cfg(any(feature = "openapi", feature = "typescript"))]
mod export;
mod form;
// Its examples use these features.
#[cfg(any(
    not(doctest),
    all(feature = "openapi", feature = "post-redirect-get", feature = "test-util", feature = "typescript")
))]
pub mod guide;
pub mod host;
mod input;
mod limits;
mod maybe_send;
mod media;
mod output;
pub mod page;
mod panic;
mod registry;
mod schema;

pub use cookie;

pub use action::{Action, Encoding, FormAction, encoding};
pub use body::Body;
pub use context::{Call, CalledFrom, ClientAddr, Context, ReceivedAt};
pub use error::{
    ActionError, ActionErrorCode, Issue, IssueCode, IssueParams, PathSegment, ResultExt, UnknownErrorCode,
};
#[cfg(feature = "openapi")]
pub use export::openapi;
#[cfg(feature = "typescript")]
pub use export::typescript;
pub use form::{File, FormData, FormEntries, FormValue};
pub use limits::Limits;
pub use maybe_send::{BoxFuture, MaybeSend};
pub use output::Output;
pub use registry::{
    AddedIssue, AsyncRule, BuildError, BuildProblem, Definition, Gate, Handler, Input, Issues, Registry,
    RegistryBuilder,
};
pub use schema::{SchemaError, SchemaErrorKind};

/// The program in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
