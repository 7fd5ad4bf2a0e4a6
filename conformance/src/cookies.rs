//! Comparison of `Set-Cookie` headers (RFC 6265, section 4.1) by name, value and attributes.

use std::time::SystemTime;

use crate::mismatch::Mismatch;

/// Compares cookies, and returns the missing and the superfluous ones. The order of headers and of attributes does not
/// matter.
pub(crate) fn find_differences<'a>(
    expected: &[String],
    received: impl Iterator<Item = &'a str>,
    now: SystemTime,
) -> Option<Mismatch> {
    let mut missing: Vec<_> = expected.iter().map(|header| canonicalize(header, now)).collect();
    let mut surplus = Vec::new();
    for header in received {
        let cookie = canonicalize(header, now);
        match missing.iter().position(|other| *other == cookie) {
            Some(place) => drop(missing.swap_remove(place)),
            None => surplus.push(cookie),
        }
    }
    let list = |cookies: &[String]| {
        if cookies.is_empty() { "no other".to_owned() } else { cookies.join(" | ") }
    };
    let same = missing.is_empty() && surplus.is_empty();
    (!same).then(|| Mismatch::new("cookies", list(&missing), list(&surplus)))
}

/// Returns a cookie in canonical form: attributes sorted, their names and keyword values in lower case.
///
/// An expired cookie is reduced to its name.
fn canonicalize(header: &str, now: SystemTime) -> String {
    let mut parts = header.split(';').map(str::trim);
    let pair = parts.next().unwrap_or_default();
    let name = pair.split_once('=').map_or(pair, |(name, _)| name);
    let mut attributes: Vec<String> = Vec::new();
    let (mut lasts, mut past, mut expired) = (None, false, false);
    for part in parts.filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let key = key.to_ascii_lowercase();
        match key.as_str() {
            "expired" => expired = true,
            "max-age" => lasts = value.parse::<i64>().ok(),
            "expires" => past = httpdate::parse_http_date(value).is_ok_and(|date| date <= now),
            _ => {}
        }
        attributes.push(match key.as_str() {
            "samesite" | "domain" => format!("{key}={}", value.to_ascii_lowercase()),
            _ if value.is_empty() => key,
            _ => format!("{key}={value}"),
        });
    }
    // `Max-Age` has precedence over `Expires` (section 5.3, step 3).
    if expired || lasts.map_or(past, |seconds| seconds <= 0) {
        return format!("{name}=; expired");
    }
    attributes.sort();
    attributes.insert(0, pair.to_owned());
    attributes.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(expected: &[&str], received: &[&str]) -> bool {
        let expected: Vec<_> = expected.iter().map(|&header| header.to_owned()).collect();
        find_differences(&expected, received.iter().copied(), SystemTime::now()).is_none()
    }

    #[test]
    fn order_and_case_of_attributes_do_not_matter() {
        assert!(same(&["a=1; Path=/; HttpOnly; SameSite=Lax"], &["a=1; samesite=lax; httponly; path=/"]));
        assert!(same(&["a=1", "b=2"], &["b=2", "a=1"]));
    }

    #[test]
    fn name_value_and_every_attribute_matter() {
        assert!(!same(&["a=1; Path=/"], &["a=2; Path=/"]));
        assert!(!same(&["a=1; Path=/"], &["A=1; Path=/"]));
        assert!(!same(&["a=1; Path=/"], &["a=1"]));
        assert!(!same(&["a=1"], &["a=1; Secure"]));
        assert!(!same(&["a=1; Max-Age=3600"], &["a=1; Max-Age=60"]));
        assert!(!same(&["a=a%20b"], &["a=a+b"]));
    }

    #[test]
    fn missing_joined_and_superfluous_cookies_differ() {
        assert!(!same(&["a=1"], &[]));
        assert!(!same(&[], &["a=1"]));
        assert!(!same(&["a=1"], &["a=1", "a=1"]));
        assert!(!same(&["a=1", "b=2"], &["a=1, b=2"]));
    }

    #[test]
    fn every_way_of_expiring_is_equal() {
        for received in [
            "s=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "s=; Path=/; Max-Age=0",
            "s=; max-age=-1; Expires=Fri, 01 Jan 2999 00:00:00 GMT",
        ] {
            assert!(same(&["s=; expired"], &[received]), "{received}");
        }
        for received in ["s=", "s=; Max-Age=1", "s=; Expires=Fri, 01 Jan 2999 00:00:00 GMT", "t=; Max-Age=0"] {
            assert!(!same(&["s=; expired"], &[received]), "{received}");
        }
        assert!(!same(&["s=v"], &["s=v; Max-Age=0"]));
    }
}
