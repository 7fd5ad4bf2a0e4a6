//! From a JSON Schema, as `schemars` writes it, to the compiled tree.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use super::keywords::{accepts_null, compile_messages, count, literals, number_rules, string_rules, texts};
use super::merge::merged;
use super::{
    Additional, ArrayRules, FileRules, Kind, Literal, Messages, Node, NodeId, ObjectRules, Property, Schema,
    TaggedRules,
};

/// A schema that cannot be validated against, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// A JSON Pointer into the schema.
    pub(crate) at: String,
    pub(crate) what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at `#{}` of its schema)", self.what, self.at)
    }
}

/// Compiles a root schema.
///
/// # Errors
///
/// A keyword that would have to be checked and that we do not know, a pattern that does not parse, a reference that
/// leads nowhere.
pub(crate) fn compile(schema: &Value) -> Result<Schema, Problem> {
    let mut compiler = Compiler { document: schema, nodes: Vec::new(), references: HashMap::new() };
    let root = compiler.reference("#", "")?;
    Ok(Schema { nodes: compiler.nodes, root })
}

/// Keywords of which no value may be accepted unchecked.
const UNKNOWN: &[&str] = &[
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$dynamicRef",
];

struct Compiler<'a> {
    document: &'a Value,
    nodes: Vec<Node>,
    references: HashMap<String, NodeId>,
}

