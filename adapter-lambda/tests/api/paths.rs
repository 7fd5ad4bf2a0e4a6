//! Paths and hosts: where the caller believes to be, and who may call.

use serde_json::{Value, json};

use crate::aws::Front;
use crate::requests::{ask, form, invoke, request, text};
use crate::site::{actions, site};

const API: &str = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";

const URL: &str = "a1b2c3d4e5f6.lambda-url.eu-central-1.on.aws";

fn rest(domain: &str, path: &str, called: &str) -> Value {
    json!({
        "httpMethod": "GET", "path": path, "headers": { "Host": domain },
        "requestContext": { "apiId": "a1b2c3d4e5", "domainName": domain, "stage": "prod", "path": called },
    })
}

fn http(domain: &str, stage: &str, path: &str) -> Value {
    json!({
        "version": "2.0", "rawPath": path, "headers": { "host": domain },
        "requestContext": {
            "apiId": "a1b2c3d4e5", "domainName": domain, "stage": stage,
            "http": { "method": "GET", "path": path },
        },
    })
}

#[test]
fn pages_see_the_path_that_is_called() {
    let shop = "shop.example";
    for (event, base, called) in [
        (rest(API, "/a", "/prod/a"), None, "/prod/a"),
        (rest(API, "/", "/prod/"), None, "/prod/"),
        (rest(shop, "/a", "/a"), None, "/a"),
        (rest(shop, "/v1/a", "/v1/a"), None, "/v1/a"),
        (rest(shop, "/v1/a", "/v1/a"), Some("/v1"), "/v1/a"),
        (http(API, "$default", "/a"), None, "/a"),
        (http(API, "prod", "/prod/a"), None, "/prod/a"),
        // An API mapping: to the domain itself, and by a key.
        (http(shop, "prod", "/prod/a"), None, "/a"),
        (http(shop, "prod", "/prod"), None, "/"),
        (http(shop, "prod", "/products"), None, "/products"),
        (http(shop, "prod", "/prod/a"), Some("/v1"), "/v1/a"),
        (http(shop, "$default", "/a"), Some("v1/"), "/v1/a"),
        // A CDN that adds the stage.
        (http(API, "prod", "/prod/a"), Some("/"), "/a"),
        (rest(API, "/a", "/prod/a"), Some("/"), "/a"),
        // A function URL is below nothing.
        (http(URL, "$default", "/a"), None, "/a"),
        (http(URL, "$default", "/a"), Some("/shop"), "/a"),
    ] {
        let mut site = site(actions());
        if let Some(base) = base {
            site = site.base_path(base);
        }
        let host = event["requestContext"]["domainName"].as_str().unwrap();
        let answer = invoke(&site, &event.to_string()).unwrap();
        let text = answer["body"].as_str().unwrap();
        assert_eq!(text.lines().next(), Some(&*format!("GET https://{host}{called}")), "{event} {base:?}");
    }
}

#[test]
fn actions_are_called_where_their_base_is() {
    let mut event = http(API, "prod", "/prod/_actions/cookies");
    event["requestContext"]["http"]["method"] = "POST".into();
    event["headers"]["sec-fetch-site"] = "same-origin".into();
    event["headers"]["content-type"] = "application/x-www-form-urlencoded".into();
    event["body"] = "a=1".into();
    assert_eq!(invoke(&site(actions().base("/prod")), &event.to_string()).unwrap()["statusCode"], 204);
    // The page at that path answers.
    assert_eq!(invoke(&site(actions()), &event.to_string()).unwrap()["statusCode"], 200);
}

#[test]
fn a_name_is_decoded_once() {
    for front in Front::ALL {
        let status = |path| ask(front, &site(actions()), &form(path)).status;
        assert_eq!(status("/_actions/a%2Fb%20c%25d"), 204, "{front:?}");
        for path in ["/_actions/a%252Fb%2520c%2525d", "/_actions/cookie%2573", "/_actions/%2563ookies"] {
            assert_eq!(status(path), 404, "{front:?} {path}");
        }
    }
}

