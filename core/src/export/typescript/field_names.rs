//! The names of the fields that an input's issues can have: the first segments of their paths.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::quote;
use super::render::open_properties;
use crate::export::reference::referenced_type;

/// Renders the names as a type: `"name" | "email"`, `string` if any name is possible, or `never` if none is.
pub(super) fn render_field_names(schema: Option<&Value>, types: &Map<String, Value>) -> String {
    let mut collector = FieldNameCollector { types, names: BTreeSet::new(), visited: BTreeSet::new() };
    match schema {
        Some(schema) => collector.visit(schema),
        None => collector.add_any(),
    }
    if collector.names.contains(ANY) {
        return ANY.to_owned();
    }
    match collector.names.len() {
        0 => "never".to_owned(),
        _ => collector.names.into_iter().collect::<Vec<_>>().join(" | "),
    }
}

/// The type of any name.
const ANY: &str = "string";

struct FieldNameCollector<'a> {
    types: &'a Map<String, Value>,
    names: BTreeSet<String>,
    visited: BTreeSet<String>,
}

impl FieldNameCollector<'_> {
    fn add_any(&mut self) {
        self.names.insert(ANY.to_owned());
    }

    fn visit(&mut self, schema: &Value) {
        let Value::Object(map) = schema else {
            if schema != &Value::Bool(false) {
                self.add_any();
            }
            return;
        };
        let mut known = false;
        if let Some(name) = referenced_type(map) {
            known = true;
            let target = self.types.get(&name);
            if self.visited.insert(name)
                && let Some(target) = target
            {
                self.visit(target);
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if let Some(Value::Array(parts)) = map.get(keyword) {
                known = true;
                parts.iter().for_each(|part| self.visit(part));
            }
        }
        if let Some(Value::Object(properties)) = map.get("properties") {
            known = true;
            self.names.extend(properties.keys().map(|name| quote(name)));
        }
        if open_properties(map).is_some() {
            return self.add_any();
        }
        if map.contains_key("items") || map.contains_key("prefixItems") {
            self.names.insert("`${number}`".to_owned());
        }
        if !known && !["type", "enum", "const"].iter().any(|keyword| map.contains_key(*keyword)) {
            self.add_any();
        }
    }
}
