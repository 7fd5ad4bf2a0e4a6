//! Errors of actions.

mod code;
mod issue;
mod result_ext;
mod wire;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

pub use code::{ActionErrorCode, UnknownErrorCode};
pub use issue::{Issue, IssueCode, IssueParams, PathSegment};
pub use result_ext::ResultExt;
pub(crate) use wire::parse_error;

type Source = Box<dyn StdError + Send + Sync>;

/// The error of an action.
///
/// A handler returns it to refuse a call. The code, the message and the issues are sent to the client. The source is passed to
/// `tracing` and to [`RegistryBuilder::on_error`](crate::RegistryBuilder::on_error), and never sent.
///
/// A handler may return any error type that implements `Into<ActionError>`. Implement `From` for the error type of your
/// application, or convert single results with [`ResultExt`].
///
/// ```
/// use enact::{ActionError, ActionErrorCode, ResultExt};
///
/// fn load(id: &str) -> Result<u32, ActionError> {
///     let id: u32 = id.parse().or_code(ActionErrorCode::BadRequest, "Not a number")?;
///     if id == 0 {
///         return Err(ActionError::new(ActionErrorCode::NotFound).with_message("No such product"));
///     }
///     Ok(id)
/// }
///
/// assert_eq!(load("0").unwrap_err().status(), 404);
/// assert_eq!(load("x").unwrap_err().to_string(), "BAD_REQUEST: Not a number");
/// ```
#[derive(Debug)]
pub struct ActionError {
    code: ActionErrorCode,
    message: Cow<'static, str>,
    issues: Option<Vec<Issue>>,
    source: Option<Source>,
}

impl ActionError {
    /// Creates an error with a code and without a message.
    #[must_use]
    pub const fn new(code: ActionErrorCode) -> Self {
        Self { code, message: Cow::Borrowed(""), issues: None, source: None }
    }

    /// Creates an error that reports issues of the input, with the status 400. Clients cannot tell it from an error that the
    /// schema reports.
    ///
    /// ```
    /// use enact::{ActionError, Issue};
    ///
    /// let error = ActionError::invalid([Issue::new("Already taken").at("email")]);
    /// assert_eq!(error.fields().collect::<Vec<_>>(), [("email".to_owned(), vec!["Already taken"])]);
    /// ```
    #[must_use]
    pub fn invalid(issues: impl IntoIterator<Item = Issue>) -> Self {
        Self { issues: Some(issues.into_iter().collect()), ..Self::new(ActionErrorCode::BadRequest) }
    }

    /// Creates an internal error, with the status 500 and the fixed message "Internal server error". The source is logged and
    /// never sent.
    #[must_use]
    pub fn internal(source: impl Into<Source>) -> Self {
        Self {
            message: Cow::Borrowed("Internal server error"),
            source: Some(source.into()),
            ..Self::new(ActionErrorCode::InternalServerError)
        }
    }

    /// Sets the message, which is sent to the client.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Sets the source, which is logged and never sent. [`std::error::Error::source`] returns it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the code.
    pub const fn code(&self) -> ActionErrorCode {
        self.code
    }

    /// Returns the HTTP status of the code.
    pub fn status(&self) -> StatusCode {
        self.code.status()
    }

    /// Returns the message, or an empty string if none was set.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the issues of the input. Empty unless [`is_input_error`](Self::is_input_error).
    pub fn issues(&self) -> &[Issue] {
        self.issues.as_deref().unwrap_or_default()
    }

    /// Returns whether the error reports issues of the input.
    pub const fn is_input_error(&self) -> bool {
        self.issues.is_some()
    }

    /// Returns the messages of the issues, grouped by the first segment of their paths, in the order of first occurrence.
    ///
    /// Issues of the input as a whole have no path. They are only in [`issues`](Self::issues).
    pub fn fields(&self) -> impl Iterator<Item = (String, Vec<&str>)> {
        let mut fields: Vec<(String, Vec<&str>)> = Vec::new();
        for issue in self.issues() {
            let Some(first) = issue.path.first() else {
                continue;
            };
            let name = first.to_string();
            match fields.iter_mut().find(|(field, _)| *field == name) {
                Some((_, messages)) => messages.push(&issue.message),
                None => fields.push((name, vec![&issue.message])),
            }
        }
        fields.into_iter()
    }
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        for (i, issue) in self.issues().iter().enumerate() {
            write!(f, "{}{issue}", if i == 0 { ": " } else { "; " })?;
        }
        Ok(())
    }
}

impl StdError for ActionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<ActionErrorCode> for ActionError {
    fn from(code: ActionErrorCode) -> Self {
        Self::new(code)
    }
}
