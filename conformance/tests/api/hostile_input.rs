//! Inputs that were made to crash a server, to fill its memory, or to reach what no field should.

use std::collections::BTreeMap;

use enact::{Action, ActionError, Context, Limits, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ask::{Ask, post};
use crate::server::{Site, text};

/// A type that nests in itself and takes any other field as well.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Node {
    text: String,
    below: Option<Box<Node>>,
    rows: Vec<Node>,
}

async fn same<T>(input: T, _: Context) -> Result<T, ActionError> {
    Ok(input)
}

fn site() -> Site {
    let registry = Registry::builder()
        .action(Action::form("node"), same::<Node>)
        .action(Action::json("tree"), same::<Node>)
        .action(Action::json("any"), same::<Value>)
        .action(Action::json("nothing"), same::<()>)
        .action(Action::form("map"), same::<BTreeMap<String, String>>)
        .define(Action::json("shallow").handler(same::<Value>).limits(Limits::default().json_depth(4)))
        .build()
        .unwrap();
    Site::of(registry)
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + "1" + &close.repeat(depth)
}

#[test]
fn json_that_nests_without_end_is_malformed() {
    let site = site();
    for name in ["any", "tree", "shallow"] {
        for body in [
            "[".repeat(100_000),
            nested("[", "]", 100_000),
            nested("{\"below\":", "}", 50_000),
            nested("[{\"a\":", "}]", 200),
        ] {
            let status = site.ask(&post(format!("/_actions/{name}")).json(body.clone())).status;
            assert_eq!(status, 400, "{name} {:.20}", body);
        }
    }
    // What no type takes is passed over without being kept, so that its depth costs nothing.
    for (name, body) in [
        ("nothing", nested("[", "]", 100_000)),
        ("nothing", "[".repeat(100_000)),
        ("node", nested("[", "]", 100_000)),
        ("tree", nested("{\"unknown\":[", "]}", 50_000)),
    ] {
        let status = site.ask(&post(format!("/_actions/{name}")).json(body)).status;
        assert!(matches!(status, 200 | 204 | 400 | 415), "{name}: {status}");
    }
}

