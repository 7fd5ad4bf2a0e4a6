//! What came back.

use std::error::Error as _;

use http::{HeaderMap, Response, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::context::redirect;
use crate::devalue;
use crate::error::parse_error;
use crate::error::{ActionError, ActionErrorCode};
use crate::media;
use crate::media::DEVALUE;

/// An answer that is none of an action's: a proxy's page, a text that was cut off, or an output of another type. It is the
/// source of the [`ActionError`] that stands for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unexpected response of status {status}: {problem}")]
pub struct UnexpectedResponse {
    status: StatusCode,
    problem: String,
    body: String,
}

impl UnexpectedResponse {
    /// The status of the answer.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The beginning of its body, up to 500 bytes, for a log.
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl ActionError {
    /// What came in place of an action's answer, if that is what this error stands for. An error that the server has sent has none.
    pub fn unexpected_response(&self) -> Option<&UnexpectedResponse> {
        self.source()?.downcast_ref()
    }
}

/// Where an action sends its caller on to, if it does: the path on its site, or the URL of another.
///
/// ```
/// use enact::{Action, redirect_target};
///
/// const BUY: Action<(), ()> = Action::json("buy");
///
/// let response = http::Response::builder()
///     .status(204)
///     .header("enact-redirect", "/orders/7")
///     .body("")?;
/// assert_eq!(redirect_target(&response), Some("/orders/7"));
/// BUY.response(response)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn redirect_target<B>(response: &Response<B>) -> Option<&str> {
    response.headers().get(redirect::HEADER)?.to_str().ok()
}

pub(super) fn read<O: DeserializeOwned, B: AsRef<[u8]>>(response: &Response<B>) -> Result<O, ActionError> {
    let status = response.status();
    let body = response.body().as_ref();
    let unexpected = |problem: String| unexpected(status, problem, body);
    match status {
        StatusCode::NO_CONTENT => devalue::from_str("[null]").map_err(|error| {
            unexpected(match redirect_target(response) {
                Some(target) => format!("the action sends its caller on to `{target}`, and gives no output"),
                None => format!("there is no output: {error}"),
            })
        }),
        StatusCode::OK if is(response.headers(), DEVALUE) => {
            devalue::from_slice(body).map_err(|error| unexpected(format!("the output does not read: {error}")))
        }
        _ if (status.is_client_error() || status.is_server_error()) && is(response.headers(), media::JSON) => {
            Err(match parse_error(body) {
                Ok(error) => error,
                Err(error) => unexpected(format!("the error does not read: {error}")),
            })
        }
        _ => {
            let content_type = response.headers().get(header::CONTENT_TYPE);
            Err(unexpected(format!("its content type is {content_type:?}")))
        }
    }
}

fn is(headers: &HeaderMap, media_type: &str) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| media::is(media::essence(value.as_bytes()), media_type))
}

fn unexpected(status: StatusCode, problem: String, body: &[u8]) -> ActionError {
    // What stands in for a server that was reached, a gateway would answer with.
    let code = Some(ActionErrorCode::from_status(status.as_u16()))
        .filter(|code| code.status() == status)
        .unwrap_or(ActionErrorCode::BadGateway);
    let body = String::from_utf8_lossy(body.get(..500).unwrap_or(body)).into_owned();
    ActionError::new(code).with_message("Unexpected response").with_source(UnexpectedResponse { status, problem, body })
}
