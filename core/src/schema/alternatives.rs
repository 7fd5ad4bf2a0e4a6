//! `oneOf` and `anyOf`: options, enumerations, tagged and other unions.

use serde_json::{Map, Value};

use super::compile::{Compiler, Problem, any, problem};
use super::keywords::ANNOTATIONS;
use super::merge::merged;
use super::{Kind, Literal, Node, NodeId, ObjectRules, TaggedRules};

impl Compiler<'_> {
    /// `oneOf` and `anyOf`: an `Option`, an enum of plain names, an enum with a tag, or any other union.
    pub(super) fn alternatives(
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
        // What stands beside the alternatives (a flattened enum, a rule on an `Option`) belongs to each of them.
        let shared = base.keys().any(|keyword| !ANNOTATIONS.contains(&keyword.as_str()));
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
            [only] => self.again(*only),
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
