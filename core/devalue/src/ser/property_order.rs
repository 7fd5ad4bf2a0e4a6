//! The order of an object's properties: JavaScript lists array indices first, in ascending order.
//!
//! `stringify` numbers slots in that order. The encoder writes entries in the order of serde. If that differs in any
//! object, the finished text is copied once, with all slots numbered anew.

use std::ops::Range;

use super::encoder::Encoder;
use crate::error::Error;
#[cfg(feature = "exotic")]
use crate::exotic::TypedArrayKind;
#[cfg(feature = "exotic")]
use crate::reference::SPARSE;
use crate::reference::{Ref, push_ref};

/// Returns the array index that a key stands for, if any (ECMA-262, OrdinaryOwnPropertyKeys).
pub(super) fn parse_array_index(key: &[u8]) -> Option<u32> {
    if key.len() > 10 || (key.len() > 1 && key.starts_with(b"0")) || key.is_empty() {
        return None;
    }
    let number = key
        .iter()
        .try_fold(0_u64, |number, &byte| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0')))?;
    u32::try_from(number).ok().filter(|&number| number != u32::MAX)
}

/// Copies the written value with the properties of its objects in JavaScript's order. Returns the new root.
#[cold]
pub(super) fn reorder(encoder: &mut Encoder, root: Ref) -> Result<Ref, Error> {
    let written = std::mem::replace(encoder, Encoder::new());
    Written { arena: &written.slots.arena, ranges: &written.slots.ranges }.copy(encoder, root)
}

/// Returns the string at the start of written text, with its escapes. For error paths.
pub(super) fn read_first_string(text: &[u8]) -> String {
    match (Tokens { text, at: 0 }).next() {
        Some(Token::String(key)) => String::from_utf8_lossy(unquote(key)).into_owned(),
        _ => String::new(),
    }
}

fn unquote(string: &[u8]) -> &[u8] {
    match string {
        [b'"', inner @ .., b'"'] => inner,
        _ => string,
    }
}

/// The slots in their first order.
struct Written<'a> {
    arena: &'a [u8],
    ranges: &'a [Range<usize>],
}

impl Written<'_> {
    fn text(&self, slot: Ref) -> Option<&[u8]> {
        let range = self.ranges.get(usize::try_from(slot).ok()?)?;
        self.arena.get(range.start..range.end.checked_sub(1)?)
    }

    /// Copies a value into a new slot. Only primitives share slots.
    fn copy(&self, encoder: &mut Encoder, slot: Ref) -> Result<Ref, Error> {
        match self.text(slot) {
            // A negative constant.
            None => Ok(slot),
            Some(text) if text.starts_with(b"[\"BigInt\"") => encoder.slots.intern(text, false),
            #[cfg(feature = "exotic")]
            Some(text) if text.starts_with(b"[\"null\"") => self.copy_object(encoder, text, b"[\"null\","),
            Some(text @ [b'{', ..]) => self.copy_object(encoder, text, b"{"),
            Some(text @ [b'[', ..]) => self.copy_list(encoder, text),
            Some(text @ [b'"', ..]) => encoder.slots.intern(unquote(text), true),
            Some(text) => encoder.slots.intern(text, false),
        }
    }

    fn copy_object(&self, encoder: &mut Encoder, text: &[u8], opening: &[u8]) -> Result<Ref, Error> {
        let copy = encoder.slots.reserve()?;
        let start = encoder.scratch.len();
        let mut tokens = Tokens { text, at: opening.len() };
        let mut entries = Vec::new();
        while let Some(Token::String(key)) = tokens.next() {
            let (Some(Token::Other(separator)), Some(Token::Number(slot))) = (tokens.next(), tokens.next()) else {
                break;
            };
            tokens.next();
            entries.push((key, separator, slot));
        }
        entries.sort_by_cached_key(|(key, ..)| parse_array_index(unquote(key)).map_or(u64::MAX, u64::from));

        encoder.scratch.extend_from_slice(opening);
        for (key, separator, slot) in entries {
            encoder.scratch.extend_from_slice(key);
            encoder.scratch.push(separator);
            let slot = self.copy(encoder, slot)?;
            push_ref(&mut encoder.scratch, slot);
        }
        if encoder.scratch.last() == Some(&b',') {
            encoder.scratch.pop();
        }
        encoder.scratch.extend(text.last());
        fill(encoder, copy, start);
        Ok(copy)
    }

    fn copy_list(&self, encoder: &mut Encoder, text: &[u8]) -> Result<Ref, Error> {
        let copy = encoder.slots.reserve()?;
        let start = encoder.scratch.len();
        let mut numbers = ListNumbers::new(text);
        for token in (Tokens { text, at: 0 }) {
            match token {
                Token::Other(byte) => encoder.scratch.push(byte),
                Token::String(string) => encoder.scratch.extend_from_slice(string),
                Token::Number(number) => {
                    let number = if numbers.advance(number) { self.copy(encoder, number)? } else { number };
                    encoder.scratch.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
                }
            }
        }
        fill(encoder, copy, start);
        Ok(copy)
    }
}

