//! An input with six issues, all of which are reported.

use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use enact::{Action, ActionError, Context, Registry};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::calls::Sample;
use crate::{Implementation, Implementations};

const BODY: &[u8] =
    br#"{"name":"A","email":"ada.example.com","age":250,"terms":"yes","country":"Utopia","tags":["a","b","c","d"]}"#;

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "no input is valid")]
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

pub(crate) fn six() -> Implementations {
    const ACTION: Action<Order, ()> = Action::json("order");
    async fn handle(_: Order, _: Context) -> Result<(), ActionError> {
        Ok(())
    }
    async fn handle_axum(Json(input): Json<Value>) -> impl IntoResponse {
        (StatusCode::BAD_REQUEST, Json(validate(&input)))
    }

    let actions = Registry::builder().action(ACTION.handler(handle)).build().expect("a registry");
    let path = ACTION.path("/");
    let router = Router::new().route(&path, post(handle_axum));
    let [one, two, three] = [(); 3].map(|()| Sample::new(&path, "application/json", BODY));
    Implementations {
        enact: implementation(move || one.send_to_registry(&actions)),
        baseline: implementation(move || two.send_to_router(&router)),
        by_hand: Some(implementation(move || {
            three.send_to_function(|body| validate(&serde_json::from_slice(body).expect("JSON")))
        })),
    }
}

fn implementation(run: impl Fn() -> Bytes + 'static) -> Implementation {
    let parse = |body: &[u8]| {
        let body: Value = serde_json::from_slice(body).expect("JSON");
        assert_eq!(body["issues"].as_array().map(Vec::len), Some(6));
        body
    };
    Implementation { run: Box::new(run), parse }
}

/// Validates the input by hand and builds the same response as the core.
fn validate(input: &Value) -> Value {
    let mut issues = Vec::new();
    let mut check = |broken: bool, path: &str, code: &str, message: &str| {
        if broken {
            issues.push(json!({ "code": code, "path": [path], "message": message }));
        }
    };
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    let short = "Too small: expected string to have >=2 characters";
    check(text("name").chars().count() < 2, "name", "too_small", short);
    check(!text("email").contains('@'), "email", "invalid_format", "Invalid email address");
    let big = "Too big: expected number to be <=150";
    check(input["age"].as_u64().is_none_or(|age| age > 150), "age", "too_big", big);
    let not_bool = "Invalid input: expected boolean, received string";
    check(!input["terms"].is_boolean(), "terms", "invalid_type", not_bool);
    let not_country = "Invalid option: expected one of \"France\"|\"Spain\"";
    check(!matches!(text("country"), "France" | "Spain"), "country", "invalid_value", not_country);
    let long = "Too big: expected array to have <=3 items";
    check(input["tags"].as_array().is_none_or(|tags| tags.len() > 3), "tags", "too_big", long);

    let mut fields = serde_json::Map::new();
    for issue in &issues {
        if let Some(field) = issue["path"][0].as_str() {
            fields.insert(field.to_owned(), json!([issue["message"]]));
        }
    }
    json!({ "type": "AstroActionInputError", "issues": issues, "fields": fields })
}
