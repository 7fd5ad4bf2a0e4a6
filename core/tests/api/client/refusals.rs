//! Inputs that a form or JSON cannot represent are errors of the client.

use std::collections::BTreeMap;
use std::fmt::Debug;

use enact::client::{RequestError, TestClient};
use enact::{Action, ActionError, ActionErrorCode, Context, File, FormAction, FormData, Input, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[track_caller]
fn assert_not_in_form<T: Input + Serialize + Debug>(input: T, message: &str) {
    let action: FormAction<T, ()> = Action::form("a");
    match action.request("/", &input) {
        Err(RequestError::NotInForm(error)) => assert_eq!(error, message),
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
fn value_that_a_form_would_change_is_an_error() {
    assert_not_in_form(one(Some(String::new())), "one: an empty string is read as nothing");
    assert_not_in_form(one(None::<bool>), "one: nothing is read as `false`");
    assert_not_in_form(one(None::<Vec<u8>>), "one: nothing is read as an empty list");
    assert_not_in_form(one(vec![Some(String::new())]), "one[0]: an empty string is read as nothing");
    assert_not_in_form(one(Some(Empty {})), "one: an empty object is read as nothing");
    assert_not_in_form(one(Some(BTreeMap::<String, u8>::new())), "one: an empty object is read as nothing");
    assert_not_in_form(one(Some(File::new("", "", ""))), "one: a file is read as nothing");
    assert_not_in_form(
        one(vec![one(vec![one(Some(String::new()))])]),
        "one[0].one[0].one: an empty string is read as nothing",
    );
    // A form field of any type is read as a string.
    assert_not_in_form(one(serde_json::json!(7)), "one: a number is read as a string");
    assert_not_in_form(one(vec![vec![1]]), "one: a list is read as an empty list");
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Short {
    #[schemars(length(max = 3), extend("x-message" = { "required": "Your name, please" }))]
    name: String,
    ratio: f64,
}

#[test]
fn invalid_input_is_sent_and_refused_by_the_server() {
    const SHORT: FormAction<Short, ()> = Action::form("short");
    let actions = Registry::builder()
        .action(SHORT.handler(async |_: Short, _: Context| Ok::<_, ActionError>(())))
        .build()
        .unwrap();
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
fn file_in_json_is_an_error() {
    let action: Action<One<File>, ()> = Action::json("a");
    let refused = action.request("/", &one(File::new("a", "a/b", "x")));
    assert!(matches!(refused, Err(RequestError::FileInJson)), "{refused:?}");
    let action: Action<FormData, ()> = Action::json("a");
    assert!(matches!(action.request("/", &FormData::new()), Err(RequestError::FileInJson)));
}

#[test]
fn map_key_that_json_cannot_represent_is_an_error() {
    let action: Action<One<BTreeMap<Vec<u8>, u8>>, ()> = Action::json("a");
    let refused = action.request("/", &one(BTreeMap::from([(vec![1], 1)])));
    assert!(matches!(refused, Err(RequestError::Json(_))), "{refused:?}");
}

#[test]
fn request_error_converts_to_an_internal_error() {
    let error = ActionError::from(Action::<(), ()>::json("a").request("example.com", &()).unwrap_err());
    assert_eq!((error.code(), error.message()), (ActionErrorCode::InternalServerError, "Internal server error"));
    assert!(error.unexpected_response().is_none());
}