impl Compiler<'_> {
    /// The node of `#` or `#/$defs/Name`, compiled once: a type may contain itself.
    fn reference(&mut self, pointer: &str, at: &str) -> Result<NodeId, Problem> {
        if let Some(id) = self.references.get(pointer) {
            return Ok(*id);
        }
        let target = self.resolve(pointer, at)?.clone();
        let id = self.reserve();
        self.references.insert(pointer.to_owned(), id);
        let node = self.node(&target, pointer.trim_start_matches('#'))?;
        self.nodes[id.0] = node;
        Ok(id)
    }

    fn resolve(&self, pointer: &str, at: &str) -> Result<&Value, Problem> {
        pointer
            .strip_prefix('#')
            .and_then(|path| self.document.pointer(path))
            .ok_or_else(|| problem(at, format!("the reference `{pointer}` leads nowhere")))
    }

    fn reserve(&mut self) -> NodeId {
        self.push(any())
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    fn child(&mut self, schema: &Value, at: String) -> Result<NodeId, Problem> {
        if let Value::Object(map) = schema
            && map.len() == 1
            && let Some(Value::String(pointer)) = map.get("$ref")
        {
            return self.reference(pointer, &at);
        }
        let node = self.node(schema, &at)?;
        Ok(self.push(node))
    }

    fn node(&mut self, schema: &Value, at: &str) -> Result<Node, Problem> {
        let map = match schema {
            Value::Bool(true) => return Ok(any()),
            Value::Object(map) => map,
            _ => {
                return Ok(Node { kind: Kind::Never, ..any() });
            }
        };
        if let Some(keyword) = UNKNOWN.iter().find(|keyword| map.contains_key(**keyword)) {
            return Err(problem(at, format!("the keyword `{keyword}` is not supported")));
        }
        let mut node = if let Some(Value::String(pointer)) = map.get("$ref") {
            self.with_siblings(pointer, map, at)?
        } else {
            self.plain(map, at)?
        };
        node.secret |= map.get("writeOnly") == Some(&Value::Bool(true))
            || map.get("format").is_some_and(|format| format == "password");
        if let Some(messages) = map.get("x-message") {
            node.messages = compile_messages(messages, at)?;
        }
        Ok(node)
    }

    /// A reference beside which something is said.
    fn with_siblings(&mut self, pointer: &str, map: &Map<String, Value>, at: &str) -> Result<Node, Problem> {
        const SHAPING: &[&str] = &["properties", "required", "additionalProperties", "oneOf"];
        if SHAPING.iter().any(|keyword| map.contains_key(*keyword)) {
            let target = self.resolve(pointer, at)?.clone();
            let mut rest = map.clone();
            rest.remove("$ref");
            let both = merged(&rest, &target).map_err(|what| problem(at, what))?;
            return self.plain(&both, at);
        }
        let id = self.reference(pointer, at)?;
        Ok(self.nodes[id.0].clone())
    }

    fn plain(&mut self, map: &Map<String, Value>, at: &str) -> Result<Node, Problem> {
        if let Some(Value::Array(parts)) = map.get("allOf") {
            let mut whole = map.clone();
            whole.remove("allOf");
            for part in parts {
                let part = match part.get("$ref").and_then(Value::as_str) {
                    Some(pointer) => self.resolve(pointer, at)?.clone(),
                    None => part.clone(),
                };
                whole = merged(&whole, &part).map_err(|what| problem(at, what))?;
            }
            return self.plain(&whole, at);
        }
        if let Some(not) = map.get("not") {
            return if not == &Value::Object(Map::new()) || not == &Value::Bool(true) {
                Ok(Node { kind: Kind::Never, ..any() })
            } else {
                Err(problem(at, "the keyword `not` is not supported".to_owned()))
            };
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(members)) = map.get(keyword) {
                return self.alternatives(map, keyword, members, at);
            }
        }
        if let Some(constant) = map.get("const") {
            return Ok(literals(std::slice::from_ref(constant), at)?.with_null_of(map));
        }
        if let Some(Value::Array(constants)) = map.get("enum") {
            return Ok(literals(constants, at)?.with_null_of(map));
        }
        match map.get("type") {
            None => self.untyped(map, at),
            Some(Value::String(kind)) => self.typed(kind, map, at),
            Some(Value::Array(kinds)) => {
                let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                let nullable = kinds.contains(&"null");
                let rest: Vec<&str> = kinds.into_iter().filter(|kind| *kind != "null").collect();
                let mut node = match rest.as_slice() {
                    [] => Node { kind: Kind::Null, ..any() },
                    [only] => self.typed(only, map, at)?,
                    several => {
                        let mut members = Vec::new();
                        for kind in several {
                            let node = self.typed(kind, map, at)?;
                            members.push(self.push(node));
                        }
                        Node { kind: Kind::Union(members), ..any() }
                    }
                };
                node.nullable |= nullable;
                Ok(node)
            }
            Some(_) => Err(problem(at, "`type` is no text".to_owned())),
        }
    }

    /// Without a `type`, what else is said tells the shape.
    fn untyped(&mut self, map: &Map<String, Value>, at: &str) -> Result<Node, Problem> {
        if map.contains_key("properties") || map.contains_key("additionalProperties") {
            self.typed("object", map, at)
        } else if map.contains_key("items") || map.contains_key("prefixItems") {
            self.typed("array", map, at)
        } else {
            Ok(any())
        }
    }

    fn typed(&mut self, kind: &str, map: &Map<String, Value>, at: &str) -> Result<Node, Problem> {
        let kind = match kind {
            "null" => Kind::Null,
            "boolean" => Kind::Boolean,
            "number" => Kind::Number(number_rules(map, false)),
            "integer" => Kind::Number(number_rules(map, true)),
            "string" if map.get("format").is_some_and(|format| format == "binary") => Kind::File(FileRules {
                min: count(map, "x-min-bytes"),
                max: count(map, "x-max-bytes"),
                media_types: texts(map, "x-media-types"),
            }),
            "string" => Kind::String(string_rules(map, at)?),
            "array" => self.array(map, at)?,
            "object" => self.object(map, at)?,
            other => return Err(problem(at, format!("the type `{other}` is unknown"))),
        };
        Ok(Node { kind, ..any() })
    }

    fn array(&mut self, map: &Map<String, Value>, at: &str) -> Result<Kind, Problem> {
        if let Some(Value::Array(items)) = map.get("prefixItems") {
            let mut nodes = Vec::new();
            for (i, item) in items.iter().enumerate() {
                nodes.push(self.child(item, format!("{at}/prefixItems/{i}"))?);
            }
            return Ok(Kind::Tuple(nodes));
        }
        let items = match map.get("items") {
            Some(items) => self.child(items, format!("{at}/items"))?,
            None => self.push(any()),
        };
        Ok(Kind::Array(ArrayRules {
            items,
            min: count(map, "minItems"),
            max: count(map, "maxItems"),
            set: map.get("uniqueItems") == Some(&Value::Bool(true)),
        }))
    }

    fn object(&mut self, map: &Map<String, Value>, at: &str) -> Result<Kind, Problem> {
        let required = texts(map, "required");
        let mut properties = Vec::new();
        if let Some(Value::Object(declared)) = map.get("properties") {
            for (name, schema) in declared {
                properties.push(Property {
                    node: self.child(schema, format!("{at}/properties/{name}"))?,
                    required: required.contains(name),
                    default: schema.get("default").is_some_and(|default| !default.is_null())
                        || (!required.contains(name) && !accepts_null(schema)),
                    name: name.clone(),
                });
            }
        }
        // Maps with keys that are no strings are written with a pattern for their keys, which the type itself checks.
        let by_pattern =
            map.get("patternProperties").and_then(Value::as_object).and_then(|patterns| patterns.values().next());
        let additional = match (by_pattern, map.get("additionalProperties")) {
            (Some(schema), _) => Additional::Keep(self.child(schema, format!("{at}/patternProperties"))?),
            (None, None) => Additional::Strip,
            (None, Some(Value::Bool(false))) => Additional::Refuse,
            (None, Some(schema)) => Additional::Keep(self.child(schema, format!("{at}/additionalProperties"))?),
        };
        Ok(Kind::Object(ObjectRules::new(
            properties,
            additional,
            count(map, "minProperties"),
            count(map, "maxProperties"),
        )))
    }

    /// `oneOf` and `anyOf`: an `Option`, an enum of plain names, an enum with a tag, or any other union.
    fn alternatives(
        &mut self,
        map: &Map<String, Value>,
        keyword: &str,
        members: &[Value],
        at: &str,
    ) -> Result<Node, Problem> {
        let is_null = |member: &Value| member.get("type").is_some_and(|kind| kind == "null");
        let nullable = members.iter().any(is_null);
        let mut rest = Vec::new();
        let mut base = map.clone();
        base.remove(keyword);
        // What stands beside the alternatives (a flattened enum) belongs to each of them.
        let shared = base.contains_key("properties");
        for member in members.iter().filter(|member| !is_null(member)) {
            rest.push(if shared {
                let member = match member.get("$ref").and_then(Value::as_str) {
                    Some(pointer) if member.as_object().is_some_and(|m| m.len() == 1) => {
                        self.resolve(pointer, at)?.clone()
                    }
                    _ => member.clone(),
                };
                Value::Object(merged(&base, &member).map_err(|what| problem(at, what))?)
            } else {
                member.clone()
            });
        }
        let mut ids = Vec::new();
        for (i, member) in rest.iter().enumerate() {
            ids.push(self.child(member, format!("{at}/{keyword}/{i}"))?);
        }
        let mut node = match ids.as_slice() {
            [only] => self.nodes[only.0].clone(),
            _ => Node { kind: self.union(ids), ..any() },
        };
        node.nullable |= nullable;
        Ok(node)
    }

    fn union(&self, ids: Vec<NodeId>) -> Kind {
        let constants: Option<Vec<_>> = ids
            .iter()
            .map(|id| match &self.nodes[id.0] {
                Node { kind: Kind::Literal(list), nullable: false, .. } => Some(list.clone()),
                _ => None,
            })
            .collect();
        if let Some(constants) = constants {
            return Kind::Literal(constants.concat());
        }
        match self.tag(&ids) {
            Some(tagged) => Kind::Tagged(tagged),
            None => Kind::Union(ids),
        }
    }

    /// The property that is a different constant in each member, if there is one.
    fn tag(&self, ids: &[NodeId]) -> Option<TaggedRules> {
        let objects: Vec<&ObjectRules> = ids
            .iter()
            .map(|id| match &self.nodes[id.0].kind {
                Kind::Object(object) => Some(object),
                _ => None,
            })
            .collect::<Option<_>>()?;
        let constant = |object: &ObjectRules, name: &str| {
            let property = object.properties.iter().find(|p| p.name == name)?;
            match &self.nodes[property.node.0].kind {
                Kind::Literal(list) => match list.as_slice() {
                    [Literal::String(value)] => Some(value.clone()),
                    _ => None,
                },
                _ => None,
            }
        };
        objects.first()?.properties.iter().find_map(|candidate| {
            let values: Vec<String> =
                objects.iter().map(|object| constant(object, &candidate.name)).collect::<Option<_>>()?;
            let distinct = (1..values.len()).all(|i| !values[..i].contains(&values[i]));
            distinct.then(|| TaggedRules {
                tag: candidate.name.clone(),
                members: values.into_iter().zip(ids.iter().copied()).collect(),
            })
        })
    }
}

impl Node {
    fn with_null_of(mut self, map: &Map<String, Value>) -> Self {
        if let Some(Value::Array(kinds)) = map.get("type") {
            self.nullable |= kinds.iter().any(|kind| kind == "null");
        }
        self
    }
}

pub(super) fn any() -> Node {
    Node { kind: Kind::Any, nullable: false, messages: Messages::default(), secret: false }
}

pub(super) fn problem(at: &str, what: String) -> Problem {
    Problem { at: at.to_owned(), what }
}
