//! What the adapter's tests call: everything a Worker has that the fixture does not ask for.

use std::sync::OnceLock;

use bytes::Bytes;
use enact::cookie::Cookie;
use enact::{Action, ActionError, ActionResults, Context, FormData, PageBody, PostRedirectGet, Registry, ResultExt};
use enact_cloudflare::{KvResults, WorkerContext};
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use schemars::JsonSchema;
use serde::Deserialize;
use worker::{Body, Env, HttpRequest, Result, event};

/// A body that knows its length, or comes bit by bit.
type Answer = UnsyncBoxBody<Bytes, worker::Error>;

fn known(bytes: impl Into<Bytes>) -> Answer {
    Full::new(bytes.into()).map_err(worker::Error::from).boxed_unsync()
}

#[derive(Deserialize, JsonSchema)]
struct Note {
    #[schemars(length(min = 3))]
    text: String,
}

const WRITE: Action<Note, String> = Action::form("write");

async fn write(note: Note, _: Context) -> std::result::Result<String, ActionError> {
    Ok(note.text)
}

/// Reads a variable, waits for KV, and leaves work for after the answer.
#[worker::send]
async fn visit((): (), ctx: Context) -> std::result::Result<(String, String, String), ActionError> {
    let env = ctx.env()?;
    let greeting = env.var("GREETING").or_internal()?.to_string();
    let kv = env.kv("RESULTS").or_internal()?;
    let before = kv.get("visited").text().await.or_internal()?.unwrap_or_default();
    ctx.wait_until(async move {
        if let Ok(put) = kv.put("visited", "yes") {
            let _ = put.execute().await;
        }
    })?;
    let address = ctx.client_addr().map(|address| address.to_string()).unwrap_or_default();
    Ok((greeting, before, address))
}

async fn cookies((): (), ctx: Context) -> std::result::Result<(), ActionError> {
    ctx.set_cookie(("a", "1"));
    ctx.set_cookie(Cookie::build(("b", "2, 3")).path("/"));
    Ok(())
}

async fn crash((): (), _: Context) -> std::result::Result<(), ActionError> {
    let none: Option<()> = None;
    none.ok_or_else(|| panic!("on purpose"))
}

async fn size(form: FormData, _: Context) -> std::result::Result<usize, ActionError> {
    Ok(form.len())
}

fn actions(env: &Env) -> &'static Registry {
    static ACTIONS: OnceLock<Registry> = OnceLock::new();
    ACTIONS.get_or_init(|| {
        Registry::builder()
            .action(WRITE, write)
            .action(Action::json("visit"), visit)
            .action(Action::json("cookies"), cookies)
            .action(Action::json("crash"), crash)
            .action(Action::form("size"), size)
            .post_redirect_get(PostRedirectGet::store(KvResults::new(env.kv("RESULTS").expect("a namespace"))))
            .build()
            .expect("sound actions")
    })
}

async fn pages(request: Request<PageBody<Body>>) -> Result<Response<Answer>> {
    let results = ActionResults::of(request.extensions());
    let is_empty = request.uri().path() == "/empty";
    let mut response = match request.uri().path() {
        "/echo" => Response::new(UnsyncBoxBody::new(request.into_body())),
        "/empty" => Response::new(known("")),
        "/env" => {
            let greeting = request.extensions().env().map_err(|error| error.to_string())?.var("GREETING")?;
            Response::new(known(greeting.to_string()))
        }
        "/broken" => return Err("not for the visitor".into()),
        _ => Response::new(known(match results.get(WRITE) {
            None => "nothing".to_owned(),
            Some(Ok(text)) => format!("written: {text}"),
            Some(Err(error)) => format!("refused: {error}"),
        })),
    };
    if is_empty {
        *response.status_mut() = http::StatusCode::NO_CONTENT;
    }
    Ok(response)
}

#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, context: worker::Context) -> Result<worker::Response> {
    enact_cloudflare::serve(actions(&env), request, env, context, pages).await
}
