//! Schemas that match exactly the valid requests and responses.

use schemars::Schema;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value, json};

use crate::export::keywords::has_type;
use crate::export::schemas::{NamedTypes, Side};

/// Applies [`describe_wire`] to every type.
pub(super) fn describe_types(types: NamedTypes) -> NamedTypes {
    let describe = |side, types: Map<String, Value>| {
        types.into_iter().map(|(name, schema)| (name, describe_wire(side, schema))).collect()
    };
    NamedTypes { inputs: describe(Side::Input, types.inputs), outputs: describe(Side::Output, types.outputs) }
}

/// Changes a schema into one of the values that the library accepts, or that it writes as plain JSON.
pub(super) fn describe_wire(side: Side, schema: Value) -> Value {
    let Ok(mut schema) = Schema::try_from(schema) else {
        return json!(true);
    };
    match side {
        Side::Input => InputTransform.transform(&mut schema),
        Side::Output => OutputTransform.transform(&mut schema),
    }
    schema.to_value()
}

/// Adds the rules by which the library validates inputs.
struct InputTransform;

impl Transform for InputTransform {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(map) = schema.as_object_mut() {
            if has_type(map, "integer") {
                bound_integer(map);
            }
            // Repeated elements of a set are accepted.
            map.remove("uniqueItems");
            match map.get("format").and_then(Value::as_str) {
                // JSON Schema's `time` requires a time zone, which a Rust time does not have.
                Some("time" | "partial-time") => drop(map.insert("format".to_owned(), json!("time-local"))),
                Some("email") => drop(map.entry("pattern").or_insert_with(|| json!(EMAIL))),
                Some("uuid") => drop(map.entry("pattern").or_insert_with(|| json!(UUID))),
                _ => {}
            }
        }
        transform_children(self, schema);
    }
}

/// The email addresses that the library accepts. JSON Schema's `email` allows more.
const EMAIL: &str = r"^([A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$";

/// RFC 9562, of any version.
const UUID: &str = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\
                    |0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12})$";

/// The largest integer that a JavaScript number holds exactly: 2^53 - 1.
const MAX_SAFE: i64 = 9_007_199_254_740_991;

/// Adds the bounds of a Rust integer, for which `schemars` writes a format only.
fn bound_integer(map: &mut Map<String, Value>) {
    let (min, max) = match map.get("format").and_then(Value::as_str) {
        Some("int8") => (i8::MIN.into(), i8::MAX.into()),
        Some("int16") => (i16::MIN.into(), i16::MAX.into()),
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("uint8") => (0, u8::MAX.into()),
        Some("uint16") => (0, u16::MAX.into()),
        Some("uint32") => (0, u32::MAX.into()),
        _ => (-MAX_SAFE, MAX_SAFE),
    };
    let declared = |keyword| map.get(keyword).and_then(Value::as_f64);
    let (low, high) = (declared("minimum"), declared("maximum"));
    if low.is_none_or(|low| low < min as f64) {
        map.insert("minimum".to_owned(), json!(min));
    }
    if high.is_none_or(|high| high > max as f64) {
        map.insert("maximum".to_owned(), json!(max));
    }
}

/// Describes the values that plain JSON holds.
struct OutputTransform;

impl Transform for OutputTransform {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(map) = schema.as_object_mut() {
            // JSON has no NaN and no infinities: they are written as `null`.
            if has_type(map, "number") && !has_type(map, "null") {
                match map.get_mut("type") {
                    Some(Value::Array(types)) => types.push(json!("null")),
                    Some(one) => *one = json!(["number", "null"]),
                    None => {}
                }
            }
            // The elements of a set may be equal once they are written as JSON.
            if map.get("x-type").is_some_and(|kind| kind == "Set") {
                map.remove("uniqueItems");
            }
        }
        transform_children(self, schema);
    }
}

/// Transforms all schemas below one. `schemars` passes over `unevaluatedProperties`.
fn transform_children(transform: &mut impl Transform, schema: &mut Schema) {
    transform_subschemas(transform, schema);
    if let Some(rest) = schema.get_mut("unevaluatedProperties")
        && let Ok(rest) = rest.try_into()
    {
        transform.transform(rest);
    }
}
