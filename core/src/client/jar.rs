//! The cookies of a client, kept as a browser keeps them (RFC 6265, sections 5.3 and 5.4), without a clock.

use cookie::Cookie;
use http::{HeaderMap, HeaderValue, header};

use crate::context::cookies::{encode, is_removal};

/// Cookies with the paths that they are for. Their values are as they travel.
#[derive(Debug, Default)]
pub(super) struct Jar(Vec<(String, Cookie<'static>)>);

impl Jar {
    pub(super) fn set(&mut self, cookie: Cookie<'static>) {
        self.keep(encode(cookie), "/");
    }

    /// Takes the cookies of an answer to a request for a path.
    pub(super) fn take(&mut self, headers: &HeaderMap, path: &str) {
        for value in headers.get_all(header::SET_COOKIE) {
            let text = str::from_utf8(value.as_bytes()).ok();
            if let Some(cookie) = text.and_then(|text| Cookie::parse(text.to_owned()).ok()) {
                self.keep(cookie, path);
            }
        }
    }

    fn keep(&mut self, cookie: Cookie<'static>, asked: &str) {
        let path = match cookie.path() {
            Some(path) if path.starts_with('/') => path.to_owned(),
            // The folder of the path that was asked for.
            _ => match asked.rsplit_once('/') {
                Some((folder, _)) if !folder.is_empty() => folder.to_owned(),
                _ => "/".to_owned(),
            },
        };
        self.0.retain(|(other, kept)| (other, kept.name()) != (&path, cookie.name()));
        if !is_over(&cookie) {
            self.0.push((path, cookie));
        }
    }

    /// The header of a request for a path; `None` if there is no cookie for it.
    pub(super) fn header(&self, path: &str) -> Option<HeaderValue> {
        let mut sent: Vec<_> = self.0.iter().filter(|(of, _)| matches(path, of)).collect();
        sent.sort_by_key(|(of, _)| std::cmp::Reverse(of.len()));
        let pairs: Vec<String> = sent.iter().map(|(_, cookie)| cookie.stripped().to_string()).collect();
        (!pairs.is_empty()).then(|| HeaderValue::try_from(pairs.join("; ")).ok())?
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Cookie<'static>> {
        self.0.iter().map(|(_, cookie)| cookie)
    }
}

/// Whether a cookie is one to be forgotten: by its age, or by a date that everybody writes for "long ago".
fn is_over(cookie: &Cookie<'_>) -> bool {
    let long_ago = || cookie.expires_datetime().is_some_and(|date| date.year() <= 1970);
    is_removal(cookie) || (cookie.max_age().is_none() && long_ago())
}

fn matches(path: &str, of: &str) -> bool {
    path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || of.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(cookies: &[&str], path: &str) -> Jar {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::SET_COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        let mut jar = Jar::default();
        jar.take(&headers, path);
        jar
    }

    #[test]
    fn a_cookie_is_sent_to_the_paths_that_it_is_for() {
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
    fn a_cookie_ends() {
        for end in ["Max-Age=0", "Max-Age=-1", "Expires=Thu, 01 Jan 1970 00:00:01 GMT"] {
            let ended = format!("a=; Path=/; {end}");
            assert_eq!(jar(&["a=1; Path=/", &ended], "/").header("/"), None, "{end}");
        }
        let kept = jar(&["a=1; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:01 GMT"], "/");
        assert_eq!(kept.header("/").unwrap(), "a=1", "the age counts before the date");
    }

    #[test]
    fn a_newer_cookie_takes_the_place_of_an_older_one_of_its_path() {
        let jar = jar(&["a=1; Path=/", "a=2; Path=/", "a=3; Path=/x"], "/");
        assert_eq!(jar.header("/").unwrap(), "a=2");
        assert_eq!(jar.header("/x").unwrap(), "a=3; a=2");
    }
}
