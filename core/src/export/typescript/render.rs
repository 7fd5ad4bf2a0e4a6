//! Translation of JSON Schemas to types of TypeScript.

use serde_json::{Map, Value};

use super::quote;
use super::type_names::TypeNames;
use crate::export::keywords::{additional_properties, alternatives, has_type};
use crate::export::schemas::Side;

/// Renders schemas of one side.
pub(super) struct Renderer<'a> {
    pub(super) names: &'a TypeNames,
    pub(super) side: Side,
}

/// The operator that binds the parts of a type, the weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    Union,
    Intersection,
    Atom,
}

/// The text of a type.
struct TypeText {
    text: String,
    precedence: Precedence,
}

impl TypeText {
    fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), precedence: Precedence::Atom }
    }

    /// Returns the text as an operand, in parentheses if an operator of this precedence needs them.
    fn into_operand(self, precedence: Precedence) -> String {
        if self.precedence < precedence { format!("({})", self.text) } else { self.text }
    }

    fn join(parts: Vec<Self>, operator: &str, precedence: Precedence) -> Option<Self> {
        let mut parts = parts.into_iter();
        let first = parts.next()?;
        let Some(second) = parts.next() else {
            return Some(first);
        };
        let mut texts: Vec<String> = Vec::new();
        for part in [first, second].into_iter().chain(parts) {
            let text = if part.precedence == precedence { part.text } else { part.into_operand(Precedence::Atom) };
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        Some(match texts.as_slice() {
            [_] => Self { text: texts.concat(), precedence: Precedence::Union },
            _ => Self { text: texts.join(operator), precedence },
        })
    }

    fn union(parts: Vec<Self>) -> Self {
        Self::join(parts, " | ", Precedence::Union).unwrap_or_else(|| Self::atom("never"))
    }
}

