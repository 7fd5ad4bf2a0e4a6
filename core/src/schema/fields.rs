//! Questions about a schema's form fields: which values may be shown again, and which file limits there are.

use std::fmt;

use super::node::{Additional, Kind, NodeId, Schema};

impl Schema {
    /// Returns whether the submitted value of a form field may be shown again: the schema declares the field, and neither
    /// the field nor a value that contains it is secret.
    pub(crate) fn can_redisplay(&self, field: &str) -> bool {
        let mut places = vec![self.root_id()];
        for segment in field.split(['.', '[']) {
            places = places.iter().flat_map(|place| self.children(*place, segment)).collect();
            // In recursive unions several ways lead to the same node, and their number would double with each segment.
            places.sort_unstable();
            places.dedup();
            if places.is_empty() || places.iter().any(|place| self.is_secret(*place)) {
                return false;
            }
        }
        true
    }

    /// Returns the nodes to which one segment of a field's name leads: a property, or an index that ends with `]`.
    pub(crate) fn children(&self, place: NodeId, segment: &str) -> Vec<NodeId> {
        match &self.node(place).kind {
            Kind::Any => vec![place],
            Kind::Object(rules) => match (rules.find(segment, usize::MAX), &rules.additional) {
                (Some(at), _) => rules.properties.get(at).map(|property| property.node).into_iter().collect(),
                (None, Additional::Keep(id)) => vec![*id],
                (None, Additional::Strip | Additional::Refuse) => Vec::new(),
            },
            Kind::Tagged(rules) => rules.members.iter().flat_map(|(_, id)| self.children(*id, segment)).collect(),
            Kind::Union(members) => members.iter().flat_map(|id| self.children(*id, segment)).collect(),
            Kind::Array(rules) if segment.ends_with(']') => vec![rules.items],
            _ => Vec::new(),
        }
    }

    /// Returns whether the node, an item of it or an alternative of it is secret. Properties are fields of their own.
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

    /// Returns the limits on file sizes that exceed `max_body_bytes`, in the order of declaration. No request can contain
    /// a file as large as such a limit.
    pub(crate) fn file_limits_above(&self, max_body_bytes: u64) -> Vec<FileLimit> {
        let mut limits = Vec::new();
        let mut seen: Vec<NodeId> = Vec::new();
        let mut open = vec![(self.root_id(), String::new())];
        while let Some((id, field)) = open.pop() {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            let property = |name: &str| match field.as_str() {
                "" => name.to_owned(),
                field => format!("{field}.{name}"),
            };
            let mut children = Vec::new();
            match &self.node(id).kind {
                Kind::File(rules) => {
                    for (keyword, bytes) in [("x-min-bytes", rules.min), ("x-max-bytes", rules.max)] {
                        if let Some(bytes) = bytes.filter(|bytes| *bytes > max_body_bytes) {
                            limits.push(FileLimit { field: field.clone(), keyword, bytes });
                        }
                    }
                }
                Kind::Array(rules) => children.push((rules.items, field)),
                Kind::Tuple(items) => {
                    children.extend(items.iter().enumerate().map(|(i, id)| (*id, format!("{field}[{i}]"))));
                }
                Kind::Object(rules) => {
                    children.extend(rules.properties.iter().map(|p| (p.node, property(&p.name))));
                    if let Additional::Keep(id) = rules.additional {
                        children.push((id, property("*")));
                    }
                }
                Kind::Tagged(rules) => children.extend(rules.members.iter().map(|(_, id)| (*id, field.clone()))),
                Kind::Union(members) => children.extend(members.iter().map(|id| (*id, field.clone()))),
                _ => {}
            }
            open.extend(children.into_iter().rev());
        }
        limits
    }
}

/// A limit on the size of a file, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileLimit {
    /// The field's path in the input, such as `author.photo`; empty if the input itself is a file.
    pub(crate) field: String,
    /// `x-min-bytes` or `x-max-bytes`.
    pub(crate) keyword: &'static str,
    pub(crate) bytes: u64,
}

impl fmt::Display for FileLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of `{}` ({} bytes)", self.keyword, self.field, self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::compile::compile;

    #[test]
    fn file_limits_above_the_body_limit_are_listed_with_their_fields() {
        let file = |min: u64, max: u64| json!({ "type": "string", "format": "binary", "x-min-bytes": min, "x-max-bytes": max });
        let schema = json!({
            "type": "object",
            "properties": {
                "small": file(0, 100),
                "author": { "type": "object", "properties": { "photo": file(1, 101) } },
                "all": { "type": "array", "items": file(101, 200) },
                "again": { "$ref": "#" },
            },
        });
        let limits = compile(&schema).unwrap().file_limits_above(100);
        let limits: Vec<_> = limits.iter().map(ToString::to_string).collect();
        assert_eq!(
            limits,
            [
                "`x-max-bytes` of `author.photo` (101 bytes)",
                "`x-min-bytes` of `all` (101 bytes)",
                "`x-max-bytes` of `all` (200 bytes)",
            ]
        );
    }
}
