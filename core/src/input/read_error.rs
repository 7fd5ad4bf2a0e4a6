//! The error of a type that cannot be read.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::error::PathSegment;

/// The failure to read a type, with its path in the input, innermost segment first.
///
/// It has no message: serde's messages quote the type and may be unfit for clients. Since none is formatted, it is cheap.
#[derive(Debug, Default)]
pub(super) struct ReadError(Vec<PathSegment>);

impl ReadError {
    /// Adds the enclosing segment to the path.
    pub(super) fn within(mut self, segment: impl Into<PathSegment>) -> Self {
        self.0.push(segment.into());
        self
    }

    /// Returns the path, outermost segment first.
    pub(super) fn into_path(mut self) -> Vec<PathSegment> {
        self.0.reverse();
        self.0
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the input does not fit its type")
    }
}

impl std::error::Error for ReadError {}

/// Overrides the default methods, which would format a message.
impl de::Error for ReadError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::default()
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::default()
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::default()
    }

    fn missing_field(_: &'static str) -> Self {
        Self::default()
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self::default()
    }
}
