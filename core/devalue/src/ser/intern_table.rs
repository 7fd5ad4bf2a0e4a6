//! A hash table that finds the slot of a primitive by its text.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

/// The bit that distinguishes an entry from a free one.
const TAKEN: u64 = 1 << 32;

/// An open-addressed hash table of slots. Entries are never removed.
///
/// The upper half of an entry is that of the hash with its lowest bit set. The lower half is the slot's number. A free
/// entry is zero; the table always has one.
#[derive(Debug)]
pub(super) struct InternTable {
    few: [u64; 32],
    /// Replaces `few` once that is full. Empty until then.
    many: Vec<u64>,
    used: usize,
    seed: u64,
}

impl InternTable {
    pub(super) fn new() -> Self {
        // The seed keeps clients from choosing strings that collide.
        static SEED: OnceLock<u64> = OnceLock::new();
        let seed = *SEED.get_or_init(|| RandomState::new().build_hasher().finish());
        Self { few: [0; 32], many: Vec::new(), used: 0, seed }
    }

    /// Removes all entries and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.few = [0; 32];
        self.many.clear();
        self.used = 0;
    }

    /// Returns the allocated memory in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.many.capacity() * size_of::<u64>()
    }

    #[inline]
    fn entries(&self) -> &[u64] {
        if self.many.is_empty() { &self.few } else { &self.many }
    }

    #[inline]
    fn entries_mut(&mut self) -> &mut [u64] {
        if self.many.is_empty() { &mut self.few } else { &mut self.many }
    }

    /// Hashes a text by multiply and fold, sixteen bytes at a time.
    #[inline]
    pub(super) fn hash(&self, text: &[u8]) -> u64 {
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
            // The rest is within the last sixteen bytes.
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

    /// Returns the first equal slot with this hash, or the index of the free entry for it.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_equal: impl Fn(u32) -> bool) -> Result<u32, usize> {
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
    pub(super) fn insert(&mut self, place: usize, hash: u64, slot: u32) {
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
    fn every_byte_changes_the_hash() {
        let table = InternTable::new();
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
