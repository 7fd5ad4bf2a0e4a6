//! Parsing of responses.

use http::{HeaderMap, Response, StatusCode, header};
use serde::de::DeserializeOwned;

use super::error::UnexpectedResponse;
use crate::action::Action;
use crate::context::redirect;
use crate::devalue;
use crate::error::{ActionError, ActionErrorCode, parse_error};
use crate::media;

impl<I, O, E> Action<I, O, E> {
    /// Parses the response to a [`request`](Self::request).
    ///
    /// A redirect has no output: `()` and `Option` deserialize from it, and [`redirect_target`] returns its target. The transport
    /// decides how large a response may be.
    ///
    /// # Errors
    ///
    /// Returns the error of the action, with its code, message and issues.
    ///
    /// A response that does not come from an action is an error too. Its code is that of the status if there is one, or else
    /// `BAD_GATEWAY`, and [`ActionError::unexpected_response`] returns the response.
    pub fn response<B: AsRef<[u8]>>(&self, response: Response<B>) -> Result<O, ActionError>
    where
        O: DeserializeOwned,
    {
        parse_response(&response)
    }
}

/// Returns the target of a redirect, if the action redirected its caller: a path of its site, or the URL of another site.
///
/// ```
/// use enact::Action;
/// use enact::client::redirect_target;
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

fn parse_response<O: DeserializeOwned, B: AsRef<[u8]>>(response: &Response<B>) -> Result<O, ActionError> {
    let status = response.status();
    let body = response.body().as_ref();
    let unexpected = |reason: String| unexpected_response(status, reason, body);
    match status {
        StatusCode::NO_CONTENT => devalue::from_str("[null]").map_err(|error| {
            unexpected(match redirect_target(response) {
                Some(target) => format!("the action redirects to `{target}` and returns no output"),
                None => format!("the output is missing: {error}"),
            })
        }),
        StatusCode::OK if has_media_type(response.headers(), media::DEVALUE) => {
            devalue::from_slice(body).map_err(|error| unexpected(format!("cannot deserialize the output: {error}")))
        }
        _ if (status.is_client_error() || status.is_server_error())
            && has_media_type(response.headers(), media::JSON) =>
        {
            Err(parse_error(body).unwrap_or_else(|error| unexpected(format!("cannot deserialize the error: {error}"))))
        }
        _ => {
            let content_type = response.headers().get(header::CONTENT_TYPE);
            Err(unexpected(format!("unexpected content type {content_type:?}")))
        }
    }
}

fn has_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| media::is(media::essence(value.as_bytes()), media_type))
}

fn unexpected_response(status: StatusCode, reason: String, body: &[u8]) -> ActionError {
    let code = Some(ActionErrorCode::from_status(status.as_u16()))
        .filter(|code| code.status() == status)
        .unwrap_or(ActionErrorCode::BadGateway);
    let body = String::from_utf8_lossy(body.get(..500).unwrap_or(body)).into_owned();
    ActionError::new(code).with_message("Unexpected response").with_source(UnexpectedResponse { status, reason, body })
}
