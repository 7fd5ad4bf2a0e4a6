//! Comparison of an error's JSON, in a body or on a page.

use serde_json::{Map, Value};

use crate::mismatch::Mismatch;

/// Finds differences of an error's JSON. Of each issue, `code`, `path`, `message` and the parameters that the case lists are
/// compared; each other expected key is compared as a whole.
pub(crate) fn find_differences(at: &str, expected: &Map<String, Value>, text: &str, found: &mut Vec<Mismatch>) {
    let received = match serde_json::from_str(text) {
        Ok(Value::Object(received)) => received,
        _ => return found.push(Mismatch::new(at, Value::from(expected.clone()), text)),
    };
    for (key, expected) in expected {
        let at = format!("{at}.{key}");
        match (expected, received.get(key)) {
            (_, None) => found.push(Mismatch::new(at, expected, format_args!("no {key} in {text}"))),
            (Value::Array(expected), Some(Value::Array(received))) if key == "issues" => {
                compare_issues(&at, expected, received, found);
            }
            (_, Some(received)) if is_same(expected, received) => {}
            (_, Some(received)) => found.push(Mismatch::new(at, expected, received)),
        }
    }
}

/// Finds differences between the paths of an error's issues.
pub(crate) fn compare_paths(expected: &[Value], text: &str, found: &mut Vec<Mismatch>) {
    let body: Value = serde_json::from_str(text).unwrap_or_default();
    let received: Option<Vec<_>> =
        body["issues"].as_array().map(|all| all.iter().map(|issue| &issue["path"]).collect());
    let same = received.as_ref().is_some_and(|received| is_same_list(expected.iter(), received.iter().copied()));
    if !same {
        let received = received.map_or(text.to_owned(), |paths| list(&paths));
        found.push(Mismatch::new("paths", list(&expected.iter().collect::<Vec<_>>()), received));
    }
}

fn compare_issues(at: &str, expected: &[Value], received: &[Value], found: &mut Vec<Mismatch>) {
    if expected.len() != received.len() {
        let list = |issues: &[Value]| format!("{}: {}", issues.len(), list(&issues.iter().collect::<Vec<_>>()));
        return found.push(Mismatch::new(at, list(expected), list(received)));
    }
    for (index, (expected, received)) in expected.iter().zip(received).enumerate() {
        let listed = expected.as_object().into_iter().flat_map(Map::keys).map(String::as_str);
        let required = ["code", "path", "message"];
        for key in required.into_iter().chain(listed.filter(|key| !required.contains(key))) {
            if !is_same(&expected[key], &received[key]) {
                found.push(Mismatch::new(format!("{at}[{index}].{key}"), &expected[key], &received[key]));
            }
        }
    }
}

/// Returns whether two JSON values are equal. Numbers are doubles, and the order of keys does not matter.
fn is_same(expected: &Value, received: &Value) -> bool {
    match (expected, received) {
        (Value::Number(expected), Value::Number(received)) => expected.as_f64() == received.as_f64(),
        (Value::Array(expected), Value::Array(received)) => is_same_list(expected.iter(), received.iter()),
        (Value::Object(expected), Value::Object(received)) => {
            let entry = |(key, value): (&String, &Value)| received.get(key).is_some_and(|other| is_same(value, other));
            expected.len() == received.len() && expected.iter().all(entry)
        }
        _ => expected == received,
    }
}

fn is_same_list<'a>(
    expected: impl ExactSizeIterator<Item = &'a Value>,
    received: impl ExactSizeIterator<Item = &'a Value>,
) -> bool {
    expected.len() == received.len() && expected.zip(received).all(|(expected, received)| is_same(expected, received))
}

