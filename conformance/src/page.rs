//! Comparison of the fixture's pages, which print their request and the results of actions.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{devalue, error, mismatch::Mismatch, tagged, tagged::Tagged};

/// The expected contents of a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The request's method.
    pub method: String,
    /// The request's path and query.
    pub path: String,
    /// The results by action name.
    pub results: BTreeMap<String, PageResult>,
}

/// The result of one action.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageResult {
    /// The handler's output.
    Data(Tagged),
    /// The error, which is compared like an error body.
    Error(Map<String, Value>),
    /// The handler returned nothing.
    Empty(bool),
}

/// The contents of a received page, with serialized results.
#[derive(Deserialize)]
struct Printed {
    method: String,
    path: String,
    results: BTreeMap<String, Serialized>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase", tag = "type")]
enum Serialized {
    Data { body: String },
    Error { body: String },
    Empty,
}

/// Finds differences between the expected contents and a page.
pub(crate) fn find_differences(expected: &Page, html: &str, found: &mut Vec<Mismatch>) {
    let printed: Printed = match read_page(html) {
        Ok(printed) => printed,
        Err(reason) => return found.push(Mismatch::new("page", "a printed result", reason)),
    };
    for (at, expected, received) in
        [("page.method", &expected.method, &printed.method), ("page.path", &expected.path, &printed.path)]
    {
        if expected != received {
            found.push(Mismatch::new(at, expected, received));
        }
    }
    for (name, expected) in &expected.results {
        match printed.results.get(name) {
            Some(received) => compare_result(&format!("page.results.{name}"), expected, received, found),
            None => found.push(Mismatch::new(format!("page.results.{name}"), "a result", "none")),
        }
    }
    for name in printed.results.keys().filter(|name| !expected.results.contains_key(*name)) {
        found.push(Mismatch::new(format!("page.results.{name}"), "none", "a result"));
    }
}

fn read_page(html: &str) -> Result<Printed, String> {
    let (_, after) =
        html.split_once(r#"<script type="application/json" id="result">"#).ok_or("no result in the page")?;
    let (json, _) = after.split_once("</script>").ok_or("no end of the result in the page")?;
    serde_json::from_str(json).map_err(|error| format!("{error} in {json}"))
}

fn compare_result(at: &str, expected: &PageResult, received: &Serialized, found: &mut Vec<Mismatch>) {
    match (expected, received) {
        (PageResult::Data(expected), Serialized::Data { body }) => match devalue::decode(body) {
            Ok(received) => tagged::find_differences(&format!("{at}.data"), expected, &received, found),
            Err(reason) => found.push(Mismatch::new(format!("{at}.data"), expected, reason)),
        },
        (PageResult::Error(expected), Serialized::Error { body }) => {
            error::find_differences(&format!("{at}.error"), expected, body, found);
        }
        (PageResult::Empty(true), Serialized::Empty) => {}
        _ => {
            let expected = match expected {
                PageResult::Data(data) => format!("data {data}"),
                PageResult::Error(error) => format!("error {}", Value::from(error.clone())),
                PageResult::Empty(empty) => format!("empty: {empty}"),
            };
            let received = match received {
                Serialized::Data { body } => format!("data {body}"),
                Serialized::Error { body } => format!("error {body}"),
                Serialized::Empty => "empty".to_owned(),
            };
            found.push(Mismatch::new(at, expected, received));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differing(expected: &str, printed: &str) -> Vec<String> {
        let expected = format!(r#"{{"method":"POST","path":"/?_action=a","results":{expected}}}"#);
        let html = format!(r#"<h1>x</h1><script type="application/json" id="result">{printed}</script></body>"#);
        let mut found = Vec::new();
        find_differences(&serde_json::from_str(&expected).unwrap(), &html, &mut found);
        found.into_iter().map(|mismatch| mismatch.at).collect()
    }

    fn printed(results: &str) -> String {
        format!(r#"{{"method":"POST","path":"/?_action=a","results":{results}}}"#)
    }

    #[test]
    fn data_is_decoded() {
        let received = printed(
            r#"{"a":{"type":"data","status":200,"contentType":"application/json+devalue","body":"[{\"v\":1},2]"}}"#,
        );
        assert!(differing(r#"{"a":{"data":{"$object":[["v",2]]}}}"#, &received).is_empty());
        assert_eq!(differing(r#"{"a":{"data":{"$object":[["v",3]]}}}"#, &received), ["page.results.a.data.v"]);
        assert_eq!(differing(r#"{"a":{"data":null}}"#, &received), ["page.results.a.data"]);
        assert_eq!(differing(r#"{"a":{"empty":true}}"#, &received), ["page.results.a"]);
    }

    #[test]
    fn error_is_compared_like_an_error_body() {
        let received = printed(
            r#"{"a":{"type":"error","status":409,"contentType":"application/json","body":"{\"code\":\"CONFLICT\",\"status\":409}"}}"#,
        );
        assert!(differing(r#"{"a":{"error":{"code":"CONFLICT","status":409}}}"#, &received).is_empty());
        assert_eq!(differing(r#"{"a":{"error":{"code":"NOT_FOUND"}}}"#, &received), ["page.results.a.error.code"]);
    }

    #[test]
    fn empty_result_is_a_result() {
        let received = printed(r#"{"a":{"type":"empty","status":204}}"#);
        assert!(differing(r#"{"a":{"empty":true}}"#, &received).is_empty());
        assert_eq!(differing(r#"{"a":{"data":null}}"#, &received), ["page.results.a"]);
    }

    #[test]
    fn missing_and_superfluous_results_differ() {
        assert!(differing("{}", &printed("{}")).is_empty());
        assert_eq!(differing(r#"{"a":{"empty":true}}"#, &printed("{}")), ["page.results.a"]);
        assert_eq!(differing("{}", &printed(r#"{"b":{"type":"empty","status":204}}"#)), ["page.results.b"]);
    }

    #[test]
    fn method_and_path_are_compared() {
        assert_eq!(differing("{}", r#"{"method":"GET","path":"/","results":{}}"#), ["page.method", "page.path"]);
    }

    #[test]
    fn page_without_results_is_a_mismatch() {
        assert_eq!(differing("{}", "{"), ["page"]);
        let mut found = Vec::new();
        let expected = serde_json::from_str(r#"{"method":"GET","path":"/","results":{}}"#).unwrap();
        find_differences(&expected, "<h1>404</h1>", &mut found);
        assert_eq!(found.len(), 1);
    }
}
