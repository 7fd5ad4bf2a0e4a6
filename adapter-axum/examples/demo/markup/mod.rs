//! The building blocks of the page.

pub(crate) mod fields;
pub(crate) mod section;
