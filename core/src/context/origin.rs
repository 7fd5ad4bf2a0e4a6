//! Origins: those of the site, and those that are trusted to call its actions.

use http::{HeaderMap, HeaderName, HeaderValue, header, request};

/// The origins that may call actions.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllowedOrigins {
    /// The configured origins of the site. If empty, the request's `Host` is the site's origin.
    pub(crate) own: Vec<String>,
    pub(crate) trusted: Vec<String>,
    /// Whether the cross-site check is off.
    pub(crate) allow_all: bool,
}

impl AllowedOrigins {
    /// Returns whether an origin is the site's own.
    #[cfg(feature = "post-redirect-get")]
    pub(crate) fn is_own(&self, origin: &str, head: &request::Parts) -> bool {
        requested_host(head).is_ok_and(|host| self.is_own_at(origin, host))
    }

    /// Returns whether an origin is the site's own, for a request to `host`.
    pub(crate) fn is_own_at(&self, origin: &str, host: &str) -> bool {
        if !self.own.is_empty() {
            return self.own.iter().any(|own| own == origin);
        }
        // The scheme is not compared, because a proxy that terminates TLS hides it.
        origin.split_once("://").is_some_and(|(scheme, given)| {
            let is_scheme =
                !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
            is_scheme && !host.is_empty() && given.eq_ignore_ascii_case(host)
        })
    }
}

/// Returns the host and port of the request: `Host`, or the authority of the URI.
pub(crate) fn requested_host(head: &request::Parts) -> Result<&str, String> {
    Ok(match single_value(&head.headers, &header::HOST)? {
        Some(host) => str::from_utf8(host).unwrap_or_default(),
        None => head.uri.authority().map_or("", http::uri::Authority::as_str),
    })
}

/// Returns the value of a header, if it is present. A repeated header is an error.
pub(crate) fn single_value<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a [u8]>, String> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next().map(HeaderValue::as_bytes) else {
        return Ok(None);
    };
    // A gateway may have joined repeated headers with commas (RFC 9110, section 5.3). A single value contains none.
    if values.next().is_none() && value.iter().all(|byte| byte.is_ascii_graphic() && *byte != b',') {
        Ok(Some(value))
    } else {
        Err(format!("the header `{name}` is repeated or is not visible ASCII"))
    }
}

/// Returns whether a string is an origin as browsers serialize it: `scheme://host[:port]`.
pub(crate) fn is_origin(text: &str) -> bool {
    !text.contains('*')
        && url::Url::parse(text).is_ok_and(|url| {
            let origin = url.origin();
            origin.is_tuple() && origin.ascii_serialization() == text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_has_no_path_and_no_default_port() {
        for good in ["https://example.com", "http://localhost:3000", "https://[::1]:8443"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "https://example.com/",
            "https://example.com:443",
            "example.com",
            "https://a?b",
            "null",
            "HTTPS://A.b",
            "https://*.a",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
