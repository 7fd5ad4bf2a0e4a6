//! Holding an answer against what is expected of it. The rules are those of `cases/README.md`.

use std::time::SystemTime;

use serde_json::Map;

use crate::{
    answer::Answer,
    case::Expect,
    cookies, devalue, error,
    mismatch::{Mismatch, shorten},
    page, tagged,
};

/// Every way in which an answer is not as expected; none if it is.
#[must_use]
pub fn compare(expect: &Expect, answer: &Answer) -> Vec<Mismatch> {
    let mut found = Vec::new();
    status(expect, answer, &mut found);
    headers(expect, answer, &mut found);
    body(expect, answer, &mut found);
    found
}

fn status(expect: &Expect, answer: &Answer, found: &mut Vec<Mismatch>) {
    let came = || {
        let body = shorten(&String::from_utf8_lossy(&answer.body));
        format!("{}{}{body}", answer.status, if body.is_empty() { "" } else { " with the body " })
    };
    if let Some(wanted) = expect.status
        && wanted != answer.status
    {
        found.push(Mismatch::new("status", wanted, came()));
    }
    if let Some(wanted) = &expect.status_in
        && !wanted.contains(&answer.status)
    {
        found.push(Mismatch::new("statusIn", format_args!("one of {wanted:?}"), came()));
    }
    if let Some(unwanted) = &expect.status_not
        && unwanted.contains(&answer.status)
    {
        found.push(Mismatch::new("statusNot", format_args!("none of {unwanted:?}"), came()));
    }
}

fn headers(expect: &Expect, answer: &Answer, found: &mut Vec<Mismatch>) {
    if let Some(wanted) = &expect.media_type {
        let came = answer.first("content-type");
        let media_type = came.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        if !wanted.eq_ignore_ascii_case(media_type) {
            found.push(Mismatch::new("type", wanted, came.unwrap_or("no Content-Type")));
        }
    }
    if let Some(wanted) = &expect.allow {
        let came: Vec<_> = answer.all("allow").collect();
        if came != [wanted] {
            let came = if came.is_empty() { "no Allow".to_owned() } else { came.join(" | ") };
            found.push(Mismatch::new("allow", wanted, came));
        }
    }
    if let Some(wanted) = &expect.location {
        let came = answer.first("location");
        if came.map(path_and_query) != Some(wanted) {
            found.push(Mismatch::new("location", wanted, came.unwrap_or("no Location")));
        }
    }
    for text in expect.headers_lack.iter().flatten() {
        let lines = answer.headers.iter().map(|(name, value)| format!("{}: {value}", name.to_ascii_lowercase()));
        for line in lines.filter(|line| line.contains(text)) {
            found.push(Mismatch::new("headersLack", format_args!("no {text:?}"), line));
        }
    }
    if let Some(wanted) = &expect.cookies {
        found.extend(cookies::differences(wanted, answer.all("set-cookie"), SystemTime::now()));
    }
}

fn body(expect: &Expect, answer: &Answer, found: &mut Vec<Mismatch>) {
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
    if let Some(wanted) = value {
        match devalue::decode(text) {
            Ok(came) => tagged::differences("value", wanted, &came, found),
            Err(reason) => found.push(Mismatch::new("value", wanted, reason)),
        }
    }
    if let Some(wanted) = json {
        error::differences("json", wanted, text, found);
    }
    if let Some(wanted) = code {
        error::differences("json", &Map::from_iter([("code".to_owned(), wanted.as_str().into())]), text, found);
    }
    if let Some(wanted) = paths {
        error::paths(wanted, text, found);
    }
    if let Some(wanted) = page {
        page::differences(wanted, text, found);
    }
}

