//! The deserializer of one slot: serde's data model.

use std::borrow::Cow;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};

use super::cursor::Cursor;
#[cfg(not(feature = "exotic"))]
use super::document::unsupported_error;
use super::document::{Document, Shape, Slot};
use super::elements::Elements;
#[cfg(feature = "exotic")]
use super::payload::read_boxed;
use super::payload::{Payload, View, read_payload};
use super::properties::Properties;
#[cfg(feature = "exotic")]
use super::sparse::{SparseArray, SparseElements, SparsePairs};
use super::variant::{NamedContent, Variant};
use crate::error::Error;
#[cfg(feature = "exotic")]
use crate::exotic::TypedArrayKind;
use crate::marker::{Marker, Tag};
use crate::reference::{self, Ref};

/// The presentation of types that serde's data model lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// As a newtype struct, which serde can buffer for flattened and untagged types.
    Any,
    /// As a variant with the name of the marker, for [`Value`](crate::Value).
    Faithful,
    /// As an error, since the caller requested another type.
    Typed,
}

/// The deserializer of the value that a reference stands for.
#[derive(Debug)]
pub(super) struct SlotDeserializer<'a, 'de> {
    document: &'a mut Document<'de>,
    slot: Ref,
    mode: Mode,
}

impl<'a, 'de> SlotDeserializer<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, slot: Ref) -> Self {
        Self { document, slot, mode: Mode::Any }
    }

    pub(super) fn visit<V: Visitor<'de>>(self, mode: Mode, visitor: V) -> Result<V::Value, Error> {
        match self.slot {
            reference::UNDEFINED if mode == Mode::Faithful => {
                visitor.visit_enum(NamedContent { name: "Undefined", content: Payload::Unit })
            }
            reference::UNDEFINED => visitor.visit_unit(),
            reference::NAN => visitor.visit_f64(f64::NAN),
            reference::INFINITY => visitor.visit_f64(f64::INFINITY),
            reference::NEGATIVE_INFINITY => visitor.visit_f64(f64::NEG_INFINITY),
            reference::NEGATIVE_ZERO => visitor.visit_f64(-0.0),
            _ => self.visit_slot(|document, slot| visit_content(document, slot, mode, visitor)),
        }
    }

    fn visit_slot<T>(self, read: impl FnOnce(&mut Document<'de>, Slot<'de>) -> Result<T, Error>) -> Result<T, Error> {
        let index = usize::try_from(self.slot)
            .map_err(|_| Error::new(format_args!("reference to the missing slot {}", self.slot)))?;
        self.document.enter(index, |document| {
            let slot = document.read_slot(index)?;
            read(document, slot)
        })
    }

    /// Visits a number of up to 128 bits.
    fn visit_wide<T: FromStr, V: Visitor<'de>>(
        self,
        visitor: V,
        visit_wide: impl FnOnce(V, T) -> Result<V::Value, Error>,
    ) -> Result<V::Value, Error> {
        if self.slot < 0 {
            return self.visit(Mode::Typed, visitor);
        }
        self.visit_slot(|document, slot| match slot {
            Slot::Number(digits) => match digits.parse() {
                Ok(number) => visit_wide(visitor, number),
                Err(_) => visit_content(document, Slot::Number(digits), Mode::Typed, visitor),
            },
            slot => visit_content(document, slot, Mode::Typed, visitor),
        })
    }

    /// Visits the content of a marker type if the slot has its tag.
    fn visit_marked<V: Visitor<'de>>(self, marker: Marker, visitor: V) -> Result<V::Value, Error> {
        self.visit_slot(|document, slot| {
            let (shape, cursor) = match slot {
                Slot::Tagged(shape, cursor) => (shape, cursor),
                other => return Err(Error::invalid_type(describe_slot(&other), &visitor)),
            };
            let payload = match (marker, shape) {
                (Marker::Tag(wanted), Shape::Tag(tag)) if wanted == tag => read_payload(document, shape, cursor)?,
                #[cfg(feature = "exotic")]
                (Marker::View, Shape::View(_)) => read_payload(document, shape, cursor)?,
                #[cfg(feature = "exotic")]
                (Marker::View, Shape::Tag(Tag::Uint8Array)) => {
                    Payload::View(TypedArrayKind::Uint8, View::read(document, cursor)?)
                }
                _ => return Err(Error::invalid_type(Unexpected::Other(shape.name()), &visitor)),
            };
            visitor.visit_newtype_struct(payload)
        })
    }
}

