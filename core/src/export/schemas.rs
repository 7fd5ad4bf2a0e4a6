//! The schemas of a registry's actions, and of the types that they name.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::merge::merge_types;
use super::reference::{parse_reference, visit_references};
use crate::action::Encoding;
use crate::registry::Registry;

/// The schemas of all actions, sorted by the actions' names.
#[derive(Debug)]
pub(super) struct RegistrySchemas {
    pub(super) actions: Vec<ActionSchemas>,
    pub(super) types: NamedTypes,
}

/// An action with the schemas of its input and output.
#[derive(Debug)]
pub(super) struct ActionSchemas {
    pub(super) name: &'static str,
    pub(super) encoding: Encoding,
    /// `None` if the action takes a raw form.
    pub(super) input: Option<Schema>,
    /// `None` if the response has no content.
    pub(super) output: Option<Schema>,
}

/// The direction in which a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Input,
    Output,
}

/// The named types, which schemas refer to as `#/$defs/Name`. The sides are kept apart because serde may read a type in
/// another shape than it writes it.
#[derive(Debug, Default)]
pub(super) struct NamedTypes {
    pub(super) inputs: Map<String, Value>,
    pub(super) outputs: Map<String, Value>,
}

impl NamedTypes {
    pub(super) fn of(&self, side: Side) -> &Map<String, Value> {
        match side {
            Side::Input => &self.inputs,
            Side::Output => &self.outputs,
        }
    }

    /// Returns the names of the types whose input and output shapes differ, themselves or in a type that they refer to.
    pub(super) fn find_differing(&self) -> BTreeSet<&str> {
        let mut differing = BTreeSet::new();
        loop {
            let before = differing.len();
            for (name, input) in &self.inputs {
                let Some(output) = self.outputs.get(name) else { continue };
                if input != output || refers_to(input, &differing) {
                    differing.insert(name.as_str());
                }
            }
            if differing.len() == before {
                return differing;
            }
        }
    }
}

fn refers_to(schema: &Value, types: &BTreeSet<&str>) -> bool {
    let mut found = false;
    visit_references(schema, &mut |reference| {
        found |= parse_reference(reference).is_some_and(|name| types.contains(name.as_str()));
    });
    found
}

impl Registry {
    pub(super) fn collect_schemas(&self) -> RegistrySchemas {
        let mut schemas = RegistrySchemas { actions: Vec::new(), types: NamedTypes::default() };
        let mut actions: Vec<_> = self.shared.entries.values().map(|entry| &entry.definition).collect();
        actions.sort_unstable_by_key(|action| action.name());
        for action in actions {
            // Each action has generators of its own: a generator takes two types for one if their modules and names are
            // equal, as those of types inside two functions may be.
            let mut inputs = SchemaSettings::draft2020_12().for_deserialize().into_generator();
            let mut outputs = SchemaSettings::draft2020_12().for_serialize().into_generator();
            let input = action.input_schema(&mut inputs);
            let output = action.output_schema(&mut outputs);
            schemas.actions.push(ActionSchemas {
                name: action.name(),
                encoding: action.encoding(),
                input: merge_types(&mut schemas.types.inputs, inputs.take_definitions(true), input),
                output: merge_types(&mut schemas.types.outputs, outputs.take_definitions(true), output),
            });
        }
        schemas
    }
}
