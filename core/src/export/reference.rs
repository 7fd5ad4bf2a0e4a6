//! References from one JSON Schema to another.

use serde_json::{Map, Value};

use crate::form::encode_uri_component;

/// Returns the name of the type that `#/$defs/Name` refers to: a JSON Pointer in a fragment (RFC 6901, section 6).
pub(super) fn parse_reference(reference: &str) -> Option<String> {
    let pointer = percent_encoding::percent_decode_str(reference.strip_prefix("#/$defs/")?).decode_utf8().ok()?;
    Some(pointer.replace("~1", "/").replace("~0", "~"))
}

/// Returns the reference to a named type: the inverse of [`parse_reference`].
pub(super) fn format_reference(name: &str) -> String {
    format!("#/$defs/{}", encode_uri_component(&name.replace('~', "~0").replace('/', "~1")))
}

/// Returns the name of the type that this schema itself is a reference to.
pub(super) fn referenced_type(schema: &Map<String, Value>) -> Option<String> {
    parse_reference(schema.get("$ref")?.as_str()?)
}

/// Calls `visit` with every reference in a schema.
pub(super) fn visit_references<'a>(schema: &'a Value, visit: &mut impl FnMut(&'a str)) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(reference) if key == "$ref" => visit(reference),
                    value => visit_references(value, visit),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| visit_references(value, visit)),
        _ => {}
    }
}

/// Replaces the references to types for which `rewrite` returns another one.
pub(super) fn rewrite_references(schema: &mut Value, rewrite: &impl Fn(&str) -> Option<String>) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(new) = parse_reference(reference).and_then(|name| rewrite(&name)) {
                            *reference = new;
                        }
                    }
                    value => rewrite_references(value, rewrite),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| rewrite_references(value, rewrite)),
        _ => {}
    }
}
