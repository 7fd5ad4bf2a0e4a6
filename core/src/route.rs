//! Which action a request names.

use std::borrow::Cow;

use http::Uri;

use crate::form::decode_uri_component;

/// What a request's target asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// The action of this name, at its own path; `None` where the name does not decode.
    Rpc(Option<Cow<'a, str>>),
    /// The action of this name, for the page at the path; `None` where the name does not decode.
    Form(Option<String>),
    /// Nothing of ours.
    Other,
}

/// Reads the target. `prefix` is the base and `/_actions`.
pub(crate) fn target<'a>(uri: &'a Uri, prefix: &str) -> Target<'a> {
    match uri.path().strip_prefix(prefix) {
        Some("") => return Target::Rpc(None),
        Some(rest) => {
            if let Some(name) = rest.strip_prefix('/') {
                // Astro's client ends its paths in a slash unless it is told not to.
                return Target::Rpc(decode_uri_component(name.strip_suffix('/').unwrap_or(name)));
            }
        }
        None => {}
    }
    let Some(query) = uri.query().filter(|query| query.contains("_action") || query.contains('%')) else {
        return Target::Other;
    };
    // The name was encoded twice: by the client, since names may hold anything, and by the query.
    match form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "_action") {
        Some((_, name)) if !name.is_empty() => Target::Form(decode_uri_component(&name).map(Cow::into_owned)),
        _ => Target::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(uri: &'a Uri) -> Target<'a> {
        target(uri, "/app/_actions")
    }

    #[test]
    fn only_the_configured_base_is_searched() {
        for path in ["/_actions/a", "/x/app/_actions/a", "/app/_actionsa", "/app%2F_actions/a"] {
            assert_eq!(of(&path.parse().unwrap()), Target::Other, "{path}");
        }
        assert_eq!(of(&"/app/_actions/a/".parse().unwrap()), Target::Rpc(Some("a".into())));
    }

    #[test]
    fn a_name_is_decoded_once() {
        assert_eq!(of(&"/app/_actions/%2561".parse().unwrap()), Target::Rpc(Some("%61".into())));
        assert_eq!(of(&"/app/_actions/a%2Fb".parse().unwrap()), Target::Rpc(Some("a/b".into())));
        assert_eq!(of(&"/app/_actions/%zz".parse().unwrap()), Target::Rpc(None));
        assert_eq!(of(&"/page?_action=a%2520b".parse().unwrap()), Target::Form(Some("a b".into())));
    }
}
