//! The membership card: a multipart form with a photo and fields of every kind.

use axum::Extension;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use enact::{Action, ActionError, Builder, Context, File, Issues, Limits, Registry};
use enact_axum::Results;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fields::{Choice, FormView, Input};
use crate::page::{Wire, section};
use crate::store::{State, Store};

pub(crate) const SAVE: Action<Member, Saved> = Action::form("membership.save");

/// In bytes. It is well above what the photo may have, so that a photo that is too large is told beside its input.
const LONGEST_BODY: usize = 8 * 1024 * 1024;

#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct Member {
    #[schemars(length(max = 40), extend("x-message" = {
        "type": "The card needs a name",
        "maxLength": "40 letters are the most that fit the card"
    }))]
    name: String,
    #[schemars(extend(
        "x-max-bytes" = 262_144,
        "x-media-types" = ["image/png", "image/jpeg", "image/webp"],
        "x-message" = {
            "x-max-bytes": "The photo has more than 256 KB",
            "x-media-types": "The photo has to be a PNG, a JPEG or a WebP"
        }
    ))]
    photo: Option<File>,
    #[schemars(range(max = 90), extend("x-message" = "A number of years from 0 to 90"))]
    years: u8,
    #[schemars(extend("x-message" = "Choose a shore"))]
    shore: Shore,
    #[schemars(length(min = 1), extend("x-message" = { "minItems": "Nobody swims here without any of it" }))]
    kit: Vec<Kit>,
    /// Inputs that were left empty are `None`.
    coves: Vec<Option<Cove>>,
    contact: Contact,
    lift: bool,
}

