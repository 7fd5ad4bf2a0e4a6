//! The Worker of the adapter's tests. It covers features of Workers that the fixture application does not use.

use std::sync::OnceLock;

use bytes::Bytes;
use enact::cookie::Cookie;
use enact::host::PageBody;
use enact::page::{PageResult, PostRedirectGet};
use enact::{Action, ActionError, Context, File, FormAction, FormData, Registry, ResultExt};
use enact_cloudflare::{KvResults, WorkerContext};
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use schemars::JsonSchema;
use serde::Deserialize;
use worker::{Body, Env, Fetch, HttpRequest, Result, event};

/// A response body, of known length or streamed.
type ResponseBody = UnsyncBoxBody<Bytes, worker::Error>;

fn whole_body(bytes: impl Into<Bytes>) -> ResponseBody {
    Full::new(bytes.into()).map_err(worker::Error::from).boxed_unsync()
}

#[derive(Deserialize, JsonSchema)]
struct Note {
    #[schemars(length(min = 3))]
    text: String,
}

const WRITE: FormAction<Note, String> = Action::form("write");
const VISIT: Action<(), (String, String, String)> = Action::json("visit");
const SIZE: FormAction<FormData, usize> = Action::form("size");

async fn write(note: Note, _: Context) -> std::result::Result<String, ActionError> {
    Ok(note.text)
}

/// Reads a variable, awaits KV, and continues work after the response.
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

/// Calls actions of another server with JSON and with a file.
async fn call_other_server(base: &str) -> std::result::Result<String, ActionError> {
    let (greeting, ..) = VISIT.response(send(VISIT.request(base, &())?).await.or_internal()?)?;
    let mut form = FormData::from_iter([("title", "Holidays")]);
    form.append("photo", &File::new("beach.jpg", "image/jpeg", vec![0xff, 0xd8]));
    let size = SIZE.response(send(SIZE.request(base, &form)?).await.or_internal()?)?;
    Ok(format!("{greeting}, {size}"))
}

async fn send(request: Request<Bytes>) -> Result<Response<Bytes>> {
    let request = worker::Request::try_from(request.map(Full::new))?;
    let response: Response<Body> = Fetch::Request(request).send().await?.try_into()?;
    let (head, body) = response.into_parts();
    Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
}

fn actions(env: &Env) -> &'static Registry {
    static ACTIONS: OnceLock<Registry> = OnceLock::new();
    ACTIONS.get_or_init(|| {
        Registry::builder()
            .action(WRITE.handler(write))
            .action(VISIT.handler(visit))
            .action(Action::json("cookies").handler(cookies))
            .action(Action::json("crash").handler(crash))
            .action(SIZE.handler(size))
            .post_redirect_get(PostRedirectGet::store(KvResults::new(
                env.kv("RESULTS").expect("the KV namespace is bound"),
            )))
            .build()
            .expect("the registry is valid")
    })
}

async fn pages(request: Request<PageBody<Body>>) -> Result<Response<ResponseBody>> {
    let result = PageResult::of(request.extensions());
    let is_empty = request.uri().path() == "/empty";
    let mut response = match request.uri().path() {
        "/echo" => Response::new(UnsyncBoxBody::new(request.into_body())),
        "/empty" => Response::new(whole_body("")),
        "/env" => {
            let greeting = request.extensions().env().map_err(|error| error.to_string())?.var("GREETING")?;
            Response::new(whole_body(greeting.to_string()))
        }
        "/calls" => {
            let base = request.uri().query().unwrap_or_default();
            Response::new(whole_body(call_other_server(base).await.unwrap_or_else(|error| format!("{error:?}"))))
        }
        "/broken" => return Err("not for the client".into()),
        _ => Response::new(whole_body(match result.get(WRITE) {
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
