//! The compiled form of a type's JSON Schema.
//!
//! A schema is compiled once, when the registry is built, into an arena of nodes. The tree directs how form fields are
//! coerced, checks a value as it is deserialised, and collects every issue of a value that failed.

mod alternatives;
mod compile;
mod formats;
mod issues;
mod keywords;
mod merge;
mod number;
mod rules;
mod tree;

pub(crate) use compile::{Problem, compile};
pub(crate) use issues::{Found, collect};
#[cfg(feature = "openapi")]
pub(crate) use merge::merged;
pub(crate) use number::js_number;
pub(crate) use rules::{Literal, NumberRules, StringRules};
pub(crate) use tree::{Number, Tree};

use std::collections::HashMap;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;

/// Compiles what a type says of itself, with the types that it refers to. `None` for one that says nothing.
pub(crate) fn of_input(
    schema: impl FnOnce(&mut SchemaGenerator) -> Option<schemars::Schema>,
) -> Result<Option<Schema>, Problem> {
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let Some(mut schema) = schema(&mut generator) else { return Ok(None) };
    let definitions = generator.take_definitions(true);
    if !definitions.is_empty() {
        schema.insert("$defs".to_owned(), definitions.into());
    }
    compile(schema.as_value()).map(Some)
}

/// The place of a node in its schema's arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// A compiled schema: an arena, since types may refer to themselves.
#[derive(Debug)]
pub(crate) struct Schema {
    nodes: Vec<Node>,
    root: NodeId,
}

impl Schema {
    pub(crate) fn root(&self) -> &Node {
        self.node(self.root)
    }

    pub(crate) fn root_id(&self) -> NodeId {
        self.root
    }

    /// Whether what was typed into a form's field may be shown again: the type knows the field, and it is no secret.
    pub(crate) fn may_show(&self, field: &str) -> bool {
        let mut places = vec![self.root];
        for segment in field.split(['.', '[']) {
            places = places.iter().flat_map(|place| self.below(*place, segment)).collect();
            // Each place once: where alternatives contain themselves, their ways would double with every segment.
            places.sort_unstable_by_key(|place| place.0);
            places.dedup();
            if places.is_empty() || places.iter().any(|place| self.is_secret(*place)) {
                return false;
            }
        }
        true
    }

    /// The places that a segment of a field's name leads to.
    pub(crate) fn below(&self, place: NodeId, segment: &str) -> Vec<NodeId> {
        match &self.node(place).kind {
            Kind::Any => vec![place],
            Kind::Object(rules) => match (rules.find(segment, usize::MAX), &rules.additional) {
                (Some(at), _) => rules.properties.get(at).map(|property| property.node).into_iter().collect(),
                (None, Additional::Keep(id)) => vec![*id],
                (None, Additional::Strip | Additional::Refuse) => Vec::new(),
            },
            Kind::Tagged(rules) => rules.members.iter().flat_map(|(_, id)| self.below(*id, segment)).collect(),
            Kind::Union(members) => members.iter().flat_map(|id| self.below(*id, segment)).collect(),
            Kind::Array(rules) if segment.ends_with(']') => vec![rules.items],
            _ => Vec::new(),
        }
    }

    /// A list of secrets is one, and so is what may be one, however deep. Objects have names of their own below.
    fn is_secret(&self, place: NodeId) -> bool {
        let mut open = vec![place];
        let mut seen: Vec<NodeId> = Vec::new();
        while let Some(place) = open.pop() {
            if seen.contains(&place) {
                continue;
            }
            seen.push(place);
            let node = self.node(place);
            if node.secret {
                return true;
            }
            match &node.kind {
                Kind::Array(rules) => open.push(rules.items),
                Kind::Tuple(items) | Kind::Union(items) => open.extend(items),
                _ => {}
            }
        }
        false
    }

    /// The node of an id that this schema handed out.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }
}

/// What one place of a value may be.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// `null`, and an absent property, are taken as well.
    pub(crate) nullable: bool,
    /// The developer's own wording, by rule.
    pub(crate) messages: Messages,
    /// Never shown again once it was typed.
    pub(crate) secret: bool,
}

/// The shapes of values that a schema tells apart.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Anything at all.
    Any,
    /// Only `null`.
    Null,
    /// Nothing.
    Never,
    Boolean,
    Number(NumberRules),
    String(StringRules),
    /// One of a list of constants.
    Literal(Vec<Literal>),
    File(FileRules),
    Array(ArrayRules),
    Tuple(Vec<NodeId>),
    Object(ObjectRules),
    /// An object whose member is chosen by the text of one property.
    Tagged(TaggedRules),
    /// The first member that fits.
    Union(Vec<NodeId>),
    /// Another node, while that is being compiled; a compiled schema has none.
    Alias(NodeId),
}

/// What a file may be.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileRules {
    /// In bytes.
    pub(crate) min: Option<u64>,
    /// In bytes.
    pub(crate) max: Option<u64>,
    /// Media types allowed (`image/*` for all of a kind); empty for any.
    pub(crate) media_types: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct ArrayRules {
    pub(crate) items: NodeId,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    /// A set of the wire format, not an array.
    pub(crate) set: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct ObjectRules {
    pub(crate) properties: Vec<Property>,
    by_name: HashMap<String, usize>,
    required: usize,
    pub(crate) additional: Additional,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
}

/// What becomes of a property that is not declared.
#[derive(Debug, Clone)]
pub(crate) enum Additional {
    /// It is left out.
    Strip,
    /// It is an issue.
    Refuse,
    /// It is kept, if it fits.
    Keep(NodeId),
}

#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) node: NodeId,
    pub(crate) required: bool,
    /// Its absence is filled in by the type.
    pub(crate) default: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct TaggedRules {
    pub(crate) tag: String,
    pub(crate) members: Vec<(String, NodeId)>,
}

impl ObjectRules {
    pub(crate) fn new(properties: Vec<Property>, additional: Additional, min: Option<u64>, max: Option<u64>) -> Self {
        let by_name = properties.iter().enumerate().map(|(i, p)| (p.name.clone(), i)).collect();
        Self { required: properties.iter().filter(|p| p.required).count(), properties, by_name, additional, min, max }
    }

    /// The place of a declared property. `hint` is where it stands if keys come in the order of declaration.
    pub(crate) fn find(&self, name: &str, hint: usize) -> Option<usize> {
        match self.properties.get(hint) {
            Some(property) if property.name == name => Some(hint),
            _ if self.properties.len() <= 8 => self.properties.iter().position(|p| p.name == name),
            _ => self.by_name.get(name).copied(),
        }
    }

    /// How many properties may not be missing.
    pub(crate) fn required(&self) -> usize {
        self.required
    }

    /// A map from any key to one kind of value, as JSON Schema writes it.
    pub(crate) fn is_record(&self) -> bool {
        self.properties.is_empty() && matches!(self.additional, Additional::Keep(_))
    }
}

impl TaggedRules {
    pub(crate) fn member(&self, value: &str) -> Option<NodeId> {
        self.members.iter().find(|(name, _)| name == value).map(|(_, id)| *id)
    }
}

/// Wording that replaces ours: for one rule, or for all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Messages(Vec<(Option<String>, String)>);

impl Messages {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The wording for a rule, named by its JSON Schema keyword.
    pub(crate) fn get(&self, rule: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name.as_deref().is_none_or(|name| name == rule)).map(|(_, text)| text.as_str())
    }
}
