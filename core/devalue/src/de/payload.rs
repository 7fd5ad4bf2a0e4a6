//! The content of a tagged slot, in the form that its marker type reads: its plain JSON form.

use std::borrow::Cow;

use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::cursor::Cursor;
use super::document::{Document, Shape, Slot, read_length, read_reference, read_string};
use super::elements::{Elements, Pairs};
#[cfg(feature = "exotic")]
use super::properties::Properties;
#[cfg(feature = "exotic")]
use super::slot_deserializer::SlotDeserializer;
#[cfg(feature = "exotic")]
use super::sparse::SparsePairs;
use crate::array_buffer;
use crate::error::Error;
#[cfg(feature = "exotic")]
use crate::exotic::TypedArrayKind;
use crate::marker::Tag;
#[cfg(feature = "exotic")]
use crate::reference::{NAN, NEGATIVE_ZERO};

#[derive(Debug)]
pub(super) enum Payload<'a, 'de> {
    Unit,
    Text(Cow<'de, str>),
    Bytes(Vec<u8>),
    RegExp(Cow<'de, str>, Cow<'de, str>),
    Elements(Elements<'a, 'de>),
    Pairs(Pairs<'a, 'de>),
    #[cfg(feature = "exotic")]
    Number(u32),
    #[cfg(feature = "exotic")]
    View(TypedArrayKind, View),
    #[cfg(feature = "exotic")]
    SparsePairs(SparsePairs<'a, 'de>),
    #[cfg(feature = "exotic")]
    Properties(Properties<'a, 'de>),
    #[cfg(feature = "exotic")]
    Slot(SlotDeserializer<'a, 'de>),
}

pub(super) fn read_payload<'a, 'de>(
    document: &'a mut Document<'de>,
    shape: Shape,
    mut cursor: Cursor<'de>,
) -> Result<Payload<'a, 'de>, Error> {
    Ok(match shape {
        Shape::Tag(Tag::Date | Tag::BigInt | Tag::UrlSearchParams) => Payload::Text(read_string(&mut cursor)?),
        Shape::Tag(Tag::Url) => Payload::Text(read_href(document, cursor)?),
        Shape::Tag(Tag::RegExp) => {
            let source = read_string(&mut cursor)?;
            let flags = if cursor.clone().advance_to_item() { read_string(&mut cursor)? } else { Cow::Borrowed("") };
            Payload::RegExp(source, flags)
        }
        Shape::Tag(Tag::ArrayBuffer) => {
            Payload::Bytes(array_buffer::decode(&read_string(&mut cursor)?).map_err(Error::new)?)
        }
        Shape::Tag(Tag::Uint8Array) => Payload::Bytes(View::read(document, cursor)?.into_visible_bytes()?),
        Shape::Tag(Tag::Set) => Payload::Elements(Elements::new(document, cursor)),
        Shape::Tag(Tag::Map) => Payload::Pairs(Pairs::new(document, cursor)),
        #[cfg(feature = "exotic")]
        Shape::Temporal(_) => Payload::Text(read_string(&mut cursor)?),
        #[cfg(feature = "exotic")]
        Shape::View(kind) => Payload::View(kind, View::read(document, cursor)?),
        #[cfg(feature = "exotic")]
        Shape::NullObject => Payload::Properties(Properties::of_null_object(document, cursor)),
        #[cfg(feature = "exotic")]
        Shape::Boxed => Payload::Slot(read_boxed(document, cursor)?),
    })
}

/// Reads the href of a URL: a reference, as Astro's reducer writes it, or a string, as devalue itself writes it.
fn read_href<'de>(document: &mut Document<'de>, mut cursor: Cursor<'de>) -> Result<Cow<'de, str>, Error> {
    if !cursor.advance_to_item() || cursor.peek() == Some(b'"') {
        return read_string(&mut cursor);
    }
    if let Ok(slot) = usize::try_from(cursor.parse_reference()?)
        && let Slot::String(href) = document.read_slot(slot)?
    {
        return Ok(href);
    }
    Err(Error::new("expected a reference to a string"))
}

/// Reads the primitive of a boxed primitive.
#[cfg(feature = "exotic")]
pub(super) fn read_boxed<'a, 'de>(
    document: &'a mut Document<'de>,
    mut cursor: Cursor<'de>,
) -> Result<SlotDeserializer<'a, 'de>, Error> {
    let inner = read_reference(&mut cursor)?;
    let is_primitive = match usize::try_from(inner) {
        Ok(slot) => matches!(
            document.read_slot(slot)?,
            Slot::Bool(_) | Slot::Number(_) | Slot::String(_) | Slot::Tagged(Shape::Tag(Tag::BigInt), _)
        ),
        Err(_) => (NEGATIVE_ZERO..=NAN).contains(&inner),
    };
    if is_primitive {
        Ok(SlotDeserializer::new(document, inner))
    } else {
        Err(Error::new("expected a reference to a primitive"))
    }
}

/// The buffer, the offset and the length of a typed array or a `DataView`.
#[derive(Debug)]
pub(super) struct View {
    buffer: Vec<u8>,
    offset: Option<u32>,
    length: Option<u32>,
}

impl View {
    pub(super) fn read<'de>(document: &mut Document<'de>, mut cursor: Cursor<'de>) -> Result<Self, Error> {
        let slot = read_reference(&mut cursor)?;
        let (offset, length) = (read_length(&mut cursor)?, read_length(&mut cursor)?);
        Ok(Self { buffer: document.read_buffer(slot)?, offset, length })
    }

