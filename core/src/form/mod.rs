//! Forms: their entries, their files, and the two encodings of requests.

pub(crate) mod boundary;
mod data;
mod error;
mod file;
pub(crate) mod multipart;
mod part;
mod percent;
pub(crate) mod urlencoded;

pub use data::{FormData, FormEntries, FormValue};
pub use file::File;
#[cfg(feature = "client")]
pub(crate) use part::unescape_name;
pub(crate) use percent::{decode_uri_component, encode_query_component, encode_uri_component};
