//! Films: uploads of many megabytes, with a progress bar and a way to end them where there are scripts.

use enact::{Action, ActionError, Builder, Context, File, Limits, Registry};
use enact_axum::Results;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fields::{FormView, Input};
use crate::page::{Wire, section};
use crate::store::{State, Store};

pub(crate) const SEND: Action<Film, Sent> = Action::form("film.send");

/// In bytes. It is well above what a film may have, so that one that is too large is told beside its input.
const LONGEST_BODY: usize = 48 * 1024 * 1024;

/// A film to be sent.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Film {
    /// What is on it.
    #[schemars(length(max = 60), extend("x-message" = {
        "type": "What is on it?",
        "maxLength": "60 letters are the most that fit the can"
    }))]
    title: String,
    /// A video.
    #[schemars(extend(
        "x-max-bytes" = 33_554_432,
        "x-media-types" = ["video/*"],
        "x-message" = {
            "required": "Choose a film",
            "type": "Choose a film",
            "x-max-bytes": "The film has more than 32 MB",
            "x-media-types": "That is no film"
        }
    ))]
    film: File,
}

/// A film that came.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Sent {
    title: String,
    bytes: usize,
    /// How many there are with it.
    films: usize,
}

pub(crate) fn actions() -> Builder {
    Registry::builder().define(SEND.handler(send).limits(Limits::default().body(LONGEST_BODY).files(1)))
}

/// Counts the film and forgets it.
async fn send(input: Film, ctx: Context) -> Result<Sent, ActionError> {
    let mut state = ctx.require::<Store>()?.lock();
    state.films += 1;
    Ok(Sent { title: input.title, bytes: input.film.len(), films: state.films })
}

pub(crate) fn view(results: &Results, state: &State) -> Markup {
    let form = FormView::new("reel", results, SEND);
    let wire = Wire {
        code: "import { actions, enhance }\n  from \"/actions.js\";\n\nenhance(form, actions.film.send,\n  { onData });",
        route: format!("POST /{SEND}"),
        says: "The form posts by itself. The module that the server makes of its actions sends it without leaving the page, \
               with a bar and a way to stop.",
    };
    section(
        "film",
        "Films",
        "Seals, waves, someone slipping on the slipway. Up to 32 MB.",
        &wire,
        html! {
            p.notice.good role="status" data-done {
                @if let Some(Ok(sent)) = results.get(SEND) {
                    "“" (sent.title) "” is in the can. Film number " (sent.films) "."
                }
            }
            form method="post" action={ (SEND) "#film" } enctype="multipart/form-data" novalidate {
                (form.summary())
                div.pair {
                    (form.input(Input::text("title", "Title")))
                    (form.file("Film", "film", "video/*", "Any video"))
                }
                div.sending {
                    button { "Send the film" }
                    progress hidden aria-label="How much of the film is sent" {}
                    button.plain type="button" data-abort hidden { "Stop" }
                }
            }
            p.hint { "Films so far: " span data-films { (state.films) } ". None was kept." }
        },
    )
}
