//! Form fields with their labels, submitted values and errors.

use enact::page::{FormState, PageResult};
use enact::{ActionErrorCode, FormAction};
use maud::{Markup, PreEscaped, html};

/// A form on the page, with its state if it was just posted.
pub(crate) struct FormView<'a> {
    /// The prefix of its inputs' ids.
    id: &'static str,
    state: FormState<'a>,
}

impl<'a> FormView<'a> {
    pub(crate) fn new<I, O>(id: &'static str, result: &'a PageResult, action: FormAction<I, O>) -> Self {
        Self { id, state: result.form(action) }
    }

    /// Returns the submitted value if the form failed, or else the saved value.
    fn value(&self, name: &str, saved: &'a str) -> &'a str {
        self.state.value_or(name, saved)
    }

    /// Returns whether the checkbox, radio button or option with this value is selected.
    fn is_chosen(&self, name: &str, value: &str, saved: bool) -> bool {
        self.state.is_selected_or(name, value, saved)
    }

    /// Renders the errors of a field, for example `contact.phone` or `coves[1]`. The element is always present, so that the
    /// script can fill it.
    fn render_error(&self, name: &str) -> Markup {
        let messages: Vec<&str> = self.state.errors(name).collect();
        html! {
            p.error id=(self.state.error_id(name)) data-error=(name) { (messages.join(". ")) }
        }
    }

    /// Returns the value of `aria-invalid`.
    fn aria_invalid(&self, name: &str) -> Option<&'static str> {
        self.state.is_invalid(name).then_some("true")
    }

    fn input_id(&self, name: &str) -> String {
        format!("{}-{name}", self.id)
    }

    /// Renders the errors of the form as a whole. It stands above the fields.
    pub(crate) fn render_summary(&self) -> Markup {
        let Some(error) = self.state.action_error() else {
            return html! { p.notice role="alert" data-summary {} };
        };
        html! {
            p.notice.bad role="alert" data-summary {
                @if error.code() == ActionErrorCode::ContentTooLarge {
                    "The form is too large. Is it the photo?"
                } @else {
                    @match error.issues().len() {
                        0 => {}
                        1 => "One thing needs another look. ",
                        n => { (n) " things need another look. " }
                    }
                    @for message in self.state.form_errors() { (message) " " }
                }
            }
        }
    }

    pub(crate) fn render_input(&self, input: Input<'a>) -> Markup {
        let (id, error_id) = (self.input_id(input.name), self.state.error_id(input.name));
        let hint_id = format!("{id}-hint");
        let described = if input.hint.is_empty() { error_id } else { format!("{hint_id} {error_id}") };
        let value = self.value(input.name, input.saved);
        html! {
            div.field {
                label for=(id) { (input.label) @if input.optional { span.optional { "optional" } } }
                @if input.long {
                    textarea id=(id) name=(input.name) rows="3" aria-describedby=(described)
                        aria-invalid=[self.aria_invalid(input.name)] { (render_leading_newline(value)) (value) }
                } @else {
                    input id=(id) name=(input.name) type=(input.kind) value=(value) autocomplete=(input.autocomplete)
                        inputmode=[(input.kind == "number").then_some("numeric")]
                        aria-describedby=(described) aria-invalid=[self.aria_invalid(input.name)];
                }
                @if !input.hint.is_empty() { p.hint id=(hint_id) { (input.hint) } }
                (self.render_error(input.name))
            }
        }
    }

    /// Renders several inputs with one name, which an action reads as a list.
    pub(crate) fn render_list(&self, legend: &str, name: &str, count: usize, saved: &[String]) -> Markup {
        let values: Vec<&str> = match self.state.has_submitted_values() {
            true => self.state.values(name).collect(),
            false => saved.iter().map(String::as_str).collect(),
        };
        html! {
            fieldset.field {
                legend { (legend) span.optional { "optional" } }
                @for i in 0..count {
                    @let item = format!("{name}[{i}]");
                    input name=(name) type="text" value=[values.get(i)] autocomplete="off"
                        aria-label={ (legend) ", number " (i + 1) }
                        aria-describedby=(self.state.error_id(&item)) aria-invalid=[self.aria_invalid(&item)];
                    (self.render_error(&item))
                }
            }
        }
    }

    pub(crate) fn render_select(&self, label: &str, name: &str, empty: &str, choices: &[Choice]) -> Markup {
        let id = self.input_id(name);
        html! {
            div.field {
                label for=(id) { (label) }
                select id=(id) name=(name) aria-describedby=(self.state.error_id(name)) aria-invalid=[self.aria_invalid(name)] {
                    option value="" { (empty) }
                    @for choice in choices {
                        option value=(choice.value) selected[self.is_chosen(name, choice.value, choice.saved)] { (choice.label) }
                    }
                }
                (self.render_error(name))
            }
        }
    }

    /// Renders a group of checkboxes, which an action reads as a list, or of radio buttons, which it reads as one value.
    pub(crate) fn render_group(&self, legend: &str, name: &str, kind: &str, choices: &[Choice]) -> Markup {
        html! {
            fieldset.field aria-describedby=(self.state.error_id(name)) {
                legend { (legend) }
                div.choices {
                    @for choice in choices {
                        label.choice {
                            input type=(kind) name=(name) value=(choice.value) aria-invalid=[self.aria_invalid(name)]
                                checked[self.is_chosen(name, choice.value, choice.saved)];
                            span { (choice.label) }
                        }
                    }
                }
                (self.render_error(name))
            }
        }
    }

    /// Renders a checkbox that an action reads as a `bool`.
    pub(crate) fn render_checkbox(&self, label: &str, name: &str, saved: bool) -> Markup {
        html! {
            div.field {
                label.choice {
                    input type="checkbox" name=(name) value="on" checked[self.is_chosen(name, "on", saved)]
                        aria-describedby=(self.state.error_id(name)) aria-invalid=[self.aria_invalid(name)];
                    span { (label) }
                }
                (self.render_error(name))
            }
        }
    }

    pub(crate) fn render_file(&self, label: &str, name: &str, accept: &str, hint: &str) -> Markup {
        let id = self.input_id(name);
        html! {
            div.field {
                label for=(id) { (label) }
                input id=(id) name=(name) type="file" accept=(accept)
                    aria-describedby={ (id) "-hint " (self.state.error_id(name)) } aria-invalid=[self.aria_invalid(name)];
                p.hint id={ (id) "-hint" } { (hint) }
                (self.render_error(name))
            }
        }
    }
}

/// A text input. It has several lines if it is `long`.
pub(crate) struct Input<'a> {
    pub(crate) name: &'a str,
    pub(crate) label: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) hint: &'a str,
    pub(crate) saved: &'a str,
    pub(crate) autocomplete: &'a str,
    pub(crate) optional: bool,
    pub(crate) long: bool,
}

impl<'a> Input<'a> {
    pub(crate) fn text(name: &'a str, label: &'a str) -> Self {
        Self { name, label, kind: "text", hint: "", saved: "", autocomplete: "off", optional: false, long: false }
    }
}

/// An option of a select or a group.
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) label: String,
    pub(crate) saved: bool,
}

/// Renders a line break before a value that begins with one. HTML drops the first line break after `<textarea>`.
fn render_leading_newline(value: &str) -> Markup {
    PreEscaped(if value.starts_with('\n') || value.starts_with("\r\n") { "\n".to_owned() } else { String::new() })
}
