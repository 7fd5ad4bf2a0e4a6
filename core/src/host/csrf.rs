//! The cross-site check: another site cannot make a visitor's browser call an action.

use http::{HeaderName, Method, header, request};

use crate::context::origin::{AllowedOrigins, requested_host, single_value};
use crate::media::{self, essence};

/// Sent by every current browser; scripts cannot set it (W3C Fetch Metadata, section 2.4).
pub(crate) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Checks that a request does not come from another site.
///
/// # Errors
///
/// The reason for the refusal, for the log.
pub(crate) fn check(origins: &AllowedOrigins, head: &request::Parts) -> Result<(), String> {
    if origins.allow_all || matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let origin = single_value(&head.headers, &header::ORIGIN)?.filter(|origin| !origin.is_empty());
    let is_trusted = origin.is_some_and(|origin| origins.trusted.iter().any(|entry| entry.as_bytes() == origin));
    match (single_value(&head.headers, &SEC_FETCH_SITE)?, origin) {
        (Some(b"same-origin" | b"none"), _) => Ok(()),
        _ if is_trusted => Ok(()),
        (Some(site), origin) => Err(format!(
            "Sec-Fetch-Site is `{}` and the Origin `{}` is not trusted",
            site.escape_ascii(),
            origin.unwrap_or_default().escape_ascii()
        )),
        (None, Some(origin)) => check_origin(origins, origin, head),
        (None, None) => check_content_type(head),
    }
}

fn check_origin(origins: &AllowedOrigins, origin: &[u8], head: &request::Parts) -> Result<(), String> {
    let origin = str::from_utf8(origin).unwrap_or_default();
    let host = requested_host(head)?;
    match origins.is_own_at(origin, host) {
        true => Ok(()),
        false if origins.own.is_empty() => Err(format!("the Origin `{origin}` does not match the Host `{host}`")),
        false => Err(format!("the Origin `{origin}` is not one of `{}`", origins.own.join("`, `"))),
    }
}

/// A request without `Sec-Fetch-Site` and `Origin` must have a content type that an HTML form cannot send.
fn check_content_type(head: &request::Parts) -> Result<(), String> {
    let has_type = head.headers.get(header::CONTENT_TYPE).is_some_and(|value| !essence(value.as_bytes()).is_empty());
    // A gateway may have joined repeated headers with commas.
    let mut types = head
        .headers
        .get_all(header::CONTENT_TYPE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    if has_type && types.all(|value| !is_form_type(value)) {
        Ok(())
    } else {
        Err("Sec-Fetch-Site and Origin are absent and an HTML form can send the content type".to_owned())
    }
}

/// Returns whether an HTML form can send this content type, to any site (HTML, section 4.10.21.7).
fn is_form_type(content_type: &[u8]) -> bool {
    let essence = essence(content_type);
    [media::URLENCODED, media::MULTIPART, media::TEXT].iter().any(|form| media::is(essence, form))
}
