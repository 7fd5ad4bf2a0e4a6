//! Booking a swim, with a form that a script validates while the visitor fills it in. It also works without JavaScript.

use enact::page::PageResult;
use enact::{Action, ActionError, ActionErrorCode, Context, FormAction, Issue, Issues, Registry, RegistryBuilder};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::board::Flag;
use crate::data::store::{State, Store};
use crate::data::swim::Slot;
use crate::markup::fields::{Choice, FormView, Input};
use crate::markup::section::{Wire, render_section};

pub(crate) const BOOK: FormAction<Booking, Booked> = Action::form("swim.book");
/// Validates the same input by the same rules, and books nothing.
pub(crate) const CHECK: FormAction<Booking, ()> = Action::form("swim.check");

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Booking {
    #[schemars(length(min = 2, max = 60), extend("x-message" = {
        "type": "Who is coming?",
        "minLength": "At least two letters",
        "maxLength": "At most 60 letters fit on the board"
    }))]
    name: String,
    #[schemars(email, extend("x-message" = {
        "type": "We need your address in case the weather turns",
        "format": "That is not an email address yet"
    }))]
    email: String,
    #[schemars(extend("x-message" = "Choose a swim"))]
    slot: Slot,
    #[schemars(range(min = 1, max = 6), extend("x-message" = {
        "type": "How many are you, in digits?",
        "integer": "Whole swimmers only",
        "minimum": "At least one person has to come",
        "maximum": "Six is the largest group we can watch"
    }))]
    people: u8,
    #[schemars(range(max = 6), extend("x-message" = "A number from 0 to 6"))]
    first_timers: u8,
    #[schemars(length(max = 140), extend("x-message" = "At most 140 characters fit on the board"))]
    note: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Booked {
    reference: String,
    summary: String,
    slot: Slot,
    places_left: u8,
}

pub(crate) fn actions() -> RegistryBuilder {
    Registry::builder()
        .action(BOOK.handler(book).refine(check_first_timers).refine_async(check_places))
        .action(CHECK.handler(check).refine(check_first_timers).refine_async(check_places))
}

fn check_first_timers(input: &Booking, issues: &mut Issues) {
    if input.first_timers > input.people {
        issues.add("There cannot be more first-timers than people").at("first_timers");
    }
}

async fn check_places(input: &Booking, ctx: &Context) -> Result<Issues, ActionError> {
    let places = ctx.require::<Store>()?.lock().free_places(input.slot);
    Ok(find_lack_of_places(input, places).into_iter().collect())
}

/// Returns an issue if the party is larger than the number of free places.
fn find_lack_of_places(input: &Booking, places: u8) -> Option<Issue> {
    let message = match places {
        places if input.people <= places => return None,
        0 => "This swim is full".to_owned(),
        1 => "Only one place is left on this swim".to_owned(),
        places => format!("Only {places} places are left on this swim"),
    };
    Some(Issue::new(message).at("slot"))
}

async fn book(input: Booking, ctx: Context) -> Result<Booked, ActionError> {
    let mut state = ctx.require::<Store>()?.lock();
    if state.flag == Flag::Red {
        return Err(
            ActionError::new(ActionErrorCode::Conflict).with_message("The red flag is up, so no swim can be booked")
        );
    }
    // Another booking may have taken the places since the rule ran.
    if let Some(issue) = find_lack_of_places(&input, state.free_places(input.slot)) {
        return Err(ActionError::invalid([issue]));
    }
    *state.booked.entry(input.slot).or_default() += input.people;
    state.bookings += 1;
    Ok(Booked {
        reference: format!("LW-{}", state.bookings),
        summary: summarize(&input),
        slot: input.slot,
        places_left: state.free_places(input.slot),
    })
}

fn summarize(booking: &Booking) -> String {
    let Booking { name, email, slot, people, note, .. } = booking;
    let mut text = format!("{name}, party of {people}, at {}. If the weather turns, we write to {email}.", slot.time());
    if let Some(note) = note {
        text.push_str(&format!(" On the board: “{note}”"));
    }
    text
}

async fn check(_: Booking, _: Context) -> Result<(), ActionError> {
    Ok(())
}

pub(crate) fn render(result: &PageResult, state: &State) -> Markup {
    let booking = result.get(BOOK);
    let form = FormView::new("swim", result, BOOK);
    let slots = Slot::ALL.map(|slot| Choice {
        value: slot.value(),
        label: format!("{} {}", slot.time(), slot.name()),
        saved: false,
    });
    let wire = Wire {
        code: "const BOOK: FormAction<Booking, Booked> =\n    Action::form(\"swim.book\");\nconst CHECK: FormAction<Booking, ()> =\n    \
               Action::form(\"swim.check\");",
        route: format!("POST {}", CHECK.path("/")),
        text: "The server validates each field when you leave it, by the schema of the type, a rule between two fields, and an \
               async rule that counts the free places.",
    };
    render_section(
        "swim",
        "Book a swim",
        "Three swims a day, at slack water. Someone in orange is always last out.",
        &wire,
        html! {
            p.notice.good role="status" data-done {
                @if let Some(Ok(booked)) = booking {
                    (booked.reference) ": " (booked.summary)
                }
            }
            @if state.flag == Flag::Red && !matches!(booking, Some(Err(_))) {
                p.notice.bad { "The red flag is up. Nobody goes in until the keeper takes it down." }
            }
            form method="post" action={ (BOOK) "#swim" } novalidate {
                (form.render_summary())
                div.pair {
                    (form.render_input(Input { autocomplete: "name", ..Input::text("name", "Name") }))
                    (form.render_input(Input { kind: "email", autocomplete: "email", ..Input::text("email", "Email") }))
                }
                (form.render_select("Swim", "slot", "Choose one", &slots))
                div.pair {
                    (form.render_input(Input { kind: "number", saved: "1", ..Input::text("people", "People") }))
                    (form.render_input(Input { kind: "number", saved: "0", ..Input::text("first_timers", "First-timers among them") }))
                }
                (form.render_input(Input { optional: true, long: true, ..Input::text("note", "Anything we should know") }))
                button { "Book the swim" }
            }
        },
    )
}
