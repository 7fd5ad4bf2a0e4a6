//! Conversion of an input to the fields of a form.
//!
//! A form expresses less than a type, and the schema decides what missing fields mean. So the fields are read back, and must give
//! the same input again.

use std::borrow::Cow;

use serde::Serialize;

use super::error::RequestError;
use crate::form::{File, FormData};
use crate::input::{Decoded, Payload, to_tree};
use crate::limits::Limits;
use crate::registry::{Input, InputReader};
use crate::schema::{Kind, NodeId, Schema, Tree, compile_input_schema};

/// Converts an input to the fields from which the server reads it.
pub(super) fn to_form<I: Input + Serialize>(input: &I) -> Result<FormData, RequestError> {
    let schema = compile_input_schema(I::schema)
        .map_err(|error| RequestError::Schema(error.to_string()))?
        .ok_or_else(|| RequestError::Schema("the input type has no schema".to_owned()))?;
    let tree = to_tree(input).map_err(RequestError::Json)?;
    // Empty lists and maps are omitted, as browsers do. If the server would then use a default, they are sent.
    let mut invalid = None;
    let mut mismatch = None;
    for sends_empty in [false, true] {
        let mut writer = FormWriter { schema: &schema, form: FormData::new(), sends_empty };
        if let Tree::Object(entries) = &tree {
            writer.write_object(&[schema.root_id()], "", entries);
        }
        let mut payload = Payload::Form(writer.form.clone());
        // The server applies its own limits.
        let reader = InputReader { schema: Some(&schema), payload: &mut payload, limits: &Limits::UNLIMITED };
        match I::read(reader).0 {
            Ok(Decoded::Valid(read) | Decoded::Invalid(_, Some(read))) => {
                match find_difference(&tree, &to_tree(&read).map_err(RequestError::Json)?) {
                    None => return Ok(writer.form),
                    difference => mismatch = mismatch.or(difference),
                }
            }
            // The server reports the issues.
            Ok(Decoded::Invalid(_, None)) | Err(_) => invalid = invalid.or(Some(writer.form)),
        }
    }
    invalid.ok_or_else(|| RequestError::NotInForm(mismatch.unwrap_or_default().trim_start_matches('.').to_owned()))
}

/// Returns the place and the kind of the first difference of two values. The order of lists is ignored, because sets have none
/// and forms keep the order of lists.
fn find_difference(sent: &Tree<'_>, read: &Tree<'_>) -> Option<String> {
    let join = |place: String, difference: String| {
        format!("{place}{}{difference}", if difference.starts_with(['.', '[']) { "" } else { ": " })
    };
    match (sent, read) {
        (Tree::Null, Tree::Null) => None,
        (Tree::Bool(a), Tree::Bool(b)) if a == b => None,
        (Tree::Number(a), Tree::Number(b)) if a.as_f64() == b.as_f64() => None,
        (Tree::String(a), Tree::String(b)) if a == b => None,
        (Tree::File(a), Tree::File(b)) if a == b => None,
        (Tree::Array(a), Tree::Array(b)) if a.len() == b.len() => {
            let first = a.iter().zip(b).enumerate().find_map(|(i, (a, b))| Some((i, find_difference(a, b)?)));
            let (index, difference) = first?;
            let mut unmatched: Vec<_> = b.iter().collect();
            let is_permutation = a.iter().all(|a| {
                let place = unmatched.iter().position(|b| find_difference(a, b).is_none());
                place.map(|place| unmatched.swap_remove(place)).is_some()
            });
            (!is_permutation).then(|| join(format!("[{index}]"), difference))
        }
        (Tree::Object(a), Tree::Object(b)) => {
            let lost = a.iter().find_map(|(key, a)| match read.get(key) {
                Some(b) => find_difference(a, b).map(|difference| join(format!(".{key}"), difference)),
                None => Some(format!(".{key}: {} is lost", describe(a))),
            });
            lost.or_else(|| {
                let (key, b) = b.iter().find(|(key, _)| sent.get(key).is_none())?;
                Some(format!(".{key}: {} is added", describe(b)))
            })
        }
        (a, b) => Some(format!("{} is read as {}", describe(a), describe(b))),
    }
}

/// Returns the kind of a value. The value itself may be a secret.
fn describe(value: &Tree<'_>) -> &'static str {
    match value {
        Tree::Null => "nothing",
        Tree::Bool(true) => "`true`",
        Tree::Bool(false) => "`false`",
        Tree::Number(_) => "a number",
        Tree::String(text) if text.is_empty() => "an empty string",
        Tree::String(_) => "a string",
        Tree::File(_) => "a file",
        Tree::Array(items) if items.is_empty() => "an empty list",
        Tree::Array(_) => "a list",
        Tree::Object(entries) if entries.is_empty() => "an empty object",
        Tree::Object(_) => "an object",
    }
}

struct FormWriter<'a> {
    schema: &'a Schema,
    form: FormData,
    /// Whether empty lists and maps are sent.
    sends_empty: bool,
}

impl FormWriter<'_> {
    /// Writes the entries of an object. `places` are the nodes of the schema that may describe it.
    fn write_object(&mut self, places: &[NodeId], prefix: &str, entries: &[(Cow<'_, str>, Tree<'_>)]) {
        for (key, value) in entries {
            let places = self.children(places, key);
            self.write_value(&places, &[prefix, key].concat(), value);
        }
    }

    fn write_value(&mut self, places: &[NodeId], name: &str, value: &Tree<'_>) {
        match value {
            // An empty string would be an element, or true.
            Tree::Null
                if self.is_any(places, |kind| matches!(kind, Kind::Boolean | Kind::Array(_) | Kind::Tuple(_))) => {}
            Tree::Array(items) if items.is_empty() => {
                if self.sends_empty {
                    // A file input without a selected file sends this, which is read as an empty list.
                    self.form.append(name, &File::new("", "application/octet-stream", ""));
                }
            }
            Tree::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Tree::Object(entries) => {
                            let places = self.children(places, "]");
                            self.write_object(&places, &format!("{name}[{index}]."), entries);
                        }
                        item => self.write_scalar(name, item),
                    }
                }
            }
            Tree::Object(entries) if entries.is_empty() => {
                if self.sends_empty {
                    self.form.append(name, "");
                }
            }
            Tree::Object(entries) => self.write_object(places, &[name, "."].concat(), entries),
            value => self.write_scalar(name, value),
        }
    }

    fn write_scalar(&mut self, name: &str, value: &Tree<'_>) {
        match value {
            Tree::Null => self.form.append(name, ""),
            Tree::Bool(value) => self.form.append(name, if *value { "true" } else { "false" }),
            Tree::Number(number) => self.form.append(name, &number.to_string()),
            Tree::String(text) => self.form.append(name, &**text),
            Tree::File(file) => self.form.append(name, file),
            // Forms have no lists of lists. Reading the form back reports the difference.
            Tree::Array(_) | Tree::Object(_) => {}
        }
    }

    fn children(&self, places: &[NodeId], segment: &str) -> Vec<NodeId> {
        places.iter().flat_map(|place| self.schema.children(*place, segment)).collect()
    }

    fn is_any(&self, places: &[NodeId], kind: impl Fn(&Kind) -> bool) -> bool {
        places.iter().any(|place| kind(&self.schema.node(*place).kind))
    }
}
