//! Comparison of issues with those of Zod 4.6.7.

use serde::Deserialize;
use serde_json::{Value, json};

use super::compile::compile;
use super::tree::{Number, Tree};
use super::violation::{Sink, Violation};
use super::{collect_issues, rules::NumberRules};
use crate::issue::Issue;

/// An input that Zod refuses, with the JSON of `error.issues`. `schema` is the counterpart of the Zod schema.
#[derive(Deserialize)]
struct Case {
    name: String,
    schema: Value,
    value: Value,
    issues: Value,
}

fn tree(value: Value) -> Tree<'static> {
    match value {
        Value::Null => Tree::Null,
        Value::Bool(value) => Tree::Bool(value),
        Value::Number(number) => Tree::Number(Number::Float(number.as_f64().unwrap())),
        Value::String(text) => Tree::String(text.into()),
        Value::Array(items) => Tree::Array(items.into_iter().map(tree).collect()),
        Value::Object(map) => Tree::Object(map.into_iter().map(|(key, value)| (key.into(), tree(value))).collect()),
    }
}

fn issues(schema: &Value, value: Value) -> Vec<Issue> {
    let schema = compile(schema).unwrap();
    collect_issues(&schema, schema.root(), Some(&tree(value))).issues
}

#[test]
fn issues_equal_those_of_zod() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("zod_issues.json")).unwrap();
    for case in cases {
        let issues = issues(&case.schema, case.value);
        assert_eq!(serde_json::to_value(&issues).unwrap(), case.issues, "{}", case.name);
        let read: Vec<Issue> = serde_json::from_value(case.issues).unwrap();
        assert_eq!(read, issues, "{} is read back", case.name);
    }
}

#[test]
fn numbers_that_are_not_finite_are_named() {
    struct Json(Value);

    impl Sink for Json {
        fn report(&mut self, _: &'static str, violation: Violation<'_>) {
            self.0 =
                serde_json::to_value(Issue::new(violation.to_string()).with_params(violation.into_params())).unwrap();
        }
    }

    for (number, name) in [(f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity")] {
        let mut json = Json(Value::Null);
        NumberRules::default().check(Number::Float(number), &mut json);
        assert_eq!(json.0["received"], name);
        assert_eq!(json.0["message"], format!("Invalid input: expected number, received {name}"));
    }
}

#[test]
fn nested_issues_of_unions_count_towards_the_limit() {
    fn count(issues: &[Issue]) -> usize {
        let nested = issues.iter().filter_map(|issue| issue.params().errors.as_ref()).flatten();
        issues.len() + nested.map(|issues| count(issues)).sum::<usize>()
    }

    let union = json!({ "anyOf": [{ "type": "string" }, { "type": "boolean" }] });
    let found = issues(&json!({ "type": "array", "items": union }), (0..2000).collect());
    assert!((900..=1000).contains(&count(&found)), "{}", count(&found));
}

#[test]
fn nested_issues_of_unions_have_a_maximum_depth() {
    fn depth(issues: &[Issue]) -> usize {
        let nested = issues.iter().filter_map(|issue| issue.params().errors.as_ref()).flatten();
        nested.map(|issues| 1 + depth(issues)).max().unwrap_or(0)
    }

    let schema = json!({ "anyOf": [{ "type": "array", "items": { "$ref": "#" } }, { "type": "string" }] });
    let value = (0..40).fold(json!(1), |value, _| json!([value]));
    assert_eq!(depth(&issues(&schema, value)), 8);
}
