//! The cookies of a request, and those that its answer will set.

use cookie::Cookie;
use cookie::time::{Duration, OffsetDateTime};
use http::{HeaderMap, HeaderValue, header};

use crate::form::{decode_uri_component, encode_uri_component};

/// What was set or removed, in order. Values are kept as they are; one that no header can carry is
/// sent as JavaScript's `encodeURIComponent` writes it.
#[derive(Debug, Default)]
pub(crate) struct Changes(Vec<Cookie<'static>>);

impl Changes {
    /// The latest change of a name: `Some(None)` if it was removed.
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

    /// The `Set-Cookie` headers. A cookie that no header can carry is left out.
    pub(crate) fn headers(&self) -> impl Iterator<Item = HeaderValue> {
        self.0.iter().filter_map(|cookie| HeaderValue::try_from(encoded(cookie.clone()).to_string()).ok())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The cookie as it is sent.
pub(crate) fn encoded(mut cookie: Cookie<'static>) -> Cookie<'static> {
    if !cookie.value().bytes().all(is_plain) {
        let value = encode_uri_component(cookie.value()).into_owned();
        cookie.set_value(value);
    }
    cookie
}

/// What a value may hold as it is (RFC 6265, section 4.1.1), save the sign that encoding begins with.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\' | b'%')
}

/// Makes a cookie one that browsers forget. Its date is long past rather than a year ago, as nobody here knows the time.
pub(crate) fn forget(cookie: &mut Cookie<'static>) {
    cookie.set_value("");
    cookie.set_max_age(Duration::ZERO);
    cookie.set_expires(OffsetDateTime::UNIX_EPOCH);
}

pub(crate) fn is_removal(cookie: &Cookie<'_>) -> bool {
    cookie.max_age().is_some_and(|age| age.whole_seconds() <= 0)
}

/// The value of the first cookie of a name (RFC 6265, section 5.4), decoded; as it came if it does not decode.
pub(crate) fn received(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| std::str::from_utf8(header.as_bytes()).ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| decoded(value.trim()))
}

/// A value as handlers read it.
pub(crate) fn decoded(value: &str) -> String {
    decode_uri_component(value).map_or_else(|| value.to_owned(), |text| text.into_owned())
}
