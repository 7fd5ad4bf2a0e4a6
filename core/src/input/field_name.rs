//! Checks of the names that a client gives to form fields.

use crate::error::{Issue, IssueCode};
use crate::form::FormData;
use crate::limits::Limits;

/// Returns an issue for each field whose name is not allowed.
pub(super) fn collect_name_issues(form: &FormData, limits: &Limits) -> Vec<Issue> {
    form.iter()
        .filter_map(|(name, _)| {
            let problem = check_name(name, limits.max_field_depth(), limits.max_fields())?;
            Some(Issue::new(problem).at(name).code(IssueCode::InvalidKey))
        })
        .collect()
}

/// Returns the reason why a name is not allowed: it names an object's prototype, nests deeper than `max_depth` levels, or
/// has an index that is not below `max_index`.
fn check_name(name: &str, max_depth: usize, max_index: usize) -> Option<&'static str> {
    // Fast path: most names have a single segment.
    if max_depth > 0 && !name.bytes().any(|byte| matches!(byte, b'.' | b'[' | b']')) {
        return (name == "__proto__").then_some("Invalid field name");
    }
    let mut levels = 0;
    for segment in name.split(['.', '[']) {
        levels += 1;
        if segment == "__proto__" || segment == "__proto__]" {
            return Some("Invalid field name");
        }
        if let Some(digits) = segment.strip_suffix(']')
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && digits.parse().map_or(true, |index: usize| index >= max_index)
        {
            return Some("Index out of range");
        }
    }
    (levels > max_depth).then_some("Nested too deeply")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_name_within_the_limits_is_allowed() {
        assert_eq!(check_name("a", 1, 1), None);
        assert_eq!(check_name("a.b[0].c", 4, 1), None);
    }

    #[test]
    fn prototype_name_is_an_issue() {
        for name in ["__proto__", "a.__proto__", "a[__proto__]", "a[__proto__].b"] {
            assert_eq!(check_name(name, 32, 1000), Some("Invalid field name"), "{name}");
        }
    }

    #[test]
    fn name_nested_too_deeply_is_an_issue() {
        assert_eq!(check_name("a.b[0].c", 3, 1), Some("Nested too deeply"));
        assert_eq!(check_name("a", 0, 1), Some("Nested too deeply"));
    }

    #[test]
    fn index_at_the_limit_is_an_issue() {
        for name in ["a[1000].b", "a[99999999999999999999999999].b"] {
            assert_eq!(check_name(name, 32, 1000), Some("Index out of range"), "{name}");
        }
    }
}
