//! A form that is shown again: what was typed into it, and what is wrong with it.

use std::fmt;

use crate::error::ActionError;
use crate::form::FormData;
use crate::issue::Issue;
use crate::results::Performed;
use crate::schema::Schema;

/// What a page needs to show a form, for the first time or again after it failed.
///
/// Fields are named as in the form: `email`, `address.street`, `items[0].name`. Values are those of a form that failed, in
/// this request or before a redirect; a form that succeeded, or was not sent, has none. Files cannot be put back, and what the
/// input's type marks as secret (`writeOnly`, or `format: password`) never is. An input of type `FormData` marks nothing.
///
/// ```
/// use enact::FormState;
///
/// fn field(form: &FormState<'_>) -> String {
///     let error = form.error("email").map_or(String::new(), |text| {
///         format!(r#"<p id="{}">{text}</p>"#, form.error_id("email"))
///     });
///     format!(r#"<input name="email" value="{}" {}>{error}"#, form.value("email"), form.attributes("email"))
/// }
/// # // What templates do: escape what they insert.
/// ```
#[derive(Clone, Copy)]
pub struct FormState<'a> {
    action: &'a str,
    failed: Option<(&'a ActionError, &'a [(String, String)])>,
}

impl<'a> FormState<'a> {
    pub(crate) fn new(action: &'a str, performed: Option<&'a Performed>) -> Self {
        let failed = performed.and_then(|performed| Some((performed.error()?, performed.typed.as_slice())));
        Self { action, failed }
    }

    /// Whether what was typed is at hand. If not, show the page's own values: the form was not sent, or it succeeded, or its
    /// body was not read because a gate or a limit refused it.
    pub fn typed(&self) -> bool {
        self.failed.is_some_and(|(_, typed)| !typed.is_empty())
    }

    /// Whether the form was sent and failed.
    pub const fn failed(&self) -> bool {
        self.failed.is_some()
    }

    /// The text to put into an input or a text area: the first that was typed, or nothing.
    pub fn value(&self, field: &str) -> &'a str {
        self.values(field).next().unwrap_or_default()
    }

    /// The same, with what to show where nothing was typed.
    pub fn value_or<'b>(&self, field: &str, first: &'b str) -> &'b str
    where
        'a: 'b,
    {
        if self.typed() { self.value(field) } else { first }
    }

    /// The texts of a field that may be repeated, in order.
    pub fn values(&self, field: &str) -> impl Iterator<Item = &'a str> {
        let typed = self.failed.map_or(&[][..], |(_, typed)| typed);
        typed.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Whether a checkbox without a value of its own is to be checked.
    pub fn checked(&self, field: &str) -> bool {
        self.values(field).next().is_some_and(|value| value != "false")
    }

    /// The same, with what to show where nothing was typed.
    pub fn checked_or(&self, field: &str, first: bool) -> bool {
        if self.typed() { self.checked(field) } else { first }
    }

    /// Whether one of several options of a field is chosen: a checkbox of a group, a radio button, an `<option>`.
    pub fn chosen(&self, field: &str, option: &str) -> bool {
        self.values(field).any(|value| value == option)
    }

    /// The same, with what to show where nothing was typed.
    pub fn chosen_or(&self, field: &str, option: &str, first: bool) -> bool {
        if self.typed() { self.chosen(field, option) } else { first }
    }

    /// What is wrong with a field, by its full name: also with the single values of one that is repeated.
    pub fn errors(&self, field: &str) -> impl Iterator<Item = &'a str> {
        self.issues().filter(move |issue| is_of(issue, field)).map(|issue| issue.message.as_str())
    }

    /// The first thing that is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&'a str> {
        self.errors(field).next()
    }

    /// Whether anything is wrong with a field.
    pub fn invalid(&self, field: &str) -> bool {
        self.error(field).is_some()
    }

    /// What is wrong with the form as a whole: the issues without a field, or the message of an error that is not about the
    /// input.
    pub fn form_errors(&self) -> impl Iterator<Item = &'a str> {
        let message = self
            .failed
            .filter(|(error, _)| !error.is_input_error())
            .map(|(error, _)| if error.text().is_empty() { error.code().as_str() } else { error.text() });
        let whole = self.issues().filter(|issue| issue.path.is_empty()).map(|issue| issue.message.as_str());
        message.into_iter().chain(whole)
    }

    /// The error itself, if the form failed.
    pub fn action_error(&self) -> Option<&'a ActionError> {
        self.failed.map(|(error, _)| error)
    }

    /// The id for the element that shows a field's errors; the same for the same action and field.
    pub fn error_id(&self, field: &str) -> String {
        // No two fields share one: what stands for a dot or a bracket is doubled.
        let plain = |text: &str| -> String {
            let sign = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
            text.chars().map(|char| if sign(char) { char.to_string() } else { "--".to_owned() }).collect()
        };
        format!("{}-{}-error", plain(self.action), plain(field))
    }

    /// That id if there is anything to show: the value for `aria-describedby`.
    pub fn described_by(&self, field: &str) -> Option<String> {
        self.invalid(field).then(|| self.error_id(field))
    }

    /// `aria-invalid` and `aria-describedby`, ready for an input's tag; nothing for a field that nothing is wrong with. It
    /// holds no text of the client's, and is safe to insert unescaped.
    pub fn attributes(&self, field: &str) -> FieldAttributes {
        FieldAttributes(self.described_by(field))
    }

    fn issues(&self) -> impl Iterator<Item = &'a Issue> {
        self.failed.map_or(&[][..], |(error, _)| error.issues()).iter()
    }
}

impl fmt::Debug for FormState<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormState").field("action", &self.action).field("error", &self.action_error()).finish()
    }
}

/// An input's attributes for assistive technology; see [`FormState::attributes`].
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

/// Whether an issue is one of a field, or of a value of a repeated one.
fn is_of(issue: &Issue, field: &str) -> bool {
    let name = issue.field();
    name == field
        || name
            .strip_prefix(field)
            .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'))
            .is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What was typed into a form, to be put back: its texts, without what the type marks as secret and what it does not know.
pub(crate) fn typed(form: &FormData, schema: Option<&Schema>) -> Vec<(String, String)> {
    form.iter()
        .filter_map(|(name, value)| match value {
            crate::FormValue::Text(text) => Some((name, text)),
            crate::FormValue::File(_) => None,
        })
        .filter(|(name, _)| schema.is_none_or(|schema| schema.can_redisplay(name)))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect()
}
