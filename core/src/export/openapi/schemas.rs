//! The schemas of a document: what is taken and what is given, said exactly, each named type once.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;
use schemars::Schema;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value, json};

/// Which way a schema's values go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Input,
    Output,
}

/// The named types of both sides, under the names that they have in the document.
#[derive(Debug)]
pub(super) struct Schemas {
    inputs: HashMap<String, String>,
    outputs: HashMap<String, String>,
    /// `components/schemas`
    pub(super) components: Map<String, Value>,
}

impl Schemas {
    /// Names the types. One that is read in another shape than it is written has two names.
    pub(super) fn new(inputs: &Map<String, Value>, outputs: &Map<String, Value>, reserved: Map<String, Value>) -> Self {
        let mut apart: HashSet<&String> = inputs
            .iter()
            .filter(|(name, schema)| outputs.get(*name).is_some_and(|o| o != *schema))
            .map(|(n, _)| n)
            .collect();
        // What holds a type with two shapes has two itself.
        loop {
            let more: Vec<_> = inputs
                .iter()
                .filter(|(name, schema)| {
                    !apart.contains(name)
                        && outputs.contains_key(*name)
                        && references(schema).iter().any(|to| apart.contains(to))
                })
                .map(|(name, _)| name)
                .collect();
            if more.is_empty() {
                break;
            }
            apart.extend(more);
        }
        let mut schemas = Self { inputs: HashMap::new(), outputs: HashMap::new(), components: reserved };
        for name in inputs.keys() {
            let suffix = if apart.contains(name) { "Input" } else { "" };
            let given = schemas.reserve(&format!("{name}{suffix}"));
            if !apart.contains(name) && outputs.contains_key(name) {
                schemas.outputs.insert(name.clone(), given.clone());
            }
            schemas.inputs.insert(name.clone(), given);
        }
        for name in outputs.keys().filter(|name| !inputs.contains_key(*name) || apart.contains(name)) {
            let suffix = if apart.contains(name) { "Output" } else { "" };
            let given = schemas.reserve(&format!("{name}{suffix}"));
            schemas.outputs.insert(name.clone(), given);
        }
        for (side, types) in [(Side::Input, inputs), (Side::Output, outputs)] {
            for (name, schema) in types {
                let schema = schemas.placed(side, schema.clone());
                if let Some(given) = schemas.names(side).get(name) {
                    schemas.components.insert(given.clone(), schema);
                }
            }
        }
        schemas
    }

    fn names(&self, side: Side) -> &HashMap<String, String> {
        match side {
            Side::Input => &self.inputs,
            Side::Output => &self.outputs,
        }
    }

    /// Takes a name that is still free, in the letters that OpenAPI allows for one.
    pub(super) fn reserve(&mut self, name: &str) -> String {
        let allowed = |char: char| if char.is_ascii_alphanumeric() || "._-".contains(char) { char } else { '_' };
        let name: String = name.chars().map(allowed).collect();
        let free = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name}{n}") });
        let given = free.into_iter().find(|name| !self.components.contains_key(name)).unwrap_or(name);
        self.components.insert(given.clone(), Value::Null);
        given
    }

    /// A schema whose references lead to the document's components.
    pub(super) fn placed(&self, side: Side, schema: Value) -> Value {
        let names = self.names(side);
        let mut rename = |reference: &mut String| {
            if let Some(given) = defined(reference).and_then(|name| names.get(&name)) {
                *reference = component(given);
            }
        };
        changed(schema, &mut References(&mut rename))
    }

    /// Leaves out the types that nothing in the document refers to.
    pub(super) fn prune(&mut self, used_by: &Value) {
        let mut used = HashSet::new();
        let mut open = components_in(used_by);
        while let Some(name) = open.pop() {
            if let Some(schema) = self.components.get(&name)
                && used.insert(name)
            {
                open.extend(components_in(schema));
            }
        }
        self.components.retain(|name, _| used.contains(name));
        self.components.sort_keys();
    }
}

pub(super) fn component(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// Every component that is referred to, in any part of the document.
fn components_in(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match value {
                Value::String(to) if key == "$ref" => {
                    to.strip_prefix("#/components/schemas/").map(str::to_owned).into_iter().collect()
                }
                value => components_in(value),
            })
            .collect(),
        Value::Array(list) => list.iter().flat_map(components_in).collect(),
        _ => Vec::new(),
    }
}

