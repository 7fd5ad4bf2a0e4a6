//! The membership card: a multipart form with a photo and every kind of field.

use axum::Extension;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use enact::page::PageResult;
use enact::{Action, ActionError, Context, File, FormAction, Issues, Limits, Registry, RegistryBuilder};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::member::{Cove, Kit, Member, Shore};
use crate::data::store::{State, Store};
use crate::markup::fields::{Choice, FormView, Input};
use crate::markup::section::{Wire, render_section};

pub(crate) const SAVE: FormAction<Member, Saved> = Action::form("membership.save");

/// The body limit in bytes. It is well above the limit of the photo, so that the error of a large photo is shown at its input.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Saved {
    name: String,
    photo_bytes: Option<usize>,
}

pub(crate) fn actions() -> RegistryBuilder {
    Registry::builder().action(
        SAVE.handler(save)
            .refine(check_contact)
            .limits(Limits::default().with_max_body_bytes(MAX_BODY_BYTES).with_max_files(1)),
    )
}

fn check_contact(input: &Member, issues: &mut Issues) {
    if input.contact.name.trim().eq_ignore_ascii_case(input.name.trim()) {
        issues.add("Name someone other than yourself").at("contact").at("name");
    }
}

async fn save(mut input: Member, ctx: Context) -> Result<Saved, ActionError> {
    let mut state = ctx.require::<Store>()?.lock();
    let saved = Saved { name: input.name.clone(), photo_bytes: input.photo.as_ref().map(File::len) };
    if input.photo.is_none() {
        input.photo = state.member.take().and_then(|previous| previous.photo);
    }
    state.member = Some(input);
    Ok(saved)
}

/// Serves the photo on the card. The rules of the input restrict its content type.
pub(crate) async fn show_photo(Extension(store): Extension<Store>) -> Response {
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

pub(crate) fn render(result: &PageResult, state: &State) -> Markup {
    let saved = result.get(SAVE);
    let form = FormView::new("card", result, SAVE);
    let member = state.member.as_ref();
    let text = |get: fn(&Member) -> &str| member.map(get).unwrap_or_default();
    let years = member.map(|member| member.years.to_string()).unwrap_or_default();
    let coves: Vec<String> =
        member.iter().flat_map(|member| member.coves.iter().flatten().map(|Cove(name)| name.clone())).collect();
    let shores = Shore::ALL.map(|(shore, value, label)| Choice {
        value,
        label: label.to_owned(),
        saved: member.is_some_and(|member| member.shore == shore),
    });
    let kit = Kit::ALL.map(|(kit, value, label)| Choice {
        value,
        label: label.to_owned(),
        saved: member.is_some_and(|member| member.kit.contains(&kit)),
    });
    let wire = Wire {
        code: "const SAVE: FormAction<Member, Saved> =\n    Action::form(\"membership.save\");",
        route: format!("POST /{SAVE}"),
        text: "A multipart form, posted to this page: a photo with limits on size and type, a number, lists as repeated fields, and a \
               nested struct with the fields contact.name and contact.phone.",
    };
    render_section(
        "card",
        "Your card",
        "It hangs by the door, so that the lifeguard knows your face.",
        &wire,
        html! {
            @if let Some(Ok(saved)) = saved {
                p.notice.good role="status" {
                    "The card of " strong { (saved.name) } " hangs by the door"
                    @if let Some(bytes) = saved.photo_bytes { ", with a photo of " (bytes.div_ceil(1024)) " KB" } "."
                }
            }
            @if let Some(member) = member { (render_card(member, &coves)) }
            form method="post" action={ (SAVE) "#card" } enctype="multipart/form-data" novalidate {
                (form.render_summary())
                div.pair {
                    (form.render_input(Input { saved: text(|m| &m.name), autocomplete: "name", ..Input::text("name", "Name on the card") }))
                    (form.render_input(Input { kind: "number", saved: &years, ..Input::text("years", "Years in cold water") }))
                }
                div.pair {
                    (form.render_file("Photo", "photo", "image/png,image/jpeg,image/webp", "Optional. PNG, JPEG or WebP, up to 256 KB"))
                    (form.render_select("Home shore", "shore", "Choose one", &shores))
                }
                (form.render_group("What you bring", "kit", "checkbox", &kit))
                (form.render_list("Favourite coves", "coves", 3, &coves))
                fieldset.nested {
                    legend { "If something happens, we call" }
                    div.pair {
                        (form.render_input(Input { saved: text(|m| &m.contact.name), ..Input::text("contact.name", "Name") }))
                        (form.render_input(Input { kind: "tel", saved: text(|m| &m.contact.phone), ..Input::text("contact.phone", "Phone") }))
                    }
                }
                (form.render_checkbox("I have a car and can give someone a lift", "lift", member.is_some_and(|member| member.lift)))
                button { "Hang up the card" }
            }
        },
    )
}

fn render_card(member: &Member, coves: &[String]) -> Markup {
    let shore = Shore::ALL.iter().find(|(shore, ..)| *shore == member.shore).map(|(.., label)| *label);
    let kit: Vec<&str> =
        Kit::ALL.iter().filter(|(kit, ..)| member.kit.contains(kit)).map(|(.., label)| *label).collect();
    html! {
        article.card aria-label="The saved card" {
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
