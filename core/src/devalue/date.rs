use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::Invalid;
use super::marker::{self, Tag};

/// JavaScript's `Date`: a moment, in milliseconds since 1970-01-01T00:00:00Z.
///
/// It holds what a valid `Date` can hold, ±8.64e15 ms (ECMA-262, Time Values and Time Range), and prints as
/// `toISOString` does. In other formats it is that text.
///
/// ```
/// use enact::devalue::{self, Date};
///
/// let date: Date = "2024-02-03T05:05:06.789+01:00".parse().unwrap();
/// assert_eq!(date.to_string(), "2024-02-03T04:05:06.789Z");
/// assert_eq!(devalue::to_string(&date).unwrap(), r#"[["Date","2024-02-03T04:05:06.789Z"]]"#);
/// assert_eq!(serde_json::to_string(&date).unwrap(), r#""2024-02-03T04:05:06.789Z""#);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

const INVALID: Invalid = Invalid::new("date");
const MILLIS_PER_DAY: i64 = 86_400_000;

impl Date {
    /// The first moment that JavaScript can express.
    pub const MIN: Self = Self(-8_640_000_000_000_000);
    /// The last moment that JavaScript can express.
    pub const MAX: Self = Self(8_640_000_000_000_000);

    /// The moment so many milliseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`Invalid`] beyond [`MIN`](Self::MIN) and [`MAX`](Self::MAX).
    pub const fn from_millis(millis: i64) -> Result<Self, Invalid> {
        if Self::MIN.0 <= millis && millis <= Self::MAX.0 { Ok(Self(millis)) } else { Err(INVALID) }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }
}

/// The text of `toISOString`, right-aligned.
struct Iso {
    text: [u8; 27],
    start: usize,
}

impl Iso {
    #[inline]
    fn new(date: Date) -> Self {
        let (year, month, day) = civil(date.0.div_euclid(MILLIS_PER_DAY));
        let millis = date.0.rem_euclid(MILLIS_PER_DAY);
        let (seconds, minutes) = (millis / 1000, millis / 60_000);
        let mut text = *b"+000000-00-00T00:00:00.000Z";
        let mut put = |at: usize, two_digits: i64| {
            // Both digits are in 0..=9 for what is passed below.
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
    fn as_str(&self) -> &str {
        str::from_utf8(&self.text[self.start..]).unwrap_or_default()
    }
}

/// Year, month and day of a day counted from 1970-01-01, by the proleptic Gregorian calendar.
///
/// Counts in eras of 400 years that begin with a March, so that the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

/// The inverse of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    era * 146_097 + year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1 - 719_468
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Iso::new(*self).as_str())
    }
}

impl FromStr for Date {
    type Err = Invalid;

    /// Reads JavaScript's date-time format (ECMA-262, Date Time String Format): a date of `YYYY`, `YYYY-MM` or
    /// `YYYY-MM-DD`, where the year may be `±YYYYYY`, and optionally a time `THH:mm`, `:ss`, `.sss` and an offset.
    ///
    /// Digits beyond the milliseconds are dropped. Without an offset the time is taken as UTC, since there is no local
    /// time zone to take it in.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let mut parser = Parser(text.as_bytes());
        let millis = parser.date_time().filter(|_| parser.0.is_empty()).ok_or(INVALID)?;
        Self::from_millis(millis)
    }
}

struct Parser<'a>(&'a [u8]);

impl Parser<'_> {
    fn date_time(&mut self) -> Option<i64> {
        let year = match self.sign() {
            None => self.digits(4)?,
            Some(sign) => Some(sign * self.digits(6)?).filter(|&year| sign > 0 || year != 0)?,
        };
        let month = if self.take(b'-') { self.in_range(1, 12)? } else { 1 };
        let day = if self.take(b'-') { self.in_range(1, 31)? } else { 1 };
        let date = days(year, month, day);
        if civil(date) != (year, month, day) {
            return None;
        }
        let midnight = date * MILLIS_PER_DAY;
        if !(self.take(b'T') || self.take(b't') || self.take(b' ')) {
            return Some(midnight);
        }
        let time = self.time()?;
        Some(midnight + time - self.offset()?)
    }

    fn time(&mut self) -> Option<i64> {
        let minutes = self.in_range(0, 24)? * 60 + self.colon()?.in_range(0, 59)?;
        let mut millis = minutes * 60_000;
        if self.take(b':') {
            millis += self.in_range(0, 59)? * 1000;
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

    fn offset(&mut self) -> Option<i64> {
        if self.0.is_empty() || self.take(b'Z') || self.take(b'z') {
            return Some(0);
        }
        let sign = self.sign()?;
        let hours = self.in_range(0, 23)?;
        self.take(b':');
        Some(sign * (hours * 60 + self.in_range(0, 59)?) * 60_000)
    }

    fn sign(&mut self) -> Option<i64> {
        if self.take(b'+') { Some(1) } else { self.take(b'-').then_some(-1) }
    }

    fn colon(&mut self) -> Option<&mut Self> {
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

    fn in_range(&mut self, low: i64, high: i64) -> Option<i64> {
        self.digits(2).filter(|number| (low..=high).contains(number))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
    }
}

impl Serialize for Date {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Tag::Date.marker(), Iso::new(*self).as_str())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        marker::deserialize_text(deserializer, Tag::Date.marker(), "a date", str::parse)
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "x-type": "Date" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `new Date(text).toISOString()` gave in Node 22 for the same texts with a time zone.
    #[test]
    fn texts_read_as_in_javascript() {
        for (text, iso) in [
            ("2024-02-03", "2024-02-03T00:00:00.000Z"),
            ("2024-02", "2024-02-01T00:00:00.000Z"),
            ("2024", "2024-01-01T00:00:00.000Z"),
            ("-000001-01-01", "-000001-01-01T00:00:00.000Z"),
            ("+012345-06-07T08:09Z", "+012345-06-07T08:09:00.000Z"),
            ("2024-02-03T04:05:06.7899+05:30", "2024-02-02T22:35:06.789Z"),
            ("2024-02-29T24:00:00Z", "2024-03-01T00:00:00.000Z"),
            ("2024-02-03 04:05Z", "2024-02-03T04:05:00.000Z"),
        ] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), iso, "{text}");
        }
    }

    #[test]
    fn a_time_without_offset_is_utc() {
        assert_eq!("2024-02-03T04:05".parse::<Date>().unwrap().to_string(), "2024-02-03T04:05:00.000Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "x",
            "2024-13-01",
            "2023-02-29",
            "-000000-01-01",
            "2024-02-03T",
            "2024-02-03T24:01Z",
            "2024-02-03T04:60Z",
            "2024-02-03T04:05:60Z",
            "2024-02-03T04:05:06.Z",
            "2024-02-03Z",
            "2024-1-1",
            "+275760-09-13T00:00:00.001Z",
            "2024-02-03T04:05:06.789Zé",
            "99999-01-01",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!(Date::from_millis(Date::MAX.millis() + 1).is_err());
    }

    /// The ends of JavaScript's range, and of the years of four digits.
    #[test]
    fn every_year_prints_as_in_javascript() {
        for (millis, iso) in [
            (-62_167_219_200_001, "-000001-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "+010000-01-01T00:00:00.000Z"),
            (Date::MAX.millis(), "+275760-09-13T00:00:00.000Z"),
            (Date::MIN.millis(), "-271821-04-20T00:00:00.000Z"),
        ] {
            let date = Date::from_millis(millis).unwrap();
            assert_eq!(date.to_string(), iso);
            assert_eq!(iso.parse(), Ok(date));
        }
    }
}
