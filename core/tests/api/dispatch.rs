//! Registries: names, gates, limits, refinements, calls from the server's own code.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use enact::page::PageResult;
use enact::{
    Action, ActionError, ActionErrorCode, Call, Context, FormAction, Handled, Issue, Issues, Limits, Registry,
};
use http::Request;
use http_body_util::Full;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kit::{outcome, post, send};

const ADD: Action<(u32, u32), u32> = Action::json("math.add");

async fn add((a, b): (u32, u32), _: Context) -> Result<u32, ActionError> {
    Ok(a + b)
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    #[derive(Deserialize, JsonSchema)]
    struct Bad {
        #[schemars(regex(pattern = "("))]
        _field: String,
    }
    const BAD: Action<Bad, ()> = Action::json("bad");
    let error = Registry::builder()
        .action(ADD.handler(add))
        .action(ADD.handler(add))
        .action(BAD.handler(async |_, _| Ok(())))
        .action(Action::json("").handler(add))
        .action(Action::json("a/../b").handler(add))
        .action(Action::json("x.__proto__").handler(add))
        .trust_origin("https://example.com/")
        .base("app")
        .build()
        .unwrap_err();
    let problems = error.problems().join("\n");
    for part in [
        "`math.add` is taken twice",
        "invalid pattern `(`",
        "`` is empty",
        "`a/../b`",
        "`x.__proto__`",
        "`https://example.com/`",
        "`app`",
    ] {
        assert!(problems.contains(part), "{part} in\n{problems}");
    }
    assert_eq!(error.problems().len(), 7);
}