fn list(values: &[&Value]) -> String {
    let texts: Vec<_> = values.iter().map(ToString::to_string).collect();
    format!("[{}]", texts.join(","))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::{answer::Answer, compare::compare};

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, body: Bytes::copy_from_slice(body.as_bytes()), ..Answer::default() }
    }

    fn differing(expect: &str, answer: &Answer) -> Vec<String> {
        let expect = serde_json::from_str(expect).unwrap();
        compare(&expect, answer).into_iter().map(|mismatch| mismatch.at).collect()
    }

    const ISSUES: &str = r#"{"type":"AstroActionInputError","issues":[
        {"code":"too_small","path":["v",0],"message":"no","minimum":1}, {"message":"also","path":[],"code":"custom"}],
        "fields":{"v":["no"],"w":["also"]}}"#;

    #[test]
    fn issues_are_compared_by_code_path_and_message_in_order() {
        let received = answer(400, ISSUES);
        let expect = |first: &str, second: &str| {
            differing(
                &format!(r#"{{"json":{{"type":"AstroActionInputError","issues":[{first},{second}]}}}}"#),
                &received,
            )
        };
        let first = r#"{"code":"too_small","path":["v",0.0],"message":"no"}"#;
        let second = r#"{"code":"custom","path":[],"message":"also"}"#;
        assert!(expect(first, second).is_empty());
        assert_eq!(expect(second, first).len(), 6);
        assert_eq!(expect(&first.replace("no", "yes"), second), ["json.issues[0].message"]);
        assert_eq!(expect(&first.replace("0.0", "\"0\""), second), ["json.issues[0].path"]);
        assert_eq!(expect(first, &second.replace("custom", "other")), ["json.issues[1].code"]);
        assert_eq!(differing(&format!(r#"{{"json":{{"issues":[{first}]}}}}"#), &received), ["json.issues"]);
    }

    #[test]
    fn parameters_of_issues_are_compared_where_a_case_lists_them() {
        let received = answer(400, ISSUES);
        let expect = |minimum: &str| {
            let first = format!(r#"{{"code":"too_small","path":["v",0],"message":"no",{minimum}}}"#);
            let second = r#"{"code":"custom","path":[],"message":"also"}"#;
            differing(&format!(r#"{{"json":{{"issues":[{first},{second}]}}}}"#), &received)
        };
        assert!(expect(r#""minimum":1.0"#).is_empty());
        assert_eq!(expect(r#""minimum":2"#), ["json.issues[0].minimum"]);
        assert_eq!(expect(r#""maximum":1"#), ["json.issues[0].maximum"]);
    }

    #[test]
    fn fields_are_compared_as_a_whole() {
        let received = answer(400, ISSUES);
        assert!(differing(r#"{"json":{"fields":{"w":["also"],"v":["no"]}}}"#, &received).is_empty());
        assert_eq!(differing(r#"{"json":{"fields":{"v":["no"]}}}"#, &received), ["json.fields"]);
        assert_eq!(differing(r#"{"json":{"fields":{"v":["no"],"w":[]}}}"#, &received), ["json.fields"]);
    }

    #[test]
    fn every_expected_key_of_an_error_is_compared() {
        let received = answer(409, r#"{"type":"AstroActionError","code":"CONFLICT","status":409,"message":"m"}"#);
        let full = r#"{"json":{"type":"AstroActionError","code":"CONFLICT","status":409,"message":"m"}}"#;
        assert!(differing(full, &received).is_empty());
        for (from, to, key) in [
            ("AstroActionError", "Other", "type"),
            ("CONFLICT", "NOT_FOUND", "code"),
            ("409", "404", "status"),
            ("\"m\"", "\"\"", "message"),
        ] {
            assert_eq!(differing(&full.replace(from, to), &received), [format!("json.{key}")]);
        }
        assert_eq!(differing(r#"{"json":{"hint":1}}"#, &received), ["json.hint"]);
        assert_eq!(differing(full, &answer(409, "CONFLICT")), ["json"]);
    }

    #[test]
    fn code_is_compared_alone() {
        let received = answer(400, r#"{"code":"BAD_REQUEST","message":"whatever"}"#);
        assert!(differing(r#"{"code":"BAD_REQUEST"}"#, &received).is_empty());
        assert_eq!(differing(r#"{"code":"NOT_FOUND"}"#, &received), ["json.code"]);
        assert_eq!(differing(r#"{"code":"BAD_REQUEST"}"#, &answer(400, "{}")), ["json.code"]);
    }

    #[test]
    fn paths_are_compared_alone() {
        let received = answer(400, ISSUES);
        assert!(differing(r#"{"paths":[["v",0],[]]}"#, &received).is_empty());
        for fails in [r#"{"paths":[[],["v",0]]}"#, r#"{"paths":[["v",0]]}"#, r#"{"paths":[["v"],[]]}"#] {
            assert_eq!(differing(fails, &received), ["paths"]);
        }
        assert_eq!(differing(r#"{"paths":[]}"#, &answer(500, "")), ["paths"]);
    }
}
