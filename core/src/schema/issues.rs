//! Every issue of a value, in Zod's order: a property's where it is declared, an object's own after them.

use std::fmt;

use super::rules::{Counted, Expected, Marker, Sink, check_count};
use super::tree::Tree;
use super::{Additional, Kind, Literal, Messages, Node, NodeId, ObjectRules, Schema};
use crate::issue::{Issue, IssueCode, PathSegment};

/// What is wrong with a value, held against a node; `None` is a value that is missing.
pub(crate) fn collect<'s>(schema: &'s Schema, node: &Node, value: Option<&'s Tree<'s>>) -> Found {
    let mut collector = Collector {
        schema,
        path: Vec::new(),
        found: Found::default(),
        told: 0,
        tried: 0,
        root: value,
        most_tries: None,
    };
    collector.value(node, value);
    collector.found
}

/// What is wrong with a value.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) issues: Vec<Issue>,
    /// A value of a wrong type was found, not merely one that breaks a constraint. Refinements do not run then.
    pub(crate) mistyped: bool,
}

/// How many issues are told of one input: an answer must not be many times as long as its request.
const MOST_ISSUES: usize = 1000;
/// The same in bytes of paths and messages: a path repeats the keys that lead to it, which may be of any length.
const MOST_BYTES: usize = 256 * 1024;
/// How often the members of unions are tried, for each value that there is. Where unions hold each other, each level tries
/// all below it once for each member: twice as much for a level more.
const MOST_TRIES: usize = 32;

struct Collector<'s> {
    schema: &'s Schema,
    path: Vec<PathSegment>,
    found: Found,
    /// The bytes of all issues, those included that a union did not keep.
    told: usize,
    tried: usize,
    root: Option<&'s Tree<'s>>,
    /// Known once many were made.
    most_tries: Option<usize>,
}

/// Records what rules say is broken, in the developer's words where there are any.
struct Recorder<'c> {
    messages: &'c Messages,
    path: &'c [PathSegment],
    found: &'c mut Found,
    told: &'c mut usize,
}

impl Sink for Recorder<'_> {
    fn broken(&mut self, code: IssueCode, rule: &'static str, message: fmt::Arguments<'_>) {
        self.found.mistyped |= match code {
            IssueCode::InvalidType | IssueCode::InvalidUnion => true,
            IssueCode::InvalidValue => rule != "x-media-types",
            _ => false,
        };
        // One is told in any case, or what is wrong would look right.
        let enough = self.found.issues.len() >= MOST_ISSUES || *self.told >= MOST_BYTES;
        if enough && !self.found.issues.is_empty() {
            return;
        }
        let issue = Issue {
            code,
            path: self.path.to_vec(),
            message: match self.messages.get(rule) {
                Some(text) => text.to_owned(),
                None => message.to_string(),
            },
        };
        *self.told += issue.message.len() + issue.path.iter().map(PathSegment::len).sum::<usize>();
        self.found.issues.push(issue);
    }
}

impl<'s> Collector<'s> {
    fn recorder<'c>(&'c mut self, messages: &'c Messages) -> Recorder<'c> {
        Recorder { messages, path: &self.path, found: &mut self.found, told: &mut self.told }
    }

    fn mistyped(&mut self, node: &Node, expected: &str, value: Option<&Tree<'_>>) {
        self.recorder(&node.messages).broken(
            IssueCode::InvalidType,
            missing_or(node, value, "type"),
            format_args!("Invalid input: expected {expected}, received {}", word(value)),
        );
    }

    fn at(&mut self, segment: impl Into<PathSegment>, node: &Node, value: Option<&Tree<'_>>) {
        self.path.push(segment.into());
        self.value(node, value);
        self.path.pop();
    }

