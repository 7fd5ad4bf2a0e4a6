//! Events as AWS documents them.

use serde_json::{Value, json};

use crate::invoke::invoke;
use crate::site::{actions, site};

const REST_API: &str = include_str!("events/rest-api.json");
const HTTP_API: &str = include_str!("events/http-api.json");
const HTTP_API_V1: &str = include_str!("events/http-api-v1.json");
const FUNCTION_URL: &str = include_str!("events/function-url.json");
const LOAD_BALANCER: &str = include_str!("events/load-balancer.json");
const LOAD_BALANCER_MULTI: &str = include_str!("events/load-balancer-multi.json");

pub(crate) const ALL: [&str; 6] = [REST_API, HTTP_API, HTTP_API_V1, FUNCTION_URL, LOAD_BALANCER, LOAD_BALANCER_MULTI];

const API: &str = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";
const FUNCTION_URL_DOMAIN: &str = "abcdefghijklmnop.lambda-url.eu-central-1.on.aws";

/// Invokes the site at `/prod`. Returns the response without its body, and the text in the body.
fn call_see(event: &str) -> (Value, String) {
    let mut response = invoke(&site(actions().base("/prod")), event).unwrap();
    assert_eq!(response["statusCode"], 200, "{response}");
    let body = response["body"].take();
    let [text]: [String; 1] = serde_json::from_str(body.as_str().unwrap()).unwrap();
    (response, text)
}

#[test]
fn rest_api_event_is_converted() {
    let (response, text) = call_see(REST_API);
    let headers = json!({ "content-type": ["application/json+devalue"] });
    let shape = json!({ "statusCode": 200, "multiValueHeaders": headers, "body": null, "isBase64Encoded": false });
    assert_eq!(response, shape);
    assert_eq!(
        text,
        format!(
            "POST https://{API}/prod/_actions/see?tag=b&tag=a%26b
host: {API}
cookie: user=ada; theme=dark
x-probe: one
x-probe: two
content-length: 9
input: Grüße
from: Some(203.0.113.7)
claims: houston
invoked: true
"
        )
    );
}

#[test]
fn http_api_event_is_converted() {
    let (response, text) = call_see(HTTP_API);
    let headers = json!({ "content-type": "application/json+devalue" });
    let shape = json!({ "statusCode": 200, "headers": headers, "cookies": [], "body": null, "isBase64Encoded": false });
    assert_eq!(response, shape);
    assert_eq!(
        text,
        format!(
            "POST https://{API}/prod/_actions/see?tag=b&tag=a%26b
host: {API}
cookie: user=ada; theme=dark
x-probe: one,two
content-length: 9
input: Grüße
from: Some(203.0.113.7)
claims: houston
invoked: true
"
        )
    );
}

#[test]
fn http_api_event_in_payload_format_1_is_converted() {
    let (response, text) = call_see(HTTP_API_V1);
    assert_eq!(response["multiValueHeaders"]["content-type"], json!(["application/json+devalue"]));
    assert!(text.starts_with(&format!("POST https://{API}/prod/_actions/see?tag=b&tag=a%26b\n")), "{text}");
    assert!(text.contains("x-probe: one\nx-probe: two\n") && text.contains("input: Grüße\n"), "{text}");
}

#[test]
fn function_url_event_is_converted() {
    let (response, text) = call_see(FUNCTION_URL);
    assert_eq!(response["headers"]["content-type"], "application/json+devalue");
    assert!(
        text.starts_with(&format!(
            "POST https://{FUNCTION_URL_DOMAIN}/prod/_actions/see?tag=b&tag=a%26b\nhost: {FUNCTION_URL_DOMAIN}\n"
        )),
        "{text}"
    );
    assert!(text.contains("cookie: user=ada; theme=dark\n") && text.contains("from: Some(203.0.113.7)"), "{text}");
}

#[test]
fn load_balancer_event_is_converted() {
    let (response, text) = call_see(LOAD_BALANCER);
    let headers = json!({ "content-type": "application/json+devalue" });
    let shape = json!({
        "statusCode": 200, "statusDescription": "200 OK", "headers": headers, "body": null, "isBase64Encoded": false,
    });
    assert_eq!(response, shape);
    assert_eq!(
        text,
        "POST /prod/_actions/see?tag=a%26b
host: site-85bf2c0a.eu-central-1.elb.amazonaws.com
cookie: user=ada; theme=dark
x-probe: two
content-length: 9
input: Grüße
from: None
claims: none
invoked: true
"
    );
}

#[test]
fn load_balancer_event_with_multi_value_headers_is_converted() {
    let (response, text) = call_see(LOAD_BALANCER_MULTI);
    let headers = json!({ "content-type": ["application/json+devalue"] });
    let shape = json!({
        "statusCode": 200, "statusDescription": "200 OK", "multiValueHeaders": headers, "body": null,
        "isBase64Encoded": false,
    });
    assert_eq!(response, shape);
    assert!(text.starts_with("POST /prod/_actions/see?tag=b&tag=a%26b\n"), "{text}");
    assert!(text.contains("x-probe: one\nx-probe: two\n") && text.contains("input: Grüße\n"), "{text}");
}

#[test]
fn events_of_other_services_are_rejected() {
    let queue = r#"{"Records":[{"eventSource":"aws:sqs","body":"x"}]}"#;
    let socket = r#"{"requestContext":{"routeKey":"$connect","connectionId":"x"},"isBase64Encoded":false}"#;
    for event in [queue, socket, "{}", "[]", "null", "7", "\"x\""] {
        let error = invoke(&site(actions()), event).unwrap_err().to_string();
        assert!(error.contains("unsupported event"), "{error}");
    }
}
