//! Merging of two schemas of the same value, as serde's `flatten` leaves them.

use serde_json::{Map, Value};

use super::error::SchemaErrorKind;

/// Returns a schema that combines the rules of both. If titles, descriptions, defaults or messages differ, those of `a`
/// are kept.
///
/// # Errors
///
/// [`SchemaErrorKind::ConflictingKeyword`] if a rule has two different values, which a single schema cannot express.
pub(crate) fn merge(a: &Map<String, Value>, b: &Value) -> Result<Map<String, Value>, SchemaErrorKind> {
    let Value::Object(b) = b else {
        return Ok(a.clone());
    };
    let mut merged = a.clone();
    for (keyword, second) in b {
        let Some(first) = merged.get_mut(keyword) else {
            merged.insert(keyword.clone(), second.clone());
            continue;
        };
        match (keyword.as_str(), first, second) {
            ("properties", Value::Object(first), Value::Object(second)) => {
                for (name, schema) in second {
                    first.entry(name).or_insert_with(|| schema.clone());
                }
            }
            ("required", Value::Array(first), Value::Array(second)) => {
                first.extend(second.iter().cloned());
            }
            ("title" | "description" | "default" | "x-message" | "$schema" | "$defs", _, _) => {}
            (_, first, second) if first == second => {}
            (keyword, first, second) => {
                return Err(SchemaErrorKind::ConflictingKeyword {
                    keyword: keyword.to_owned(),
                    first: first.to_string(),
                    second: second.to_string(),
                });
            }
        }
    }
    Ok(merged)
}
