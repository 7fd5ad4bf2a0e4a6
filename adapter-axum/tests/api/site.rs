//! A small site with forms. Its pages are plain text that shows the result and the state of a form.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get;
use enact::devalue::{Date, Set};
use enact::page::PostRedirectGet;
use enact::{Action, ActionError, ActionErrorCode, Context, File, FormAction, FormData, Registry, RegistryBuilder};
use enact_axum::{ActionsLayer, PageResult};
use http::Uri;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::server::Server;

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "some fields exist only to test which values a page shows again")]
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

pub(crate) const SIGN_UP: FormAction<SignUp, Welcome> = Action::form("members.sign-up");
pub(crate) const QUIET: FormAction<FormData, ()> = Action::form("quiet");
pub(crate) const ECHO: FormAction<Text, Text> = Action::form("echo");
/// Redirects to a product, unless the input is `0`.
pub(crate) const BUY: FormAction<Text, String> = Action::form("buy");
/// Redirects to another site.
pub(crate) const LEAVE: FormAction<FormData, ()> = Action::form("leave");

pub(crate) const VALID: &[(&str, &str)] =
    &[("email", "ada@example.org"), ("password", "correct horse"), ("topics", "rust"), ("topics", "tea")];
/// The email is invalid and the password is too short.
pub(crate) const INVALID: &[(&str, &str)] =
    &[("email", "<ada>"), ("password", "hunter2"), ("code", "4711"), ("topics", "rust"), ("topics", "tea")];
pub(crate) const TAKEN: &[(&str, &str)] = &[("email", "taken@example.org"), ("password", "correct horse")];

/// The line that a page shows for `VALID`.
pub(crate) const WELCOME: &str = "sign-up: ada@example.org since 2024-02-29T12:00:00.000Z for rust, tea";

/// The number of times that the handler of `SIGN_UP` ran.
pub(crate) type Runs = Arc<AtomicUsize>;

pub(crate) struct Site {
    pub(crate) server: Server,
    pub(crate) runs: Runs,
}

impl Site {
    pub(crate) fn start(settings: PostRedirectGet) -> Self {
        Self::start_in(async || Some(settings))
    }

    pub(crate) fn start_without_redirects() -> Self {
        Self::start_in(async || None)
    }

    /// Starts a site whose settings are created inside the runtime of the server, as the pool of a database must be.
    pub(crate) fn start_in(settings: impl AsyncFnOnce() -> Option<PostRedirectGet>) -> Self {
        let runs = Runs::default();
        let server = Server::start_in(async || {
            let mut actions = actions(&runs);
            if let Some(settings) = settings().await {
                actions = actions.post_redirect_get(settings);
            }
            build_app(actions.build().expect("a registry"))
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

pub(crate) fn build_app(actions: Registry) -> Router {
    Router::new()
        .route("/", get(show_page).post(show_page))
        .route("/{*rest}", get(show_page).post(show_page))
        .layer(ActionsLayer::new(actions))
}

pub(crate) fn actions(runs: &Runs) -> RegistryBuilder {
    let count = {
        let runs = Arc::clone(runs);
        move || runs.fetch_add(1, Ordering::SeqCst)
    };
    Registry::builder()
        .action(SIGN_UP.handler(move |input, ctx| {
            count();
            sign_up(input, ctx)
        }))
        .action(QUIET.handler(async |_: FormData, _: Context| Ok::<_, ActionError>(())))
        .action(ECHO.handler(async |input: Text, _: Context| Ok::<_, ActionError>(input)))
        .action(BUY.handler(buy))
        .action(LEAVE.handler(async |_: FormData, ctx: Context| ctx.redirect_to_site("https://example.com/bye")))
}

async fn sign_up(input: SignUp, ctx: Context) -> Result<Welcome, ActionError> {
    if input.email == "taken@example.org" {
        return Err(ActionError::new(ActionErrorCode::Conflict).with_message("That address is taken"));
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

/// Renders a line for each result, submitted value, error and attribute.
async fn show_page(result: PageResult, uri: Uri) -> String {
    let mut page = format!("at: {}\n", uri.path());
    let mut line = |name: &str, text: String| writeln!(page, "{name}: {text}").expect("memory");
    let format_error = |error: &ActionError| error.to_string();
    if let Some(result) = result.get(SIGN_UP) {
        let format_welcome =
            |output: &Welcome| format!("{} since {} for {}", output.email, output.since, output.topics.0.join(", "));
        line("sign-up", result.map_or_else(format_error, format_welcome));
    }
    if let Some(result) = result.get(QUIET) {
        line("quiet", result.map_or_else(format_error, |()| "done".to_owned()));
    }
    if let Some(result) = result.get(ECHO) {
        line("echo", result.map_or_else(format_error, |output| output.text.clone()));
    }
    if let Some(result) = result.get(BUY) {
        line("bought", result.map_or_else(format_error, Clone::clone));
    }
    let form = result.form(SIGN_UP);
    for field in ["email", "password", "code", "photo", "topics"] {
        for value in form.values(field) {
            line(&format!("{field} value"), value.to_owned());
        }
        for error in form.errors(field) {
            line(&format!("{field} error"), error.to_owned());
        }
        line(&format!("{field} attributes"), form.attributes(field).to_string());
    }
    for error in form.form_errors() {
        line("form error", error.to_owned());
    }
    page
}
