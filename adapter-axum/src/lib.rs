#![doc = include_str!("../README.md")]
//!
//! # The layer
//!
//! [`ActionsLayer`] answers calls from clients. If a form is posted to a page, the layer runs the action and then calls the
//! page, which reads the result with the extractor [`PageResult`]. Other requests pass through unchanged.
//!
//! [Order of layers](ActionsLayer#order-of-layers), [nested routers](ActionsLayer#nested-routers),
//! [state](ActionsLayer#state), [sessions](ActionsLayer#sessions) and [tracing](ActionsLayer#tracing) are described there.
//!
//! # Post/Redirect/Get
//!
//! With `enact::page::PostRedirectGet`, a posted form is answered with a redirect to the page. Until the browser follows it, the
//! result is kept in an encrypted cookie or in a store. `memory_store` is a store for a site of one process. `SessionResults`
//! keeps results in any session store of `tower-sessions`.
//!
//! # Timeouts
//!
//! Neither this crate nor enact has a timer. To end requests of clients that stop sending in the middle of a body, add a layer
//! outside [`ActionsLayer`]: `tower_http::timeout::RequestBodyTimeoutLayer` for the body, or `TimeoutLayer` for the whole call.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod extract;
mod layer;
#[cfg(feature = "post-redirect-get")]
mod memory;
mod service;
#[cfg(feature = "tower-sessions")]
mod sessions;

pub use extract::PageResult;
pub use layer::ActionsLayer;
#[cfg(feature = "post-redirect-get")]
pub use memory::memory_store;
pub use service::{ActionsService, CallBody, ResponseFuture};
#[cfg(feature = "tower-sessions")]
pub use sessions::SessionResults;

/// Chapters of the guide whose examples need this crate.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../core/src/guide/first_action.md")]
    pub struct FirstAction;
    #[doc = include_str!("../../core/src/guide/state.md")]
    pub struct State;
    #[doc = include_str!("../../core/src/guide/sessions.md")]
    pub struct Sessions;
    #[doc = include_str!("../../core/src/guide/tracing.md")]
    pub struct Tracing;

    #[doc = include_str!("../../core/src/guide/rust_client.md")]
    pub struct RustClient;
}

/// The program in the README of the repository.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct RepositoryReadme;
