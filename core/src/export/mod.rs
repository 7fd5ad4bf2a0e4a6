//! Files generated from a registry: a client for browsers, and an OpenAPI document.

#[cfg(feature = "openapi")]
pub mod openapi;
mod schemas;
#[cfg(feature = "typescript")]
pub mod typescript;
