//! Events as AWS documents them.

use serde_json::{Value, json};

use crate::requests::invoke;
use crate::site::{actions, site};

const REST_API: &str = include_str!("events/rest-api.json");
const HTTP_API: &str = include_str!("events/http-api.json");
const HTTP_API_V1: &str = include_str!("events/http-api-v1.json");
const FUNCTION_URL: &str = include_str!("events/function-url.json");
const BALANCER: &str = include_str!("events/load-balancer.json");
const BALANCER_MULTI: &str = include_str!("events/load-balancer-multi.json");

pub(crate) const ALL: [&str; 6] = [REST_API, HTTP_API, HTTP_API_V1, FUNCTION_URL, BALANCER, BALANCER_MULTI];

const API: &str = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";
const URL: &str = "abcdefghijklmnop.lambda-url.eu-central-1.on.aws";

/// What the action answers, called at `/prod`.
fn seen(event: &str) -> (Value, String) {
    let mut answer = invoke(&site(actions().base("/prod")), event).unwrap();
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let body = answer["body"].take();
    let [text]: [String; 1] = serde_json::from_str(body.as_str().unwrap()).unwrap();
    (answer, text)
}

#[test]
fn a_rest_api() {
    let (answer, text) = seen(REST_API);
    let headers = json!({ "content-type": ["application/json+devalue"] });
    let shape = json!({ "statusCode": 200, "multiValueHeaders": headers, "body": null, "isBase64Encoded": false });
    assert_eq!(answer, shape);
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
fn an_http_api() {
    let (answer, text) = seen(HTTP_API);
    let headers = json!({ "content-type": "application/json+devalue" });
    let shape = json!({ "statusCode": 200, "headers": headers, "cookies": [], "body": null, "isBase64Encoded": false });
    assert_eq!(answer, shape);
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
fn an_http_api_in_the_older_format() {
    let (answer, text) = seen(HTTP_API_V1);
    assert_eq!(answer["multiValueHeaders"]["content-type"], json!(["application/json+devalue"]));
    assert!(text.starts_with(&format!("POST https://{API}/prod/_actions/see?tag=b&tag=a%26b\n")), "{text}");
    assert!(text.contains("x-probe: one\nx-probe: two\n") && text.contains("input: Grüße\n"), "{text}");
}

#[test]
fn a_function_url() {
    let (answer, text) = seen(FUNCTION_URL);
    assert_eq!(answer["headers"]["content-type"], "application/json+devalue");
    assert!(
        text.starts_with(&format!("POST https://{URL}/prod/_actions/see?tag=b&tag=a%26b\nhost: {URL}\n")),
        "{text}"
    );
    assert!(text.contains("cookie: user=ada; theme=dark\n") && text.contains("from: Some(203.0.113.7)"), "{text}");
}

#[test]
fn a_load_balancer() {
    let (answer, text) = seen(BALANCER);
    let headers = json!({ "content-type": "application/json+devalue" });
    let shape = json!({
        "statusCode": 200, "statusDescription": "200 OK", "headers": headers, "body": null, "isBase64Encoded": false,
    });
    assert_eq!(answer, shape);
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
fn a_load_balancer_with_multi_value_headers() {
    let (answer, text) = seen(BALANCER_MULTI);
    let headers = json!({ "content-type": ["application/json+devalue"] });
    let shape = json!({
        "statusCode": 200, "statusDescription": "200 OK", "multiValueHeaders": headers, "body": null,
        "isBase64Encoded": false,
    });
    assert_eq!(answer, shape);
    assert!(text.starts_with("POST /prod/_actions/see?tag=b&tag=a%26b\n"), "{text}");
    assert!(text.contains("x-probe: one\nx-probe: two\n") && text.contains("input: Grüße\n"), "{text}");
}

#[test]
fn other_events_are_refused() {
    let queue = r#"{"Records":[{"eventSource":"aws:sqs","body":"x"}]}"#;
    let socket = r#"{"requestContext":{"routeKey":"$connect","connectionId":"x"},"isBase64Encoded":false}"#;
    for event in [queue, socket, "{}", "[]", "null", "7", "\"x\""] {
        let error = invoke(&site(actions()), event).unwrap_err().to_string();
        assert!(error.contains("API Gateway"), "{error}");
    }
}
