//! The components of a document: each named type once.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::export::reference::{rewrite_references, visit_references};
use crate::export::schemas::{NamedTypes, Side};

/// `components/schemas` of a document, with the component of each named type.
#[derive(Debug)]
pub(super) struct Components {
    inputs: HashMap<String, String>,
    outputs: HashMap<String, String>,
    schemas: Map<String, Value>,
}

impl Components {
    /// Adds all types beside the `shared` schemas. A type whose input and output shapes differ gets two components.
    pub(super) fn new(types: &NamedTypes, shared: Map<String, Value>) -> Self {
        let differing = types.find_differing();
        let mut components = Self { inputs: HashMap::new(), outputs: HashMap::new(), schemas: shared };
        for name in types.inputs.keys() {
            let differs = differing.contains(name.as_str());
            let component = components.reserve(&format!("{name}{}", if differs { "Input" } else { "" }));
            if !differs && types.outputs.contains_key(name) {
                components.outputs.insert(name.clone(), component.clone());
            }
            components.inputs.insert(name.clone(), component);
        }
        for name in types.outputs.keys() {
            if !components.outputs.contains_key(name) {
                let differs = differing.contains(name.as_str());
                let component = components.reserve(&format!("{name}{}", if differs { "Output" } else { "" }));
                components.outputs.insert(name.clone(), component);
            }
        }
        for side in [Side::Input, Side::Output] {
            for (name, schema) in types.of(side) {
                let schema = components.refer(side, schema.clone());
                if let Some(component) = components.names(side).get(name).cloned() {
                    components.schemas.insert(component, schema);
                }
            }
        }
        components
    }

    fn names(&self, side: Side) -> &HashMap<String, String> {
        match side {
            Side::Input => &self.inputs,
            Side::Output => &self.outputs,
        }
    }

    /// Adds a schema under a name that is still free, and returns that name.
    pub(super) fn add(&mut self, name: &str, schema: Value) -> String {
        let component = self.reserve(name);
        self.schemas.insert(component.clone(), schema);
        component
    }

    /// Reserves a free name, with only the characters that OpenAPI allows in one.
    fn reserve(&mut self, name: &str) -> String {
        let to_allowed = |char: char| if char.is_ascii_alphanumeric() || "._-".contains(char) { char } else { '_' };
        let name: String = name.chars().map(to_allowed).collect();
        let candidates = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name}{n}") });
        let component = candidates.into_iter().find(|name| !self.schemas.contains_key(name)).unwrap_or(name);
        self.schemas.insert(component.clone(), Value::Null);
        component
    }

    /// Makes a schema's references lead to the components.
    pub(super) fn refer(&self, side: Side, mut schema: Value) -> Value {
        let names = self.names(side);
        rewrite_references(&mut schema, &|name| names.get(name).map(|name| component_reference(name)));
        schema
    }

    /// Returns the components that the document uses, sorted by name.
    pub(super) fn finish(mut self, document: &Value) -> Map<String, Value> {
        let mut used = HashSet::new();
        let mut open = find_components(document);
        while let Some(name) = open.pop() {
            if let Some(schema) = self.schemas.get(name)
                && used.insert(name.to_owned())
            {
                open.extend(find_components(schema));
            }
        }
        self.schemas.retain(|name, _| used.contains(name));
        self.schemas.sort_keys();
        self.schemas
    }
}

const PREFIX: &str = "#/components/schemas/";

pub(super) fn component_reference(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Returns every component that a part of a document refers to.
fn find_components(value: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    visit_references(value, &mut |reference| found.extend(reference.strip_prefix(PREFIX)));
    found
}