#[test]
fn paths_are_not_normalised() {
    for front in Front::ALL {
        for path in ["/x/../_actions/cookies", "//_actions/cookies", "/./_actions/cookies", "/_actions/./cookies"] {
            let answer = ask(front, &site(actions()), &form(path));
            assert!(
                !answer.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("set-cookie")),
                "{front:?} {path}"
            );
        }
    }
}

#[test]
fn a_query_keeps_its_pairs_and_their_order() {
    for front in [Front::RestApi, Front::HttpApi, Front::HttpApiV1, Front::FunctionUrl, Front::BalancerMulti] {
        let answer = ask(front, &site(actions()), &request("GET", "/?z=1&a=%26%3D%2B&z=%C3%BC&k%20k=", &[], b""));
        let line = text(&answer).lines().next().unwrap().to_owned();
        let query = line.split_once('?').unwrap().1;
        let sent = [("z", "1"), ("a", "&=+"), ("z", "ü"), ("k k", "")];
        let mut pairs: Vec<_> = percent_decoded(query);
        // Events group the values of a name.
        if !matches!(front, Front::HttpApi | Front::FunctionUrl) {
            pairs.swap(1, 2);
        }
        assert_eq!(pairs, sent.map(|(name, value)| (name.to_owned(), value.to_owned())), "{front:?}");
    }
}

fn percent_decoded(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[test]
fn a_header_that_came_twice_is_refused_where_the_rule_says_so() {
    // Of those a load balancer without multi-value headers tells the last.
    for front in [Front::RestApi, Front::HttpApi, Front::HttpApiV1, Front::FunctionUrl, Front::BalancerMulti] {
        for (name, value) in [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")] {
            let mut twice = form("/_actions/cookies");
            twice.headers.push((name.to_owned(), value.to_owned()));
            assert_eq!(ask(front, &site(actions()), &twice).status, 403, "{front:?} {name}: {value}");
        }
        let mut twice = form("/_actions/cookies");
        twice.headers.retain(|(name, _)| name != "Sec-Fetch-Site");
        for _ in 0..2 {
            twice.headers.push(("Origin".to_owned(), "https://site.example".to_owned()));
        }
        assert_eq!(ask(front, &site(actions()), &twice).status, 403, "{front:?}");
        let types = [("Content-Type", "application/json"), ("Content-Type", "text/plain")];
        let status = ask(front, &site(actions()), &request("POST", "/_actions/see", &types, b"\"x\"")).status;
        assert!(matches!(status, 403 | 415), "{front:?} {status}");
    }
}

#[test]
fn the_domain_is_the_host_where_no_header_tells() {
    let mut event = http(API, "$default", "/_actions/cookies");
    event["requestContext"]["http"]["method"] = "POST".into();
    event["body"] = "a=1".into();
    for (origin, status) in [(format!("https://{API}"), 204), ("https://evil.example".to_owned(), 403)] {
        event["headers"] = json!({ "origin": origin, "content-type": "application/x-www-form-urlencoded" });
        assert_eq!(invoke(&site(actions()), &event.to_string()).unwrap()["statusCode"], status, "{origin}");
    }
}

#[test]
fn a_load_balancers_word_on_the_client_counts_only_if_it_is_trusted() {
    for front in [Front::Balancer, Front::BalancerMulti] {
        let asked = request("GET", "/", &[("X-Forwarded-For", "192.0.2.1")], b"");
        let answer = ask(front, &site(actions()), &asked);
        assert!(text(&answer).contains("from: None"), "{}", text(&answer));
        let answer = ask(front, &site(actions()).trust_forwarded_for(), &asked);
        assert!(text(&answer).contains("from: Some(203.0.113.7)"), "{}", text(&answer));
    }
    for (told, address) in [("203.0.113.7:443", "203.0.113.7"), ("[2001:db8::1]:443", "2001:db8::1")] {
        let event = json!({
            "requestContext": { "elb": {} }, "httpMethod": "GET", "path": "/", "headers": { "x-forwarded-for": told },
        });
        let answer = invoke(&site(actions()).trust_forwarded_for(), &event.to_string()).unwrap();
        assert!(answer["body"].as_str().unwrap().contains(&format!("from: Some({address})")), "{answer}");
    }
}
