//! What a form has no way to say is told, and is no other value on the server.

use std::collections::BTreeMap;
use std::fmt::Debug;

use enact::client::{RequestError, TestClient};
use enact::{Action, ActionError, ActionErrorCode, Context, File, FormAction, FormData, Input, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[track_caller]
fn told<T: Input + Serialize + Debug>(input: T, what: &str) {
    let action: FormAction<T, ()> = Action::form("a");
    match action.request("/", &input) {
        Err(RequestError::NotInForm(told)) => assert_eq!(told, what),
        other => panic!("{input:?}: {other:?}"),
    }
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct One<T> {
    one: T,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Empty {}

fn one<T>(one: T) -> One<T> {
    One { one }
}

#[test]
fn what_a_form_reads_otherwise_is_an_error() {
    told(one(Some(String::new())), "one: an empty text is read as nothing");
    told(one(None::<bool>), "one: nothing is read as `false`");
    told(one(None::<Vec<u8>>), "one: nothing is read as a list of nothing");
    told(one(vec![Some(String::new())]), "one[0]: an empty text is read as nothing");
    told(one(Some(Empty {})), "one: an object without entries is read as nothing");
    told(one(Some(BTreeMap::<String, u8>::new())), "one: an object without entries is read as nothing");
    told(one(Some(File::new("", "", ""))), "one: a file is read as nothing");
    told(one(vec![one(vec![one(Some(String::new()))])]), "one[0].one[0].one: an empty text is read as nothing");
    // A number in a place where anything may be is read as its text.
    told(one(serde_json::json!(7)), "one: a number is read as a text");
    told(one(vec![vec![1]]), "one: a list is read as a list of nothing");
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Short {
    #[schemars(length(max = 3), extend("x-message" = { "required": "Your name, please" }))]
    name: String,
    ratio: f64,
}

#[test]
fn what_the_schema_refuses_is_the_servers_to_tell() {
    const SHORT: FormAction<Short, ()> = Action::form("short");
    let actions = Registry::builder().action(SHORT.handler(async |_: Short, _: Context| Ok(()))).build().unwrap();
    let client = TestClient::new(actions);
    for (name, ratio, told) in [
        ("too long", 1.0, &[("name", "Too big: expected string to have <=3 characters")][..]),
        ("", 1.0, &[("name", "Your name, please")]),
        ("", f64::NAN, &[("name", "Your name, please"), ("ratio", "Invalid input: expected number, received null")]),
    ] {
        let error = pollster::block_on(client.call(SHORT, &Short { name: name.into(), ratio })).unwrap_err();
        assert!(error.unexpected_response().is_none());
        let fields: Vec<_> = error.fields().map(|(field, messages)| (field, messages.concat())).collect();
        let told: Vec<_> = told.iter().map(|(field, message)| ((*field).to_owned(), (*message).to_owned())).collect();
        assert_eq!(fields, told, "{name:?}");
    }
}

#[test]
fn json_carries_no_file() {
    let action: Action<One<File>, ()> = Action::json("a");
    let refused = action.request("/", &one(File::new("a", "a/b", "x")));
    assert!(matches!(refused, Err(RequestError::FileInJson)), "{refused:?}");
    let action: Action<FormData, ()> = Action::json("a");
    assert!(matches!(action.request("/", &FormData::new()), Err(RequestError::FileInJson)));
}

#[test]
fn a_key_that_is_no_text_is_told() {
    let action: Action<One<BTreeMap<Vec<u8>, u8>>, ()> = Action::json("a");
    let refused = action.request("/", &one(BTreeMap::from([(vec![1], 1)])));
    assert!(matches!(refused, Err(RequestError::Json(_))), "{refused:?}");
}

#[test]
fn a_handler_that_calls_on_may_pass_the_error_on() {
    let error = ActionError::from(Action::<(), ()>::json("a").request("example.com", &()).unwrap_err());
    assert_eq!((error.code(), error.message()), (ActionErrorCode::InternalServerError, "Internal server error"));
    assert!(error.unexpected_response().is_none());
}
