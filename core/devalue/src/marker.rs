//! The private names by which marker types pass through serde.
//!
//! A marker type serializes as a newtype struct with a private name, whose content is the type's plain JSON form. Other
//! formats see the content alone. The serializer and the deserializer of this crate recognise the name.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Visitor};

use crate::error::InvalidValue;
#[cfg(feature = "exotic")]
use crate::exotic::TemporalKind;
use crate::tags::tags;

const PREFIX: &str = "$devalue::";

/// The name of `undefined`.
pub(crate) const UNDEFINED: &str = "$devalue::Undefined";
/// The name of a [`Value`](crate::Value), which reads every type without loss.
pub(crate) const VALUE: &str = "$devalue::Value";
/// The name of a view of an `ArrayBuffer`: a typed array or a `DataView`.
#[cfg(feature = "exotic")]
pub(crate) const VIEW: &str = "$devalue::View";
/// The name of a number that is written as itself, not as a slot.
#[cfg(feature = "exotic")]
pub(crate) const RAW: &str = "$devalue::Raw";
/// The name of a boxed primitive.
#[cfg(feature = "exotic")]
pub(crate) const BOXED: &str = "$devalue::Object";
/// The name of an object without a prototype.
#[cfg(feature = "exotic")]
pub(crate) const NULL_OBJECT: &str = "$devalue::null";

tags! {
    /// The first item of a slot that is not a primitive, a plain array or a plain object.
    pub(crate) enum Tag {
        Date = "Date",
        Url = "URL",
        Set = "Set",
        Map = "Map",
        BigInt = "BigInt",
        RegExp = "RegExp",
        UrlSearchParams = "URLSearchParams",
        ArrayBuffer = "ArrayBuffer",
        Uint8Array = "Uint8Array",
    }
}

/// The meaning of a newtype struct's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    Tag(Tag),
    Undefined,
    Value,
    #[cfg(feature = "exotic")]
    Temporal(TemporalKind),
    #[cfg(feature = "exotic")]
    View,
    #[cfg(feature = "exotic")]
    Raw,
    #[cfg(feature = "exotic")]
    Boxed,
    #[cfg(feature = "exotic")]
    NullObject,
}

impl Marker {
    #[inline]
    pub(crate) fn from_newtype(name: &str) -> Option<Self> {
        Self::from_suffix(name.strip_prefix(PREFIX)?)
    }

    /// Returns the marker for a name without the common prefix.
    pub(crate) fn from_suffix(suffix: &str) -> Option<Self> {
        if let Some(tag) = Tag::from_name(suffix) {
            return Some(Self::Tag(tag));
        }
        match suffix {
            "Undefined" => Some(Self::Undefined),
            "Value" => Some(Self::Value),
            #[cfg(feature = "exotic")]
            "View" => Some(Self::View),
            #[cfg(feature = "exotic")]
            "Raw" => Some(Self::Raw),
            #[cfg(feature = "exotic")]
            "Object" => Some(Self::Boxed),
            #[cfg(feature = "exotic")]
            "null" => Some(Self::NullObject),
            #[cfg(feature = "exotic")]
            _ => TemporalKind::from_name(suffix).map(Self::Temporal),
            #[cfg(not(feature = "exotic"))]
            _ => None,
        }
    }
}

/// Reads a marker type whose content is a string.
pub(crate) fn deserialize_string<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    marker: &'static str,
    expecting: &'static str,
    parse: fn(&str) -> Result<T, InvalidValue>,
) -> Result<T, D::Error> {
    let visitor = ParsedString { expecting, parse, result: PhantomData };
    deserializer.deserialize_newtype_struct(marker, visitor)
}

struct ParsedString<T> {
    expecting: &'static str,
    parse: fn(&str) -> Result<T, InvalidValue>,
    result: PhantomData<T>,
}

impl<'de, T> Visitor<'de> for ParsedString<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).map_err(E::custom)
    }
}

/// Reads a marker type whose content deserializes as `T`.
pub(crate) fn deserialize_content<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    marker: &'static str,
    expecting: &'static str,
) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(marker, ContentVisitor { expecting, content: PhantomData })
}

struct ContentVisitor<T> {
    expecting: &'static str,
    content: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ContentVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}
