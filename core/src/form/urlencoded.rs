//! `application/x-www-form-urlencoded`, parsed as the WHATWG URL Standard says (§5.1).

use std::ops::Range;

use super::{
    FormData,
    data::{Entry, Value},
    percent::hex_pair,
};

/// The form has more entries than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a form may have at most {max} entries")]
pub(crate) struct TooManyEntries {
    pub(crate) max: usize,
}

/// Parses a body. None is malformed: a `%` without two hex digits stands for itself, and what is not UTF-8 becomes U+FFFD.
pub(crate) fn parse(body: &[u8], max_entries: usize) -> Result<FormData, TooManyEntries> {
    // `new URLSearchParams(text)`, by which Node reads bodies, takes a question mark off; browsers send none there.
    let body = body.strip_prefix(b"?").unwrap_or(body);
    let separators = memchr::memchr_iter(b'&', body).count();
    let mut fields = Fields {
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
        fields.text.extend_from_slice(plain);
        let Some((byte, tail)) = special.split_first() else {
            fields.end()?;
            return Ok(fields.into_form());
        };
        rest = tail;
        match byte {
            b'&' => fields.end()?,
            b'=' => {
                fields.equals = fields.equals.or(Some(fields.text.len()));
                fields.text.push(b'=');
            }
            b'+' => fields.text.push(b' '),
            percent => match hex_pair(tail) {
                Some(byte) => {
                    fields.text.push(byte);
                    rest = tail.get(2..).unwrap_or_default();
                }
                None => fields.text.push(*percent),
            },
        }
    }
}

/// What has been decoded so far. The separators stay in the text: as they are ASCII, text that is UTF-8 as a whole is so
/// entry by entry, and need be looked at once only.
struct Fields {
    text: Vec<u8>,
    entries: Vec<Entry>,
    max_entries: usize,
    /// Where the current field began.
    start: usize,
    /// Where the current field's first `=` is.
    equals: Option<usize>,
}

impl Fields {
    fn end(&mut self) -> Result<(), TooManyEntries> {
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
        self.entries.push(Entry { name, value: Value::Text(value) });
        self.text.push(b'&');
        self.start = self.text.len();
        Ok(())
    }

    fn into_form(self) -> FormData {
        match String::from_utf8(self.text) {
            Ok(text) => FormData { text, entries: self.entries },
            Err(error) => lossy(error.as_bytes(), &self.entries),
        }
    }
}

fn lossy(text: &[u8], entries: &[Entry]) -> FormData {
    let decode = |range: &Range<usize>| String::from_utf8_lossy(text.get(range.clone()).unwrap_or_default());
    let mut form = FormData::new();
    for entry in entries {
        if let Value::Text(value) = &entry.value {
            form.append(&decode(&entry.name), decode(value).as_ref());
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expectations are what `new URLSearchParams(body)` gives in Node 22.
    #[test]
    fn bodies_are_read_as_browsers_read_them() {
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
    fn what_is_not_utf_8_is_replaced_field_by_field() {
        let form = parse(b"v=%E9&a=%C3&%A9=\xff\xf0\x9f\x98&ok=%C3%A9", 100).unwrap();
        let expected = [("v", "\u{fffd}"), ("a", "\u{fffd}"), ("\u{fffd}", "\u{fffd}\u{fffd}"), ("ok", "é")];
        assert_eq!(form, FormData::from_iter(expected));
    }

    #[test]
    fn entries_are_counted_and_nothing_else() {
        assert_eq!(parse(b"&&a&b=1&&", 2).unwrap().len(), 2);
        assert_eq!(parse(b"a&b&c", 2), Err(TooManyEntries { max: 2 }));
        assert_eq!(parse(b"a", 0), Err(TooManyEntries { max: 0 }));
        assert_eq!(parse(b"", 0).unwrap().len(), 0);
    }
}
