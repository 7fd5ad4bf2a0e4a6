//! The JSON of an error, in a body or on a page.

use serde_json::{Map, Value};

use crate::mismatch::Mismatch;

/// Reports where an error's JSON differs from the expected one. Of each issue, `code`, `path`, `message` and the parameters
/// that the case lists are compared; each other expected key is compared as a whole.
pub(crate) fn differences(at: &str, wanted: &Map<String, Value>, text: &str, found: &mut Vec<Mismatch>) {
    let came = match serde_json::from_str(text) {
        Ok(Value::Object(came)) => came,
        _ => return found.push(Mismatch::new(at, Value::from(wanted.clone()), text)),
    };
    for (key, wanted) in wanted {
        let at = format!("{at}.{key}");
        match (wanted, came.get(key)) {
            (_, None) => found.push(Mismatch::new(at, wanted, format_args!("no {key} in {text}"))),
            (Value::Array(wanted), Some(Value::Array(came))) if key == "issues" => {
                issues(&at, wanted, came, found);
            }
            (_, Some(came)) if same(wanted, came) => {}
            (_, Some(came)) => found.push(Mismatch::new(at, wanted, came)),
        }
    }
}

/// Where the paths of an error's issues are not as expected.
pub(crate) fn paths(wanted: &[Value], text: &str, found: &mut Vec<Mismatch>) {
    let body: Value = serde_json::from_str(text).unwrap_or_default();
    let came: Option<Vec<_>> = body["issues"].as_array().map(|all| all.iter().map(|issue| &issue["path"]).collect());
    let same = came.as_ref().is_some_and(|came| same_list(wanted.iter(), came.iter().copied()));
    if !same {
        let came = came.map_or(text.to_owned(), |paths| list(&paths));
        found.push(Mismatch::new("paths", list(&wanted.iter().collect::<Vec<_>>()), came));
    }
}

fn issues(at: &str, wanted: &[Value], came: &[Value], found: &mut Vec<Mismatch>) {
    if wanted.len() != came.len() {
        let list = |issues: &[Value]| format!("{}: {}", issues.len(), list(&issues.iter().collect::<Vec<_>>()));
        return found.push(Mismatch::new(at, list(wanted), list(came)));
    }
    for (index, (wanted, came)) in wanted.iter().zip(came).enumerate() {
        let listed = wanted.as_object().into_iter().flat_map(Map::keys).map(String::as_str);
        let required = ["code", "path", "message"];
        for key in required.into_iter().chain(listed.filter(|key| !required.contains(key))) {
            if !same(&wanted[key], &came[key]) {
                found.push(Mismatch::new(format!("{at}[{index}].{key}"), &wanted[key], &came[key]));
            }
        }
    }
}

/// Equality of JSON in which numbers are doubles and the order of keys does not matter.
fn same(wanted: &Value, came: &Value) -> bool {
    match (wanted, came) {
        (Value::Number(wanted), Value::Number(came)) => wanted.as_f64() == came.as_f64(),
        (Value::Array(wanted), Value::Array(came)) => same_list(wanted.iter(), came.iter()),
        (Value::Object(wanted), Value::Object(came)) => {
            let entry = |(key, value): (&String, &Value)| came.get(key).is_some_and(|other| same(value, other));
            wanted.len() == came.len() && wanted.iter().all(entry)
        }
        _ => wanted == came,
    }
}

