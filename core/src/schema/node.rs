//! The nodes of a compiled schema.

use std::collections::HashMap;

use super::literal::Literal;
use super::rules::{FileRules, NumberRules, StringRules};

/// A compiled schema. Its nodes are in an arena because types can contain themselves.
#[derive(Debug)]
pub(crate) struct Schema {
    nodes: Vec<Node>,
    root: NodeId,
}

impl Schema {
    pub(super) fn new(nodes: Vec<Node>, root: NodeId) -> Self {
        Self { nodes, root }
    }

    pub(crate) fn root(&self) -> &Node {
        self.node(self.root)
    }

    pub(crate) fn root_id(&self) -> NodeId {
        self.root
    }

    /// Returns the node of an ID that this schema handed out.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }
}

/// The index of a node in its schema's arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(super) usize);

/// The rules of the values at one place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// `null` and an absent property are also valid.
    pub(crate) nullable: bool,
    /// The application's messages.
    pub(crate) messages: Messages,
    /// A submitted value must not be shown again.
    pub(crate) secret: bool,
}

impl Node {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, nullable: false, messages: Messages::default(), secret: false }
    }
}

/// The type of the values at one place.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Any value.
    Any,
    /// Only `null`.
    Null,
    /// No value at all.
    Never,
    Boolean,
    Number(NumberRules),
    String(StringRules),
    /// A constant from a list.
    Literal(Vec<Literal>),
    File(FileRules),
    Array(ArrayRules),
    Tuple(Vec<NodeId>),
    Object(ObjectRules),
    /// A union of objects in which the value of one property selects the member.
    Tagged(TaggedRules),
    /// A union whose first matching member is taken.
    Union(Vec<NodeId>),
    /// A reference to a node that is still being compiled. A compiled schema contains no alias.
    Alias(NodeId),
}

#[derive(Debug, Clone)]
pub(crate) struct ArrayRules {
    pub(crate) items: NodeId,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    /// The type is a devalue set rather than an array.
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

/// The treatment of undeclared properties.
#[derive(Debug, Clone)]
pub(crate) enum Additional {
    /// They are dropped.
    Strip,
    /// They are an issue.
    Refuse,
    /// They are validated and kept.
    Keep(NodeId),
}

#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) node: NodeId,
    pub(crate) required: bool,
    /// The type fills in a missing value.
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

    /// Returns the index of a declared property. `hint` is the index that is tried first; callers pass the position of the
    /// key in the input, as keys usually arrive in the order of declaration.
    pub(crate) fn find(&self, name: &str, hint: usize) -> Option<usize> {
        match self.properties.get(hint) {
            Some(property) if property.name == name => Some(hint),
            _ if self.properties.len() <= 8 => self.properties.iter().position(|p| p.name == name),
            _ => self.by_name.get(name).copied(),
        }
    }

    /// Returns the number of required properties.
    pub(crate) fn required(&self) -> usize {
        self.required
    }

    /// Returns whether the object is a map from arbitrary keys to values of one type.
    pub(crate) fn is_record(&self) -> bool {
        self.properties.is_empty() && matches!(self.additional, Additional::Keep(_))
    }
}

impl TaggedRules {
    /// Returns the member that a value of the tag selects.
    pub(crate) fn member(&self, value: &str) -> Option<NodeId> {
        self.members.iter().find(|(name, _)| name == value).map(|(_, id)| *id)
    }
}

/// Messages that replace the default ones, by rule. A message without a rule applies to all rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Messages(Vec<(Option<String>, String)>);

impl Messages {
    pub(super) fn new(messages: Vec<(Option<String>, String)>) -> Self {
        Self(messages)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the message for a rule, given its JSON Schema keyword.
    pub(crate) fn get(&self, rule: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name.as_deref().is_none_or(|name| name == rule)).map(|(_, text)| text.as_str())
    }
}
