//! Where an action sends its caller on to.

use http::HeaderValue;
use http::header::HeaderName;

use crate::error::ActionError;

/// Tells a client of an RPC call where the action sends it: the status cannot, since `fetch` would follow it.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("enact-redirect");

/// A target that no header can be broken with, and that stays on the site unless the developer said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redirect(HeaderValue);

impl Redirect {
    /// A path of this site, with its query and fragment.
    ///
    /// # Errors
    ///
    /// What a browser would take for another site (`//evil`, `/\evil`), or what no header can hold: status 500.
    pub(crate) fn within(path: &str) -> Result<Self, ActionError> {
        if is_local(path) {
            Self::to(path)
        } else {
            Err(ActionError::internal(format!("`{}` is no path of this site", path.escape_debug())))
        }
    }

    /// Any URL.
    pub(crate) fn anywhere(target: &str) -> Result<Self, ActionError> {
        match url::Url::parse(target) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::to(url.as_str()),
            _ => Err(ActionError::internal(format!("`{}` is no web address", target.escape_debug()))),
        }
    }

    fn to(target: &str) -> Result<Self, ActionError> {
        HeaderValue::try_from(encoded(target)).map(Self).map_err(ActionError::internal)
    }

    #[cfg(any(test, feature = "post-redirect-get"))]
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or("/")
    }

    pub(crate) fn into_header(self) -> HeaderValue {
        self.0
    }
}

/// Whether browsers resolve it to a path of the site that they are on (WHATWG URL, section 4.4: a backslash is a slash,
/// tabs and line breaks are dropped).
pub(crate) fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(|char: char| char == '\\' || char.is_control())
}

/// What is not ASCII, and spaces, percent-encoded, as browsers do.
fn encoded(target: &str) -> String {
    const LEFT: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');
    percent_encoding::utf8_percent_encode(target, LEFT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_site_are_local() {
        for good in ["/", "/a?b=c#d", "/a//b", "/ü x"] {
            assert!(Redirect::within(good).is_ok(), "{good}");
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
        ] {
            assert!(Redirect::within(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Redirect::within("/ü x").unwrap().as_str(), "/%C3%BC%20x");
    }

    #[test]
    fn another_site_has_to_be_a_web_address() {
        assert_eq!(Redirect::anywhere("https://example.com/a b").unwrap().as_str(), "https://example.com/a%20b");
        for bad in ["javascript:alert(1)", "//evil", "/a", "data:text/html,x"] {
            assert!(Redirect::anywhere(bad).is_err(), "{bad:?}");
        }
    }
}
