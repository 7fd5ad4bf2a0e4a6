//! Calls from Rust to a real server, sent with reqwest.

use std::io::{Read, Write};
use std::net::TcpListener;

use axum::Router;
use enact::{Action, ActionError, ActionErrorCode, File};

use crate::server::Server;

#[path = "../../examples/client.rs"]
mod example;

use example::{LIKE, Like, Likes, UPLOAD, Upload, call};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn like(base: &str, post: &str) -> Result<Likes, ActionError> {
    block_on(call(&reqwest::Client::new(), base, LIKE, &Like { post: post.into() }))
}

#[test]
fn json_call_returns_data_or_error() {
    let server = Server::start(example::build_app());
    let base = format!("{}/app", server.url());
    assert_eq!(like(&base, "hello").unwrap(), Likes { post: "hello".into(), count: 7 });
    assert_eq!(like(&format!("{base}/"), "ü").unwrap().post, "ü");

    let invalid = like(&base, "").unwrap_err();
    assert_eq!(invalid.fields().map(|(field, _)| field).collect::<Vec<_>>(), ["post"]);
    let locked = like(&base, "closed").unwrap_err();
    assert_eq!((locked.code(), locked.message()), (ActionErrorCode::Locked, "No more likes"));
    assert!(locked.unexpected_response().is_none());
}

#[test]
fn multipart_call_with_file_returns_data() {
    let server = Server::start(example::build_app());
    let photo = File::new("\"a\".png", "image/png", vec![0x0d; 500_000]);
    let upload = Upload { title: "a&b".into(), tags: vec!["x".into(), "y".into()], photo };
    let base = format!("{}/app", server.url());
    assert_eq!(block_on(call(&reqwest::Client::new(), &base, UPLOAD, &upload)).unwrap(), 500_002);
}

#[test]
fn fixture_actions_return_decoded_outputs() {
    let actions = enact_fixture::actions().build().unwrap();
    let server = Server::start(Router::new().layer(enact_axum::ActionsLayer::new(actions)));
    let http = reqwest::Client::new();
    block_on(async {
        let date: Action<(), enact::devalue::Date> = Action::json("dateOnly");
        assert_eq!(call(&http, &server.url(), date, &()).await.unwrap().to_string(), "2024-02-03T04:05:06.789Z");
        let without_output: Action<(), ()> = Action::json("fireAndForget");
        call(&http, &server.url(), without_output, &()).await.unwrap();
        let unknown: Action<(), u32> = Action::json("no such/action");
        let error = call(&http, &server.url(), unknown, &()).await.unwrap_err();
        assert_eq!(error.code(), ActionErrorCode::NotFound);
        assert!(error.unexpected_response().is_none(), "the response is an action error");
    });
}

#[test]
fn page_instead_of_response_is_unexpected_response() {
    let page = Router::new().fallback(async || (axum::http::StatusCode::NOT_FOUND, "no such page"));
    let server = Server::start(page);
    let error = like(&server.url(), "hello").unwrap_err();
    assert_eq!(error.code(), ActionErrorCode::NotFound);
    assert_eq!(error.unexpected_response().unwrap().body(), "no such page");
}

#[test]
fn truncated_response_is_bad_gateway() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1000];
        assert!(stream.read(&mut request).unwrap() > 0);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json+devalue\r\ncontent-length: 100\r\n\r\n[7")
            .unwrap();
    });
    let error = like(&base, "hello").unwrap_err();
    server.join().unwrap();
    assert_eq!(error.code(), ActionErrorCode::BadGateway);
}
