//! Parsing of JavaScript's date-time format (ECMA-262, Date Time String Format).

use super::MILLIS_PER_DAY;
use super::calendar::{civil_from_days, days_from_civil};
use crate::error::InvalidValue;

const INVALID: InvalidValue =
    InvalidValue::new("invalid date: expected an ISO 8601 text such as `2024-02-03T04:05:06.789Z`");

/// Returns the milliseconds since 1970-01-01T00:00:00Z, which may be outside of JavaScript's range.
pub(super) fn parse_millis(text: &str) -> Result<i64, InvalidValue> {
    let mut parser = Parser(text.as_bytes());
    parser.parse_date_time().filter(|_| parser.0.is_empty()).ok_or(INVALID)
}

struct Parser<'a>(&'a [u8]);

impl Parser<'_> {
    fn parse_date_time(&mut self) -> Option<i64> {
        let year = match self.parse_sign() {
            None => self.parse_digits(4)?,
            Some(sign) => Some(sign * self.parse_digits(6)?).filter(|&year| sign > 0 || year != 0)?,
        };
        let month = if self.take(b'-') { self.parse_in_range(1, 12)? } else { 1 };
        let day = if self.take(b'-') { self.parse_in_range(1, 31)? } else { 1 };
        let date = days_from_civil(year, month, day);
        if civil_from_days(date) != (year, month, day) {
            return None;
        }
        let midnight = date * MILLIS_PER_DAY;
        if !(self.take(b'T') || self.take(b't') || self.take(b' ')) {
            return Some(midnight);
        }
        let time = self.parse_time()?;
        Some(midnight + time - self.parse_offset()?)
    }

    fn parse_time(&mut self) -> Option<i64> {
        let minutes = self.parse_in_range(0, 24)? * 60 + self.expect_colon()?.parse_in_range(0, 59)?;
        let mut millis = minutes * 60_000;
        if self.take(b':') {
            millis += self.parse_in_range(0, 59)? * 1000;
            if self.take(b'.') {
                let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let (fraction, rest) = self.0.split_at_checked(length).filter(|_| length > 0)?;
                let place = |at| fraction.get(at).map_or(0, |digit| i64::from(digit - b'0'));
                millis += place(0) * 100 + place(1) * 10 + place(2);
                self.0 = rest;
            }
        }
        (millis <= MILLIS_PER_DAY).then_some(millis)
    }

    fn parse_offset(&mut self) -> Option<i64> {
        if self.0.is_empty() || self.take(b'Z') || self.take(b'z') {
            return Some(0);
        }
        let sign = self.parse_sign()?;
        let hours = self.parse_in_range(0, 23)?;
        self.take(b':');
        Some(sign * (hours * 60 + self.parse_in_range(0, 59)?) * 60_000)
    }

    fn parse_sign(&mut self) -> Option<i64> {
        if self.take(b'+') { Some(1) } else { self.take(b'-').then_some(-1) }
    }

    fn expect_colon(&mut self) -> Option<&mut Self> {
        self.take(b':').then_some(self)
    }

    fn take(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((&first, rest)) if first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn parse_in_range(&mut self, low: i64, high: i64) -> Option<i64> {
        self.parse_digits(2).filter(|number| (low..=high).contains(number))
    }

    fn parse_digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
    }
}
