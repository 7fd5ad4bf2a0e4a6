//! Comparison of responses with expectations, by the rules of `cases/README.md`.

use std::time::SystemTime;

use serde_json::Map;

use crate::{
    answer::Answer,
    case::Expect,
    cookies, devalue, error,
    mismatch::{Mismatch, shorten},
    page, tagged,
};

/// Returns each difference between an expectation and a response.
#[must_use]
pub fn compare(expect: &Expect, answer: &Answer) -> Vec<Mismatch> {
    let mut found = Vec::new();
    compare_status(expect, answer, &mut found);
    compare_headers(expect, answer, &mut found);
    compare_body(expect, answer, &mut found);
    found
}

fn compare_status(expect: &Expect, answer: &Answer, found: &mut Vec<Mismatch>) {
    let received = || {
        let body = shorten(&String::from_utf8_lossy(&answer.body));
        format!("{}{}{body}", answer.status, if body.is_empty() { "" } else { " with the body " })
    };
    if let Some(expected) = expect.status
        && expected != answer.status
    {
        found.push(Mismatch::new("status", expected, received()));
    }
    if let Some(expected) = &expect.status_in
        && !expected.contains(&answer.status)
    {
        found.push(Mismatch::new("statusIn", format_args!("one of {expected:?}"), received()));
    }
    if let Some(unwanted) = &expect.status_not
        && unwanted.contains(&answer.status)
    {
        found.push(Mismatch::new("statusNot", format_args!("none of {unwanted:?}"), received()));
    }
}

fn compare_headers(expect: &Expect, answer: &Answer, found: &mut Vec<Mismatch>) {
    if let Some(expected) = &expect.media_type {
        let received = answer.first("content-type");
        let media_type = received.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        if !expected.eq_ignore_ascii_case(media_type) {
            found.push(Mismatch::new("type", expected, received.unwrap_or("no Content-Type")));
        }
    }
    if let Some(expected) = &expect.allow {
        let received: Vec<_> = answer.all("allow").collect();
        if received != [expected] {
            let received = if received.is_empty() { "no Allow".to_owned() } else { received.join(" | ") };
            found.push(Mismatch::new("allow", expected, received));
        }
    }
    if let Some(expected) = &expect.location {
        let received = answer.first("location");
        if received.map(strip_to_path_and_query) != Some(expected) {
            found.push(Mismatch::new("location", expected, received.unwrap_or("no Location")));
        }
    }
    for text in expect.headers_lack.iter().flatten() {
        let lines = answer.headers.iter().map(|(name, value)| format!("{}: {value}", name.to_ascii_lowercase()));
        for line in lines.filter(|line| line.contains(text)) {
            found.push(Mismatch::new("headersLack", format_args!("no {text:?}"), line));
        }
    }
    if let Some(expected) = &expect.cookies {
        found.extend(cookies::find_differences(expected, answer.all("set-cookie"), SystemTime::now()));
    }
}

fn compare_body(expect: &Expect, answer: &Answer, found: &mut Vec<Mismatch>) {
    if let Some(most) = expect.body_at_most.filter(|most| answer.body.len() > *most) {
        found.push(Mismatch::new("bodyAtMost", most, answer.body.len()));
    }
    for text in expect.body_lacks.iter().flatten() {
        if !text.is_empty() && answer.body.windows(text.len()).any(|window| window == text.as_bytes()) {
            let body = String::from_utf8_lossy(&answer.body);
            found.push(Mismatch::new("bodyLacks", format_args!("no {text:?}"), body));
        }
    }
    let Expect { value, json, code, paths, page, .. } = expect;
    if value.is_none() && json.is_none() && code.is_none() && paths.is_none() && page.is_none() {
        return;
    }
    let text = match answer.text() {
        Ok(text) => text,
        Err(reason) => return found.push(Mismatch::new("body", "text", reason)),
    };
    if let Some(expected) = value {
        match devalue::decode(text) {
            Ok(received) => tagged::find_differences("value", expected, &received, found),
            Err(reason) => found.push(Mismatch::new("value", expected, reason)),
        }
    }
    if let Some(expected) = json {
        error::find_differences("json", expected, text, found);
    }
    if let Some(expected) = code {
        error::find_differences("json", &Map::from_iter([("code".to_owned(), expected.as_str().into())]), text, found);
    }
    if let Some(expected) = paths {
        error::compare_paths(expected, text, found);
    }
    if let Some(expected) = page {
        page::find_differences(expected, text, found);
    }
}