/// Moves the text at the end of the scratch buffer to a slot.
fn fill(encoder: &mut Encoder, slot: Ref, start: usize) {
    let Encoder { slots, scratch, .. } = encoder;
    slots.fill(slot, [scratch.get(start..).unwrap_or_default()]);
    scratch.truncate(start);
}

/// The meaning of the numbers in a list: slots, or lengths, offsets and indices.
#[cfg(feature = "exotic")]
struct ListNumbers {
    is_view: bool,
    is_sparse: bool,
    count: usize,
}

#[cfg(feature = "exotic")]
impl ListNumbers {
    fn new(text: &[u8]) -> Self {
        let name = text.strip_prefix(b"[\"").and_then(|rest| rest.split(|&byte| byte == b'"').next());
        let name = name.and_then(|name| str::from_utf8(name).ok());
        let is_view = name.is_some_and(|name| TypedArrayKind::from_name(name).is_some());
        Self { is_view, is_sparse: false, count: 0 }
    }

    /// Advances past a number. Returns whether it refers to a slot.
    fn advance(&mut self, number: Ref) -> bool {
        self.is_sparse |= self.count == 0 && number == SPARSE;
        let is_slot = match (self.is_view, self.is_sparse) {
            (true, _) => self.count == 0,
            (_, true) => self.count >= 3 && self.count % 2 == 1,
            _ => true,
        };
        self.count += 1;
        is_slot
    }
}

/// Without exotic types, every number in a list refers to a slot.
#[cfg(not(feature = "exotic"))]
struct ListNumbers;

#[cfg(not(feature = "exotic"))]
impl ListNumbers {
    fn new(_text: &[u8]) -> Self {
        Self
    }

    fn advance(&mut self, _number: Ref) -> bool {
        true
    }
}

/// The tokens of written text, which is known to be well-formed.
struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
}

#[derive(Clone, Copy)]
enum Token<'a> {
    /// A string with its quotes.
    String(&'a [u8]),
    Number(Ref),
    Other(u8),
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.at..)?;
        let (token, length) = match rest.first()? {
            b'"' => {
                let mut length = 1;
                while *rest.get(length)? != b'"' {
                    length += if rest.get(length) == Some(&b'\\') { 2 } else { 1 };
                }
                (Token::String(rest.get(..=length)?), length + 1)
            }
            b'-' | b'0'..=b'9' => {
                let length = rest.iter().position(|byte| !matches!(byte, b'-' | b'0'..=b'9')).unwrap_or(rest.len());
                let number = str::from_utf8(rest.get(..length)?).ok()?.parse().ok()?;
                (Token::Number(number), length)
            }
            &other => (Token::Other(other), 1),
        };
        self.at += length;
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_array_indices_are_indices() {
        assert_eq!(parse_array_index(b"0"), Some(0));
        assert_eq!(parse_array_index(b"4294967294"), Some(4_294_967_294));
        for key in ["", "00", "01", "-1", "1.0", "1e3", "4294967295", "99999999999", " 1", "1a"] {
            assert_eq!(parse_array_index(key.as_bytes()), None, "{key}");
        }
    }
}
