//! From a JSON Schema, as `schemars` writes it, to the compiled tree.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use super::keywords::{
    ANNOTATIONS, OF_FILES, OURS, accepts_null, check_shapes, compile_messages, count, literals, number_rules,
    string_rules, texts,
};
use super::merge::merged;
use super::{Additional, ArrayRules, FileRules, Kind, Messages, Node, NodeId, ObjectRules, Property, Schema};

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
    compiler.settle();
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
    "unevaluatedItems",
    "$dynamicRef",
];

/// The longest pointer into a schema, in bytes: a hundred levels or so.
const DEEPEST: usize = 2000;

pub(super) struct Compiler<'a> {
    document: &'a Value,
    pub(super) nodes: Vec<Node>,
    references: HashMap<String, NodeId>,
}

impl Compiler<'_> {
    /// The node of `#` or `#/$defs/Name`, compiled once: a type may contain itself.
    fn reference(&mut self, pointer: &str, at: &str) -> Result<NodeId, Problem> {
        if let Some(id) = self.references.get(pointer) {
            return Ok(*id);
        }
        let target = self.resolve(pointer, at)?.clone();
        let id = self.push(any());
        self.references.insert(pointer.to_owned(), id);
        self.nodes[id.0].kind = Kind::Alias(id);
        let node = self.node(&target, pointer.trim_start_matches('#'))?;
        self.nodes[id.0] = node;
        Ok(id)
    }

    /// The same node once more, for a place that says more of it. One that is still being compiled, because the type
    /// contains itself, is filled in at the end.
    pub(super) fn again(&self, id: NodeId) -> Node {
        self.nodes[id.0].clone()
    }

    /// Fills in the nodes that stand for others. A type that is nothing but itself takes nothing.
    fn settle(&mut self) {
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

    pub(super) fn resolve(&self, pointer: &str, at: &str) -> Result<&Value, Problem> {
        pointer
            .strip_prefix('#')
            .and_then(|path| self.document.pointer(path))
            .ok_or_else(|| problem(at, format!("the reference `{pointer}` leads nowhere")))
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    pub(super) fn child(&mut self, schema: &Value, at: String) -> Result<NodeId, Problem> {
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
        if let Some(unknown) = map.keys().find(|keyword| is_misspelt(keyword, map)) {
            return Err(problem(at, format!("`{unknown}` says nothing here; there are `{}`", OURS.join("`, `"))));
        }
        check_shapes(map, at)?;
        // A type that contains itself, with more said of it there, is written out at each place.
        if at.len() > DEEPEST {
            return Err(problem(at, "the type contains itself, and says more of itself there each time".to_owned()));
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
        if map.keys().any(|keyword| !ANNOTATIONS.contains(&keyword.as_str())) {
            let target = self.resolve(pointer, at)?.clone();
            let mut rest = map.clone();
            rest.remove("$ref");
            let both = merged(&rest, &target).map_err(|what| problem(at, what))?;
            return self.plain(&both, at);
        }
        let id = self.reference(pointer, at)?;
        Ok(self.again(id))
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
        if ["properties", "additionalProperties", "unevaluatedProperties"]
            .iter()
            .any(|keyword| map.contains_key(*keyword))
        {
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
            "string" if is_file(map) => Kind::File(FileRules {
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
            if map.get("items").is_some_and(|rest| rest != &Value::Bool(false)) {
                return Err(problem(at, "`items` beside `prefixItems` is not supported".to_owned()));
            }
            let mut nodes = Vec::new();
            for (i, item) in items.iter().enumerate() {
                nodes.push(self.child(item, format!("{at}/prefixItems/{i}"))?);
            }
            return Ok(Kind::Tuple(nodes));
        }
        let items = match map.get("items") {
            // What is said of a list of files is meant for each.
            Some(Value::Object(items)) if is_file(items) => {
                let mut items = items.clone();
                let rules = map.iter().filter(|(keyword, _)| OF_FILES.contains(&keyword.as_str()));
                items.extend(rules.map(|(keyword, rule)| (keyword.clone(), rule.clone())));
                self.child(&Value::Object(items), format!("{at}/items"))?
            }
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
        // Where alternatives are flattened beside a map, what is left over is said by the other keyword.
        let left_over = map.get("additionalProperties").or_else(|| map.get("unevaluatedProperties"));
        let additional = match (by_pattern, left_over) {
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
}

impl Node {
    fn with_null_of(mut self, map: &Map<String, Value>) -> Self {
        if let Some(Value::Array(kinds)) = map.get("type") {
            self.nullable |= kinds.iter().any(|kind| kind == "null");
        }
        self
    }
}

fn is_file(map: &Map<String, Value>) -> bool {
    map.get("format").is_some_and(|format| format == "binary")
}

/// Whether a keyword of ours is written wrong or stands where nothing reads it: a limit that is not kept is worse than none.
fn is_misspelt(keyword: &str, map: &Map<String, Value>) -> bool {
    let file =
        is_file(map) || map.contains_key("$ref") || map.get("items").and_then(Value::as_object).is_some_and(is_file);
    let of_files = OF_FILES.contains(&keyword);
    let alike =
        ["x-message", "x-min", "x-max", "x-media", "x-bytes", "x-type"].iter().any(|ours| keyword.starts_with(ours));
    alike && (!OURS.contains(&keyword) || (of_files && !file))
}

pub(super) fn any() -> Node {
    Node { kind: Kind::Any, nullable: false, messages: Messages::default(), secret: false }
}

pub(super) fn problem(at: &str, what: String) -> Problem {
    Problem { at: at.to_owned(), what }
}
