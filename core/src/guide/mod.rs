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
