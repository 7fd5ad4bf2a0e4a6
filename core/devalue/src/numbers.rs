//! Formatting of numbers as in JavaScript (ECMA-262, `Number::toString`).

/// Returns the text of JavaScript's `String(number)`.
///
/// ```
/// use enact_devalue::format_number;
///
/// assert_eq!(format_number(100.0), "100");
/// assert_eq!(format_number(1e21), "1e+21");
/// assert_eq!(format_number(-0.0), "0");
/// assert_eq!(format_number(f64::NEG_INFINITY), "-Infinity");
/// ```
#[must_use]
pub fn format_number(number: f64) -> String {
    match number {
        0.0 => "0".to_owned(),
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ if number.is_nan() => "NaN".to_owned(),
        _ => NumberBuffer::new().format(number).to_owned(),
    }
}

/// A buffer for the digits of one number.
pub(crate) struct NumberBuffer {
    digits: zmij::Buffer,
    text: String,
}

impl NumberBuffer {
    pub(crate) fn new() -> Self {
        Self { digits: zmij::Buffer::new(), text: String::new() }
    }

    /// Formats a finite `f32` or `f64` with the fewest digits that parse to the same number.
    #[inline]
    pub(crate) fn format<F: zmij::Float>(&mut self, number: F) -> &str {
        // Without an exponent, zmij's notation differs from JavaScript's only by the `.0` of whole numbers.
        let Self { digits, text } = self;
        let shortest = digits.format_finite(number);
        match shortest.split_once('e') {
            None => shortest.strip_suffix(".0").unwrap_or(shortest),
            Some((mantissa, exponent)) => {
                write_decimal(text, mantissa, exponent.parse().unwrap_or(0));
                text
            }
        }
    }
}

/// Writes `mantissa` × 10^`exponent` in JavaScript's notation. The mantissa has one digit before its point.
fn write_decimal(out: &mut String, mantissa: &str, exponent: i32) {
    out.clear();
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let rest = rest.trim_end_matches('0');
    out.push_str(sign);
    match usize::try_from(exponent) {
        Ok(exponent @ 0..=20) => {
            out.push_str(first);
            let (whole, fraction) = rest.split_at_checked(exponent).unwrap_or((rest, ""));
            out.push_str(whole);
            out.extend(std::iter::repeat_n('0', exponent - whole.len()));
            if !fraction.is_empty() {
                out.push('.');
                out.push_str(fraction);
            }
        }
        _ if (-6..0).contains(&exponent) => {
            out.push_str("0.");
            out.extend((exponent..-1).map(|_| '0'));
            out.push_str(first);
            out.push_str(rest);
        }
        _ => {
            out.push_str(first);
            if !rest.is_empty() {
                out.push('.');
                out.push_str(rest);
            }
            out.push_str(if exponent < 0 { "e-" } else { "e+" });
            out.push_str(itoa::Buffer::new().format(exponent.unsigned_abs()));
        }
    }
}
