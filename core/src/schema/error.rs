//! The errors of a schema that cannot be compiled.

use std::fmt;

use super::extensions::{FILE_EXTENSIONS, MESSAGE_RULES, OWN_EXTENSIONS};

/// A JSON Schema of an input type that the library cannot validate against.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemaError {
    /// The place in the schema, as a JSON Pointer (RFC 6901); empty for the root.
    pub pointer: String,
    /// The reason.
    pub kind: SchemaErrorKind,
}

/// The reason why a schema cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaErrorKind {
    /// A keyword that would restrict the value but is not supported.
    UnsupportedKeyword {
        /// The keyword.
        keyword: String,
    },
    /// A keyword that resembles an extension of this library, such as `x-max-byte`.
    UnknownExtension {
        /// The keyword.
        keyword: String,
    },
    /// A file keyword, such as `x-max-bytes`, on a type that is not a file.
    NotAFile {
        /// The keyword.
        keyword: String,
    },
    /// A keyword whose value has the wrong type.
    InvalidKeyword {
        /// The keyword.
        keyword: String,
        /// Its value, as JSON.
        value: String,
        /// The expected kind of value.
        expected: &'static str,
    },
    /// A lower limit above the upper limit, so that no value is valid.
    EmptyRange {
        /// The keyword of the lower limit.
        minimum: &'static str,
        /// The keyword of the upper limit.
        maximum: &'static str,
        /// The lower limit, as JSON.
        lower: String,
        /// The upper limit, as JSON.
        upper: String,
    },
    /// A regular expression with a syntax error.
    InvalidPattern {
        /// The expression.
        pattern: String,
        /// The syntax error.
        reason: String,
    },
    /// A `$ref` without a target in the same schema.
    UnresolvedReference {
        /// The reference.
        reference: String,
    },
    /// A keyword with two different values in schemas that are combined, for example by `flatten`.
    ConflictingKeyword {
        /// The keyword.
        keyword: String,
        /// The first value, as JSON.
        first: String,
        /// The second value, as JSON.
        second: String,
    },
    /// A `type` that JSON Schema does not define.
    UnknownType {
        /// The value of `type`, as JSON.
        name: String,
    },
    /// An array or object in `const` or `enum`.
    UnsupportedConstant {
        /// The constant, as JSON.
        value: String,
    },
    /// A rule in `x-message` that does not exist.
    UnknownRule {
        /// The name of the rule.
        rule: String,
    },
    /// A type that contains itself and adds keywords each time, so that its schema never ends.
    InfiniteExpansion,
}

impl SchemaErrorKind {
    /// Adds the place in the schema.
    pub(super) fn at(self, pointer: &str) -> SchemaError {
        SchemaError { pointer: pointer.to_owned(), kind: self }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at `#{}` in its JSON Schema)", self.kind, self.pointer)
    }
}

impl std::error::Error for SchemaError {}

impl fmt::Display for SchemaErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedKeyword { keyword } => {
                write!(f, "unsupported keyword `{keyword}`: expected a schema without it; check the rule in `refine`")
            }
            Self::UnknownExtension { keyword } => {
                write!(f, "unknown keyword `{keyword}`: expected {}", NameList(OWN_EXTENSIONS))
            }
            Self::NotAFile { keyword } => write!(
                f,
                "misplaced keyword `{keyword}`: expected {} only on a `File`, `Option<File>` or `Vec<File>`",
                NameList(FILE_EXTENSIONS)
            ),
            Self::InvalidKeyword { keyword, value, expected } => {
                write!(f, "invalid `{keyword}` `{value}`: expected {expected}")
            }
            Self::EmptyRange { minimum, maximum, lower, upper } => {
                write!(f, "no value is valid: expected `{minimum}` ({lower}) to be at most `{maximum}` ({upper})")
            }
            Self::InvalidPattern { pattern, reason } => {
                write!(f, "invalid pattern `{pattern}`: expected a regular expression, got a syntax error: {reason}")
            }
            Self::UnresolvedReference { reference } => {
                write!(f, "unresolved reference `{reference}`: expected a JSON Pointer into the same schema")
            }
            Self::ConflictingKeyword { keyword, first, second } => write!(
                f,
                "conflicting values of `{keyword}`, `{first}` and `{second}`: expected the same value in all schemas \
                 that are combined"
            ),
            Self::UnknownType { name } => write!(
                f,
                "unknown type `{name}`: expected `string`, `number`, `integer`, `boolean`, `array`, `object` or `null`"
            ),
            Self::UnsupportedConstant { value } => {
                write!(f, "unsupported constant `{value}`: expected a string, number, boolean or null")
            }
            Self::UnknownRule { rule } => {
                write!(f, "unknown rule `{rule}` in `x-message`: expected {}", NameList(MESSAGE_RULES))
            }
            Self::InfiniteExpansion => f.write_str(
                "infinite schema: expected a type that contains itself to do so without further keywords beside the \
                 reference",
            ),
        }
    }
}

/// A list of names: `a`, `b` or `c`.
struct NameList(&'static [&'static str]);

impl fmt::Display for NameList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.len().saturating_sub(1);
        for (i, name) in self.0.iter().enumerate() {
            let separator = if i == 0 {
                ""
            } else if i == last {
                " or "
            } else {
                ", "
            };
            write!(f, "{separator}`{name}`")?;
        }
        Ok(())
    }
}
