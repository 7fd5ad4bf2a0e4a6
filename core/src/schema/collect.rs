//! Collection of every issue of a value, in Zod's order: properties as they are declared, then the object's own issues.

use super::literal::Literal;
use super::node::{Additional, ArrayRules, Kind, Messages, Node, NodeId, ObjectRules, Schema, TaggedRules};
use super::rules::{Counted, TextType};
use super::tree::Tree;
use super::violation::{Bound, Sink, Violation};
use crate::error::{Issue, PathSegment};

/// Validates a value against a node. `None` stands for a missing value.
pub(crate) fn collect_issues<'s>(schema: &'s Schema, node: &Node, value: Option<&'s Tree<'s>>) -> CollectedIssues {
    let mut collector = IssueCollector {
        schema,
        path: Vec::new(),
        collected: CollectedIssues::default(),
        usage: Usage::default(),
        union_depth: 0,
        tries: 0,
        root: value,
        max_tries: None,
    };
    collector.check(node, value);
    collector.collected
}

/// The issues of a value.
#[derive(Debug, Default)]
pub(crate) struct CollectedIssues {
    pub(crate) issues: Vec<Issue>,
    /// A value has the wrong type. Refinements do not run then; they do run if only constraints are broken.
    pub(crate) mistyped: bool,
}

/// The maximum number of issues of one input, including the nested issues of unions. It keeps a response from being many
/// times as long as its request.
const MAX_ISSUES: usize = 1000;
/// The maximum length of all paths, messages and parameters in bytes. A path repeats the keys that lead to it, which can
/// have any length.
const MAX_BYTES: usize = 256 * 1024;
/// The maximum number of union members that are tried, for each value in the input. In nested unions each level tries
/// everything below it once for each member, so that the work doubles with each level.
const MAX_TRIES: usize = 32;
/// The maximum depth of the nested issues of unions. Deeper unions report no nested issues, so that JSON parsers with a
/// depth limit can read the response.
const MAX_UNION_DEPTH: usize = 8;

struct IssueCollector<'s> {
    schema: &'s Schema,
    path: Vec<PathSegment>,
    collected: CollectedIssues,
    usage: Usage,
    /// The number of unions whose members are being tried.
    union_depth: usize,
    /// The number of union members that were tried.
    tries: usize,
    root: Option<&'s Tree<'s>>,
    /// Computed only after many tries.
    max_tries: Option<usize>,
}

/// The resources that issues have used.
#[derive(Debug, Default)]
struct Usage {
    /// The number of issues that are kept, including nested ones.
    issues: usize,
    /// The length of all issues, including those that a union discarded, since each of them copies its path.
    bytes: usize,
}

/// Records broken rules as issues at the current path.
struct Recorder<'c> {
    messages: &'c Messages,
    path: &'c [PathSegment],
    collected: &'c mut CollectedIssues,
    usage: &'c mut Usage,
}

impl Sink for Recorder<'_> {
    fn report(&mut self, rule: &'static str, violation: Violation<'_>) {
        self.collected.mistyped |= violation.is_type_error();
        // One issue is recorded in any case; without it the value would count as valid.
        let is_full = self.usage.issues >= MAX_ISSUES || self.usage.bytes >= MAX_BYTES;
        if is_full && !self.collected.issues.is_empty() {
            return;
        }
        let code = violation.code();
        let message = self.messages.get(rule).map_or_else(|| violation.to_string(), str::to_owned);
        let mut issue = Issue::new(message).code(code).with_params(violation.into_params());
        issue.path = self.path.to_vec();
        self.usage.issues += 1;
        self.usage.bytes += issue.wire_len();
        self.collected.issues.push(issue);
    }
}

impl<'s> IssueCollector<'s> {
    fn recorder<'c>(&'c mut self, messages: &'c Messages) -> Recorder<'c> {
        Recorder { messages, path: &self.path, collected: &mut self.collected, usage: &mut self.usage }
    }

    fn check_at(&mut self, segment: impl Into<PathSegment>, node: &Node, value: Option<&Tree<'_>>) {
        self.path.push(segment.into());
        self.check(node, value);
        self.path.pop();
    }

