//! From a JSON Schema to a type of TypeScript.

use serde_json::{Map, Value};

use super::names::{Names, Side};
use super::quoted;

pub(super) struct Renderer<'a> {
    pub(super) names: &'a Names,
    pub(super) side: Side,
}

/// How tightly the parts of a type's text hold together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Union,
    Intersection,
    One,
}

struct Type {
    text: String,
    bond: Bond,
}

impl Type {
    fn one(text: impl Into<String>) -> Self {
        Self { text: text.into(), bond: Bond::One }
    }

    /// Its text where something binds it that tightly.
    fn within(self, bond: Bond) -> String {
        if self.bond < bond { format!("({})", self.text) } else { self.text }
    }

    fn joined(parts: Vec<Self>, sign: &str, bond: Bond) -> Option<Self> {
        let mut parts = parts.into_iter();
        let first = parts.next()?;
        let Some(second) = parts.next() else {
            return Some(first);
        };
        let mut texts: Vec<String> = Vec::new();
        for part in [first, second].into_iter().chain(parts) {
            let text = if part.bond == bond { part.text } else { part.within(Bond::One) };
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        Some(match texts.as_slice() {
            [_] => Self { text: texts.concat(), bond: Bond::Union },
            _ => Self { text: texts.join(sign), bond },
        })
    }

    fn union(parts: Vec<Self>) -> Self {
        Self::joined(parts, " | ", Bond::Union).unwrap_or_else(|| Self::one("never"))
    }
}

impl Renderer<'_> {
    /// The type of a schema within another type's text.
    pub(super) fn inline(&self, schema: &Value, indent: usize) -> String {
        self.render(schema, indent).text
    }

    /// A named type.
    pub(super) fn declaration(&self, name: &str, schema: &Value) -> String {
        let docs = docs(schema, 0);
        let object = schema.as_object().filter(|map| self.is_plain_object(map));
        if let Some(map) = object {
            return format!("{docs}export interface {name} {}\n", self.object(map, 0, true));
        }
        if let Some(members) =
            alternatives(schema).filter(|members| members.iter().any(|member| !docs_of(member).is_empty()))
            && schema.as_object().is_some_and(|map| !map.contains_key("properties"))
        {
            let members =
                members.iter().map(|member| format!("\n{}  | {}", self::docs(member, 1), self.inline(member, 1)));
            return format!("{docs}export type {name} ={};\n", members.collect::<String>());
        }
        format!("{docs}export type {name} = {};\n", self.inline(schema, 0))
    }

    fn is_plain_object(&self, map: &Map<String, Value>) -> bool {
        map.get("type").is_some_and(|kind| kind == "object")
            && !["$ref", "allOf", "anyOf", "oneOf", "x-type", "enum", "const"].iter().any(|key| map.contains_key(*key))
    }

