//! Forms that are posted to a page.

use enact::page::PageResult;
use enact::{Action, ActionError, Context, FormAction, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kit::{URLENCODED, post, post_to_page};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Person {
    #[schemars(length(min = 3))]
    name: String,
    age: u8,
}

const ECHO: FormAction<Person, Person> = Action::form("echo");

async fn echo(person: Person, _: Context) -> Result<Person, ActionError> {
    Ok(person)
}

#[test]
fn page_gets_the_output_and_the_body() {
    let actions = Registry::builder().action(ECHO.handler(echo)).build().unwrap();
    let page = post_to_page(&actions, post("/page?_action=echo", URLENCODED, "name=Ada&age=36"));
    let (request, finish) = page.into_parts();
    let result = PageResult::of(request.extensions());
    let echoed = result.get(ECHO).unwrap().unwrap();
    assert_eq!((echoed.name.as_str(), echoed.age), ("Ada", 36));
    assert_eq!(request.body(), "name=Ada&age=36");
    let mut response = http::Response::new(());
    finish.finish(&mut response);
    assert_eq!(response.status(), 200);
}

#[test]
fn page_of_a_failed_form_gets_errors_and_submitted_values() {
    let actions = Registry::builder().action(ECHO.handler(echo)).build().unwrap();
    let page = post_to_page(&actions, post("/page?_action=echo", URLENCODED, "name=A&age=x"));
    let (request, finish) = page.into_parts();
    let result = PageResult::of(request.extensions());
    let form = result.form(ECHO);
    assert_eq!(form.value("name"), "A");
    assert_eq!(form.value("age"), "x");
    assert_eq!(form.error("age"), Some("Invalid input: expected number, received NaN"));
    assert_eq!(form.attributes("age").to_string(), r#"aria-invalid="true" aria-describedby="echo-age-error""#);
    assert_ne!(form.error_id("a.b"), form.error_id("a-b"));
    let mut response = http::Response::new(());
    finish.finish(&mut response);
    assert_eq!(response.status(), 400);
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
fn secrets_and_unknown_fields_are_not_submitted_values() {
    const SAVE: FormAction<Secrets, ()> = Action::form("save");
    async fn save(_: Secrets, _: Context) -> Result<(), ActionError> {
        Ok(())
    }
    let actions = Registry::builder().action(SAVE.handler(save)).build().unwrap();
    let body = "name=Ada&pins=1234&login.user=ada&login.password=hunter2&keys=word&age=x&other=y";
    let page = post_to_page(&actions, post("/page?_action=save", URLENCODED, body));
    let result = page.result();
    let form = result.form(SAVE);
    assert_eq!((form.value("name"), form.value("login.user"), form.value("age")), ("Ada", "ada", "x"));
    for secret in ["pins", "login.password", "keys", "other"] {
        assert_eq!(form.value(secret), "", "{secret}");
    }
}
