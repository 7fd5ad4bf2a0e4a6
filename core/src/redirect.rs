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
        let foreign = || ActionError::internal(format!("`{}` is no path of this site", path.escape_debug()));
        if !is_local(path) {
            return Err(foreign());
        }
        // As the browser will resolve it, since the result that waits is known by its page's path.
        let url =
            url::Url::parse("http://localhost").and_then(|site| site.join(path)).map_err(ActionError::internal)?;
        let resolved = &url[url::Position::BeforePath..];
        if is_local(resolved) { Self::to(resolved) } else { Err(foreign()) }
    }

    /// Any URL.
    pub(crate) fn anywhere(target: &str) -> Result<Self, ActionError> {
        match url::Url::parse(target) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::to(url.as_str()),
            _ => Err(ActionError::internal(format!("`{}` is no web address", target.escape_debug()))),
        }
    }

    fn to(target: &str) -> Result<Self, ActionError> {
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

/// Whether browsers resolve it to a path of the site that they are on (WHATWG URL, section 4.4: a backslash is a slash,
/// tabs and line breaks are dropped).
pub(crate) fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(|char: char| char == '\\' || char.is_control())
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
            "/.//evil",
            "/a/..//evil",
        ] {
            assert!(Redirect::within(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_path_is_sent_as_browsers_will_ask_for_it() {
        for (path, sent) in [("/ü x", "/%C3%BC%20x"), ("/a/../{b}?c=ü#d", "/%7Bb%7D?c=%C3%BC#d"), ("/a/./", "/a/")] {
            assert_eq!(Redirect::within(path).unwrap().0, sent);
        }
    }

    #[test]
    fn another_site_has_to_be_a_web_address() {
        assert_eq!(Redirect::anywhere("https://example.com/a b").unwrap().as_str(), "https://example.com/a%20b");
        for bad in ["javascript:alert(1)", "//evil", "/a", "data:text/html,x"] {
            assert!(Redirect::anywhere(bad).is_err(), "{bad:?}");
        }
    }
}
