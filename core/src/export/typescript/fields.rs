//! Which fields an input's issues can be of: the first names of their paths.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::quoted;
use super::render::left_over;
use crate::export::schemas::definition;

/// The names as a type: `"name" | "email"`, `string` where any name may come, `never` where none can.
pub(super) fn fields(schema: Option<&Value>, definitions: &Map<String, Value>) -> String {
    let mut found = Found { definitions, names: BTreeSet::new(), seen: BTreeSet::new() };
    match schema {
        Some(schema) => found.add(schema),
        None => found.any(),
    }
    if found.names.contains("string") {
        return "string".to_owned();
    }
    match found.names.len() {
        0 => "never".to_owned(),
        _ => found.names.into_iter().collect::<Vec<_>>().join(" | "),
    }
}

struct Found<'a> {
    definitions: &'a Map<String, Value>,
    names: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl Found<'_> {
    fn any(&mut self) {
        self.names.insert("string".to_owned());
    }

    fn add(&mut self, schema: &Value) {
        let Value::Object(map) = schema else {
            return if schema != &Value::Bool(false) {
                self.any()
            };
        };
        let mut known = false;
        if let Some(key) = map.get("$ref").and_then(Value::as_str).and_then(definition) {
            known = true;
            let target = self.definitions.get(&key);
            if self.seen.insert(key)
                && let Some(target) = target
            {
                self.add(target);
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if let Some(Value::Array(parts)) = map.get(keyword) {
                known = true;
                parts.iter().for_each(|part| self.add(part));
            }
        }
        if let Some(Value::Object(properties)) = map.get("properties") {
            known = true;
            self.names.extend(properties.keys().map(|name| quoted(name)));
        }
        if left_over(map).is_some() {
            return self.any();
        }
        if map.contains_key("items") || map.contains_key("prefixItems") {
            self.names.insert("`${number}`".to_owned());
        }
        if !known && !["type", "enum", "const"].iter().any(|keyword| map.contains_key(*keyword)) {
            self.any();
        }
    }
}
