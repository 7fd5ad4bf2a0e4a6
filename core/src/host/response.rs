//! Responses to clients.

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::accept::{PLAIN_JSON, negotiate_format};
use crate::body::Body;
use crate::context::{Call, Context, redirect};
use crate::error::ActionError;
use crate::media;
use crate::output::{AnyOutput, OutputFormat};
use crate::panic::catch;
use crate::registry::{Registry, Rejection};

/// Answers a client with the result of a call. An output that cannot be serialized is an internal error.
pub(super) fn respond(
    registry: &Registry,
    call: &Call,
    result: Result<Box<dyn AnyOutput>, ActionError>,
    ctx: &Context,
) -> Response<Body> {
    let serialized = result.and_then(|output| {
        let format = negotiate_format(ctx.headers());
        let serialized = catch(|| output.serialize(format)).map_err(Rejection::from);
        serialized
            .and_then(|serialized| serialized.map_err(Rejection::Unserializable))
            .map(|serialized| Some((format, serialized?)))
            .map_err(|rejection| registry.report(Some(call), rejection))
    });
    let Some((redirect, cookies)) = ctx.take_response_changes() else {
        return build_response(serialized);
    };
    let mut response = match redirect {
        Some(redirect) if serialized.is_ok() => {
            let mut response = build_response(Ok(None));
            response.headers_mut().insert(redirect::HEADER, redirect.into_header());
            response
        }
        _ => build_response(serialized),
    };
    append_cookies(response.headers_mut(), cookies);
    response
}

/// Builds the response of a serialized output, of no output, or of an error.
pub(super) fn build_response(result: Result<Option<(OutputFormat, Vec<u8>)>, ActionError>) -> Response<Body> {
    let (status, content_type, body) = match result {
        Ok(Some((OutputFormat::Devalue, body))) => {
            (StatusCode::OK, Some(const { HeaderValue::from_static(media::DEVALUE) }), body)
        }
        Ok(Some((OutputFormat::PlainJson, body))) => {
            (StatusCode::OK, Some(const { HeaderValue::from_static(PLAIN_JSON) }), body)
        }
        Ok(None) => (StatusCode::NO_CONTENT, None, Vec::new()),
        // An error consists of strings and numbers, which always serialize.
        Err(error) => (
            error.status(),
            Some(const { HeaderValue::from_static(media::JSON) }),
            serde_json::to_vec(&error).unwrap_or_default(),
        ),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    if let Some(content_type) = content_type {
        // Astro sends no `Vary`, and neither does devalue here: caches do not store responses to POST unless told to.
        if content_type == PLAIN_JSON {
            response.headers_mut().insert(header::VARY, const { HeaderValue::from_static("accept") });
        }
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    response
}

pub(super) fn append_cookies(headers: &mut HeaderMap, cookies: Vec<HeaderValue>) {
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Returns the response of an adapter without pages: 404 with the text `Not Found` as `text/plain; charset=utf-8`.
#[must_use]
pub fn not_found() -> Response<Body> {
    let mut response = Response::new(Body::from("Not Found"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_found_is_plain_text() {
        let response = not_found();
        assert_eq!(response.status(), 404);
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(response.into_body().into_bytes().unwrap(), "Not Found");
    }
}
