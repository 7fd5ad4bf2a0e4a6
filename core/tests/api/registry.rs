//! Building a registry, its limits, calls from server code, and the cross-site check.

use bytes::Bytes;
use enact::host::Step;
use enact::page::{PageResult, serialize_result};
use enact::{
    Action, ActionError, ActionErrorCode, BuildProblem, Context, File, FormAction, Limits, Registry, RegistryBuilder,
};
use http::Request;
use http_body_util::Full;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kit::{call_json, outcome, post, send};

const ADD: Action<(u32, u32), u32> = Action::json("math.add");

async fn add((a, b): (u32, u32), _: Context) -> Result<u32, ActionError> {
    Ok(a + b)
}

async fn accept<I>(_: I, _: Context) -> Result<(), ActionError> {
    Ok(())
}

/// Returns the texts of all problems of a builder.
#[track_caller]
fn problems(builder: RegistryBuilder) -> Vec<String> {
    builder.build().unwrap_err().problems().iter().map(ToString::to_string).collect()
}

#[test]
fn build_error_lists_all_problems() {
    #[derive(Deserialize, JsonSchema)]
    struct Bad {
        #[schemars(regex(pattern = "("))]
        _field: String,
    }
    let error = Registry::builder()
        .action(ADD.handler(add))
        .action(ADD.handler(add))
        .action(Action::<Bad, ()>::json("bad").handler(accept))
        .trust_origin("https://example.com/")
        .base("app")
        .build()
        .unwrap_err();
    assert_eq!(error.problems().len(), 4);
    assert!(matches!(error.problems().last(), Some(BuildProblem::InvalidSchema { action: "bad", .. })));
    let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "the registry cannot be built:");
    let texts: Vec<String> = error.problems().iter().map(|problem| format!("- {problem}")).collect();
    assert_eq!(lines[1..], texts);
}

#[test]
fn base_that_is_not_an_absolute_path_is_a_build_error() {
    for base in ["app", "https://example.com/app", "/app?a", "/app#a", "/%61pp"] {
        assert_eq!(
            problems(Registry::builder().base(base)),
            [format!("invalid base `{base}`: expected an absolute path such as `/app`, without `?`, `#` and `%`")]
        );
    }
    for base in ["", "/", "/app", "/app/"] {
        assert!(Registry::builder().base(base).build().is_ok(), "{base}");
    }
}

#[test]
fn string_that_is_not_an_origin_is_a_build_error() {
    let text = |origin| format!("invalid origin `{origin}`: expected `scheme://host[:port]`, as browsers send it");
    for origin in ["example.com", "https://example.com/", "https://example.com:443", "null", ""] {
        assert_eq!(problems(Registry::builder().origin(origin)), [text(origin)]);
        assert_eq!(problems(Registry::builder().trust_origin(origin)), [text(origin)]);
    }
    assert!(Registry::builder().origin("https://example.com:8443").build().is_ok());
}

#[test]
fn name_that_clients_cannot_call_is_a_build_error() {
    for (name, reason) in [
        ("", "must not be empty"),
        ("a/", "must not end with a slash, because clients append one to paths"),
        ("a/../b", "must not have a segment `.` or `..`, because browsers resolve it"),
        ("a\n", "must not contain control characters"),
        ("x.__proto__", "must not contain `__proto__`, which is the prototype of JavaScript objects"),
    ] {
        let builder = Registry::builder().action(Action::<(), ()>::json(name).handler(accept));
        assert_eq!(problems(builder), [format!("invalid action name `{name}`: a name {reason}")]);
    }
}

#[test]
fn duplicate_name_is_a_build_error() {
    let other = Registry::builder().action(FormAction::<(), ()>::form("math.add").handler(accept));
    let builder = Registry::builder().action(ADD.handler(add)).merge(other);
    assert_eq!(problems(builder), ["duplicate action name `math.add`"]);
}

#[test]
fn schema_that_cannot_be_compiled_is_a_build_error() {
    #[derive(Deserialize, JsonSchema)]
    struct Bad {
        #[schemars(regex(pattern = "("))]
        _field: String,
    }
    let [problem] = &*problems(Registry::builder().action(Action::<Bad, ()>::json("bad").handler(accept))) else {
        panic!("expected one problem")
    };
    assert!(problem.starts_with("invalid input schema of `bad`: "), "{problem}");
    assert!(problem.contains("_field") && problem.contains("`(`"), "{problem}");
}

