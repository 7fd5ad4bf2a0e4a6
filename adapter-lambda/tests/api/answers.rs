//! What arrives at the client.

use enact_lambda::Function;
use serde_json::json;

use crate::aws::Front;
use crate::requests::{ask, form, invoke, request, text};
use crate::site::{actions, site};

#[test]
fn every_cookie_arrives() {
    for front in Front::ALL {
        let answer = ask(front, &site(actions()), &form("/_actions/cookies"));
        let set = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let mut set: Vec<_> = set.map(|(_, value)| value.as_str()).collect();
        set.sort_unstable();
        assert_eq!(set, ["one=1; Path=/", "three=1; Path=/", "two=1; Path=/"], "{front:?}");
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{front:?}");
    }
}

#[test]
fn every_value_of_a_header_arrives() {
    for front in Front::ALL {
        let answer = ask(front, &site(actions()), &request("GET", "/", &[], b""));
        let link: Vec<_> =
            answer.headers.iter().filter(|(name, _)| name == "link").map(|(_, value)| &**value).collect();
        assert_eq!(link.join(", "), "</a>, </b>", "{front:?}");
    }
}

#[test]
fn bytes_are_encoded_and_text_is_not() {
    for front in Front::ALL {
        let event = |path| front.event(&request("GET", path, &[], b"")).to_string();
        let picture = invoke(&site(actions()), &event("/picture")).unwrap();
        assert_eq!((&picture["isBase64Encoded"], &picture["body"]), (&json!(true), &json!("iVBORwA=")), "{front:?}");
        assert_eq!(front.answer(&picture).unwrap().body, &b"\x89PNG\0"[..], "{front:?}");
        let page = invoke(&site(actions()), &event("/")).unwrap();
        assert_eq!(page["isBase64Encoded"], false, "{front:?}");
        assert!(page["body"].as_str().unwrap().starts_with("GET "), "{front:?}");
    }
}

#[test]
fn a_file_arrives_byte_for_byte() {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut body = b"--x\r\ncontent-disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n".to_vec();
    body.extend_from_slice(&bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    for front in Front::ALL {
        let headers = [("Content-Type", "multipart/form-data; boundary=x"), ("Sec-Fetch-Site", "same-origin")];
        let answer = ask(front, &site(actions()), &request("POST", "/_actions/hex", &headers, &body));
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(text(&answer), format!("[\"{hex}\"]"), "{front:?}");
    }
}

#[test]
fn a_header_that_is_not_utf_8_fails_nothing() {
    for front in Front::ALL {
        let answer = ask(front, &site(actions()), &request("GET", "/latin1", &[], b""));
        assert!(answer.headers.contains(&("x-name".to_owned(), "caf\u{fffd}".to_owned())), "{front:?}");
    }
}

#[test]
fn a_form_posted_to_a_page_is_answered_by_the_page() {
    for front in Front::ALL {
        let answer = ask(front, &site(actions()), &form("/club?_action=a%252Fb%2520c%2525d"));
        assert_eq!(answer.status, 200, "{front:?}");
        assert!(text(&answer).contains("joined: true"), "{front:?}: {}", text(&answer));
        assert!(text(&answer).contains("dated: true"), "{front:?}: {}", text(&answer));
    }
}

#[test]
fn without_pages_other_paths_are_not_found() {
    let function = Function::new(actions().build().unwrap());
    for front in Front::ALL {
        assert_eq!(ask(front, &function, &request("GET", "/", &[], b"")).status, 404, "{front:?}");
        assert_eq!(ask(front, &function, &form("/_actions/cookies")).status, 204, "{front:?}");
    }
}

#[test]
fn what_a_page_fails_with_is_lambdas_to_log() {
    let event = Front::FunctionUrl.event(&request("GET", "/fails", &[], b"")).to_string();
    assert_eq!(invoke(&site(actions()), &event).unwrap_err().to_string(), "the database is gone");
}

#[test]
fn a_page_may_be_an_axum_router() {
    let router = axum::Router::new()
        .route("/{name}", axum::routing::get(async |axum::extract::Path(name): axum::extract::Path<String>| name));
    let function = Function::new(actions().build().unwrap()).pages(router);
    for front in Front::ALL {
        let answer = ask(front, &function, &request("GET", "/gr%C3%BC%C3%9Fe", &[], b""));
        assert_eq!(text(&answer), "grüße", "{front:?}");
    }
}
