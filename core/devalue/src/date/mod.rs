//! `Date`.

mod calendar;
mod conversions;
mod iso;
mod parse;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::InvalidValue;
use crate::marker::{self, Tag};
use iso::IsoText;

/// JavaScript's `Date`: a number of milliseconds since 1970-01-01T00:00:00Z.
///
/// Its range is that of a valid `Date`, ±8.64e15 ms (ECMA-262, Time Values and Time Range). `Display` prints the text of
/// `toISOString()`, which is also its form in other formats.
///
/// It converts from and to [`SystemTime`](std::time::SystemTime). With the features `time`, `chrono` and `jiff` it
/// converts from and to `time::OffsetDateTime`, `chrono::DateTime` and `jiff::Timestamp`.
///
/// ```
/// use enact_devalue::Date;
///
/// let date: Date = "2024-02-03T05:05:06.789+01:00".parse().unwrap();
/// assert_eq!(date.to_string(), "2024-02-03T04:05:06.789Z");
/// assert_eq!(enact_devalue::to_string(&date).unwrap(), r#"[["Date","2024-02-03T04:05:06.789Z"]]"#);
/// assert_eq!(serde_json::to_string(&date).unwrap(), r#""2024-02-03T04:05:06.789Z""#);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

const OUT_OF_RANGE: InvalidValue =
    InvalidValue::new("date out of range: expected at most 8.64e15 milliseconds before or after 1970-01-01");
const MILLIS_PER_DAY: i64 = 86_400_000;

impl Date {
    /// The earliest date that JavaScript can represent.
    pub const MIN: Self = Self(-8_640_000_000_000_000);
    /// The latest date that JavaScript can represent.
    pub const MAX: Self = Self(8_640_000_000_000_000);

    /// Creates a date from milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// Returns an error outside of [`MIN`](Self::MIN) to [`MAX`](Self::MAX).
    pub const fn from_millis(millis: i64) -> Result<Self, InvalidValue> {
        if Self::MIN.0 <= millis && millis <= Self::MAX.0 { Ok(Self(millis)) } else { Err(OUT_OF_RANGE) }
    }

    /// Returns the milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(IsoText::new(*self).as_str())
    }
}

impl FromStr for Date {
    type Err = InvalidValue;

    /// Parses JavaScript's date-time format (ECMA-262, Date Time String Format).
    ///
    /// The date is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; its year may be `±YYYYYY`. A time may follow: `THH:mm`, seconds
    /// `:ss`, a fraction `.sss`, and an offset such as `Z` or `+01:00`.
    ///
    /// Digits after the milliseconds are dropped. A time without an offset is UTC; JavaScript assumes the local time
    /// zone.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        Self::from_millis(parse::parse_millis(text)?)
    }
}

impl Serialize for Date {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Tag::Date.marker(), IsoText::new(*self).as_str())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        marker::deserialize_string(deserializer, Tag::Date.marker(), "a date", str::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected texts are those of `new Date(text).toISOString()` in Node 22.
    #[test]
    fn iso_texts_parse_as_in_javascript() {
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
    fn time_without_offset_is_utc() {
        assert_eq!("2024-02-03T04:05".parse::<Date>().unwrap().to_string(), "2024-02-03T04:05:00.000Z");
    }

    #[test]
    fn malformed_dates_are_rejected() {
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

    /// Tests the ends of JavaScript's range and of the four-digit years.
    #[test]
    fn extreme_years_print_as_in_javascript() {
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
