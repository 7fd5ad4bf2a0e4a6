//! Form fields with their labels, what was typed into them, and what is wrong with that.

use enact::{ActionError, ActionErrorCode, Issue};
use maud::{Markup, PreEscaped, html};

use crate::typed::Typed;

/// A form on the page, and what became of it if it was just posted.
pub(crate) struct FormView<'a> {
    /// The prefix of its elements' ids.
    id: &'static str,
    error: Option<&'a ActionError>,
    /// `None` where nothing was typed, or where it could not be read.
    typed: Option<&'a Typed>,
}

impl<'a> FormView<'a> {
    pub(crate) fn new<O>(id: &'static str, result: Option<Result<O, &'a ActionError>>, typed: &'a Typed) -> Self {
        let error = result.and_then(Result::err);
        Self { id, error, typed: error.and(Some(typed)).filter(|typed| !typed.is_empty()) }
    }

    /// What was typed, where the form failed; else what is saved.
    fn value(&self, name: &'a str, saved: &'a str) -> &'a str {
        match self.typed {
            Some(typed) => typed.all(name).next().unwrap_or_default(),
            None => saved,
        }
    }

    /// Whether a box or a choice of this value was ticked.
    fn ticked(&self, name: &str, value: &str, saved: bool) -> bool {
        match self.typed {
            Some(typed) => typed.all(name).any(|typed| typed == value),
            None => saved,
        }
    }

    /// The element that tells what is wrong at a path (`contact.phone`, `coves.1`). It is there when nothing is, for the
    /// script to fill.
    fn error(&self, path: &str) -> Markup {
        let messages: Vec<&str> =
            self.issues().filter(|issue| dotted(issue) == path).map(|i| i.message.as_str()).collect();
        html! {
            p.error id=(self.error_id(path)) data-error=(path) { (messages.join(". ")) }
        }
    }

    fn error_id(&self, path: &str) -> String {
        format!("{}-{path}-error", self.id)
    }

    fn input_id(&self, path: &str) -> String {
        format!("{}-{path}", self.id)
    }

    fn invalid(&self, path: &str) -> Option<&'static str> {
        self.issues().any(|issue| dotted(issue) == path).then_some("true")
    }

    fn issues(&self) -> impl Iterator<Item = &'a Issue> {
        self.error.iter().flat_map(|error| error.issues())
    }

    /// What is wrong with the form as a whole, above its fields.
    pub(crate) fn summary(&self) -> Markup {
        let Some(error) = self.error else {
            return html! { p.notice role="alert" data-summary {} };
        };
        html! {
            p.notice.bad role="alert" data-summary {
                @match error.issues().len() {
                    0 if error.code() == ActionErrorCode::ContentTooLarge => "That is more than we read. Is it the photo?",
                    0 => (error.text()),
                    1 => "One thing needs another look.",
                    n => { (n) " things need another look." }
                }
                @for issue in error.issues().iter().filter(|issue| issue.path.is_empty()) {
                    " " (issue.message)
                }
            }
        }
    }

    pub(crate) fn input(&self, input: Input<'a>) -> Markup {
        let (id, error_id) = (self.input_id(input.name), self.error_id(input.name));
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
        let values: Vec<&str> = match self.typed {
            Some(typed) => typed.all(name).collect(),
            None => saved.iter().map(String::as_str).collect(),
        };
        html! {
            fieldset.field aria-describedby=(self.error_id(name)) {
                legend { (legend) span.optional { "optional" } }
                @for i in 0..count {
                    @let path = format!("{name}.{i}");
                    input name=(name) type="text" value=[values.get(i)] autocomplete="off"
                        aria-label={ (legend) ", number " (i + 1) }
                        aria-describedby=(self.error_id(&path)) aria-invalid=[self.invalid(&path)];
                    (self.error(&path))
                }
                (self.error(name))
            }
        }
    }

    pub(crate) fn select(&self, label: &str, name: &str, empty: &str, choices: &[Choice]) -> Markup {
        let id = self.input_id(name);
        html! {
            div.field {
                label for=(id) { (label) }
                select id=(id) name=(name) aria-describedby=(self.error_id(name)) aria-invalid=[self.invalid(name)] {
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
            fieldset.field aria-describedby=(self.error_id(name)) {
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
                        aria-describedby=(self.error_id(name)) aria-invalid=[self.invalid(name)];
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
                label for=(id) { (label) span.optional { "optional" } }
                input id=(id) name=(name) type="file" accept=(accept)
                    aria-describedby={ (id) "-hint " (self.error_id(name)) } aria-invalid=[self.invalid(name)];
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

/// The path of an issue as the page writes it, and as JavaScript's `path.join(".")` does.
fn dotted(issue: &Issue) -> String {
    issue.path.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}
