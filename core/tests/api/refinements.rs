//! Refinements: rules in functions, closures and structs.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use enact::{Action, ActionError, ActionErrorCode, AsyncRule, Context, Issue, Issues, Registry};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::kit::call_json;

#[derive(Deserialize, JsonSchema)]
struct Name {
    #[schemars(length(min = 3))]
    name: String,
    _age: u8,
}

const RENAME: Action<Name, ()> = Action::json("rename");

async fn rename(_: Name, _: Context) -> Result<(), ActionError> {
    Ok(())
}

fn taken() -> Issues {
    Issues::from_iter([Issue::new("Already taken").at("name")])
}

#[test]
fn rules_run_for_constraint_violations_but_not_for_wrong_types() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    async fn unique(input: &Name, _: &Context) -> Result<Issues, ActionError> {
        Ok(if input.name == "ab" { taken() } else { Issues::new() })
    }
    let rename = RENAME
        .handler(rename)
        .refine(move |_, issues| {
            counter.fetch_add(1, Ordering::Relaxed);
            issues.add("Always wrong");
        })
        .refine_async(unique);
    let actions = Registry::builder().action(rename).build().unwrap();
    assert_eq!(
        call_json(&actions, "rename", r#"{"name":"ab","_age":1}"#),
        json!(["name: Too small: expected string to have >=3 characters", ": Always wrong", "name: Already taken"])
    );
    assert_eq!(
        call_json(&actions, "rename", r#"{"name":"ab","_age":"1"}"#),
        json!([
            "name: Too small: expected string to have >=3 characters",
            "_age: Invalid input: expected number, received string"
        ])
    );
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[test]
fn error_of_an_async_rule_fails_the_call() {
    async fn fail(_: &Name, _: &Context) -> Result<Issues, ActionErrorCode> {
        Err(ActionErrorCode::ServiceUnavailable)
    }
    let actions = Registry::builder().action(RENAME.handler(rename).refine_async(fail)).build().unwrap();
    assert_eq!(call_json(&actions, "rename", r#"{"name":"Ada","_age":1}"#), json!("SERVICE_UNAVAILABLE "));
}

#[test]
fn closure_that_captures_state_is_an_async_rule() {
    let names = Arc::new(HashSet::from(["Ada".to_owned()]));
    let unique = move |input: &Name, _: &Context| {
        let (names, name) = (Arc::clone(&names), input.name.clone());
        async move { Ok::<_, ActionError>(if names.contains(&name) { taken() } else { Issues::new() }) }
    };
    let actions = Registry::builder().action(RENAME.handler(rename).refine_async(unique)).build().unwrap();
    assert_eq!(call_json(&actions, "rename", r#"{"name":"Ada","_age":1}"#), json!(["name: Already taken"]));
    assert_eq!(call_json(&actions, "rename", r#"{"name":"Bob","_age":1}"#), json!(null));
}

#[test]
fn struct_is_an_async_rule() {
    struct Unique {
        names: HashSet<String>,
    }

    impl Unique {
        async fn contains(&self, name: &str) -> bool {
            std::future::ready(()).await;
            self.names.contains(name)
        }
    }

    impl AsyncRule<Name> for Unique {
        async fn check(&self, input: &Name, ctx: &Context) -> Result<Issues, ActionError> {
            let is_admin = ctx.headers().contains_key("x-admin");
            Ok(if !is_admin && self.contains(&input.name).await { taken() } else { Issues::new() })
        }
    }

    let unique = Unique { names: HashSet::from(["Ada".to_owned()]) };
    let actions = Registry::builder().action(RENAME.handler(rename).refine_async(unique)).build().unwrap();
    assert_eq!(call_json(&actions, "rename", r#"{"name":"Ada","_age":1}"#), json!(["name: Already taken"]));
    assert_eq!(call_json(&actions, "rename", r#"{"name":"Bob","_age":1}"#), json!(null));
}
