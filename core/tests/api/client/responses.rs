//! Reading of responses.

use std::error::Error;

use enact::client::{TestClient, redirect_target};
use enact::{Action, ActionError, ActionErrorCode, Context, Issue, IssueCode, Output, Registry};
use http::{Response, StatusCode};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const FAIL: Action<String, u32> = Action::json("fail");

fn failing(fail: impl Fn(String) -> ActionError + Send + Sync + 'static) -> TestClient {
    let handler = move |input: String, _: Context| std::future::ready(Err::<u32, _>(fail(input)));
    TestClient::new(Registry::builder().action(FAIL.handler(handler)).build().unwrap())
}

#[test]
fn error_has_the_same_code_and_message_at_the_client() {
    let client = failing(|code| ActionError::new(code.parse().unwrap()).with_message("Wörds \"and\" </script>"));
    for code in ActionErrorCode::ALL {
        let error = pollster::block_on(client.call(FAIL, &code.to_string())).unwrap_err();
        assert_eq!((error.code(), error.message()), (*code, "Wörds \"and\" </script>"));
        assert_eq!(error.status(), code.status());
        assert!(error.unexpected_response().is_none() && Error::source(&error).is_none());
    }
}

#[test]
fn issues_are_the_same_at_the_client() {
    let issues = || {
        [
            Issue::new("Nope"),
            Issue::new("Taken").at("user").at(3).at("name").code(IssueCode::TooBig),
            Issue::new("Short").at("user"),
        ]
    };
    let client = failing(move |_| ActionError::invalid(issues()));
    let error = pollster::block_on(client.call(FAIL, &String::new())).unwrap_err();
    assert!(error.is_input_error());
    assert_eq!(error.issues(), issues());
    assert_eq!(error.fields().collect::<Vec<_>>(), [("user".to_owned(), vec!["Taken", "Short"])]);
}

#[test]
fn source_of_an_internal_error_is_not_sent() {
    let client = failing(|_| ActionError::internal("the password is 12345"));
    let error = pollster::block_on(client.call(FAIL, &String::new())).unwrap_err();
    assert_eq!(error.to_string(), "INTERNAL_SERVER_ERROR: Internal server error");
    assert!(Error::source(&error).is_none());
}

/// Reads a response that does not come from an action.
fn read<O: DeserializeOwned>(
    status: u16,
    content_type: Option<&str>,
    body: impl AsRef<[u8]>,
) -> Result<O, ActionError> {
    let mut response = Response::builder().status(status);
    if let Some(content_type) = content_type {
        response = response.header("content-type", content_type);
    }
    Action::<(), O>::json("a").response(response.body(body).unwrap())
}

const DEVALUE: Option<&str> = Some("application/json+devalue");
const JSON: Option<&str> = Some("application/json");
const HTML: Option<&str> = Some("text/html");

#[test]
fn response_of_another_server_is_an_unexpected_response() {
    for (status, content_type, body, code) in [
        (502, HTML, &b"<h1>Bad gateway</h1>"[..], 502),
        (503, HTML, b"<h1>Down for maintenance</h1>", 503),
        (404, HTML, b"<h1>Not found</h1>", 404),
        (404, None, b"", 404),
        (429, JSON, b"{\"error\": \"slow down\"}", 429),
        (520, HTML, b"<h1>Unknown error</h1>", 502),
        (418, JSON, b"{}", 502),
        (400, JSON, b"{\"type\":\"AstroActionInputError\",\"issues\":[{\"co", 400),
        (400, JSON, b"\xff\xfe", 400),
        (500, JSON, b"", 500),
        (500, HTML, b"{\"type\":\"AstroActionError\",\"code\":\"GONE\",\"message\":\"\"}", 500),
        (200, HTML, b"[7]", 502),
        (200, None, b"[7]", 502),
        (200, JSON, b"[7]", 502),
        (200, DEVALUE, b"[7", 502),
        (200, DEVALUE, b"", 502),
        (200, DEVALUE, b"[\"seven\"]", 502),
        (200, DEVALUE, b"\xff", 502),
        (200, DEVALUE, b"[[1],[0]]", 502),
        (201, DEVALUE, b"[7]", 502),
        (204, None, b"", 502),
        (301, HTML, b"", 502),
        (304, None, b"", 502),
    ] {
        let error = read::<u32>(status, content_type, body).unwrap_err();
        let shown = format!("{status} {content_type:?} {:?}", String::from_utf8_lossy(body));
        assert_eq!(error.status().as_u16(), code, "{shown}");
        assert_eq!(error.message(), "Unexpected response", "{shown}");
        let unexpected = error.unexpected_response().expect(&shown);
        assert_eq!(unexpected.status().as_u16(), status, "{shown}");
        assert_eq!(unexpected.body(), String::from_utf8_lossy(body), "{shown}");
        // A handler that returns the error does not send the unexpected response to its own client.
        assert!(!serde_json::to_string(&error).unwrap().contains("<h1>"), "{shown}");
    }
}

#[test]
fn content_type_is_compared_without_parameters_and_case() {
    assert_eq!(read::<u32>(200, Some("Application/JSON+devalue; charset=utf-8"), "[7]").unwrap(), 7);
    let body = r#"{"type":"AstroActionError","code":"GONE","message":"Sold out"}"#;
    let error = read::<u32>(410, Some("application/json; charset=utf-8"), body).unwrap_err();
    assert_eq!(error.to_string(), "GONE: Sold out");
}

#[test]
fn unknown_error_code_is_read_by_its_status() {
    for (status, code) in [(409, ActionErrorCode::Conflict), (599, ActionErrorCode::InternalServerError)] {
        let body = format!(r#"{{"type":"AstroActionError","code":"NEWER","status":{status},"message":"m"}}"#);
        let error = read::<u32>(status, JSON, body).unwrap_err();
        assert_eq!((error.code(), error.message(), error.unexpected_response()), (code, "m", None));
    }
}

#[test]
fn long_unexpected_response_is_truncated() {
    let error = read::<u32>(502, HTML, "é".repeat(1_000_000)).unwrap_err();
    assert!(error.unexpected_response().unwrap().body().len() <= 502);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Product {
    name: String,
}

fn buying<O: Output>(action: Action<(), O>, output: fn() -> O) -> TestClient {
    let handler = move |(), ctx: Context| std::future::ready(ctx.redirect("/orders/7?new").map(|()| output()));
    TestClient::new(Registry::builder().action(action.handler(handler)).build().unwrap())
}

#[test]
fn redirect_target_is_returned() {
    let action: Action<(), ()> = Action::json("buy");
    let request = action.request("/", &()).unwrap();
    let response = pollster::block_on(buying(action, || ()).send(request));
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(redirect_target(&response), Some("/orders/7?new"));
    action.response(response).unwrap();

    let action: Action<(), Option<Product>> = Action::json("buy");
    let client = buying(action, || Some(Product { name: "a".into() }));
    assert_eq!(pollster::block_on(client.call(action, &())).unwrap(), None);
}

#[test]
fn redirect_without_output_is_an_unexpected_response() {
    let action: Action<(), Product> = Action::json("buy");
    let client = buying(action, || Product { name: "a".into() });
    let error = pollster::block_on(client.call(action, &())).unwrap_err();
    assert_eq!(error.code(), ActionErrorCode::BadGateway);
    assert!(error.unexpected_response().unwrap().to_string().contains("`/orders/7?new`"), "{error:?}");
}
