//! The OpenAPI document of a registry. `conformance/openapi/run` checks the fixture against its document.
#![allow(dead_code, reason = "only the schemas of these types are used")]

use enact::devalue::{Date, Map, Set};
use enact::openapi::OpenApiInfo;
use enact::{Action, ActionError, Context, File, FormAction, FormData, Limits, Output, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A member of the club.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Member {
    /// As on the badge.
    name: String,
    #[schemars(range(min = 1))]
    number: u32,
    since: Option<Date>,
    #[serde(default)]
    tags: Set<String>,
}

#[derive(Serialize, JsonSchema)]
struct Average {
    of: Map<String, f64>,
}

#[derive(Deserialize, JsonSchema)]
struct Parcel {
    #[schemars(length(max = 20))]
    sender: String,
    address: Address,
    billing: Option<Address>,
    payment: Payment,
    gift: bool,
    notes: Vec<String>,
    items: Vec<Item>,
}

#[derive(Deserialize, JsonSchema)]
struct Address {
    street: String,
    number: Option<u8>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "by", rename_all = "lowercase")]
enum Payment {
    Card { number: String },
    Cash,
}

#[derive(Deserialize, JsonSchema)]
struct Item {
    title: String,
}

#[derive(Deserialize, JsonSchema)]
struct Photo {
    #[schemars(extend("x-max-bytes" = 1000, "x-media-types" = ["image/png", "image/jpeg"]))]
    photo: File,
    #[schemars(extend("x-max-bytes" = 10))]
    more: Vec<File>,
}

async fn never<I: Send, O: Output>(_: I, _: Context) -> Result<O, ActionError> {
    Err(ActionError::internal("never called"))
}

fn actions() -> enact::RegistryBuilder {
    Registry::builder()
        .action(Action::json("club.join").handler(never::<Member, Member>))
        .action(Action::json("club.average").handler(never::<(), Average>))
        .action(Action::json("ping").handler(never::<Option<Vec<i64>>, ()>))
        .action(Action::form("post.send").handler(never::<Parcel, ()>))
        .action(Action::form("post.again").handler(never::<Parcel, ()>))
        .action(Action::form("photo").handler(never::<Photo, ()>))
        .action(
            Action::form("open box")
                .handler(never::<FormData, ()>)
                .allow_cross_site()
                .limits(Limits::default().with_max_body_bytes(5)),
        )
}

fn document() -> Value {
    actions().build().unwrap().openapi(&OpenApiInfo::new("Club", "1.2.3"))
}

fn operation<'a>(document: &'a Value, name: &str) -> &'a Value {
    &document["paths"][format!("/_actions/{name}")]["post"]
}

#[test]
fn document_has_info_servers_paths_and_tags() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"], json!({ "title": "Club", "version": "1.2.3" }));
    assert_eq!(document["servers"], json!([{ "url": "/" }]));
    assert_eq!(document["tags"], json!([{ "name": "club" }, { "name": "post" }]));
    assert_eq!(document["paths"].as_object().unwrap().len(), 7);
    assert_eq!(operation(&document, "club.join")["tags"], json!(["club"]));
    assert_eq!(operation(&document, "ping").get("tags"), None);
    assert_eq!(operation(&document, "open%20box")["operationId"], "open box");

    let info = OpenApiInfo::new("Club", "1").description("*All* of it.").server("https://a.example/");
    let document = actions().base("/app").build().unwrap().openapi(&info);
    assert_eq!(document["servers"], json!([{ "url": "https://a.example/app" }]));
    assert_eq!(document["info"]["description"], "*All* of it.");
    let document = actions().base("/app").build().unwrap().openapi(&OpenApiInfo::new("Club", "1"));
    assert_eq!(document["servers"], json!([{ "url": "/app" }]));
}

#[test]
fn equal_registries_give_equal_documents() {
    let other = Registry::builder().merge(actions()).build().unwrap().openapi(&OpenApiInfo::new("Club", "1.2.3"));
    assert_eq!(document().to_string(), other.to_string());
}

#[test]
fn type_with_two_shapes_has_two_components() {
    let document = document();
    let join = operation(&document, "club.join");
    assert_eq!(
        join["requestBody"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/MemberInput"
    );
    assert_eq!(
        join["responses"]["200"]["content"][enact::host::PLAIN_JSON]["schema"]["$ref"],
        "#/components/schemas/MemberOutput"
    );
    assert_eq!(join["responses"]["200"]["description"], "A member of the club.");
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["MemberInput"]["required"], json!(["name", "number"]));
    assert_eq!(schemas["MemberOutput"]["required"], json!(["name", "number", "since", "tags"]));
    assert_eq!(schemas["MemberInput"]["properties"]["name"]["description"], "As on the badge.");
    // JSON Schema describes a `u32` by its bounds.
    let number = &schemas["MemberInput"]["properties"]["number"];
    assert_eq!((&number["minimum"], &number["maximum"]), (&json!(1), &json!(u32::MAX)));
}

#[test]
fn output_schemas_describe_plain_json() {
    let document = document();
    // NaN and the infinities are written as `null`.
    let pair = &document["components"]["schemas"]["Average"]["properties"]["of"]["items"]["prefixItems"];
    assert_eq!(pair[1]["type"], json!(["number", "null"]));
    assert_eq!(pair[0], json!({ "type": "string" }));
    let content = &operation(&document, "club.average")["responses"]["200"]["content"];
    assert_eq!(content["application/json+devalue"]["schema"]["$ref"], "#/components/schemas/Devalue");
    assert_eq!(operation(&document, "ping")["responses"]["204"]["$ref"], "#/components/responses/Done");
    assert_eq!(operation(&document, "ping")["responses"].get("200"), None);
}