/// A type of its own, so that what is said of it holds for each of a list.
#[derive(Clone, Deserialize, JsonSchema)]
struct Cove(#[schemars(length(max = 30), extend("x-message" = "30 letters are the most that fit the card"))] String);

#[derive(Clone, Deserialize, JsonSchema)]
struct Contact {
    #[schemars(extend("x-message" = { "type": "Whom do we call?" }))]
    name: String,
    #[schemars(regex(pattern = r"^\+?[0-9][0-9 ]{5,18}$"), extend("x-message" = {
        "type": "Which number do we call?",
        "pattern": "Digits and spaces, with or without a + in front"
    }))]
    phone: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Shore {
    Slipway,
    NorthBeach,
    Harbour,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kit {
    Cap,
    Float,
    Wetsuit,
    Flask,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Saved {
    name: String,
    photo_bytes: Option<usize>,
}

pub(crate) fn actions() -> Builder {
    Registry::builder()
        .define(SAVE.handler(save).refine(not_oneself).limits(Limits::default().body(LONGEST_BODY).files(1)))
}

fn not_oneself(input: &Member, issues: &mut Issues) {
    if input.contact.name.trim().eq_ignore_ascii_case(input.name.trim()) {
        issues.add("Somebody else than you, please").at("contact").at("name");
    }
}

async fn save(mut input: Member, ctx: Context) -> Result<Saved, ActionError> {
    let mut state = ctx.require::<Store>()?.lock();
    let saved = Saved { name: input.name.clone(), photo_bytes: input.photo.as_ref().map(File::len) };
    if input.photo.is_none() {
        input.photo = state.member.take().and_then(|before| before.photo);
    }
    state.member = Some(input);
    Ok(saved)
}

/// The photo on the card. The rules of its input bound which types this can be.
pub(crate) async fn photo(Extension(store): Extension<Store>) -> Response {
    match store.lock().member.as_ref().and_then(|member| member.photo.clone()) {
        Some(photo) => (
            [
                (CONTENT_TYPE, photo.content_type().to_owned()),
                (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
                (CACHE_CONTROL, "no-store".to_owned()),
            ],
            photo.into_bytes(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(crate) fn view(results: &Results, state: &State) -> Markup {
    let result = results.get(SAVE);
    let form = FormView::new("card", results, SAVE);
    let member = state.member.as_ref();
    let text = |get: fn(&Member) -> &str| member.map(get).unwrap_or_default();
    let years = member.map(|member| member.years.to_string()).unwrap_or_default();
    let coves: Vec<String> =
        member.iter().flat_map(|member| member.coves.iter().flatten().map(|Cove(name)| name.clone())).collect();
    let shores = SHORES.map(|(shore, value, label)| Choice {
        value,
        label: label.to_owned(),
        saved: member.is_some_and(|member| member.shore == shore),
    });
    let kit = KIT.map(|(kit, value, label)| Choice {
        value,
        label: label.to_owned(),
        saved: member.is_some_and(|member| member.kit.contains(&kit)),
    });
    let wire = Wire {
        code: "const SAVE: Action<Member, Saved> =\n    Action::form(\"membership.save\");",
        route: format!("POST /{SAVE}"),
        says: "Multipart, posted to this page. A photo with limits on size and type, a number, lists by repetition, and a \
               nested struct whose fields are named contact.name and contact.phone.",
    };
    section(
        "card",
        "Your card",
        "It hangs by the door, so that whoever counts heads knows yours.",
        &wire,
        html! {
            @if let Some(Ok(saved)) = result {
                p.notice.good role="status" {
                    "The card of " strong { (saved.name) } " hangs by the door"
                    @if let Some(bytes) = saved.photo_bytes { ", with a photo of " (bytes.div_ceil(1024)) " KB" } "."
                }
            }
            @if let Some(member) = member { (card(member, &coves)) }
            form method="post" action={ (SAVE) "#card" } enctype="multipart/form-data" novalidate {
                (form.summary())
                div.pair {
                    (form.input(Input { saved: text(|m| &m.name), autocomplete: "name", ..Input::text("name", "Name on the card") }))
                    (form.input(Input { kind: "number", saved: &years, ..Input::text("years", "Years in cold water") }))
                }
                div.pair {
                    (form.file("Photo", "photo", "image/png,image/jpeg,image/webp", "Optional. PNG, JPEG or WebP, up to 256 KB"))
                    (form.select("Home shore", "shore", "Choose one", &shores))
                }
                (form.group("What you bring", "kit", "checkbox", &kit))
                (form.repeated("Favourite coves", "coves", 3, &coves))
                fieldset.nested {
                    legend { "If something happens, we call" }
                    div.pair {
                        (form.input(Input { saved: text(|m| &m.contact.name), ..Input::text("contact.name", "Name") }))
                        (form.input(Input { kind: "tel", saved: text(|m| &m.contact.phone), ..Input::text("contact.phone", "Phone") }))
                    }
                }
                (form.checkbox("I have a car and can give somebody a lift", "lift", member.is_some_and(|member| member.lift)))
                button { "Hang up the card" }
            }
        },
    )
}

fn card(member: &Member, coves: &[String]) -> Markup {
    let shore = SHORES.iter().find(|(shore, ..)| *shore == member.shore).map(|(.., label)| *label);
    let kit: Vec<&str> = KIT.iter().filter(|(kit, ..)| member.kit.contains(kit)).map(|(.., label)| *label).collect();
    html! {
        article.card aria-label="The card as it is saved" {
            @if member.photo.is_some() {
                img src="/photo" alt={ "Photo of " (member.name) } width="96" height="96";
            } @else {
                div.initial aria-hidden="true" { @if let Some(letter) = member.name.chars().next() { (letter) } }
            }
            div {
                p.name { (member.name) }
                p { (member.years) @if member.years == 1 { " year" } @else { " years" } @if let Some(shore) = shore { ", " (shore) } }
                p { (kit.join(", ")) @if member.lift { ", a car" } }
                @if !coves.is_empty() { p { "Likes " (coves.join(", ")) } }
                p.small { "Calls " (member.contact.name) " on " (member.contact.phone) }
            }
        }
    }
}

const SHORES: [(Shore, &str, &str); 3] = [
    (Shore::Slipway, "slipway", "The slipway"),
    (Shore::NorthBeach, "north-beach", "North beach"),
    (Shore::Harbour, "harbour", "Inside the harbour"),
];

const KIT: [(Kit, &str, &str); 4] = [
    (Kit::Cap, "cap", "Bright cap"),
    (Kit::Float, "float", "Tow float"),
    (Kit::Wetsuit, "wetsuit", "Wetsuit"),
    (Kit::Flask, "flask", "Flask of tea"),
];