/// Visits the content of a slot.
fn visit_content<'de, V: Visitor<'de>>(
    document: &mut Document<'de>,
    slot: Slot<'de>,
    mode: Mode,
    visitor: V,
) -> Result<V::Value, Error> {
    match slot {
        Slot::Null => visitor.visit_unit(),
        Slot::Bool(value) => visitor.visit_bool(value),
        Slot::Number(digits) => visit_number(digits, visitor),
        Slot::String(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
        Slot::String(Cow::Owned(text)) => visitor.visit_string(text),
        Slot::Object(cursor) => visitor.visit_map(Properties::new(document, cursor)),
        #[cfg(feature = "exotic")]
        Slot::Array(cursor) if mode == Mode::Faithful => match SparseArray::read_holes(cursor)? {
            Some(array) => visit_sparse(document, array, visitor),
            None => Elements::new(document, cursor).visit(visitor),
        },
        Slot::Array(cursor) => Elements::new(document, cursor).visit(visitor),
        #[cfg(feature = "exotic")]
        Slot::Sparse(mut cursor) => {
            let array = SparseArray::read(&mut cursor)?;
            if mode == Mode::Faithful {
                visit_sparse(document, array, visitor)
            } else {
                visitor.visit_seq(SparseElements::new(document, array))
            }
        }
        #[cfg(feature = "exotic")]
        Slot::Tagged(Shape::NullObject, cursor) if mode != Mode::Faithful => {
            visitor.visit_map(Properties::of_null_object(document, cursor))
        }
        #[cfg(feature = "exotic")]
        Slot::Tagged(Shape::Boxed, cursor) if mode != Mode::Faithful => {
            read_boxed(document, cursor)?.visit(mode, visitor)
        }
        Slot::Tagged(shape, cursor) => match mode {
            Mode::Faithful => visitor.visit_enum(read_named_content(document, shape, cursor)?),
            Mode::Any => visitor.visit_newtype_struct(read_payload(document, shape, cursor)?),
            Mode::Typed => Err(Error::invalid_type(Unexpected::Other(shape.name()), &visitor)),
        },
    }
}

fn read_named_content<'a, 'de>(
    document: &'a mut Document<'de>,
    shape: Shape,
    cursor: Cursor<'de>,
) -> Result<NamedContent<'a, 'de>, Error> {
    if shape == Shape::Tag(Tag::Uint8Array) {
        let view = View::read(document, cursor)?;
        if !view.is_part() {
            return Ok(NamedContent { name: shape.name(), content: Payload::Bytes(view.into_visible_bytes()?) });
        }
        #[cfg(not(feature = "exotic"))]
        return Err(unsupported_error("Uint8Array of a part of its buffer"));
        #[cfg(feature = "exotic")]
        return Ok(NamedContent { name: "View", content: Payload::View(TypedArrayKind::Uint8, view) });
    }
    #[cfg(feature = "exotic")]
    let name = if let Shape::View(_) = shape { "View" } else { shape.name() };
    #[cfg(not(feature = "exotic"))]
    let name = shape.name();
    Ok(NamedContent { name, content: read_payload(document, shape, cursor)? })
}

#[cfg(feature = "exotic")]
fn visit_sparse<'de, V: Visitor<'de>>(
    document: &mut Document<'de>,
    array: SparseArray,
    visitor: V,
) -> Result<V::Value, Error> {
    let content = Payload::SparsePairs(SparsePairs::new(document, array));
    visitor.visit_enum(NamedContent { name: "Sparse", content })
}

fn visit_number<'de, V: Visitor<'de>>(digits: &str, visitor: V) -> Result<V::Value, Error> {
    if let Ok(number) = digits.parse() {
        return visitor.visit_u64(number);
    }
    match digits.parse() {
        Ok(0) => visitor.visit_f64(-0.0),
        Ok(number) => visitor.visit_i64(number),
        Err(_) => visitor.visit_f64(digits.parse().map_err(Error::new)?),
    }
}

fn describe_slot<'a>(slot: &'a Slot<'_>) -> Unexpected<'a> {
    match slot {
        Slot::Null => Unexpected::Other("null"),
        Slot::Bool(value) => Unexpected::Bool(*value),
        Slot::Number(_) => Unexpected::Other("number"),
        Slot::String(text) => Unexpected::Str(text),
        Slot::Object(_) => Unexpected::Map,
        Slot::Array(_) => Unexpected::Seq,
        #[cfg(feature = "exotic")]
        Slot::Sparse(_) => Unexpected::Seq,
        Slot::Tagged(shape, _) => Unexpected::Other(shape.name()),
    }
}

macro_rules! typed {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.visit(Mode::Typed, visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for SlotDeserializer<'_, 'de> {
    type Error = Error;

    typed! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_unit deserialize_seq deserialize_map deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mode = self.mode;
        self.visit(mode, visitor)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit_wide(visitor, V::visit_i128)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit_wide(visitor, V::visit_u128)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.slot < 0 {
            return self.visit(Mode::Typed, visitor);
        }
        self.visit_slot(|document, slot| match slot {
            Slot::Tagged(shape @ Shape::Tag(Tag::ArrayBuffer | Tag::Uint8Array), cursor) => {
                read_payload(document, shape, cursor)?.deserialize_any(visitor)
            }
            slot => visit_content(document, slot, Mode::Typed, visitor),
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.slot == reference::UNDEFINED || self.document.is_null(self.slot) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.visit(Mode::Typed, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match Marker::from_newtype(name) {
            None => visitor.visit_newtype_struct(self),
            Some(Marker::Value) => visitor.visit_newtype_struct(Self { mode: Mode::Faithful, ..self }),
            Some(Marker::Undefined) if self.slot == reference::UNDEFINED => visitor.visit_newtype_struct(Payload::Unit),
            Some(marker) if self.slot >= 0 => self.visit_marked(marker, visitor),
            Some(_) => self.visit(Mode::Typed, visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Error> {
        self.visit(Mode::Typed, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.visit(Mode::Typed, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.visit(Mode::Typed, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.slot < 0 {
            return self.visit(Mode::Typed, visitor);
        }
        self.visit_slot(|document, slot| {
            let properties = match slot {
                Slot::String(name) => return visitor.visit_enum(name.into_deserializer()),
                Slot::Object(cursor) => Properties::new(document, cursor),
                #[cfg(feature = "exotic")]
                Slot::Tagged(Shape::NullObject, cursor) => Properties::of_null_object(document, cursor),
                slot => return Err(Error::invalid_type(describe_slot(&slot), &visitor)),
            };
            visitor.visit_enum(Variant::new(properties)?)
        })
    }

    /// Skips the value without reading it.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
