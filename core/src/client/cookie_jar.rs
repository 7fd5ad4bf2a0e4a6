//! A cookie jar that behaves like that of a browser (RFC 6265, sections 5.3 and 5.4), without a clock.

use cookie::Cookie;
use http::{HeaderMap, HeaderValue, header};

use crate::context::cookies::{encode, is_removal};

/// Cookies and the paths that they are sent to. The values are encoded.
#[derive(Debug, Default)]
pub(super) struct CookieJar(Vec<(String, Cookie<'static>)>);

impl CookieJar {
    pub(super) fn set(&mut self, cookie: Cookie<'static>) {
        self.insert(encode(cookie), "/");
    }

    /// Stores the cookies of a response to a request for a path.
    pub(super) fn store(&mut self, headers: &HeaderMap, path: &str) {
        for value in headers.get_all(header::SET_COOKIE) {
            let text = str::from_utf8(value.as_bytes()).ok();
            if let Some(cookie) = text.and_then(|text| Cookie::parse(text.to_owned()).ok()) {
                self.insert(cookie, path);
            }
        }
    }

    fn insert(&mut self, cookie: Cookie<'static>, request_path: &str) {
        let path = match cookie.path() {
            Some(path) if path.starts_with('/') => path.to_owned(),
            // The default path is the directory of the request.
            _ => match request_path.rsplit_once('/') {
                Some((directory, _)) if !directory.is_empty() => directory.to_owned(),
                _ => "/".to_owned(),
            },
        };
        self.0.retain(|(other, stored)| (other, stored.name()) != (&path, cookie.name()));
        if !has_expired(&cookie) {
            self.0.push((path, cookie));
        }
    }

    /// Returns the `Cookie` header of a request for a path, or `None` if no cookie is sent to it.
    pub(super) fn header(&self, path: &str) -> Option<HeaderValue> {
        let mut sent: Vec<_> = self.0.iter().filter(|(cookie_path, _)| path_matches(path, cookie_path)).collect();
        sent.sort_by_key(|(cookie_path, _)| std::cmp::Reverse(cookie_path.len()));
        let pairs: Vec<String> = sent.iter().map(|(_, cookie)| cookie.stripped().to_string()).collect();
        (!pairs.is_empty()).then(|| HeaderValue::try_from(pairs.join("; ")).ok())?
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Cookie<'static>> {
        self.0.iter().map(|(_, cookie)| cookie)
    }
}

/// Returns whether a cookie has expired: by its age, or by a date in 1970, which servers write to remove cookies.
fn has_expired(cookie: &Cookie<'_>) -> bool {
    let expires_in_1970 = || cookie.expires_datetime().is_some_and(|date| date.year() <= 1970);
    is_removal(cookie) || (cookie.max_age().is_none() && expires_in_1970())
}

/// Returns whether a cookie with this path is sent to a path (RFC 6265, section 5.1.4).
fn path_matches(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie_path.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(cookies: &[&str], path: &str) -> CookieJar {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::SET_COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        let mut jar = CookieJar::default();
        jar.store(&headers, path);
        jar
    }

    #[test]
    fn cookie_is_sent_below_its_path() {
        let jar = jar(&["a=1; Path=/", "b=2; Path=/shop", "c=3", "d=4; Path=x; HttpOnly; Secure"], "/shop/cart/7");
        for (path, sent) in [
            ("/", "a=1"),
            ("/shop", "b=2; a=1"),
            ("/shopping", "a=1"),
            ("/shop/cart", "c=3; d=4; b=2; a=1"),
            ("/shop/cart/8", "c=3; d=4; b=2; a=1"),
        ] {
            assert_eq!(jar.header(path).unwrap(), sent, "{path}");
        }
    }

    #[test]
    fn expired_cookie_is_removed() {
        for end in ["Max-Age=0", "Max-Age=-1", "Expires=Thu, 01 Jan 1970 00:00:01 GMT"] {
            let removal = format!("a=; Path=/; {end}");
            assert_eq!(jar(&["a=1; Path=/", &removal], "/").header("/"), None, "{end}");
        }
        let kept = jar(&["a=1; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:01 GMT"], "/");
        assert_eq!(kept.header("/").unwrap(), "a=1", "Max-Age takes precedence over Expires");
    }

    #[test]
    fn newer_cookie_replaces_older_one_with_same_path() {
        let jar = jar(&["a=1; Path=/", "a=2; Path=/", "a=3; Path=/x"], "/");
        assert_eq!(jar.header("/").unwrap(), "a=2");
        assert_eq!(jar.header("/x").unwrap(), "a=3; a=2");
    }
}
