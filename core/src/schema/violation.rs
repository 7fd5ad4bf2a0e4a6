//! Broken rules, with Zod's code, message and parameters for each.

use std::fmt;

use serde_json::Value;

use super::formats::StringFormat;
use super::literal::{AllowedConstants, Literal};
use super::number::{MAX_SAFE_INTEGER, format_js_number};
use crate::error::{Issue, IssueCode, IssueParams};

/// A receiver of broken rules. `rule` is the JSON Schema keyword, by which `x-message` names the rule.
pub(crate) trait Sink {
    fn report(&mut self, rule: &'static str, violation: Violation<'_>);
}

/// Records only that a rule is broken.
impl Sink for bool {
    fn report(&mut self, _: &'static str, _: Violation<'_>) {
        *self = true;
    }
}

/// A broken rule.
#[derive(Debug)]
pub(crate) enum Violation<'a> {
    WrongType {
        expected: &'static str,
        received: &'static str,
    },
    /// `NaN` or an infinite number.
    NotFinite(f64),
    InvalidDate,
    NotInteger {
        format: &'static str,
    },
    UnsafeInteger(Bound),
    NumberOutOfRange {
        bound: Bound,
        limit: f64,
        inclusive: bool,
    },
    /// `unit` is the plural of the things that are counted; `exact` if the limit is both minimum and maximum.
    WrongCount {
        bound: Bound,
        origin: &'static str,
        unit: &'static str,
        limit: u64,
        exact: bool,
    },
    NotMultipleOf(f64),
    InvalidFormat(StringFormat),
    PatternMismatch(&'a str),
    InvalidValue(&'a [Literal]),
    InvalidMediaType(&'a [Literal]),
    UnrecognizedKeys(Vec<&'a str>),
    /// The issues of each member.
    NoUnionMember(Vec<Vec<Issue>>),
    UnknownDiscriminator {
        tag: &'a str,
        options: Vec<&'a str>,
    },
}

/// The side of a range on which a value lies outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Minimum,
    Maximum,
}

impl Bound {
    fn code(self) -> IssueCode {
        match self {
            Self::Minimum => IssueCode::TooSmall,
            Self::Maximum => IssueCode::TooBig,
        }
    }

    fn adjective(self) -> &'static str {
        match self {
            Self::Minimum => "Too small",
            Self::Maximum => "Too big",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Minimum => '>',
            Self::Maximum => '<',
        }
    }

    fn safe_integer(self) -> f64 {
        match self {
            Self::Minimum => -MAX_SAFE_INTEGER,
            Self::Maximum => MAX_SAFE_INTEGER,
        }
    }

    fn params(self, origin: &'static str, limit: f64, inclusive: bool) -> IssueParams {
        let mut params =
            IssueParams { origin: Some(origin.into()), inclusive: Some(inclusive), ..IssueParams::default() };
        match self {
            Self::Minimum => params.minimum = Some(limit),
            Self::Maximum => params.maximum = Some(limit),
        }
        params
    }
}

impl Violation<'_> {
    pub(crate) fn code(&self) -> IssueCode {
        match self {
            Self::WrongType { .. } | Self::NotFinite(_) | Self::InvalidDate | Self::NotInteger { .. } => {
                IssueCode::InvalidType
            }
            Self::UnsafeInteger(bound) | Self::NumberOutOfRange { bound, .. } | Self::WrongCount { bound, .. } => {
                bound.code()
            }
            Self::NotMultipleOf(_) => IssueCode::NotMultipleOf,
            Self::InvalidFormat(_) | Self::PatternMismatch(_) => IssueCode::InvalidFormat,
            Self::InvalidValue(_) | Self::InvalidMediaType(_) => IssueCode::InvalidValue,
            Self::UnrecognizedKeys(_) => IssueCode::UnrecognizedKeys,
            Self::NoUnionMember(_) | Self::UnknownDiscriminator { .. } => IssueCode::InvalidUnion,
        }
    }

    /// Returns whether the value has the wrong type. Otherwise it only breaks a constraint of its type.
    pub(crate) fn is_type_error(&self) -> bool {
        match self.code() {
            IssueCode::InvalidType | IssueCode::InvalidUnion => true,
            _ => matches!(self, Self::InvalidValue(_)),
        }
    }

    pub(crate) fn into_params(self) -> IssueParams {
        let mut params = IssueParams::default();
        match self {
            Self::WrongType { expected, .. } => params.expected = Some(expected.into()),
            Self::NotFinite(number) => {
                params.expected = Some("number".into());
                params.received = Some(format_js_number(number).into());
            }
            Self::InvalidDate => {
                params.expected = Some("date".into());
                params.received = Some("Invalid Date".into());
            }
            Self::NotInteger { format } => {
                params.expected = Some("int".into());
                params.format = Some(format.into());
            }
            Self::UnsafeInteger(bound) => {
                params = bound.params("int", bound.safe_integer(), true);
                params.note = Some("Integers must be within the safe integer range.".into());
            }
            Self::NumberOutOfRange { bound, limit, inclusive } => params = bound.params("number", limit, inclusive),
            Self::WrongCount { bound, origin, limit, exact, .. } => {
                params = bound.params(origin, limit as f64, true);
                params.exact = exact.then_some(true);
            }
            Self::NotMultipleOf(divisor) => {
                params.origin = Some("number".into());
                params.divisor = Some(divisor);
            }
            Self::InvalidFormat(format) => {
                params.format = Some(format.zod_name().into());
                params.pattern = format.zod_pattern().map(Into::into);
                params.origin = params.pattern.is_some().then(|| "string".into());
            }
            Self::PatternMismatch(pattern) => {
                params.origin = Some("string".into());
                params.format = Some("regex".into());
                params.pattern = Some(format!("/{pattern}/").into());
            }
            Self::InvalidValue(allowed) | Self::InvalidMediaType(allowed) => {
                params.values = Some(allowed.iter().map(Literal::to_json).collect());
            }
            Self::UnrecognizedKeys(keys) => params.keys = Some(keys.into_iter().map(str::to_owned).collect()),
            Self::NoUnionMember(errors) => params.errors = Some(errors),
            Self::UnknownDiscriminator { tag, options } => {
                params.errors = Some(Vec::new());
                params.note = Some("No matching discriminator".into());
                params.discriminator = Some(tag.to_owned().into());
                params.options = Some(options.into_iter().map(Value::from).collect());
            }
        }
        params
    }
}

