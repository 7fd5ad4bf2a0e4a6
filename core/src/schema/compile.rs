//! Compilation of a JSON Schema, as `schemars` writes it, into nodes.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::alternatives::{Alternatives, union_kind};
use super::error::{SchemaError, SchemaErrorKind};
use super::keywords::{
    accepts_null, check_keywords, compile_constants, compile_messages, count, file_keywords, file_rules, has_rules,
    is_file, is_secret, number_rules, string_rules, strings,
};
use super::merge::merge;
use super::node::{Additional, ArrayRules, Kind, Node, NodeId, ObjectRules, Property, Schema};

/// Compiles a root schema.
///
/// # Errors
///
/// The first problem that keeps the schema from being enforced.
pub(crate) fn compile(schema: &Value) -> Result<Schema, SchemaError> {
    let mut compiler = Compiler { document: schema, nodes: Vec::new(), references: HashMap::new() };
    let root = compiler.compile_reference("#", "")?;
    compiler.resolve_aliases();
    Ok(Schema::new(compiler.nodes, root))
}

/// The maximum length of a pointer into a schema in bytes, which is about a hundred levels.
const MAX_POINTER_BYTES: usize = 2000;

struct Compiler<'a> {
    document: &'a Value,
    nodes: Vec<Node>,
    references: HashMap<String, NodeId>,
}