    fn render(&self, schema: &Value, indent: usize) -> Type {
        let map = match schema {
            Value::Object(map) => map,
            Value::Bool(false) => return Type::one("never"),
            _ => return Type::one("unknown"),
        };
        if let Some(known) = map.get("x-type").and_then(Value::as_str).and_then(|kind| self.known(kind, map, indent)) {
            let null =
                map.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
            return if null { Type::union(vec![known, Type::one("null")]) } else { known };
        }
        let mut parts = Vec::new();
        if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|to| self.names.of(self.side, to)) {
            parts.push(Type::one(name));
        }
        if let Some(Value::Array(all)) = map.get("allOf") {
            parts.extend(all.iter().map(|part| self.render(part, indent)));
        }
        if let Some(members) = alternatives(schema) {
            parts.push(Type::union(members.iter().map(|member| self.render(member, indent)).collect()));
        }
        if let Some(constant) = map.get("const") {
            parts.push(literal(constant));
        } else if let Some(Value::Array(constants)) = map.get("enum") {
            parts.push(Type::union(constants.iter().map(literal).collect()));
        } else if let Some(shape) = self.shape(map, indent, !parts.is_empty()) {
            parts.push(shape);
        }
        Type::joined(parts, " & ", Bond::Intersection).unwrap_or_else(|| Type::one("unknown"))
    }

    /// The types that devalue has beside those of JSON.
    fn known(&self, kind: &str, map: &Map<String, Value>, indent: usize) -> Option<Type> {
        let item =
            |items: Option<&Value>| items.map_or_else(|| "unknown".to_owned(), |items| self.inline(items, indent));
        Some(Type::one(match kind {
            "Date" | "URL" | "URLSearchParams" | "RegExp" | "ArrayBuffer" | "Uint8Array" => kind.to_owned(),
            "BigInt" => "bigint".to_owned(),
            "Undefined" => "undefined".to_owned(),
            "Set" => format!("Set<{}>", item(map.get("items"))),
            "Map" => {
                let pair = map.get("items").and_then(|items| items.get("prefixItems"));
                format!("Map<{}, {}>", item(pair.and_then(|pair| pair.get(0))), item(pair.and_then(|pair| pair.get(1))))
            }
            // Sent, a Uint8Array is what takes its own type.
            "TypedArray" => {
                let views = "Int8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | \
                             Float32Array | Float64Array | BigInt64Array | BigUint64Array | DataView";
                let text = match self.side {
                    Side::Input => views.to_owned(),
                    Side::Output => format!("Uint8Array | {views}"),
                };
                return Some(Type { text, bond: Bond::Union });
            }
            _ => return None,
        }))
    }

    /// What `type` says, and the keywords of that type.
    fn shape(&self, map: &Map<String, Value>, indent: usize, beside: bool) -> Option<Type> {
        let has = |keys: &[&str]| keys.iter().any(|key| map.contains_key(*key));
        let kinds: Vec<&str> = match map.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if has(&["properties", "additionalProperties", "unevaluatedProperties"]) => vec!["object"],
            _ if has(&["items", "prefixItems"]) => vec!["array"],
            _ => return None,
        };
        // Beside alternatives, `type` only repeats what they are.
        let kinds = kinds.into_iter().filter(|kind| {
            !beside || *kind == "object" && has(&["properties", "additionalProperties", "unevaluatedProperties"])
        });
        let types: Vec<Type> = kinds.map(|kind| self.typed(kind, map, indent)).collect();
        (!types.is_empty()).then(|| Type::union(types))
    }

    fn typed(&self, kind: &str, map: &Map<String, Value>, indent: usize) -> Type {
        match kind {
            "string" if map.get("format").is_some_and(|format| format == "binary") => Type::one("File"),
            "string" | "boolean" | "null" => Type::one(kind),
            "number" | "integer" => Type::one("number"),
            "array" => self.array(map, indent),
            "object" => Type::one(self.object(map, indent, false)),
            _ => Type::one("unknown"),
        }
    }

    fn array(&self, map: &Map<String, Value>, indent: usize) -> Type {
        if let Some(Value::Array(items)) = map.get("prefixItems") {
            let items: Vec<String> = items.iter().map(|item| self.inline(item, indent)).collect();
            return Type::one(format!("[{}]", items.join(", ")));
        }
        let item = map.get("items").map_or_else(|| Type::one("unknown"), |item| self.render(item, indent));
        Type::one(format!("{}[]", item.within(Bond::One)))
    }

    /// What the fields are that an object has from its alternatives; `None` if those do not say it themselves.
    fn fields_beside(&self, map: &Map<String, Value>, indent: usize) -> Option<Vec<Type>> {
        if map.contains_key("$ref") || map.contains_key("allOf") {
            return None;
        }
        let mut fields = Vec::new();
        for member in ["oneOf", "anyOf"].iter().filter_map(|key| map.get(*key)?.as_array()).flatten() {
            let member = member.as_object()?;
            fields.extend(self.fields_beside(member, indent)?);
            let properties = member.get("properties").and_then(Value::as_object);
            fields.extend(properties.into_iter().flatten().map(|(_, schema)| self.render(schema, indent)));
            // What may be missing is `undefined`.
            let required = member.get("required").and_then(Value::as_array).map_or(0, Vec::len);
            if properties.is_some_and(|properties| properties.len() > required) {
                fields.push(Type::one("undefined"));
            }
        }
        Some(fields)
    }

    /// The properties, a line each if there are docs or if it has a name.
    fn object(&self, map: &Map<String, Value>, indent: usize, named: bool) -> String {
        let empty = Map::new();
        let properties = map.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let required = |name: &str| {
            map.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|one| one == name))
        };
        let lines = named || properties.values().any(|schema| !docs_of(schema).is_empty());
        let inner = indent + usize::from(lines);
        let mut members = Vec::new();
        let mut seen = Vec::new();
        for (name, schema) in properties {
            let sign = if required(name) { "" } else { "?" };
            let of = self.inline(schema, inner);
            let docs = if lines { docs(schema, inner) } else { String::new() };
            members.push(format!(
                "{docs}{}{}{sign}: {of}",
                if lines { "  ".repeat(inner) } else { String::new() },
                key(name)
            ));
            seen.push(Type { text: of, bond: Bond::Union });
            if !required(name) {
                seen.push(Type::one("undefined"));
            }
        }
        if let Some(rest) = left_over(map) {
            // TypeScript wants it to fit the named ones as well, also those of alternatives.
            let of = match rest {
                Value::Bool(true) => "unknown".to_owned(),
                rest => {
                    let rest = self.render(rest, inner);
                    match self.fields_beside(map, inner) {
                        Some(beside) if rest.text != "unknown" => {
                            let seen = seen.into_iter().chain(beside).map(|one| Type::one(one.text));
                            Type::union(std::iter::once(rest).chain(seen).collect()).text
                        }
                        _ => "unknown".to_owned(),
                    }
                }
            };
            members.push(format!("{}[key: string]: {of}", if lines { "  ".repeat(inner) } else { String::new() }));
        }
        match (members.is_empty(), lines) {
            (true, _) if left_over_is_closed(map) || named => "{}".to_owned(),
            (true, _) => "{ [key: string]: unknown }".to_owned(),
            (false, true) => format!("{{\n{};\n{}}}", members.join(";\n"), "  ".repeat(indent)),
            (false, false) => format!("{{ {} }}", members.join("; ")),
        }
    }
}

