//! Events that AWS does not send.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::events::ALL;
use crate::requests::{Invoke, invoke};
use crate::site::{actions, site};

/// Whatever an event holds, it is refused as none, or answered with a status that blames nobody here.
fn survives(function: &impl Invoke, event: &Value) {
    let event = event.to_string();
    match catch_unwind(AssertUnwindSafe(|| invoke(function, &event))) {
        Ok(Ok(answer)) => {
            let status = answer["statusCode"].as_u64().unwrap();
            assert!((200..500).contains(&status) && answer["body"].is_string(), "{answer}\n{event}");
        }
        Ok(Err(error)) => assert!(error.to_string().contains("API Gateway"), "{error}\n{event}"),
        Err(_) => panic!("{event}"),
    }
}

fn odd_values() -> Vec<Value> {
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

/// Every place in a value, by its JSON pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut go = |key: &str, value| {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(at.clone());
        places(value, &at, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| go(name, value)),
        Value::Array(values) => values.iter().enumerate().for_each(|(index, value)| go(&index.to_string(), value)),
        _ => {}
    }
}

#[test]
fn one_odd_thing_is_survived() {
    let function = site(actions().base("/prod"));
    for event in ALL {
        let event: Value = serde_json::from_str(event).unwrap();
        let mut found = Vec::new();
        places(&event, "", &mut found);
        for place in found {
            for value in odd_values() {
                let mut event = event.clone();
                *event.pointer_mut(&place).unwrap() = value;
                survives(&function, &event);
            }
            let mut event = event.clone();
            let (parent, name) = place.rsplit_once('/').unwrap();
            if let Some(parent) = event.pointer_mut(parent).and_then(Value::as_object_mut) {
                parent.remove(name);
            }
            survives(&function, &event);
        }
    }
}

#[test]
fn many_odd_things_are_survived() {
    let function = site(actions().base("/prod"));
    let values = odd_values();
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        // Knuth's MMIX generator.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for _ in 0..4000 {
        let mut event: Value = serde_json::from_str(ALL[random(ALL.len())]).unwrap();
        for _ in 0..2 + random(4) {
            let mut found = Vec::new();
            places(&event, "", &mut found);
            if !found.is_empty() {
                *event.pointer_mut(&found[random(found.len())]).unwrap() = values[random(values.len())].clone();
            }
        }
        survives(&function, &event);
    }
}

#[test]
fn what_is_malformed_is_named() {
    for (event, place, value, what) in [
        (0, "/httpMethod", json!("GE T"), "the method"),
        (1, "/requestContext/http/method", json!(""), "the method"),
        (1, "/requestContext/http/method", Value::Null, "the method"),
        (1, "/headers/x-probe", json!("a\nb"), "a header"),
        (0, "/multiValueHeaders/Origin", json!("https://a.example"), "a header"),
        (3, "/cookies/0", json!("a\u{0}"), "a cookie"),
        (2, "/body", json!("Ikdy*"), "the body's base64"),
        (5, "/body", json!({}), "the body"),
        (4, "/path", json!("/".repeat(70_000)), "the path or the query"),
    ] {
        let mut event: Value = serde_json::from_str(ALL[event]).unwrap();
        *event.pointer_mut(place).unwrap() = value;
        let answer = invoke(&site(actions()), &event.to_string()).unwrap();
        assert_eq!(answer["statusCode"], 400, "{place}");
        assert_eq!(answer["body"], format!("Bad Request: {what} is malformed"), "{place}");
    }
}

#[test]
fn an_event_with_the_least_is_a_request() {
    for event in [
        r#"{"httpMethod":"GET"}"#,
        r#"{"httpMethod":"GET","path":"/","headers":null,"multiValueHeaders":null,"requestContext":{},"body":null}"#,
        r#"{"requestContext":{"http":{"method":"GET"}}}"#,
        r#"{"requestContext":{"elb":{}},"httpMethod":"GET","path":""}"#,
    ] {
        let answer = invoke(&site(actions()), event).unwrap();
        assert!(answer["body"].as_str().unwrap().starts_with("GET /\n"), "{answer}");
    }
}
