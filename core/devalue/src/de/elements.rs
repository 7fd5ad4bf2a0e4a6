//! The elements of arrays and sets, and the pairs of maps.

use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::cursor::Cursor;
use super::document::Document;
#[cfg(not(feature = "exotic"))]
use super::document::unsupported_error;
use super::slot_deserializer::SlotDeserializer;
use crate::error::Error;
use crate::reference::{HOLE, Ref};

/// The elements of an array or a set.
#[derive(Debug)]
pub(super) struct Elements<'a, 'de> {
    document: &'a mut Document<'de>,
    cursor: Cursor<'de>,
    index: usize,
}

impl<'a, 'de> Elements<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, cursor: Cursor<'de>) -> Self {
        Self { document, cursor, index: 0 }
    }

    /// Passes the elements to a visitor. Returns an error if the visitor leaves some of them.
    pub(super) fn visit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let value = visitor.visit_seq(&mut self)?;
        if self.cursor.advance_to_item() {
            return Err(Error::custom(format_args!("expected {} elements, got more", self.index)));
        }
        Ok(value)
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if !self.cursor.advance_to_item() {
            return Ok(None);
        }
        let index = self.index;
        self.index += 1;
        let slot = match self.cursor.parse_reference()? {
            #[cfg(feature = "exotic")]
            HOLE => crate::reference::UNDEFINED,
            #[cfg(not(feature = "exotic"))]
            HOLE => return Err(unsupported_error("sparse array").in_index(index)),
            slot => slot,
        };
        let value = seed.deserialize(SlotDeserializer::new(self.document, slot));
        value.map(Some).map_err(|error| error.in_index(index))
    }
}

/// The pairs of a map.
#[derive(Debug)]
pub(super) struct Pairs<'a, 'de> {
    document: &'a mut Document<'de>,
    cursor: Cursor<'de>,
    index: usize,
}

impl<'a, 'de> Pairs<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, cursor: Cursor<'de>) -> Self {
        Self { document, cursor, index: 0 }
    }
}

impl<'de> SeqAccess<'de> for Pairs<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if !self.cursor.advance_to_item() {
            return Ok(None);
        }
        let key = self.cursor.parse_reference()?;
        if !self.cursor.advance_to_item() {
            return Err(Error::custom("missing value of a map's last key"));
        }
        let value = self.cursor.parse_reference()?;
        let index = self.index;
        self.index += 1;
        let pair = Pair { document: self.document, slots: [key, value].into_iter() };
        seed.deserialize(pair).map(Some).map_err(|error| error.in_index(index))
    }
}

/// A key and a value of a map, as a sequence.
struct Pair<'a, 'de> {
    document: &'a mut Document<'de>,
    slots: std::array::IntoIter<Ref, 2>,
}

impl<'de> Deserializer<'de> for Pair<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for Pair<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(slot) = self.slots.next() else { return Ok(None) };
        seed.deserialize(SlotDeserializer::new(self.document, slot)).map(Some)
    }
}
