//! The page, made of its sections.

use axum::Extension;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse};
use enact_axum::PageResult;
use maud::{DOCTYPE, html};

use crate::data::store::Store;
use crate::sections::{booking, film, hut, letter, log, membership, tide};
use crate::session::Visitor;

/// Renders the page. It answers `GET`, and `POST` if the result of a form is too large for a cookie.
pub(crate) async fn show_page(
    Extension(store): Extension<Store>,
    Visitor(user): Visitor,
    result: PageResult,
) -> impl IntoResponse {
    let state = store.lock();
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Low Water: a demo of enact" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/demo.css";
                script src="/demo.js" type="module" {}
            }
            body {
                a.skip href="#main" { "Skip to the forms" }
                header.top {
                    div.wrap {
                        p.brand { "Low Water" }
                        nav aria-label="Sections" {
                            a href="#swim" { "Swim" }
                            a href="#log" { "Log" }
                            a href="#letter" { "Letter" }
                            a href="#card" { "Card" }
                            a href="#film" { "Film" }
                            a href="#hut" { "Hut" }
                        }
                        h1 { "Swim when the " br; "sea stands still" }
                        p.lead {
                            "A sea-swimming club that lives in the memory of one process. Every form and button here calls a "
                            "typed Rust function through " strong { "enact" } "."
                        }
                    }
                    (tide::render(&state))
                }
                main #main {
                    div.wrap {
                        (booking::render(&result, &state))
                        (log::render(&state))
                        (letter::render(&result))
                        (membership::render(&result, &state))
                        (film::render(&result, &state))
                        (hut::render(&result, &state, user))
                    }
                }
                footer {
                    div.wrap {
                        p { "The browser's own validation is off on this page: the server found every error that you see." }
                        p { "Nothing is written to disk. The club does not exist, and no letter will come." }
                    }
                }
            }
        }
    };
    (
        [
            (CONTENT_SECURITY_POLICY, "default-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"),
            (CACHE_CONTROL, "no-store"),
        ],
        Html(markup.into_string()),
    )
}
