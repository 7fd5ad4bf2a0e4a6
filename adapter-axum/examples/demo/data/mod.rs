//! The data of the club. Nothing here knows of pages or handlers.

pub(crate) mod board;
pub(crate) mod log;
pub(crate) mod member;
pub(crate) mod people;
pub(crate) mod store;
pub(crate) mod swim;
