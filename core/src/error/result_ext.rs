//! Conversion of results for `?`.

use std::borrow::Cow;

use super::{ActionError, ActionErrorCode, Source};

/// Converts the error of a result to an [`ActionError`], for use with `?`.
///
/// This trait is sealed: only [`Result`] implements it.
pub trait ResultExt<T>: sealed::Sealed {
    /// Converts the error to an internal error, whose source is logged and never sent.
    ///
    /// # Errors
    ///
    /// [`ActionErrorCode::InternalServerError`] (500).
    fn or_internal(self) -> Result<T, ActionError>;

    /// Converts the error to one with a code and a message. The original error becomes the source, which is logged and never
    /// sent.
    ///
    /// # Errors
    ///
    /// An error with `code`, and its status.
    fn or_code(self, code: ActionErrorCode, message: impl Into<Cow<'static, str>>) -> Result<T, ActionError>;
}

impl<T, E: Into<Source>> sealed::Sealed for Result<T, E> {}

mod sealed {
    pub trait Sealed {}
}

impl<T, E: Into<Source>> ResultExt<T> for Result<T, E> {
    fn or_internal(self) -> Result<T, ActionError> {
        self.map_err(ActionError::internal)
    }

    fn or_code(self, code: ActionErrorCode, message: impl Into<Cow<'static, str>>) -> Result<T, ActionError> {
        self.map_err(|source| ActionError::new(code).with_message(message).with_source(source))
    }
}
