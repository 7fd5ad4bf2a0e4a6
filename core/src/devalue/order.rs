//! Objects whose keys came in another order than JavaScript lists them.
//!
//! It lists keys that are array indices first, in ascending order, and so numbers the slots of their values first. A value is
//! written as it comes; if any of its objects was not in JavaScript's order, the whole is numbered anew, once.

use std::ops::Range;

use super::error::Error;
use super::marker::TypedArrayKind;
use super::reference::push_ref;
use super::ser::Encoder;
use super::slots::{Ref, SPARSE};
use super::text::array_index;

/// Writes a value again whose objects have their entries in JavaScript's order. Returns what stands for it.
#[cold]
pub(super) fn reorder(encoder: &mut Encoder, root: Ref) -> Result<Ref, Error> {
    let written = std::mem::replace(encoder, Encoder::new());
    Written { arena: &written.slots.arena, ranges: &written.slots.ranges }.copy(encoder, root)
}

/// The string at the start of a text that we wrote, for messages: escapes stay.
pub(super) fn first_string(text: &[u8]) -> String {
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

/// Slots as they were first written.
struct Written<'a> {
    arena: &'a [u8],
    ranges: &'a [Range<usize>],
}

impl Written<'_> {
    fn text(&self, slot: Ref) -> Option<&[u8]> {
        let range = self.ranges.get(usize::try_from(slot).ok()?)?;
        self.arena.get(range.start..range.end.checked_sub(1)?)
    }

    /// Gives a value its slot anew. Nothing but a primitive is ever shared.
    fn copy(&self, encoder: &mut Encoder, slot: Ref) -> Result<Ref, Error> {
        match self.text(slot) {
            // A constant.
            None => Ok(slot),
            Some(text) if text.starts_with(b"[\"BigInt\"") => encoder.slots.intern(text, false),
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
        entries.sort_by_cached_key(|(key, ..)| array_index(unquote(key)).map_or(u64::MAX, u64::from));

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
        let is_view = is_view(text);
        let mut is_sparse = false;
        let mut numbers = 0;
        for token in (Tokens { text, at: 0 }) {
            match token {
                Token::Other(byte) => encoder.scratch.push(byte),
                Token::String(string) => encoder.scratch.extend_from_slice(string),
                Token::Number(number) => {
                    is_sparse |= numbers == 0 && number == SPARSE;
                    let is_slot = match (is_view, is_sparse) {
                        (true, _) => numbers == 0,
                        (_, true) => numbers >= 3 && numbers % 2 == 1,
                        _ => true,
                    };
                    let number = if is_slot { self.copy(encoder, number)? } else { number };
                    encoder.scratch.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
                    numbers += 1;
                }
            }
        }
        fill(encoder, copy, start);
        Ok(copy)
    }
}

/// Gives a slot the text that stands open in the scratch.
fn fill(encoder: &mut Encoder, slot: Ref, start: usize) {
    let Encoder { slots, scratch, .. } = encoder;
    slots.fill(slot, [scratch.get(start..).unwrap_or_default()]);
    scratch.truncate(start);
}

/// Whether the slot is a view, whose offset and length are numbers of their own.
fn is_view(text: &[u8]) -> bool {
    let name = text.strip_prefix(b"[\"").and_then(|rest| rest.split(|&byte| byte == b'"').next());
    name.and_then(|name| str::from_utf8(name).ok()).is_some_and(|name| TypedArrayKind::from_name(name).is_some())
}

/// A slot's text, which we wrote ourselves, in pieces.
struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
}

#[derive(Clone, Copy)]
enum Token<'a> {
    /// With its quotes.
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
