//! A form in an askama template. It is shown again with submitted values, errors and ARIA attributes, without JavaScript.
//!
//! `cargo run -p enact-axum --example askama`

use std::net::Ipv4Addr;

use askama::Template;
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use enact::page::{FormState, Key, PostRedirectGet};
use enact::{Action, ActionError, BuildError, Context, FormAction, Issue, Registry};
use enact_axum::{ActionsLayer, PageResult};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
struct Booking {
    #[schemars(length(min = 2))]
    name: String,
    #[schemars(email)]
    email: String,
    #[schemars(range(min = 1, max = 12))]
    guests: u8,
    room: Room,
    extras: Vec<String>,
    terms: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Room {
    Garden,
    Sea,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Booked {
    summary: String,
}

const BOOK: FormAction<Booking, Booked> = Action::form("rooms.book");

async fn book(input: Booking, _: Context) -> Result<Booked, ActionError> {
    if !input.terms {
        return Err(ActionError::invalid([Issue::new("Please agree to the house rules").at("terms")]));
    }
    let room = match input.room {
        Room::Garden => "garden",
        Room::Sea => "sea",
    };
    let Booking { name, email, guests, extras, .. } = input;
    Ok(Booked { summary: format!("{name} ({email}): {guests} guests, {room} side, with {} extras", extras.len()) })
}

/// The page. Its template reads the state of the form.
#[derive(Template)]
#[template(path = "booking.html", config = "examples/askama.toml")]
struct Page<'a> {
    action: FormAction<Booking, Booked>,
    form: FormState<'a>,
    booked: Option<&'a Booked>,
}

async fn show_page(result: PageResult) -> Html<String> {
    let booked = result.get(BOOK).and_then(Result::ok);
    let page = Page { action: BOOK, form: result.form(BOOK), booked };
    Html(page.render().unwrap_or_else(|error| format!("The page cannot be shown: {error}")))
}

fn build_app() -> Result<Router, BuildError> {
    let actions = Registry::builder()
        .action(BOOK.handler(book))
        // Load a permanent key in production: see `PostRedirectGet::cookie`.
        .post_redirect_get(PostRedirectGet::cookie(Key::generate()))
        .build()?;
    Ok(Router::new().route("/", get(show_page).post(show_page)).layer(ActionsLayer::new(actions)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 3000)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, build_app()?).await?;
    Ok(())
}
