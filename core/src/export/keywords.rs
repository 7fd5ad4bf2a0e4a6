//! Keywords of JSON Schema that every generator reads.

use serde_json::{Map, Value};

/// Returns whether a schema's `type` allows the given one.
pub(super) fn has_type(schema: &Map<String, Value>, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::Array(names)) => names.iter().any(|one| one == name),
        Some(one) => one == name,
        None => false,
    }
}

/// Returns the members of `oneOf` or `anyOf`.
pub(super) fn alternatives(schema: &Map<String, Value>) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf"].iter().find_map(|keyword| schema.get(*keyword)?.as_array())
}

/// Returns the schema of an object's undeclared properties. It is `false` if there are none.
pub(super) fn additional_properties(schema: &Map<String, Value>) -> Option<&Value> {
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    patterns
        .and_then(|patterns| patterns.values().next())
        .or_else(|| schema.get("additionalProperties"))
        .or_else(|| schema.get("unevaluatedProperties"))
}