#[derive(Deserialize, JsonSchema)]
struct Album {
    #[schemars(extend("x-max-bytes" = 3))]
    _pictures: Vec<File>,
    #[schemars(extend("x-min-bytes" = 2))]
    _cover: File,
}

#[test]
fn file_larger_than_the_body_limit_is_a_build_error() {
    let album = || FormAction::<Album, ()>::form("album").handler(accept);
    let limit = |bytes| Limits::default().with_max_body_bytes(bytes);
    let text = |keyword, field, bytes, max: usize| {
        format!(
            "`{keyword}` of the field `{field}` of `album` is {bytes} bytes, but the action accepts bodies of at most \
             {max} bytes: raise `max_body_bytes` in its `Limits`"
        )
    };
    assert!(Registry::builder().limits(limit(3)).action(album()).build().is_ok());
    assert_eq!(
        problems(Registry::builder().limits(limit(2)).action(album())),
        [text("x-max-bytes", "_pictures", 3, 2)]
    );
    let mut both = problems(Registry::builder().action(album().limits(limit(1))));
    both.sort();
    assert_eq!(both, [text("x-max-bytes", "_pictures", 3, 1), text("x-min-bytes", "_cover", 2, 1)]);
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Name {
    #[schemars(length(min = 3))]
    name: String,
}

#[test]
fn server_code_calls_actions_by_their_types() {
    const RENAME: Action<Name, ()> = Action::json("rename");
    async fn rename(input: Name, ctx: Context) -> Result<(), ActionError> {
        ctx.set_cookie(("name", input.name));
        Ok(())
    }
    let actions = Registry::builder().action(ADD.handler(add)).action(RENAME.handler(rename)).build().unwrap();
    let (head, ()) = Request::new(()).into_parts();
    let ctx = Context::from(head);
    assert_eq!(pollster::block_on(actions.call(ADD, (1, 2), &ctx)).unwrap(), 3);
    let name = |name: &str| Name { name: name.to_owned() };
    let error = pollster::block_on(actions.call(RENAME, name("ab"), &ctx)).unwrap_err();
    assert_eq!(error.to_string(), "BAD_REQUEST: name: Too small: expected string to have >=3 characters");
    pollster::block_on(actions.call(RENAME, name("Ada"), &ctx)).unwrap();
    assert_eq!(ctx.cookie("name").as_deref(), Some("Ada"));
    const OTHER: Action<String, u32> = Action::json("math.add");
    let error = pollster::block_on(actions.call(OTHER, "x".to_owned(), &ctx)).unwrap_err();
    assert_eq!(error.code(), ActionErrorCode::NotFound);
}

#[test]
fn limits_of_an_action_replace_those_of_the_registry() {
    async fn len(text: String, _: Context) -> Result<usize, ActionError> {
        Ok(text.len())
    }
    let text = |name| Action::<String, usize>::json(name);
    let actions = Registry::builder()
        .limits(Limits::default().with_max_body_bytes(10))
        .action(text("small").handler(len))
        .action(text("large").handler(len).limits(Limits::default().with_max_body_bytes(100)))
        .build()
        .unwrap();
    let body = format!("\"{}\"", "x".repeat(50));
    assert_eq!(call_json(&actions, "small", body.clone()), json!("CONTENT_TOO_LARGE Request body exceeds 10 bytes"));
    assert_eq!(call_json(&actions, "large", body), json!(50));
}

#[test]
fn request_that_calls_no_action_is_passed_unchanged() {
    let actions = Registry::builder().action(ADD.handler(add)).build().unwrap();
    let (head, _) = post("/elsewhere?a=b", "text/plain", "body").into_parts();
    match actions.begin(head) {
        Step::Pass(head) => assert_eq!((head.uri.path(), head.headers.len()), ("/elsewhere", 3)),
        other => panic!("expected the request, found {other:?}"),
    }
}

#[test]
fn cross_site_call_returns_403_unless_the_action_allows_it() {
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

#[test]
fn inserted_result_does_not_prevent_a_call() {
    let actions = Registry::builder().action(ADD.handler(add)).build().unwrap();
    let mut request = post("/_actions/math.add", "application/json", "[1,2]");
    let result = serialize_result::<u32>(Ok(&3)).unwrap();
    request.extensions_mut().insert(PageResult::from_serialized("other", result));
    assert_eq!(actions.identify(&request).map(|call| call.name()), Some("math.add"));
    assert_eq!(outcome(&send(&actions, request)), json!(3));
}
