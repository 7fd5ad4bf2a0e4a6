//! The cookies of stored results.

use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http::{HeaderMap, header};

use crate::context::cookies::make_removal;

const PREFIX: &str = "enact-result-";
/// The longest `Set-Cookie` value that all browsers accept, in bytes (RFC 6265, section 6.1, minus the attributes they add).
const MAX_COOKIE_BYTES: usize = 4000;
/// The number of results that may be stored for one browser. Older ones are dropped.
const MAX_STORED: usize = 4;
/// The total size of their cookies, in bytes. All cookies are sent in one header, which servers limit; nginx to 8 KiB.
const MAX_STORED_BYTES: usize = 6000;
/// The number of cookies that one response removes, so that a client with a thousand forged ones gets a bounded response.
const MAX_REMOVALS: usize = 32;

/// Returns the name of the cookie of a result.
pub(super) fn name(id: &str) -> String {
    format!("{PREFIX}{id}")
}

/// Builds the cookie of a result, without a value.
pub(super) fn build(id: &str, max_age: Duration, is_secure: bool) -> Cookie<'static> {
    let cookie = Cookie::build((name(id), "")).path("/").http_only(true).same_site(SameSite::Lax).max_age(max_age);
    if is_secure { cookie.secure(true).build() } else { cookie.build() }
}

/// Builds a cookie that removes the cookie of a result.
pub(super) fn build_removal(name: String) -> Cookie<'static> {
    let mut cookie = Cookie::build((name, "")).path("/").http_only(true).build();
    make_removal(&mut cookie);
    cookie
}

pub(super) fn is_too_long(cookie: &Cookie<'_>) -> bool {
    cookie.to_string().len() > MAX_COOKIE_BYTES
}

/// Removes the oldest results of a browser until `added` fits. Returns the cookies that remove them.
pub(super) fn evict(headers: &HeaderMap, added: &Cookie<'_>) -> Vec<Cookie<'static>> {
    let mut room = MAX_STORED_BYTES.saturating_sub(added.name().len() + added.value().len());
    find_cookies(headers)
        .into_iter()
        .enumerate()
        .filter_map(|(newer, (name, bytes))| {
            let stays = newer + 1 < MAX_STORED && bytes <= room;
            room = if stays { room - bytes } else { 0 };
            (!stays).then(|| build_removal(name))
        })
        .take(MAX_REMOVALS)
        .collect()
}

/// Returns the names and sizes of the cookies of stored results, newest first.
fn find_cookies(headers: &HeaderMap) -> Vec<(String, usize)> {
    let mut cookies: Vec<_> = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), name.len() + value.len()))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect();
    // Browsers send the oldest first (RFC 6265, section 5.4).
    cookies.reverse();
    cookies
}
