#![doc = include_str!("../README.md")]
//!
//! # The service
//!
//! [`ActionsService`] is a hyper service. It answers calls from clients. If a form is posted to a page, the service runs the
//! action and then calls the page, which reads the result from the request's extensions. Other requests pass through to the
//! pages unchanged.
//!
//! The pages are a hyper service too. [`service_fn`](hyper::service::service_fn) makes one of a function.
//!
//! # Timeouts
//!
//! Neither this crate nor enact has a timer or counts connections: the server does. The example `server` limits the time for a
//! request's head and its body, closes idle connections, limits their number, and shuts down gracefully.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod service;

pub use service::{ActionsService, NoPages, ResponseFuture};

/// The chapter of the guide whose examples need this crate.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../core/src/guide/hyper.md")]
    pub struct Hyper;
}
