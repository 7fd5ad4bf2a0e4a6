//! Decoding of a request's body into the input of an action.
//!
//! A valid input is read once, by a deserializer that the schema guides and that only records whether a rule is broken. If one
//! is, the body is read again into a [`Tree`], and all issues of the tree are collected.
//!
//! The valid path builds no tree where that pays. On `wasm32` every input is read through a tree, because the size of the code
//! matters more there. Elsewhere the guided readers save instructions of the whole call, by `cargo bench -p enact` with
//! [`READS_TREES_ONLY`] as it is and set to `true`:
//!
//! | input | instructions saved |
//! |---|--:|
//! | JSON with one property | 18 % |
//! | form with 15 fields | 40 % |
//! | JSON with 1,000 records | 53 % |
//! | JSON with six issues | −9 % |
//!
//! The readers must agree on every input; the tests of this module compare them.

mod body;
mod field_name;
mod file_slots;
mod form_deserializer;
mod form_field;
mod form_index;
mod json;
mod key;
mod read_error;
mod schema_deserializer;
#[cfg(test)]
mod tests;
mod tree_builder;
mod tree_deserializer;
mod validity;

pub(crate) use body::{BodyBuffer, BodyError, DeclaredBody, parse_body};
#[cfg(feature = "client")]
pub(crate) use file_slots::collect_files;
pub(crate) use json::{Malformed, check_syntax};
pub(crate) use tree_builder::to_tree;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use self::field_name::collect_name_issues;
use self::file_slots::SlotScope;
use self::form_field::FormReader;
use self::form_index::FormIndex;
use self::read_error::ReadError;
use self::schema_deserializer::SchemaDeserializer;
use self::tree_deserializer::TreeDeserializer;
use self::validity::Validity;
use crate::error::Issue;
use crate::form::FormData;
use crate::limits::Limits;
use crate::schema::{self, CollectedIssues, Kind, Schema, Tree};

/// Whether valid inputs are read from trees as well. Each way to read is code for every input type; in a browser or a Worker,
/// less code is worth more than speed.
const READS_TREES_ONLY: bool = cfg!(target_arch = "wasm32");

/// A body, parsed as far as its content type allows.
#[derive(Debug, Clone, Default)]
pub(crate) enum Payload {
    /// The request has no body, or none that an action reads.
    #[default]
    Absent,
    /// A JSON text, not parsed yet.
    Json(Bytes),
    Form(FormData),
}

/// A decoded input.
#[derive(Debug)]
pub(crate) enum Decoded<I> {
    Valid(I),
    /// The issues, and the input if only constraints are broken. Refinements can then add their issues.
    Invalid(Vec<Issue>, Option<I>),
}

/// Decodes and validates an input.
///
/// # Errors
///
/// Returns an error if the payload is not JSON but was declared to be.
pub(crate) fn decode<I: DeserializeOwned>(
    schema: &Schema,
    payload: &Payload,
    limits: &Limits,
) -> Result<Decoded<I>, Malformed> {
    if READS_TREES_ONLY || accepts_only_null(schema) {
        return decode_from_tree(schema, payload, limits);
    }
    match payload {
        Payload::Absent => Ok(validate_tree(schema, None, None)),
        Payload::Json(body) => decode_json(schema, body, limits),
        Payload::Form(form) => Ok(decode_form(schema, form, limits)),
    }
}

/// Returns whether the input type is `()` or the like. Such an action takes no input, so every body is accepted.
fn accepts_only_null(schema: &Schema) -> bool {
    matches!(schema.root().kind, Kind::Null)
}

fn decode_json<I: DeserializeOwned>(schema: &Schema, body: &[u8], limits: &Limits) -> Result<Decoded<I>, Malformed> {
    let validity = Validity::new(schema);
    let mut input = None;
    let tree = json::parse(body, limits, |text| {
        let mut json = serde_json::Deserializer::from_str(text);
        let deserializer = SchemaDeserializer::new(&mut json, schema.root(), &validity);
        input = I::deserialize(deserializer).ok().filter(|_| json.end().is_ok());
        if input.is_some() && validity.is_valid() {
            return Ok(None);
        }
        json::parse_tree(text).map(Some)
    })?;
    Ok(match (input, tree) {
        (Some(input), None) => Decoded::Valid(input),
        (input, tree) => validate_tree(schema, tree, input),
    })
}

