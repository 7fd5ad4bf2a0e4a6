//! Reading of inputs from forms and JSON, by type.

use std::collections::{BTreeMap, HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kit::{form, json, outcome, post, send};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Item {
    name: String,
    #[schemars(range(min = 1))]
    count: u32,
    #[serde(default)]
    gift: bool,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Order {
    #[schemars(length(min = 1, max = 3))]
    items: Vec<Item>,
}

#[test]
fn indexed_fields_are_read_as_a_list() {
    let body = "items[1].name=b&items[1].count=2&items[0].name=a&items[0].count=1&items[0].gift=on";
    assert_eq!(
        form::<Order>(body),
        json!({"items": [{"name": "a", "count": 1, "gift": true}, {"name": "b", "count": 2, "gift": false}]})
    );
}

#[test]
fn issues_of_list_items_have_their_index() {
    assert_eq!(
        form::<Order>("items[0].name=a&items[0].count=0&items[7].count=x"),
        json!([
            "items/0/count: Too small: expected number to be >=1",
            "items/1/name: Invalid input: expected string, received null",
            "items/1/count: Invalid input: expected number, received NaN",
        ])
    );
    assert_eq!(form::<Order>(""), json!(["items: Too small: expected array to have >=1 items"]));
}

#[test]
fn huge_index_is_an_issue() {
    assert_eq!(form::<Order>("items[999999999].name=a"), json!(["items[999999999].name: Index out of range"]));
    assert_eq!(form::<Order>("items[99999999999999999999].name=a").as_array().unwrap().len(), 1);
}

#[test]
fn prototype_names_and_deep_names_are_issues() {
    assert_eq!(form::<Order>("__proto__.x=1"), json!(["__proto__.x: Invalid field name"]));
    assert_eq!(form::<Order>("items[0].__proto__=1"), json!(["items[0].__proto__: Invalid field name"]));
    let deep = format!("{}=1", vec!["a"; 100].join("."));
    assert_eq!(form::<Order>(&deep).as_array().unwrap().len(), 1);
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Contact {
    #[serde(rename_all = "camelCase")]
    ByPhone {
        phone: String,
        call_after: Option<u8>,
        urgent: bool,
    },
    ByMail {
        #[schemars(email)]
        mail: String,
        copies: Vec<f64>,
    },
    None,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Request {
    contact: Contact,
}

#[test]
fn fields_of_a_tagged_enum_are_converted_to_their_types() {
    assert_eq!(
        form::<Contact>("kind=by-phone&phone=1&callAfter=9&urgent=on"),
        json!({"kind": "by-phone", "phone": "1", "callAfter": 9, "urgent": true})
    );
    assert_eq!(
        form::<Request>("contact.kind=by-mail&contact.mail=a@b.co&contact.copies=1&contact.copies=2.5"),
        json!({"contact": {"kind": "by-mail", "mail": "a@b.co", "copies": [1, 2.5]}})
    );
    assert_eq!(form::<Contact>("kind=none"), json!({"kind": "none"}));
    assert_eq!(
        json::<Request>(r#"{"contact":{"kind":"by-phone","phone":"1","urgent":false}}"#),
        json!({"contact": {"kind": "by-phone", "phone": "1", "callAfter": null, "urgent": false}})
    );
}

#[test]
fn tagged_enum_reports_issues_of_the_tagged_variant() {
    assert_eq!(
        form::<Contact>("kind=by-mail&mail=x&copies=y"),
        json!(["mail: Invalid email address", "copies/0: Invalid input: expected number, received NaN"])
    );
    assert_eq!(
        json::<Request>(r#"{"contact":{"kind":"by-phone","phone":1,"callAfter":300,"urgent":0}}"#),
        json!([
            "contact/phone: Invalid input: expected string, received number",
            "contact/callAfter: Too big: expected number to be <=255",
            "contact/urgent: Invalid input: expected boolean, received number"
        ])
    );
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Amount {
    Number(f64),
    Word(String),
    Range { from: u32, to: u32 },
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Priced {
    amount: Amount,
    also: Vec<Amount>,
}

#[test]
fn untagged_enum_takes_the_first_matching_variant() {
    assert_eq!(form::<Priced>("amount=7&also=x&also=8"), json!({"amount": 7, "also": ["x", 8]}));
    assert_eq!(form::<Priced>("amount=many"), json!({"amount": "many", "also": []}));
    assert_eq!(form::<Priced>("amount.from=1&amount.to=2"), json!({"amount": {"from": 1, "to": 2}, "also": []}));
    assert_eq!(json::<Priced>(r#"{"amount":{"from":1,"to":2},"also":["a",1]}"#)["also"], json!(["a", 1]));
    assert_eq!(json::<Priced>(r#"{"amount":true,"also":[]}"#), json!(["amount: Invalid input"]));
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Page {
    #[serde(default = "ten")]
    size: u32,
    #[serde(default)]
    sort: Option<String>,
}

const fn ten() -> u32 {
    10
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Search {
    query: String,
    #[serde(flatten)]
    page: Page,
    #[serde(flatten)]
    contact: Contact,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Open {
    query: String,
    #[serde(flatten)]
    page: Page,
    #[serde(flatten)]
    rest: HashMap<String, u8>,
}

#[test]
fn flattened_fields_are_read_like_own_fields() {
    let wanted = json!({"query": "q", "size": 20, "sort": null, "kind": "by-phone", "phone": "1", "callAfter": null,
                        "urgent": false});
    assert_eq!(form::<Search>("query=q&size=20&kind=by-phone&phone=1&other=o"), wanted);
    assert_eq!(json::<Search>(r#"{"query":"q","size":20,"kind":"by-phone","phone":"1","urgent":false,"x":1}"#), wanted);
    let wanted = json!({"query": "q", "size": 10, "sort": "up", "more": 1});
    assert_eq!(form::<Open>("query=q&sort=up&more=1"), wanted);
    assert_eq!(json::<Open>(r#"{"query":"q","sort":"up","more":1}"#), wanted);
    assert_eq!(form::<Open>("query=q&more=300"), json!(["more: Too big: expected number to be <=255"]));
    assert_eq!(
        form::<Search>("query=q&size=x&kind=by-phone"),
        json!([
            "size: Invalid input: expected number, received NaN",
            "phone: Invalid input: expected string, received null"
        ])
    );
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Strict {
    first_name: String,
    inner: Option<Box<Strict>>,
}

#[test]
fn denied_unknown_fields_are_issues() {
    assert_eq!(
        form::<Strict>("firstName=a&inner.firstName=b"),
        json!({"firstName": "a", "inner": {"firstName": "b", "inner": null}})
    );
    assert_eq!(form::<Strict>("firstName=a&x=1&y=2"), json!([": Unrecognized keys: \"x\", \"y\""]));
    assert_eq!(
        json::<Strict>(r#"{"firstName":"a","inner":{"firstName":"b","z":1}}"#),
        json!(["inner: Unrecognized key: \"z\""])
    );
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Shapes {
    point: (f64, f64),
    by_name: HashMap<String, i32>,
    by_number: BTreeMap<u16, bool>,
    set: HashSet<String>,
    letter: char,
    fixed: [u8; 2],
}

#[test]
fn tuples_maps_and_sets_are_read_from_forms() {
    let body = "point=1&point=2.5&by_name.a=1&by_number.7=true&set=x&set=x&letter=q&fixed=1&fixed=2";
    assert_eq!(
        form::<Shapes>(body),
        json!({"point": [1, 2.5], "by_name": {"a": 1}, "by_number": {"7": true}, "set": ["x"], "letter": "q",
               "fixed": [1, 2]})
    );
    assert_eq!(
        form::<Shapes>("point=1&by_name.a=x&letter=qq&fixed=1&fixed=2&fixed=3"),
        json!([
            "point: Too small: expected array to have >=2 items",
            "by_name/a: Invalid input: expected number, received NaN",
            "letter: Too big: expected string to have exactly 1 characters",
            "fixed: Too big: expected array to have exactly 2 items"
        ])
    );
}

#[test]
fn invalid_map_key_is_an_issue_at_the_key() {
    assert_eq!(json::<BTreeMap<u16, bool>>(r#"{"x":true}"#), json!(["x: Invalid input"]));
}

#[test]
fn numbers_are_read_as_in_javascript() {
    assert_eq!(json::<(i64, u8, f32)>("[3.0, 1e1, 2]"), json!([3, 10, 2]));
    assert_eq!(json::<i32>("-0"), json!(0));
    assert_eq!(json::<i32>("3000000000"), json!([": Too big: expected number to be <=2147483647"]));
    assert_eq!(json::<u64>("9007199254740993"), json!([": Too big: expected int to be <=9007199254740991"]));
    assert_eq!(json::<u32>("-1"), json!([": Too small: expected number to be >=0"]));
}

#[test]
fn last_value_of_a_repeated_key_is_used() {
    assert_eq!(
        json::<Item>(r#"{"name":1,"name":"a","count":0,"count":2}"#),
        json!({"name": "a", "count": 2, "gift": false})
    );
}

#[test]
fn missing_body_is_none() {
    let absent = |content_type: &str| {
        let actions = crate::kit::echo::<Option<Item>>(enact::Encoding::Json);
        outcome(&send(&actions, post("/_actions/echo", content_type, "")))
    };
    assert_eq!(absent("application/json"), json!(null));
    assert_eq!(absent(""), json!(null));
    assert_eq!(json::<Option<Item>>("null"), json!(null));
    assert_eq!(json::<Option<Item>>("{}").as_array().unwrap().len(), 2);
    assert_eq!(form::<Option<Item>>("name=a&count=1"), json!({"name": "a", "count": 1, "gift": false}));
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schemars(with = "u8")]
struct Even(u8);

impl TryFrom<u8> for Even {
    type Error = String;

    fn try_from(value: u8) -> Result<Self, String> {
        if value.is_multiple_of(2) { Ok(Self(value)) } else { Err(format!("secret: {value} is odd")) }
    }
}

impl From<Even> for u8 {
    fn from(even: Even) -> Self {
        even.0
    }
}

#[test]
fn deserialize_error_is_an_issue_without_its_message() {
    assert_eq!(json::<Vec<Even>>("[2,3]"), json!(["1: Invalid input"]));
    assert_eq!(json::<Vec<Even>>("[2]"), json!([2]));
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Worded {
    #[schemars(length(min = 2), extend("x-message" = {"required": "Who are you?", "minLength": "Too short a name"}))]
    name: String,
    #[schemars(extend("x-message" = "Pick a size"))]
    size: Size,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Size {
    Small,
    Large,
}

#[test]
fn x_message_replaces_messages_of_one_rule_or_all() {
    assert_eq!(form::<Worded>("name=a&size=x"), json!(["name: Too short a name", "size: Pick a size"]));
    assert_eq!(form::<Worded>("name="), json!(["name: Who are you?", "size: Pick a size"]));
    assert_eq!(
        json::<Worded>(r#"{"name":1,"size":"small"}"#),
        json!(["name: Invalid input: expected string, received number"])
    );
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct Code(String);

#[derive(Serialize, Deserialize, JsonSchema)]
struct Coded {
    #[schemars(extend("minLength" = 3))]
    code: Code,
    #[schemars(extend("maxLength" = 4))]
    other: Option<Code>,
    at: Option<(u8, u8)>,
    contact: Option<Contact>,
}

#[test]
fn keywords_of_a_field_apply_to_its_named_type() {
    assert_eq!(
        form::<Coded>("code=ab&other=abcde"),
        json!([
            "code: Too small: expected string to have >=3 characters",
            "other: Too big: expected string to have <=4 characters"
        ])
    );
    assert_eq!(form::<Coded>("code=abc"), json!({"code": "abc", "other": null, "at": null, "contact": null}));
}

#[test]
fn wrong_tag_of_an_optional_enum_is_an_issue() {
    assert_eq!(
        form::<Coded>("code=abc&contact.kind=x&contact.phone=1"),
        json!(["contact/kind: Invalid discriminator value. Expected 'by-phone' | 'by-mail' | 'none'"])
    );
}

#[test]
fn too_many_items_of_a_tuple_are_an_issue() {
    assert_eq!(form::<Coded>("code=abc&at=1&at=2&at=3"), json!(["at: Too big: expected array to have <=2 items"]));
    assert_eq!(json::<Size>(r#"{"small":null}"#), json!([": Invalid option: expected one of \"small\"|\"large\""]));
}

#[test]
fn map_ignores_the_key_proto() {
    type Counts = BTreeMap<String, u8>;
    assert_eq!(json::<Counts>(r#"{ "__proto__": { "x": 1 }, "a": 1, "__proto__": 2 }"#), json!({ "a": 1 }));
}
