//! Arrays with holes.

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::cursor::Cursor;
use super::document::{Document, read_length, read_reference};
use super::payload::Payload;
use super::slot_deserializer::SlotDeserializer;
use crate::error::Error;
use crate::reference::{HOLE, Ref, UNDEFINED};

/// An array with holes: its length, and its indices and values in ascending order.
#[derive(Debug)]
pub(super) struct SparseArray {
    length: u32,
    entries: Vec<(u32, Ref)>,
}

impl SparseArray {
    /// Reads a length, and then indices and values in turn.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Error> {
        let length = read_length(cursor)?.ok_or_else(|| Error::new("expected a length"))?;
        let mut entries = Vec::new();
        while let Some(index) = read_length(cursor)? {
            if index >= length {
                return Err(Error::new(format_args!("index {index} of an array of length {length}")));
            }
            entries.push((index, read_reference(cursor)?));
        }
        // The last of equal indices counts: the stable sort moves it to their front.
        entries.reverse();
        entries.sort_by_key(|&(index, _)| index);
        entries.dedup_by_key(|&mut (index, _)| index);
        Ok(Self { length, entries })
    }

    /// Reads an array with a reference for each element. Returns `None` if it has no holes.
    pub(super) fn read_holes(mut cursor: Cursor<'_>) -> Result<Option<Self>, Error> {
        let mut length = 0_u32;
        let mut entries = Vec::new();
        let mut has_hole = false;
        while cursor.advance_to_item() {
            match cursor.parse_reference()? {
                HOLE => has_hole = true,
                value => entries.push((length, value)),
            }
            length = length.checked_add(1).ok_or_else(|| Error::new("array of more than 4294967295 elements"))?;
        }
        Ok(has_hole.then_some(Self { length, entries }))
    }
}

/// The elements of an array with holes. Holes read as `undefined`.
#[derive(Debug)]
pub(super) struct SparseElements<'a, 'de> {
    document: &'a mut Document<'de>,
    length: u32,
    next: u32,
    entries: std::iter::Peekable<std::vec::IntoIter<(u32, Ref)>>,
}

impl<'a, 'de> SparseElements<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, array: SparseArray) -> Self {
        Self { document, length: array.length, next: 0, entries: array.entries.into_iter().peekable() }
    }
}

impl<'de> SeqAccess<'de> for SparseElements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if self.next == self.length {
            return Ok(None);
        }
        let index = self.next;
        self.next += 1;
        // A short text may claim a large length.
        self.document.charge(8)?;
        let slot = self.entries.next_if(|&(at, _)| at == index).map_or(UNDEFINED, |(_, slot)| slot);
        let value = seed.deserialize(SlotDeserializer::new(self.document, slot));
        value.map(Some).map_err(|error| error.in_index(index as usize))
    }
}

/// The content of an array with holes as pairs: its length and `undefined`, then each index and its value.
#[derive(Debug)]
pub(super) struct SparsePairs<'a, 'de> {
    document: &'a mut Document<'de>,
    length: Option<u32>,
    entries: std::vec::IntoIter<(u32, Ref)>,
}

impl<'a, 'de> SparsePairs<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, array: SparseArray) -> Self {
        Self { document, length: Some(array.length), entries: array.entries.into_iter() }
    }
}

impl<'de> SeqAccess<'de> for SparsePairs<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let pair = match self.length.take() {
            Some(length) => Some((length, UNDEFINED)),
            None => self.entries.next(),
        };
        let Some((index, slot)) = pair else { return Ok(None) };
        let pair = SparsePair { document: self.document, index: Some(index), slot: Some(slot) };
        seed.deserialize(pair).map(Some).map_err(|error| error.in_index(index as usize))
    }
}

struct SparsePair<'a, 'de> {
    document: &'a mut Document<'de>,
    index: Option<u32>,
    slot: Option<Ref>,
}

impl<'de> Deserializer<'de> for SparsePair<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for SparsePair<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if let Some(index) = self.index.take() {
            return seed.deserialize(Payload::Number(index)).map(Some);
        }
        let Some(slot) = self.slot.take() else { return Ok(None) };
        seed.deserialize(SlotDeserializer::new(self.document, slot)).map(Some)
    }
}
