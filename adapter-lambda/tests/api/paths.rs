//! Paths and queries as clients sent them.

use serde_json::{Value, json};

use crate::event_source::EventSource;
use crate::invoke::{body_text, get, invoke, post_form, send};
use crate::site::{actions, site};

const API: &str = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";
const FUNCTION_URL: &str = "a1b2c3d4e5f6.lambda-url.eu-central-1.on.aws";

/// Builds an event of a REST API. `path` lacks the stage, `requested` is the path in the client's URL.
fn rest_api_event(domain: &str, path: &str, requested: &str) -> Value {
    json!({
        "httpMethod": "GET", "path": path, "headers": { "Host": domain },
        "requestContext": { "apiId": "a1b2c3d4e5", "domainName": domain, "stage": "prod", "path": requested },
    })
}

/// Builds an event of an HTTP API or a function URL.
fn http_api_event(domain: &str, stage: &str, path: &str) -> Value {
    json!({
        "version": "2.0", "rawPath": path, "headers": { "host": domain },
        "requestContext": {
            "apiId": "a1b2c3d4e5", "domainName": domain, "stage": stage,
            "http": { "method": "GET", "path": path },
        },
    })
}

#[test]
fn pages_see_the_requested_path() {
    let shop = "shop.example";
    for (event, base, requested) in [
        (rest_api_event(API, "/a", "/prod/a"), None, "/prod/a"),
        (rest_api_event(API, "/", "/prod/"), None, "/prod/"),
        (rest_api_event(shop, "/a", "/a"), None, "/a"),
        (rest_api_event(shop, "/v1/a", "/v1/a"), None, "/v1/a"),
        (rest_api_event(shop, "/v1/a", "/v1/a"), Some("/v1"), "/v1/a"),
        (http_api_event(API, "$default", "/a"), None, "/a"),
        (http_api_event(API, "prod", "/prod/a"), None, "/prod/a"),
        // A custom domain, mapped without a key and with one.
        (http_api_event(shop, "prod", "/prod/a"), None, "/a"),
        (http_api_event(shop, "prod", "/prod"), None, "/"),
        (http_api_event(shop, "prod", "/products"), None, "/products"),
        (http_api_event(shop, "prod", "/prod/a"), Some("/v1"), "/v1/a"),
        (http_api_event(shop, "$default", "/a"), Some("v1/"), "/v1/a"),
        // A CDN that adds the stage.
        (http_api_event(API, "prod", "/prod/a"), Some("/"), "/a"),
        (rest_api_event(API, "/a", "/prod/a"), Some("/"), "/a"),
        // A function URL ignores the base path.
        (http_api_event(FUNCTION_URL, "$default", "/a"), None, "/a"),
        (http_api_event(FUNCTION_URL, "$default", "/a"), Some("/shop"), "/a"),
    ] {
        let mut site = site(actions());
        if let Some(base) = base {
            site = site.base_path(base);
        }
        let host = event["requestContext"]["domainName"].as_str().unwrap();
        let response = invoke(&site, &event.to_string()).unwrap();
        let text = response["body"].as_str().unwrap();
        assert_eq!(text.lines().next(), Some(&*format!("GET https://{host}{requested}")), "{event} {base:?}");
    }
}

#[test]
fn actions_are_only_below_their_base() {
    let mut event = http_api_event(API, "prod", "/prod/_actions/cookies");
    event["requestContext"]["http"]["method"] = "POST".into();
    event["headers"]["sec-fetch-site"] = "same-origin".into();
    event["headers"]["content-type"] = "application/x-www-form-urlencoded".into();
    event["body"] = "a=1".into();
    assert_eq!(invoke(&site(actions().base("/prod")), &event.to_string()).unwrap()["statusCode"], 204);
    // At the base `/`, that path is a page.
    assert_eq!(invoke(&site(actions()), &event.to_string()).unwrap()["statusCode"], 200);
}

#[test]
fn action_name_is_decoded_once() {
    for source in EventSource::ALL {
        let status = |path| send(source, &site(actions()), &post_form(path)).status;
        assert_eq!(status("/_actions/a%2Fb%20c%25d"), 204, "{source:?}");
        for path in ["/_actions/a%252Fb%2520c%2525d", "/_actions/cookie%2573", "/_actions/%2563ookies"] {
            assert_eq!(status(path), 404, "{source:?} {path}");
        }
    }
}

#[test]
fn paths_are_not_normalized() {
    for source in EventSource::ALL {
        for path in ["/x/../_actions/cookies", "//_actions/cookies", "/./_actions/cookies", "/_actions/./cookies"] {
            let response = send(source, &site(actions()), &post_form(path));
            let mut names = response.headers.iter().map(|(name, _)| name);
            assert!(!names.any(|name| name.eq_ignore_ascii_case("set-cookie")), "{source:?} {path}");
        }
    }
}

#[test]
fn query_keeps_all_pairs_in_order() {
    // A load balancer without multi-value headers sends only the last value of a name.
    for source in EventSource::ALL.into_iter().filter(|source| *source != EventSource::LoadBalancer) {
        let response = send(source, &site(actions()), &get("/?z=1&a=%26%3D%2B&z=%C3%BC&k%20k="));
        let line = body_text(&response).lines().next().unwrap();
        let mut pairs = decode_query(line.split_once('?').unwrap().1);
        // Only payload format 2.0 keeps the order. The other formats group the values of a name.
        if !matches!(source, EventSource::HttpApi | EventSource::FunctionUrl) {
            pairs.swap(1, 2);
        }
        let sent = [("z", "1"), ("a", "&=+"), ("z", "ü"), ("k k", "")];
        assert_eq!(pairs, sent.map(|(name, value)| (name.to_owned(), value.to_owned())), "{source:?}");
    }
}

fn decode_query(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}
