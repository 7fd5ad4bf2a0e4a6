//! Output generated from a registry: the client for browsers and the OpenAPI document.

mod keywords;
mod merge;
#[cfg(feature = "openapi")]
pub mod openapi;
mod reference;
mod schemas;
#[cfg(feature = "typescript")]
pub mod typescript;
