//! Percent-encoding of URL components, as in JavaScript.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that are encoded: all except `uriUnescaped` of ECMA-262.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Encodes text as JavaScript's `encodeURIComponent` does.
pub(crate) fn encode_uri_component(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, COMPONENT).into()
}

/// Encodes a name or value as JavaScript's `URLSearchParams` does (WHATWG URL Standard, section 5.2).
pub(crate) fn encode_query_component(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Decodes text once, as `decodeURIComponent` does. Returns `None` if a `%` is not followed by two hex digits, or if the
/// decoded bytes are not UTF-8.
pub(crate) fn decode_uri_component(text: &str) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| byte == b'%') {
        return Some(text.into());
    }
    let (mut head, mut tail) = text.split_once('%')?;
    let mut decoded = Vec::with_capacity(text.len());
    loop {
        decoded.extend_from_slice(head.as_bytes());
        decoded.push(parse_hex_pair(tail.as_bytes())?);
        // The two hex digits are ASCII, so this is a character boundary.
        let rest = tail.get(2..)?;
        match rest.split_once('%') {
            Some(next) => (head, tail) = next,
            None => {
                decoded.extend_from_slice(rest.as_bytes());
                return String::from_utf8(decoded).ok().map(Cow::Owned);
            }
        }
    }
}

/// Parses the first two bytes as hex digits.
pub(super) fn parse_hex_pair(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = digits else { return None };
    Some(parse_hex_digit(*high)? << 4 | parse_hex_digit(*low)?)
}

fn parse_hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expectations are Node 22's `encodeURIComponent` and `URLSearchParams`.
    #[test]
    fn components_are_encoded_as_in_javascript() {
        let ascii: String = (' '..='~').collect();
        assert_eq!(
            encode_uri_component(&ascii),
            "%20!%22%23%24%25%26'()*%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F%40ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_\
             %60abcdefghijklmnopqrstuvwxyz%7B%7C%7D~"
        );
        assert_eq!(encode_uri_component("\0\n\u{7f}é😀"), "%00%0A%7F%C3%A9%F0%9F%98%80");
        assert_eq!(
            encode_query_component(&ascii),
            "+%21%22%23%24%25%26%27%28%29*%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F%40ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C\
             %5D%5E_%60abcdefghijklmnopqrstuvwxyz%7B%7C%7D%7E"
        );
        assert_eq!(encode_query_component("\0\né"), "%00%0A%C3%A9");
    }

    #[test]
    fn components_are_decoded_once_and_strictly() {
        for (encoded, decoded) in [
            ("plain+é", Some("plain+é")),
            ("", Some("")),
            ("%61%2F%c3%A9%2561", Some("a/é%61")),
            ("a%20b", Some("a b")),
            ("%", None),
            ("a%4", None),
            ("%zz", None),
            ("%4é", None),
            ("%+1", None),
            ("%C3", None),
            ("%ff", None),
            ("%ED%A0%80", None),
            ("%C0%AF", None),
        ] {
            assert_eq!(decode_uri_component(encoded).as_deref(), decoded, "{encoded}");
        }
        assert!(matches!(decode_uri_component("plain"), Some(Cow::Borrowed(_))));
    }
}
