//! Request headers that decide who the client is, and whether it may call.

use serde_json::json;

use crate::event_source::EventSource;
use crate::invoke::{body_text, build_request, invoke, post_form, send};
use crate::site::{actions, site};

#[test]
fn repeated_cross_site_header_is_rejected() {
    // A load balancer without multi-value headers sends only the last value.
    for source in EventSource::ALL.into_iter().filter(|source| *source != EventSource::LoadBalancer) {
        for (name, value) in [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")] {
            let mut request = post_form("/_actions/cookies");
            request.headers.push((name.to_owned(), value.to_owned()));
            assert_eq!(send(source, &site(actions()), &request).status, 403, "{source:?} {name}: {value}");
        }
        let mut request = post_form("/_actions/cookies");
        request.headers.retain(|(name, _)| name != "Sec-Fetch-Site");
        for _ in 0..2 {
            request.headers.push(("Origin".to_owned(), "https://site.example".to_owned()));
        }
        assert_eq!(send(source, &site(actions()), &request).status, 403, "{source:?}");
        let types = [("Content-Type", "application/json"), ("Content-Type", "text/plain")];
        let request = build_request("POST", "/_actions/see", &types, b"\"x\"");
        let status = send(source, &site(actions()), &request).status;
        assert!(matches!(status, 403 | 415), "{source:?} {status}");
    }
}

#[test]
fn domain_name_is_the_host_if_the_header_is_missing() {
    let domain = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";
    for (origin, status) in [(format!("https://{domain}"), 204), ("https://evil.example".to_owned(), 403)] {
        let event = json!({
            "version": "2.0", "rawPath": "/_actions/cookies", "body": "a=1",
            "headers": { "origin": origin, "content-type": "application/x-www-form-urlencoded" },
            "requestContext": {
                "apiId": "a1b2c3d4e5", "domainName": domain, "stage": "$default", "http": { "method": "POST" },
            },
        });
        assert_eq!(invoke(&site(actions()), &event.to_string()).unwrap()["statusCode"], status, "{origin}");
    }
}

#[test]
fn forwarded_address_is_used_only_if_trusted() {
    let request = build_request("GET", "/", &[("X-Forwarded-For", "192.0.2.1")], b"");
    for source in [EventSource::LoadBalancer, EventSource::LoadBalancerMulti] {
        let response = send(source, &site(actions()), &request);
        assert!(body_text(&response).contains("from: None"), "{}", body_text(&response));
        let response = send(source, &site(actions()).trust_forwarded_for(), &request);
        assert!(body_text(&response).contains("from: Some(203.0.113.7)"), "{}", body_text(&response));
    }
}

#[test]
fn port_of_forwarded_address_is_ignored() {
    for (forwarded, address) in [("203.0.113.7:443", "203.0.113.7"), ("[2001:db8::1]:443", "2001:db8::1")] {
        let event = json!({
            "requestContext": { "elb": {} }, "httpMethod": "GET", "path": "/",
            "headers": { "x-forwarded-for": forwarded },
        });
        let response = invoke(&site(actions()).trust_forwarded_for(), &event.to_string()).unwrap();
        assert!(response["body"].as_str().unwrap().contains(&format!("from: Some({address})")), "{response}");
    }
}
