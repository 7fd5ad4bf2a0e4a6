//! A small site with forms, in plain text: what its pages know is what the tests read.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get;
use enact::devalue::{Date, Set};
use enact::{Action, ActionError, ActionErrorCode, Builder, Context, File, FormData, PostRedirectGet, Registry};
use enact_axum::{ActionsLayer, Results};
use http::Uri;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::server::Server;

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "some of it is there for what a page does not show again")]
pub(crate) struct SignUp {
    #[schemars(email)]
    email: String,
    #[schemars(length(min = 8), extend("format" = "password"))]
    password: String,
    topics: Vec<String>,
    #[schemars(extend("writeOnly" = true))]
    code: Option<String>,
    photo: Option<File>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Welcome {
    email: String,
    since: Date,
    topics: Set<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Text {
    pub(crate) text: String,
}

pub(crate) const SIGN_UP: Action<SignUp, Welcome> = Action::form("members.sign-up");
pub(crate) const QUIET: Action<FormData, ()> = Action::form("quiet");
pub(crate) const ECHO: Action<Text, Text> = Action::form("echo");
/// Goes on to a product; only if all is well with it.
pub(crate) const BUY: Action<Text, String> = Action::form("buy");
/// Goes on to another site.
pub(crate) const LEAVE: Action<FormData, ()> = Action::form("leave");

pub(crate) const GOOD: &[(&str, &str)] =
    &[("email", "ada@example.org"), ("password", "correct horse"), ("topics", "rust"), ("topics", "tea")];
/// The address is none, the password too short.
pub(crate) const WRONG: &[(&str, &str)] =
    &[("email", "<ada>"), ("password", "hunter2"), ("code", "4711"), ("topics", "rust"), ("topics", "tea")];
pub(crate) const TAKEN: &[(&str, &str)] = &[("email", "taken@example.org"), ("password", "correct horse")];

/// What `GOOD` gives.
pub(crate) const WELCOME: &str = "sign-up: ada@example.org since 2024-02-29T12:00:00.000Z for rust, tea";

/// How often a handler ran.
pub(crate) type Runs = Arc<AtomicUsize>;

pub(crate) struct Site {
    pub(crate) server: Server,
    pub(crate) runs: Runs,
}

impl Site {
    pub(crate) fn start(how: PostRedirectGet) -> Self {
        Self::start_in(async || Some(how))
    }

    pub(crate) fn without_redirects() -> Self {
        Self::start_in(async || None)
    }

    /// The way to keep results is made by the server's own runtime, where a database's pool has to live.
    pub(crate) fn start_in(how: impl AsyncFnOnce() -> Option<PostRedirectGet>) -> Self {
        let runs = Runs::default();
        let server = Server::start_in(async || {
            let mut actions = actions(&runs);
            if let Some(how) = how().await {
                actions = actions.post_redirect_get(how);
            }
            app(actions.build().expect("a registry"))
        });
        Self { server, runs }
    }

    pub(crate) fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }
}

pub(crate) fn pages() -> Router {
    Router::new().route("/", get(page).post(page)).route("/{*rest}", get(page).post(page))
}

pub(crate) fn app(actions: Registry) -> Router {
    pages().layer(ActionsLayer::new(actions))
}

pub(crate) fn actions(runs: &Runs) -> Builder {
    let count = {
        let runs = Arc::clone(runs);
        move || runs.fetch_add(1, Ordering::SeqCst)
    };
    Registry::builder()
        .action(SIGN_UP, move |input, ctx| {
            count();
            sign_up(input, ctx)
        })
        .action(QUIET, async |_: FormData, _: Context| Ok(()))
        .action(ECHO, async |input: Text, _: Context| Ok(input))
        .action(BUY, buy)
        .action(LEAVE, async |_: FormData, ctx: Context| ctx.redirect_to_site("https://example.com/bye"))
}

async fn sign_up(input: SignUp, ctx: Context) -> Result<Welcome, ActionError> {
    if input.email == "taken@example.org" {
        return Err(ActionError::new(ActionErrorCode::Conflict).message("That address is taken"));
    }
    ctx.set_cookie(enact::cookie::Cookie::build(("greeted", "yes")).path("/"));
    let since = "2024-02-29T12:00:00.000Z".parse().map_err(ActionError::internal)?;
    Ok(Welcome { email: input.email, since, topics: input.topics.into_iter().collect() })
}

async fn buy(input: Text, ctx: Context) -> Result<String, ActionError> {
    ctx.redirect(&format!("/products/{}?from=shop#buy", input.text))?;
    if input.text == "0" {
        return Err(ActionErrorCode::NotFound.into());
    }
    Ok(input.text)
}

/// Tells, a line each, what the page knows.
pub(crate) async fn page(results: Results, uri: Uri) -> String {
    let mut page = format!("at: {}\n", uri.path());
    let mut line = |name: &str, text: String| writeln!(page, "{name}: {text}").expect("memory");
    let error = |error: &ActionError| error.to_string();
    if let Some(result) = results.get(SIGN_UP) {
        let welcome = |done: &Welcome| format!("{} since {} for {}", done.email, done.since, done.topics.0.join(", "));
        line("sign-up", result.map_or_else(error, welcome));
    }
    if let Some(result) = results.get(QUIET) {
        line("quiet", result.map_or_else(error, |()| "done".to_owned()));
    }
    if let Some(result) = results.get(ECHO) {
        line("echo", result.map_or_else(error, |done| done.text.clone()));
    }
    if let Some(result) = results.get(BUY) {
        line("bought", result.map_or_else(error, Clone::clone));
    }
    let form = results.form(SIGN_UP);
    for field in ["email", "password", "code", "photo", "topics"] {
        for value in form.values(field) {
            line(&format!("{field} again"), value.to_owned());
        }
        for error in form.errors(field) {
            line(&format!("{field} is wrong"), error.to_owned());
        }
        line(&format!("{field} attributes"), form.attributes(field).to_string());
    }
    for error in form.form_errors() {
        line("the form is wrong", error.to_owned());
    }
    page
}
