//! `URL` and `URLSearchParams`.

use std::borrow::Cow;
use std::str::FromStr;

use url::form_urlencoded;

use crate::error::InvalidValue;
use crate::string_type::string_type;

/// JavaScript's `URL`: its `href`.
///
/// In other formats it is a string.
///
/// ```
/// use enact_devalue::Url;
///
/// let url: Url = "HTTPS://Example.com/a?b=c".parse().unwrap();
/// assert_eq!(url.as_str(), "https://example.com/a?b=c");
/// assert_eq!(enact_devalue::to_string(&url).unwrap(), r#"[["URL",1],"https://example.com/a?b=c"]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url(String);

impl FromStr for Url {
    type Err = InvalidValue;

    /// Parses an absolute URL and normalises it (WHATWG URL).
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        url::Url::parse(text).map(Self::from).map_err(|_| InvalidValue::new("invalid URL: expected an absolute URL"))
    }
}

impl From<url::Url> for Url {
    fn from(url: url::Url) -> Self {
        Self(url.into())
    }
}

/// JavaScript's `URLSearchParams`: the text of its `toString()`.
///
/// In other formats it is a string.
///
/// ```
/// use enact_devalue::UrlSearchParams;
///
/// let params = UrlSearchParams::from_iter([("q", "a b"), ("q", "ü")]);
/// assert_eq!(params.as_str(), "q=a+b&q=%C3%BC");
/// assert_eq!(enact_devalue::to_string(&params).unwrap(), r#"[["URLSearchParams","q=a+b&q=%C3%BC"]]"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UrlSearchParams(String);

impl UrlSearchParams {
    /// Parses a query, with or without a leading `?` (WHATWG URL, application/x-www-form-urlencoded).
    ///
    /// Every string is a valid query.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        form_urlencoded::parse(query.strip_prefix('?').unwrap_or(query).as_bytes()).collect()
    }

    /// Returns the decoded names and values in order.
    pub fn pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.0.as_bytes())
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for UrlSearchParams {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    }
}

impl FromStr for UrlSearchParams {
    type Err = InvalidValue;

    /// Parses a query. Never fails; see [`parse`](Self::parse).
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        Ok(Self::parse(text))
    }
}

string_type!(Url, "a URL");
string_type!(UrlSearchParams, "URL search parameters");
