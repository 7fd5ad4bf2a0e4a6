//! Routing: the action that the URI of a request names.

use std::borrow::Cow;

use http::Uri;

use crate::form::decode_uri_component;

/// The target of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// The path of an action. `None` if its name does not decode.
    Rpc(Option<Cow<'a, str>>),
    /// A page, with the name of an action in the query. `None` if the name does not decode.
    Form(Option<String>),
    /// Any other URI.
    Other,
}

/// Parses the URI of a request. `prefix` is the base, followed by `/_actions`.
pub(super) fn parse_target<'a>(uri: &'a Uri, prefix: &str) -> Target<'a> {
    match uri.path().strip_prefix(prefix) {
        Some("") => return Target::Rpc(None),
        Some(rest) => {
            if let Some(name) = rest.strip_prefix('/') {
                // By default, Astro's client appends a slash to its paths.
                return Target::Rpc(decode_uri_component(name.strip_suffix('/').unwrap_or(name)));
            }
        }
        None => {}
    }
    let Some(query) = uri.query().filter(|query| query.contains("_action") || query.contains('%')) else {
        return Target::Other;
    };
    // The name is encoded twice: as a component, and then as the value of a query parameter.
    match form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "_action") {
        Some((_, name)) if !name.is_empty() => Target::Form(decode_uri_component(&name).map(Cow::into_owned)),
        _ => Target::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(uri: &Uri) -> Target<'_> {
        parse_target(uri, "/app/_actions")
    }

    #[test]
    fn only_the_configured_base_is_matched() {
        for path in ["/_actions/a", "/x/app/_actions/a", "/app/_actionsa", "/app%2F_actions/a"] {
            assert_eq!(parse(&path.parse().unwrap()), Target::Other, "{path}");
        }
        assert_eq!(parse(&"/app/_actions/a/".parse().unwrap()), Target::Rpc(Some("a".into())));
    }

    #[test]
    fn name_is_decoded_once() {
        assert_eq!(parse(&"/app/_actions/%2561".parse().unwrap()), Target::Rpc(Some("%61".into())));
        assert_eq!(parse(&"/app/_actions/a%2Fb".parse().unwrap()), Target::Rpc(Some("a/b".into())));
        assert_eq!(parse(&"/app/_actions/%zz".parse().unwrap()), Target::Rpc(None));
        assert_eq!(parse(&"/page?_action=a%2520b".parse().unwrap()), Target::Form(Some("a b".into())));
    }
}