#[derive(Clone, PartialEq, Debug)]
struct Trail(Vec<&'static str>);

async fn outer(_: &Call, ctx: &mut Context) -> Result<(), ActionError> {
    ctx.insert(Trail(vec!["outer"]));
    Ok(())
}

async fn inner(call: &Call, ctx: &mut Context) -> Result<(), ActionError> {
    let mut trail = ctx.require::<Trail>()?.clone();
    trail.0.push("inner");
    ctx.insert(trail);
    if call.name() == "admin.no" {
        ctx.set_cookie(("seen", "1"));
        return Err(ActionErrorCode::Forbidden.into());
    }
    Ok(())
}

async fn trail(_: (), ctx: Context) -> Result<String, ActionError> {
    Ok(ctx.require::<Trail>()?.0.join(" "))
}

#[test]
fn gates_run_from_the_outside_in_and_only_for_their_own_actions() {
    let admin = Registry::builder()
        .action(Action::<(), String>::json("admin.yes").handler(trail))
        .action(Action::<(), String>::json("admin.no").handler(trail))
        .gate(inner);
    let actions = Registry::builder()
        .merge(admin)
        .action(Action::<(), String>::json("public").handler(trail))
        .gate(outer)
        .build()
        .unwrap();
    let call = |path| send(&actions, post(path, "application/json", ""));
    assert_eq!(outcome(&call("/_actions/admin.yes")), json!("outer inner"));
    assert_eq!(outcome(&call("/_actions/public")), json!("outer"));
    let refused = call("/_actions/admin.no");
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.headers()["set-cookie"], "seen=1");
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Name {
    #[schemars(length(min = 3))]
    name: String,
    age: u8,
}

const RENAME: Action<Name, ()> = Action::json("rename");

#[test]
fn refinements_run_though_a_constraint_is_broken_but_not_without_an_input() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    async fn taken(input: &Name, _: &Context) -> Result<Issues, ActionError> {
        Ok((input.name == "ab").then(|| Issue::new("Already taken").at("name")).into_iter().collect())
    }
    let actions = Registry::builder()
        .action(
            RENAME
                .handler(async |_, _| Ok(()))
                .refine(move |_, issues| {
                    counter.fetch_add(1, Ordering::Relaxed);
                    issues.add("As a whole");
                })
                .refine_async(taken),
        )
        .build()
        .unwrap();
    let call = |body: &'static str| outcome(&send(&actions, post("/_actions/rename", "application/json", body)));
    assert_eq!(
        call(r#"{"name":"ab","age":1}"#),
        json!(["name: Too small: expected string to have >=3 characters", ": As a whole", "name: Already taken"])
    );
    assert_eq!(
        call(r#"{"name":"ab","age":"1"}"#),
        json!([
            "name: Too small: expected string to have >=3 characters",
            "age: Invalid input: expected number, received string"
        ])
    );
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[test]
fn server_code_calls_actions_by_their_types() {
    let actions = Registry::builder()
        .action(ADD.handler(add))
        .action(RENAME.handler(async |input: Name, ctx: Context| {
            ctx.set_cookie(("name", input.name));
            Ok(())
        }))
        .build()
        .unwrap();
    let (head, ()) = Request::new(()).into_parts();
    let ctx = Context::from(head);
    assert_eq!(pollster::block_on(actions.call(ADD, (1, 2), &ctx)).unwrap(), 3);
    let name = |name: &str| Name { name: name.to_owned(), age: 1 };
    let error = pollster::block_on(actions.call(RENAME, name("ab"), &ctx)).unwrap_err();
    assert_eq!(error.to_string(), "BAD_REQUEST: name: Too small: expected string to have >=3 characters");
    pollster::block_on(actions.call(RENAME, name("Ada"), &ctx)).unwrap();
    assert_eq!(ctx.cookie("name").as_deref(), Some("Ada"));
    const OTHER: Action<String, u32> = Action::json("math.add");
    let error = pollster::block_on(actions.call(OTHER, "x".to_owned(), &ctx)).unwrap_err();
    assert_eq!(error.code(), ActionErrorCode::NotFound);
}

#[test]
fn limits_are_the_actions_own_before_the_registrys() {
    let text = |name| Action::<String, usize>::json(name);
    let len = async |text: String, _: Context| Ok(text.len());
    let actions = Registry::builder()
        .limits(Limits::default().with_max_body_bytes(10))
        .action(text("small").handler(len))
        .action(text("large").handler(len).limits(Limits::default().with_max_body_bytes(100)))
        .build()
        .unwrap();
    let body = format!("\"{}\"", "x".repeat(50));
    let call = |path: &str| outcome(&send(&actions, post(path, "application/json", body.clone())));
    assert_eq!(call("/_actions/small"), json!("CONTENT_TOO_LARGE Request body exceeds 10 bytes"));
    assert_eq!(call("/_actions/large"), json!(50));
}

#[test]
fn a_page_gets_the_typed_result_and_the_body() {
    let actions = Registry::builder()
        .action(FormAction::<Name, Name>::form("echo").handler(async |input, _| Ok(input)))
        .build()
        .unwrap();
    let ask = |body: &'static str| {
        let request = post("/page?_action=echo", "application/x-www-form-urlencoded", body);
        match pollster::block_on(actions.handle(request)) {
            Handled::Page(page) => page.into_parts(),
            other => panic!("{other:?}"),
        }
    };
    let (request, finish) = ask("name=Ada&age=36");
    let results = PageResult::of(request.extensions());
    let echoed = results.get(FormAction::<Name, Name>::form("echo")).unwrap().unwrap();
    assert_eq!((echoed.name.as_str(), echoed.age), ("Ada", 36));
    assert_eq!(request.body(), "name=Ada&age=36");
    let mut response = http::Response::new(());
    finish.finish(&mut response);
    assert_eq!(response.status(), 200);

    let (request, finish) = ask("name=A&age=x");
    let form = PageResult::of(request.extensions());
    let form = form.form(FormAction::<Name, Name>::form("echo"));
    assert_eq!(form.value("name"), "A");
    assert_eq!(form.value("age"), "x");
    assert_eq!(form.error("age"), Some("Invalid input: expected number, received NaN"));
    assert_eq!(form.attributes("age").to_string(), r#"aria-invalid="true" aria-describedby="echo-age-error""#);
    let mut response = http::Response::new(());
    finish.finish(&mut response);
    assert_eq!(response.status(), 400);
}

#[test]
fn what_is_not_for_an_action_is_given_back_untouched() {
    let actions = Registry::builder().action(ADD.handler(add)).build().unwrap();
    let request = post("/elsewhere?a=b", "text/plain", "body");
    match pollster::block_on(actions.handle(request)) {
        Handled::Pass(request) => assert_eq!(request.uri(), "/elsewhere?a=b"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_exempt_action_takes_calls_of_other_sites_and_no_other_does() {
    let actions = Registry::builder()
        .action(ADD.handler(add))
        .action(Action::<(u32, u32), u32>::json("open").handler(add).allow_cross_site())
        .build()
        .unwrap();
    let call = |path: &str| {
        let request = Request::post(path)
            .header("origin", "https://evil.example")
            .header("host", "example.com")
            .header("content-type", "application/json")
            .body(Full::<Bytes>::from("[1,2]"))
            .unwrap();
        send(&actions, request).status().as_u16()
    };
    assert_eq!([call("/_actions/open"), call("/_actions/math.add"), call("/_actions/nope")], [200, 403, 403]);
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Secrets {
    name: String,
    #[schemars(extend("writeOnly" = true))]
    pins: Vec<String>,
    login: Login,
    keys: Vec<Key>,
    age: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Login {
    user: String,
    #[schemars(extend("format" = "password"))]
    password: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Key {
    Number(u32),
    Word(#[schemars(extend("format" = "password"))] String),
}

#[test]
fn what_is_secret_is_never_put_back_however_deep_it_lies() {
    const SAVE: FormAction<Secrets, ()> = Action::form("save");
    let actions = Registry::builder().action(SAVE.handler(async |_, _| Ok(()))).build().unwrap();
    let body = "name=Ada&pins=1234&login.user=ada&login.password=hunter2&keys=word&age=x&other=y";
    let request = post("/page?_action=save", "application/x-www-form-urlencoded", body);
    let Handled::Page(page) = pollster::block_on(actions.handle(request)) else { panic!("no page") };
    let results = page.results();
    let form = results.form(SAVE);
    assert_eq!((form.value("name"), form.value("login.user"), form.value("age")), ("Ada", "ada", "x"));
    for secret in ["pins", "login.password", "keys", "other"] {
        assert_eq!(form.value(secret), "", "{secret}");
    }
    assert_ne!(form.error_id("a.b"), form.error_id("a-b"));
}

#[test]
fn a_result_that_waits_hides_no_call() {
    let actions = Registry::builder().action(ADD.handler(add)).build().unwrap();
    let mut request = post("/_actions/math.add", "application/json", "[1,2]");
    let waiting = enact::serialize_result::<u32>(Ok(&3)).unwrap();
    request.extensions_mut().insert(PageResult::from_serialized("other", waiting));
    assert_eq!(actions.identify(&request).map(|call| call.name()), Some("math.add"));
    assert_eq!(outcome(&send(&actions, request)), json!(3));
}
