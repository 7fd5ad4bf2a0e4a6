//! From a request's body to the type that an action takes.
//!
//! A valid input is read once. One that is not is read a second time, into a tree, and everything wrong with it is told.

mod body;
mod fields;
mod form;
mod from_tree;
mod guided;
mod handover;
mod json;
mod key;
mod names;
mod tree;
mod watch;

pub(crate) use body::{BodyBuffer, BodyError, DeclaredBody, parse_body};
#[cfg(feature = "client")]
pub(crate) use handover::taking as taking_files;
pub(crate) use json::{check_syntax, to_tree};

use bytes::Bytes;
use serde::de::DeserializeOwned;

use self::fields::{Reader, name_problem};
use self::from_tree::{TreeDeserializer, Unread};
use self::guided::Guided;
use self::names::Names;
use self::watch::Watch;
use crate::error::{Issue, IssueCode};
use crate::form::FormData;
use crate::limits::Limits;
use crate::schema::{self, CollectedIssues, Kind, Schema, Tree};

/// A body, as its content type says to read it.
#[derive(Debug, Clone, Default)]
pub(crate) enum Payload {
    /// None was sent, or nothing that an action reads.
    #[default]
    Absent,
    Json(Bytes),
    Form(FormData),
}

/// The body is no JSON text; where, and what was expected there.
#[derive(Debug, thiserror::Error)]
#[error("the body is not JSON: {0}")]
pub(crate) struct Malformed(pub(crate) String);

/// What was read.
#[derive(Debug)]
pub(crate) enum Decoded<I> {
    Valid(I),
    /// The issues, and the input all the same if only constraints were broken: refinements may add to them.
    Invalid(Vec<Issue>, Option<I>),
}

/// Reads an input.
pub(crate) fn decode<I: DeserializeOwned>(
    schema: &Schema,
    payload: &Payload,
    limits: &Limits,
) -> Result<Decoded<I>, Malformed> {
    // In a browser or a Worker code is what is dear, and each way to read is code for every type. There, all are made from
    // trees, as elsewhere those are of which something is wrong.
    if cfg!(target_arch = "wasm32") || takes_nothing(schema) {
        let Sent { tree, issues, readable } = sent(schema, payload, limits)?;
        let _files = handover::Scope::enter();
        return Ok(if readable { made(tree, issues) } else { Decoded::Invalid(issues, None) });
    }
    match payload {
        Payload::Absent => Ok(judged(schema, None, None)),
        Payload::Json(body) => json(schema, body, limits),
        Payload::Form(form) => Ok(read_form(schema, form, limits)),
    }
}

/// A type that only `null` fits takes no input, whatever was sent.
fn takes_nothing(schema: &Schema) -> bool {
    matches!(schema.root().kind, Kind::Null)
}

fn json<I: DeserializeOwned>(schema: &Schema, body: &[u8], limits: &Limits) -> Result<Decoded<I>, Malformed> {
    let watch = Watch::new(schema);
    let mut input = None;
    let tree = json::with_text(body, limits, |text| {
        let mut reader = serde_json::Deserializer::from_str(text);
        input = I::deserialize(Guided::new(&mut reader, schema.root(), &watch)).ok().filter(|_| reader.end().is_ok());
        if input.is_some() && watch.is_clean() {
            return Ok(None);
        }
        json::tree(text).map(Some)
    })?;
    Ok(match (input, tree) {
        (Some(input), None) => Decoded::Valid(input),
        (input, tree) => judged(schema, tree, input),
    })
}

fn read_form<I: DeserializeOwned>(schema: &Schema, form: &FormData, limits: &Limits) -> Decoded<I> {
    let refused = refused_names(form, limits);
    if !refused.is_empty() {
        return Decoded::Invalid(refused, None);
    }
    let root = schema.root_id();
    let watch = Watch::new(schema);
    let names = Names::new(form);
    let reader = Reader { form: &names, watch: &watch };
    let _files = handover::Scope::enter();
    match I::deserialize(reader.deserializer(root, reader.whole(root))).ok() {
        Some(input) if watch.is_clean() => Decoded::Valid(input),
        input => judged(schema, reader.tree(root, reader.whole(root)).ok(), input),
    }
}

/// What was sent, as a value, and what the schema has against it. It is code that all types share.
struct Sent {
    tree: Tree<'static>,
    issues: Vec<Issue>,
    /// Whether a type can be read from it: at most constraints are broken.
    readable: bool,
}

#[inline(never)]
fn sent(schema: &Schema, payload: &Payload, limits: &Limits) -> Result<Sent, Malformed> {
    let tree = match payload {
        Payload::Json(body) if takes_nothing(schema) => {
            check_syntax(body, limits)?;
            None
        }
        _ if takes_nothing(schema) => None,
        Payload::Absent => None,
        Payload::Json(body) => Some(json::with_text(body, limits, json::tree)?),
        Payload::Form(form) => {
            let refused = refused_names(form, limits);
            if !refused.is_empty() {
                return Ok(Sent { tree: Tree::Null, issues: refused, readable: false });
            }
            let watch = Watch::new(schema);
            let names = Names::new(form);
            let reader = Reader { form: &names, watch: &watch };
            let _files = handover::Scope::enter();
            reader.tree(schema.root_id(), reader.whole(schema.root_id())).ok().map(Tree::into_owned)
        }
    };
    let CollectedIssues { issues, mistyped } = found(schema, tree.as_ref());
    Ok(Sent { tree: tree.unwrap_or(Tree::Null), issues, readable: !mistyped })
}

fn refused_names(form: &FormData, limits: &Limits) -> Vec<Issue> {
    form.iter()
        .filter_map(|(name, _)| {
            let problem = name_problem(name, limits.max_field_depth(), limits.max_fields())?;
            Some(Issue::new(problem).at(name).code(IssueCode::InvalidKey))
        })
        .collect()
}

/// Tells everything that is wrong with a value, and reads the type from it if it is not read yet.
fn judged<I: DeserializeOwned>(schema: &Schema, tree: Option<Tree<'_>>, input: Option<I>) -> Decoded<I> {
    let CollectedIssues { issues, mistyped } = found(schema, tree.as_ref());
    match input {
        _ if mistyped => Decoded::Invalid(issues, None),
        Some(input) if issues.is_empty() => Decoded::Valid(input),
        Some(input) => Decoded::Invalid(issues, Some(input)),
        None => made(tree.unwrap_or(Tree::Null), issues),
    }
}

/// Makes an input from a value, with what is wrong with it.
fn made<I: DeserializeOwned>(tree: Tree<'_>, issues: Vec<Issue>) -> Decoded<I> {
    match I::deserialize(TreeDeserializer::new(tree)) {
        Ok(input) if issues.is_empty() => Decoded::Valid(input),
        Ok(input) => Decoded::Invalid(issues, Some(input)),
        Err(unread) => Decoded::Invalid(told(unread, issues), None),
    }
}

fn found(schema: &Schema, tree: Option<&Tree<'_>>) -> CollectedIssues {
    if takes_nothing(schema) { CollectedIssues::default() } else { schema::collect_issues(schema, schema.root(), tree) }
}

/// What is told of an input that its type does not take: if the schema has nothing against it, the type has a rule of its own.
#[inline(never)]
fn told(unread: Unread, issues: Vec<Issue>) -> Vec<Issue> {
    if !issues.is_empty() {
        return issues;
    }
    let mut issue = Issue::new("Invalid input");
    issue.path = unread.into_path();
    vec![issue]
}
