//! The sections of the page. Each file holds the actions of a section, their handlers and its markup.

pub(crate) mod booking;
pub(crate) mod film;
pub(crate) mod hut;
pub(crate) mod letter;
pub(crate) mod log;
pub(crate) mod membership;
pub(crate) mod tide;
