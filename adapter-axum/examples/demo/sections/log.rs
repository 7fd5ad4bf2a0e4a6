//! The log of past swims. Each entry has a button that a script turns into a JSON call.

use enact::{Action, ActionError, ActionErrorCode, Context, Registry, RegistryBuilder};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::log::ENTRIES;
use crate::data::store::{State, Store};
use crate::markup::section::{Wire, render_section};

pub(crate) const WAVE: Action<Wave, Waves> = Action::json("log.wave");

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Wave {
    entry: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Waves {
    waves: u64,
}

pub(crate) fn actions() -> RegistryBuilder {
    Registry::builder().action(WAVE.handler(wave))
}

async fn wave(input: Wave, ctx: Context) -> Result<Waves, ActionError> {
    let mut state = ctx.require::<Store>()?.lock();
    let Some(waves) = state.waves.get_mut(input.entry.as_str()) else {
        return Err(ActionError::new(ActionErrorCode::NotFound).with_message("This entry is no longer in the log"));
    };
    *waves += 1;
    Ok(Waves { waves: *waves })
}

pub(crate) fn render(state: &State) -> Markup {
    let wire = Wire {
        code: "import { actions } from \"/actions.js\";\n\nconst { data, error } =\n  await actions.log.wave({ entry });",
        route: format!("POST {}", WAVE.path("/")),
        text: "The server generates /actions.js from its actions. Pages import it without a build step. The response is devalue, \
               the format of Astro's actions.",
    };
    render_section(
        "log",
        "From the log",
        "Wave at a swim that you would have liked to be on.",
        &wire,
        html! {
            ul.log {
                @for entry in &ENTRIES {
                    li {
                        p.when { (entry.when) span.degrees { (entry.degrees) " °C" } }
                        p { (entry.text) }
                        // Disabled until the script runs.
                        button.wave type="button" data-wave=(entry.id) disabled {
                            "Wave" span.sr { " at the swim of " (entry.when) }
                            output.count { (state.waves.get(entry.id).copied().unwrap_or_default()) }
                        }
                    }
                }
            }
            p.notice role="alert" data-wave-error {}
            noscript { p.hint { "Waving needs JavaScript, which is off here. The forms below work without it." } }
        },
    )
}
