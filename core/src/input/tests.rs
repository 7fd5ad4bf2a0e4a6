//! The guided readers and the tree give the same result.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::*;
use crate::form::File;
use schemars::JsonSchema;

#[derive(Debug, Deserialize, JsonSchema)]
#[allow(dead_code, reason = "read by Debug")]
struct Order {
    #[schemars(length(min = 2))]
    name: String,
    #[schemars(range(max = 10))]
    amount: u8,
    price: Option<f64>,
    #[serde(default)]
    express: bool,
    color: Color,
    #[schemars(length(max = 2))]
    tags: Vec<String>,
    size: Option<(u8, u8)>,
    address: Option<Address>,
    payment: Option<Payment>,
    id: Option<Id>,
    ids: Option<Vec<Id>>,
    #[serde(default)]
    rows: Vec<Address>,
    attachment: Option<File>,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
enum Color {
    Red,
    Green,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read by Debug")]
struct Address {
    street: String,
    #[schemars(range(min = 1))]
    number: Option<u16>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[allow(dead_code, reason = "read by Debug")]
enum Payment {
    Card { number: String },
    Cash,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "read by Debug")]
enum Id {
    Number(u32),
    Name(String),
    Address(Address),
    Names(Vec<String>),
}

fn compile<I: JsonSchema>() -> Schema {
    crate::schema::compile_input_schema(|generator| Some(I::json_schema(generator))).unwrap().unwrap()
}

/// Asserts that both readers give the same result, and returns whether the input is valid.
fn assert_agreement<I: DeserializeOwned + Debug>(schema: &Schema, payload: &Payload) -> bool {
    let limits = Limits::default();
    let guided = decode::<I>(schema, payload, &limits);
    let from_tree = decode_from_tree::<I>(schema, payload, &limits);
    assert_eq!(format!("{guided:?}"), format!("{from_tree:?}"), "{payload:?}");
    matches!(guided, Ok(Decoded::Valid(_)))
}

#[test]
fn readers_agree_on_json() {
    const BASE: [(&str, &str); 5] =
        [("name", r#""Ada""#), ("amount", "3"), ("color", r#""Red""#), ("tags", r#"["a"]"#), ("price", "1.5")];
    const VALUES: [&str; 24] = [
        "null",
        "true",
        "-1",
        "0",
        "7",
        "11",
        "256",
        "3.0",
        "-0.0",
        "1e400",
        r#""""#,
        r#""A""#,
        r#""Green""#,
        r#""\ud800""#,
        "[]",
        "[1,2]",
        "[1,2,3]",
        r#"["a","b","c"]"#,
        "{}",
        r#"{"street":"S"}"#,
        r#"{"street":"S","number":0}"#,
        r#"{"street":"S","x":1}"#,
        r#"{"kind":"card","number":"1"}"#,
        r#"{"kind":"gold"}"#,
    ];
    const NAMES: [&str; 14] = [
        "name",
        "amount",
        "price",
        "express",
        "color",
        "tags",
        "size",
        "address",
        "payment",
        "id",
        "ids",
        "rows",
        "attachment",
        "other",
    ];
    let (order, optional_payment, unit) = (compile::<Order>(), compile::<Option<Payment>>(), compile::<()>());
    let json = |properties: &[(&str, &str)]| {
        let properties: Vec<_> = properties.iter().map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
        Payload::Json(format!("{{{}}}", properties.join(",")).into())
    };
    assert!(assert_agreement::<Order>(&order, &json(&BASE)));
    let mut valid = 0;
    for name in NAMES {
        for value in VALUES {
            let mut properties: Vec<_> = BASE.into_iter().filter(|(other, _)| *other != name).collect();
            valid += usize::from(assert_agreement::<Order>(&order, &json(&properties)));
            properties.push((name, value));
            valid += usize::from(assert_agreement::<Order>(&order, &json(&properties)));
            properties.push((name, "null"));
            valid += usize::from(assert_agreement::<Order>(&order, &json(&properties)));
        }
    }
    assert!(valid > 100, "only {valid} inputs are valid");
    for body in ["", "{", "null", "[]", r#""text""#, "{} {}"] {
        assert!(!assert_agreement::<Order>(&order, &Payload::Json(body.into())));
        assert_agreement::<Option<Payment>>(&optional_payment, &Payload::Json(body.into()));
        assert_agreement::<()>(&unit, &Payload::Json(body.into()));
    }
    assert!(!assert_agreement::<Order>(&order, &Payload::Absent));
}

#[test]
fn readers_agree_on_forms() {
    const BASE: [(&str, &str); 5] = [("name", "Ada"), ("amount", "3"), ("color", "Red"), ("tags", "a"), ("price", "")];
    const VALUES: [&str; 8] = ["", "A", "true", "-1", "3", "11", "Green", "card"];
    const NAMES: [&str; 24] = [
        "name",
        "amount",
        "price",
        "express",
        "color",
        "tags",
        "size",
        "address",
        "address.street",
        "address.number",
        "address.x",
        "payment",
        "payment.kind",
        "payment.number",
        "id",
        "id.street",
        "ids",
        "ids[0].street",
        "rows[0].street",
        "rows[3].number",
        "attachment",
        "other",
        "a.__proto__",
        "rows[9999].street",
    ];
    let (order, payment, address) = (compile::<Order>(), compile::<Payment>(), compile::<Address>());
    let map = compile::<BTreeMap<String, Id>>();
    assert!(assert_agreement::<Order>(&order, &Payload::Form(BASE.into_iter().collect())));
    let mut random = fastrand::Rng::with_seed(9);
    let mut valid = 0;
    for _ in 0..2000 {
        let mut form: FormData = BASE.into_iter().skip(random.usize(..2)).collect();
        for _ in 0..random.usize(..4) {
            form.append(NAMES[random.usize(..NAMES.len())], VALUES[random.usize(..VALUES.len())]);
        }
        if random.u8(..8) == 0 {
            form.append("attachment", &File::new("a.txt", "text/plain", "x"));
        }
        if random.u8(..8) == 0 {
            form.append("id", &File::new("", "application/octet-stream", ""));
        }
        let payload = Payload::Form(form);
        valid += usize::from(assert_agreement::<Order>(&order, &payload));
        assert_agreement::<Payment>(&payment, &payload);
        assert_agreement::<Address>(&address, &payload);
        assert_agreement::<BTreeMap<String, Id>>(&map, &payload);
    }
    assert!(valid > 100, "only {valid} inputs are valid");
}

/// A type that ignores a property of its schema.
#[derive(Debug)]
struct Lenient;

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(serde::de::IgnoredAny).map(|_| Self)
    }
}

impl JsonSchema for Lenient {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Lenient".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "minLength": 2 })
    }
}

#[test]
fn ignored_value_is_validated() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "read by Debug")]
    struct Envelope {
        content: Lenient,
    }
    let schema = compile::<Envelope>();
    for (text, is_valid) in [("A", false), ("Ada", true)] {
        let json = Payload::Json(format!(r#"{{"content":"{text}"}}"#).into());
        assert_eq!(assert_agreement::<Envelope>(&schema, &json), is_valid, "{json:?}");
        let form = Payload::Form([("content", text)].into_iter().collect());
        assert_eq!(assert_agreement::<Envelope>(&schema, &form), is_valid, "{form:?}");
    }
}