fn decode_form<I: DeserializeOwned>(schema: &Schema, form: &FormData, limits: &Limits) -> Decoded<I> {
    let issues = collect_name_issues(form, limits);
    if !issues.is_empty() {
        return Decoded::Invalid(issues, None);
    }
    let validity = Validity::new(schema);
    let index = FormIndex::new(form);
    let reader = FormReader { form: &index, validity: &validity };
    let _files = SlotScope::enter();
    match I::deserialize(reader.root_deserializer()).ok() {
        Some(input) if validity.is_valid() => Decoded::Valid(input),
        input => validate_tree(schema, Tree::deserialize(reader.root_deserializer()).ok(), input),
    }
}

/// Collects the issues of a tree, and reads the input from the tree if there is none yet.
fn validate_tree<I: DeserializeOwned>(schema: &Schema, tree: Option<Tree<'_>>, input: Option<I>) -> Decoded<I> {
    let CollectedIssues { issues, mistyped } = find_issues(schema, tree.as_ref());
    match input {
        _ if mistyped => Decoded::Invalid(issues, None),
        Some(input) if issues.is_empty() => Decoded::Valid(input),
        Some(input) => Decoded::Invalid(issues, Some(input)),
        None => read_input(tree.unwrap_or(Tree::Null), issues),
    }
}

fn decode_from_tree<I: DeserializeOwned>(
    schema: &Schema,
    payload: &Payload,
    limits: &Limits,
) -> Result<Decoded<I>, Malformed> {
    let ValidatedTree { tree, issues, is_readable } = build_tree(schema, payload, limits)?;
    let _files = SlotScope::enter();
    Ok(if is_readable { read_input(tree, issues) } else { Decoded::Invalid(issues, None) })
}

/// A payload as a tree, with its issues.
struct ValidatedTree {
    tree: Tree<'static>,
    issues: Vec<Issue>,
    /// Whether the input can be read from the tree: at most constraints are broken.
    is_readable: bool,
}

/// Builds the tree of a payload. It is not generic, so that all input types share its code.
#[inline(never)]
fn build_tree(schema: &Schema, payload: &Payload, limits: &Limits) -> Result<ValidatedTree, Malformed> {
    let tree = match payload {
        Payload::Json(body) if accepts_only_null(schema) => {
            check_syntax(body, limits)?;
            None
        }
        _ if accepts_only_null(schema) => None,
        Payload::Absent => None,
        Payload::Json(body) => Some(json::parse(body, limits, json::parse_tree)?),
        Payload::Form(form) => {
            let issues = collect_name_issues(form, limits);
            if !issues.is_empty() {
                return Ok(ValidatedTree { tree: Tree::Null, issues, is_readable: false });
            }
            let validity = Validity::new(schema);
            let index = FormIndex::new(form);
            let reader = FormReader { form: &index, validity: &validity };
            let _files = SlotScope::enter();
            Tree::deserialize(reader.root_deserializer()).ok().map(Tree::into_owned)
        }
    };
    let CollectedIssues { issues, mistyped } = find_issues(schema, tree.as_ref());
    Ok(ValidatedTree { tree: tree.unwrap_or(Tree::Null), issues, is_readable: !mistyped })
}

fn find_issues(schema: &Schema, tree: Option<&Tree<'_>>) -> CollectedIssues {
    if accepts_only_null(schema) {
        CollectedIssues::default()
    } else {
        schema::collect_issues(schema, schema.root(), tree)
    }
}

/// Reads an input from a tree whose issues are given.
fn read_input<I: DeserializeOwned>(tree: Tree<'_>, issues: Vec<Issue>) -> Decoded<I> {
    match I::deserialize(TreeDeserializer::new(tree)) {
        Ok(input) if issues.is_empty() => Decoded::Valid(input),
        Ok(input) => Decoded::Invalid(issues, Some(input)),
        Err(error) => Decoded::Invalid(or_read_issue(issues, error), None),
    }
}

/// Returns the issues of an input that could not be read. If the schema found none, the type has a rule of its own.
#[inline(never)]
fn or_read_issue(issues: Vec<Issue>, error: ReadError) -> Vec<Issue> {
    if !issues.is_empty() {
        return issues;
    }
    let mut issue = Issue::new("Invalid input");
    issue.path = error.into_path();
    vec![issue]
}
