//! A value in memory, read from a body or a form.

use std::borrow::Cow;
#[cfg(feature = "client")]
use std::fmt;

use serde::de::{self, Visitor};

use crate::form::{File, FormValue};

/// A number of the input. Integers keep all their digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

impl Number {
    /// Returns the nearest double, which rules compare.
    #[allow(clippy::cast_precision_loss, reason = "rules compare doubles, as JavaScript does")]
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Unsigned(n) => n as f64,
            Self::Signed(n) => n as f64,
            Self::Float(n) => n,
        }
    }

    /// Visits a whole number as an integer even if it is written as `3.0`, since JavaScript does not distinguish them.
    pub(crate) fn visit<'de, V: Visitor<'de>, E: de::Error>(self, visitor: V) -> Result<V::Value, E> {
        /// 2^53, up to which a double represents each integer exactly.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Unsigned(n) => visitor.visit_u64(n),
            Self::Signed(n) => visitor.visit_i64(n),
            Self::Float(n) if n.fract() == 0.0 && n.abs() <= EXACT && (n != 0.0 || n.is_sign_positive()) =>
            {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an integer within 2^53")]
                if n < 0.0 {
                    visitor.visit_i64(n as i64)
                } else {
                    visitor.visit_u64(n as u64)
                }
            }
            Self::Float(n) => visitor.visit_f64(n),
        }
    }
}

#[cfg(feature = "client")]
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned(n) => n.fmt(f),
            Self::Signed(n) => n.fmt(f),
            Self::Float(n) => n.fmt(f),
        }
    }
}

/// A value of JSON or of a form. Of repeated keys, the last value counts.
#[derive(Debug, Clone)]
pub(crate) enum Tree<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'a, str>),
    File(File),
    Array(Vec<Tree<'a>>),
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Tree<'a>> {
        match self {
            Self::Object(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the number of values in the tree, including itself.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Array(items) => 1 + items.iter().map(Tree::size).sum::<usize>(),
            Self::Object(entries) => 1 + entries.iter().map(|(_, value)| value.size()).sum::<usize>(),
            _ => 1,
        }
    }

    /// Copies borrowed texts.
    pub(crate) fn into_owned(self) -> Tree<'static> {
        match self {
            Self::Null => Tree::Null,
            Self::Bool(value) => Tree::Bool(value),
            Self::Number(number) => Tree::Number(number),
            Self::String(text) => Tree::String(Cow::Owned(text.into_owned())),
            Self::File(file) => Tree::File(file),
            Self::Array(items) => Tree::Array(items.into_iter().map(Tree::into_owned).collect()),
            Self::Object(entries) => Tree::Object(
                entries.into_iter().map(|(key, value)| (Cow::Owned(key.into_owned()), value.into_owned())).collect(),
            ),
        }
    }
}

impl<'a> From<FormValue<'a>> for Tree<'a> {
    fn from(value: FormValue<'a>) -> Self {
        match value {
            FormValue::Text(text) => Self::String(text.into()),
            FormValue::File(file) => Self::File(file.clone()),
        }
    }
}
