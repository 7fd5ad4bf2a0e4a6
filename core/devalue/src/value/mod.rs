//! [`Value`]: a tree of any values.

mod de;
mod ser;
#[cfg(feature = "exotic")]
mod sparse_array;
#[cfg(test)]
mod tests;

use crate::array_buffer::{ArrayBuffer, Uint8Array};
use crate::big_int::BigInt;
use crate::collections::{Map, Set};
use crate::date::Date;
#[cfg(feature = "exotic")]
use crate::exotic::{Temporal, TypedArray};
use crate::regexp::RegExp;
use crate::urls::{Url, UrlSearchParams};

/// Any value that devalue can represent, as a tree. Values that a text shares are repeated.
///
/// A text from JavaScript that is read as a `Value` and written again is unchanged, unless it has shared objects.
/// A text with cycles is an error. Other formats read and write the plain JSON form of each type.
///
/// ```
/// use enact_devalue::Value;
///
/// let text = r#"[{"when":1,"what":2},["Date","2024-02-03T04:05:06.789Z"],["Set",3,-3],"x"]"#;
/// let value: Value = enact_devalue::from_str(text).unwrap();
/// assert!(matches!(value.get("when"), Some(Value::Date(_))));
/// assert_eq!(enact_devalue::to_string(&value).unwrap(), text);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// A boolean
    Bool(bool),
    /// A number
    Number(f64),
    /// A bigint
    BigInt(BigInt),
    /// A string
    String(String),
    /// A valid `Date`
    Date(Date),
    /// A `Date` whose time value is NaN; an empty string in other formats
    InvalidDate,
    /// A `RegExp`
    RegExp(RegExp),
    /// A `URL`
    Url(Url),
    /// A `URLSearchParams`
    UrlSearchParams(UrlSearchParams),
    /// An array without holes
    Array(Vec<Value>),
    /// A plain object
    Object(Vec<(String, Value)>),
    /// A `Map`
    Map(Map<Value, Value>),
    /// A `Set`
    Set(Set<Value>),
    /// An `ArrayBuffer`
    ArrayBuffer(ArrayBuffer),
    /// A `Uint8Array` that covers its whole buffer
    Uint8Array(Uint8Array),
    /// Any other typed array or a `DataView`
    #[cfg(feature = "exotic")]
    TypedArray(TypedArray),
    /// A `Temporal` value
    #[cfg(feature = "exotic")]
    Temporal(Temporal),
    /// An array with holes; `[-7, length, index, value, …]` in other formats
    #[cfg(feature = "exotic")]
    SparseArray {
        /// The array's length, including holes
        length: u32,
        /// Indices below the length, in ascending order, and their values
        entries: Vec<(u32, Value)>,
    },
    /// An object without a prototype
    #[cfg(feature = "exotic")]
    NullObject(Vec<(String, Value)>),
    /// A boxed primitive, such as `Object(1)` or `new String("a")`
    #[cfg(feature = "exotic")]
    Boxed(Box<Value>),
}

impl Value {
    /// Returns the value of an object's property, the last if the key is repeated.
    ///
    /// Returns `None` if the value is not an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let entries = match self {
            Self::Object(entries) => entries,
            #[cfg(feature = "exotic")]
            Self::NullObject(entries) => entries,
            _ => return None,
        };
        entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}