#[test]
fn body_of_an_optional_input_is_not_required() {
    let document = document();
    assert_eq!(operation(&document, "club.average").get("requestBody"), None);
    assert_eq!(operation(&document, "ping")["requestBody"]["required"], false);
    assert_eq!(operation(&document, "club.join")["requestBody"]["required"], true);
    // Any site can send a request without a body.
    let site = |name| operation(&document, name)["parameters"][0]["required"].as_bool();
    assert_eq!(
        [site("club.average"), site("ping"), site("club.join"), site("photo")],
        [Some(true), Some(false), None, Some(true)]
    );
}

#[test]
fn nested_form_fields_have_names_with_dots() {
    let document = document();
    let content = operation(&document, "post.send")["requestBody"]["content"].as_object().unwrap();
    let media_types: Vec<&String> = content.keys().collect();
    assert_eq!(media_types, ["application/x-www-form-urlencoded", "multipart/form-data"]);
    for body in content.values() {
        assert_eq!(body["schema"]["$ref"], "#/components/schemas/ParcelForm");
    }
    let form = &document["components"]["schemas"]["ParcelForm"];
    let names: Vec<&String> = form["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["sender", "address.street", "address.number", "billing.street", "billing.number", "gift", "notes"]
    );
    assert_eq!(form["required"], json!(["sender", "address.street"]));
    // An optional object is present if any of its fields is sent.
    assert_eq!(form["dependentRequired"]["billing.number"], json!(["billing.street"]));
    // The server reads an empty field as a missing one.
    let sender = &form["properties"]["sender"];
    assert_eq!((&sender["minLength"], &sender["maxLength"]), (&json!(1), &json!(20)));
    let (card, cash) = (&form["anyOf"][0], &form["anyOf"][1]);
    assert_eq!(card["required"], json!(["payment.by", "payment.number"]));
    assert_eq!(cash["properties"]["payment.by"]["const"], "cash");
    assert!(form["patternProperties"].get(r"^items\[[0-9]+\]\.title$").is_some());
    // The type is never sent as JSON, so it has no other component.
    assert_eq!(document["components"]["schemas"].get("Parcel"), None);
    assert_eq!(document["components"]["schemas"].get("ParcelForm2"), None);
}

#[test]
fn files_need_multipart_and_have_their_limits() {
    let document = document();
    let body = &operation(&document, "photo")["requestBody"];
    let content = body["content"].as_object().unwrap();
    assert_eq!(content.keys().collect::<Vec<_>>(), ["multipart/form-data"]);
    assert_eq!(content["multipart/form-data"]["encoding"]["photo"]["contentType"], "image/png, image/jpeg");
    assert_eq!(body["description"], "At most 1048576 bytes.");
    let fields = &document["components"]["schemas"]["PhotoForm"]["properties"];
    for (file, max_bytes) in [(&fields["photo"], 1000), (&fields["more"]["items"], 10)] {
        assert_eq!((&file["format"], &file["maxLength"]), (&json!("binary"), &json!(max_bytes)));
    }
    assert_eq!(fields["photo"]["x-media-types"], json!(["image/png", "image/jpeg"]));
}

#[test]
fn error_responses_match_the_wire() {
    let document = document();
    let statuses =
        |name| operation(&document, name)["responses"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(statuses("club.join"), ["200", "400", "403", "413", "415", "500", "default"]);
    // This action allows cross-site calls.
    assert_eq!(statuses("open%20box"), ["204", "400", "413", "415", "500", "default"]);
    assert_eq!(operation(&document, "open%20box").get("parameters"), None);
    assert_eq!(operation(&document, "open%20box")["requestBody"]["description"], "At most 5 bytes.");
    let schemas = &document["components"]["schemas"];
    let wire = serde_json::to_value(ActionError::invalid([enact::Issue::new("no").at("a")])).unwrap();
    let listed: Vec<&str> =
        schemas["ActionInputError"]["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(wire.as_object().unwrap().keys().collect::<Vec<_>>(), listed);
    let issue = schemas["ActionIssue"]["properties"].as_object().unwrap();
    for parameter in ["expected", "minimum", "maximum", "inclusive", "exact", "origin", "format", "pattern", "divisor"]
    {
        assert!(issue.contains_key(parameter), "{parameter}");
    }
    for parameter in ["keys", "values", "note", "discriminator"] {
        assert!(issue.contains_key(parameter), "{parameter}");
    }
    assert_eq!(schemas["ActionIssue"]["required"], json!(["code", "path", "message"]));
    let wire = serde_json::to_value(ActionError::internal("x")).unwrap();
    let listed: Vec<&str> =
        schemas["ActionError"]["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(wire.as_object().unwrap().keys().collect::<Vec<_>>(), listed);
}

#[test]
fn form_of_a_recursive_type_stays_small() {
    #[derive(Deserialize, JsonSchema)]
    struct Person {
        name: String,
        mother: Option<Box<Person>>,
        father: Option<Box<Person>>,
        friends: Vec<Person>,
    }
    async fn save(_: Person, _: Context) -> Result<(), ActionError> {
        Ok(())
    }
    let actions = Registry::builder().action(FormAction::<Person, ()>::form("save").handler(save)).build().unwrap();
    let document = actions.openapi(&OpenApiInfo::new("Persons", "1"));
    let form = &document["components"]["schemas"]["PersonForm"];
    assert!(form["properties"]["name"].is_object());
    for pattern in [r"^mother\.", r"^father\.", r"^friends\[[0-9]+\]\."] {
        assert_eq!(form["patternProperties"][pattern], true, "{form}");
    }
    assert!(document.to_string().len() < 10_000);
}
