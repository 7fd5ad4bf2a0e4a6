//! The state of a form that a page shows, possibly again after it failed.

use std::fmt;

use crate::error::{ActionError, Issue};
use crate::form::{FormData, FormValue};
use crate::schema::Schema;

/// The state of a form: its submitted values and its errors, if it failed.
///
/// Fields are named as in the form: `email`, `address.street`, `items[0].name`. A form that succeeded or was not submitted has
/// neither values nor errors. Files are not shown again, and neither are fields that the type of the input marks as secret
/// (`writeOnly`, or `format: password`). An input of type `FormData` marks no field.
///
/// ```
/// use enact::page::FormState;
///
/// fn field(form: &FormState<'_>) -> String {
///     let error = form.error("email").map_or(String::new(), |text| {
///         format!(r#"<p id="{}">{text}</p>"#, form.error_id("email"))
///     });
///     format!(r#"<input name="email" value="{}" {}>{error}"#, form.value("email"), form.attributes("email"))
/// }
/// # // A template engine escapes the values that it inserts.
/// ```
#[derive(Clone, Copy)]
pub struct FormState<'a> {
    action: &'a str,
    failed: Option<SubmittedForm<'a>>,
}

/// A form that failed.
#[derive(Clone, Copy)]
pub(crate) struct SubmittedForm<'a> {
    pub(crate) error: &'a ActionError,
    pub(crate) values: &'a [(String, String)],
}

impl<'a> FormState<'a> {
    pub(crate) const fn new(action: &'a str, failed: Option<SubmittedForm<'a>>) -> Self {
        Self { action, failed }
    }

    /// Returns whether the form was submitted and failed.
    pub const fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Returns whether submitted values are available.
    ///
    /// If not, show the initial values of the page. Values are not available if the form was not submitted, if it succeeded, or
    /// if a gate or a limit refused it before its body was read.
    pub fn has_submitted_values(&self) -> bool {
        self.failed.is_some_and(|form| !form.values.is_empty())
    }

    /// Returns the submitted value of a field, the first if it is repeated, or an empty string.
    pub fn value(&self, field: &str) -> &'a str {
        self.values(field).next().unwrap_or_default()
    }

    /// Like [`value`](Self::value), but returns `initial` if there are no submitted values.
    pub fn value_or<'b>(&self, field: &str, initial: &'b str) -> &'b str
    where
        'a: 'b,
    {
        if self.has_submitted_values() { self.value(field) } else { initial }
    }

    /// Returns the submitted values of a repeated field, in order.
    pub fn values(&self, field: &str) -> impl Iterator<Item = &'a str> {
        let values = self.failed.map_or(&[][..], |form| form.values);
        values.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Returns whether a checkbox without a `value` attribute was checked.
    pub fn is_checked(&self, field: &str) -> bool {
        self.values(field).next().is_some_and(|value| value != "false")
    }

    /// Like [`is_checked`](Self::is_checked), but returns `initial` if there are no submitted values.
    pub fn is_checked_or(&self, field: &str, initial: bool) -> bool {
        if self.has_submitted_values() { self.is_checked(field) } else { initial }
    }

    /// Returns whether an option of a field was selected: an `<option>`, a radio button, or a checkbox of a group.
    pub fn is_selected(&self, field: &str, option: &str) -> bool {
        self.values(field).any(|value| value == option)
    }

    /// Like [`is_selected`](Self::is_selected), but returns `initial` if there are no submitted values.
    pub fn is_selected_or(&self, field: &str, option: &str, initial: bool) -> bool {
        if self.has_submitted_values() { self.is_selected(field, option) } else { initial }
    }

    /// Returns the errors of a field, by its full name. The errors of the single values of a repeated field are included.
    pub fn errors(&self, field: &str) -> impl Iterator<Item = &'a str> {
        self.issues().filter(move |issue| belongs_to(issue, field)).map(|issue| issue.message.as_str())
    }

    /// Returns the first error of a field.
    pub fn error(&self, field: &str) -> Option<&'a str> {
        self.errors(field).next()
    }

    /// Returns whether a field has an error.
    pub fn is_invalid(&self, field: &str) -> bool {
        self.error(field).is_some()
    }

    /// Returns the errors of the form as a whole: issues without a path, or the message of an error that is not about the input.
    pub fn form_errors(&self) -> impl Iterator<Item = &'a str> {
        let message = self
            .action_error()
            .filter(|error| !error.is_input_error())
            .map(|error| if error.message().is_empty() { error.code().as_str() } else { error.message() });
        let whole = self.issues().filter(|issue| issue.path.is_empty()).map(|issue| issue.message.as_str());
        message.into_iter().chain(whole)
    }

    /// Returns the error of the action, if the form failed.
    pub fn action_error(&self) -> Option<&'a ActionError> {
        self.failed.map(|form| form.error)
    }

    /// Returns the id for the element that shows the errors of a field. It depends on the action and the field alone.
    pub fn error_id(&self, field: &str) -> String {
        // Other characters become two hyphens, so that `a.b` and `a-b` have different ids.
        let escape = |text: &str| -> String {
            let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
            text.chars().map(|char| if is_plain(char) { char.to_string() } else { "--".to_owned() }).collect()
        };
        format!("{}-{}-error", escape(self.action), escape(field))
    }

    /// Returns the value for `aria-describedby`: the [`error_id`](Self::error_id) of a field that has an error.
    pub fn described_by(&self, field: &str) -> Option<String> {
        self.is_invalid(field).then(|| self.error_id(field))
    }

    /// Returns `aria-invalid` and `aria-describedby` for the tag of a field that has an error, otherwise an empty string.
    ///
    /// The attributes contain no submitted text, so a template may insert them without escaping.
    pub fn attributes(&self, field: &str) -> FieldAttributes {
        FieldAttributes(self.described_by(field))
    }

    fn issues(&self) -> impl Iterator<Item = &'a Issue> {
        self.failed.map_or(&[][..], |form| form.error.issues()).iter()
    }
}

impl fmt::Debug for FormState<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormState").field("action", &self.action).field("error", &self.action_error()).finish()
    }
}

/// Attributes of an input for assistive technology. See [`FormState::attributes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldAttributes(Option<String>);

impl fmt::Display for FieldAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(id) => write!(f, r#"aria-invalid="true" aria-describedby="{id}""#),
            None => Ok(()),
        }
    }
}

/// Returns whether an issue is about a field, or about one value of a repeated field.
fn belongs_to(issue: &Issue, field: &str) -> bool {
    let name = issue.field();
    name == field
        || name
            .strip_prefix(field)
            .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'))
            .is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the values of a form that a page may show again: texts of declared fields that are not secret.
pub(crate) fn collect_submitted_values(form: &FormData, schema: Option<&Schema>) -> Vec<(String, String)> {
    form.iter()
        .filter_map(|(name, value)| match value {
            FormValue::Text(text) => Some((name, text)),
            FormValue::File(_) => None,
        })
        .filter(|(name, _)| schema.is_none_or(|schema| schema.can_redisplay(name)))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect()
}
