//! Formatting as `Date.prototype.toISOString` does (ECMA-262, Date Time String Format).

use super::calendar::civil_from_days;
use super::{Date, MILLIS_PER_DAY};

/// The text of `toISOString()`, right-aligned.
pub(super) struct IsoText {
    text: [u8; 27],
    start: usize,
}

impl IsoText {
    #[inline]
    pub(super) fn new(date: Date) -> Self {
        let (year, month, day) = civil_from_days(date.0.div_euclid(MILLIS_PER_DAY));
        let millis = date.0.rem_euclid(MILLIS_PER_DAY);
        let (seconds, minutes) = (millis / 1000, millis / 60_000);
        let mut text = *b"+000000-00-00T00:00:00.000Z";
        let mut put = |at: usize, two_digits: i64| {
            // Every number passed below has at most two digits.
            text[at] += (two_digits / 10) as u8;
            text[at + 1] += (two_digits % 10) as u8;
        };
        put(1, year.abs() / 10_000);
        put(3, year.abs() / 100 % 100);
        put(5, year.abs() % 100);
        put(8, month);
        put(11, day);
        put(14, minutes / 60);
        put(17, minutes % 60);
        put(20, seconds % 60);
        put(23, millis % 1000 / 10);
        text[25] += (millis % 10) as u8;
        if year < 0 {
            text[0] = b'-';
        }
        Self { text, start: if (0..=9999).contains(&year) { 3 } else { 0 } }
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.text[self.start..]).unwrap_or_default()
    }
}
