//! Errors of requests and responses.

use http::StatusCode;

use crate::error::ActionError;

/// The error of building a request.
///
/// It is a mistake of the calling program, so it converts to an internal [`ActionError`] (500).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The base is neither a URL nor a path.
    #[error("invalid base `{base}`: {reason}")]
    #[non_exhaustive]
    Base {
        /// The base, without credentials.
        base: String,
        /// The rule that it breaks.
        reason: &'static str,
    },
    /// The input cannot be serialized as JSON.
    #[error("cannot serialize the input as JSON")]
    Json(#[source] serde_json::Error),
    /// The input contains a file, but the action takes JSON.
    #[error("cannot send a file as JSON: declare the action with `Action::form`")]
    FileInJson,
    /// Forms cannot be validated against the schema of the input type.
    #[error("unsupported input schema: {0}")]
    Schema(String),
    /// The server would read the form as another input.
    #[error("a form cannot express the input: {0}")]
    NotInForm(String),
    /// A multipart form cannot carry the name of a field.
    #[error("a multipart form cannot carry the field name `{0}`")]
    FieldName(String),
}

impl From<RequestError> for ActionError {
    fn from(error: RequestError) -> Self {
        Self::internal(error)
    }
}

/// A response that does not come from an action: an error page of a proxy, a truncated body, or an output of another type.
///
/// It is the source of the [`ActionError`] that [`Action::response`](crate::Action::response) returns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unexpected response with status {status}: {reason}")]
pub struct UnexpectedResponse {
    pub(super) status: StatusCode,
    pub(super) reason: String,
    pub(super) body: String,
}

impl UnexpectedResponse {
    /// The status of the response.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The beginning of the body, up to 500 bytes, for the log.
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl ActionError {
    /// Returns the response, if this error stands for one that does not come from an action.
    pub fn unexpected_response(&self) -> Option<&UnexpectedResponse> {
        std::error::Error::source(self)?.downcast_ref()
    }
}
