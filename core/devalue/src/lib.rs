//! The devalue format for serde.
//!
//! [devalue](https://www.npmjs.com/package/devalue) is an npm package that writes JavaScript values as JSON text. Unlike
//! `JSON.stringify`, it keeps dates, maps, sets, URLs, bigints, `undefined`, `NaN` and other values that JSON lacks.
//! SvelteKit, Nuxt and Astro send data in this format.
//!
//! [`to_string`] and [`from_str`] correspond to `stringify` and `parse` of devalue 5. The text is the same as that of
//! `stringify`, byte by byte. URLs are the exception: they are written as with the reducer and the reviver that Astro
//! uses, `{ URL: (v) => v instanceof URL && v.href }` and `{ URL: (href) => new URL(href) }`.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use enact_devalue::{Date, Set};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! struct Post {
//!     title: String,
//!     published: Date,
//!     tags: Set<String>,
//!     likes: BTreeMap<String, f64>,
//! }
//!
//! let post = Post {
//!     title: "news".into(),
//!     published: Date::from_millis(0)?,
//!     tags: Set::from_iter(["news".into(), "rust".into()]),
//!     likes: BTreeMap::from([("ann".into(), f64::INFINITY)]),
//! };
//! let text = enact_devalue::to_string(&post)?;
//! assert_eq!(
//!     text,
//!     r#"[{"title":1,"published":2,"tags":3,"likes":5},"news",["Date","1970-01-01T00:00:00.000Z"],["Set",1,4],"rust",{"ann":-4}]"#,
//! );
//! assert_eq!(enact_devalue::from_str::<Post>(&text)?, post);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Types
//!
//! The types of serde's data model are written as in JSON: a struct or a map is an object, a sequence or a tuple is an
//! array, and `()` and `None` are `null`. Enums are tagged as their serde attributes say. Each JavaScript type that JSON
//! lacks has a marker type:
//!
//! | JavaScript | Rust | other formats |
//! |---|---|---|
//! | `Date` | [`Date`] | ISO 8601 string |
//! | `Map` | [`Map`] | array of pairs |
//! | `Set` | [`Set`] | array |
//! | `URL`, `URLSearchParams` | [`Url`], [`UrlSearchParams`] | string |
//! | `bigint` | [`BigInt`] | string of digits |
//! | `RegExp` | [`RegExp`] | `{"source", "flags"}` |
//! | `undefined` | [`Undefined`], [`OrUndefined`] | `null` |
//! | `NaN`, `Infinity`, `-Infinity`, `-0` | `f64` | as the format writes them |
//! | `Uint8Array`, `ArrayBuffer` | [`Uint8Array`], [`ArrayBuffer`] | base64 string |
#![cfg_attr(
    feature = "exotic",
    doc = r#"| other typed arrays, `DataView` | [`TypedArray`] | `{"kind", "buffer", "byteOffset", "length"}` |
| `Temporal` | [`Temporal`] | string |"#
)]
//! | any value, also sparse arrays, boxed primitives and objects without a prototype | [`Value`] | |
//!
//! The last column is the form that a marker type has in any other serde format, such as `serde_json`.
//!
//! Integers keep all their digits. JavaScript rounds those outside of ±(2^53 - 1) when it parses the text; [`BigInt`] is
//! the type for them.
//!
//! Objects are written with their properties in JavaScript's order: array indices come first, in ascending order.
//!
//! # The format
//!
//! A text is a JSON array of slots. The first slot holds the value. Arrays and objects contain the numbers of their
//! items' slots. Slots of other types begin with the name of the type, for example `["Set",1,2]`.
//!
//! Equal strings, numbers, booleans, nulls and bigints share a slot. `stringify` also shares objects that are referenced
//! repeatedly. Rust values have no identity, so this crate writes such an object once for each reference.
//!
//! Negative numbers stand for values without a slot:
//!
//! | number | value |
//! |---|---|
//! | -1 | `undefined` |
//! | -2 | a hole of an array |
//! | -3 | `NaN` |
//! | -4, -5 | `Infinity`, `-Infinity` |
//! | -6 | `-0` |
//!
//! A text may also be one of these numbers alone, except -2. An array that begins with -7 is sparse: its length follows,
//! and then indices and slots in turn.
//!
//! # Errors
//!
//! An [`Error`] says where it occurred: in the value by [`Error::path`], in the text by [`Error::slot`].
//! Cycles are errors, since serde's data model cannot represent them. So are keys `__proto__`, in both directions.
//! [`InvalidValue`] is the error of conversions, such as parsing a [`Date`].
//!
//! # Limits
//!
//! [`from_str`] and [`from_slice`] are safe to use on untrusted text:
//!
//! * Values may nest 128 levels deep.
//! * Shared values may expand a text to 1 MiB plus 32 times its length. Each reference to a slot counts the length of
//!   the slot's text and 8 bytes.
//! * Memory is allocated for the items in the text, not for the lengths that it claims.
//!
//! # Features
//!
//! * `exotic` (on by default): typed arrays other than `Uint8Array`, `DataView`, `Temporal`, sparse arrays, boxed
//!   primitives, and objects without a prototype. Without the feature, a text with such a value is an error, and the
//!   compiled code is smaller.
//! * `schemars`: `JsonSchema` for the marker types. The extension `x-type` holds JavaScript's name of the type.
//! * `time`, `chrono`, `jiff`: conversions between [`Date`] and the types of these crates.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod array_buffer;
mod big_int;
mod collections;
mod date;
mod de;
mod error;
#[cfg(feature = "exotic")]
mod exotic;
mod marker;
mod numbers;
mod reference;
mod regexp;
#[cfg(feature = "schemars")]
mod schema;
mod ser;
mod string_type;
mod tags;
mod undefined;
mod urls;
mod value;

pub use array_buffer::{ArrayBuffer, Uint8Array};
pub use big_int::BigInt;
pub use collections::{Map, Set};
pub use date::Date;
pub use de::{from_slice, from_str};
pub use error::{Error, InvalidValue};
#[cfg(feature = "exotic")]
pub use exotic::{Temporal, TemporalKind, TypedArray, TypedArrayKind};
pub use numbers::format_number;
pub use regexp::RegExp;
pub use ser::{to_string, to_vec};
pub use undefined::{OrUndefined, Undefined};
pub use urls::{Url, UrlSearchParams};
pub use value::Value;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
