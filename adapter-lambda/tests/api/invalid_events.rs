//! Events with invalid values, which AWS does not send: the function never panics on them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::documented_events::ALL;
use crate::invoke::{Invoke, invoke};
use crate::site::{actions, site};

/// Asserts that an event is rejected as unsupported, or answered with a status below 500.
fn assert_no_server_error(function: &impl Invoke, event: &Value) {
    let event = event.to_string();
    match catch_unwind(AssertUnwindSafe(|| invoke(function, &event))) {
        Ok(Ok(response)) => {
            let status = response["statusCode"].as_u64().unwrap();
            assert!((200..500).contains(&status) && response["body"].is_string(), "{response}\n{event}");
        }
        Ok(Err(error)) => assert!(error.to_string().contains("unsupported event"), "{error}\n{event}"),
        Err(_) => panic!("{event}"),
    }
}

fn invalid_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("/"),
        json!("%"),
        json!("%zz?#\\ <>\"`{}|^"),
        json!("\u{0}\r\n\u{7f}ü"),
        json!("a b://[::1/../..//x@"),
        json!([]),
        json!({}),
        json!([null, 1, "x", ["x"]]),
        json!({ "x": null, "": ["\n"], "a b": "c" }),
    ]
}

/// Appends the JSON pointers of all members and elements of a value, each after `prefix`.
fn collect_pointers(value: &Value, prefix: &str, pointers: &mut Vec<String>) {
    let mut descend = |key: &str, value| {
        let pointer = format!("{prefix}/{}", key.replace('~', "~0").replace('/', "~1"));
        pointers.push(pointer.clone());
        collect_pointers(value, &pointer, pointers);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| descend(name, value)),
        Value::Array(values) => values.iter().enumerate().for_each(|(index, value)| descend(&index.to_string(), value)),
        _ => {}
    }
}

#[test]
fn event_with_one_invalid_value_never_panics() {
    let function = site(actions().base("/prod"));
    for event in ALL {
        let event: Value = serde_json::from_str(event).unwrap();
        let mut pointers = Vec::new();
        collect_pointers(&event, "", &mut pointers);
        for pointer in pointers {
            for value in invalid_values() {
                let mut event = event.clone();
                *event.pointer_mut(&pointer).unwrap() = value;
                assert_no_server_error(&function, &event);
            }
            let mut event = event.clone();
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            if let Some(parent) = event.pointer_mut(parent).and_then(Value::as_object_mut) {
                parent.remove(name);
            }
            assert_no_server_error(&function, &event);
        }
    }
}

#[test]
fn event_with_several_invalid_values_never_panics() {
    let function = site(actions().base("/prod"));
    let values = invalid_values();
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        // A linear congruential generator with the constants of Knuth's MMIX.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for _ in 0..4000 {
        let mut event: Value = serde_json::from_str(ALL[random(ALL.len())]).unwrap();
        for _ in 0..2 + random(4) {
            let mut pointers = Vec::new();
            collect_pointers(&event, "", &mut pointers);
            if !pointers.is_empty() {
                *event.pointer_mut(&pointers[random(pointers.len())]).unwrap() = values[random(values.len())].clone();
            }
        }
        assert_no_server_error(&function, &event);
    }
}

#[test]
fn invalid_part_is_named_in_the_response() {
    for (event, pointer, value, part) in [
        (0, "/httpMethod", json!("GE T"), "method"),
        (1, "/requestContext/http/method", json!(""), "method"),
        (1, "/requestContext/http/method", Value::Null, "method"),
        (1, "/headers/x-probe", json!("a\nb"), "header value"),
        (0, "/multiValueHeaders/Origin", json!("https://a.example"), "header value"),
        (3, "/cookies/0", json!("a\u{0}"), "cookie"),
        (2, "/body", json!("Ikdy*"), "base64 of the body"),
        (5, "/body", json!({}), "body"),
        (4, "/path", json!("/".repeat(70_000)), "path or query"),
    ] {
        let mut event: Value = serde_json::from_str(ALL[event]).unwrap();
        *event.pointer_mut(pointer).unwrap() = value;
        let response = invoke(&site(actions()), &event.to_string()).unwrap();
        assert_eq!(response["statusCode"], 400, "{pointer}");
        assert_eq!(response["body"], format!("Bad Request: invalid {part}"), "{pointer}");
    }
}

#[test]
fn event_without_optional_members_is_accepted() {
    for event in [
        r#"{"httpMethod":"GET"}"#,
        r#"{"httpMethod":"GET","path":"/","headers":null,"multiValueHeaders":null,"requestContext":{},"body":null}"#,
        r#"{"requestContext":{"http":{"method":"GET"}}}"#,
        r#"{"requestContext":{"elb":{}},"httpMethod":"GET","path":""}"#,
    ] {
        let response = invoke(&site(actions()), event).unwrap();
        assert!(response["body"].as_str().unwrap().starts_with("GET /\n"), "{response}");
    }
}
