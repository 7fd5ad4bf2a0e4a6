//! Conversions between [`Date`] and the types that other crates have for a moment.
//!
//! What is finer than a millisecond is cut off towards the past.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::date::Date;
use super::error::Invalid;

const OUT_OF_RANGE: Invalid = Invalid::new("date: out of range");

fn from_nanos(nanos: i128) -> Result<Date, Invalid> {
    i64::try_from(nanos.div_euclid(1_000_000)).map_err(|_| OUT_OF_RANGE).and_then(Date::from_millis)
}

impl TryFrom<SystemTime> for Date {
    type Error = Invalid;

    fn try_from(time: SystemTime) -> Result<Self, Invalid> {
        let nanos = |duration: Duration| i128::try_from(duration.as_nanos()).map_err(|_| OUT_OF_RANGE);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => from_nanos(nanos(after)?),
            Err(before) => from_nanos(-nanos(before.duration())?),
        }
    }
}

impl TryFrom<Date> for SystemTime {
    type Error = Invalid;

    fn try_from(date: Date) -> Result<Self, Invalid> {
        let distance = Duration::from_millis(date.millis().unsigned_abs());
        let time = if date.millis() < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        time.ok_or(OUT_OF_RANGE)
    }
}

#[cfg(feature = "time")]
impl From<time::OffsetDateTime> for Date {
    /// A moment that JavaScript cannot express, which `time` has by its feature `large-dates` alone, becomes
    /// [`Date::MIN`] or [`Date::MAX`].
    fn from(time: time::OffsetDateTime) -> Self {
        let end = if time.unix_timestamp() < 0 { Self::MIN } else { Self::MAX };
        from_nanos(time.unix_timestamp_nanos()).unwrap_or(end)
    }
}

#[cfg(feature = "time")]
impl TryFrom<Date> for time::OffsetDateTime {
    type Error = Invalid;

    fn try_from(date: Date) -> Result<Self, Invalid> {
        Self::from_unix_timestamp_nanos(i128::from(date.millis()) * 1_000_000).map_err(|_| OUT_OF_RANGE)
    }
}

#[cfg(feature = "chrono")]
impl<Zone: chrono::TimeZone> From<chrono::DateTime<Zone>> for Date {
    fn from(time: chrono::DateTime<Zone>) -> Self {
        // Every moment of `chrono` is within JavaScript's range.
        Self::from_millis(time.timestamp_millis()).unwrap_or_default()
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<Date> for chrono::DateTime<chrono::Utc> {
    type Error = Invalid;

    fn try_from(date: Date) -> Result<Self, Invalid> {
        Self::from_timestamp_millis(date.millis()).ok_or(OUT_OF_RANGE)
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Date {
    fn from(time: jiff::Timestamp) -> Self {
        // Every moment of `jiff` is within JavaScript's range.
        from_nanos(time.as_nanosecond()).unwrap_or_default()
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<Date> for jiff::Timestamp {
    type Error = Invalid;

    fn try_from(date: Date) -> Result<Self, Invalid> {
        Self::from_millisecond(date.millis()).map_err(|_| OUT_OF_RANGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_finer_than_a_millisecond_is_cut_off_towards_the_past() {
        let before = UNIX_EPOCH - Duration::from_nanos(1);
        assert_eq!(Date::try_from(before).unwrap().millis(), -1);
        assert_eq!(Date::try_from(UNIX_EPOCH + Duration::from_nanos(1_999_999)).unwrap().millis(), 1);
        let date = Date::from_millis(-86_400_000).unwrap();
        assert_eq!(Date::try_from(SystemTime::try_from(date).unwrap()), Ok(date));
    }

    #[cfg(feature = "time")]
    #[test]
    fn time_has_the_same_moments() {
        let date = Date::from_millis(-1).unwrap();
        let time = time::OffsetDateTime::UNIX_EPOCH - time::Duration::nanoseconds(1);
        assert_eq!(Date::from(time), date);
        assert_eq!(time::OffsetDateTime::try_from(date).map(Date::from), Ok(date));
        assert!(time::OffsetDateTime::try_from(Date::MAX).is_err());
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono_has_the_same_moments() {
        use chrono::{DateTime, Utc};

        for date in [Date::from_millis(-1).unwrap(), Date::MIN, Date::MAX] {
            // Not all of JavaScript's moments are chrono's.
            if let Ok(time) = DateTime::<Utc>::try_from(date) {
                assert_eq!(Date::from(time), date);
            }
        }
        assert!(Date::from(DateTime::<Utc>::MIN_UTC) > Date::MIN);
        assert!(Date::from(DateTime::<Utc>::MAX_UTC) < Date::MAX);
        assert_eq!(Date::from(DateTime::<Utc>::from_timestamp_nanos(-1)).millis(), -1);
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff_has_the_same_moments() {
        let date = Date::from_millis(-1).unwrap();
        assert_eq!(Date::from(jiff::Timestamp::from_nanosecond(-1).unwrap()), date);
        assert_eq!(jiff::Timestamp::try_from(date).map(Date::from), Ok(date));
        assert!(Date::from(jiff::Timestamp::MIN) > Date::MIN && Date::from(jiff::Timestamp::MAX) < Date::MAX);
    }
}
