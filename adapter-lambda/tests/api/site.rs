//! A small site whose responses describe the request.

use std::fmt::Write as _;

use bytes::Bytes;
use enact::page::PageResult;
use enact::{Action, ActionError, ClientAddr, Context, FormAction, FormData, ReceivedAt, Registry, RegistryBuilder};
use enact_lambda::{Body, Error, Function, RequestContext, lambda_runtime, service_fn};
use http::{HeaderMap, Method, Request, Response, Uri};

use crate::invoke::Pages;

/// Returns a description of its input and of the request.
pub(crate) const SEE: Action<String, String> = Action::json("see");
/// Sets three cookies.
pub(crate) const COOKIES: FormAction<FormData, ()> = Action::form("cookies");
/// Returns the uploaded file in hexadecimal.
pub(crate) const HEX: FormAction<FormData, String> = Action::form("hex");
/// An action whose name has to be percent-encoded.
pub(crate) const SLASH: FormAction<FormData, ()> = Action::form("a/b c%d");

pub(crate) fn actions() -> RegistryBuilder {
    Registry::builder()
        .action(SEE.handler(see))
        .action(COOKIES.handler(cookies))
        .action(HEX.handler(hex))
        .action(SLASH.handler(async |_: FormData, _: Context| Ok::<_, ActionError>(())))
}

pub(crate) fn site(actions: RegistryBuilder) -> Function<impl Pages> {
    Function::new(actions.build().unwrap()).pages(service_fn(page))
}

async fn see(input: String, ctx: Context) -> Result<String, ActionError> {
    let mut text = describe(ctx.method(), ctx.uri(), ctx.headers());
    writeln!(text, "input: {input}").unwrap();
    writeln!(text, "from: {:?}", ctx.client_addr()).unwrap();
    writeln!(text, "claims: {}", read_claim(ctx.get())).unwrap();
    writeln!(text, "invoked: {}", ctx.get::<lambda_runtime::Context>().is_some()).unwrap();
    Ok(text)
}

async fn cookies(_: FormData, ctx: Context) -> Result<(), ActionError> {
    for name in ["one", "two", "three"] {
        ctx.set_cookie(enact::cookie::Cookie::build((name, "1")).path("/"));
    }
    Ok(())
}

async fn hex(form: FormData, _: Context) -> Result<String, ActionError> {
    let file = form.file("f").ok_or(enact::ActionErrorCode::BadRequest)?;
    Ok(file.bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Serves a page at every path.
async fn page(request: Request<Body>) -> Result<Response<Body>, Error> {
    let result = PageResult::of(request.extensions());
    let mut text = describe(request.method(), request.uri(), request.headers());
    writeln!(text, "from: {:?}", request.extensions().get::<ClientAddr>().map(|address| address.0))?;
    writeln!(
        text,
        "received_at: {}",
        request.extensions().get::<ReceivedAt>().is_some_and(|at| at.0.as_secs() > 1_700_000_000)
    )?;
    writeln!(text, "joined: {}", result.get(SLASH).is_some())?;
    let response = Response::builder().header("link", "</a>").header("link", "</b>");
    Ok(match request.uri().path() {
        "/fails" => return Err("the database is gone".into()),
        "/picture" => response.header("content-type", "image/png").body(Bytes::from_static(b"\x89PNG\0").into())?,
        "/latin1" => response.header("x-name", http::HeaderValue::from_bytes(b"caf\xe9")?).body(text.into())?,
        "/nothing" => response.status(204).body(Body::default())?,
        _ => response.header("content-type", "text/plain; charset=utf-8").body(text.into())?,
    })
}

fn describe(method: &Method, uri: &Uri, headers: &HeaderMap) -> String {
    let mut text = format!("{method} {uri}\n");
    for name in ["host", "cookie", "x-probe", "content-length"] {
        for value in headers.get_all(name) {
            writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap();
        }
    }
    text
}

fn read_claim(context: Option<&RequestContext>) -> String {
    context.and_then(RequestContext::authorizer).map_or("none".to_owned(), |authorizer| {
        let jwt = authorizer.jwt.as_ref().and_then(|jwt| jwt.claims.get("sub").cloned());
        jwt.or_else(|| authorizer.fields.get("principalId").and_then(|id| id.as_str()).map(str::to_owned))
            .unwrap_or_default()
    })
}
