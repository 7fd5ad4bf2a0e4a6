//! The form of a newsletter, on Cloudflare Workers.

mod console;

use std::sync::OnceLock;

use bytes::Bytes;
use enact::host::PageBody;
use enact::page::{PageResult, PostRedirectGet};
use enact::{Action, ActionError, Context, FormAction, Registry};
use enact_cloudflare::KvResults;
use http::{Request, Response};
use http_body_util::Full;
use maud::{DOCTYPE, html};
use schemars::JsonSchema;
use serde::Deserialize;
use worker::{Body, Env, HttpRequest, Result, event};

#[derive(Deserialize, JsonSchema)]
struct SignUp {
    #[schemars(email, extend("x-message" = "Enter an email address"))]
    email: String,
}

const SIGN_UP: FormAction<SignUp, ()> = Action::form("newsletter");

async fn sign_up(input: SignUp, _: Context) -> std::result::Result<(), ActionError> {
    worker::console_log!("{} signed up", input.email);
    Ok(())
}

async fn page(request: Request<PageBody<Body>>) -> Result<Response<Full<Bytes>>> {
    let result = PageResult::of(request.extensions());
    let form = result.form(SIGN_UP);
    let html = html! {
        (DOCTYPE)
        title { "Newsletter" }
        @if let Some(Ok(())) = result.get(SIGN_UP) {
            p { "Welcome!" }
        } @else {
            form method="post" action=(SIGN_UP) {
                input name="email" value=(form.value("email")) aria-describedby=[form.described_by("email")];
                @if let Some(error) = form.error("email") {
                    p id=(form.error_id("email")) { (error) }
                }
                button { "Sign up" }
            }
        }
    };
    let response = Response::builder().header("content-type", "text/html; charset=utf-8");
    Ok(response.body(html.into_string().into())?)
}

static ACTIONS: OnceLock<Registry> = OnceLock::new();

#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, context: worker::Context) -> Result<worker::Response> {
    let results = KvResults::new(env.kv("RESULTS")?);
    let actions = ACTIONS.get_or_init(|| {
        console::subscribe();
        let actions = Registry::builder().action(SIGN_UP.handler(sign_up));
        actions.post_redirect_get(PostRedirectGet::store(results)).build().expect("the registry is valid")
    });
    enact_cloudflare::serve(actions, request, env, context, page).await
}
