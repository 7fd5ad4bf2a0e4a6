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

/// Zod's pattern of an email address.
const EMAIL: &str =
    r"/^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$/";

/// Validates the input by hand and builds the same response as the core.
fn validate(input: &Value) -> Value {
    let mut issues = Vec::new();
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    if text("name").chars().count() < 2 {
        issues.push(json!({
            "origin": "string", "code": "too_small", "minimum": 2, "inclusive": true, "path": ["name"],
            "message": "Too small: expected string to have >=2 characters",
        }));
    }
    if !text("email").contains('@') {
        issues.push(json!({
            "origin": "string", "code": "invalid_format", "format": "email", "pattern": EMAIL, "path": ["email"],
            "message": "Invalid email address",
        }));
    }
    if input["age"].as_u64().is_none_or(|age| age > 150) {
        issues.push(json!({
            "origin": "number", "code": "too_big", "maximum": 150, "inclusive": true, "path": ["age"],
            "message": "Too big: expected number to be <=150",
        }));
    }
    if !input["terms"].is_boolean() {
        issues.push(json!({
            "expected": "boolean", "code": "invalid_type", "path": ["terms"],
            "message": "Invalid input: expected boolean, received string",
        }));
    }
    if !matches!(text("country"), "France" | "Spain") {
        issues.push(json!({
            "code": "invalid_value", "values": ["France", "Spain"], "path": ["country"],
            "message": "Invalid option: expected one of \"France\"|\"Spain\"",
        }));
    }
    if input["tags"].as_array().is_none_or(|tags| tags.len() > 3) {
        issues.push(json!({
            "origin": "array", "code": "too_big", "maximum": 3, "inclusive": true, "path": ["tags"],
            "message": "Too big: expected array to have <=3 items",
        }));
    }

    let mut fields = serde_json::Map::new();
    for issue in &issues {
        if let Some(field) = issue["path"][0].as_str() {
            fields.insert(field.to_owned(), json!([issue["message"]]));
        }
    }
    json!({ "type": "AstroActionInputError", "issues": issues, "fields": fields })
}
