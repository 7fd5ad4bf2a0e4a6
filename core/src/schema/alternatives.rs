//! The members of `oneOf` and `anyOf`, and the kind of union that they form.

use serde_json::{Map, Value};

use super::error::SchemaErrorKind;
use super::keywords::has_rules;
use super::literal::Literal;
use super::merge::merge;
use super::node::{Kind, Node, NodeId, ObjectRules, TaggedRules};

/// The members of a union, with the keywords beside them merged into each.
pub(super) struct Alternatives {
    pub(super) members: Vec<Value>,
    /// A member was `null`. It is not among the members.
    pub(super) nullable: bool,
}

impl Alternatives {
    /// Splits a schema whose `keyword` lists the members. `resolve` returns the target of a reference.
    pub(super) fn split<'d>(
        map: &Map<String, Value>,
        keyword: &str,
        members: &[Value],
        resolve: impl Fn(&str) -> Result<&'d Value, SchemaErrorKind>,
    ) -> Result<Self, SchemaErrorKind> {
        let is_null = |member: &&Value| member.get("type").is_some_and(|kind| kind == "null");
        let mut shared = map.clone();
        shared.remove(keyword);
        let mut rest = Vec::new();
        for member in members.iter().filter(|member| !is_null(member)) {
            // Rules beside the alternatives, as of a flattened enum or a constrained `Option`, apply to each of them.
            rest.push(if has_rules(&shared) {
                let member = match member.get("$ref").and_then(Value::as_str) {
                    Some(reference) if member.as_object().is_some_and(|m| m.len() == 1) => resolve(reference)?,
                    _ => member,
                };
                Value::Object(merge(&shared, member)?)
            } else {
                member.clone()
            });
        }
        Ok(Self { members: rest, nullable: members.iter().any(|member| is_null(&member)) })
    }
}

/// Returns the kind of a union of compiled members.
pub(super) fn union_kind(nodes: &[Node], ids: Vec<NodeId>) -> Kind {
    let constants: Option<Vec<_>> = ids
        .iter()
        .map(|id| match &nodes[id.0] {
            Node { kind: Kind::Literal(list), nullable: false, .. } => Some(list.clone()),
            _ => None,
        })
        .collect();
    if let Some(constants) = constants {
        return Kind::Literal(constants.concat());
    }
    match find_tag(nodes, &ids) {
        Some(tagged) => Kind::Tagged(tagged),
        None => Kind::Union(ids),
    }
}

/// Finds a property that is a different string constant in each member.
fn find_tag(nodes: &[Node], ids: &[NodeId]) -> Option<TaggedRules> {
    let objects: Vec<&ObjectRules> = ids
        .iter()
        .map(|id| match &nodes[id.0].kind {
            Kind::Object(object) => Some(object),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let constant = |object: &ObjectRules, name: &str| {
        let property = object.properties.iter().find(|p| p.name == name)?;
        match &nodes[property.node.0].kind {
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
