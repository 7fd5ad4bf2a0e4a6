//! The guide: a chapter for each topic, with examples that are compiled and run.
//!
//! The chapters are in reading order. They contain documentation only.

#[doc = include_str!("installation.md")]
pub mod installation {}

// Its examples need axum, so `enact-axum` runs them.
#[cfg_attr(not(doctest), doc = include_str!("first_action.md"))]
pub mod first_action {}

#[doc = include_str!("organizing.md")]
pub mod organizing {}

#[doc = include_str!("returned_data.md")]
pub mod returned_data {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[doc = include_str!("redirects.md")]
pub mod redirects {}

#[doc = include_str!("forms.md")]
pub mod forms {}

#[doc = include_str!("coercions.md")]
pub mod coercions {}

#[doc = include_str!("showing_errors.md")]
pub mod showing_errors {}

#[doc = include_str!("editing.md")]
pub mod editing {}

#[doc = include_str!("page_results.md")]
pub mod page_results {}

#[doc = include_str!("post_redirect_get.md")]
pub mod post_redirect_get {}

#[doc = include_str!("files.md")]
pub mod files {}

#[doc = include_str!("authorization.md")]
pub mod authorization {}

#[doc = include_str!("gates.md")]
pub mod gates {}

// `enact-axum` runs its examples.
#[cfg_attr(not(doctest), doc = include_str!("state.md"))]
pub mod state {}

// `enact-axum` runs its examples.
#[cfg_attr(not(doctest), doc = include_str!("sessions.md"))]
pub mod sessions {}

#[doc = include_str!("server_calls.md")]
pub mod server_calls {}

// `enact-axum` runs its examples.
#[cfg_attr(not(doctest), doc = include_str!("tracing.md"))]
pub mod tracing {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("secrets.md")]
pub mod secrets {}

#[doc = include_str!("validators.md")]
pub mod validators {}

#[doc = include_str!("typescript_client.md")]
pub mod typescript_client {}

// Its examples need reqwest, so `enact-axum` runs them.
#[cfg_attr(not(doctest), doc = include_str!("rust_client.md"))]
pub mod rust_client {}

#[doc = include_str!("openapi.md")]
pub mod openapi {}

// `enact-hyper` runs its examples.
#[cfg_attr(not(doctest), doc = include_str!("hyper.md"))]
pub mod hyper {}

// `enact-lambda` runs its examples.
#[cfg_attr(not(doctest), doc = include_str!("lambda.md"))]
pub mod lambda {}

// `enact-cloudflare` runs its examples.
#[cfg_attr(not(doctest), doc = include_str!("workers.md"))]
pub mod workers {}

#[doc = include_str!("adapters.md")]
pub mod adapters {}

#[doc = include_str!("benchmarks.md")]
pub mod benchmarks {}

#[doc = include_str!("from_astro.md")]
pub mod from_astro {}
