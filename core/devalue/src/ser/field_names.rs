//! A cache of struct field names, which repeat with each value of a type.

use super::escape::is_plain;

const ENTRIES: usize = 64;
/// The number of entries that a name may occupy.
const TRIES: usize = 4;
const MAX_LENGTH: usize = 32;

/// The written form of field names, found by the address of the name. Names are static, so an address identifies a name.
#[derive(Debug, Default)]
pub(super) struct FieldNames(Vec<Option<FieldName>>);

#[derive(Clone, Copy, Debug)]
struct FieldName {
    name: &'static str,
    /// The name with quotes and a colon. It is padded to a fixed size, which makes the copy faster.
    text: [u8; MAX_LENGTH],
    length: usize,
}

impl FieldNames {
    /// Removes all names and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Appends a cached name as a key. Returns `false`, and appends nothing, if the name is not cached.
    #[inline]
    pub(super) fn push(&mut self, out: &mut Vec<u8>, name: &'static str) -> bool {
        let first = name.as_ptr().addr().wrapping_mul(0x9E37_79B1) >> 8;
        for place in (first..).take(TRIES).map(|place| place % ENTRIES) {
            match self.0.get(place) {
                Some(Some(known)) if std::ptr::eq(known.name, name) => {
                    let end = out.len() + known.length;
                    out.extend_from_slice(&known.text);
                    out.truncate(end);
                    return true;
                }
                Some(Some(_)) => {}
                _ => {
                    self.insert(place, name);
                    return false;
                }
            }
        }
        false
    }

    /// Caches a name if it is short, needs no escapes and keeps its place in the order of properties.
    #[cold]
    fn insert(&mut self, place: usize, name: &'static str) {
        let is_digit = |first: char| first.is_ascii_digit();
        if name.len() > MAX_LENGTH - 3
            || name.starts_with(is_digit)
            || name == "__proto__"
            || !is_plain(name.as_bytes())
        {
            return;
        }
        self.0.resize(ENTRIES, None);
        let mut text = [0; MAX_LENGTH];
        for (to, &from) in text.iter_mut().zip([b"\"", name.as_bytes(), b"\":"].concat().iter()) {
            *to = from;
        }
        if let Some(free) = self.0.get_mut(place) {
            *free = Some(FieldName { name, text, length: name.len() + 3 });
        }
    }
}
