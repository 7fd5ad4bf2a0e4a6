//! The constraints on strings, numbers, files and counts, with Zod's codes and wording.

use std::fmt;

use regex_lite::Regex;
use serde_json::Value;

use super::FileRules;
use super::formats::Format;
use super::number;
use super::tree::Number;
use crate::issue::IssueCode;

/// Where a broken rule is told: its code, the JSON Schema keyword that names it, and our wording.
pub(crate) trait Sink {
    fn broken(&mut self, code: IssueCode, rule: &'static str, message: fmt::Arguments<'_>);
}

/// Notes only that something was broken; the wording is not even formatted.
impl Sink for bool {
    fn broken(&mut self, _: IssueCode, _: &'static str, _: fmt::Arguments<'_>) {
        *self = true;
    }
}

/// The largest integer that a JavaScript number holds exactly: 2^53 - 1.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

#[derive(Debug, Clone, Default)]
pub(crate) struct StringRules {
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    pub(crate) pattern: Option<Regex>,
    pub(crate) format: Option<Format>,
    /// The wire format's own type that is written as this text.
    pub(crate) marker: Option<Marker>,
}

/// Types of the wire format that travel as text in JSON and in forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Date,
    BigInt,
}

impl Marker {
    /// The word for the type in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::BigInt => "bigint",
        }
    }
}

