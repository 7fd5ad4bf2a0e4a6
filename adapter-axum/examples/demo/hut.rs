//! The hut: a board for members, and a flag for the keeper, behind gates.

use enact::{Action, ActionError, ActionErrorCode, Builder, Context, Registry};
use enact_axum::Results;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fields::{FormView, Input};
use crate::page::{Wire, section};
use crate::session::{self, PEOPLE, Person, Role, SIGN_IN, SIGN_OUT, User};
use crate::store::{State, Store};

pub(crate) const PIN: Action<NewNote, ()> = Action::form("board.pin");
pub(crate) const TAKE_DOWN: Action<Pinned, ()> = Action::form("board.take_down");
pub(crate) const HOIST: Action<Hoist, ()> = Action::form("flag.hoist");

/// How many notes the board has room for; the oldest falls off.
const ROOM: usize = 6;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct NewNote {
    #[schemars(length(max = 80), extend("x-message" = {
        "type": "An empty note helps nobody",
        "maxLength": "80 letters are what a note holds"
    }))]
    text: String,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Pinned {
    note: u64,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Hoist {
    flag: Flag,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Flag {
    Green,
    Red,
}

pub(crate) struct Note {
    id: u64,
    by: &'static str,
    text: String,
}

/// What hangs on the board at first.
pub(crate) fn notes() -> Vec<Note> {
    let note = |id, by, text: &str| Note { id, by, text: text.to_owned() };
    vec![
        note(1, "keeper", "Found below the slipway: one orange glove, a left one."),
        note(2, "ines", "Cake on Saturday if the oven is mended."),
    ]
}

pub(crate) fn actions() -> Builder {
    let admin = Registry::builder().gate(session::keeper).action(HOIST, hoist);
    Registry::builder().gate(session::signed_in).action(PIN, pin).action(TAKE_DOWN, take_down).merge(admin)
}

async fn pin(input: NewNote, ctx: Context) -> Result<(), ActionError> {
    let by = ctx.require::<User>()?.0.name;
    let mut state = ctx.require::<Store>()?.lock();
    if state.notes.len() >= ROOM {
        state.notes.remove(0);
    }
    let id = state.notes.iter().map(|note| note.id).max().unwrap_or_default() + 1;
    state.notes.push(Note { id, by, text: input.text });
    Ok(())
}

async fn take_down(input: Pinned, ctx: Context) -> Result<(), ActionError> {
    let Person { name, role, .. } = ctx.require::<User>()?.0;
    let mut state = ctx.require::<Store>()?.lock();
    let Some(at) = state.notes.iter().position(|note| note.id == input.note) else {
        return Err(ActionError::new(ActionErrorCode::NotFound).message("This note is gone already"));
    };
    // Which note it is, no gate can know.
    if *role != Role::Keeper && state.notes.get(at).is_none_or(|note| note.by != *name) {
        return Err(ActionError::new(ActionErrorCode::Forbidden).message("Only who pinned a note takes it down"));
    }
    state.notes.remove(at);
    Ok(())
}

async fn hoist(input: Hoist, ctx: Context) -> Result<(), ActionError> {
    ctx.require::<Store>()?.lock().flag = input.flag;
    Ok(())
}

pub(crate) fn view(results: &Results, state: &State, user: Option<User>) -> Markup {
    let wire = Wire {
        code: "let admin = Registry::builder()\n    .gate(keeper).action(HOIST, hoist);\nRegistry::builder()\n    \
               .gate(signed_in)\n    .action(PIN, pin)\n    .action(TAKE_DOWN, take_down)\n    .merge(admin)",
        route: format!("POST /{PIN}"),
        says: "A gate is asked before the form is read. Nothing is hidden here from those whom it will refuse, so try: it is \
               UNAUTHORIZED for a stranger, and FORBIDDEN for a member who reaches for the flag or for another's note.",
    };
    section(
        "hut",
        "In the hut",
        "Members pin notes to the board. The keeper has the flag.",
        &wire,
        html! {
            @match user {
                Some(User(person)) => (signed_in(results, person)),
                None => (signed_out(results)),
            }
            (board(results, state))
            (flag(results, state.flag))
        },
    )
}

fn signed_in(results: &Results, person: &Person) -> Markup {
    html! {
        @if let Some(Ok(welcome)) = results.get(SIGN_IN) {
            p.notice.good role="status" { "Come in, " (welcome.name) ". The kettle is on." }
        }
        form.row method="post" action={ (SIGN_OUT) "#hut" } {
            p {
                "You are " strong { (person.name) } ", "
                @match person.role { Role::Member => "a member.", Role::Keeper => "who keeps the flag." }
            }
            button.plain { "Sign out" }
        }
    }
}

fn signed_out(results: &Results) -> Markup {
    let form = FormView::new("door", results, SIGN_IN);
    html! {
        @if let Some(Ok(())) = results.get(SIGN_OUT) {
            p.notice.good role="status" { "You are signed out. Mind the step." }
        }
        form method="post" action={ (SIGN_IN) "#hut" } novalidate {
            (form.summary())
            div.pair {
                (form.input(Input { autocomplete: "username", ..Input::text("name", "Name") }))
                (form.input(Input { kind: "password", autocomplete: "current-password", ..Input::text("password", "Password") }))
            }
            p.hint {
                "Two people have a key: "
                @for (i, Person { name, password, role }) in PEOPLE.iter().enumerate() {
                    @if i > 0 { ", and " }
                    code { (name) } " (" @match role { Role::Member => "a member", Role::Keeper => "the keeper" } ") with "
                    code { (password) }
                }
                "."
            }
            button { "Sign in" }
        }
    }
}

fn board(results: &Results, state: &State) -> Markup {
    let form = FormView::new("board", results, PIN);
    html! {
        div.part #board {
            h3 { "The board" span.optional { "for members" } }
            (FormView::new("note", results, TAKE_DOWN).summary())
            @match results.get(TAKE_DOWN) {
                Some(Ok(())) => p.notice.good role="status" { "Taken down." },
                _ => {}
            }
            ul.notes {
                @for note in &state.notes {
                    li {
                        form.row method="post" action={ (TAKE_DOWN) "#board" } {
                            p { (note.text) " " span.by { "by " (note.by) } }
                            button.plain name="note" value=(note.id) {
                                "Take down" span.sr { " the note “" (note.text) "”" }
                            }
                        }
                    }
                }
            }
            form method="post" action={ (PIN) "#board" } novalidate {
                (form.summary())
                @if let Some(Ok(())) = results.get(PIN) {
                    p.notice.good role="status" { "It hangs on the board." }
                }
                (form.input(Input::text("text", "Your note")))
                button { "Pin it" }
            }
        }
    }
}

fn flag(results: &Results, flag: Flag) -> Markup {
    let (name, other, button) = match flag {
        Flag::Green => ("green", "red", "Hoist the red flag"),
        Flag::Red => ("red", "green", "Hoist the green flag"),
    };
    html! {
        div.part #flag {
            h3 { "The flag" span.optional { "for the keeper" } }
            form method="post" action={ (HOIST) "#flag" } {
                (FormView::new("flag", results, HOIST).summary())
                p role=[results.get(HOIST).map(|_| "status")] {
                    span.flag.(name) aria-hidden="true" {} "The " (name) " flag is up: "
                    @match flag { Flag::Green => "swims can be booked.", Flag::Red => "nobody goes in, and no swim can be booked." }
                }
                button name="flag" value=(other) { (button) }
            }
        }
    }
}
