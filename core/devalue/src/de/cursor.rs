//! Scanning of JSON text (RFC 8259).

use std::borrow::Cow;

use crate::error::Error;
use crate::reference::Ref;

/// The maximum nesting of brackets in a slot. The text of a slot that devalue writes has one level.
const MAX_NESTING: usize = 128;

/// A position in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'de> {
    text: &'de str,
    at: usize,
}

impl<'de> Cursor<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { text, at: 0 }
    }

    #[cold]
    fn malformed_error(&self) -> Error {
        Error::new(format_args!("malformed JSON at byte {}", self.at))
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        if self.take(byte) { Ok(()) } else { Err(self.malformed_error()) }
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Skips the comma before the next item of a container. Returns `false` at the end of the container.
    ///
    /// The text must have passed [`skip_value`](Self::skip_value), which checks the commas.
    pub(super) fn advance_to_item(&mut self) -> bool {
        self.skip_space();
        if self.take(b',') {
            self.skip_space();
        }
        !matches!(self.peek(), Some(b']' | b'}') | None)
    }

    /// Skips the colon after a key.
    pub(super) fn skip_colon(&mut self) {
        self.skip_space();
        self.take(b':');
        self.skip_space();
    }

    /// Parses a slot's number or a negative constant.
    pub(super) fn parse_reference(&mut self) -> Result<Ref, Error> {
        let digits = match self.peek() {
            Some(b'-' | b'0'..=b'9') => self.parse_number()?,
            _ => return Err(Error::new("expected a slot number")),
        };
        if let Ok(number) = digits.parse() {
            return Ok(number);
        }
        // JavaScript accepts `1.0` and `1e0` as integers.
        let number: f64 = digits.parse().unwrap_or(f64::NAN);
        let is_whole = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
        if is_whole { Ok(number as Ref) } else { Err(Error::new("expected a slot number")) }
    }

    /// Parses a number and returns its text.
    pub(super) fn parse_number(&mut self) -> Result<&'de str, Error> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.skip_digits()?;
        }
        if self.take(b'.') {
            self.skip_digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.skip_digits()?;
        }
        self.text.get(start..self.at).ok_or_else(|| self.malformed_error())
    }

    fn skip_digits(&mut self) -> Result<(), Error> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.malformed_error()) } else { Ok(()) }
    }

    /// Parses a string. It is borrowed if it has no escapes.
    ///
    /// A lone surrogate becomes U+FFFD, as in JavaScript's `TextEncoder`.
    pub(super) fn parse_string(&mut self) -> Result<Cow<'de, str>, Error> {
        self.expect(b'"')?;
        let mut text = Cow::Borrowed("");
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let length = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
            let end = self.at + length.ok_or_else(|| self.malformed_error())?;
            // Allocates only if `text` is not empty.
            text += self.text.get(self.at..end).unwrap_or_default();
            self.at = end;
            if self.take(b'"') {
                return Ok(text);
            }
            self.expect(b'\\')?;
            let escaped = self.parse_escape()?;
            text.to_mut().push(escaped);
        }
    }

    fn parse_escape(&mut self) -> Result<char, Error> {
        let byte = self.peek().ok_or_else(|| self.malformed_error())?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.parse_hex()?;
                if let Some(rest) = self.text.get(self.at..).filter(|_| (0xD800..0xDC00).contains(&unit))
                    && rest.starts_with("\\u")
                {
                    let mut second = Self { text: self.text, at: self.at + 2 };
                    let low = second.parse_hex()?;
                    if (0xDC00..0xE000).contains(&low) {
                        *self = second;
                        let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                }
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(self.malformed_error()),
        })
    }

    fn parse_hex(&mut self) -> Result<u32, Error> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or_else(|| self.malformed_error())?;
        let unit =
            digits.iter().try_fold(0, |unit, &byte| char::from(byte).to_digit(16).map(|digit| unit * 16 + digit));
        let unit = unit.ok_or_else(|| self.malformed_error())?;
        self.at += 4;
        Ok(unit)
    }

    /// Skips a string, checking that it is well-formed.
    fn skip_string(&mut self) -> Result<(), Error> {
        self.expect(b'"')?;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let length = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
            self.at += length.ok_or_else(|| self.malformed_error())?;
            if self.take(b'"') {
                return Ok(());
            }
            self.expect(b'\\')?;
            self.parse_escape()?;
        }
    }

    /// Skips a value, checking that it is well-formed.
    fn skip_value(&mut self, nesting: usize) -> Result<(), Error> {
        if nesting > MAX_NESTING {
            return Err(Error::new(format_args!(
                "JSON nested more than {MAX_NESTING} levels deep at byte {}",
                self.at
            )));
        }
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'-' | b'0'..=b'9') => self.parse_number().map(drop),
            Some(b'[') => self.skip_container(b']', |cursor| cursor.skip_value(nesting + 1)),
            Some(b'{') => self.skip_container(b'}', |cursor| {
                cursor.skip_string()?;
                cursor.skip_space();
                cursor.expect(b':')?;
                cursor.skip_space();
                cursor.skip_value(nesting + 1)
            }),
            _ => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let word = ["null", "true", "false"].into_iter().find(|word| rest.starts_with(word));
                self.at += word.ok_or_else(|| self.malformed_error())?.len();
                Ok(())
            }
        }
    }

    /// Skips a container. Calls `item` at the start of each item, which it must skip.
    fn skip_container(&mut self, close: u8, mut item: impl FnMut(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        self.at += 1;
        self.skip_space();
        if self.take(close) {
            return Ok(());
        }
        loop {
            item(self)?;
            self.skip_space();
            if self.take(close) {
                return Ok(());
            }
            self.expect(b',')?;
            self.skip_space();
        }
    }

    /// Checks the whole text and finds its slots.
    pub(super) fn split(mut self) -> Result<Split, Error> {
        self.skip_space();
        let split = match self.peek() {
            Some(b'[') => {
                let mut starts = Vec::new();
                self.skip_container(b']', |cursor| {
                    starts.push(cursor.at);
                    cursor.skip_value(0)
                })?;
                starts.push(self.at);
                Split::Slots(starts)
            }
            Some(b'-' | b'0'..=b'9') => Split::Number(self.parse_reference()?),
            _ => return Err(Error::new("expected an array of slots or a negative constant")),
        };
        self.skip_space();
        if self.at == self.text.len() { Ok(split) } else { Err(self.malformed_error()) }
    }

    /// Returns a cursor at another position of the same text.
    pub(super) fn with_position(self, at: usize) -> Self {
        Self { at, ..self }
    }
}

/// The structure of a whole text.
#[derive(Debug)]
pub(super) enum Split {
    /// The start of each slot, and last the end of the array.
    Slots(Vec<usize>),
    /// A number instead of an array.
    Number(Ref),
}
