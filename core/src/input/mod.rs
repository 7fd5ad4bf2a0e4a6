//! From a request's body to the type that an action takes.
//!
//! A valid input is read once. One that is not is read a second time, into a tree, and everything wrong with it is told.

mod fields;
mod form;
mod guided;
mod handover;
mod json;
mod key;
mod names;
mod tree;
mod watch;

pub(crate) use json::{MAX_DEPTH as MAX_JSON_DEPTH, check_syntax, to_tree};
pub(crate) use tree::{Number, Tree};

use bytes::Bytes;
use serde::de::value::Error as ValueError;
use serde::de::{DeserializeOwned, IgnoredAny};

use self::fields::{Reader, name_problem};
use self::guided::Guided;
use self::names::Names;
use self::tree::TreeDeserializer;
use self::watch::Watch;
use crate::form::FormData;
use crate::issue::{Issue, IssueCode, PathSegment};
use crate::limits::Limits;
use crate::schema::{self, Found, Kind, Schema};

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
    // A type that only `null` fits takes no input, whatever was sent.
    if let Kind::Null = schema.root().kind {
        if let Payload::Json(body) = payload {
            json::with_text(body, limits, |text| serde_json::from_str::<IgnoredAny>(text))?;
        }
        return Ok(from_tree(schema, Some(Tree::Null)));
    }
    match payload {
        Payload::Absent => Ok(from_tree(schema, None)),
        Payload::Json(body) => json(schema, body, limits),
        Payload::Form(form) => Ok(read_form(schema, form, limits)),
    }
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
        // Owned, since the text may be a repaired copy.
        serde_json::from_str::<Tree<'_>>(text).map(|tree| Some(tree.into_owned()))
    })?;
    Ok(match (input, tree) {
        (Some(input), None) => Decoded::Valid(input),
        (input, tree) => judged(schema, tree, input),
    })
}

fn read_form<I: DeserializeOwned>(schema: &Schema, form: &FormData, limits: &Limits) -> Decoded<I> {
    let refused: Vec<Issue> = form
        .iter()
        .filter_map(|(name, _)| {
            let problem = name_problem(name, limits.depth, limits.fields)?;
            Some(Issue::new(problem).at(name).code(IssueCode::InvalidKey))
        })
        .collect();
    if !refused.is_empty() {
        return Decoded::Invalid(refused, None);
    }
    let root = schema.root_id();
    let watch = Watch::new(schema);
    let names = Names::new(form);
    let reader = Reader { form: &names, watch: &watch };
    handover::scope(|| {
        let input = I::deserialize(reader.deserializer(root, reader.whole(root))).ok();
        match input {
            Some(input) if watch.is_clean() => Decoded::Valid(input),
            input => judged(schema, reader.tree(root, reader.whole(root)).ok(), input),
        }
    })
}

/// Reads an input from a value in memory.
pub(crate) fn from_tree<I: DeserializeOwned>(schema: &Schema, tree: Option<Tree<'_>>) -> Decoded<I> {
    handover::scope(|| judged(schema, tree, None))
}

/// Tells everything that is wrong with a value, and reads the type from it if it is not read yet.
fn judged<I: DeserializeOwned>(schema: &Schema, tree: Option<Tree<'_>>, input: Option<I>) -> Decoded<I> {
    let no_input = matches!(schema.root().kind, Kind::Null);
    let Found { issues, mistyped } =
        if no_input { Found::default() } else { schema::collect(schema, schema.root(), tree.as_ref()) };
    if mistyped {
        return Decoded::Invalid(issues, None);
    }
    let reader = TreeDeserializer::<ValueError>::new(tree.unwrap_or(Tree::Null));
    let input = match input {
        Some(input) => Ok(input),
        None => serde_path_to_error::deserialize(reader),
    };
    match (input, issues) {
        (Ok(input), issues) if issues.is_empty() => Decoded::Valid(input),
        (Ok(input), issues) => Decoded::Invalid(issues, Some(input)),
        // The schema has nothing against it, but the type has a rule of its own. Its words may not be meant for
        // clients.
        (Err(error), issues) if issues.is_empty() => Decoded::Invalid(
            vec![Issue { code: IssueCode::Custom, path: path(error.path()), message: "Invalid input".to_owned() }],
            None,
        ),
        (Err(_), issues) => Decoded::Invalid(issues, None),
    }
}

fn path(path: &serde_path_to_error::Path) -> Vec<PathSegment> {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(PathSegment::Index(*index)),
            Segment::Map { key } => Some(PathSegment::Key(key.clone())),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}