/// Returns the path and query of a URL reference (RFC 3986, section 4.1).
fn strip_to_path_and_query(location: &str) -> &str {
    let scheme = location.find(':').filter(|end| !location[..*end].contains(['/', '?', '#']));
    let rest = scheme.map_or(location, |end| &location[end + 1..]);
    let rest = match rest.strip_prefix("//") {
        Some(authority) => &authority[authority.find(['/', '?', '#']).unwrap_or(authority.len())..],
        None => rest,
    };
    rest.split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Answer { status, headers, body: Bytes::copy_from_slice(body.as_bytes()) }
    }

    fn differing(expect: &str, answer: &Answer) -> Vec<String> {
        let expect = serde_json::from_str(expect).unwrap();
        compare(&expect, answer).into_iter().map(|mismatch| mismatch.at).collect()
    }

    #[test]
    fn status_rules_are_checked() {
        let received = answer(404, &[], "");
        for passes in [r#"{"status":404}"#, r#"{"statusIn":[400,404]}"#, r#"{"statusNot":[403]}"#, "{}"] {
            assert!(differing(passes, &received).is_empty(), "{passes}");
        }
        assert_eq!(differing(r#"{"status":405}"#, &received), ["status"]);
        assert_eq!(differing(r#"{"statusIn":[400,405]}"#, &received), ["statusIn"]);
        assert_eq!(differing(r#"{"statusNot":[403,404]}"#, &received), ["statusNot"]);
    }

    #[test]
    fn media_type_is_compared_without_case_and_parameters() {
        let expect = r#"{"type":"application/json"}"#;
        assert!(differing(expect, &answer(200, &[("Content-Type", "Application/JSON; charset=utf-8")], "")).is_empty());
        assert_eq!(differing(expect, &answer(200, &[("content-type", "application/json+devalue")], "")), ["type"]);
        assert_eq!(differing(expect, &answer(204, &[], "")), ["type"]);
    }

    #[test]
    fn allow_is_compared_as_a_whole() {
        let expect = r#"{"allow":"POST"}"#;
        assert!(differing(expect, &answer(405, &[("allow", "POST")], "")).is_empty());
        assert_eq!(differing(expect, &answer(405, &[("allow", "POST, GET")], "")), ["allow"]);
        assert_eq!(differing(expect, &answer(405, &[], "")), ["allow"]);
    }

    #[test]
    fn location_is_compared_by_path_and_query() {
        let expect = r#"{"location":"/page?done=1"}"#;
        for passes in ["/page?done=1", "http://127.0.0.1:4321/page?done=1", "/page?done=1#top"] {
            assert!(differing(expect, &answer(302, &[("location", passes)], "")).is_empty(), "{passes}");
        }
        for fails in ["/page", "/page?done=2", "page?done=1", "/a/page?done=1"] {
            assert_eq!(differing(expect, &answer(302, &[("location", fails)], "")), ["location"], "{fails}");
        }
        assert_eq!(differing(expect, &answer(302, &[], "")), ["location"]);
        assert_eq!(strip_to_path_and_query("/a?to=http://b/c"), "/a?to=http://b/c");
    }

    #[test]
    fn every_set_cookie_header_counts() {
        let two = answer(200, &[("set-cookie", "b=2; Path=/"), ("Set-Cookie", "a=1")], "");
        assert!(differing(r#"{"cookies":["a=1","b=2; Path=/"]}"#, &two).is_empty());
        assert_eq!(differing(r#"{"cookies":["a=1"]}"#, &two), ["cookies"]);
        assert_eq!(differing(r#"{"cookies":["a=1"]}"#, &answer(200, &[], "")), ["cookies"]);
    }

    #[test]
    fn value_is_the_decoded_body() {
        let received = answer(200, &[], r#"[{"b":1,"a":2,"c":-1},"x",1]"#);
        assert!(differing(r#"{"value":{"$object":[["a",1],["b","x"]]}}"#, &received).is_empty());
        assert_eq!(differing(r#"{"value":{"$object":[["a",2],["b","x"]]}}"#, &received), ["value.a"]);
        assert!(differing(r#"{"value":null}"#, &answer(200, &[], "[null]")).is_empty());
        assert_eq!(differing(r#"{"value":null}"#, &answer(200, &[], "")), ["value"]);
        assert_eq!(differing(r#"{"value":null}"#, &answer(200, &[], "null")), ["value"]);
    }

    #[test]
    fn forbidden_text_in_body_is_a_mismatch() {
        let received = answer(500, &[], r#"{"message":"boom at line one"}"#);
        assert!(differing(r#"{"bodyLacks":["bang"]}"#, &received).is_empty());
        assert_eq!(differing(r#"{"bodyLacks":["bang","boom","line one"]}"#, &received), ["bodyLacks", "bodyLacks"]);
    }

    #[test]
    fn compared_body_must_be_utf8() {
        let received = Answer { body: Bytes::from_static(b"[\"\xff\"]"), ..Answer::default() };
        assert_eq!(differing(r#"{"value":"\ufffd"}"#, &received), ["body"]);
        assert!(differing("{}", &received).is_empty());
    }

    #[test]
    fn mismatch_prints_expected_and_received_value() {
        let expect = serde_json::from_str(r#"{"status":200,"json":{"message":"m"}}"#).unwrap();
        let found = compare(&expect, &answer(500, &[], r#"{"message":"other"}"#));
        let texts: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(texts[0], "status\n  expected 200\n  received 500 with the body {\"message\":\"other\"}");
        assert_eq!(texts[1], "json.message\n  expected \"m\"\n  received \"other\"");
    }
}
