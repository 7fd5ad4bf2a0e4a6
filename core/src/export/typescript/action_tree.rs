//! The type of `actions`: a tree by the dots of the names.

use std::collections::BTreeMap;

use serde_json::Value;

use super::field_names::render_field_names;
use super::render::{Renderer, property_key, render_comment};
use super::type_names::TypeNames;
use crate::action::Encoding;
use crate::export::keywords::has_type;
use crate::export::schemas::{ActionSchemas, RegistrySchemas, Side};
use crate::form::encode_uri_component;

/// The actions whose names begin alike.
#[derive(Default)]
struct ActionTree<'a> {
    action: Option<&'a ActionSchemas>,
    children: BTreeMap<&'a str, ActionTree<'a>>,
}

/// Renders the interface `Actions`.
pub(super) fn render_actions(schemas: &RegistrySchemas, names: &TypeNames) -> String {
    let mut root = ActionTree::default();
    for action in &schemas.actions {
        let place = action.name.split('.').fold(&mut root, |tree, part| tree.children.entry(part).or_default());
        place.action = Some(action);
    }
    let renderer = TreeRenderer { schemas, names };
    format!(
        "/** The server's actions. Their names are split at the dots. */\nexport interface Actions {}\n",
        renderer.render_group(&root, 0)
    )
}

struct TreeRenderer<'a> {
    schemas: &'a RegistrySchemas,
    names: &'a TypeNames,
}

impl TreeRenderer<'_> {
    fn render_group(&self, tree: &ActionTree<'_>, indent: usize) -> String {
        let space = "  ".repeat(indent);
        let mut text = "{\n".to_owned();
        for (part, child) in &tree.children {
            if let Some(action) = child.action {
                let encoding = match action.encoding {
                    Encoding::Json => "JSON",
                    Encoding::Form => "a form",
                };
                let line = format!("`POST …/_actions/{}`, {encoding}.", encode_uri_component(action.name));
                text.push_str(&render_comment(&[line], indent + 1));
            }
            let child = self.render_child(child, indent + 1);
            text.push_str(&format!("{space}  readonly {}: {child};\n", property_key(part)));
        }
        text + &space + "}"
    }

    fn render_child(&self, tree: &ActionTree<'_>, indent: usize) -> String {
        match (tree.action, tree.children.is_empty()) {
            (None, _) => self.render_group(tree, indent),
            (Some(action), true) => self.render_action(action, "Action"),
            // An action named `orThrow` takes the place of the method.
            (Some(action), false) => {
                let kind = if tree.children.contains_key("orThrow") { "ActionCall" } else { "Action" };
                format!("{} & {}", self.render_action(action, kind), self.render_group(tree, indent))
            }
        }
    }

    fn render_action(&self, action: &ActionSchemas, kind: &str) -> String {
        let schema = action.input.as_ref().map(schemars::Schema::as_value);
        let input = match (schema, action.encoding) {
            (None, _) => "FormData".to_owned(),
            (Some(schema), Encoding::Json) if is_null(schema) => "undefined".to_owned(),
            (Some(schema), Encoding::Form) if is_null(schema) => "FormData | undefined".to_owned(),
            (Some(schema), encoding) => {
                let input = Renderer { names: self.names, side: Side::Input }.render_inline(schema, 0);
                match encoding {
                    Encoding::Json if accepts_null(schema) => format!("{input} | undefined"),
                    Encoding::Json => input,
                    Encoding::Form => format!("FormData | {input}"),
                }
            }
        };
        let output = match &action.output {
            Some(schema) => Renderer { names: self.names, side: Side::Output }.render_inline(schema.as_value(), 0),
            None => "undefined".to_owned(),
        };
        format!("{kind}<{input}, {output}, {}>", render_field_names(schema, &self.schemas.types.inputs))
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

/// Returns whether a call may omit the input.
fn accepts_null(schema: &Value) -> bool {
    let members = schema.get("anyOf").and_then(Value::as_array);
    members.is_some_and(|members| members.iter().any(is_null))
        || schema.as_object().is_some_and(|schema| has_type(schema, "null"))
}
