#![doc = include_str!("../README.md")]
//!
//! # Requests
//!
//! [`serve`] answers calls from clients. If a form is posted to a page, it runs the action and then calls the page, which reads
//! the result from the request's extensions. Other requests pass through to the pages unchanged.
//!
//! Handlers, gates and pages reach the Worker's bindings through [`WorkerContext`]. `KvResults` keeps the results of
//! Post/Redirect/Get in Workers KV.
//!
//! # Futures
//!
//! On wasm, the future of a handler need not be [`Send`]: a handler can await KV, D1 or a fetch. On every other target it must
//! be `Send`, for example in `cargo test` or in an editor. The attribute `#[worker::send]` on a handler makes its future `Send`.
//!
//! # Behaviour of Workers
//!
//! * The client's address is read from the header `CF-Connecting-IP`, which Cloudflare sets. In a self-hosted `workerd`, clients
//!   can set this header themselves.
//! * If a request repeats a header, the runtime joins the values with `, `. A joined `Origin` or `Sec-Fetch-Site` fails the
//!   cross-site check.
//! * If a handler panics, the runtime discards the instance with its statics. All requests that the instance is serving get the
//!   status 500. The next request starts a new instance; `worker-build` generates the code for this.
//! * This crate sets no deadline for a request's body. Cloudflare limits it.
//!
//! # Size
//!
//! The runtime loads a Worker's code at each cold start. To keep it small, build with `opt-level = "z"`, `lto = true`,
//! `codegen-units = 1`, `panic = "abort"` and `strip = true`.
//!
//! About 90 kB (40 kB gzipped) are tables for non-ASCII host names in URLs. `cargo update -p idna_adapter --precise 1.0.0`
//! removes the tables. Then URLs with such host names are rejected.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod context;
#[cfg(feature = "post-redirect-get")]
mod kv;
mod serve;

pub use context::WorkerContext;
#[cfg(feature = "post-redirect-get")]
pub use kv::KvResults;
pub use serve::serve;

#[cfg(test)]
mod tests {
    /// The README's code is compiled as an example. A doctest would need `fn main`, which a Worker does not have.
    #[test]
    fn readme_contains_the_example() {
        let (_, code) = include_str!("../examples/newsletter.rs").split_once("\n\n").unwrap();
        let code = code.trim_end().strip_suffix("fn main() {}").unwrap().trim_end();
        assert!(include_str!("../README.md").contains(&format!("```rust,ignore\n{code}\n```\n")));
    }
}

/// The chapter of the guide whose examples need this crate.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../core/src/guide/workers.md")]
    pub struct Workers;
}
