//! Numbers as JavaScript prints them (ECMA-262, Number::toString).

/// Room for any number's digits with the zeros that JavaScript spells out.
pub(crate) struct Buffer {
    digits: zmij::Buffer,
    text: String,
}

impl Buffer {
    pub(crate) fn new() -> Self {
        Self { digits: zmij::Buffer::new(), text: String::new() }
    }

    /// Shortest digits that read back as the same finite `f32` or `f64`.
    #[inline]
    pub(crate) fn format<F: zmij::Float>(&mut self, number: F) -> &str {
        // The usual exponents are laid out as in JavaScript, but for the `.0` of whole numbers.
        let Self { digits, text } = self;
        let shortest = digits.format_finite(number);
        match shortest.split_once('e') {
            None => shortest.strip_suffix(".0").unwrap_or(shortest),
            Some((mantissa, exponent)) => {
                spell(text, mantissa, exponent.parse().unwrap_or(0));
                text
            }
        }
    }
}

/// Lays out `mantissa` × 10^`exponent`, where the mantissa has one digit before its point.
fn spell(out: &mut String, mantissa: &str, exponent: i32) {
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
