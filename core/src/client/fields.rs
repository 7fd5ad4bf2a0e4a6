//! An input as the fields of a form: the way back from what the server reads.
//!
//! Forms say less than types do, and what they leave open the schema decides. So the fields are read again before they are
//! sent: what comes out of them has to be what went in, or nothing that an action would run with.

use std::borrow::Cow;

use serde::Serialize;

use super::RequestError;
use crate::form::{File, FormData};
use crate::handler::{Input, Reading};
use crate::input::{self, Decoded, Payload};
use crate::limits::{Limits, MAX_JSON_DEPTH};
use crate::schema::{self, Kind, NodeId, Schema, Tree};

/// How much a form holds is the server's to judge.
const UNLIMITED: Limits = Limits {
    body: usize::MAX,
    fields: usize::MAX,
    files: usize::MAX,
    part_headers: usize::MAX,
    depth: usize::MAX,
    json_depth: MAX_JSON_DEPTH,
};

/// The fields from which the server reads the input.
pub(super) fn write<I: Input + Serialize>(input: &I) -> Result<FormData, RequestError> {
    let schema = schema::compile_input_schema(I::schema)
        .map_err(|problem| RequestError::Schema(problem.to_string()))?
        .ok_or_else(|| RequestError::Schema("it has no schema".to_owned()))?;
    let tree = input::to_tree(input).map_err(RequestError::Json)?;
    // What is empty is left out, as a browser does; only where that would bring a default in its place, it is not.
    let mut refused = None;
    let mut other = None;
    for hold in [false, true] {
        let mut writer = Writer { schema: &schema, form: FormData::new(), hold };
        if let Tree::Object(entries) = &tree {
            writer.object(&[schema.root_id()], "", entries);
        }
        let mut payload = Payload::Form(writer.form.clone());
        let reading = Reading { schema: Some(&schema), payload: &mut payload, limits: &UNLIMITED };
        match I::read(reading).0 {
            Ok(Decoded::Valid(read) | Decoded::Invalid(_, Some(read))) => {
                let read = input::to_tree(&read).map_err(RequestError::Json)?;
                match difference(&tree, &read) {
                    None => return Ok(writer.form),
                    difference => other = other.or(difference),
                }
            }
            // The server will say why, in its own words.
            Ok(Decoded::Invalid(_, None)) | Err(_) => refused = refused.or(Some(writer.form)),
        }
    }
    refused.ok_or_else(|| RequestError::NotInForm(other.unwrap_or_default().trim_start_matches('.').to_owned()))
}

/// Where two values differ, and how. Lists are compared without their order, since a set has none, and a form keeps that of a
/// list anyway.
fn difference(sent: &Tree<'_>, read: &Tree<'_>) -> Option<String> {
    let at = |place: String, found: String| {
        format!("{place}{}{found}", if found.starts_with(['.', '[']) { "" } else { ": " })
    };
    match (sent, read) {
        (Tree::Null, Tree::Null) => None,
        (Tree::Bool(a), Tree::Bool(b)) if a == b => None,
        (Tree::Number(a), Tree::Number(b)) if a.as_f64() == b.as_f64() => None,
        (Tree::String(a), Tree::String(b)) if a == b => None,
        (Tree::File(a), Tree::File(b)) if a == b => None,
        (Tree::Array(a), Tree::Array(b)) if a.len() == b.len() => {
            let first = a.iter().zip(b).enumerate().find_map(|(i, (a, b))| Some((i, difference(a, b)?)));
            let (index, found) = first?;
            let mut left: Vec<_> = b.iter().collect();
            let same = a.iter().all(|a| {
                let place = left.iter().position(|b| difference(a, b).is_none());
                place.map(|place| left.swap_remove(place)).is_some()
            });
            (!same).then(|| at(format!("[{index}]"), found))
        }
        (Tree::Object(a), Tree::Object(b)) => {
            let lost = a.iter().find_map(|(key, a)| match read.get(key) {
                Some(b) => difference(a, b).map(|found| at(format!(".{key}"), found)),
                None => Some(format!(".{key}: {} is not there", kind(a))),
            });
            lost.or_else(|| {
                let (key, b) = b.iter().find(|(key, _)| sent.get(key).is_none())?;
                Some(format!(".{key}: {} comes in its place", kind(b)))
            })
        }
        (a, b) => Some(format!("{} is read as {}", kind(a), kind(b))),
    }
}

/// What a value is, without saying it: it may be a secret.
fn kind(value: &Tree<'_>) -> &'static str {
    match value {
        Tree::Null => "nothing",
        Tree::Bool(true) => "`true`",
        Tree::Bool(false) => "`false`",
        Tree::Number(_) => "a number",
        Tree::String(text) if text.is_empty() => "an empty text",
        Tree::String(_) => "a text",
        Tree::File(_) => "a file",
        Tree::Array(items) if items.is_empty() => "a list of nothing",
        Tree::Array(_) => "a list",
        Tree::Object(entries) if entries.is_empty() => "an object without entries",
        Tree::Object(_) => "an object",
    }
}

struct Writer<'a> {
    schema: &'a Schema,
    form: FormData,
    /// Whether lists and maps without entries are said to be there.
    hold: bool,
}

impl Writer<'_> {
    /// The fields of an object under a prefix. `places` are those of the schema that it may be at.
    fn object(&mut self, places: &[NodeId], prefix: &str, entries: &[(Cow<'_, str>, Tree<'_>)]) {
        for (key, value) in entries {
            let places = self.below(places, key);
            self.value(&places, &[prefix, key].concat(), value);
        }
    }

    fn value(&mut self, places: &[NodeId], name: &str, value: &Tree<'_>) {
        match value {
            // Of these a text is an element, or stands for `true`.
            Tree::Null
                if self.is_any(places, |kind| matches!(kind, Kind::Boolean | Kind::Array(_) | Kind::Tuple(_))) => {}
            Tree::Array(items) if items.is_empty() => {
                if self.hold {
                    // What a file input sends that has nothing selected: a list of nothing.
                    self.form.append(name, &File::new("", "application/octet-stream", ""));
                }
            }
            Tree::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Tree::Object(entries) => {
                            let places = self.below(places, "]");
                            self.object(&places, &format!("{name}[{index}]."), entries);
                        }
                        item => self.scalar(name, item),
                    }
                }
            }
            Tree::Object(entries) if entries.is_empty() => {
                if self.hold {
                    self.form.append(name, "");
                }
            }
            Tree::Object(entries) => self.object(places, &[name, "."].concat(), entries),
            value => self.scalar(name, value),
        }
    }

    fn scalar(&mut self, name: &str, value: &Tree<'_>) {
        match value {
            Tree::Null => self.form.append(name, ""),
            Tree::Bool(value) => self.form.append(name, if *value { "true" } else { "false" }),
            Tree::Number(number) => self.form.append(name, &number.to_string()),
            Tree::String(text) => self.form.append(name, &**text),
            Tree::File(file) => self.form.append(name, file),
            // Lists of lists, which no form has: reading it back tells.
            Tree::Array(_) | Tree::Object(_) => {}
        }
    }

    fn below(&self, places: &[NodeId], segment: &str) -> Vec<NodeId> {
        places.iter().flat_map(|place| self.schema.children(*place, segment)).collect()
    }

    fn is_any(&self, places: &[NodeId], kind: impl Fn(&Kind) -> bool) -> bool {
        places.iter().any(|place| kind(&self.schema.node(*place).kind))
    }
}
