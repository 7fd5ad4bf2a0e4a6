//! Responses as clients receive them.

use enact_lambda::Function;
use serde_json::json;

use crate::event_source::EventSource;
use crate::invoke::{body_text, build_request, get, invoke, post_form, send};
use crate::site::{actions, site};

#[test]
fn all_cookies_reach_the_client() {
    for source in EventSource::ALL {
        let response = send(source, &site(actions()), &post_form("/_actions/cookies"));
        let cookies = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let mut cookies: Vec<_> = cookies.map(|(_, value)| value.as_str()).collect();
        cookies.sort_unstable();
        assert_eq!(cookies, ["one=1; Path=/", "three=1; Path=/", "two=1; Path=/"], "{source:?}");
        assert_eq!((response.status, response.body.len()), (204, 0), "{source:?}");
    }
}

#[test]
fn all_values_of_a_header_reach_the_client() {
    for source in EventSource::ALL {
        let response = send(source, &site(actions()), &get("/"));
        let links = response.headers.iter().filter(|(name, _)| name == "link");
        let links: Vec<_> = links.map(|(_, value)| value.as_str()).collect();
        assert_eq!(links.join(", "), "</a>, </b>", "{source:?}");
    }
}

#[test]
fn only_binary_bodies_are_base64() {
    for source in EventSource::ALL {
        let event = |path| source.build_event(&get(path)).to_string();
        let picture = invoke(&site(actions()), &event("/picture")).unwrap();
        assert_eq!((&picture["isBase64Encoded"], &picture["body"]), (&json!(true), &json!("iVBORwA=")), "{source:?}");
        assert_eq!(source.read_response(&picture).unwrap().body, &b"\x89PNG\0"[..], "{source:?}");
        let page = invoke(&site(actions()), &event("/")).unwrap();
        assert_eq!(page["isBase64Encoded"], false, "{source:?}");
        assert!(page["body"].as_str().unwrap().starts_with("GET "), "{source:?}");
    }
}

#[test]
fn uploaded_file_keeps_every_byte() {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut body = b"--x\r\ncontent-disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n".to_vec();
    body.extend_from_slice(&bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let headers = [("Content-Type", "multipart/form-data; boundary=x"), ("Sec-Fetch-Site", "same-origin")];
    let request = build_request("POST", "/_actions/hex", &headers, &body);
    for source in EventSource::ALL {
        let response = send(source, &site(actions()), &request);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(body_text(&response), format!("[\"{hex}\"]"), "{source:?}");
    }
}

#[test]
fn non_utf8_header_value_gets_replacement_characters() {
    for source in EventSource::ALL {
        let response = send(source, &site(actions()), &get("/latin1"));
        assert!(response.headers.contains(&("x-name".to_owned(), "caf\u{fffd}".to_owned())), "{source:?}");
    }
}

#[test]
fn page_answers_form_posted_to_it() {
    for source in EventSource::ALL {
        let response = send(source, &site(actions()), &post_form("/club?_action=a%252Fb%2520c%2525d"));
        assert_eq!(response.status, 200, "{source:?}");
        let text = body_text(&response);
        assert!(text.contains("joined: true") && text.contains("received_at: true"), "{source:?}: {text}");
    }
}

#[test]
fn function_without_pages_returns_404_for_other_paths() {
    let function = Function::new(actions().build().unwrap());
    for source in EventSource::ALL {
        assert_eq!(send(source, &function, &get("/")).status, 404, "{source:?}");
        assert_eq!(send(source, &function, &post_form("/_actions/cookies")).status, 204, "{source:?}");
    }
}

#[test]
fn error_of_a_page_fails_the_invocation() {
    let event = EventSource::FunctionUrl.build_event(&get("/fails")).to_string();
    assert_eq!(invoke(&site(actions()), &event).unwrap_err().to_string(), "the database is gone");
}

#[test]
fn axum_router_serves_pages() {
    let router = axum::Router::new()
        .route("/{name}", axum::routing::get(async |axum::extract::Path(name): axum::extract::Path<String>| name));
    let function = Function::new(actions().build().unwrap()).pages(router);
    for source in EventSource::ALL {
        assert_eq!(body_text(&send(source, &function, &get("/gr%C3%BC%C3%9Fe"))), "grüße", "{source:?}");
    }
}
