//! Merging of the types that several actions name.

use std::collections::BTreeMap;

use schemars::Schema;
use serde_json::{Map, Value};

use super::reference::{format_reference, parse_reference, rewrite_references};

/// Adds the types that one action names to those of all actions, and returns the action's schema with matching references.
///
/// A type gets a number after its name if another type already has the name.
pub(super) fn merge_types(
    all: &mut Map<String, Value>,
    new: Map<String, Value>,
    schema: Option<Schema>,
) -> Option<Schema> {
    let mut names = BTreeMap::new();
    for name in new.keys() {
        for existing in all.keys() {
            let mut matcher = Matcher { new: &new, all, names: names.clone() };
            if matcher.is_same_type(name, existing) {
                names = matcher.names;
                break;
            }
        }
    }
    for name in new.keys() {
        if names.contains_key(name) {
            continue;
        }
        let is_free = |candidate: &String| {
            let is_new = candidate != name && new.contains_key(candidate);
            !is_new && !all.contains_key(candidate) && !names.values().any(|taken| taken == candidate)
        };
        let numbered = (2_usize..).map(|number| format!("{name}{number}"));
        if let Some(free) = std::iter::once(name.clone()).chain(numbered).find(is_free) {
            names.insert(name.clone(), free);
        }
    }
    let rename = |name: &str| names.get(name).map(|name| format_reference(name));
    for (name, mut schema) in new {
        if let Some(name) = names.get(&name) {
            rewrite_references(&mut schema, &rename);
            all.insert(name.clone(), schema);
        }
    }
    let mut schema = schema?.to_value();
    rewrite_references(&mut schema, &rename);
    Schema::try_from(schema).ok()
}

/// Compares the types that an action names with those that are known already.
struct Matcher<'a> {
    new: &'a Map<String, Value>,
    all: &'a Map<String, Value>,
    /// The new types, each with the known type that it equals. Types may contain each other, so a pair that is still being
    /// compared counts as equal.
    names: BTreeMap<String, String>,
}

impl Matcher<'_> {
    /// Returns whether a new type equals a known one, which may have a number after the name.
    fn is_same_type(&mut self, name: &str, existing: &str) -> bool {
        if let Some(known) = self.names.get(name) {
            return known == existing;
        }
        let has_name = existing.strip_prefix(name).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        let (Some(schema), Some(other), true) = (self.new.get(name), self.all.get(existing), has_name) else {
            return false;
        };
        self.names.insert(name.to_owned(), existing.to_owned());
        self.is_same_schema(schema, other)
    }

    fn is_same_schema(&mut self, schema: &Value, other: &Value) -> bool {
        match (schema, other) {
            (Value::Object(map), Value::Object(others)) => {
                map.len() == others.len()
                    && map.iter().all(|(key, value)| {
                        let Some(other) = others.get(key) else { return false };
                        let target =
                            |value: &Value| if key == "$ref" { value.as_str().and_then(parse_reference) } else { None };
                        match (target(value), target(other)) {
                            (Some(name), Some(existing)) => self.is_same_type(&name, &existing),
                            _ => self.is_same_schema(value, other),
                        }
                    })
            }
            (Value::Array(list), Value::Array(others)) => {
                list.len() == others.len()
                    && list.iter().zip(others).all(|(value, other)| self.is_same_schema(value, other))
            }
            _ => schema == other,
        }
    }
}
