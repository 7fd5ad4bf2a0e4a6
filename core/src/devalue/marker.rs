//! The names under which the marker types travel through serde.
//!
//! A marker is a newtype struct with a private name, and its content is the marker's plain JSON form: other formats see
//! only that, this one recognises the name.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};

use super::error::Invalid;

const PREFIX: &str = "$devalue::";

/// The view over an `ArrayBuffer` of any kind.
pub(super) const VIEW: &str = "$devalue::View";
/// A number that stands for itself in a slot's text.
pub(super) const RAW: &str = "$devalue::Raw";
/// The value `undefined`.
pub(super) const UNDEFINED: &str = "$devalue::Undefined";
/// A value of any type, to be read without loss.
pub(super) const VALUE: &str = "$devalue::Value";

/// An enum of names that stand in a text, each also under its private name.
macro_rules! names {
    ($(#[$doc:meta])* $vis:vis enum $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $type { $($(#[$variant_doc])* $variant,)* }

        impl $type {
            /// The name as JavaScript has it.
            #[must_use]
            $vis const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub(super) fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }

            /// The start of a slot that holds a text: `["Name","`.
            #[allow(dead_code, reason = "not every kind is a text")]
            pub(super) const fn opening(self) -> &'static str {
                match self { $(Self::$variant => concat!("[\"", $name, "\",\""),)* }
            }

            #[allow(dead_code, reason = "not every kind has a marker of its own")]
            pub(super) const fn marker(self) -> &'static str {
                match self { $(Self::$variant => concat!("$devalue::", $name),)* }
            }
        }
    };
}

names! {
    /// What stands first in a slot that is neither a primitive nor a plain array or object.
    pub(super) enum Tag {
        Date = "Date",
        Url = "URL",
        Set = "Set",
        Map = "Map",
        BigInt = "BigInt",
        RegExp = "RegExp",
        UrlSearchParams = "URLSearchParams",
        ArrayBuffer = "ArrayBuffer",
        Uint8Array = "Uint8Array",
        Boxed = "Object",
        NullObject = "null",
    }
}

names! {
    /// The kind of a [`TypedArray`](super::TypedArray).
    pub enum TypedArrayKind {
        /// `Int8Array`
        Int8 = "Int8Array",
        /// `Uint8Array`
        Uint8 = "Uint8Array",
        /// `Uint8ClampedArray`
        Uint8Clamped = "Uint8ClampedArray",
        /// `Int16Array`
        Int16 = "Int16Array",
        /// `Uint16Array`
        Uint16 = "Uint16Array",
        /// `Float16Array`
        Float16 = "Float16Array",
        /// `Int32Array`
        Int32 = "Int32Array",
        /// `Uint32Array`
        Uint32 = "Uint32Array",
        /// `Float32Array`
        Float32 = "Float32Array",
        /// `Float64Array`
        Float64 = "Float64Array",
        /// `BigInt64Array`
        BigInt64 = "BigInt64Array",
        /// `BigUint64Array`
        BigUint64 = "BigUint64Array",
        /// `DataView`
        DataView = "DataView",
    }
}

names! {
    /// The kind of a [`Temporal`](super::Temporal).
    pub enum TemporalKind {
        /// `Temporal.Duration`
        Duration = "Temporal.Duration",
        /// `Temporal.Instant`
        Instant = "Temporal.Instant",
        /// `Temporal.PlainDate`
        PlainDate = "Temporal.PlainDate",
        /// `Temporal.PlainTime`
        PlainTime = "Temporal.PlainTime",
        /// `Temporal.PlainDateTime`
        PlainDateTime = "Temporal.PlainDateTime",
        /// `Temporal.PlainMonthDay`
        PlainMonthDay = "Temporal.PlainMonthDay",
        /// `Temporal.PlainYearMonth`
        PlainYearMonth = "Temporal.PlainYearMonth",
        /// `Temporal.ZonedDateTime`
        ZonedDateTime = "Temporal.ZonedDateTime",
    }
}

/// What a newtype struct's name says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    Tag(Tag),
    Temporal(TemporalKind),
    View,
    Raw,
    Undefined,
    Value,
}

impl Marker {
    #[inline]
    pub(super) fn from_newtype(name: &str) -> Option<Self> {
        Self::from_suffix(name.strip_prefix(PREFIX)?)
    }

    /// From the name without what all markers have before it.
    pub(super) fn from_suffix(suffix: &str) -> Option<Self> {
        if let Some(tag) = Tag::from_name(suffix) {
            return Some(Self::Tag(tag));
        }
        match suffix {
            "View" => Some(Self::View),
            "Raw" => Some(Self::Raw),
            "Undefined" => Some(Self::Undefined),
            "Value" => Some(Self::Value),
            _ => TemporalKind::from_name(suffix).map(Self::Temporal),
        }
    }
}

/// Reads a marker whose JSON form is a string.
pub(super) fn deserialize_text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    marker: &'static str,
    expecting: &'static str,
    parse: fn(&str) -> Result<T, Invalid>,
) -> Result<T, D::Error> {
    let visitor = Text { expecting, parse, result: PhantomData };
    deserializer.deserialize_newtype_struct(marker, visitor)
}

struct Text<T> {
    expecting: &'static str,
    parse: fn(&str) -> Result<T, Invalid>,
    result: PhantomData<T>,
}

impl<'de, T> Visitor<'de> for Text<T> {
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
