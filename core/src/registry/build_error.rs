//! Errors of building a registry.

use std::fmt;

use crate::schema::SchemaError;

/// The error of [`RegistryBuilder::build`](crate::RegistryBuilder::build). It lists all problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError(pub(super) Vec<BuildProblem>);

impl BuildError {
    /// Returns the problems, at least one.
    pub fn problems(&self) -> &[BuildProblem] {
        &self.0
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the registry cannot be built:")?;
        for problem in &self.0 {
            write!(f, "\n- {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BuildError {}

/// A reason why a registry cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildProblem {
    /// The base is not an absolute path.
    #[error("invalid base `{base}`: expected an absolute path such as `/app`, without `?`, `#` and `%`")]
    #[non_exhaustive]
    InvalidBase {
        /// The base.
        base: String,
    },
    /// A string is not an origin.
    #[error("invalid origin `{origin}`: expected `scheme://host[:port]`, as browsers send it")]
    #[non_exhaustive]
    InvalidOrigin {
        /// The string.
        origin: String,
    },
    /// No request can carry the name of an action, or no client can call it.
    #[error("invalid action name `{name}`: {reason}")]
    #[non_exhaustive]
    InvalidName {
        /// The name of the action.
        name: &'static str,
        /// The rule that the name breaks.
        reason: &'static str,
    },
    /// Two actions have the same name.
    #[error("duplicate action name `{name}`")]
    #[non_exhaustive]
    DuplicateName {
        /// The name of the actions.
        name: &'static str,
    },
    /// Inputs cannot be validated against the schema of an input type.
    #[error("invalid input schema of `{action}`: {error}")]
    #[non_exhaustive]
    InvalidSchema {
        /// The name of the action.
        action: &'static str,
        /// The error, with its place in the schema.
        error: SchemaError,
    },
    /// The schema allows or requires a file that is larger than the body of its request may be.
    #[error(
        "`{keyword}` of the field `{field}` of `{action}` is {bytes} bytes, but the action accepts bodies of at most \
         {max_body_bytes} bytes: raise `max_body_bytes` in its `Limits`"
    )]
    #[non_exhaustive]
    FileLargerThanBody {
        /// The name of the action.
        action: &'static str,
        /// The name of the field.
        field: String,
        /// The keyword, `x-max-bytes` or `x-min-bytes`.
        keyword: &'static str,
        /// The size of a file, in bytes.
        bytes: u64,
        /// The maximum length of the body, in bytes.
        max_body_bytes: usize,
    },
}
