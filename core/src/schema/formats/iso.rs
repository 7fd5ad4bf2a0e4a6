//! Dates, times and durations, as ISO 8601 and RFC 3339 write them.

/// `2024-02-29`, in the Gregorian calendar.
pub(super) fn date(text: &[u8]) -> bool {
    let [year @ .., b'-', m1, m2, b'-', d1, d2] = text else {
        return false;
    };
    let (4, Some(year)) = (year.len(), number(year)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match number(&[*m1, *m2]) {
        Some(2) => 28 + u32::from(leap),
        Some(4 | 6 | 9 | 11) => 30,
        Some(1..=12) => 31,
        _ => return false,
    };
    number(&[*d1, *d2]).is_some_and(|day| (1..=days).contains(&day))
}

/// `04:05`, `04:05:06` or `04:05:06.789`.
pub(super) fn time(text: &[u8], with_seconds: bool) -> bool {
    let Some((hour_and_minute, rest)) = text.split_at_checked(5) else {
        return false;
    };
    is_hour_and_minute(hour_and_minute)
        && match rest {
            [] => !with_seconds,
            [b':', s1, s2, rest @ ..] => {
                number(&[*s1, *s2]).is_some_and(|second| second < 60)
                    && match rest {
                        [] => true,
                        [b'.', fraction @ ..] => is_number(fraction),
                        _ => false,
                    }
            }
            _ => false,
        }
}

pub(super) fn date_time(text: &[u8]) -> bool {
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
    date(day) && time_of_day.is_some_and(|text| time(text, true))
}

/// ISO 8601-1: weeks alone, or the other units in their order; a fraction in seconds alone.
pub(super) fn duration(text: &[u8]) -> bool {
    match text.strip_prefix(b"P") {
        Some([weeks @ .., b'W']) => is_number(weeks),
        Some(parts) => match parts.iter().position(|byte| *byte == b'T') {
            Some(at) => {
                let (days, time) = parts.split_at(at);
                let time = time.get(1..).unwrap_or_default();
                !time.is_empty() && units(days, b"YMD") && units(time, b"HMS")
            }
            None => !parts.is_empty() && units(parts, b"YMD"),
        },
        None => false,
    }
}

/// Whether the text is numbers, each followed by one of the units, these in their order.
fn units(mut text: &[u8], units: &[u8]) -> bool {
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
    number(&[*h1, *h2]).is_some_and(|hour| hour < 24) && number(&[*m1, *m2]).is_some_and(|minute| minute < 60)
}

/// The value of a few digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + u32::from(digit - b'0')))
}

pub(super) fn is_number(digits: &[u8]) -> bool {
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}
