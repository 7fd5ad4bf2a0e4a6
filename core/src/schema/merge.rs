//! Two schemas of one object, as flattening leaves them, made one.

use serde_json::{Map, Value};

/// What holds both `a` and `b`. Where only `b`'s wording or documentation differs, `a`'s stands.
///
/// # Errors
///
/// Two different rules of one name, which no single schema can say.
pub(crate) fn merged(a: &Map<String, Value>, b: &Value) -> Result<Map<String, Value>, String> {
    let Value::Object(b) = b else {
        return Ok(a.clone());
    };
    let mut whole = a.clone();
    for (keyword, theirs) in b {
        let Some(ours) = whole.get_mut(keyword) else {
            whole.insert(keyword.clone(), theirs.clone());
            continue;
        };
        match (keyword.as_str(), ours, theirs) {
            ("properties", Value::Object(ours), Value::Object(theirs)) => {
                for (name, schema) in theirs {
                    ours.entry(name).or_insert_with(|| schema.clone());
                }
            }
            ("required", Value::Array(ours), Value::Array(theirs)) => {
                ours.extend(theirs.iter().cloned());
            }
            ("title" | "description" | "default" | "x-message" | "$schema" | "$defs", _, _) => {}
            (_, ours, theirs) if ours == theirs => {}
            (keyword, _, _) => {
                return Err(format!("`{keyword}` is said twice and differently"));
            }
        }
    }
    Ok(whole)
}
