//! Numbers as JavaScript reads, prints and divides them.

use crate::devalue::number::Buffer;

/// The largest integer below which JavaScript numbers represent each integer exactly: 2^53 - 1.
pub(super) const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Parses text as JavaScript's `Number(text)` does (ECMA-262, StringToNumber). White space is trimmed, empty text is 0, the
/// prefixes `0x`, `0o` and `0b` are understood, and any other text that is not a number is NaN.
pub(crate) fn parse_js_number(text: &str) -> f64 {
    let text = trim(text);
    match text.as_bytes() {
        [] => 0.0,
        [b'0', b'x' | b'X', digits @ ..] => parse_digits(digits, 4),
        [b'0', b'o' | b'O', digits @ ..] => parse_digits(digits, 3),
        [b'0', b'b' | b'B', digits @ ..] => parse_digits(digits, 1),
        _ => parse_decimal(text),
    }
}

/// Formats a number as JavaScript's `String(number)` does.
pub(super) fn format_js_number(number: f64) -> String {
    match number {
        0.0 => "0".to_owned(),
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ if number.is_nan() => "NaN".to_owned(),
        _ => Buffer::new().format(number).to_owned(),
    }
}

/// Returns whether Zod accepts the value as a multiple: within four scaled epsilons, since neither 2.03 nor 0.07 is exact.
pub(super) fn is_multiple_of(value: f64, divisor: f64) -> bool {
    let ratio = value / divisor;
    let tolerance = 4.0 * f64::EPSILON * ratio.abs().max(1.0);
    (ratio - ratio.round()).abs() < tolerance
}

/// Trims white space as JavaScript's `text.trim()` does.
pub(super) fn trim(text: &str) -> &str {
    // To Unicode, U+0085 is white space and U+FEFF is not; to ECMA-262 it is the reverse.
    text.trim_matches(|char: char| (char.is_whitespace() && char != '\u{85}') || char == '\u{feff}')
}

fn parse_decimal(text: &str) -> f64 {
    match text.strip_prefix(['+', '-']).unwrap_or(text) {
        "Infinity" if text.starts_with('-') => f64::NEG_INFINITY,
        "Infinity" => f64::INFINITY,
        // Rust also parses `inf`, `infinity` and `nan` in any case, which JavaScript does not.
        number if number.starts_with(|first: char| first.is_ascii_alphabetic()) => f64::NAN,
        _ => text.parse().unwrap_or(f64::NAN),
    }
}

/// Parses digits of 1, 3 or 4 bits each, and rounds to the nearest double, ties to even.
fn parse_digits(digits: &[u8], bits: u32) -> f64 {
    if digits.is_empty() {
        return f64::NAN;
    }
    let mut significand = 0_u64;
    let mut dropped_bits = 0_i32;
    for digit in digits {
        let Some(digit) = char::from(*digit).to_digit(1 << bits) else {
            return f64::NAN;
        };
        if significand >> 60 == 0 {
            significand = significand << bits | u64::from(digit);
        } else {
            // Digits beyond a double's precision can only break a tie, so one bit represents them all.
            significand |= u64::from(digit != 0);
            dropped_bits = dropped_bits.saturating_add_unsigned(bits);
        }
    }
    significand as f64 * 2_f64.powi(dropped_bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expectations are Node 22's `Number(text)`.
    #[test]
    fn numbers_are_parsed_as_in_javascript() {
        for (text, expected) in [
            ("", 0.0),
            (" \t\r\n\u{b}\u{c}\u{a0}\u{feff}\u{2028}\u{3000}", 0.0),
            (" 12\n", 12.0),
            ("+1.5", 1.5),
            ("-.5", -0.5),
            ("5.", 5.0),
            ("00012", 12.0),
            ("1e3", 1000.0),
            ("1E-2", 0.01),
            ("1e400", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("+Infinity", f64::INFINITY),
            ("0x10", 16.0),
            ("0XfF", 255.0),
            ("0o17", 15.0),
            ("0B101", 5.0),
            ("9007199254740993", 9_007_199_254_740_992.0),
            // Ties round to even, unless a later digit breaks them.
            ("0x20000000000001", 9_007_199_254_740_992.0),
            ("0x200000000000010000001", 9_007_199_254_740_994.0 * 2_f64.powi(28)),
            ("0x200000000000010000000", 9_007_199_254_740_992.0 * 2_f64.powi(28)),
        ] {
            assert_eq!(parse_js_number(text), expected, "{text:?}");
        }
        assert!(parse_js_number("-0").is_sign_negative());
        assert_eq!(parse_js_number(&format!("0x{}", "f".repeat(300))), f64::INFINITY);
    }

    #[test]
    fn other_text_is_nan() {
        for text in [
            "x",
            "1 2",
            "1_000",
            "1n",
            "1,5",
            ".",
            "e5",
            "1e",
            "+",
            "--1",
            "inf",
            "-inf",
            "nan",
            "NaN",
            "infinity",
            "INFINITY",
            "0x",
            "0b2",
            "0o8",
            "-0x10",
            "0x1.8",
            "0x-1",
            "٣",
            "\u{85}1",
            "\u{200b}1",
            "1\0",
        ] {
            assert!(parse_js_number(text).is_nan(), "{text:?}");
        }
    }

    /// The expectations are Node 22's `String(number)`.
    #[test]
    fn numbers_are_formatted_as_in_javascript() {
        for (number, expected) in [
            (5.0, "5"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1e+21"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1e-7, "1e-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(format_js_number(number), expected);
        }
    }

    /// The expectations are those of `z.number().multipleOf(divisor)` in Zod 4.6.7.
    #[test]
    fn multiples_may_differ_by_rounding_errors() {
        for (value, divisor) in [(10.0, 5.0), (0.0, 5.0), (-9.0, 3.0), (2.03, 0.07), (0.3, 0.1), (1e300, 0.1)] {
            assert!(is_multiple_of(value, divisor), "{value} of {divisor}");
        }
        for (value, divisor) in [(7.0, 5.0), (0.35, 0.1), (1.000_001, 1.0), (1.0, 0.0), (0.0, 0.0)] {
            assert!(!is_multiple_of(value, divisor), "{value} of {divisor}");
        }
    }
}
