//! A small request costs little, and its answer is small: whatever the input's type, and whatever the client made up for it.

use std::collections::BTreeMap;

use enact::{Action, ActionError, Context, FormData, Key, PostRedirectGet, Registry};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::ask::{Ask, post};
use crate::server::headers;

/// Members that hold each other, by properties of the same name.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Either {
    A {
        #[allow(dead_code)]
        below: Vec<Either>,
        #[allow(dead_code)]
        a: f64,
    },
    B {
        #[allow(dead_code)]
        below: Vec<Either>,
        #[allow(dead_code)]
        b: f64,
    },
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Expression {
    And {
        #[allow(dead_code)]
        left: Box<Expression>,
    },
    Or {
        #[allow(dead_code)]
        left: Box<Expression>,
    },
    Is {
        #[allow(dead_code)]
        value: f64,
    },
}

async fn nothing<T>(_: T, _: Context) -> Result<(), ActionError> {
    Ok(())
}

fn actions() -> Registry {
    Registry::builder()
        .action(Action::json("lists"), nothing::<BTreeMap<String, Vec<f64>>>)
        .action(Action::json("list"), nothing::<Vec<f64>>)
        .action(Action::json("map"), nothing::<BTreeMap<String, f64>>)
        .action(Action::json("either"), nothing::<Either>)
        .action(Action::json("expression"), nothing::<Expression>)
        .action(Action::form("form"), nothing::<FormData>)
        .build()
        .unwrap()
}

fn rpc(name: &str, body: String) -> Ask {
    post(format!("/_actions/{name}")).json(body)
}

#[test]
fn an_answer_is_not_many_times_as_long_as_its_request() {
    let registry = actions();
    let wrong = |count: usize| format!("[{}\"\"]", "\"\",".repeat(count));
    let keys: Vec<_> = (0..50_000).map(|i| format!("\"{i:x}\":\"\"")).collect();
    for (ask, most) in [
        (rpc("list", wrong(300_000)), 400_000),
        (rpc("map", format!("{{{}}}", keys.join(","))), 400_000),
        // Each path repeats the key.
        (rpc("lists", format!("{{\"{}\":{}}}", "k".repeat(10_000), wrong(10_000))), 1_000_000),
        (rpc("lists", format!("{{\"{}\":{}}}", "k".repeat(500_000), wrong(100_000))), 3_000_000),
    ] {
        let answer = ask.of(&registry);
        assert_eq!(answer.status, 400);
        assert!(answer.body.len() < most, "{} bytes", answer.body.len());
    }
}

#[test]
fn unions_within_unions_are_not_tried_without_end() {
    let registry = actions();
    for depth in [20, 40, 60] {
        let nested = |leaf: &str| {
            (0..depth).fold(leaf.to_owned(), |below, _| format!("{{\"a\":1,\"b\":1,\"below\":[{below}]}}"))
        };
        assert_eq!(rpc("either", nested("0")).of(&registry).status, 400, "{depth}");
        // Good, but only by the second member of each: it may be refused, it may not take for ever.
        let good =
            (0..depth).fold("{\"b\":1,\"below\":[]}".to_owned(), |below, _| format!("{{\"b\":1,\"below\":[{below}]}}"));
        assert!(matches!(rpc("either", good).of(&registry).status, 204 | 400), "{depth}");
    }
}

#[test]
fn what_was_typed_is_looked_up_by_few_ways() {
    let registry = actions();
    for segments in [20, 40, 10_000] {
        let body = format!("{}=1", vec!["left"; segments].join("."));
        assert_eq!(post("/page?_action=expression").form(body).of(&registry).status, 415, "{segments}");
    }
}

#[test]
fn cookies_made_up_for_results_are_not_all_answered() {
    let how = PostRedirectGet::cookie(Key::from(&[7; 64]));
    let registry =
        Registry::builder().post_redirect_get(how).action(Action::form("form"), nothing::<FormData>).build().unwrap();
    let cookies: String = (0..20_000).map(|i| format!("enact-result-{i}=;")).collect();
    let answer = post("/page?_action=form").form("a=b").header("Cookie", cookies).of(&registry);
    assert_eq!(answer.status, 303);
    assert!(headers(&answer, "set-cookie").len() < 50);
}