#[test]
fn the_depth_of_json_is_an_actions_own() {
    let site = site();
    for (name, depth, status) in [("shallow", 4, 200), ("shallow", 5, 400), ("any", 120, 200), ("any", 129, 400)] {
        let ask = post(format!("/_actions/{name}")).json(nested("[", "]", depth));
        assert_eq!(site.ask(&ask).status, status, "{name} {depth}");
    }
    let brackets_in_a_text = post("/_actions/shallow").json(r#"["[[[[[[[[\"[[["]"#);
    assert_eq!(site.ask(&brackets_in_a_text).status, 200);
}

#[test]
fn no_number_is_too_long_to_be_read() {
    let site = site();
    for (number, status) in [
        ("1".repeat(300), 200),
        ("1".repeat(1_000_000), 400),
        (format!("0.{}1", "0".repeat(1_000_000)), 200),
        (format!("1e-{}", "9".repeat(1_000_000)), 200),
        (format!("1e{}", "9".repeat(1_000_000)), 400),
        (format!("-0e{}", "9".repeat(1_000_000)), 200),
        ("-".repeat(1_000_000), 400),
    ] {
        let answer = site.ask(&post("/_actions/any").json(number.clone()));
        assert_eq!(answer.status, status, "{:.10}", number);
    }
}

/// The issues of an answer: code, path and message.
fn issues(answer: &enact_conformance::Answer) -> Vec<(String, Vec<Value>, String)> {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let text = |issue: &Value, key: &str| issue[key].as_str().unwrap().to_owned();
    let issues = body["issues"].as_array().unwrap_or_else(|| panic!("{body}"));
    issues
        .iter()
        .map(|issue| (text(issue, "code"), issue["path"].as_array().unwrap().clone(), text(issue, "message")))
        .collect()
}

fn form(action: &str, names: &[&str]) -> Ask {
    let body: Vec<_> = names.iter().map(|name| format!("{}=x", name.replace('&', "%26"))).collect();
    post(format!("/_actions/{action}")).form(body.join("&"))
}

#[test]
fn a_field_named_for_a_prototype_is_an_issue() {
    let site = site();
    for action in ["node", "map"] {
        for name in [
            "__proto__",
            "__proto__.polluted",
            "below.__proto__.polluted",
            "rows[0].__proto__.x",
            "rows[__proto__].x",
            "[__proto__].x",
            "%5f_proto__.x",
        ] {
            let answer = site.ask(&form(action, &["text", name]));
            assert_eq!(answer.status, 400, "{action} {name}");
            let [(code, path, _)] = &issues(&answer)[..] else { panic!("{}", text(&answer)) };
            assert_eq!((code.as_str(), path), ("invalid_key", &vec![name.replace("%5f", "_").into()]), "{name}");
        }
    }
    // Those are names like others.
    let answer = site.ask(&form("map", &["constructor", "toString", "prototype.x", "__proto", "a__proto__"]));
    assert_eq!(answer.status, 200, "{}", text(&answer));
}

#[test]
fn json_cannot_name_a_prototype_in_what_comes_back() {
    let site = site();
    for body in [r#"{"__proto__":{"a":1}}"#, r#"[{"b":{"__proto__":null}}]"#, r#"{"__proto__":1,"a":2}"#] {
        let answer = site.ask(&post("/_actions/any").json(body));
        assert!(answer.status == 500 && !text(&answer).contains("__proto__"), "{}", text(&answer));
    }
}

#[test]
fn an_index_makes_no_room_for_what_was_not_sent() {
    let site = site();
    for index in ["1000", "999999999", "18446744073709551615", "18446744073709551616", &"9".repeat(100_000)] {
        let answer = site.ask(&form("node", &[&format!("rows[{index}].text")]));
        assert_eq!(answer.status, 400, "{index:.30}");
        assert_eq!(issues(&answer)[0].2, "Index out of range");
        assert!(answer.body.len() < 3 * index.len() + 500, "{index:.30}");
    }
    let answer = site.ask(&form("node", &["rows[999].text"]));
    assert_eq!(answer.status, 200);
    assert!(answer.body.len() < 200, "the rows before it are not there: {}", text(&answer));
    for name in ["rows[-1].text", "rows[1e3].text", "rows[ 1].text", "rows[].text", "rows[0x1].text", "rows[.text"] {
        let answer = site.ask(&form("node", &[name]));
        assert!(matches!(answer.status, 200 | 400) && answer.body.len() < 500, "{name}");
    }
}

#[test]
fn names_that_nest_too_deeply_are_an_issue() {
    let site = site();
    for name in [
        vec!["below"; 33].join("."),
        vec!["below"; 100_000].join("."),
        format!("rows{}", "[0].rows".repeat(1_000)),
        "[".repeat(100_000),
        ".".repeat(100_000),
    ] {
        let answer = site.ask(&form("node", &[&name]));
        assert_eq!(answer.status, 400, "{name:.30}");
        assert_eq!(issues(&answer)[0].2, "Nested too deeply", "{name:.30}");
    }
    assert_eq!(site.ask(&form("node", &[&vec!["below"; 32].join(".")])).status, 200);
}

#[test]
fn a_form_whose_fields_fit_no_type_is_told_so_in_a_few_words() {
    let site = site();
    let names: Vec<_> = (0..1000).map(|i| format!("__proto__[{i}]")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let answer = site.ask(&form("node", &names));
    assert_eq!((answer.status, issues(&answer).len()), (400, 1000));
}

#[test]
fn what_is_said_to_be_compressed_is_not_unpacked() {
    let site = site();
    for encoding in ["gzip", "deflate", "br", "zstd", "identity"] {
        let ask = post("/_actions/any").header("Content-Encoding", encoding);
        assert_eq!(site.ask(&ask.clone().json("\u{1f}\u{8b}\u{8}")).status, 400, "{encoding}");
        assert_eq!(site.ask(&ask.json("1")).status, 200, "{encoding}");
    }
}

#[test]
fn a_charset_changes_nothing() {
    let site = site();
    for charset in ["utf-16le", "utf-7", "iso-8859-1", "\"utf-8", ""] {
        let content_type = format!("application/json; charset={charset}");
        let ask = |body: &[u8]| post("/_actions/any").body(&content_type, body);
        assert_eq!(site.ask(&ask(b"\"+ADw-\"")).body, "[\"+ADw-\"]", "{charset}");
        assert_eq!(site.ask(&ask(b"1\0")).status, 400, "{charset}");
    }
}