/// Zod's English message.
impl fmt::Display for Violation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType { expected, received } => {
                write!(f, "Invalid input: expected {expected}, received {received}")
            }
            Self::NotFinite(number) => {
                write!(f, "Invalid input: expected number, received {}", format_js_number(*number))
            }
            Self::InvalidDate => f.write_str("Invalid input: expected date, received Date"),
            Self::NotInteger { .. } => f.write_str("Invalid input: expected int, received number"),
            Self::UnsafeInteger(bound) => {
                let (size, sign, limit) = (bound.adjective(), bound.sign(), bound.safe_integer());
                write!(f, "{size}: expected int to be {sign}={limit}")
            }
            Self::NumberOutOfRange { bound, limit, inclusive } => {
                let (size, sign, limit) = (bound.adjective(), bound.sign(), format_js_number(*limit));
                let equals = if *inclusive { "=" } else { "" };
                write!(f, "{size}: expected number to be {sign}{equals}{limit}")
            }
            Self::WrongCount { bound, origin, unit, limit, exact } => {
                write!(f, "{}: expected {origin} to have ", bound.adjective())?;
                if *exact { write!(f, "exactly {limit} {unit}") } else { write!(f, "{}={limit} {unit}", bound.sign()) }
            }
            Self::NotMultipleOf(divisor) => {
                write!(f, "Invalid number: must be a multiple of {}", format_js_number(*divisor))
            }
            Self::InvalidFormat(format) => f.write_str(format.zod_message()),
            Self::PatternMismatch(pattern) => write!(f, "Invalid string: must match pattern /{pattern}/"),
            Self::InvalidValue(allowed) | Self::InvalidMediaType(allowed) => AllowedConstants(allowed).fmt(f),
            Self::UnrecognizedKeys(keys) => {
                let plural = if keys.len() > 1 { "s" } else { "" };
                write!(f, "Unrecognized key{plural}: \"{}\"", keys.join("\", \""))
            }
            Self::NoUnionMember(_) => f.write_str("Invalid input"),
            Self::UnknownDiscriminator { options, .. } => {
                write!(f, "Invalid discriminator value. Expected '{}'", options.join("' | '"))
            }
        }
    }
}
