//! What the fixture's pages print: the request they saw and the results of its actions.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{devalue, error, mismatch::Mismatch, tagged, tagged::Tagged};

/// What a page is expected to print.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The method with which the page was asked for.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The results by the names of their actions.
    pub results: BTreeMap<String, PageResult>,
}

/// The result of one action as a page has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageResult {
    /// What the handler returned.
    Data(Tagged),
    /// The error, compared like an error body.
    Error(Map<String, Value>),
    /// The handler returned nothing.
    Empty(bool),
}

/// A page as it comes, its results serialised.
#[derive(Deserialize)]
struct Printed {
    method: String,
    path: String,
    results: BTreeMap<String, Serialised>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase", tag = "type")]
enum Serialised {
    Data { body: String },
    Error { body: String },
    Empty,
}

/// Where the page prints something else than expected.
pub(crate) fn differences(wanted: &Page, html: &str, found: &mut Vec<Mismatch>) {
    let printed: Printed = match read(html) {
        Ok(printed) => printed,
        Err(reason) => return found.push(Mismatch::new("page", "a printed result", reason)),
    };
    for (at, wanted, came) in
        [("page.method", &wanted.method, &printed.method), ("page.path", &wanted.path, &printed.path)]
    {
        if wanted != came {
            found.push(Mismatch::new(at, wanted, came));
        }
    }
    for (name, wanted) in &wanted.results {
        match printed.results.get(name) {
            Some(came) => result(&format!("page.results.{name}"), wanted, came, found),
            None => found.push(Mismatch::new(format!("page.results.{name}"), "a result", "none")),
        }
    }
    for name in printed.results.keys().filter(|name| !wanted.results.contains_key(*name)) {
        found.push(Mismatch::new(format!("page.results.{name}"), "none", "a result"));
    }
}

fn read(html: &str) -> Result<Printed, String> {
    let (_, after) =
        html.split_once(r#"<script type="application/json" id="result">"#).ok_or("no result in the page")?;
    let (json, _) = after.split_once("</script>").ok_or("no end of the result in the page")?;
    serde_json::from_str(json).map_err(|error| format!("{error} in {json}"))
}

fn result(at: &str, wanted: &PageResult, came: &Serialised, found: &mut Vec<Mismatch>) {
    match (wanted, came) {
        (PageResult::Data(wanted), Serialised::Data { body }) => match devalue::decode(body) {
            Ok(came) => tagged::differences(&format!("{at}.data"), wanted, &came, found),
            Err(reason) => found.push(Mismatch::new(format!("{at}.data"), wanted, reason)),
        },
        (PageResult::Error(wanted), Serialised::Error { body }) => {
            error::differences(&format!("{at}.error"), wanted, body, found);
        }
        (PageResult::Empty(true), Serialised::Empty) => {}
        _ => {
            let wanted = match wanted {
                PageResult::Data(data) => format!("data {data}"),
                PageResult::Error(error) => format!("error {}", Value::from(error.clone())),
                PageResult::Empty(empty) => format!("empty: {empty}"),
            };
            let came = match came {
                Serialised::Data { body } => format!("data {body}"),
                Serialised::Error { body } => format!("error {body}"),
                Serialised::Empty => "empty".to_owned(),
            };
            found.push(Mismatch::new(at, wanted, came));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differing(wanted: &str, printed: &str) -> Vec<String> {
        let wanted = format!(r#"{{"method":"POST","path":"/?_action=a","results":{wanted}}}"#);
        let html = format!(r#"<h1>x</h1><script type="application/json" id="result">{printed}</script></body>"#);
        let mut found = Vec::new();
        differences(&serde_json::from_str(&wanted).unwrap(), &html, &mut found);
        found.into_iter().map(|mismatch| mismatch.at).collect()
    }

    fn printed(results: &str) -> String {
        format!(r#"{{"method":"POST","path":"/?_action=a","results":{results}}}"#)
    }

    #[test]
    fn data_is_decoded() {
        let came = printed(
            r#"{"a":{"type":"data","status":200,"contentType":"application/json+devalue","body":"[{\"v\":1},2]"}}"#,
        );
        assert!(differing(r#"{"a":{"data":{"$object":[["v",2]]}}}"#, &came).is_empty());
        assert_eq!(differing(r#"{"a":{"data":{"$object":[["v",3]]}}}"#, &came), ["page.results.a.data.v"]);
        assert_eq!(differing(r#"{"a":{"data":null}}"#, &came), ["page.results.a.data"]);
        assert_eq!(differing(r#"{"a":{"empty":true}}"#, &came), ["page.results.a"]);
    }

    #[test]
    fn an_error_is_compared_like_a_body() {
        let came = printed(
            r#"{"a":{"type":"error","status":409,"contentType":"application/json","body":"{\"code\":\"CONFLICT\",\"status\":409}"}}"#,
        );
        assert!(differing(r#"{"a":{"error":{"code":"CONFLICT","status":409}}}"#, &came).is_empty());
        assert_eq!(differing(r#"{"a":{"error":{"code":"NOT_FOUND"}}}"#, &came), ["page.results.a.error.code"]);
    }

    #[test]
    fn an_empty_result_is_one() {
        let came = printed(r#"{"a":{"type":"empty","status":204}}"#);
        assert!(differing(r#"{"a":{"empty":true}}"#, &came).is_empty());
        assert_eq!(differing(r#"{"a":{"data":null}}"#, &came), ["page.results.a"]);
    }

    #[test]
    fn results_are_neither_missing_nor_too_many() {
        assert!(differing("{}", &printed("{}")).is_empty());
        assert_eq!(differing(r#"{"a":{"empty":true}}"#, &printed("{}")), ["page.results.a"]);
        assert_eq!(differing("{}", &printed(r#"{"b":{"type":"empty","status":204}}"#)), ["page.results.b"]);
    }

    #[test]
    fn method_and_path_are_compared() {
        assert_eq!(differing("{}", r#"{"method":"GET","path":"/","results":{}}"#), ["page.method", "page.path"]);
    }

    #[test]
    fn a_page_without_a_result_fails() {
        assert_eq!(differing("{}", "{"), ["page"]);
        let mut found = Vec::new();
        let wanted = serde_json::from_str(r#"{"method":"GET","path":"/","results":{}}"#).unwrap();
        differences(&wanted, "<h1>404</h1>", &mut found);
        assert_eq!(found.len(), 1);
    }
}