/// What is left of a URL reference (RFC 3986, section 4.1) without its scheme, authority and fragment.
fn path_and_query(location: &str) -> &str {
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
    fn a_status_is_the_one_one_of_some_or_none_of_some() {
        let came = answer(404, &[], "");
        for passes in [r#"{"status":404}"#, r#"{"statusIn":[400,404]}"#, r#"{"statusNot":[403]}"#, "{}"] {
            assert!(differing(passes, &came).is_empty(), "{passes}");
        }
        assert_eq!(differing(r#"{"status":405}"#, &came), ["status"]);
        assert_eq!(differing(r#"{"statusIn":[400,405]}"#, &came), ["statusIn"]);
        assert_eq!(differing(r#"{"statusNot":[403,404]}"#, &came), ["statusNot"]);
    }

    #[test]
    fn a_type_is_compared_without_case_and_parameters() {
        let expect = r#"{"type":"application/json"}"#;
        assert!(differing(expect, &answer(200, &[("Content-Type", "Application/JSON; charset=utf-8")], "")).is_empty());
        assert_eq!(differing(expect, &answer(200, &[("content-type", "application/json+devalue")], "")), ["type"]);
        assert_eq!(differing(expect, &answer(204, &[], "")), ["type"]);
    }

    #[test]
    fn allow_is_the_whole_header() {
        let expect = r#"{"allow":"POST"}"#;
        assert!(differing(expect, &answer(405, &[("allow", "POST")], "")).is_empty());
        assert_eq!(differing(expect, &answer(405, &[("allow", "POST, GET")], "")), ["allow"]);
        assert_eq!(differing(expect, &answer(405, &[], "")), ["allow"]);
    }

    #[test]
    fn a_location_is_compared_by_path_and_query() {
        let expect = r#"{"location":"/page?done=1"}"#;
        for passes in ["/page?done=1", "http://127.0.0.1:4321/page?done=1", "/page?done=1#top"] {
            assert!(differing(expect, &answer(302, &[("location", passes)], "")).is_empty(), "{passes}");
        }
        for fails in ["/page", "/page?done=2", "page?done=1", "/a/page?done=1"] {
            assert_eq!(differing(expect, &answer(302, &[("location", fails)], "")), ["location"], "{fails}");
        }
        assert_eq!(differing(expect, &answer(302, &[], "")), ["location"]);
        assert_eq!(path_and_query("/a?to=http://b/c"), "/a?to=http://b/c");
    }

    #[test]
    fn every_set_cookie_counts() {
        let two = answer(200, &[("set-cookie", "b=2; Path=/"), ("Set-Cookie", "a=1")], "");
        assert!(differing(r#"{"cookies":["a=1","b=2; Path=/"]}"#, &two).is_empty());
        assert_eq!(differing(r#"{"cookies":["a=1"]}"#, &two), ["cookies"]);
        assert_eq!(differing(r#"{"cookies":["a=1"]}"#, &answer(200, &[], "")), ["cookies"]);
    }

    #[test]
    fn a_value_is_the_decoded_body() {
        let came = answer(200, &[], r#"[{"b":1,"a":2,"c":-1},"x",1]"#);
        assert!(differing(r#"{"value":{"$object":[["a",1],["b","x"]]}}"#, &came).is_empty());
        assert_eq!(differing(r#"{"value":{"$object":[["a",2],["b","x"]]}}"#, &came), ["value.a"]);
        assert!(differing(r#"{"value":null}"#, &answer(200, &[], "[null]")).is_empty());
        assert_eq!(differing(r#"{"value":null}"#, &answer(200, &[], "")), ["value"]);
        assert_eq!(differing(r#"{"value":null}"#, &answer(200, &[], "null")), ["value"]);
    }

    #[test]
    fn a_body_must_not_hold_a_text() {
        let came = answer(500, &[], r#"{"message":"boom at line one"}"#);
        assert!(differing(r#"{"bodyLacks":["bang"]}"#, &came).is_empty());
        assert_eq!(differing(r#"{"bodyLacks":["bang","boom","line one"]}"#, &came), ["bodyLacks", "bodyLacks"]);
    }

    #[test]
    fn a_body_that_must_be_read_is_text() {
        let came = Answer { body: Bytes::from_static(b"[\"\xff\"]"), ..Answer::default() };
        assert_eq!(differing(r#"{"value":"\ufffd"}"#, &came), ["body"]);
        assert!(differing("{}", &came).is_empty());
    }

    #[test]
    fn what_was_wanted_and_what_came_can_be_read() {
        let expect = serde_json::from_str(r#"{"status":200,"json":{"message":"m"}}"#).unwrap();
        let found = compare(&expect, &answer(500, &[], r#"{"message":"other"}"#));
        let texts: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(texts[0], "status\n  wanted 200\n  came   500 with the body {\"message\":\"other\"}");
        assert_eq!(texts[1], "json.message\n  wanted \"m\"\n  came   \"other\"");
    }
}
