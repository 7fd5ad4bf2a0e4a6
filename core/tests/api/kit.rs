//! Sends requests to a registry, as a client would.

use std::convert::Infallible;

use bytes::Bytes;
use enact::host::{PageBody, PendingPage, Reply, ResponseBody, Step};
use enact::{Action, ActionError, Context, Encoding, FormAction, Input, Output, Registry};
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use serde_json::{Value, json};

/// Returns a registry with the action `echo`, which returns its input.
pub(crate) fn echo<T: Input + Output>(encoding: Encoding) -> Registry {
    async fn handle<T>(input: T, _: Context) -> Result<T, ActionError> {
        Ok(input)
    }

    let builder = Registry::builder();
    let builder = match encoding {
        Encoding::Json => builder.action(Action::<T, T>::json("echo").handler(handle)),
        Encoding::Form => builder.action(FormAction::<T, T>::form("echo").handler(handle)),
    };
    builder.build().unwrap()
}

/// Serves a request that is answered without a page.
pub(crate) fn send<B: Body<Error = Infallible>>(actions: &Registry, request: Request<B>) -> Response<Bytes> {
    async fn pages<B>(request: Request<PageBody<B>>) -> Result<Response<Infallible>, Infallible> {
        panic!("the page {} was called", request.uri())
    }

    let Ok(response) = pollster::block_on(actions.serve(request, pages));
    response.map(|body| match body {
        ResponseBody::Action(body) => body.into_bytes().unwrap(),
    })
}

/// Posts a form to a page. Returns the request that the page answers.
pub(crate) fn post_to_page(actions: &Registry, request: Request<Full<Bytes>>) -> PendingPage {
    let (head, body) = request.into_parts();
    let Step::Call(call) = actions.begin(head) else { panic!("expected a call") };
    match pollster::block_on(call.run(body)) {
        Reply::Page(page) => page,
        Reply::Response(response) => panic!("expected a page, found {response:?}"),
    }
}

pub(crate) fn post(path: &str, content_type: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    Request::post(path)
        .header("host", "example.com")
        .header("origin", "https://example.com")
        .header("content-type", content_type)
        .body(Full::new(body.into()))
        .unwrap()
}

pub(crate) const URLENCODED: &str = "application/x-www-form-urlencoded";

/// Returns the output of a call, its issues as `path: message`, or its error as `CODE message`.
pub(crate) fn outcome(response: &Response<Bytes>) -> Value {
    match response.status().as_u16() {
        200 => enact::devalue::from_slice::<Value>(response.body()).unwrap(),
        204 => Value::Null,
        _ => {
            let error: Value = serde_json::from_slice(response.body()).unwrap();
            match error.get("issues").and_then(Value::as_array) {
                Some(issues) => issues.iter().map(format_issue).collect(),
                None => json!(format!("{} {}", error["code"], error["message"]).replace('"', "")),
            }
        }
    }
}

fn format_issue(issue: &Value) -> Value {
    let path: Vec<String> =
        issue["path"].as_array().unwrap().iter().map(|segment| segment.to_string().replace('"', "")).collect();
    json!(format!("{}: {}", path.join("/"), issue["message"].as_str().unwrap()))
}

/// Calls an action by JSON. Returns the [`outcome`].
pub(crate) fn call_json(actions: &Registry, name: &str, body: impl Into<Bytes>) -> Value {
    outcome(&send(actions, post(&format!("/_actions/{name}"), "application/json", body)))
}

/// Sends a form to an action that returns its input.
pub(crate) fn form<T: Input + Output>(body: &str) -> Value {
    outcome(&send(&echo::<T>(Encoding::Form), post("/_actions/echo", URLENCODED, body.to_owned())))
}

/// Sends JSON to an action that returns its input.
pub(crate) fn json<T: Input + Output>(body: &str) -> Value {
    call_json(&echo::<T>(Encoding::Json), "echo", body.to_owned())
}
