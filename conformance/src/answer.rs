//! Responses of servers.

use bytes::Bytes;

/// A response whose body was read to the end.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names and values in order. Bytes that are not UTF-8 are replaced by U+FFFD.
    pub headers: Vec<(String, String)>,
    /// The body, without its framing.
    pub body: Bytes,
}

impl Answer {
    /// Creates an answer from a response with a collected body.
    #[must_use]
    pub fn from_http(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        Self { status: parts.status.as_u16(), headers, body }
    }

    /// Returns the values of all headers with this name; case does not matter.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the value of the first header with this name.
    pub(crate) fn first<'a>(&'a self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Returns the body as text.
    pub(crate) fn text(&self) -> Result<&str, String> {
        std::str::from_utf8(&self.body).map_err(|error| format!("the body is not UTF-8: {error}"))
    }
}