impl Compiler<'_> {
    /// Compiles the target of `#` or `#/$defs/Name`, once for each target, since types can contain themselves.
    fn compile_reference(&mut self, reference: &str, at: &str) -> Result<NodeId, SchemaError> {
        if let Some(id) = self.references.get(reference) {
            return Ok(*id);
        }
        let target = self.resolve(reference, at)?.clone();
        let id = self.push(Node::new(Kind::Any));
        self.references.insert(reference.to_owned(), id);
        self.nodes[id.0].kind = Kind::Alias(id);
        let node = self.compile_node(&target, reference.trim_start_matches('#'))?;
        self.nodes[id.0] = node;
        Ok(id)
    }

    /// Replaces aliases by their targets. A type that consists only of itself accepts no value.
    fn resolve_aliases(&mut self) {
        for place in 0..self.nodes.len() {
            let mut steps = 0;
            while let Kind::Alias(id) = self.nodes[place].kind {
                let target = self.nodes[id.0].clone();
                let node = &mut self.nodes[place];
                steps += 1;
                node.kind = if steps > place.max(id.0) { Kind::Never } else { target.kind };
                node.nullable |= target.nullable;
                node.secret |= target.secret;
                if node.messages.is_empty() {
                    node.messages = target.messages;
                }
            }
        }
    }

    fn resolve(&self, reference: &str, at: &str) -> Result<&Value, SchemaError> {
        resolve(self.document, reference).map_err(|kind| kind.at(at))
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    fn compile_child(&mut self, schema: &Value, at: String) -> Result<NodeId, SchemaError> {
        if let Value::Object(map) = schema
            && map.len() == 1
            && let Some(Value::String(reference)) = map.get("$ref")
        {
            return self.compile_reference(reference, &at);
        }
        let node = self.compile_node(schema, &at)?;
        Ok(self.push(node))
    }

    fn compile_node(&mut self, schema: &Value, at: &str) -> Result<Node, SchemaError> {
        let map = match schema {
            Value::Bool(true) => return Ok(Node::new(Kind::Any)),
            Value::Object(map) => map,
            _ => return Ok(Node::new(Kind::Never)),
        };
        check_keywords(map).map_err(|kind| kind.at(at))?;
        // A type that contains itself with further keywords is compiled anew at each level.
        if at.len() > MAX_POINTER_BYTES {
            return Err(SchemaErrorKind::InfiniteExpansion.at(at));
        }
        let mut node = if let Some(Value::String(reference)) = map.get("$ref") {
            self.compile_reference_with_siblings(reference, map, at)?
        } else {
            self.compile_map(map, at)?
        };
        node.secret |= is_secret(map);
        if let Some(messages) = map.get("x-message") {
            node.messages = compile_messages(messages).map_err(|kind| kind.at(at))?;
        }
        Ok(node)
    }

    fn compile_reference_with_siblings(
        &mut self,
        reference: &str,
        map: &Map<String, Value>,
        at: &str,
    ) -> Result<Node, SchemaError> {
        if has_rules(map) {
            let target = self.resolve(reference, at)?.clone();
            let mut siblings = map.clone();
            siblings.remove("$ref");
            let both = merge(&siblings, &target).map_err(|kind| kind.at(at))?;
            return self.compile_map(&both, at);
        }
        let id = self.compile_reference(reference, at)?;
        Ok(self.nodes[id.0].clone())
    }

    fn compile_map(&mut self, map: &Map<String, Value>, at: &str) -> Result<Node, SchemaError> {
        if let Some(Value::Array(parts)) = map.get("allOf") {
            let mut whole = map.clone();
            whole.remove("allOf");
            for part in parts {
                let part = match part.get("$ref").and_then(Value::as_str) {
                    Some(reference) => self.resolve(reference, at)?.clone(),
                    None => part.clone(),
                };
                whole = merge(&whole, &part).map_err(|kind| kind.at(at))?;
            }
            return self.compile_map(&whole, at);
        }
        if let Some(not) = map.get("not") {
            return if not == &Value::Object(Map::new()) || not == &Value::Bool(true) {
                Ok(Node::new(Kind::Never))
            } else {
                Err(SchemaErrorKind::UnsupportedKeyword { keyword: "not".to_owned() }.at(at))
            };
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(members)) = map.get(keyword) {
                return self.compile_alternatives(map, keyword, members, at);
            }
        }
        if let Some(constant) = map.get("const") {
            return compile_constants(std::slice::from_ref(constant), map).map_err(|kind| kind.at(at));
        }
        if let Some(Value::Array(constants)) = map.get("enum") {
            return compile_constants(constants, map).map_err(|kind| kind.at(at));
        }
        match map.get("type") {
            None => self.compile_untyped(map, at),
            Some(Value::String(name)) => self.compile_type(name, map, at),
            Some(Value::Array(names)) => self.compile_types(names, map, at),
            Some(other) => Err(SchemaErrorKind::UnknownType { name: other.to_string() }.at(at)),
        }
    }

    /// Compiles `oneOf` and `anyOf`: an `Option`, an enum of unit variants, a tagged enum, or another union.
    fn compile_alternatives(
        &mut self,
        map: &Map<String, Value>,
        keyword: &str,
        members: &[Value],
        at: &str,
    ) -> Result<Node, SchemaError> {
        let resolve = |reference: &str| resolve(self.document, reference);
        let alternatives = Alternatives::split(map, keyword, members, resolve).map_err(|kind| kind.at(at))?;
        let mut ids = Vec::new();
        for (i, member) in alternatives.members.iter().enumerate() {
            ids.push(self.compile_child(member, format!("{at}/{keyword}/{i}"))?);
        }
        let mut node = match ids.as_slice() {
            [only] => self.nodes[only.0].clone(),
            _ => Node::new(union_kind(&self.nodes, ids)),
        };
        node.nullable |= alternatives.nullable;
        Ok(node)
    }

    fn compile_types(&mut self, names: &[Value], map: &Map<String, Value>, at: &str) -> Result<Node, SchemaError> {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let nullable = names.contains(&"null");
        let rest: Vec<&str> = names.into_iter().filter(|name| *name != "null").collect();
        let mut node = match rest.as_slice() {
            [] => Node::new(Kind::Null),
            [only] => self.compile_type(only, map, at)?,
            several => {
                let mut members = Vec::new();
                for name in several {
                    let node = self.compile_type(name, map, at)?;
                    members.push(self.push(node));
                }
                Node::new(Kind::Union(members))
            }
        };
        node.nullable |= nullable;
        Ok(node)
    }

    /// Infers the type from the other keywords.
    fn compile_untyped(&mut self, map: &Map<String, Value>, at: &str) -> Result<Node, SchemaError> {
        let has_any = |keywords: &[&str]| keywords.iter().any(|keyword| map.contains_key(*keyword));
        if has_any(&["properties", "additionalProperties", "unevaluatedProperties"]) {
            self.compile_type("object", map, at)
        } else if has_any(&["items", "prefixItems"]) {
            self.compile_type("array", map, at)
        } else {
            Ok(Node::new(Kind::Any))
        }
    }

    fn compile_type(&mut self, name: &str, map: &Map<String, Value>, at: &str) -> Result<Node, SchemaError> {
        Ok(Node::new(match name {
            "null" => Kind::Null,
            "boolean" => Kind::Boolean,
            "number" => Kind::Number(number_rules(map, false)),
            "integer" => Kind::Number(number_rules(map, true)),
            "string" if is_file(map) => Kind::File(file_rules(map)),
            "string" => Kind::String(string_rules(map).map_err(|kind| kind.at(at))?),
            "array" => self.compile_array(map, at)?,
            "object" => self.compile_object(map, at)?,
            other => return Err(SchemaErrorKind::UnknownType { name: other.to_owned() }.at(at)),
        }))
    }

    fn compile_array(&mut self, map: &Map<String, Value>, at: &str) -> Result<Kind, SchemaError> {
        if let Some(Value::Array(items)) = map.get("prefixItems") {
            if let Some(rest) = map.get("items").filter(|rest| *rest != &Value::Bool(false)) {
                return Err(SchemaErrorKind::InvalidKeyword {
                    keyword: "items".to_owned(),
                    value: rest.to_string(),
                    expected: "`false` beside `prefixItems`",
                }
                .at(at));
            }
            let mut nodes = Vec::new();
            for (i, item) in items.iter().enumerate() {
                nodes.push(self.compile_child(item, format!("{at}/prefixItems/{i}"))?);
            }
            return Ok(Kind::Tuple(nodes));
        }
        let items = match map.get("items") {
            // File keywords on a list of files apply to each file.
            Some(Value::Object(items)) if is_file(items) => {
                let mut items = items.clone();
                items.extend(file_keywords(map));
                self.compile_child(&Value::Object(items), format!("{at}/items"))?
            }
            Some(items) => self.compile_child(items, format!("{at}/items"))?,
            None => self.push(Node::new(Kind::Any)),
        };
        Ok(Kind::Array(ArrayRules {
            items,
            min: count(map, "minItems"),
            max: count(map, "maxItems"),
            set: map.get("uniqueItems") == Some(&Value::Bool(true)),
        }))
    }

    fn compile_object(&mut self, map: &Map<String, Value>, at: &str) -> Result<Kind, SchemaError> {
        let required = strings(map, "required");
        let mut properties = Vec::new();
        if let Some(Value::Object(declared)) = map.get("properties") {
            for (name, schema) in declared {
                properties.push(Property {
                    node: self.compile_child(schema, format!("{at}/properties/{}", escape(name)))?,
                    required: required.contains(name),
                    default: schema.get("default").is_some_and(|default| !default.is_null())
                        || (!required.contains(name) && !accepts_null(schema)),
                    name: name.clone(),
                });
            }
        }
        // `schemars` describes maps with non-string keys by a pattern for the keys. The type checks the keys itself.
        let by_pattern =
            map.get("patternProperties").and_then(Value::as_object).and_then(|patterns| patterns.values().next());
        // `schemars` writes `unevaluatedProperties` for a flattened map beside flattened alternatives.
        let rest = map.get("additionalProperties").or_else(|| map.get("unevaluatedProperties"));
        let additional = match (by_pattern, rest) {
            (Some(schema), _) => Additional::Keep(self.compile_child(schema, format!("{at}/patternProperties"))?),
            (None, None) => Additional::Strip,
            (None, Some(Value::Bool(false))) => Additional::Refuse,
            (None, Some(schema)) => Additional::Keep(self.compile_child(schema, format!("{at}/additionalProperties"))?),
        };
        Ok(Kind::Object(ObjectRules::new(
            properties,
            additional,
            count(map, "minProperties"),
            count(map, "maxProperties"),
        )))
    }
}

