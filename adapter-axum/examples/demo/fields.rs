//! Form fields with their labels, what was typed into them, and what is wrong with that.

use enact::{Action, ActionErrorCode, FormState};
use enact_axum::Results;
use maud::{Markup, PreEscaped, html};

/// A form on the page, and what became of it if it was just posted.
pub(crate) struct FormView<'a> {
    /// The prefix of its inputs' ids.
    id: &'static str,
    state: FormState<'a>,
}

impl<'a> FormView<'a> {
    pub(crate) fn new<I, O>(id: &'static str, results: &'a Results, action: Action<I, O>) -> Self {
        Self { id, state: results.form(action) }
    }

    /// What was typed, where the form failed; else what is saved.
    fn value(&self, name: &str, saved: &'a str) -> &'a str {
        self.state.value_or(name, saved)
    }

    /// Whether a box or a choice of this value was ticked.
    fn ticked(&self, name: &str, value: &str, saved: bool) -> bool {
        self.state.chosen_or(name, value, saved)
    }

    /// The element that tells what is wrong with a field (`contact.phone`, `coves[1]`). It is there when nothing is, for
    /// the script to fill.
    fn error(&self, name: &str) -> Markup {
        let messages: Vec<&str> = self.state.errors(name).collect();
        html! {
            p.error id=(self.state.error_id(name)) data-error=(name) { (messages.join(". ")) }
        }
    }

    fn invalid(&self, name: &str) -> Option<&'static str> {
        self.state.invalid(name).then_some("true")
    }

    fn input_id(&self, name: &str) -> String {
        format!("{}-{name}", self.id)
    }

    /// What is wrong with the form as a whole, above its fields.
    pub(crate) fn summary(&self) -> Markup {
        let Some(error) = self.state.action_error() else {
            return html! { p.notice role="alert" data-summary {} };
        };
        html! {
            p.notice.bad role="alert" data-summary {
                @if error.code() == ActionErrorCode::ContentTooLarge {
                    "That is more than we read. Is it the photo?"
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

    pub(crate) fn input(&self, input: Input<'a>) -> Markup {
        let (id, error_id) = (self.input_id(input.name), self.state.error_id(input.name));
        let hint_id = format!("{id}-hint");
        let described = if input.hint.is_empty() { error_id } else { format!("{hint_id} {error_id}") };
        let value = self.value(input.name, input.saved);
        html! {
            div.field {
                label for=(id) { (input.label) @if input.optional { span.optional { "optional" } } }
                @if input.long {
                    textarea id=(id) name=(input.name) rows="3" aria-describedby=(described)
                        aria-invalid=[self.invalid(input.name)] { (leading_newline(value)) (value) }
                } @else {
                    input id=(id) name=(input.name) type=(input.kind) value=(value) autocomplete=(input.autocomplete)
                        inputmode=[(input.kind == "number").then_some("numeric")]
                        aria-describedby=(described) aria-invalid=[self.invalid(input.name)];
                }
                @if !input.hint.is_empty() { p.hint id=(hint_id) { (input.hint) } }
                (self.error(input.name))
            }
        }
    }

    /// Several inputs of one name, which make a list.
    pub(crate) fn repeated(&self, legend: &str, name: &str, count: usize, saved: &[String]) -> Markup {
        let values: Vec<&str> = match self.state.typed() {
            true => self.state.values(name).collect(),
            false => saved.iter().map(String::as_str).collect(),
        };
        html! {
            fieldset.field {
                legend { (legend) span.optional { "optional" } }
                @for i in 0..count {
                    @let one = format!("{name}[{i}]");
                    input name=(name) type="text" value=[values.get(i)] autocomplete="off"
                        aria-label={ (legend) ", number " (i + 1) }
                        aria-describedby=(self.state.error_id(&one)) aria-invalid=[self.invalid(&one)];
                    (self.error(&one))
                }
            }
        }
    }

    pub(crate) fn select(&self, label: &str, name: &str, empty: &str, choices: &[Choice]) -> Markup {
        let id = self.input_id(name);
        html! {
            div.field {
                label for=(id) { (label) }
                select id=(id) name=(name) aria-describedby=(self.state.error_id(name)) aria-invalid=[self.invalid(name)] {
                    option value="" { (empty) }
                    @for choice in choices {
                        option value=(choice.value) selected[self.ticked(name, choice.value, choice.saved)] { (choice.label) }
                    }
                }
                (self.error(name))
            }
        }
    }

    /// A group of check boxes, which make a list, or of radio buttons, of which one counts.
    pub(crate) fn group(&self, legend: &str, name: &str, kind: &str, choices: &[Choice]) -> Markup {
        html! {
            fieldset.field aria-describedby=(self.state.error_id(name)) {
                legend { (legend) }
                div.choices {
                    @for choice in choices {
                        label.choice {
                            input type=(kind) name=(name) value=(choice.value) aria-invalid=[self.invalid(name)]
                                checked[self.ticked(name, choice.value, choice.saved)];
                            span { (choice.label) }
                        }
                    }
                }
                (self.error(name))
            }
        }
    }

    /// One check box, which makes a `bool`.
    pub(crate) fn checkbox(&self, label: &str, name: &str, saved: bool) -> Markup {
        html! {
            div.field {
                label.choice {
                    input type="checkbox" name=(name) value="on" checked[self.ticked(name, "on", saved)]
                        aria-describedby=(self.state.error_id(name)) aria-invalid=[self.invalid(name)];
                    span { (label) }
                }
                (self.error(name))
            }
        }
    }

    pub(crate) fn file(&self, label: &str, name: &str, accept: &str, hint: &str) -> Markup {
        let id = self.input_id(name);
        html! {
            div.field {
                label for=(id) { (label) }
                input id=(id) name=(name) type="file" accept=(accept)
                    aria-describedby={ (id) "-hint " (self.state.error_id(name)) } aria-invalid=[self.invalid(name)];
                p.hint id={ (id) "-hint" } { (hint) }
                (self.error(name))
            }
        }
    }
}

/// An input of one line, or of several if it is `long`.
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

/// One of several that can be chosen.
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) label: String,
    pub(crate) saved: bool,
}

/// HTML drops a line break that directly follows `<textarea>`, so one that was typed needs another before it.
fn leading_newline(value: &str) -> Markup {
    PreEscaped(if value.starts_with('\n') || value.starts_with("\r\n") { "\n".to_owned() } else { String::new() })
}