impl Renderer<'_> {
    /// Renders a schema as a part of another type.
    pub(super) fn render_inline(&self, schema: &Value, indent: usize) -> String {
        self.render(schema, indent).text
    }

    /// Renders the declaration of a named type.
    pub(super) fn render_declaration(&self, name: &str, schema: &Value) -> String {
        let docs = render_docs(schema, 0);
        let object = schema.as_object().filter(|map| self.is_plain_object(map));
        if let Some(map) = object {
            return format!("{docs}export interface {name} {}\n", self.render_object(map, 0, true));
        }
        if let Some(members) = schema.as_object().filter(|map| !map.contains_key("properties")).and_then(alternatives)
            && members.iter().any(|member| !collect_docs(member).is_empty())
        {
            let members = members
                .iter()
                .map(|member| format!("\n{}  | {}", render_docs(member, 1), self.render_inline(member, 1)));
            return format!("{docs}export type {name} ={};\n", members.collect::<String>());
        }
        format!("{docs}export type {name} = {};\n", self.render_inline(schema, 0))
    }

    fn is_plain_object(&self, map: &Map<String, Value>) -> bool {
        map.get("type").is_some_and(|kind| kind == "object")
            && !["$ref", "allOf", "anyOf", "oneOf", "x-type", "enum", "const"].iter().any(|key| map.contains_key(*key))
    }

    fn render(&self, schema: &Value, indent: usize) -> TypeText {
        let map = match schema {
            Value::Object(map) => map,
            Value::Bool(false) => return TypeText::atom("never"),
            _ => return TypeText::atom("unknown"),
        };
        if let Some(known) =
            map.get("x-type").and_then(Value::as_str).and_then(|kind| self.render_devalue_type(kind, map, indent))
        {
            // The `type` of `Undefined` is `null` itself.
            let is_nullable = map.get("type").is_some_and(Value::is_array) && has_type(map, "null");
            return if is_nullable { TypeText::union(vec![known, TypeText::atom("null")]) } else { known };
        }
        let mut parts = Vec::new();
        if let Some(name) =
            map.get("$ref").and_then(Value::as_str).and_then(|to| self.names.of_reference(self.side, to))
        {
            parts.push(TypeText::atom(name));
        }
        if let Some(Value::Array(all)) = map.get("allOf") {
            parts.extend(all.iter().map(|part| self.render(part, indent)));
        }
        if let Some(members) = alternatives(map) {
            parts.push(TypeText::union(members.iter().map(|member| self.render(member, indent)).collect()));
        }
        if let Some(constant) = map.get("const") {
            parts.push(render_literal(constant));
        } else if let Some(Value::Array(constants)) = map.get("enum") {
            parts.push(TypeText::union(constants.iter().map(render_literal).collect()));
        } else if let Some(shape) = self.render_by_type(map, indent, !parts.is_empty()) {
            parts.push(shape);
        }
        TypeText::join(parts, " & ", Precedence::Intersection).unwrap_or_else(|| TypeText::atom("unknown"))
    }

    /// Renders a type that devalue adds to those of JSON.
    fn render_devalue_type(&self, kind: &str, map: &Map<String, Value>, indent: usize) -> Option<TypeText> {
        let item = |items: Option<&Value>| {
            items.map_or_else(|| "unknown".to_owned(), |items| self.render_inline(items, indent))
        };
        Some(TypeText::atom(match kind {
            "Date" | "URL" | "URLSearchParams" | "RegExp" | "ArrayBuffer" | "Uint8Array" => kind.to_owned(),
            "BigInt" => "bigint".to_owned(),
            "Undefined" => "undefined".to_owned(),
            "Set" => format!("Set<{}>", item(map.get("items"))),
            "Map" => {
                let pair = map.get("items").and_then(|items| items.get("prefixItems"));
                format!("Map<{}, {}>", item(pair.and_then(|pair| pair.get(0))), item(pair.and_then(|pair| pair.get(1))))
            }
            // A `Uint8Array` that is sent has a Rust type of its own.
            "TypedArray" => {
                let views = "Int8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | \
                             Float32Array | Float64Array | BigInt64Array | BigUint64Array | DataView";
                let text = match self.side {
                    Side::Input => views.to_owned(),
                    Side::Output => format!("Uint8Array | {views}"),
                };
                return Some(TypeText { text, precedence: Precedence::Union });
            }
            _ => return None,
        }))
    }

    /// Renders `type` and the keywords that belong to it. `has_others` tells that the schema has a reference or alternatives
    /// as well.
    fn render_by_type(&self, map: &Map<String, Value>, indent: usize, has_others: bool) -> Option<TypeText> {
        let has = |keys: &[&str]| keys.iter().any(|key| map.contains_key(*key));
        let kinds: Vec<&str> = match map.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if has(&["properties", "additionalProperties", "unevaluatedProperties"]) => vec!["object"],
            _ if has(&["items", "prefixItems"]) => vec!["array"],
            _ => return None,
        };
        // Next to alternatives, `type` only repeats theirs.
        let kinds = kinds.into_iter().filter(|kind| {
            !has_others || *kind == "object" && has(&["properties", "additionalProperties", "unevaluatedProperties"])
        });
        let types: Vec<TypeText> = kinds.map(|kind| self.render_type(kind, map, indent)).collect();
        (!types.is_empty()).then(|| TypeText::union(types))
    }

    fn render_type(&self, kind: &str, map: &Map<String, Value>, indent: usize) -> TypeText {
        match kind {
            "string" if map.get("format").is_some_and(|format| format == "binary") => TypeText::atom("File"),
            "string" | "boolean" | "null" => TypeText::atom(kind),
            "number" | "integer" => TypeText::atom("number"),
            "array" => self.render_array(map, indent),
            "object" => TypeText::atom(self.render_object(map, indent, false)),
            _ => TypeText::atom("unknown"),
        }
    }

    fn render_array(&self, map: &Map<String, Value>, indent: usize) -> TypeText {
        if let Some(Value::Array(items)) = map.get("prefixItems") {
            let items: Vec<String> = items.iter().map(|item| self.render_inline(item, indent)).collect();
            return TypeText::atom(format!("[{}]", items.join(", ")));
        }
        let item = map.get("items").map_or_else(|| TypeText::atom("unknown"), |item| self.render(item, indent));
        TypeText::atom(format!("{}[]", item.into_operand(Precedence::Atom)))
    }

    /// Renders the types of the fields that an object has by its alternatives. `None` if a reference hides some of them.
    fn render_alternative_fields(&self, map: &Map<String, Value>, indent: usize) -> Option<Vec<TypeText>> {
        if map.contains_key("$ref") || map.contains_key("allOf") {
            return None;
        }
        let mut fields = Vec::new();
        for member in ["oneOf", "anyOf"].iter().filter_map(|key| map.get(*key)?.as_array()).flatten() {
            let member = member.as_object()?;
            fields.extend(self.render_alternative_fields(member, indent)?);
            let properties = member.get("properties").and_then(Value::as_object);
            fields.extend(properties.into_iter().flatten().map(|(_, schema)| self.render(schema, indent)));
            // An optional field may be `undefined`.
            let required = member.get("required").and_then(Value::as_array).map_or(0, Vec::len);
            if properties.is_some_and(|properties| properties.len() > required) {
                fields.push(TypeText::atom("undefined"));
            }
        }
        Some(fields)
    }

    /// Renders an object. Each property has a line of its own if the type is named, or if a property has docs.
    fn render_object(&self, map: &Map<String, Value>, indent: usize, named: bool) -> String {
        let empty = Map::new();
        let properties = map.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let required = |name: &str| {
            map.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|one| one == name))
        };
        let is_multiline = named || properties.values().any(|schema| !collect_docs(schema).is_empty());
        let inner = indent + usize::from(is_multiline);
        let space = if is_multiline { "  ".repeat(inner) } else { String::new() };
        let mut members = Vec::new();
        let mut types = Vec::new();
        for (name, schema) in properties {
            let docs = if is_multiline { render_docs(schema, inner) } else { String::new() };
            let sign = if required(name) { "" } else { "?" };
            let text = self.render_inline(schema, inner);
            members.push(format!("{docs}{space}{}{sign}: {text}", property_key(name)));
            types.push(TypeText::atom(text));
            if !required(name) {
                types.push(TypeText::atom("undefined"));
            }
        }
        if let Some(rest) = open_properties(map) {
            members.push(format!("{space}[key: string]: {}", self.render_index_type(map, rest, types, inner)));
        }
        match (members.is_empty(), is_multiline) {
            (true, _) if is_closed(map) || named => "{}".to_owned(),
            (true, _) => "{ [key: string]: unknown }".to_owned(),
            (false, true) => format!("{{\n{};\n{}}}", members.join(";\n"), "  ".repeat(indent)),
            (false, false) => format!("{{ {} }}", members.join("; ")),
        }
    }

    /// Renders the type of an index signature. TypeScript requires that it includes the types of all declared properties, and
    /// of those in alternatives.
    fn render_index_type(
        &self,
        map: &Map<String, Value>,
        rest: &Value,
        declared: Vec<TypeText>,
        indent: usize,
    ) -> String {
        let rest = self.render(rest, indent);
        match self.render_alternative_fields(map, indent) {
            Some(fields) if rest.text != "unknown" => {
                let fields = fields.into_iter().map(|field| TypeText::atom(field.text));
                TypeText::union(std::iter::once(rest).chain(declared).chain(fields).collect()).text
            }
            _ => "unknown".to_owned(),
        }
    }
}

