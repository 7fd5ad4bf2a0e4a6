//! Where the actions of a server are.

use http::Uri;
use url::{Position, Url};

use super::RequestError;
use crate::context::redirect::is_local;

/// An address, or nothing, and the path below it.
#[derive(Debug)]
pub(super) struct Base {
    given: String,
    /// Scheme and authority; empty for a path alone.
    origin: String,
    path: String,
}

impl Base {
    pub(super) fn parse(base: &str) -> Result<Self, RequestError> {
        let refused = |problem| RequestError::Base { base: base.to_owned(), problem };
        let local = is_local(base);
        let url = match Url::parse(base) {
            Ok(url) => url,
            // As the URL parser writes the path of an address.
            Err(_) if local => {
                Url::parse("http://localhost").and_then(|site| site.join(base)).map_err(|_| refused("it is no path"))?
            }
            Err(_) => return Err(refused("it is neither a URL nor a path that begins with a slash")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            // No log is to hold them. A URL that has them can be without them.
            let mut shown = url;
            let _ = shown.set_username("").and_then(|()| shown.set_password(None));
            return Err(RequestError::Base { base: shown.into(), problem: "credentials belong into a header" });
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused("its scheme is neither http nor https"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("it has a query or a fragment"));
        }
        let origin = if local { "" } else { &url[..Position::BeforePath] };
        Ok(Self { given: base.to_owned(), origin: origin.to_owned(), path: url.path().to_owned() })
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The URI of a path there.
    pub(super) fn at(&self, path: &str) -> Result<Uri, RequestError> {
        // What the URL parser and the encoder of names write is a URI, unless it is too long for one.
        Uri::try_from([&self.origin, path].concat())
            .map_err(|_| RequestError::Base { base: self.given.clone(), problem: "the address is too long" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Action;

    fn at(base: &str) -> Result<String, RequestError> {
        let base = Base::parse(base)?;
        base.at(&Action::<(), ()>::json("a b/ü.c").path(base.path())).map(|uri| uri.to_string())
    }

    #[test]
    fn an_address_may_have_a_path() {
        for (base, uri) in [
            ("https://example.com", "https://example.com/_actions/a%20b%2F%C3%BC.c"),
            ("https://example.com/", "https://example.com/_actions/a%20b%2F%C3%BC.c"),
            ("HTTP://Example.com:80/app/", "http://example.com/app/_actions/a%20b%2F%C3%BC.c"),
            ("http://[::1]:3000/a/b", "http://[::1]:3000/a/b/_actions/a%20b%2F%C3%BC.c"),
            ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC/_actions/a%20b%2F%C3%BC.c"),
            ("/", "/_actions/a%20b%2F%C3%BC.c"),
            ("/app", "/app/_actions/a%20b%2F%C3%BC.c"),
        ] {
            assert_eq!(at(base).unwrap(), uri, "{base}");
        }
    }

    #[test]
    fn what_is_no_base_is_told() {
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
            let error = at(base).unwrap_err();
            assert!(matches!(error, RequestError::Base { .. }), "{base}: {error}");
        }
    }

    #[test]
    fn credentials_are_in_no_message() {
        let error = at("https://ada:secret@example.com/app").unwrap_err().to_string();
        assert!(
            error.contains("https://example.com/app") && !error.contains("ada") && !error.contains("secret"),
            "{error}"
        );
    }

    #[test]
    fn a_path_too_long_for_a_uri_is_no_panic() {
        assert!(at(&format!("/{}", "a".repeat(70_000))).is_err());
    }
}
