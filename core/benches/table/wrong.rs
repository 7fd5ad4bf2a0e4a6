//! An input with six wrong fields, every one of them told.

use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use enact::{Action, ActionError, Context, Registry};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::calls::Sent;
use crate::{Rival, Rivals};

const BODY: &[u8] =
    br#"{"name":"A","email":"ada.example.com","age":250,"terms":"yes","country":"Utopia","tags":["a","b","c","d"]}"#;

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "it is never valid")]
struct Order {
    #[schemars(length(min = 2))]
    name: String,
    #[schemars(email)]
    email: String,
    #[schemars(range(max = 150))]
    age: u32,
    terms: bool,
    country: Country,
    #[schemars(length(max = 3))]
    tags: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
enum Country {
    France,
    Spain,
}

pub(crate) fn six() -> Rivals {
    const ACTION: Action<Order, ()> = Action::json("order");
    async fn by_enact(_: Order, _: Context) -> Result<(), ActionError> {
        Ok(())
    }
    async fn by_axum(Json(input): Json<Value>) -> impl IntoResponse {
        (StatusCode::BAD_REQUEST, Json(checked(&input)))
    }

    let actions = Registry::builder().action(ACTION, by_enact).build().expect("a registry");
    let path = ACTION.path("/");
    let router = Router::new().route(&path, post(by_axum));
    let [one, two, three] = [(); 3].map(|()| Sent::new(&path, "application/json", BODY));
    Rivals {
        enact: rival(move || one.to_registry(&actions)),
        beside: rival(move || two.to_router(&router)),
        floor: Some(rival(move || three.to_function(|body| checked(&serde_json::from_slice(body).expect("JSON"))))),
    }
}

fn rival(run: impl Fn() -> Bytes + 'static) -> Rival {
    let read = |body: &[u8]| {
        let body: Value = serde_json::from_slice(body).expect("JSON");
        assert_eq!(body["issues"].as_array().map(Vec::len), Some(6));
        body
    };
    Rival { run: Box::new(run), read }
}

/// Checks the input by hand, and tells what is wrong as the core tells it.
fn checked(input: &Value) -> Value {
    let mut issues = Vec::new();
    let mut tell = |broken: bool, path: &str, code: &str, message: &str| {
        if broken {
            issues.push(json!({ "code": code, "path": [path], "message": message }));
        }
    };
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    let short = "Too small: expected string to have >=2 characters";
    tell(text("name").chars().count() < 2, "name", "too_small", short);
    tell(!text("email").contains('@'), "email", "invalid_format", "Invalid email address");
    let big = "Too big: expected number to be <=150";
    tell(input["age"].as_u64().is_none_or(|age| age > 150), "age", "too_big", big);
    let no_bool = "Invalid input: expected boolean, received string";
    tell(!input["terms"].is_boolean(), "terms", "invalid_type", no_bool);
    let no_country = "Invalid option: expected one of \"France\"|\"Spain\"";
    tell(!matches!(text("country"), "France" | "Spain"), "country", "invalid_value", no_country);
    let long = "Too big: expected array to have <=3 items";
    tell(input["tags"].as_array().is_none_or(|tags| tags.len() > 3), "tags", "too_big", long);

    let mut fields = serde_json::Map::new();
    for issue in &issues {
        if let Some(field) = issue["path"][0].as_str() {
            fields.insert(field.to_owned(), json!([issue["message"]]));
        }
    }
    json!({ "type": "AstroActionInputError", "issues": issues, "fields": fields })
}