fn alternatives(schema: &Value) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf"].iter().find_map(|keyword| schema.get(*keyword)?.as_array())
}

/// What an object's undeclared properties are, where it has any.
pub(super) fn left_over(map: &Map<String, Value>) -> Option<&Value> {
    let by_pattern =
        map.get("patternProperties").and_then(Value::as_object).and_then(|patterns| patterns.values().next());
    by_pattern
        .or_else(|| map.get("additionalProperties"))
        .or_else(|| map.get("unevaluatedProperties"))
        .filter(|rest| **rest != Value::Bool(false))
}

fn left_over_is_closed(map: &Map<String, Value>) -> bool {
    ["additionalProperties", "unevaluatedProperties"].iter().any(|key| map.get(*key) == Some(&Value::Bool(false)))
}

fn literal(constant: &Value) -> Type {
    Type::one(match constant {
        Value::String(text) => quoted(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => constant.to_string(),
        Value::Array(_) | Value::Object(_) => "unknown".to_owned(),
    })
}

/// The key of a property.
pub(super) fn key(name: &str) -> String {
    let plain = name.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '_' | '$'))
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '$'));
    if plain { name.to_owned() } else { quoted(name) }
}

/// The lines of a schema's doc comment.
fn docs_of(schema: &Value) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if let Some(text) = schema.get("description").and_then(Value::as_str) {
        lines.extend(text.lines().map(str::to_owned));
    }
    if schema.get("deprecated") == Some(&Value::Bool(true)) {
        lines.push("@deprecated".to_owned());
    }
    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
        lines.push(format!("@default {default}"));
    }
    lines
}

/// A schema's doc comment, as JSDoc.
pub(super) fn docs(schema: &Value, indent: usize) -> String {
    comment(&docs_of(schema), indent)
}

pub(super) fn comment(lines: &[String], indent: usize) -> String {
    let space = "  ".repeat(indent);
    let safe = |line: &String| line.replace("*/", "*\\/");
    match lines {
        [] => String::new(),
        [line] => format!("{space}/** {} */\n", safe(line)),
        lines => {
            let lines = lines.iter().map(|line| format!("{space} * {}", safe(line)).trim_end().to_owned() + "\n");
            format!("{space}/**\n{}{space} */\n", lines.collect::<String>())
        }
    }
}
