//! The log of past swims, each with a button to wave at: JSON, called by a script.

use enact::{Action, ActionError, ActionErrorCode, Builder, Context, Registry};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::page::{Wire, section};
use crate::store::{State, Store};

pub(crate) const WAVE: Action<Wave, Waves> = Action::json("log.wave");

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Wave {
    entry: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Waves {
    waves: u64,
}

pub(crate) struct Entry {
    pub(crate) id: &'static str,
    pub(crate) waves: u64,
    when: &'static str,
    degrees: &'static str,
    text: &'static str,
}

pub(crate) const ENTRIES: [Entry; 3] = [
    Entry {
        id: "seal",
        waves: 14,
        when: "Tuesday, dawn",
        degrees: "12.4",
        text: "Nine of us and one seal, who kept to the left of the slipway and was better at it.",
    },
    Entry {
        id: "fog",
        waves: 6,
        when: "Sunday, dusk",
        degrees: "12.9",
        text: "Fog to the second buoy. We turned at the first, sang, and followed the singing back.",
    },
    Entry {
        id: "cake",
        waves: 31,
        when: "Saturday, noon",
        degrees: "13.1",
        text: "Low water, rock pools, and Ines brought the ginger cake again. Nobody swam far.",
    },
];

pub(crate) fn actions() -> Builder {
    Registry::builder().action(WAVE, wave)
}

async fn wave(input: Wave, ctx: Context) -> Result<Waves, ActionError> {
    let mut state = ctx.require::<Store>()?.lock();
    let Some(waves) = state.waves.get_mut(input.entry.as_str()) else {
        return Err(ActionError::new(ActionErrorCode::NotFound).message("This entry is no longer in the log"));
    };
    *waves += 1;
    Ok(Waves { waves: *waves })
}

pub(crate) fn view(state: &State) -> Markup {
    let wire = Wire {
        code: "import { actions } from \"/actions.js\";\n\nconst { data, error } =\n  await actions.log.wave({ entry });",
        route: format!("POST {}", WAVE.path("/")),
        says: "The server makes a module of its actions, for pages without a build step, with types for editors. The answer is \
               devalue, the format of Astro's actions.",
    };
    section(
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
                        // The script enables it.
                        button.wave type="button" data-wave=(entry.id) disabled {
                            "Wave" span.sr { " at the swim of " (entry.when) }
                            output.count { (state.waves.get(entry.id).copied().unwrap_or_default()) }
                        }
                    }
                }
            }
            p.notice role="alert" data-wave-error {}
            noscript { p.hint { "Waving needs JavaScript, which is off here. The forms below do without." } }
        },
    )
}
