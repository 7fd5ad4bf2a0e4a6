//! What is wrong with an input: issues, in Zod's shape.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing wrong with an input.
///
/// The shape is Zod's, and so are the codes and the wording of the issues that the library finds itself.
///
/// ```
/// use enact::Issue;
///
/// let issue = Issue::new("Already taken").at("user").at("name");
/// assert_eq!(issue.to_string(), "user.name: Already taken");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Issue {
    /// Which kind of rule was broken.
    pub code: IssueCode,
    /// Where: property names and indices from the input's root; empty for the input as a whole.
    pub path: Vec<PathSegment>,
    /// What a person should read.
    pub message: String,
}

impl Issue {
    /// A `custom` issue of the input as a whole, with its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: IssueCode::Custom, path: Vec::new(), message: message.into() }
    }

    /// Adds a segment to the path: the name of a property, or an index.
    #[must_use]
    pub fn at(mut self, segment: impl Into<PathSegment>) -> Self {
        self.path.push(segment.into());
        self
    }

    /// Replaces the code, `custom` by default.
    #[must_use]
    pub fn code(mut self, code: IssueCode) -> Self {
        self.code = code;
        self
    }
}

impl Issue {
    /// The path as a form names its fields: `email`, `address.street`, `items[0].name`; empty for the input as a whole.
    pub fn field(&self) -> String {
        let mut name = String::new();
        for segment in &self.path {
            match segment {
                PathSegment::Index(index) => name.push_str(&format!("[{index}]")),
                PathSegment::Key(key) => {
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(key);
                }
            }
        }
        name
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.field())?;
        }
        f.write_str(&self.message)
    }
}

/// One step of an issue's path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PathSegment {
    /// The place in a list, from 0.
    Index(usize),
    /// The name of a property.
    Key(String),
}

impl PathSegment {
    /// About how many bytes it takes, written.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Index(_) => 8,
            Self::Key(key) => key.len(),
        }
    }
}

impl From<usize> for PathSegment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl From<&str> for PathSegment {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<String> for PathSegment {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "{index}"),
            Self::Key(key) => f.write_str(key),
        }
    }
}

/// The kinds of issues, by Zod's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IssueCode {
    /// The value is of another type.
    InvalidType,
    /// A string, number, list, set or file is larger than allowed.
    TooBig,
    /// A string, number, list, set or file is smaller than allowed.
    TooSmall,
    /// A string does not have the format asked for.
    InvalidFormat,
    /// A number is not a multiple of the one asked for.
    NotMultipleOf,
    /// An object has properties that nobody declared.
    UnrecognizedKeys,
    /// None of the alternatives fits.
    InvalidUnion,
    /// A key of a map is not of the type asked for.
    InvalidKey,
    /// An element of a map or set is wrong.
    InvalidElement,
    /// The value is none of the constants allowed.
    InvalidValue,
    /// A rule of the application's own.
    Custom,
}
