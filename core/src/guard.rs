//! The cross-site rule: another site cannot make a visitor's browser call an action.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header, request};

use crate::media::{self, essence};

/// Who may call, besides the site itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origins {
    /// The site's own origins, where they were configured; else the request's `Host` tells.
    pub(crate) own: Vec<String>,
    pub(crate) trusted: Vec<String>,
    pub(crate) unchecked: bool,
}

/// Sent by every current browser, and not to be set by scripts (W3C Fetch Metadata, section 2.4).
pub(crate) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl Origins {
    /// Whether the request may go on.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for the log.
    pub(crate) fn check(&self, head: &request::Parts) -> Result<(), String> {
        if self.unchecked || matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        let origin = single(&head.headers, &header::ORIGIN)?.filter(|origin| !origin.is_empty());
        let trusted = origin.is_some_and(|origin| self.trusted.iter().any(|entry| entry.as_bytes() == origin));
        match (single(&head.headers, &SEC_FETCH_SITE)?, origin) {
            (Some(b"same-origin" | b"none"), _) => Ok(()),
            _ if trusted => Ok(()),
            (Some(site), origin) => Err(format!(
                "Sec-Fetch-Site is `{}`, Origin is `{}`, and that is not trusted",
                site.escape_ascii(),
                origin.unwrap_or_default().escape_ascii()
            )),
            (None, Some(origin)) => self.same_origin(origin, head),
            (None, None) => {
                let types = head.headers.get_all(header::CONTENT_TYPE).iter();
                // A gateway may have joined several here as well.
                if types
                    .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
                    .all(|value| !a_form_sends(value))
                    && head.headers.get(header::CONTENT_TYPE).is_some_and(|value| !essence(value.as_bytes()).is_empty())
                {
                    Ok(())
                } else {
                    Err("neither Sec-Fetch-Site nor Origin, and a content type that a form can send".to_owned())
                }
            }
        }
    }

    fn same_origin(&self, origin: &[u8], head: &request::Parts) -> Result<(), String> {
        let origin = str::from_utf8(origin).unwrap_or_default();
        let host = host(head)?;
        match self.is_own_at(origin, host) {
            true => Ok(()),
            false if self.own.is_empty() => Err(format!("Origin is `{origin}`, Host is `{host}`")),
            false => Err(format!("Origin is `{origin}`, not one of `{}`", self.own.join("`, `"))),
        }
    }

    /// Whether an origin is the site's own.
    #[cfg(feature = "post-redirect-get")]
    pub(crate) fn is_own(&self, origin: &str, head: &request::Parts) -> bool {
        host(head).is_ok_and(|host| self.is_own_at(origin, host))
    }

    fn is_own_at(&self, origin: &str, host: &str) -> bool {
        if !self.own.is_empty() {
            return self.own.iter().any(|own| own == origin);
        }
        // The scheme is not compared: a proxy that ends TLS hides it.
        origin.split_once("://").is_some_and(|(scheme, given)| {
            let is_scheme =
                !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
            is_scheme && !host.is_empty() && given.eq_ignore_ascii_case(host)
        })
    }
}

/// The host and port that a request asks for.
fn host(head: &request::Parts) -> Result<&str, String> {
    Ok(match single(&head.headers, &header::HOST)? {
        Some(host) => str::from_utf8(host).unwrap_or_default(),
        None => head.uri.authority().map_or("", http::uri::Authority::as_str),
    })
}

/// The one value of a header, if it is there at all.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a [u8]>, String> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next().map(HeaderValue::as_bytes) else {
        return Ok(None);
    };
    // A gateway may have joined several by commas (RFC 9110, section 5.3), which none of these headers has of itself.
    if values.next().is_none() && value.iter().all(|byte| byte.is_ascii_graphic() && *byte != b',') {
        Ok(Some(value))
    } else {
        Err(format!("`{name}` came more than once, or is not visible ASCII"))
    }
}

/// Whether it is a content type that an HTML form can send, which is to any site (HTML, section 4.10.21.7).
fn a_form_sends(content_type: &[u8]) -> bool {
    let essence = essence(content_type);
    [media::URLENCODED, media::MULTIPART, media::TEXT].iter().any(|form| media::is(essence, form))
}

/// Whether a text is an origin as browsers write it: `scheme://host[:port]`, nothing more.
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
    fn an_origin_has_no_path_and_no_default_port() {
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
