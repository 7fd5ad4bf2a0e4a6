//! Constants, as `const` and `enum` list them.

use std::fmt;

use serde_json::Value;

use super::number::format_js_number;
use super::tree::Tree;

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
}

impl Literal {
    /// Returns `None` for arrays and objects, which are not supported as constants.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Number(n) => Self::Number(n.as_f64()?),
            Value::String(s) => Self::String(s.clone()),
            Value::Array(_) | Value::Object(_) => return None,
        })
    }

    /// Returns the constant as JSON. Integers have no fraction, as in JavaScript.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(b) => (*b).into(),
            // JavaScript's notation of a finite number is JSON.
            Self::Number(n) => serde_json::from_str(&format_js_number(*n)).unwrap_or_default(),
            Self::String(s) => s.as_str().into(),
        }
    }

    pub(crate) fn is_equal(&self, value: Option<&Tree<'_>>) -> bool {
        match (self, value) {
            (Self::Null, Some(Tree::Null)) => true,
            (Self::Bool(a), Some(Tree::Bool(b))) => a == b,
            (Self::Number(a), Some(Tree::Number(b))) => *a == b.as_f64(),
            (Self::String(a), Some(Tree::String(b))) => a == b,
            _ => false,
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Number(n) => f.write_str(&format_js_number(*n)),
            Self::String(s) => write!(f, "\"{s}\""),
        }
    }
}

/// Zod's message for a value that is not among the constants.
pub(crate) struct AllowedConstants<'a>(pub(crate) &'a [Literal]);

impl fmt::Display for AllowedConstants<'_> {
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
