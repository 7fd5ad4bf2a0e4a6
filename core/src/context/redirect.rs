//! Redirects from actions.

use http::HeaderValue;
use http::header::HeaderName;

use crate::error::ActionError;

/// The header with the target of a redirect, in the response to a client. A status of 3xx would make `fetch` follow it.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("enact-redirect");

/// The target of a redirect. It is a valid header value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redirect(HeaderValue);

impl Redirect {
    /// Creates a redirect to a path of this site, with its query and fragment.
    ///
    /// # Errors
    ///
    /// An internal error if browsers resolve the path to another site (`//evil`, `/\evil`).
    pub(crate) fn to_path(path: &str) -> Result<Self, ActionError> {
        let foreign = || {
            ActionError::internal(format!(
                "invalid redirect path `{}`: expected a same-origin path such as `/products/7`",
                path.escape_debug()
            ))
        };
        if !is_local(path) {
            return Err(foreign());
        }
        // Resolved as the browser will, because a stored result is bound to the path of its page.
        let url =
            url::Url::parse("http://localhost").and_then(|site| site.join(path)).map_err(ActionError::internal)?;
        let resolved = &url[url::Position::BeforePath..];
        if is_local(resolved) { Self::new(resolved) } else { Err(foreign()) }
    }

    /// Creates a redirect to any `http` or `https` URL.
    pub(crate) fn to_url(target: &str) -> Result<Self, ActionError> {
        match url::Url::parse(target) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::new(url.as_str()),
            _ => Err(ActionError::internal(format!(
                "invalid redirect URL `{}`: expected an `http` or `https` URL",
                target.escape_debug()
            ))),
        }
    }

    fn new(target: &str) -> Result<Self, ActionError> {
        HeaderValue::try_from(target).map(Self).map_err(ActionError::internal)
    }

    #[cfg(any(test, feature = "post-redirect-get"))]
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or("/")
    }

    pub(crate) fn into_header(self) -> HeaderValue {
        self.0
    }
}

/// Returns whether browsers resolve the path to the current site. They read a backslash as a slash, and drop tabs and line
/// breaks (WHATWG URL, section 4.4).
pub(crate) fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(|char: char| char == '\\' || char.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_paths_are_rejected() {
        for good in ["/", "/a?b=c#d", "/a//b", "/ü x"] {
            assert!(Redirect::to_path(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "//evil",
            "/\\evil",
            "\\\\evil",
            "/a\r\nSet-Cookie: x",
            "/\t/evil",
            "https://evil",
            "javascript:x",
            "/.//evil",
            "/a/..//evil",
        ] {
            assert!(Redirect::to_path(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn path_is_normalized_as_browsers_do() {
        for (path, sent) in [("/ü x", "/%C3%BC%20x"), ("/a/../{b}?c=ü#d", "/%7Bb%7D?c=%C3%BC#d"), ("/a/./", "/a/")] {
            assert_eq!(Redirect::to_path(path).unwrap().0, sent);
        }
    }

    #[test]
    fn url_must_be_http_or_https() {
        assert_eq!(Redirect::to_url("https://example.com/a b").unwrap().as_str(), "https://example.com/a%20b");
        for bad in ["javascript:alert(1)", "//evil", "/a", "data:text/html,x"] {
            assert!(Redirect::to_url(bad).is_err(), "{bad:?}");
        }
    }
}
