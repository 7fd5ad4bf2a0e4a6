//! Parsing of `application/x-www-form-urlencoded` (WHATWG URL Standard, section 5.1).

use std::ops::Range;

use super::data::{EntryValue, FormData, FormEntry};
use super::percent::parse_hex_pair;

/// The error of a form with more entries than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many entries: expected at most {max}")]
pub(crate) struct TooManyEntries {
    pub(crate) max: usize,
}

/// Parses a body. No body is malformed: a `%` without two hex digits is kept, and invalid UTF-8 is replaced by U+FFFD.
pub(crate) fn parse(body: &[u8], max_entries: usize) -> Result<FormData, TooManyEntries> {
    // Node reads bodies by `new URLSearchParams(text)`, which drops a leading question mark. Browsers never send one.
    let body = body.strip_prefix(b"?").unwrap_or(body);
    let separators = memchr::memchr_iter(b'&', body).count();
    let mut decoder = Decoder {
        text: Vec::with_capacity(body.len() + 1),
        entries: Vec::with_capacity((separators + 1).min(max_entries)),
        max_entries,
        start: 0,
        equals: None,
    };
    let mut rest = body;
    loop {
        let plain = rest.iter().position(|byte| matches!(byte, b'&' | b'=' | b'+' | b'%')).unwrap_or(rest.len());
        let (plain, special) = rest.split_at(plain);
        decoder.text.extend_from_slice(plain);
        let Some((byte, tail)) = special.split_first() else {
            decoder.end_entry()?;
            return Ok(decoder.into_form());
        };
        rest = tail;
        match byte {
            b'&' => decoder.end_entry()?,
            b'=' => {
                decoder.equals = decoder.equals.or(Some(decoder.text.len()));
                decoder.text.push(b'=');
            }
            b'+' => decoder.text.push(b' '),
            percent => match parse_hex_pair(tail) {
                Some(byte) => {
                    decoder.text.push(byte);
                    rest = tail.get(2..).unwrap_or_default();
                }
                None => decoder.text.push(*percent),
            },
        }
    }
}

/// The part of the body that is decoded. The text keeps its separators: they are ASCII, so that if the whole text is UTF-8,
/// each entry is, and a single validation suffices.
struct Decoder {
    text: Vec<u8>,
    entries: Vec<FormEntry>,
    max_entries: usize,
    /// The start of the current entry.
    start: usize,
    /// The position of the current entry's first `=`.
    equals: Option<usize>,
}

impl Decoder {
    fn end_entry(&mut self) -> Result<(), TooManyEntries> {
        let (start, end) = (self.start, self.text.len());
        if end == start {
            return Ok(());
        }
        if self.entries.len() == self.max_entries {
            return Err(TooManyEntries { max: self.max_entries });
        }
        let (name, value) = match self.equals.take() {
            Some(equals) => (start..equals, equals + 1..end),
            None => (start..end, end..end),
        };
        self.entries.push(FormEntry { name, value: EntryValue::Text(value) });
        self.text.push(b'&');
        self.start = self.text.len();
        Ok(())
    }

    fn into_form(self) -> FormData {
        match String::from_utf8(self.text) {
            Ok(text) => FormData { text, entries: self.entries },
            Err(error) => decode_lossy(error.as_bytes(), &self.entries),
        }
    }
}

fn decode_lossy(text: &[u8], entries: &[FormEntry]) -> FormData {
    let decode = |range: &Range<usize>| String::from_utf8_lossy(text.get(range.clone()).unwrap_or_default());
    let mut form = FormData::new();
    for entry in entries {
        if let EntryValue::Text(value) = &entry.value {
            form.append(&decode(&entry.name), decode(value).as_ref());
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expectations are those of `new URLSearchParams(body)` in Node 22.
    #[test]
    fn bodies_are_parsed_as_in_browsers() {
        for (body, expected) in [
            ("", &[][..]),
            ("a=1&b=2", &[("a", "1"), ("b", "2")]),
            ("&&a=1&&", &[("a", "1")]),
            ("a=1&a=2&a", &[("a", "1"), ("a", "2"), ("a", "")]),
            ("=", &[("", "")]),
            ("=x&y=", &[("", "x"), ("y", "")]),
            ("v=a=b==", &[("v", "a=b==")]),
            ("v=1;w=2", &[("v", "1;w=2")]),
            ("a%5Bb%5D=%3D%26%2b", &[("a[b]", "=&+")]),
            ("%3D=1&%26", &[("=", "1"), ("&", "")]),
            ("v=+a+b%20c", &[("v", " a b c")]),
            ("v=%zz%4&w=%", &[("v", "%zz%4"), ("w", "%")]),
            ("v=%%41%4%41", &[("v", "%A%4A")]),
            ("v=a%0D%0Ab%00", &[("v", "a\r\nb\0")]),
            ("v=é&é=%C3%A9", &[("v", "é"), ("é", "é")]),
            ("%EF%BB%BFv=%EF%BB%BF", &[("\u{feff}v", "\u{feff}")]),
        ] {
            let form = parse(body.as_bytes(), 100).unwrap();
            assert_eq!(form, FormData::from_iter(expected.iter().copied()), "{body}");
        }
    }

    #[test]
    fn invalid_utf_8_is_replaced_in_each_entry() {
        let form = parse(b"v=%E9&a=%C3&%A9=\xff\xf0\x9f\x98&ok=%C3%A9", 100).unwrap();
        let expected = [("v", "\u{fffd}"), ("a", "\u{fffd}"), ("\u{fffd}", "\u{fffd}\u{fffd}"), ("ok", "é")];
        assert_eq!(form, FormData::from_iter(expected));
    }

    #[test]
    fn only_entries_count_towards_the_limit() {
        assert_eq!(parse(b"&&a&b=1&&", 2).unwrap().len(), 2);
        assert_eq!(parse(b"a&b&c", 2), Err(TooManyEntries { max: 2 }));
        assert_eq!(parse(b"a", 0), Err(TooManyEntries { max: 0 }));
        assert_eq!(parse(b"", 0).unwrap().len(), 0);
    }
}
