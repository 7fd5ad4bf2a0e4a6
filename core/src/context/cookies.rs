//! Cookies received with a request and cookies set on its response.

use cookie::Cookie;
use cookie::time::{Duration, OffsetDateTime};
use http::{HeaderMap, HeaderValue, header};

use crate::form::{decode_uri_component, encode_uri_component};

/// Cookies that were set or removed, in order.
///
/// Values are stored unencoded. A value that a header cannot carry is sent as JavaScript's `encodeURIComponent` writes it.
#[derive(Debug, Default)]
pub(crate) struct CookieChanges(Vec<Cookie<'static>>);

impl CookieChanges {
    /// Returns the latest change of a cookie: `Some(None)` if it was removed.
    pub(crate) fn get(&self, name: &str) -> Option<Option<&str>> {
        let cookie = self.0.iter().rev().find(|cookie| cookie.name() == name)?;
        Some((!is_removal(cookie)).then(|| cookie.value()))
    }

    pub(crate) fn set(&mut self, cookie: Cookie<'static>) {
        self.0.retain(|other| {
            (other.name(), other.path(), other.domain()) != (cookie.name(), cookie.path(), cookie.domain())
        });
        self.0.push(cookie);
    }

    /// Returns the `Set-Cookie` headers. A cookie that a header cannot carry is left out.
    pub(crate) fn headers(&self) -> impl Iterator<Item = HeaderValue> {
        self.0.iter().filter_map(|cookie| HeaderValue::try_from(encode(cookie.clone()).to_string()).ok())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Encodes the value for the `Set-Cookie` header.
pub(crate) fn encode(mut cookie: Cookie<'static>) -> Cookie<'static> {
    if !cookie.value().bytes().all(is_plain) {
        let value = encode_uri_component(cookie.value()).into_owned();
        cookie.set_value(value);
    }
    cookie
}

/// Returns whether a value may contain this byte unencoded (RFC 6265, section 4.1.1). `%` begins an encoded byte.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\' | b'%')
}

/// Changes a cookie so that browsers remove it. It expires in 1970, because this crate has no clock.
pub(crate) fn make_removal(cookie: &mut Cookie<'static>) {
    cookie.set_value("");
    cookie.set_max_age(Duration::ZERO);
    cookie.set_expires(OffsetDateTime::UNIX_EPOCH);
}

pub(crate) fn is_removal(cookie: &Cookie<'_>) -> bool {
    cookie.max_age().is_some_and(|age| age.whole_seconds() <= 0)
}

/// Returns the value of the first received cookie with this name (RFC 6265, section 5.4), decoded.
pub(crate) fn find_received(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| std::str::from_utf8(header.as_bytes()).ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| decode(value.trim()))
}

/// Percent-decodes a value. A value that does not decode is returned unchanged.
pub(crate) fn decode(value: &str) -> String {
    decode_uri_component(value).map_or_else(|| value.to_owned(), |text| text.into_owned())
}
