//! The slots of a text that is being written.

use std::ops::Range;

use super::intern_table::InternTable;
use crate::error::Error;
use crate::reference::Ref;

#[derive(Debug)]
pub(super) struct Slots {
    /// The texts of finished slots in the order in which they were finished, each followed by a comma.
    pub(super) arena: Vec<u8>,
    /// The range of each slot's text in the arena, with its comma. Empty while the slot is open.
    pub(super) ranges: Vec<Range<usize>>,
    table: InternTable,
}

impl Slots {
    pub(super) fn new() -> Self {
        Self { arena: Vec::with_capacity(256), ranges: Vec::with_capacity(32), table: InternTable::new() }
    }

    /// Removes all slots and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.arena.clear();
        self.ranges.clear();
        self.table.clear();
    }

    /// Returns the allocated memory in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.arena.capacity() + self.ranges.capacity() * size_of::<Range<usize>>() + self.table.capacity()
    }

    /// Reserves the next slot for a container, whose text follows later.
    #[inline]
    pub(super) fn reserve(&mut self) -> Result<Ref, Error> {
        self.push(0..0).map(Ref::from)
    }

    #[inline]
    fn push(&mut self, range: Range<usize>) -> Result<u32, Error> {
        let slot =
            u32::try_from(self.ranges.len()).map_err(|_| Error::new("the value has more than 4294967296 slots"))?;
        self.ranges.push(range);
        Ok(slot)
    }

    /// Sets the text of a reserved slot.
    #[inline]
    pub(super) fn fill<const N: usize>(&mut self, slot: Ref, parts: [&[u8]; N]) {
        let start = self.arena.len();
        for part in parts {
            self.arena.extend_from_slice(part);
        }
        self.arena.push(b',');
        if let Some(range) = usize::try_from(slot).ok().and_then(|slot| self.ranges.get_mut(slot)) {
            *range = start..self.arena.len();
        }
    }

    /// Returns the slot of a primitive: that of an equal primitive, or a new one.
    ///
    /// If `is_string`, the text is that of a string, with escapes and without quotes.
    #[inline]
    pub(super) fn intern(&mut self, text: &[u8], is_string: bool) -> Result<Ref, Error> {
        let hash = self.table.hash(text);
        let (arena, ranges) = (&self.arena, &self.ranges);
        let place = match self.table.find(hash, |slot| {
            match ranges.get(slot as usize).and_then(|range| arena.get(range.clone())) {
                Some([b'"', inner @ .., b'"', b',']) if is_string => inner == text,
                Some([inner @ .., b',']) if !is_string => inner == text,
                _ => false,
            }
        }) {
            Ok(slot) => return Ok(slot.into()),
            Err(place) => place,
        };
        let start = self.arena.len();
        if is_string {
            self.arena.push(b'"');
            self.arena.extend_from_slice(text);
            self.arena.extend_from_slice(b"\",");
        } else {
            self.arena.extend_from_slice(text);
            self.arena.push(b',');
        }
        let slot = self.push(start..self.arena.len())?;
        self.table.insert(place, hash, slot);
        Ok(slot.into())
    }

    /// Returns the whole text, with the slots in the order of their numbers.
    pub(super) fn join(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.arena.len() + 1);
        out.push(b'[');
        // Adjacent texts are copied together.
        let mut run = 0..0;
        for range in &self.ranges {
            if range.start == run.end {
                run.end = range.end;
            } else {
                out.extend_from_slice(self.arena.get(run).unwrap_or_default());
                run = range.clone();
            }
        }
        out.extend_from_slice(self.arena.get(run).unwrap_or_default());
        if let Some(last) = out.last_mut() {
            *last = b']';
        }
        out
    }
}
