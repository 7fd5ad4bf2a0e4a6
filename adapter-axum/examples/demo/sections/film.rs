//! Uploads of films of many megabytes. With JavaScript they show progress and can be stopped.

use enact::page::PageResult;
use enact::{Action, ActionError, Context, File, FormAction, Limits, Registry, RegistryBuilder};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::store::{State, Store};
use crate::markup::fields::{FormView, Input};
use crate::markup::section::{Wire, render_section};

pub(crate) const SEND: FormAction<Film, Sent> = Action::form("film.send");

/// The body limit in bytes. It is well above the limit of the film, so that the error of a large film is shown at its input.
const MAX_BODY_BYTES: usize = 48 * 1024 * 1024;

/// A film to upload.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Film {
    /// The title of the film.
    #[schemars(length(max = 60), extend("x-message" = {
        "type": "What is on it?",
        "maxLength": "At most 60 letters fit on the can"
    }))]
    title: String,
    /// The video file.
    #[schemars(extend(
        "x-max-bytes" = 33_554_432,
        "x-media-types" = ["video/*"],
        "x-message" = {
            "required": "Choose a film",
            "type": "Choose a film",
            "x-max-bytes": "The film is larger than 32 MB",
            "x-media-types": "This file is not a video"
        }
    ))]
    film: File,
}

/// A film that was received.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Sent {
    title: String,
    bytes: usize,
    /// The number of films received so far, with this one.
    films: usize,
}

pub(crate) fn actions() -> RegistryBuilder {
    Registry::builder()
        .action(SEND.handler(send).limits(Limits::default().with_max_body_bytes(MAX_BODY_BYTES).with_max_files(1)))
}

/// Counts the film and discards it.
async fn send(input: Film, ctx: Context) -> Result<Sent, ActionError> {
    let mut state = ctx.require::<Store>()?.lock();
    state.films += 1;
    Ok(Sent { title: input.title, bytes: input.film.len(), films: state.films })
}

pub(crate) fn render(result: &PageResult, state: &State) -> Markup {
    let form = FormView::new("reel", result, SEND);
    let wire = Wire {
        code: "import { actions, enhance }\n  from \"/actions.js\";\n\nenhance(form, actions.film.send,\n  { onData });",
        route: format!("POST /{SEND}"),
        text: "The form also works without a script. With one, enhance() sends it without leaving the page, shows the progress and \
               lets you stop the upload.",
    };
    render_section(
        "film",
        "Films",
        "Seals, waves, someone slipping on the slipway. Up to 32 MB.",
        &wire,
        html! {
            p.notice.good role="status" data-done {
                @if let Some(Ok(sent)) = result.get(SEND) {
                    "“" (sent.title) "” is in the can. Film number " (sent.films) "."
                }
            }
            form method="post" action={ (SEND) "#film" } enctype="multipart/form-data" novalidate {
                (form.render_summary())
                div.pair {
                    (form.render_input(Input::text("title", "Title")))
                    (form.render_file("Film", "film", "video/*", "Any video"))
                }
                div.sending {
                    button { "Send the film" }
                    progress hidden aria-label="How much of the film is sent" {}
                    button.plain type="button" data-abort hidden { "Stop" }
                }
            }
            p.hint { "Films so far: " span data-films { (state.films) } ". None of them was kept." }
        },
    )
}
