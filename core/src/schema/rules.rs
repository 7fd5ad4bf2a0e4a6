//! The constraints on strings, numbers, files and counts.

use regex_lite::Regex;

use super::formats::StringFormat;
use super::literal::Literal;
use super::number::{MAX_SAFE_INTEGER, is_multiple_of};
use super::tree::Number;
use super::violation::{Bound, Sink, Violation};
use crate::form::File;

/// The constraints on a string.
#[derive(Debug, Clone, Default)]
pub(crate) struct StringRules {
    /// In characters.
    pub(crate) min: Option<u64>,
    /// In characters.
    pub(crate) max: Option<u64>,
    pub(crate) pattern: Option<Regex>,
    pub(crate) format: Option<StringFormat>,
    /// The devalue type that is written as this string.
    pub(crate) text_type: Option<TextType>,
}

/// A devalue type that is a string in JSON and in forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextType {
    Date,
    BigInt,
}

impl TextType {
    /// Returns the type's name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::BigInt => "bigint",
        }
    }
}

impl StringRules {
    pub(crate) fn check(&self, value: &str, sink: &mut impl Sink) {
        match self.text_type {
            Some(TextType::Date) if value.parse::<crate::devalue::Date>().is_err() => {
                return sink.report("type", Violation::InvalidDate);
            }
            Some(TextType::BigInt) if value.parse::<crate::devalue::BigInt>().is_err() => {
                return sink.report("type", Violation::WrongType { expected: "bigint", received: "string" });
            }
            Some(_) => {}
            None => {
                if let Some(format) = self.format
                    && !format.matches(value)
                {
                    sink.report("format", Violation::InvalidFormat(format));
                }
            }
        }
        // JSON Schema and Zod count characters, not bytes.
        Counted::CHARACTERS.check(self.min, self.max, || value.chars().count() as u64, sink);
        // A pattern can be slow on long text. Text that exceeds `max` even at four bytes a character is refused anyway.
        if let Some(pattern) = &self.pattern
            && self.max.is_none_or(|max| value.len() as u64 <= max.saturating_mul(4))
            && !pattern.is_match(value)
        {
            sink.report("pattern", Violation::PatternMismatch(pattern.as_str()));
        }
    }
}

/// The constraints on a number.
#[derive(Debug, Clone, Default)]
pub(crate) struct NumberRules {
    pub(crate) integer: bool,
    /// Zod's name of the integer's format.
    pub(crate) format: &'static str,
    /// Set for integer types that exceed JavaScript's safe integers. The safe range is their limit.
    pub(crate) safe: bool,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) above: Option<f64>,
    pub(crate) below: Option<f64>,
    pub(crate) multiple_of: Option<f64>,
}

impl NumberRules {
    /// Returns whether the value has the right type, even if it is out of range.
    pub(crate) fn check(&self, number: Number, sink: &mut impl Sink) -> bool {
        let value = number.as_f64();
        if !value.is_finite() {
            sink.report("type", Violation::NotFinite(value));
            return false;
        }
        if self.integer && value.fract() != 0.0 {
            sink.report("integer", Violation::NotInteger { format: self.format });
            return false;
        }
        if self.safe && value > MAX_SAFE_INTEGER {
            sink.report("maximum", Violation::UnsafeInteger(Bound::Maximum));
            return true;
        }
        if self.safe && value < -MAX_SAFE_INTEGER {
            sink.report("minimum", Violation::UnsafeInteger(Bound::Minimum));
            return true;
        }
        let mut check = |limit: Option<f64>, is_broken: fn(f64, f64) -> bool, rule, bound, inclusive| {
            if let Some(limit) = limit
                && is_broken(value, limit)
            {
                sink.report(rule, Violation::NumberOutOfRange { bound, limit, inclusive });
            }
        };
        check(self.min, |v, l| v < l, "minimum", Bound::Minimum, true);
        check(self.above, |v, l| v <= l, "exclusiveMinimum", Bound::Minimum, false);
        check(self.max, |v, l| v > l, "maximum", Bound::Maximum, true);
        check(self.below, |v, l| v >= l, "exclusiveMaximum", Bound::Maximum, false);
        if let Some(divisor) = self.multiple_of
            && !is_multiple_of(value, divisor)
        {
            sink.report("multipleOf", Violation::NotMultipleOf(divisor));
        }
        true
    }
}

/// The constraints on a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileRules {
    /// In bytes.
    pub(crate) min: Option<u64>,
    /// In bytes.
    pub(crate) max: Option<u64>,
    /// The allowed media types, all of them strings. `image/*` allows each subtype; an empty list allows any type.
    pub(crate) media_types: Vec<Literal>,
}

impl FileRules {
    pub(crate) fn check(&self, file: &File, sink: &mut impl Sink) {
        Counted::BYTES.check(self.min, self.max, || file.len() as u64, sink);
        let fits = |allowed: &Literal| match allowed {
            Literal::String(allowed) => media_type_matches(file.content_type(), allowed),
            _ => false,
        };
        if !self.media_types.is_empty() && !self.media_types.iter().any(fits) {
            sink.report("x-media-types", Violation::InvalidMediaType(&self.media_types));
        }
    }
}

/// Compares whole types with their parameters, as Zod's `mime` does; browsers send no parameters. Case is ignored.
fn media_type_matches(content_type: &str, allowed: &str) -> bool {
    match allowed.strip_suffix("/*") {
        Some(kind) => content_type.split_once('/').is_some_and(|(given, _)| given.eq_ignore_ascii_case(kind)),
        None => content_type.eq_ignore_ascii_case(allowed),
    }
}

/// The things that a rule counts, and the keywords of their limits.
pub(crate) struct Counted {
    pub(crate) origin: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) min_rule: &'static str,
    pub(crate) max_rule: &'static str,
}

impl Counted {
    pub(crate) const CHARACTERS: Self =
        Self { origin: "string", unit: "characters", min_rule: "minLength", max_rule: "maxLength" };
    pub(crate) const ITEMS: Self = Self { origin: "array", unit: "items", min_rule: "minItems", max_rule: "maxItems" };
    pub(crate) const SET_ITEMS: Self = Self { origin: "set", ..Self::ITEMS };
    pub(crate) const KEYS: Self =
        Self { origin: "object", unit: "keys", min_rule: "minProperties", max_rule: "maxProperties" };
    const BYTES: Self = Self { origin: "file", unit: "bytes", min_rule: "x-min-bytes", max_rule: "x-max-bytes" };

    /// Calls `count` only if there is a limit.
    pub(crate) fn check(&self, min: Option<u64>, max: Option<u64>, count: impl FnOnce() -> u64, sink: &mut impl Sink) {
        if min.is_none() && max.is_none() {
            return;
        }
        let count = count();
        let Self { origin, unit, .. } = *self;
        let exact = min == max;
        if let Some(limit) = min.filter(|min| count < *min) {
            let bound = Bound::Minimum;
            sink.report(self.min_rule, Violation::WrongCount { bound, origin, unit, limit, exact });
        }
        if let Some(limit) = max.filter(|max| count > *max) {
            let bound = Bound::Maximum;
            sink.report(self.max_rule, Violation::WrongCount { bound, origin, unit, limit, exact });
        }
    }
}
