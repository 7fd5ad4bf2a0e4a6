//! Calls a registry of one action, as a client would.

use bytes::Bytes;
use enact::{Action, Encoding, Handled, Input, Output, Registry};
use http::{Request, Response};
use http_body_util::Full;
use serde_json::{Value, json};

/// An action that gives its input back.
pub(crate) fn echo<T: Input + Output>(encoding: Encoding) -> Registry {
    let action: Action<T, T> = match encoding {
        Encoding::Json => Action::json("echo"),
        Encoding::Form => Action::form("echo"),
    };
    Registry::builder().action(action.handler(async |input, _| Ok(input))).build().unwrap()
}

pub(crate) fn send(actions: &Registry, request: Request<Full<Bytes>>) -> Response<Bytes> {
    match pollster::block_on(actions.handle(request)) {
        Handled::Response(response) => response,
        other => panic!("no answer of ours: {other:?}"),
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

/// What came of a call: the value, or the issues as `path: message`.
pub(crate) fn outcome(response: &Response<Bytes>) -> Value {
    match response.status().as_u16() {
        200 => enact::devalue::from_slice::<Value>(response.body()).unwrap(),
        204 => Value::Null,
        _ => {
            let error: Value = serde_json::from_slice(response.body()).unwrap();
            match error.get("issues").and_then(Value::as_array) {
                Some(issues) => issues.iter().map(line).collect(),
                None => json!(format!("{} {}", error["code"], error["message"]).replace('"', "")),
            }
        }
    }
}

fn line(issue: &Value) -> Value {
    let path: Vec<String> =
        issue["path"].as_array().unwrap().iter().map(|segment| segment.to_string().replace('"', "")).collect();
    json!(format!("{}: {}", path.join("/"), issue["message"].as_str().unwrap()))
}

/// Sends a form to an action that gives its input back.
pub(crate) fn form<T: Input + Output>(body: &str) -> Value {
    let request = post("/_actions/echo", "application/x-www-form-urlencoded", body.to_owned());
    outcome(&send(&echo::<T>(Encoding::Form), request))
}

/// Sends JSON to an action that gives its input back.
pub(crate) fn json<T: Input + Output>(body: &str) -> Value {
    outcome(&send(&echo::<T>(Encoding::Json), post("/_actions/echo", "application/json", body.to_owned())))
}
