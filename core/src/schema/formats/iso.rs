//! Dates, times and durations of ISO 8601 and RFC 3339.

/// Accepts `2024-02-29`, in the Gregorian calendar.
pub(super) fn is_date(text: &[u8]) -> bool {
    let [year @ .., b'-', m1, m2, b'-', d1, d2] = text else {
        return false;
    };
    let (4, Some(year)) = (year.len(), parse_digits(year)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match parse_digits(&[*m1, *m2]) {
        Some(2) => 28 + u32::from(leap),
        Some(4 | 6 | 9 | 11) => 30,
        Some(1..=12) => 31,
        _ => return false,
    };
    parse_digits(&[*d1, *d2]).is_some_and(|day| (1..=days).contains(&day))
}

/// Accepts `04:05`, `04:05:06` and `04:05:06.789`.
pub(super) fn is_time(text: &[u8], with_seconds: bool) -> bool {
    let Some((hour_and_minute, rest)) = text.split_at_checked(5) else {
        return false;
    };
    is_hour_and_minute(hour_and_minute)
        && match rest {
            [] => !with_seconds,
            [b':', s1, s2, rest @ ..] => {
                parse_digits(&[*s1, *s2]).is_some_and(|second| second < 60)
                    && match rest {
                        [] => true,
                        [b'.', fraction @ ..] => is_number(fraction),
                        _ => false,
                    }
            }
            _ => false,
        }
}

pub(super) fn is_date_time(text: &[u8]) -> bool {
    let Some((day, [b'T', rest @ ..])) = text.split_at_checked(10) else {
        return false;
    };
    let time_of_day = match rest {
        [time @ .., b'Z'] => Some(time),
        [time @ .., b'+' | b'-', h1, h2, b':', m1, m2] => {
            is_hour_and_minute(&[*h1, *h2, b':', *m1, *m2]).then_some(time)
        }
        _ => None,
    };
    is_date(day) && time_of_day.is_some_and(|text| is_time(text, true))
}

/// Accepts durations of ISO 8601-1: either weeks, or the other units in their order. Only seconds may have a fraction.
pub(super) fn is_duration(text: &[u8]) -> bool {
    match text.strip_prefix(b"P") {
        Some([weeks @ .., b'W']) => is_number(weeks),
        Some(parts) => match parts.iter().position(|byte| *byte == b'T') {
            Some(at) => {
                let (days, time) = parts.split_at(at);
                let time = time.get(1..).unwrap_or_default();
                !time.is_empty() && has_units(days, b"YMD") && has_units(time, b"HMS")
            }
            None => !parts.is_empty() && has_units(parts, b"YMD"),
        },
        None => false,
    }
}

/// Returns whether the text consists of numbers, each followed by a unit, with the units in the given order.
fn has_units(mut text: &[u8], units: &[u8]) -> bool {
    let mut units = units.iter();
    while !text.is_empty() {
        let Some(at) = text.iter().position(u8::is_ascii_alphabetic) else {
            return false;
        };
        let (amount, rest) = text.split_at(at);
        let Some((unit, rest)) = rest.split_first() else {
            return false;
        };
        let mut whole_and_fraction = amount.splitn(2, |byte| matches!(byte, b'.' | b','));
        if !units.any(|expected| expected == unit)
            || !whole_and_fraction.next().is_some_and(is_number)
            || !whole_and_fraction.next().is_none_or(|fraction| *unit == b'S' && is_number(fraction))
        {
            return false;
        }
        text = rest;
    }
    true
}

fn is_hour_and_minute(text: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2] = text else {
        return false;
    };
    parse_digits(&[*h1, *h2]).is_some_and(|hour| hour < 24)
        && parse_digits(&[*m1, *m2]).is_some_and(|minute| minute < 60)
}

/// Parses a few digits; they must not overflow.
fn parse_digits(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0')))
}

pub(super) fn is_number(digits: &[u8]) -> bool {
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}
