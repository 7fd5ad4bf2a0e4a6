//! The type of `actions`: a tree along the dots of the names.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::fields;
use super::names::{Names, Side};
use super::render::{Renderer, comment, key};
use crate::action::Encoding;
use crate::export::schemas::{Described, DescribedAction};
use crate::form::encode_uri_component;

#[derive(Default)]
struct Node<'a> {
    action: Option<&'a DescribedAction>,
    below: BTreeMap<&'a str, Node<'a>>,
}

pub(super) fn actions(described: &Described, names: &Names) -> String {
    let mut root = Node::default();
    for action in &described.actions {
        let place = action.name.split('.').fold(&mut root, |node, segment| node.below.entry(segment).or_default());
        place.action = Some(action);
    }
    let writer = Writer { described, names };
    format!(
        "/** The actions of the server, by the dots of their names. */\nexport interface Actions {}\n",
        writer.group(&root, 0)
    )
}

struct Writer<'a> {
    described: &'a Described,
    names: &'a Names,
}

impl Writer<'_> {
    fn group(&self, node: &Node<'_>, indent: usize) -> String {
        let space = "  ".repeat(indent);
        let mut text = "{\n".to_owned();
        for (segment, node) in &node.below {
            if let Some(action) = node.action {
                let how = match action.encoding {
                    Encoding::Json => "JSON",
                    Encoding::Form => "a form",
                };
                text.push_str(&comment(
                    &[format!("`POST …/_actions/{}`, {how}.", encode_uri_component(action.name))],
                    indent + 1,
                ));
            }
            text.push_str(&format!("{space}  readonly {}: {};\n", key(segment), self.node(node, indent + 1)));
        }
        text + &space + "}"
    }

    fn node(&self, node: &Node<'_>, indent: usize) -> String {
        match (node.action, node.below.is_empty()) {
            (None, _) => self.group(node, indent),
            (Some(action), true) => self.action(action, "Action"),
            // An action that is named `orThrow` has that place.
            (Some(action), false) => {
                let kind = if node.below.contains_key("orThrow") { "ActionCall" } else { "Action" };
                format!("{} & {}", self.action(action, kind), self.group(node, indent))
            }
        }
    }

    fn action(&self, action: &DescribedAction, kind: &str) -> String {
        let input = action.input.as_ref().map(schemars::Schema::as_value);
        let output = action.output.as_ref().map(schemars::Schema::as_value);
        let taken = input.map(|schema| Renderer { names: self.names, side: Side::Input }.inline(schema, 0));
        let taken = match (taken, action.encoding) {
            (None, _) => "FormData".to_owned(),
            (Some(_), Encoding::Json) if input.is_some_and(is_null) => "undefined".to_owned(),
            (Some(_), Encoding::Form) if input.is_some_and(is_null) => "FormData | undefined".to_owned(),
            (Some(taken), Encoding::Json) if input.is_some_and(accepts_null) => format!("{taken} | undefined"),
            (Some(taken), Encoding::Json) => taken,
            (Some(taken), Encoding::Form) => format!("FormData | {taken}"),
        };
        let given = output.map_or_else(
            || "undefined".to_owned(),
            |schema| Renderer { names: self.names, side: Side::Output }.inline(schema, 0),
        );
        format!("{kind}<{taken}, {given}, {}>", fields(input, &self.described.inputs))
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

/// Whether nothing may be sent for it.
fn accepts_null(schema: &Value) -> bool {
    let members = schema.get("anyOf").and_then(Value::as_array);
    let kinds = schema.get("type").and_then(Value::as_array);
    members.is_some_and(|members| members.iter().any(is_null))
        || kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
}
