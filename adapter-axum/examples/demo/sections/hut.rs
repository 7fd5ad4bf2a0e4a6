//! The hut, behind gates: a board for members and a flag for the keeper.

use enact::page::PageResult;
use enact::{Action, ActionError, ActionErrorCode, Context, FormAction, Registry, RegistryBuilder};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::data::board::{Board, Flag};
use crate::data::people::{PEOPLE, Person, Role};
use crate::data::store::{State, Store};
use crate::markup::fields::{FormView, Input};
use crate::markup::section::{Wire, render_section};
use crate::session::{SIGN_IN, SIGN_OUT, User, require_keeper, require_sign_in};

pub(crate) const PIN: FormAction<NewNote, ()> = Action::form("board.pin");
pub(crate) const TAKE_DOWN: FormAction<NoteId, ()> = Action::form("board.take_down");
pub(crate) const HOIST: FormAction<Hoist, ()> = Action::form("flag.hoist");

#[derive(Deserialize, JsonSchema)]
pub(crate) struct NewNote {
    #[schemars(length(max = 80), extend("x-message" = {
        "type": "A note needs some text",
        "maxLength": "At most 80 letters fit on a note"
    }))]
    text: String,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct NoteId {
    note: u64,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Hoist {
    flag: Flag,
}

pub(crate) fn actions() -> RegistryBuilder {
    let admin = Registry::builder().gate(require_keeper).action(HOIST.handler(hoist));
    Registry::builder().gate(require_sign_in).action(PIN.handler(pin)).action(TAKE_DOWN.handler(take_down)).merge(admin)
}

async fn pin(input: NewNote, ctx: Context) -> Result<(), ActionError> {
    let author = ctx.require::<User>()?.0.name;
    ctx.require::<Store>()?.lock().board.pin(author, input.text);
    Ok(())
}

async fn take_down(input: NoteId, ctx: Context) -> Result<(), ActionError> {
    let Person { name, role, .. } = ctx.require::<User>()?.0;
    let board = &mut ctx.require::<Store>()?.lock().board;
    let Some(note) = board.note(input.note) else {
        return Err(ActionError::new(ActionErrorCode::NotFound).with_message("This note is already gone"));
    };
    // A gate cannot check this, because it runs before the input is read.
    if *role != Role::Keeper && note.author != *name {
        let message = "Only its author or the keeper may take down a note";
        return Err(ActionError::new(ActionErrorCode::Forbidden).with_message(message));
    }
    board.take_down(input.note);
    Ok(())
}

async fn hoist(input: Hoist, ctx: Context) -> Result<(), ActionError> {
    ctx.require::<Store>()?.lock().flag = input.flag;
    Ok(())
}

pub(crate) fn render(result: &PageResult, state: &State, user: Option<User>) -> Markup {
    let wire = Wire {
        code: "let admin = Registry::builder()\n    .gate(require_keeper)\n    .action(HOIST.handler(hoist));\nRegistry::builder()\n    \
               .gate(require_sign_in)\n    .action(PIN.handler(pin))\n    .action(TAKE_DOWN.handler(take_down))\n    .merge(admin)",
        route: format!("POST /{PIN}"),
        text: "A gate runs before the body is read. This page shows the forms to everyone, so try them: the result is UNAUTHORIZED if \
               you are not signed in, and FORBIDDEN if a member hoists the flag or takes down the note of another person.",
    };
    render_section(
        "hut",
        "In the hut",
        "Members pin notes to the board. The keeper has the flag.",
        &wire,
        html! {
            @match user {
                Some(User(person)) => (render_sign_out(result, person)),
                None => (render_sign_in(result)),
            }
            (render_board(result, &state.board))
            (render_flag(result, state.flag))
        },
    )
}

fn render_sign_out(result: &PageResult, person: &Person) -> Markup {
    html! {
        @if let Some(Ok(welcome)) = result.get(SIGN_IN) {
            p.notice.good role="status" { "Come in, " (welcome.name) ". The kettle is on." }
        }
        form.row method="post" action={ (SIGN_OUT) "#hut" } {
            p {
                "You are " strong { (person.name) } ", "
                @match person.role { Role::Member => "a member.", Role::Keeper => "the keeper of the flag." }
            }
            button.plain { "Sign out" }
        }
    }
}

fn render_sign_in(result: &PageResult) -> Markup {
    let form = FormView::new("door", result, SIGN_IN);
    html! {
        @if let Some(Ok(())) = result.get(SIGN_OUT) {
            p.notice.good role="status" { "You are signed out. Mind the step." }
        }
        form method="post" action={ (SIGN_IN) "#hut" } novalidate {
            (form.render_summary())
            div.pair {
                (form.render_input(Input { autocomplete: "username", ..Input::text("name", "Name") }))
                (form.render_input(Input { kind: "password", autocomplete: "current-password", ..Input::text("password", "Password") }))
            }
            p.hint {
                "Two people can sign in: "
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

fn render_board(result: &PageResult, board: &Board) -> Markup {
    let form = FormView::new("board", result, PIN);
    html! {
        div.part #board {
            h3 { "The board" span.optional { "for members" } }
            (FormView::new("note", result, TAKE_DOWN).render_summary())
            @match result.get(TAKE_DOWN) {
                Some(Ok(())) => p.notice.good role="status" { "Taken down." },
                _ => {}
            }
            ul.notes {
                @for note in board.notes() {
                    li {
                        form.row method="post" action={ (TAKE_DOWN) "#board" } {
                            p { (note.text) " " span.by { "by " (note.author) } }
                            button.plain name="note" value=(note.id) {
                                "Take down" span.sr { " the note “" (note.text) "”" }
                            }
                        }
                    }
                }
            }
            form method="post" action={ (PIN) "#board" } novalidate {
                (form.render_summary())
                @if let Some(Ok(())) = result.get(PIN) {
                    p.notice.good role="status" { "Your note is on the board." }
                }
                (form.render_input(Input::text("text", "Your note")))
                button { "Pin it" }
            }
        }
    }
}

fn render_flag(result: &PageResult, flag: Flag) -> Markup {
    let (name, other, button) = match flag {
        Flag::Green => ("green", "red", "Hoist the red flag"),
        Flag::Red => ("red", "green", "Hoist the green flag"),
    };
    html! {
        div.part #flag {
            h3 { "The flag" span.optional { "for the keeper" } }
            form method="post" action={ (HOIST) "#flag" } {
                (FormView::new("flag", result, HOIST).render_summary())
                p role=[result.get(HOIST).map(|_| "status")] {
                    span.flag.(name) aria-hidden="true" {} "The " (name) " flag is up: "
                    @match flag { Flag::Green => "swims can be booked.", Flag::Red => "nobody goes in, and no swim can be booked." }
                }
                button name="flag" value=(other) { (button) }
            }
        }
    }
}
