//! The slots of a text being written: where each one's text lies, and which primitives have one already.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::Range;
use std::sync::OnceLock;

use super::error::Error;

/// What stands for a value inside a container: a slot's number, or one of the negative constants.
pub(super) type Ref = i64;

pub(super) const UNDEFINED: Ref = -1;
pub(super) const HOLE: Ref = -2;
pub(super) const NAN: Ref = -3;
pub(super) const INFINITY: Ref = -4;
pub(super) const NEGATIVE_INFINITY: Ref = -5;
pub(super) const NEGATIVE_ZERO: Ref = -6;
pub(super) const SPARSE: Ref = -7;

#[derive(Debug)]
pub(super) struct Slots {
    /// The texts of finished slots, each with a comma after it, in the order in which they were finished.
    pub(super) arena: Vec<u8>,
    /// Where in the arena each slot's text lies, the comma included; empty while the slot is open.
    pub(super) ranges: Vec<Range<usize>>,
    table: Table,
}

impl Slots {
    pub(super) fn new() -> Self {
        Self { arena: Vec::with_capacity(256), ranges: Vec::with_capacity(32), table: Table::new() }
    }

    /// Forgets all, but keeps the room.
    pub(super) fn clear(&mut self) {
        self.arena.clear();
        self.ranges.clear();
        self.table.few = [0; 32];
        self.table.many.clear();
        self.table.used = 0;
    }

    /// How much memory there is, in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.arena.capacity()
            + self.ranges.capacity() * size_of::<Range<usize>>()
            + self.table.many.capacity() * size_of::<u64>()
    }

    /// Takes the next number for a container whose text follows later.
    #[inline]
    pub(super) fn reserve(&mut self) -> Result<Ref, Error> {
        self.next(0..0).map(Ref::from)
    }

    #[inline]
    fn next(&mut self, range: Range<usize>) -> Result<u32, Error> {
        let slot = u32::try_from(self.ranges.len()).map_err(|_| Error::new("too many slots"))?;
        self.ranges.push(range);
        Ok(slot)
    }

    /// Gives a reserved slot its text.
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

    /// The slot of a primitive: the one that an equal one has, or a new one.
    ///
    /// `quoted` says that the text is a string's, escaped but without its quotes.
    #[inline]
    pub(super) fn intern(&mut self, text: &[u8], quoted: bool) -> Result<Ref, Error> {
        let hash = self.table.hash(text);
        let (arena, ranges) = (&self.arena, &self.ranges);
        let place = match self.table.find(hash, |slot| {
            match ranges.get(slot as usize).and_then(|range| arena.get(range.clone())) {
                Some([b'"', inner @ .., b'"', b',']) if quoted => inner == text,
                Some([inner @ .., b',']) if !quoted => inner == text,
                _ => false,
            }
        }) {
            Ok(slot) => return Ok(slot.into()),
            Err(place) => place,
        };
        let start = self.arena.len();
        if quoted {
            self.arena.push(b'"');
            self.arena.extend_from_slice(text);
            self.arena.extend_from_slice(b"\",");
        } else {
            self.arena.extend_from_slice(text);
            self.arena.push(b',');
        }
        let slot = self.next(start..self.arena.len())?;
        self.table.insert(place, hash, slot);
        Ok(slot.into())
    }

    /// The whole text: the slots in the order of their numbers.
    pub(super) fn join(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.arena.len() + 1);
        out.push(b'[');
        // Neighbours in the arena are copied as one.
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

/// The bit that tells an entry from a free one.
const TAKEN: u64 = 1 << 32;

/// An open-addressed table of hashes and slots. Nothing is ever removed.
#[derive(Debug)]
struct Table {
    /// The upper half is the hash's with its lowest bit set, the lower is the slot's number; zero is a free entry.
    /// There is always one.
    few: [u64; 32],
    /// The same, once those are too few.
    many: Vec<u64>,
    used: usize,
    seed: u64,
}

impl Table {
    fn new() -> Self {
        // Seeded, so that nobody can choose strings that collide.
        static SEED: OnceLock<u64> = OnceLock::new();
        let seed = *SEED.get_or_init(|| RandomState::new().build_hasher().finish());
        Self { few: [0; 32], many: Vec::new(), used: 0, seed }
    }

    #[inline]
    fn entries(&self) -> &[u64] {
        if self.many.is_empty() { &self.few } else { &self.many }
    }

    #[inline]
    fn entries_mut(&mut self) -> &mut [u64] {
        if self.many.is_empty() { &mut self.few } else { &mut self.many }
    }

    /// Multiply and fold, sixteen bytes at a time.
    #[inline]
    fn hash(&self, text: &[u8]) -> u64 {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let fold = |a: u64, b: u64| {
            let product = u128::from(a) * u128::from(b);
            (product as u64) ^ ((product >> 64) as u64)
        };
        let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
        let half = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));

        let mut state = self.seed ^ (text.len() as u64);
        let halves = |chunk: &[u8; 16]| [chunk.first_chunk(), chunk.last_chunk()].map(|half| half.map_or(0, word));
        let (first, last) = if let Some(end) = text.last_chunk::<16>() {
            let mut rest = text;
            while let Some((chunk, after)) = rest.split_first_chunk::<16>() {
                if after.is_empty() {
                    break;
                }
                let [low, high] = halves(chunk);
                state = fold(low ^ state, high ^ ODD);
                rest = after;
            }
            // What is left is within the last sixteen bytes, each of which has to count.
            halves(end).into()
        } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            (word(first), word(last))
        } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            (half(first), half(last))
        } else {
            let short = text.iter().fold(0, |word, &byte| (word << 8) | u64::from(byte));
            (short, 0)
        };
        fold(first ^ state, last ^ ODD)
    }

    /// The first slot with this hash that is equal, or the place for it.
    #[inline]
    fn find(&self, hash: u64, is_equal: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let hash = hash | TAKEN;
        let entries = self.entries();
        let mask = entries.len() - 1;
        let mut place = (hash >> 33) as usize & mask;
        loop {
            let entry = entries.get(place).copied().unwrap_or_default();
            if entry == 0 {
                return Err(place);
            }
            let slot = (entry & u64::from(u32::MAX)) as u32;
            if (entry ^ hash) >> 32 == 0 && is_equal(slot) {
                return Ok(slot);
            }
            place = (place + 1) & mask;
        }
    }

    #[inline]
    fn insert(&mut self, place: usize, hash: u64, slot: u32) {
        if let Some(entry) = self.entries_mut().get_mut(place) {
            *entry = ((hash | TAKEN) >> 32 << 32) | u64::from(slot);
        }
        self.used += 1;
        if self.used * 4 > self.entries().len() * 3 {
            self.grow();
        }
    }

    #[cold]
    fn grow(&mut self) {
        let before = self.entries().to_vec();
        self.many.clear();
        self.many.resize(before.len() * 4, 0);
        for entry in before {
            if entry != 0
                && let Err(place) = self.find(entry, |_| false)
                && let Some(free) = self.many.get_mut(place)
            {
                *free = entry;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_a_text_counts() {
        let table = Table::new();
        for length in 1..100 {
            let text = vec![b'a'; length];
            for at in 0..length {
                let mut other = text.clone();
                other[at] = b'b';
                assert_ne!(table.hash(&text), table.hash(&other), "byte {at} of {length}");
            }
        }
    }
}
