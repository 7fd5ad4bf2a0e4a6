//! The base of a request: the URL or path below which actions are called.

use http::Uri;
use url::{Position, Url};

use super::error::RequestError;
use crate::context::redirect::is_local;

/// A base URL or path.
#[derive(Debug)]
pub(super) struct Base {
    /// As passed by the caller.
    text: String,
    /// The scheme and authority, or an empty string for a path.
    origin: String,
    path: String,
}

impl Base {
    pub(super) fn parse(base: &str) -> Result<Self, RequestError> {
        let invalid = |reason| RequestError::Base { base: base.to_owned(), reason };
        let is_path = is_local(base);
        let url = match Url::parse(base) {
            Ok(url) => url,
            // Paths are normalized like those of URLs.
            Err(_) if is_path => Url::parse("http://localhost")
                .and_then(|site| site.join(base))
                .map_err(|_| invalid("the path is malformed"))?,
            Err(_) => return Err(invalid("expected a URL or an absolute path")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            // The error must not contain the credentials. Removing them from a URL that has them cannot fail.
            let mut redacted = url;
            let _ = redacted.set_username("").and_then(|()| redacted.set_password(None));
            return Err(RequestError::Base { base: redacted.into(), reason: "send credentials in a header" });
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid("expected the scheme `http` or `https`"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("expected no query and no fragment"));
        }
        let origin = if is_path { "" } else { &url[..Position::BeforePath] };
        Ok(Self { text: base.to_owned(), origin: origin.to_owned(), path: url.path().to_owned() })
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the URI of an absolute path on the server.
    pub(super) fn join(&self, path: &str) -> Result<Uri, RequestError> {
        Uri::try_from([&self.origin, path].concat())
            .map_err(|_| RequestError::Base { base: self.text.clone(), reason: "the URL is too long" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Action;

    fn action_uri(base: &str) -> Result<String, RequestError> {
        let base = Base::parse(base)?;
        base.join(&Action::<(), ()>::json("a b/ü.c").path(base.path())).map(|uri| uri.to_string())
    }

    #[test]
    fn base_may_have_a_path() {
        for (base, uri) in [
            ("https://example.com", "https://example.com/_actions/a%20b%2F%C3%BC.c"),
            ("https://example.com/", "https://example.com/_actions/a%20b%2F%C3%BC.c"),
            ("HTTP://Example.com:80/app/", "http://example.com/app/_actions/a%20b%2F%C3%BC.c"),
            ("http://[::1]:3000/a/b", "http://[::1]:3000/a/b/_actions/a%20b%2F%C3%BC.c"),
            ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC/_actions/a%20b%2F%C3%BC.c"),
            ("/", "/_actions/a%20b%2F%C3%BC.c"),
            ("/app", "/app/_actions/a%20b%2F%C3%BC.c"),
        ] {
            assert_eq!(action_uri(base).unwrap(), uri, "{base}");
        }
    }

    #[test]
    fn invalid_base_is_an_error() {
        for base in [
            "",
            "example.com",
            "app",
            "//example.com",
            "/\\example.com",
            "localhost:3000",
            "ftp://example.com",
            "https://",
            "https://ada:secret@example.com",
            "https://example.com?a=b",
            "https://example.com/#a",
            "/app?x",
            "data:text/plain,x",
        ] {
            let error = action_uri(base).unwrap_err();
            assert!(matches!(error, RequestError::Base { .. }), "{base}: {error}");
        }
    }

    #[test]
    fn error_contains_no_credentials() {
        let error = action_uri("https://ada:secret@example.com/app").unwrap_err().to_string();
        assert!(
            error.contains("https://example.com/app") && !error.contains("ada") && !error.contains("secret"),
            "{error}"
        );
    }

    #[test]
    fn overlong_base_is_an_error() {
        assert!(action_uri(&format!("/{}", "a".repeat(70_000))).is_err());
    }
}