fn resolve<'a>(document: &'a Value, reference: &str) -> Result<&'a Value, SchemaErrorKind> {
    reference
        .strip_prefix('#')
        .and_then(|pointer| document.pointer(pointer))
        .ok_or_else(|| SchemaErrorKind::UnresolvedReference { reference: reference.to_owned() })
}

/// Escapes a segment of a JSON Pointer (RFC 6901, section 3).
fn escape(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compile_error(schema: &Value) -> String {
        compile(schema).unwrap_err().to_string()
    }

    #[test]
    fn errors_name_the_place_the_value_and_the_expectation() {
        let property = |schema: Value| json!({ "type": "object", "properties": { "a/b": schema } });
        for (schema, expected) in [
            (json!({ "if": {} }), "unsupported keyword `if`: expected a schema without it; check the rule in `refine`"),
            (
                json!({ "type": "string", "x-max-byte": 1 }),
                "unknown keyword `x-max-byte`: expected `x-message`, `x-type`, \
              `x-min-bytes`, `x-max-bytes` or `x-media-types`",
            ),
            (
                json!({ "type": "string", "x-max-bytes": 1 }),
                "misplaced keyword `x-max-bytes`: expected `x-min-bytes`, \
              `x-max-bytes` or `x-media-types` only on a `File`, `Option<File>` or `Vec<File>`",
            ),
            (json!({ "type": "string", "minLength": -1 }), "invalid `minLength` `-1`: expected a non-negative integer"),
            (
                json!({ "type": "string", "minLength": 3, "maxLength": 2 }),
                "no value is valid: expected `minLength` (3) to \
              be at most `maxLength` (2)",
            ),
            (
                json!({ "$ref": "#/$defs/A" }),
                "unresolved reference `#/$defs/A`: expected a JSON Pointer into the same \
              schema",
            ),
            (
                json!({ "type": "text" }),
                "unknown type `text`: expected `string`, `number`, `integer`, `boolean`, `array`, \
              `object` or `null`",
            ),
            (json!({ "const": [1] }), "unsupported constant `[1]`: expected a string, number, boolean or null"),
            (json!({ "x-message": 1 }), "invalid `x-message` `1`: expected a string, or an object of strings by rule"),
            (
                json!({ "allOf": [{ "minimum": 1 }, { "minimum": 2 }] }),
                "conflicting values of `minimum`, `1` and `2`: \
              expected the same value in all schemas that are combined",
            ),
        ] {
            let place = "(at `#/properties/a~1b` in its JSON Schema)";
            assert_eq!(compile_error(&property(schema)), format!("{expected} {place}"));
        }
        let pattern = compile_error(&json!({ "type": "string", "pattern": "(" }));
        assert!(pattern.starts_with("invalid pattern `(`: expected a regular expression, got a syntax error: "));
        assert!(compile_error(&json!({ "x-message": { "minimun": "" } })).starts_with("unknown rule `minimun` in "));
    }
}
