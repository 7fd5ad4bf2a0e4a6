//! The reasons for which a call fails, in the order in which they are detected.

use crate::action::Encoding;
use crate::devalue;
use crate::error::{ActionError, ActionErrorCode, Issue};
use crate::input::{BodyError, Malformed};
use crate::panic::Panicked;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejection {
    #[error("cross-site request: {0}")]
    CrossSite(String),
    #[error("unknown action")]
    UnknownAction,
    #[error("method other than POST")]
    Method,
    #[error("refused by a gate: {0}")]
    Refused(ActionError),
    #[error(transparent)]
    Body(BodyError),
    #[error(transparent)]
    Malformed(Malformed),
    #[error("wrong encoding of the input: expected {0:?}")]
    WrongEncoding(Encoding),
    #[error("invalid input")]
    Invalid(Vec<Issue>),
    #[error("the handler failed: {0}")]
    Failed(ActionError),
    #[error("the handler panicked")]
    Panicked,
    #[error("cannot serialize the output: {0}")]
    Unserializable(devalue::Error),
}

impl From<Panicked> for Rejection {
    fn from(_: Panicked) -> Self {
        Self::Panicked
    }
}

impl From<Rejection> for ActionError {
    fn from(rejection: Rejection) -> Self {
        use ActionErrorCode::{
            BadRequest, ContentTooLarge, Forbidden, MethodNotAllowed, NotFound, UnsupportedMediaType,
        };
        match rejection {
            Rejection::CrossSite(_) => Self::new(Forbidden).with_message("Cross-site requests are forbidden"),
            Rejection::UnknownAction => Self::new(NotFound),
            Rejection::Method => Self::new(MethodNotAllowed).with_message("Actions are called by POST"),
            Rejection::Refused(error) | Rejection::Failed(error) => error,
            Rejection::Body(BodyError::UnsupportedMediaType) => Self::new(UnsupportedMediaType),
            Rejection::Body(BodyError::Unreadable(source)) => {
                Self::new(BadRequest).with_message("The request body could not be read").with_source(source)
            }
            Rejection::Body(error) => {
                let code = if error.is_too_large() { ContentTooLarge } else { BadRequest };
                Self::new(code).with_message(error.to_string())
            }
            Rejection::Malformed(error) => Self::new(BadRequest).with_message(error.to_string()),
            Rejection::WrongEncoding(Encoding::Form) => {
                Self::new(UnsupportedMediaType).with_message("This action only accepts FormData.")
            }
            Rejection::WrongEncoding(Encoding::Json) => {
                Self::new(UnsupportedMediaType).with_message("This action only accepts JSON.")
            }
            Rejection::Invalid(issues) => Self::invalid(issues),
            Rejection::Panicked => Self::internal("the handler panicked"),
            Rejection::Unserializable(error) => Self::internal(error),
        }
    }
}