impl StringRules {
    pub(crate) fn check(&self, value: &str, sink: &mut impl Sink) {
        match self.marker {
            Some(Marker::Date) if value.parse::<crate::devalue::Date>().is_err() => {
                return sink.broken(
                    IssueCode::InvalidType,
                    "type",
                    format_args!("Invalid input: expected date, received Date"),
                );
            }
            Some(Marker::BigInt) if value.parse::<crate::devalue::BigInt>().is_err() => {
                return sink.broken(
                    IssueCode::InvalidType,
                    "type",
                    format_args!("Invalid input: expected bigint, received string"),
                );
            }
            Some(_) => {}
            None => {
                if let Some(format) = self.format
                    && !format.matches(value)
                {
                    sink.broken(IssueCode::InvalidFormat, "format", format_args!("{}", format.message()));
                }
            }
        }
        check_count(
            self.min,
            self.max,
            // Characters, as JSON Schema counts them, and with it Zod.
            || value.chars().count() as u64,
            Counted { origin: "string", unit: "characters", min_rule: "minLength", max_rule: "maxLength" },
            sink,
        );
        // A pattern may cost much on a long text, and one that is too long is refused as it is.
        if let Some(pattern) = &self.pattern
            && self.max.is_none_or(|max| value.len() as u64 <= max.saturating_mul(4))
            && !pattern.is_match(value)
        {
            sink.broken(
                IssueCode::InvalidFormat,
                "pattern",
                format_args!("Invalid string: must match pattern /{}/", pattern.as_str()),
            );
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct NumberRules {
    pub(crate) integer: bool,
    /// The type holds more than JavaScript's safe integers, so that the safe range is the limit.
    pub(crate) safe: bool,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) above: Option<f64>,
    pub(crate) below: Option<f64>,
    pub(crate) multiple_of: Option<f64>,
}

impl NumberRules {
    /// Returns whether the value has the right type, whatever its size.
    pub(crate) fn check(&self, number: Number, sink: &mut impl Sink) -> bool {
        let value = number.as_f64();
        if !value.is_finite() {
            sink.broken(
                IssueCode::InvalidType,
                "type",
                format_args!("Invalid input: expected number, received {}", number::display(value)),
            );
            return false;
        }
        if self.integer && value.fract() != 0.0 {
            sink.broken(
                IssueCode::InvalidType,
                "integer",
                format_args!("Invalid input: expected int, received number"),
            );
            return false;
        }
        if self.safe && value > MAX_SAFE {
            sink.broken(IssueCode::TooBig, "maximum", format_args!("Too big: expected int to be <={MAX_SAFE}"));
            return true;
        }
        if self.safe && value < -MAX_SAFE {
            sink.broken(IssueCode::TooSmall, "minimum", format_args!("Too small: expected int to be >=-{MAX_SAFE}"));
            return true;
        }
        let mut bound = |limit: Option<f64>, broken: fn(f64, f64) -> bool, code, rule, size, sign| {
            if let Some(limit) = limit
                && broken(value, limit)
            {
                sink.broken(code, rule, format_args!("{size}: expected number to be {sign}{}", number::display(limit)));
            }
        };
        let (small, big) = (IssueCode::TooSmall, IssueCode::TooBig);
        bound(self.min, |v, l| v < l, small, "minimum", "Too small", ">=");
        bound(self.above, |v, l| v <= l, small, "exclusiveMinimum", "Too small", ">");
        bound(self.max, |v, l| v > l, big, "maximum", "Too big", "<=");
        bound(self.below, |v, l| v >= l, big, "exclusiveMaximum", "Too big", "<");
        if let Some(divisor) = self.multiple_of
            && !number::is_multiple_of(value, divisor)
        {
            sink.broken(
                IssueCode::NotMultipleOf,
                "multipleOf",
                format_args!("Invalid number: must be a multiple of {}", number::display(divisor)),
            );
        }
        true
    }
}

impl FileRules {
    pub(crate) fn check(&self, file: &crate::form::File, sink: &mut impl Sink) {
        check_count(
            self.min,
            self.max,
            || file.len() as u64,
            Counted { origin: "file", unit: "bytes", min_rule: "x-min-bytes", max_rule: "x-max-bytes" },
            sink,
        );
        if !self.media_types.is_empty()
            && !self.media_types.iter().any(|allowed| media_type_fits(file.content_type(), allowed))
        {
            let allowed: Vec<_> = self.media_types.iter().cloned().map(Literal::String).collect();
            sink.broken(IssueCode::InvalidValue, "x-media-types", format_args!("{}", Expected(&allowed)));
        }
    }
}

/// Types are compared as a whole, parameters included, as Zod's `mime` does: browsers send none. Case does not count.
fn media_type_fits(content_type: &str, allowed: &str) -> bool {
    match allowed.strip_suffix("/*") {
        Some(kind) => content_type.split_once('/').is_some_and(|(given, _)| given.eq_ignore_ascii_case(kind)),
        None => content_type.eq_ignore_ascii_case(allowed),
    }
}

/// What is counted, and by which keywords it is limited.
pub(crate) struct Counted {
    pub(crate) origin: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) min_rule: &'static str,
    pub(crate) max_rule: &'static str,
}

pub(crate) fn check_count(
    min: Option<u64>,
    max: Option<u64>,
    count: impl FnOnce() -> u64,
    what: Counted,
    sink: &mut impl Sink,
) {
    if min.is_none() && max.is_none() {
        return;
    }
    let count = count();
    let exact = min == max;
    let Counted { origin, unit, .. } = what;
    if let Some(min) = min
        && count < min
    {
        let sign = if exact { "exactly " } else { ">=" };
        sink.broken(
            IssueCode::TooSmall,
            what.min_rule,
            format_args!("Too small: expected {origin} to have {sign}{min} {unit}"),
        );
    }
    if let Some(max) = max
        && count > max
    {
        let sign = if exact { "exactly " } else { "<=" };
        sink.broken(
            IssueCode::TooBig,
            what.max_rule,
            format_args!("Too big: expected {origin} to have {sign}{max} {unit}"),
        );
    }
}

/// A constant of an enumeration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
}

impl Literal {
    /// `None` for arrays and objects, which no enumeration of ours holds.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Number(n) => Self::Number(n.as_f64()?),
            Value::String(s) => Self::String(s.clone()),
            Value::Array(_) | Value::Object(_) => return None,
        })
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Number(n) => f.write_str(&number::display(*n)),
            Self::String(s) => write!(f, "\"{s}\""),
        }
    }
}

/// Says which constants were expected.
pub(crate) struct Expected<'a>(pub(crate) &'a [Literal]);

impl fmt::Display for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0 {
            return write!(f, "Invalid input: expected {only}");
        }
        f.write_str("Invalid option: expected one of ")?;
        for (i, literal) in self.0.iter().enumerate() {
            let separator = if i > 0 { "|" } else { "" };
            write!(f, "{separator}{literal}")?;
        }
        Ok(())
    }
}
