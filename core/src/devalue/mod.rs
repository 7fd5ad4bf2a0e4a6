//! devalue.

mod access;
mod buffers;
mod collections;
mod compound;
mod date;
mod date_bridges;
mod de;
mod document;
mod error;
mod key;
mod marker;
mod number;
mod order;
mod payload;
mod regexp;
mod scan;
mod ser;
mod slots;
mod text;
mod texts;
mod undefined;
mod value;
mod views;

pub use buffers::{ArrayBuffer, Uint8Array};
pub use collections::{Map, Set};
pub use date::Date;
pub use de::{from_slice, from_str};
pub use error::{Error, Invalid};
pub use marker::{TemporalKind, TypedArrayKind};
pub use regexp::RegExp;
pub use ser::{to_string, to_vec};
pub use texts::{BigInt, Temporal, Url, UrlSearchParams};
pub use undefined::{OrUndefined, Undefined};
pub use value::Value;
pub use views::TypedArray;
