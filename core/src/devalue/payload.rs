//! What is in a tagged slot, in the form that its marker type reads: its plain JSON form.

use std::borrow::Cow;

use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::access::{Entries, Items, Pairs};
use super::de::SlotDe;
use super::document::{Document, Shape, Slot, number, text};
use super::error::Error;
use super::marker::{Tag, TypedArrayKind};
use super::scan::Cursor;
use super::slots::{self, Ref};

#[derive(Debug)]
pub(super) enum Payload<'a, 'de> {
    Unit,
    Text(Cow<'de, str>),
    Bytes(Vec<u8>),
    Number(u32),
    RegExp(Cow<'de, str>, Cow<'de, str>),
    View(TypedArrayKind, View),
    Items(Items<'a, 'de>),
    Pairs(Pairs<'a, 'de>),
    Entries(Entries<'a, 'de>),
    Slot(SlotDe<'a, 'de>),
}

/// A view's buffer, its offset, and its length.
#[derive(Debug)]
pub(super) struct View {
    buffer: Vec<u8>,
    offset: Option<u32>,
    length: Option<u32>,
}

pub(super) fn of<'a, 'de>(
    document: &'a mut Document<'de>,
    shape: Shape,
    mut cursor: Cursor<'de>,
) -> Result<Payload<'a, 'de>, Error> {
    let tag = match shape {
        Shape::Temporal(_) => return text(&mut cursor).map(Payload::Text),
        Shape::View(kind) => return Ok(Payload::View(kind, view(document, cursor)?)),
        Shape::Tag(tag) => tag,
    };
    Ok(match tag {
        Tag::Date | Tag::BigInt | Tag::UrlSearchParams => Payload::Text(text(&mut cursor)?),
        Tag::Url => Payload::Text(href(document, cursor)?),
        Tag::RegExp => {
            let source = text(&mut cursor)?;
            let flags = if cursor.clone().has_more() { text(&mut cursor)? } else { Cow::Borrowed("") };
            Payload::RegExp(source, flags)
        }
        Tag::ArrayBuffer => Payload::Bytes(super::buffers::decode(&text(&mut cursor)?).map_err(Error::new)?),
        // Its name is a view's.
        Tag::Uint8Array => visible_bytes(document, cursor)?,
        Tag::Set => Payload::Items(Items::new(document, cursor)),
        Tag::Map => Payload::Pairs(Pairs::new(document, cursor)),
        Tag::NullObject => Payload::Entries(Entries::new(document, cursor, true)),
        Tag::Boxed => Payload::Slot(boxed(document, cursor)?),
    })
}

/// The href of a URL: in a slot of its own, as Astro has it written, or in place, as without its reducer.
fn href<'de>(document: &mut Document<'de>, mut cursor: Cursor<'de>) -> Result<Cow<'de, str>, Error> {
    if cursor.has_more() && cursor.peek() != Some(b'"') {
        let slot = usize::try_from(cursor.reference()?);
        return match slot.map_err(|_| Error::new("expected a string")).and_then(|slot| document.slot(slot))? {
            Slot::String(href) => Ok(href),
            _ => Err(Error::new("expected a string")),
        };
    }
    text(&mut cursor)
}

fn reference(cursor: &mut Cursor<'_>) -> Result<Ref, Error> {
    if cursor.has_more() { cursor.reference() } else { Err(Error::new("expected the number of a slot")) }
}

/// The primitive in an object.
pub(super) fn boxed<'a, 'de>(
    document: &'a mut Document<'de>,
    mut cursor: Cursor<'de>,
) -> Result<SlotDe<'a, 'de>, Error> {
    let inner = reference(&mut cursor)?;
    let is_primitive = match usize::try_from(inner) {
        Ok(slot) => matches!(
            document.slot(slot)?,
            Slot::Bool(_) | Slot::Number(_) | Slot::String(_) | Slot::Tagged(Shape::Tag(Tag::BigInt), _)
        ),
        Err(_) => (slots::NEGATIVE_ZERO..=slots::NAN).contains(&inner),
    };
    if is_primitive { Ok(SlotDe::new(document, inner)) } else { Err(Error::new("expected a primitive")) }
}

fn view<'de>(document: &mut Document<'de>, mut cursor: Cursor<'de>) -> Result<View, Error> {
    let slot = reference(&mut cursor)?;
    let (offset, length) = (number(&mut cursor)?, number(&mut cursor)?);
    Ok(View { buffer: document.buffer(slot)?, offset, length })
}

/// The bytes that a `Uint8Array` shows of its buffer.
pub(super) fn visible_bytes<'a, 'de>(
    document: &mut Document<'de>,
    cursor: Cursor<'de>,
) -> Result<Payload<'a, 'de>, Error> {
    let View { mut buffer, offset, length } = view(document, cursor)?;
    let start = offset.map_or(0, |offset| offset as usize);
    if start > buffer.len() {
        return Err(Error::new("invalid typed array"));
    }
    buffer.drain(..start);
    if let Some(length) = length.map(|length| length as usize) {
        if length > buffer.len() {
            return Err(Error::new("invalid typed array"));
        }
        buffer.truncate(length);
    }
    Ok(Payload::Bytes(buffer))
}

impl<'de> Deserializer<'de> for Payload<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Unit => visitor.visit_unit(),
            Self::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Self::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Self::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            Self::Number(number) => visitor.visit_u32(number),
            Self::RegExp(source, flags) => {
                visitor.visit_map(MapDeserializer::new([("source", source), ("flags", flags)].into_iter()))
            }
            Self::View(kind, View { buffer, offset, length }) => {
                let fields = [
                    Some(("kind", Payload::Text(Cow::Borrowed(kind.name())))),
                    Some(("buffer", Payload::Bytes(buffer))),
                    offset.map(|offset| ("byteOffset", Payload::Number(offset))),
                    length.map(|length| ("length", Payload::Number(length))),
                ];
                visitor.visit_map(MapDeserializer::new(fields.into_iter().flatten()))
            }
            Self::Items(items) => items.visit(visitor),
            Self::Pairs(pairs) => visitor.visit_seq(pairs),
            Self::Entries(entries) => visitor.visit_map(entries),
            Self::Slot(slot) => slot.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Slot(slot) => slot.deserialize_newtype_struct(name, visitor),
            content => visitor.visit_newtype_struct(content),
        }
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