/// The type that `#/$defs/Name` names.
pub(super) fn defined(reference: &str) -> Option<String> {
    let name = reference.strip_prefix("#/$defs/")?;
    let name = percent_decode_str(name).decode_utf8().ok()?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// The types that a schema names.
fn references(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |reference: &mut String| found.extend(defined(reference));
    changed(schema.clone(), &mut References(&mut note));
    found
}

struct References<'a>(&'a mut dyn FnMut(&mut String));

impl Transform for References<'_> {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(Value::String(reference)) = schema.get_mut("$ref") {
            (self.0)(reference);
        }
        below(self, schema);
    }
}

/// All that stands below a schema, with the keyword that `schemars` passes over.
fn below(transform: &mut impl Transform, schema: &mut Schema) {
    transform_subschemas(transform, schema);
    if let Some(rest) = schema.get_mut("unevaluatedProperties")
        && let Ok(rest) = rest.try_into()
    {
        transform.transform(rest);
    }
}

fn changed(schema: Value, transform: &mut impl Transform) -> Value {
    match Schema::try_from(schema) {
        Ok(mut schema) => {
            transform.transform(&mut schema);
            schema.to_value()
        }
        Err(_) => json!(true),
    }
}

/// Says of a schema what the library takes, or what it writes as plain JSON.
pub(super) fn exact(side: Side, schema: Value) -> Value {
    match side {
        Side::Input => changed(schema, &mut Taken),
        Side::Output => changed(schema, &mut Written),
    }
}

/// Types and keywords as the input's validation understands them.
struct Taken;

impl Transform for Taken {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(map) = schema.as_object_mut() {
            if is_of_type(map, "integer") {
                bound_integer(map);
            }
            // Equal elements are taken once.
            map.remove("uniqueItems");
            match map.get("format").and_then(Value::as_str) {
                // Without a zone, which JSON Schema's `time` has to have.
                Some("time" | "partial-time") => drop(map.insert("format".to_owned(), json!("time-local"))),
                Some("email") => drop(map.entry("pattern").or_insert_with(|| json!(EMAIL))),
                Some("uuid") => drop(map.entry("pattern").or_insert_with(|| json!(UUID))),
                _ => {}
            }
        }
        below(self, schema);
    }
}

/// Which addresses are taken, of those that JSON Schema's `email` allows.
const EMAIL: &str = r"^([A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$";

/// RFC 9562, of any version.
const UUID: &str = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\
                    |0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12})$";

/// The largest integer that a JavaScript number holds exactly: 2^53 - 1.
const MAX_SAFE: i64 = 9_007_199_254_740_991;

/// What Rust's integers hold, which `schemars` says by a format alone.
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
    let said = |keyword| map.get(keyword).and_then(Value::as_f64);
    let (low, high) = (said("minimum"), said("maximum"));
    if low.is_none_or(|low| low < min as f64) {
        map.insert("minimum".to_owned(), json!(min));
    }
    if high.is_none_or(|high| high > max as f64) {
        map.insert("maximum".to_owned(), json!(max));
    }
}

/// Types as plain JSON holds them.
struct Written;

impl Transform for Written {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(map) = schema.as_object_mut() {
            // NaN and the infinities.
            match map.get_mut("type") {
                Some(kind) if kind == "number" => *kind = json!(["number", "null"]),
                Some(Value::Array(kinds)) if has(kinds, "number") && !has(kinds, "null") => kinds.push(json!("null")),
                _ => {}
            }
            // A set holds what it was given.
            if map.get("x-type").is_some_and(|kind| kind == "Set") {
                map.remove("uniqueItems");
            }
        }
        below(self, schema);
    }
}

fn has(kinds: &[Value], name: &str) -> bool {
    kinds.iter().any(|kind| kind == name)
}

pub(super) fn is_of_type(map: &Map<String, Value>, name: &str) -> bool {
    match map.get("type") {
        Some(Value::Array(kinds)) => has(kinds, name),
        Some(kind) => kind == name,
        None => false,
    }
}