fn same_list<'a>(
    wanted: impl ExactSizeIterator<Item = &'a Value>,
    came: impl ExactSizeIterator<Item = &'a Value>,
) -> bool {
    wanted.len() == came.len() && wanted.zip(came).all(|(wanted, came)| same(wanted, came))
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
        let came = answer(400, ISSUES);
        let expect = |first: &str, second: &str| {
            differing(&format!(r#"{{"json":{{"type":"AstroActionInputError","issues":[{first},{second}]}}}}"#), &came)
        };
        let first = r#"{"code":"too_small","path":["v",0.0],"message":"no"}"#;
        let second = r#"{"code":"custom","path":[],"message":"also"}"#;
        assert!(expect(first, second).is_empty());
        assert_eq!(expect(second, first).len(), 6);
        assert_eq!(expect(&first.replace("no", "yes"), second), ["json.issues[0].message"]);
        assert_eq!(expect(&first.replace("0.0", "\"0\""), second), ["json.issues[0].path"]);
        assert_eq!(expect(first, &second.replace("custom", "other")), ["json.issues[1].code"]);
        assert_eq!(differing(&format!(r#"{{"json":{{"issues":[{first}]}}}}"#), &came), ["json.issues"]);
    }

    #[test]
    fn parameters_of_issues_are_compared_where_a_case_lists_them() {
        let came = answer(400, ISSUES);
        let expect = |minimum: &str| {
            let first = format!(r#"{{"code":"too_small","path":["v",0],"message":"no",{minimum}}}"#);
            let second = r#"{"code":"custom","path":[],"message":"also"}"#;
            differing(&format!(r#"{{"json":{{"issues":[{first},{second}]}}}}"#), &came)
        };
        assert!(expect(r#""minimum":1.0"#).is_empty());
        assert_eq!(expect(r#""minimum":2"#), ["json.issues[0].minimum"]);
        assert_eq!(expect(r#""maximum":1"#), ["json.issues[0].maximum"]);
    }

    #[test]
    fn fields_are_compared_as_a_whole() {
        let came = answer(400, ISSUES);
        assert!(differing(r#"{"json":{"fields":{"w":["also"],"v":["no"]}}}"#, &came).is_empty());
        assert_eq!(differing(r#"{"json":{"fields":{"v":["no"]}}}"#, &came), ["json.fields"]);
        assert_eq!(differing(r#"{"json":{"fields":{"v":["no"],"w":[]}}}"#, &came), ["json.fields"]);
    }

    #[test]
    fn every_expected_key_of_an_error_is_compared() {
        let came = answer(409, r#"{"type":"AstroActionError","code":"CONFLICT","status":409,"message":"m"}"#);
        let full = r#"{"json":{"type":"AstroActionError","code":"CONFLICT","status":409,"message":"m"}}"#;
        assert!(differing(full, &came).is_empty());
        for (from, to, key) in [
            ("AstroActionError", "Other", "type"),
            ("CONFLICT", "NOT_FOUND", "code"),
            ("409", "404", "status"),
            ("\"m\"", "\"\"", "message"),
        ] {
            assert_eq!(differing(&full.replace(from, to), &came), [format!("json.{key}")]);
        }
        assert_eq!(differing(r#"{"json":{"hint":1}}"#, &came), ["json.hint"]);
        assert_eq!(differing(full, &answer(409, "CONFLICT")), ["json"]);
    }

    #[test]
    fn the_code_alone() {
        let came = answer(400, r#"{"code":"BAD_REQUEST","message":"whatever"}"#);
        assert!(differing(r#"{"code":"BAD_REQUEST"}"#, &came).is_empty());
        assert_eq!(differing(r#"{"code":"NOT_FOUND"}"#, &came), ["json.code"]);
        assert_eq!(differing(r#"{"code":"BAD_REQUEST"}"#, &answer(400, "{}")), ["json.code"]);
    }

    #[test]
    fn the_paths_alone() {
        let came = answer(400, ISSUES);
        assert!(differing(r#"{"paths":[["v",0],[]]}"#, &came).is_empty());
        for fails in [r#"{"paths":[[],["v",0]]}"#, r#"{"paths":[["v",0]]}"#, r#"{"paths":[["v"],[]]}"#] {
            assert_eq!(differing(fails, &came), ["paths"]);
        }
        assert_eq!(differing(r#"{"paths":[]}"#, &answer(500, "")), ["paths"]);
    }
}
