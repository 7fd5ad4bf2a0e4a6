//! The Worker of the README.

use std::sync::LazyLock;

use enact::host::PageBody;
use enact::page::PageResult;
use enact::{Action, ActionError, Context, FormAction, Registry};
use http::{Request, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use worker::{Body, Env, HttpRequest, Result, event};

#[derive(Deserialize, JsonSchema)]
struct SignUp {
    #[schemars(email)]
    email: String,
}

const SIGN_UP: FormAction<SignUp, u32> = Action::form("newsletter");

async fn sign_up(input: SignUp, _: Context) -> std::result::Result<u32, ActionError> {
    worker::console_log!("{} signed up", input.email);
    Ok(1)
}

async fn page(request: Request<PageBody<Body>>) -> Result<Response<String>> {
    let result = PageResult::of(request.extensions());
    let html = if let Some(Ok(number)) = result.get(SIGN_UP) {
        format!("<p>You are reader {number}.</p>")
    } else {
        let error = result.form(SIGN_UP).error("email").unwrap_or_default();
        format!(
            r#"<form method="post" action="{SIGN_UP}">
                 <label>Email <input name="email"></label> <p>{error}</p>
                 <button>Sign up</button>
               </form>"#
        )
    };
    Ok(Response::builder().header("content-type", "text/html; charset=utf-8").body(html)?)
}

static ACTIONS: LazyLock<Registry> =
    LazyLock::new(|| Registry::builder().action(SIGN_UP.handler(sign_up)).build().expect("the registry is valid"));

#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, context: worker::Context) -> Result<worker::Response> {
    enact_cloudflare::serve(&ACTIONS, request, env, context, page).await
}

fn main() {}
