//! The compiled form of an input type's JSON Schema.
//!
//! A schema is compiled once, when the registry is built. The nodes direct the coercion of form fields, check a value
//! while it is deserialized, and yield every issue of an invalid value.

mod alternatives;
mod collect;
mod compile;
mod error;
mod extensions;
mod fields;
mod formats;
mod keywords;
mod literal;
mod merge;
mod node;
mod number;
mod rules;
mod tree;
mod violation;
#[cfg(test)]
mod zod_tests;

pub(crate) use collect::{CollectedIssues, collect_issues};
pub use error::{SchemaError, SchemaErrorKind};
pub(crate) use literal::Literal;
#[cfg(feature = "openapi")]
pub(crate) use merge::merge;
pub(crate) use node::{Additional, Kind, Node, NodeId, ObjectRules, Property, Schema, TaggedRules};
pub(crate) use number::parse_js_number;
pub(crate) use tree::{Number, Tree};

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;

/// Compiles the schema that `generate` returns, with the definitions that it refers to. Returns `None` if `generate` does,
/// as for a raw form.
pub(crate) fn compile_input_schema(
    generate: impl FnOnce(&mut SchemaGenerator) -> Option<schemars::Schema>,
) -> Result<Option<Schema>, SchemaError> {
    let mut generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let Some(mut schema) = generate(&mut generator) else { return Ok(None) };
    let definitions = generator.take_definitions(true);
    if !definitions.is_empty() {
        schema.insert("$defs".to_owned(), definitions.into());
    }
    compile::compile(schema.as_value()).map(Some)
}
