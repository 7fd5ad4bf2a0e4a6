//! Why a call was not answered with its result, in the order in which that is found out.

use std::error::Error as StdError;

use crate::action::Encoding;
use crate::body::FormError;
use crate::error::{ActionError, ActionErrorCode};
use crate::input::Malformed;
use crate::issue::Issue;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejection {
    #[error("a cross-site request: {0}")]
    CrossSite(String),
    #[error("no such action")]
    UnknownAction,
    #[error("only POST calls an action")]
    Method,
    #[error("the gate refused: {0}")]
    Refused(ActionError),
    #[error("the body is longer than {0} bytes")]
    BodyTooLarge(usize),
    #[error("a content type that no action reads")]
    MediaType,
    #[error("the body could not be read: {0}")]
    Body(Box<dyn StdError + Send + Sync>),
    #[error(transparent)]
    Form(FormError),
    #[error(transparent)]
    Malformed(Malformed),
    #[error("the action takes its input as {0:?}")]
    WrongKind(Encoding),
    #[error("the input is not valid")]
    Invalid(Vec<Issue>),
    #[error("the action failed: {0}")]
    Failed(ActionError),
    #[error("the handler panicked")]
    Panicked,
    #[error("the result could not be serialised: {0}")]
    Unserializable(crate::devalue::Error),
}

impl From<Rejection> for ActionError {
    fn from(rejection: Rejection) -> Self {
        use ActionErrorCode::{
            BadRequest, ContentTooLarge, Forbidden, MethodNotAllowed, NotFound, UnsupportedMediaType,
        };
        match rejection {
            Rejection::CrossSite(_) => Self::new(Forbidden).message("Cross-site requests are forbidden"),
            Rejection::UnknownAction => Self::new(NotFound),
            Rejection::Method => Self::new(MethodNotAllowed).message("Actions are called by POST"),
            Rejection::Refused(error) | Rejection::Failed(error) => error,
            Rejection::BodyTooLarge(limit) => {
                Self::new(ContentTooLarge).message(format!("Request body exceeds {limit} bytes"))
            }
            Rejection::MediaType => Self::new(UnsupportedMediaType),
            Rejection::Body(error) => Self::new(BadRequest).message("The request body could not be read").source(error),
            Rejection::Form(error) => {
                let code = if error.is_too_large() { ContentTooLarge } else { BadRequest };
                Self::new(code).message(error.to_string())
            }
            Rejection::Malformed(error) => Self::new(BadRequest).message(error.to_string()),
            Rejection::WrongKind(Encoding::Form) => {
                Self::new(UnsupportedMediaType).message("This action only accepts FormData.")
            }
            Rejection::WrongKind(Encoding::Json) => {
                Self::new(UnsupportedMediaType).message("This action only accepts JSON.")
            }
            Rejection::Invalid(issues) => Self::invalid(issues),
            Rejection::Panicked => Self::internal("the handler panicked"),
            Rejection::Unserializable(error) => Self::internal(error),
        }
    }
}
