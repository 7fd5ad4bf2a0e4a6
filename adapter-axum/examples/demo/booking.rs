//! Booking a swim: a form that a script checks while it is filled in, and that works without.

use enact::{Action, ActionError, ActionErrorCode, Builder, Context, Issue, Issues, Registry};
use enact_axum::Results;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fields::{Choice, FormView, Input};
use crate::hut::Flag;
use crate::page::{Wire, section};
use crate::store::{State, Store};

pub(crate) const BOOK: Action<Booking, Booked> = Action::form("swim.book");
/// The same input and the same rules, and nothing happens.
pub(crate) const CHECK: Action<Booking, ()> = Action::form("swim.check");

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Booking {
    #[schemars(length(min = 2, max = 60), extend("x-message" = {
        "type": "Who is coming?",
        "minLength": "Two letters at least",
        "maxLength": "60 letters are the most that fit the board"
    }))]
    name: String,
    #[schemars(email, extend("x-message" = {
        "type": "We write to it if the weather turns",
        "format": "That is not an email address yet"
    }))]
    email: String,
    #[schemars(extend("x-message" = "Choose a swim"))]
    slot: Slot,
    #[schemars(range(min = 1, max = 6), extend("x-message" = {
        "type": "How many are you, in digits?",
        "integer": "Whole swimmers only",
        "minimum": "At least one has to come",
        "maximum": "Six is the largest group we can watch"
    }))]
    people: u8,
    #[schemars(range(max = 6), extend("x-message" = "A number from 0 to 6"))]
    first_timers: u8,
    #[schemars(length(max = 140), extend("x-message" = "140 characters are what the board holds"))]
    note: Option<String>,
}

/// A swim of the day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Slot {
    Dawn,
    Noon,
    Dusk,
}

impl Slot {
    pub(crate) const ALL: [Self; 3] = [Self::Dawn, Self::Noon, Self::Dusk];

    pub(crate) const fn value(self) -> &'static str {
        match self {
            Self::Dawn => "dawn",
            Self::Noon => "noon",
            Self::Dusk => "dusk",
        }
    }

    pub(crate) const fn time(self) -> &'static str {
        match self {
            Self::Dawn => "06:40",
            Self::Noon => "12:53",
            Self::Dusk => "19:05",
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Dawn => "Dawn, high water",
            Self::Noon => "Noon, low water",
            Self::Dusk => "Dusk, high water",
        }
    }

    pub(crate) const fn capacity(self) -> u8 {
        match self {
            Self::Dawn | Self::Dusk => 12,
            Self::Noon => 8,
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Booked {
    reference: String,
    summary: String,
    slot: Slot,
    places_left: u8,
}

pub(crate) fn actions() -> Builder {
    Registry::builder()
        .define(BOOK.handler(book).refine(first_timers_are_people).refine_async(there_is_room))
        .define(CHECK.handler(check).refine(first_timers_are_people).refine_async(there_is_room))
}

fn first_timers_are_people(input: &Booking, issues: &mut Issues) {
    if input.first_timers > input.people {
        issues.add("More first-timers than people").at("first_timers");
    }
}

async fn there_is_room(input: &Booking, ctx: &Context) -> Result<Issues, ActionError> {
    let places = ctx.require::<Store>()?.lock().places(input.slot);
    Ok(full(input, places).into_iter().collect())
}

fn full(input: &Booking, places: u8) -> Option<Issue> {
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
        return Err(ActionError::new(ActionErrorCode::Conflict).message("The red flag is up, so no swim can be booked"));
    }
    // Another may have been quicker since the rule looked.
    if let Some(issue) = full(&input, state.places(input.slot)) {
        return Err(ActionError::invalid([issue]));
    }
    *state.taken.entry(input.slot).or_default() += input.people;
    state.bookings += 1;
    Ok(Booked {
        reference: format!("LW-{}", state.bookings),
        summary: summary(&input),
        slot: input.slot,
        places_left: state.places(input.slot),
    })
}

fn summary(booking: &Booking) -> String {
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

pub(crate) fn view(results: &Results, state: &State) -> Markup {
    let result = results.get(BOOK);
    let form = FormView::new("swim", results, BOOK);
    let slots = Slot::ALL.map(|slot| Choice {
        value: slot.value(),
        label: format!("{} {}", slot.time(), slot.name()),
        saved: false,
    });
    let wire = Wire {
        code: "const BOOK: Action<Booking, Booked> =\n    Action::form(\"swim.book\");\nconst CHECK: Action<Booking, ()> =\n    \
               Action::form(\"swim.check\");",
        route: format!("POST {}", CHECK.path("/")),
        says: "Each field is checked by the server as you leave it: the schema of the type, a rule between two fields, and one \
               that asks how many places are left.",
    };
    section(
        "swim",
        "Book a swim",
        "Three a day, at slack water. Someone in orange is always last out.",
        &wire,
        html! {
            p.notice.good role="status" data-done {
                @if let Some(Ok(booked)) = result {
                    (booked.reference) ": " (booked.summary)
                }
            }
            @if state.flag == Flag::Red && !matches!(result, Some(Err(_))) {
                p.notice.bad { "The red flag is up. Until the keeper takes it down, nobody goes in." }
            }
            form method="post" action={ (BOOK) "#swim" } novalidate {
                (form.summary())
                div.pair {
                    (form.input(Input { autocomplete: "name", ..Input::text("name", "Name") }))
                    (form.input(Input { kind: "email", autocomplete: "email", ..Input::text("email", "Email") }))
                }
                (form.select("Swim", "slot", "Choose one", &slots))
                div.pair {
                    (form.input(Input { kind: "number", saved: "1", ..Input::text("people", "People") }))
                    (form.input(Input { kind: "number", saved: "0", ..Input::text("first_timers", "First-timers among them") }))
                }
                (form.input(Input { optional: true, long: true, ..Input::text("note", "Anything we should know") }))
                button { "Book the swim" }
            }
        },
    )
}
