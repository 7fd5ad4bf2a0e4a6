//! The newsletter: a plain HTML form.

use enact::page::PageResult;
use enact::{Action, ActionError, Context, FormAction, Issue, Registry, RegistryBuilder};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::store::Store;
use crate::markup::fields::{Choice, FormView, Input};
use crate::markup::section::{Wire, render_section};

pub(crate) const SIGN_UP: FormAction<SignUp, Reader> = Action::form("newsletter");

#[derive(Deserialize, JsonSchema)]
pub(crate) struct SignUp {
    #[schemars(email, extend("x-message" = {
        "type": "Where should we send it?",
        "format": "That is not an email address yet"
    }))]
    email: String,
    #[schemars(length(max = 60), extend("x-message" = "At most 60 letters fit on the envelope"))]
    name: Option<String>,
    #[schemars(extend("x-message" = "Choose how often"))]
    often: Often,
}

#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Often {
    Weekly,
    SpringTides,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Reader {
    email: String,
    name: Option<String>,
    often: Often,
    number: usize,
}

pub(crate) fn actions() -> RegistryBuilder {
    Registry::builder().action(SIGN_UP.handler(sign_up))
}

async fn sign_up(input: SignUp, ctx: Context) -> Result<Reader, ActionError> {
    let mut state = ctx.require::<Store>()?.lock();
    if state.readers.iter().any(|reader| reader.eq_ignore_ascii_case(&input.email)) {
        return Err(ActionError::invalid([Issue::new("This address already gets the letter").at("email")]));
    }
    state.readers.push(input.email.clone());
    Ok(Reader { email: input.email, name: input.name, often: input.often, number: state.readers.len() })
}

pub(crate) fn render(result: &PageResult) -> Markup {
    let signed_up = result.get(SIGN_UP);
    let form = FormView::new("letter", result, SIGN_UP);
    let wire = Wire {
        code: "const SIGN_UP: FormAction<SignUp, Reader> =\n    Action::form(\"newsletter\");",
        route: format!("POST /{SIGN_UP}"),
        text: "A plain form, posted to this page. The function runs once. Then the browser is redirected to the page with the result, \
               so a reload does not post the form again. It needs no JavaScript.",
    };
    render_section(
        "letter",
        "The letter",
        "Tides, water temperature and sightings of the seal. One page, by email.",
        &wire,
        html! {
            @if let Some(Ok(reader)) = signed_up {
                p.notice.good role="status" {
                    "Welcome aboard" @if let Some(name) = &reader.name { ", " (name) } ". "
                    "You are reader number " (reader.number) ", and the "
                    @match reader.often { Often::Weekly => "next letter", Often::SpringTides => "letter of the next spring tide" }
                    " goes to " strong { (reader.email) } "."
                }
            }
            form method="post" action={ (SIGN_UP) "#letter" } novalidate {
                (form.render_summary())
                div.pair {
                    (form.render_input(Input { kind: "email", autocomplete: "email", ..Input::text("email", "Email") }))
                    (form.render_input(Input { optional: true, autocomplete: "given-name", ..Input::text("name", "First name") }))
                }
                (form.render_group("How often", "often", "radio", &[
                    Choice { value: "weekly", label: "Every Friday".to_owned(), saved: true },
                    Choice { value: "spring-tides", label: "Only for spring tides".to_owned(), saved: false },
                ]))
                button { "Send me the letter" }
            }
        },
    )
}
