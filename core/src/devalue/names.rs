//! The names of fields, which come again with each value of a type.

use super::text::is_plain;

const PLACES: usize = 64;
/// How many places a name may have.
const TRIES: usize = 4;
const LONGEST: usize = 32;

/// The texts of names that have been written, found by where the names lie in memory: as they are static, the same place
/// always holds the same name.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<Option<Name>>);

#[derive(Clone, Copy, Debug)]
struct Name {
    name: &'static str,
    /// With quotes and colon, and padded, so that it is copied without a call.
    text: [u8; LONGEST],
    length: usize,
}

impl Names {
    /// Forgets all, but keeps the room.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Appends a name as a key; or does nothing if there is more to it.
    #[inline]
    pub(super) fn push(&mut self, out: &mut Vec<u8>, name: &'static str) -> bool {
        let first = name.as_ptr().addr().wrapping_mul(0x9E37_79B1) >> 8;
        for place in (first..).take(TRIES).map(|place| place % PLACES) {
            match self.0.get(place) {
                Some(Some(known)) if std::ptr::eq(known.name, name) => {
                    let end = out.len() + known.length;
                    out.extend_from_slice(&known.text);
                    out.truncate(end);
                    return true;
                }
                Some(Some(_)) => {}
                _ => {
                    self.learn(place, name);
                    return false;
                }
            }
        }
        false
    }

    /// Keeps the text of a name that is short, needs no escape and is listed in its turn.
    #[cold]
    fn learn(&mut self, place: usize, name: &'static str) {
        let is_digit = |first: char| first.is_ascii_digit();
        if name.len() > LONGEST - 3 || name.starts_with(is_digit) || name == "__proto__" || !is_plain(name.as_bytes()) {
            return;
        }
        self.0.resize(PLACES, None);
        let mut text = [0; LONGEST];
        for (to, &from) in text.iter_mut().zip([b"\"", name.as_bytes(), b"\":"].concat().iter()) {
            *to = from;
        }
        if let Some(free) = self.0.get_mut(place) {
            *free = Some(Name { name, text, length: name.len() + 3 });
        }
    }
}