    fn value(&mut self, node: &Node, value: Option<&Tree<'_>>) {
        if matches!(node.kind, Kind::Any | Kind::Null) && value.is_none() && self.path.is_empty() {
            return;
        }
        if node.nullable && matches!(value, None | Some(Tree::Null)) {
            return;
        }
        match (&node.kind, value) {
            (Kind::Any, Some(_)) | (Kind::Null, Some(Tree::Null)) | (Kind::Boolean, Some(Tree::Bool(_))) => {}
            (Kind::Number(rules), Some(Tree::Number(number))) => {
                rules.check(*number, &mut self.recorder(&node.messages));
            }
            (Kind::String(rules), Some(Tree::String(text))) => {
                rules.check(text, &mut self.recorder(&node.messages));
            }
            (Kind::File(rules), Some(Tree::File(file))) => {
                rules.check(file, &mut self.recorder(&node.messages));
            }
            (Kind::Literal(allowed), value) => {
                if !allowed.iter().any(|literal| is_literal(literal, value)) {
                    self.recorder(&node.messages).broken(
                        IssueCode::InvalidValue,
                        missing_or(node, value, "enum"),
                        format_args!("{}", Expected(allowed)),
                    );
                }
            }
            (Kind::Array(rules), Some(Tree::Array(items))) => {
                // A list that is too long is not looked into: it may be any length.
                if rules.max.is_none_or(|max| items.len() as u64 <= max) {
                    let item = self.schema.node(rules.items);
                    for (i, value) in items.iter().enumerate() {
                        if self.found.issues.len() >= MOST_ISSUES {
                            break;
                        }
                        self.at(i, item, Some(value));
                    }
                }
                check_count(
                    rules.min,
                    rules.max,
                    || items.len() as u64,
                    Counted {
                        origin: if rules.set { "set" } else { "array" },
                        unit: "items",
                        min_rule: "minItems",
                        max_rule: "maxItems",
                    },
                    &mut self.recorder(&node.messages),
                );
            }
            (Kind::Tuple(nodes), Some(Tree::Array(items))) => self.tuple(node, nodes, items),
            (Kind::Object(rules), Some(tree @ Tree::Object(entries))) => {
                self.object(node, rules, tree, entries.len());
            }
            (Kind::Tagged(rules), Some(tree @ Tree::Object(_))) => {
                let member = match tree.get(&rules.tag) {
                    Some(Tree::String(value)) => rules.member(value),
                    _ => None,
                };
                match member {
                    Some(member) => self.value(self.schema.node(member), value),
                    None => self.unknown_tag(node, rules),
                }
            }
            (Kind::Union(members), value) => self.union(node, members, value),
            (kind, value) => {
                self.mistyped(node, kind_word(kind), value);
                self.length_all_the_same(node, value);
            }
        }
    }

    /// Zod measures whatever has a length, be it of the wrong type: a list where a text is wanted, and the reverse.
    fn length_all_the_same(&mut self, node: &Node, value: Option<&Tree<'_>>) {
        let (min, max, min_rule, max_rule) = match &node.kind {
            Kind::String(rules) => (rules.min, rules.max, "minLength", "maxLength"),
            Kind::Array(rules) => (rules.min, rules.max, "minItems", "maxItems"),
            _ => return,
        };
        let (origin, unit, count) = match value {
            Some(Tree::String(text)) => ("string", "characters", text.chars().count()),
            Some(Tree::Array(items)) => ("array", "items", items.len()),
            _ => return,
        };
        check_count(
            min,
            max,
            || count as u64,
            Counted { origin, unit, min_rule, max_rule },
            &mut self.recorder(&node.messages),
        );
    }

