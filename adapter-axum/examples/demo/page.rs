//! The page.

use axum::Extension;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse};
use enact_axum::Results;
use maud::{DOCTYPE, Markup, html};

use crate::session::Visitor;
use crate::store::Store;
use crate::{booking, film, hut, letter, log, membership, tide};

/// Visited, after a form was posted and the browser sent here. It is also what answers a post whose result is too large to be
/// carried along.
pub(crate) async fn page(
    Extension(store): Extension<Store>,
    Visitor(user): Visitor,
    results: Results,
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
                            "A sea-swimming club that lives in the memory of one process. Every form and button here reaches a "
                            "typed Rust function by " strong { "enact" } "."
                        }
                    }
                    (tide::view(&state))
                }
                main #main {
                    div.wrap {
                        (booking::view(&results, &state))
                        (log::view(&state))
                        (letter::view(&results))
                        (membership::view(&results, &state))
                        (film::view(&results, &state))
                        (hut::view(&results, &state, user))
                    }
                }
                footer {
                    div.wrap {
                        p { "The browser's own checks are off on this page: every error that you see, the server found." }
                        p { "Nothing is written to disk. There is no club, and no letter will come." }
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

/// How a section's markup reaches its function.
pub(crate) struct Wire {
    pub(crate) code: &'static str,
    pub(crate) route: String,
    pub(crate) says: &'static str,
}

pub(crate) fn section(id: &str, title: &str, lead: &str, wire: &Wire, content: Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            div.head {
                h2 id={ (id) "-title" } { (title) }
                p { (lead) }
                details.wire open {
                    summary { "How it reaches Rust" }
                    pre { code { (wire.code) } }
                    p.route { code { (wire.route) } }
                    p { (wire.says) }
                }
            }
            div.panel { (content) }
        }
    }
}