/// Returns the schema of an object's undeclared properties, if it can have any.
pub(super) fn open_properties(map: &Map<String, Value>) -> Option<&Value> {
    additional_properties(map).filter(|rest| **rest != Value::Bool(false))
}

fn is_closed(map: &Map<String, Value>) -> bool {
    ["additionalProperties", "unevaluatedProperties"].iter().any(|key| map.get(*key) == Some(&Value::Bool(false)))
}

fn render_literal(constant: &Value) -> TypeText {
    TypeText::atom(match constant {
        Value::String(text) => quote(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => constant.to_string(),
        Value::Array(_) | Value::Object(_) => "unknown".to_owned(),
    })
}

/// Returns the key of a property, quoted if it is not an identifier.
pub(super) fn property_key(name: &str) -> String {
    let plain = name.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '_' | '$'))
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '$'));
    if plain { name.to_owned() } else { quote(name) }
}

/// Returns the lines of a schema's doc comment.
fn collect_docs(schema: &Value) -> Vec<String> {
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

/// Renders a schema's doc comment as JSDoc.
fn render_docs(schema: &Value, indent: usize) -> String {
    render_comment(&collect_docs(schema), indent)
}

/// Renders lines as a JSDoc comment.
pub(super) fn render_comment(lines: &[String], indent: usize) -> String {
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