    fn tuple(&mut self, node: &Node, nodes: &[NodeId], items: &[Tree<'_>]) {
        let len = nodes.len();
        if items.len() < len {
            // Zod stops here: what is missing would be told twice.
            self.recorder(&node.messages).broken(
                IssueCode::TooSmall,
                "minItems",
                format_args!("Too small: expected array to have >={len} items"),
            );
            self.found.mistyped = true;
            return;
        }
        if items.len() > len {
            self.recorder(&node.messages).broken(
                IssueCode::TooBig,
                "maxItems",
                format_args!("Too big: expected array to have <={len} items"),
            );
            self.found.mistyped = true;
        }
        for (i, (id, value)) in nodes.iter().zip(items).enumerate() {
            self.at(i, self.schema.node(*id), Some(value));
        }
    }

    fn object(&mut self, node: &Node, rules: &ObjectRules, tree: &Tree<'_>, len: usize) {
        for property in &rules.properties {
            let value = tree.get(&property.name);
            if value.is_none() && !property.required {
                continue;
            }
            self.at(property.name.as_str(), self.schema.node(property.node), value);
        }
        let Tree::Object(entries) = tree else { return };
        let mut undeclared: Vec<_> = entries.iter().filter(|(key, _)| rules.find(key, usize::MAX).is_none()).collect();
        // JavaScript has the keys that are indices first, by their size (ECMA-262, OrdinaryOwnPropertyKeys).
        undeclared.sort_by_cached_key(|(key, _)| index(key).map_or(u64::MAX, u64::from));
        let undeclared = undeclared.into_iter();
        match rules.additional {
            Additional::Strip => {}
            Additional::Keep(id) => {
                for (key, value) in undeclared {
                    self.at(key.as_ref(), self.schema.node(id), Some(value));
                }
            }
            Additional::Refuse => {
                let keys: Vec<_> = undeclared.map(|(key, _)| format!("\"{key}\"")).collect();
                if !keys.is_empty() {
                    let plural = if keys.len() > 1 { "s" } else { "" };
                    self.recorder(&node.messages).broken(
                        IssueCode::UnrecognizedKeys,
                        "additionalProperties",
                        format_args!("Unrecognized key{plural}: {}", keys.join(", ")),
                    );
                }
            }
        }
        check_count(
            rules.min,
            rules.max,
            || len as u64,
            Counted { origin: "object", unit: "keys", min_rule: "minProperties", max_rule: "maxProperties" },
            &mut self.recorder(&node.messages),
        );
    }

    fn unknown_tag(&mut self, node: &Node, rules: &super::TaggedRules) {
        let options: Vec<_> = rules.members.iter().map(|(name, _)| format!("'{name}'")).collect();
        self.path.push(rules.tag.as_str().into());
        self.recorder(&node.messages).broken(
            IssueCode::InvalidUnion,
            "oneOf",
            format_args!("Invalid discriminator value. Expected {}", options.join(" | ")),
        );
        self.path.pop();
    }

    /// A member whose types fit speaks for the union; if several or none do, the union has one issue of its own.
    fn union(&mut self, node: &Node, members: &[NodeId], value: Option<&Tree<'_>>) {
        let mut fitting = Vec::new();
        for member in members {
            self.tried += 1;
            if self.is_exhausted() {
                fitting.clear();
                break;
            }
            let others = std::mem::take(&mut self.found);
            self.value(self.schema.node(*member), value);
            let found = std::mem::replace(&mut self.found, others);
            if found.issues.is_empty() {
                return;
            }
            if !found.mistyped {
                fitting.push(found.issues);
            }
        }
        if fitting.len() == 1 {
            self.found.issues.append(&mut fitting.remove(0));
        } else {
            self.recorder(&node.messages).broken(IssueCode::InvalidUnion, "anyOf", format_args!("Invalid input"));
        }
    }
}

impl Collector<'_> {
    /// Whether so many members were tried that the value was made for that.
    fn is_exhausted(&mut self) -> bool {
        const FEW: usize = 10_000;
        let root = self.root;
        self.tried > FEW
            && self.tried
                > *self.most_tries.get_or_insert_with(|| root.map_or(0, Tree::size).saturating_mul(MOST_TRIES))
    }
}

/// The rule that a value breaks: that it is there at all, if the developer has words for that.
fn missing_or(node: &Node, value: Option<&Tree<'_>>, rule: &'static str) -> &'static str {
    let missing = matches!(value, None | Some(Tree::Null));
    if missing && node.messages.get("required").is_some() { "required" } else { rule }
}

fn is_literal(literal: &Literal, value: Option<&Tree<'_>>) -> bool {
    match (literal, value) {
        (Literal::Null, Some(Tree::Null)) => true,
        (Literal::Bool(a), Some(Tree::Bool(b))) => a == b,
        (Literal::Number(a), Some(Tree::Number(b))) => *a == b.as_f64(),
        (Literal::String(a), Some(Tree::String(b))) => a == b,
        _ => false,
    }
}

/// The number that a key is, if it is written as one of an array.
fn index(key: &str) -> Option<u32> {
    let index = key.parse().ok().filter(|index| *index < u32::MAX)?;
    (key == "0" || !key.starts_with(['0', '+'])).then_some(index)
}

fn kind_word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Any => "nonoptional",
        Kind::Literal(_) | Kind::Union(_) | Kind::Alias(_) => "value",
        Kind::Null => "null",
        Kind::Never => "never",
        Kind::Boolean => "boolean",
        Kind::Number(_) => "number",
        Kind::String(rules) => rules.marker.map_or("string", Marker::word),
        Kind::File(_) => "file",
        Kind::Array(rules) if rules.set => "set",
        Kind::Array(_) => "array",
        Kind::Tuple(_) => "tuple",
        Kind::Object(rules) if rules.is_record() => "record",
        Kind::Object(_) | Kind::Tagged(_) => "object",
    }
}

/// The word for what was received.
fn word(value: Option<&Tree<'_>>) -> &'static str {
    match value {
        None => "undefined",
        Some(Tree::Null) => "null",
        Some(Tree::Bool(_)) => "boolean",
        Some(Tree::Number(number)) if number.as_f64().is_nan() => "NaN",
        Some(Tree::Number(_)) => "number",
        Some(Tree::String(_)) => "string",
        Some(Tree::File(_)) => "file",
        Some(Tree::Array(_)) => "array",
        Some(Tree::Object(_)) => "object",
    }
}
