//! Serves [`enact`]'s actions on [Cloudflare Workers], by the crate [`worker`] with its feature `http`.
//!
//! ```
//! use std::sync::LazyLock;
//!
//! use bytes::Bytes;
//! use enact::{Action, ActionError, ActionResults, Context, PageBody, Registry};
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use worker::{Body, Env, HttpRequest, Result, event};
//!
//! const JOIN: Action<Vec<String>, usize> = Action::form("join");
//!
//! async fn join(names: Vec<String>, _: Context) -> std::result::Result<usize, ActionError> {
//!     Ok(names.len())
//! }
//!
//! static ACTIONS: LazyLock<Registry> =
//!     LazyLock::new(|| Registry::builder().action(JOIN, join).build().expect("sound actions"));
//!
//! async fn pages(request: Request<PageBody<Body>>) -> Result<Response<Full<Bytes>>> {
//!     let joined = ActionResults::of(request.extensions()).get(JOIN).is_some();
//!     Ok(Response::new(if joined { "Welcome!" } else { "Join us" }.into()))
//! }
//!
//! #[event(fetch)]
//! async fn fetch(request: HttpRequest, env: Env, context: worker::Context) -> Result<worker::Response> {
//!     enact_cloudflare::serve(&ACTIONS, request, env, context, pages).await
//! }
//! # fn main() {}
//! ```
//!
//! [`serve`] answers the calls of clients, runs the action of a form that is posted to a page and asks the page for the answer,
//! and leaves everything else to the pages, a function. Handlers, gates and pages reach the Worker's
//! bindings by [`WorkerContext`], and [`KvResults`] keeps results for Post/Redirect/Get in Workers KV.
//!
//! # Futures
//!
//! Built for Workers, a handler may hold what is not `Send` over an `.await`: KV, D1, a fetch. Built for another target (by
//! `cargo test`, or an editor that checks for the machine it runs on), it has to be `Send` as everywhere else:
//! `#[worker::send]` on the function makes it so.
//!
//! # What a Worker knows
//!
//! * The visitor's address is that of `CF-Connecting-IP`, which Cloudflare sets itself. Where a Worker runs on its own, by
//!   `workerd`, it is what a client says.
//! * A request that brings a header twice reaches a Worker with one, in which both are joined by `, `. Such an `Origin` or
//!   `Sec-Fetch-Site` is refused all the same.
//! * A handler that panics ends the instance: its request, and others that the same instance is about to answer, get the
//!   status 500, and the next one finds a new instance (`worker-build` brings that along). Statics are new then as well.
//! * How long a stalled body may take is Cloudflare's to decide; a Worker sets no deadline.
//!
//! # Size
//!
//! A Worker's code is loaded at each cold start: build it with `opt-level = "z"`, `lto = true`, `codegen-units = 1`,
//! `panic = "abort"` and `strip = true`. The tables by which names of hosts beyond ASCII are read in URLs are some 90 kB of it
//! (40 kB gzipped): where nobody enters such, `cargo update -p idna_adapter --precise 1.0.0` leaves them out, and those names
//! are refused.
//!
//! [Cloudflare Workers]: https://developers.cloudflare.com/workers/

mod context;
mod kv;
mod serve;

pub use context::WorkerContext;
pub use kv::KvResults;
pub use serve::serve;
