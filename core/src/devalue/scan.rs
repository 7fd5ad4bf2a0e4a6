//! JSON text: where the slots lie in it, and the pieces that they consist of (RFC 8259).

use std::borrow::Cow;

use super::error::Error;
use super::slots::Ref;

/// How deeply brackets may nest. What devalue writes has three levels.
const MAX_NESTING: usize = 128;

/// A place in a text.
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
    fn malformed(&self) -> Error {
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
        if self.take(byte) { Ok(()) } else { Err(self.malformed()) }
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes the comma before the next item of a container, or its closing bracket.
    ///
    /// Only for text that [`skip_value`](Self::skip_value) has passed: the commas are taken to be right.
    pub(super) fn has_more(&mut self) -> bool {
        self.skip_space();
        if self.take(b',') {
            self.skip_space();
        }
        !matches!(self.peek(), Some(b']' | b'}') | None)
    }

    /// Passes the colon after a key.
    pub(super) fn colon(&mut self) {
        self.skip_space();
        self.take(b':');
        self.skip_space();
    }

    /// A slot's number or a negative constant.
    pub(super) fn reference(&mut self) -> Result<Ref, Error> {
        let digits = match self.peek() {
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(Error::new("expected the number of a slot")),
        };
        if let Ok(number) = digits.parse() {
            return Ok(number);
        }
        // `1.0` and `1e0` are whole numbers to JavaScript.
        let number: f64 = digits.parse().unwrap_or(f64::NAN);
        let is_whole = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
        if is_whole { Ok(number as Ref) } else { Err(Error::new("expected the number of a slot")) }
    }

    /// The text of a number.
    pub(super) fn number(&mut self) -> Result<&'de str, Error> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        self.text.get(start..self.at).ok_or_else(|| self.malformed())
    }

    fn digits(&mut self) -> Result<(), Error> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.malformed()) } else { Ok(()) }
    }

    /// A string, borrowed if it has no escapes.
    ///
    /// Half a surrogate pair becomes U+FFFD, as wherever JavaScript writes UTF-8.
    pub(super) fn string(&mut self) -> Result<Cow<'de, str>, Error> {
        self.expect(b'"')?;
        let mut text = Cow::Borrowed("");
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let length = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
            let end = self.at + length.ok_or_else(|| self.malformed())?;
            // Allocates only if something came before.
            text += self.text.get(self.at..end).unwrap_or_default();
            self.at = end;
            if self.take(b'"') {
                return Ok(text);
            }
            self.expect(b'\\')?;
            let escaped = self.escape()?;
            text.to_mut().push(escaped);
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let byte = self.peek().ok_or_else(|| self.malformed())?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                if let Some(rest) = self.text.get(self.at..).filter(|_| (0xD800..0xDC00).contains(&unit))
                    && rest.starts_with("\\u")
                {
                    let mut second = Self { text: self.text, at: self.at + 2 };
                    let low = second.hex()?;
                    if (0xDC00..0xE000).contains(&low) {
                        *self = second;
                        let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                }
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(self.malformed()),
        })
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or_else(|| self.malformed())?;
        let unit =
            digits.iter().try_fold(0, |unit, &byte| char::from(byte).to_digit(16).map(|digit| unit * 16 + digit));
        let unit = unit.ok_or_else(|| self.malformed())?;
        self.at += 4;
        Ok(unit)
    }

    /// Passes a string without decoding it.
    fn skip_string(&mut self) -> Result<(), Error> {
        self.expect(b'"')?;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let length = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
            self.at += length.ok_or_else(|| self.malformed())?;
            if self.take(b'"') {
                return Ok(());
            }
            self.expect(b'\\')?;
            self.escape()?;
        }
    }

    /// Passes any value, checking that it is well-formed.
    fn skip_value(&mut self, nesting: usize) -> Result<(), Error> {
        if nesting > MAX_NESTING {
            return Err(Error::new("JSON is nested too deeply"));
        }
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
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
                self.at += word.ok_or_else(|| self.malformed())?.len();
                Ok(())
            }
        }
    }

    /// Passes a container, calling `item` at the start of each of its items.
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

    /// Checks the whole text and gives where each slot begins, and last where they end; or the number that it is.
    pub(super) fn split(mut self) -> Result<Result<Vec<usize>, Ref>, Error> {
        self.skip_space();
        let split = match self.peek() {
            Some(b'[') => {
                let mut starts = Vec::new();
                self.skip_container(b']', |cursor| {
                    starts.push(cursor.at);
                    cursor.skip_value(0)
                })?;
                starts.push(self.at);
                Ok(starts)
            }
            Some(b'-' | b'0'..=b'9') => Err(self.reference()?),
            _ => return Err(Error::new("expected an array of slots")),
        };
        self.skip_space();
        if self.at == self.text.len() { Ok(split) } else { Err(self.malformed()) }
    }

    /// The same text at another place.
    pub(super) fn moved(self, at: usize) -> Self {
        Self { at, ..self }
    }
}
