//! Type-safe server actions: a function with the types of its input and output, called from a plain form, a browser or Rust.
//!
//! The wire protocol is that of Astro Actions: Astro's own client works as it is (that of the npm package `astro` 7.3.5 is
//! tested).
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
//! let actions = Registry::builder().action(LIKE, like).build()?;
//! # Ok::<(), enact::BuildError>(())
//! ```
//!
//! # The contract
//!
//! This crate takes requests and gives responses. It has no runtime, no clock and no environment (save for random ids and
//! nonces under `post-redirect-get`, and for `typescript::assert_fresh` under `test`), reads no socket and spawns nothing; a host brings those. [`Registry::handle`] is the whole way of a request, and [`Step`] says how a host with a reading
//! loop of its own takes it a step at a time. Whatever a request holds, the answer is a response: nothing panics on it, and what
//! is wrong with it is named.
//!
//! # Calls
//!
//! * `POST {base}/_actions/{name}`: a client's call. The answer is 200 with the output as [devalue], 204 for `()`, or an error as
//!   JSON with its status. A client that asks for it by [`PLAIN_JSON`] gets the output as plain JSON.
//! * `POST {page}?_action={name}`: a form that was posted to a page. The page answers, with the result at hand
//!   ([`ActionResults`], [`FormState`]).
//! * [`Registry::call`]: server code.
//! * `Action::request` and `Action::response`, under `client`: another program, by whatever sends HTTP. `TestClient`, under
//!   `test`: a test, without a server.
//!
//! [`Registry::openapi`] describes all of them in an OpenAPI document, for clients in other languages.
//!
//! # Clients
//!
//! [`Registry::typescript`] and [`Registry::javascript`] give browsers a typed client, which also makes forms send themselves
//! without leaving the page; see [`typescript`].
//!
//! # Inputs
//!
//! An input derives `Deserialize` and `JsonSchema`. Its schema directs how a form's fields are coerced, and what is checked; the
//! attributes of serde and schemars say it (`#[serde(default, rename_all, tag, flatten, …)]`,
//! `#[schemars(length(…), range(…), email, url, regex(…), inner(…))]`). What they lack, these keywords say, in
//! `#[schemars(extend("…" = …))]`:
//!
//! | keyword | meaning |
//! |---|---|
//! | `x-message` | wording of your own: a text for all rules of the field, or an object by rule: `required`, `type`, `minLength`, `minimum`, `pattern`, `format`, `enum`, … |
//! | `x-max-bytes`, `x-min-bytes` | the size of a [`File`], or of each of a list of them |
//! | `x-media-types` | the media types of a file: a list, where `image/*` stands for all of a kind |
//! | `exclusiveMinimum`, `multipleOf`, `const`, … | JSON Schema's own |
//!
//! Not read, since no schema says it: serde's `alias` and `other`, and `#[schemars(length, range, …)]` on a field whose type is a
//! newtype (put it on the newtype's own field). Forms carry no lists of lists and no maps of objects. An untagged enum that
//! contains itself is tried in every way at every level, by serde too: give it a tag.
//!
//! A keyword that would have to be checked and is not understood is an error when the registry is built. Lengths count
//! characters. Integers beyond ±(2^53 - 1) are refused, since JavaScript rounds them: take a [`devalue::BigInt`] for those.
//!
//! # Features
//!
//! * `openapi`, `typescript` (both by default): what is generated from a registry. A Worker that only serves goes without, by
//!   `default-features = false`: each output is then less code.
//! * `post-redirect-get`: `PostRedirectGet`, which answers forms with a redirect.
//! * `client`: requests of actions, and what their answers hold.
//! * `test`: `TestClient`, a client of a registry in the same process, with cookies and pages; `typescript::assert_fresh`, which
//!   compares a file with the generated client, and writes it if the environment says so. Implies `client`.
//! * `time`, `chrono`, `jiff`: conversions between [`devalue::Date`] and the types of these crates.
#![warn(clippy::unwrap_used)]

mod accept;
mod action;
mod body;
mod builder;
mod call;
#[cfg(feature = "client")]
mod client;
mod context;
mod cookies;
mod definition;
#[cfg(any(feature = "openapi", feature = "typescript"))]
mod described;
pub mod devalue;
mod error;
mod form;
mod form_state;
mod gate;
mod guard;
mod handler;
mod input;
mod issue;
mod limits;
mod media;
#[cfg(feature = "openapi")]
mod openapi;
mod page;
mod panic;
#[cfg(feature = "post-redirect-get")]
mod prg;
mod redirect;
mod registry;
mod rejection;
mod result;
mod results;
mod returning;
mod route;
mod schema;
mod send;
mod serve;
mod step;
#[cfg(feature = "post-redirect-get")]
mod store;
#[cfg(feature = "typescript")]
pub mod typescript;

pub use cookie;

pub use accept::PLAIN_JSON;
pub use action::{Action, Encoding};
pub use builder::{BuildError, Builder};
pub use call::{Call, CalledFrom};
#[cfg(feature = "test")]
pub use client::TestClient;
#[cfg(feature = "client")]
pub use client::{RequestError, UnexpectedResponse, redirect_target};
pub use context::{ClientAddr, Context};
#[cfg(feature = "post-redirect-get")]
pub use cookie::Key;
pub use definition::{AsyncRule, Definition, IssueAt, Issues};
pub use error::{ActionError, ActionErrorCode, ResultExt, UnknownCode};
pub use form::{File, FormData, FormEntries, FormValue};
pub use form_state::{FieldAttributes, FormState};
pub use gate::Gate;
pub use handler::{Handler, Input, Output};
pub use issue::{Issue, IssueCode, IssueParams, PathSegment};
pub use limits::Limits;
#[cfg(feature = "openapi")]
pub use openapi::OpenApiInfo;
pub use page::{Page, PageFinish};
#[cfg(feature = "post-redirect-get")]
pub use prg::{PostRedirectGet, ReceivedAt};
pub use registry::{Handled, Registry};
pub use result::{SerializedResult, deserialize_result, serialize_result};
pub use results::ActionResults;
pub use returning::Returning;
pub use schema::{SchemaError, SchemaErrorKind};
pub use send::{BoxFuture, MaybeSend};
pub use serve::{PageBody, not_found};
pub use step::{Incoming, Intake, Reply, Step};
#[cfg(feature = "post-redirect-get")]
pub use store::{MemoryStore, ResultStore, StoreError};