    fn check(&mut self, node: &Node, value: Option<&Tree<'_>>) {
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
            (Kind::Literal(allowed), value) => self.check_literal(node, allowed, value),
            (Kind::Array(rules), Some(Tree::Array(items))) => self.check_array(node, rules, items),
            (Kind::Tuple(nodes), Some(Tree::Array(items))) => self.check_tuple(node, nodes, items),
            (Kind::Object(rules), Some(tree @ Tree::Object(entries))) => {
                self.check_object(node, rules, tree, entries.len());
            }
            (Kind::Tagged(rules), Some(tree @ Tree::Object(_))) => self.check_tagged(node, rules, tree),
            (Kind::Union(members), value) => self.check_union(node, members, value),
            (kind, value) => {
                let wrong = Violation::WrongType { expected: expected_type(kind), received: received_type(value) };
                self.recorder(&node.messages).report(rule_or_required(node, value, "type"), wrong);
                self.check_length(node, value);
            }
        }
    }

    /// Checks the length of a value of the wrong type, as Zod does: of a list instead of a string, and the reverse.
    fn check_length(&mut self, node: &Node, value: Option<&Tree<'_>>) {
        let (min, max, Counted { min_rule, max_rule, .. }) = match &node.kind {
            Kind::String(rules) => (rules.min, rules.max, Counted::CHARACTERS),
            Kind::Array(rules) => (rules.min, rules.max, Counted::ITEMS),
            _ => return,
        };
        let (counted, count) = match value {
            Some(Tree::String(text)) => (Counted::CHARACTERS, text.chars().count()),
            Some(Tree::Array(items)) => (Counted::ITEMS, items.len()),
            _ => return,
        };
        let counted = Counted { min_rule, max_rule, ..counted };
        counted.check(min, max, || count as u64, &mut self.recorder(&node.messages));
    }

    fn check_literal(&mut self, node: &Node, allowed: &[Literal], value: Option<&Tree<'_>>) {
        if !allowed.iter().any(|literal| literal.is_equal(value)) {
            let rule = rule_or_required(node, value, "enum");
            self.recorder(&node.messages).report(rule, Violation::InvalidValue(allowed));
        }
    }

    fn check_array(&mut self, node: &Node, rules: &ArrayRules, items: &[Tree<'_>]) {
        let count = items.len() as u64;
        // The items of a list that is too long are not checked: there can be any number of them.
        if rules.max.is_none_or(|max| count <= max) {
            let item = self.schema.node(rules.items);
            for (i, value) in items.iter().enumerate() {
                if self.usage.issues >= MAX_ISSUES && !self.collected.issues.is_empty() {
                    break;
                }
                self.check_at(i, item, Some(value));
            }
        }
        let counted = if rules.set { Counted::SET_ITEMS } else { Counted::ITEMS };
        counted.check(rules.min, rules.max, || count, &mut self.recorder(&node.messages));
    }

    fn check_tuple(&mut self, node: &Node, nodes: &[NodeId], items: &[Tree<'_>]) {
        let len = nodes.len() as u64;
        let count = items.len() as u64;
        let Counted { origin, unit, .. } = Counted::ITEMS;
        let mut report = |rule, bound| {
            let violation = Violation::WrongCount { bound, origin, unit, limit: len, exact: false };
            self.recorder(&node.messages).report(rule, violation);
            self.collected.mistyped = true;
        };
        if count < len {
            // Zod checks no items then, since it would report the missing ones twice.
            return report("minItems", Bound::Minimum);
        }
        if count > len {
            report("maxItems", Bound::Maximum);
        }
        for (i, (id, value)) in nodes.iter().zip(items).enumerate() {
            self.check_at(i, self.schema.node(*id), Some(value));
        }
    }

    fn check_object(&mut self, node: &Node, rules: &ObjectRules, tree: &Tree<'_>, len: usize) {
        for property in &rules.properties {
            let value = tree.get(&property.name);
            if value.is_none() && !property.required {
                continue;
            }
            self.check_at(property.name.as_str(), self.schema.node(property.node), value);
        }
        let Tree::Object(entries) = tree else { return };
        let mut undeclared: Vec<_> = entries.iter().filter(|(key, _)| rules.find(key, usize::MAX).is_none()).collect();
        // JavaScript orders index keys first, by their value (ECMA-262, OrdinaryOwnPropertyKeys).
        undeclared.sort_by_cached_key(|(key, _)| parse_index(key).map_or(u64::MAX, u64::from));
        match rules.additional {
            Additional::Strip => {}
            Additional::Keep(id) => {
                for (key, value) in undeclared {
                    self.check_at(key.as_ref(), self.schema.node(id), Some(value));
                }
            }
            Additional::Refuse if undeclared.is_empty() => {}
            Additional::Refuse => {
                let keys = undeclared.into_iter().map(|(key, _)| key.as_ref()).collect();
                self.recorder(&node.messages).report("additionalProperties", Violation::UnrecognizedKeys(keys));
            }
        }
        Counted::KEYS.check(rules.min, rules.max, || len as u64, &mut self.recorder(&node.messages));
    }

    fn check_tagged(&mut self, node: &Node, rules: &TaggedRules, tree: &Tree<'_>) {
        let member = match tree.get(&rules.tag) {
            Some(Tree::String(value)) => rules.member(value),
            _ => None,
        };
        if let Some(member) = member {
            return self.check(self.schema.node(member), Some(tree));
        }
        let options = rules.members.iter().map(|(name, _)| name.as_str()).collect();
        self.path.push(rules.tag.as_str().into());
        self.recorder(&node.messages).report("oneOf", Violation::UnknownDiscriminator { tag: &rules.tag, options });
        self.path.pop();
    }

    /// If exactly one member has the right types, its issues are reported. Otherwise the union has an issue of its own,
    /// which lists the issues of each member.
    fn check_union(&mut self, node: &Node, members: &[NodeId], value: Option<&Tree<'_>>) {
        let outer = std::mem::take(&mut self.collected);
        let kept_before = self.usage.issues;
        let mut failed = Vec::new();
        self.union_depth += 1;
        for member in members {
            self.tries += 1;
            if self.is_exhausted() {
                failed.clear();
                break;
            }
            let already_kept = self.usage.issues;
            self.check(self.schema.node(*member), value);
            let collected = std::mem::take(&mut self.collected);
            if collected.issues.is_empty() {
                self.usage.issues = kept_before;
                self.union_depth -= 1;
                self.collected = outer;
                return;
            }
            failed.push((collected, self.usage.issues - already_kept));
        }
        self.union_depth -= 1;
        self.collected = outer;

        let mut fitting = failed.iter().enumerate().filter(|(_, (collected, _))| !collected.mistyped);
        if let (Some((only, _)), None) = (fitting.next(), fitting.next()) {
            let (collected, kept) = failed.swap_remove(only);
            self.usage.issues = kept_before + kept;
            self.collected.issues.extend(collected.issues);
            return;
        }
        let mut errors: Vec<_> = failed.into_iter().map(|(collected, _)| collected.issues).collect();
        if errors.is_empty() || self.union_depth >= MAX_UNION_DEPTH || self.usage.issues >= MAX_ISSUES {
            errors.clear();
            self.usage.issues = kept_before;
        }
        for issue in errors.iter_mut().flatten() {
            issue.path.drain(..self.path.len());
        }
        self.recorder(&node.messages).report("anyOf", Violation::NoUnionMember(errors));
    }

    /// Returns whether so many members were tried that the input was probably made for this purpose.
    fn is_exhausted(&mut self) -> bool {
        const FEW: usize = 10_000;
        let root = self.root;
        self.tries > FEW
            && self.tries > *self.max_tries.get_or_insert_with(|| root.map_or(0, Tree::size).saturating_mul(MAX_TRIES))
    }
}

/// Returns `required` for a missing value if the application has a message for that, and else `rule`.
fn rule_or_required(node: &Node, value: Option<&Tree<'_>>, rule: &'static str) -> &'static str {
    let is_missing = matches!(value, None | Some(Tree::Null));
    if is_missing && node.messages.get("required").is_some() { "required" } else { rule }
}

/// Parses a key that is written like an array index.
fn parse_index(key: &str) -> Option<u32> {
    let index = key.parse().ok().filter(|index| *index < u32::MAX)?;
    (key == "0" || !key.starts_with(['0', '+'])).then_some(index)
}

/// Returns Zod's name of the expected type.
fn expected_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Any => "nonoptional",
        Kind::Literal(_) | Kind::Union(_) | Kind::Alias(_) => "value",
        Kind::Null => "null",
        Kind::Never => "never",
        Kind::Boolean => "boolean",
        Kind::Number(_) => "number",
        Kind::String(rules) => rules.text_type.map_or("string", TextType::name),
        Kind::File(_) => "file",
        Kind::Array(rules) if rules.set => "set",
        Kind::Array(_) => "array",
        Kind::Tuple(_) => "tuple",
        Kind::Object(rules) if rules.is_record() => "record",
        Kind::Object(_) | Kind::Tagged(_) => "object",
    }
}

/// Returns Zod's name of the type of a value.
fn received_type(value: Option<&Tree<'_>>) -> &'static str {
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
