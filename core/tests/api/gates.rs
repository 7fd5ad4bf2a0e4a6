//! Gates: functions, closures and structs, and their order.

use std::collections::HashSet;

use enact::{Action, ActionError, ActionErrorCode, Call, Context, Gate, Registry};
use serde_json::json;

use crate::kit::{call_json, outcome, post, send};

/// The gates that a call has passed.
#[derive(Clone, Default)]
struct Passed(Vec<&'static str>);

fn note(mut ctx: Context, gate: &'static str) -> Context {
    let mut passed = ctx.get::<Passed>().cloned().unwrap_or_default();
    passed.0.push(gate);
    ctx.insert(passed);
    ctx
}

async fn outer(_: Call, ctx: Context) -> Result<Context, ActionError> {
    Ok(note(ctx, "outer"))
}

async fn inner(call: Call, ctx: Context) -> Result<Context, ActionErrorCode> {
    if call.name() == "admin.no" {
        ctx.set_cookie(("seen", "1"));
        return Err(ActionErrorCode::Forbidden);
    }
    Ok(note(ctx, "inner"))
}

const SHOW: Action<(), String> = Action::json("show");

async fn show((): (), ctx: Context) -> Result<String, ActionError> {
    Ok(ctx.require::<Passed>()?.0.join(" "))
}

#[test]
fn gates_run_from_the_outside_in_for_their_own_actions() {
    let admin = Registry::builder()
        .action(Action::<(), String>::json("admin.yes").handler(show))
        .action(Action::<(), String>::json("admin.no").handler(show))
        .gate(inner);
    let actions = Registry::builder().merge(admin).action(SHOW.handler(show)).gate(outer).build().unwrap();
    assert_eq!(call_json(&actions, "admin.yes", ""), json!("outer inner"));
    assert_eq!(call_json(&actions, "show", ""), json!("outer"));
    let refused = send(&actions, post("/_actions/admin.no", "application/json", ""));
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.headers()["set-cookie"], "seen=1");
}

#[test]
fn closure_that_captures_state_is_a_gate() {
    let open = HashSet::from(["show"]);
    let gate = move |call: Call, ctx: Context| {
        let is_open = open.contains(call.name());
        async move { if is_open { Ok(note(ctx, "closure")) } else { Err(ActionErrorCode::Unauthorized) } }
    };
    let actions = Registry::builder()
        .action(SHOW.handler(show))
        .action(Action::<(), String>::json("hidden").handler(show))
        .gate(gate)
        .build()
        .unwrap();
    assert_eq!(call_json(&actions, "show", ""), json!("closure"));
    assert_eq!(call_json(&actions, "hidden", ""), json!("UNAUTHORIZED "));
}

#[test]
fn struct_is_a_gate() {
    struct Members {
        keys: HashSet<String>,
    }

    impl Members {
        async fn is_member(&self, key: &str) -> bool {
            std::future::ready(()).await;
            self.keys.contains(key)
        }
    }

    impl Gate for Members {
        async fn check(&self, _: Call, ctx: Context) -> Result<Context, ActionError> {
            let key = ctx.cookie("key").ok_or(ActionErrorCode::Unauthorized)?;
            if self.is_member(&key).await { Ok(note(ctx, "members")) } else { Err(ActionErrorCode::Forbidden.into()) }
        }
    }

    let members = Members { keys: HashSet::from(["k1".to_owned()]) };
    let actions = Registry::builder().action(SHOW.handler(show)).gate(members).build().unwrap();
    let call = |cookie: &'static str| {
        let mut request = post("/_actions/show", "application/json", "");
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        outcome(&send(&actions, request))
    };
    assert_eq!(call("key=k1"), json!("members"));
    assert_eq!(call("key=k2"), json!("FORBIDDEN "));
    assert_eq!(call("other=k1"), json!("UNAUTHORIZED "));
}