    /// Returns whether the view may cover only a part of the buffer.
    pub(super) fn is_part(&self) -> bool {
        self.offset.is_some()
    }

    /// Returns the bytes that a `Uint8Array` shows of its buffer.
    pub(super) fn into_visible_bytes(self) -> Result<Vec<u8>, Error> {
        let Self { mut buffer, offset, length } = self;
        let start = offset.unwrap_or(0) as usize;
        let end = length.map_or(Some(buffer.len()), |length| start.checked_add(length as usize));
        match end {
            Some(end) if start <= end && end <= buffer.len() => {
                buffer.truncate(end);
                buffer.drain(..start);
                Ok(buffer)
            }
            _ => Err(Error::new("invalid Uint8Array: expected an offset and a length within the buffer")),
        }
    }
}

impl<'de> Deserializer<'de> for Payload<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Unit => visitor.visit_unit(),
            Self::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Self::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Self::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            #[cfg(feature = "exotic")]
            Self::Number(number) => visitor.visit_u32(number),
            Self::RegExp(source, flags) => {
                visitor.visit_map(MapDeserializer::new([("source", source), ("flags", flags)].into_iter()))
            }
            #[cfg(feature = "exotic")]
            Self::View(kind, View { buffer, offset, length }) => {
                let fields = [
                    Some(("kind", Payload::Text(Cow::Borrowed(kind.name())))),
                    Some(("buffer", Payload::Bytes(buffer))),
                    offset.map(|offset| ("byteOffset", Payload::Number(offset))),
                    length.map(|length| ("length", Payload::Number(length))),
                ];
                visitor.visit_map(MapDeserializer::new(fields.into_iter().flatten()))
            }
            Self::Elements(elements) => elements.visit(visitor),
            Self::Pairs(pairs) => visitor.visit_seq(pairs),
            #[cfg(feature = "exotic")]
            Self::SparsePairs(pairs) => visitor.visit_seq(pairs),
            #[cfg(feature = "exotic")]
            Self::Properties(properties) => visitor.visit_map(properties),
            #[cfg(feature = "exotic")]
            Self::Slot(slot) => slot.deserialize_any(visitor),
        }
    }

    #[cfg(feature = "exotic")]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Slot(slot) => slot.deserialize_newtype_struct(name, visitor),
            content => visitor.visit_newtype_struct(content),
        }
    }

    #[cfg(not(feature = "exotic"))]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Payload<'_, 'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
