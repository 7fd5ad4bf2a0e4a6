//! Conversions between [`Date`] and the timestamps of other crates.
//!
//! Times with a fraction of a millisecond round down, to the earlier millisecond.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Date, OUT_OF_RANGE};
use crate::error::InvalidValue;

const NOT_REPRESENTABLE: InvalidValue = InvalidValue::new("date out of range: the target type cannot represent it");

fn from_nanos(nanos: i128) -> Result<Date, InvalidValue> {
    i64::try_from(nanos.div_euclid(1_000_000)).map_err(|_| OUT_OF_RANGE).and_then(Date::from_millis)
}

impl TryFrom<SystemTime> for Date {
    type Error = InvalidValue;

    fn try_from(time: SystemTime) -> Result<Self, InvalidValue> {
        let nanos = |duration: Duration| i128::try_from(duration.as_nanos()).map_err(|_| OUT_OF_RANGE);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => from_nanos(nanos(after)?),
            Err(before) => from_nanos(-nanos(before.duration())?),
        }
    }
}

impl TryFrom<Date> for SystemTime {
    type Error = InvalidValue;

    fn try_from(date: Date) -> Result<Self, InvalidValue> {
        let distance = Duration::from_millis(date.millis().unsigned_abs());
        let time = if date.millis() < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        time.ok_or(NOT_REPRESENTABLE)
    }
}

#[cfg(feature = "time")]
impl From<time::OffsetDateTime> for Date {
    /// Converts a time. With the feature `large-dates` of `time`, a time outside of JavaScript's range becomes
    /// [`Date::MIN`] or [`Date::MAX`].
    fn from(time: time::OffsetDateTime) -> Self {
        let end = if time.unix_timestamp() < 0 { Self::MIN } else { Self::MAX };
        from_nanos(time.unix_timestamp_nanos()).unwrap_or(end)
    }
}

#[cfg(feature = "time")]
impl TryFrom<Date> for time::OffsetDateTime {
    type Error = InvalidValue;

    fn try_from(date: Date) -> Result<Self, InvalidValue> {
        Self::from_unix_timestamp_nanos(i128::from(date.millis()) * 1_000_000).map_err(|_| NOT_REPRESENTABLE)
    }
}

#[cfg(feature = "chrono")]
impl<Zone: chrono::TimeZone> From<chrono::DateTime<Zone>> for Date {
    fn from(time: chrono::DateTime<Zone>) -> Self {
        // The range of `chrono` is within JavaScript's range.
        Self::from_millis(time.timestamp_millis()).unwrap_or_default()
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<Date> for chrono::DateTime<chrono::Utc> {
    type Error = InvalidValue;

    fn try_from(date: Date) -> Result<Self, InvalidValue> {
        Self::from_timestamp_millis(date.millis()).ok_or(NOT_REPRESENTABLE)
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Date {
    fn from(time: jiff::Timestamp) -> Self {
        // The range of `jiff` is within JavaScript's range.
        from_nanos(time.as_nanosecond()).unwrap_or_default()
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<Date> for jiff::Timestamp {
    type Error = InvalidValue;

    fn try_from(date: Date) -> Result<Self, InvalidValue> {
        Self::from_millisecond(date.millis()).map_err(|_| NOT_REPRESENTABLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_a_millisecond_round_down() {
        let before = UNIX_EPOCH - Duration::from_nanos(1);
        assert_eq!(Date::try_from(before).unwrap().millis(), -1);
        assert_eq!(Date::try_from(UNIX_EPOCH + Duration::from_nanos(1_999_999)).unwrap().millis(), 1);
        let date = Date::from_millis(-86_400_000).unwrap();
        assert_eq!(Date::try_from(SystemTime::try_from(date).unwrap()), Ok(date));
    }

    #[cfg(feature = "time")]
    #[test]
    fn time_converts_both_ways() {
        let date = Date::from_millis(-1).unwrap();
        let time = time::OffsetDateTime::UNIX_EPOCH - time::Duration::nanoseconds(1);
        assert_eq!(Date::from(time), date);
        assert_eq!(time::OffsetDateTime::try_from(date).map(Date::from), Ok(date));
        assert!(time::OffsetDateTime::try_from(Date::MAX).is_err());
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono_converts_both_ways() {
        use chrono::{DateTime, Utc};

        for date in [Date::from_millis(-1).unwrap(), Date::MIN, Date::MAX] {
            // JavaScript's range exceeds chrono's.
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
    fn jiff_converts_both_ways() {
        let date = Date::from_millis(-1).unwrap();
        assert_eq!(Date::from(jiff::Timestamp::from_nanosecond(-1).unwrap()), date);
        assert_eq!(jiff::Timestamp::try_from(date).map(Date::from), Ok(date));
        assert!(Date::from(jiff::Timestamp::MIN) > Date::MIN && Date::from(jiff::Timestamp::MAX) < Date::MAX);
    }
}
