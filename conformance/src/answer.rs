//! What came back from a server.

use bytes::Bytes;

/// A response, its body read to the end.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names and values in order; a value that is not UTF-8 has U+FFFD where it is not.
    pub headers: Vec<(String, String)>,
    /// The body without its framing.
    pub body: Bytes,
}

impl Answer {
    /// The answer that a response and its collected body make.
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

    /// The values of every header of that name, whatever its case.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of the first header of that name.
    pub(crate) fn first<'a>(&'a self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> Result<&str, String> {
        std::str::from_utf8(&self.body).map_err(|error| format!("a body that is not UTF-8: {error}"))
    }
}
