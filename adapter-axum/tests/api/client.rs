//! Calls from Rust to a real server, carried by reqwest.

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
fn a_call_is_answered() {
    let server = Server::start(example::app());
    let base = format!("{}/app", server.url());
    assert_eq!(like(&base, "hello").unwrap(), Likes { post: "hello".into(), count: 7 });
    assert_eq!(like(&format!("{base}/"), "ü").unwrap().post, "ü");

    let refused = like(&base, "").unwrap_err();
    assert_eq!(refused.fields().map(|(field, _)| field).collect::<Vec<_>>(), ["post"]);
    let closed = like(&base, "closed").unwrap_err();
    assert_eq!((closed.code(), closed.text()), (ActionErrorCode::Locked, "No more likes"));
    assert!(closed.unexpected_response().is_none());
}

#[test]
fn a_form_with_a_file_is_answered() {
    let server = Server::start(example::app());
    let photo = File::new("\"a\".png", "image/png", vec![0x0d; 500_000]);
    let upload = Upload { title: "a&b".into(), tags: vec!["x".into(), "y".into()], photo };
    let base = format!("{}/app", server.url());
    assert_eq!(block_on(call(&reqwest::Client::new(), &base, UPLOAD, &upload)).unwrap(), 500_002);
}

#[test]
fn the_recorded_application_is_called_alike() {
    let actions = enact_fixture::actions().build().unwrap();
    let server = Server::start(Router::new().layer(enact_axum::ActionsLayer::new(actions)));
    let http = reqwest::Client::new();
    block_on(async {
        let date: Action<(), enact::devalue::Date> = Action::json("dateOnly");
        assert_eq!(call(&http, &server.url(), date, &()).await.unwrap().to_string(), "2024-02-03T04:05:06.789Z");
        let nothing: Action<(), ()> = Action::json("fireAndForget");
        call(&http, &server.url(), nothing, &()).await.unwrap();
        let none: Action<(), u32> = Action::json("no such/action");
        let error = call(&http, &server.url(), none, &()).await.unwrap_err();
        assert_eq!(error.code(), ActionErrorCode::NotFound);
        assert!(error.unexpected_response().is_none(), "the server of the actions says so");
    });
}

#[test]
fn a_page_in_place_of_an_answer_is_told_apart() {
    let page = Router::new().fallback(async || (axum::http::StatusCode::NOT_FOUND, "no such page"));
    let server = Server::start(page);
    let error = like(&server.url(), "hello").unwrap_err();
    assert_eq!(error.code(), ActionErrorCode::NotFound);
    assert_eq!(error.unexpected_response().unwrap().body(), "no such page");
}

#[test]
fn an_answer_that_is_cut_off_is_an_error() {
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
