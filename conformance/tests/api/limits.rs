//! How much of a body is read, and that no handler runs before all of it is known to be within the limit.
//!
//! That memory grows with what came and not with what a header declares is shown where the bytes are kept, by the unit tests
//! of `core/src/body.rs`: nothing outside can see it.

use std::task::Poll;

use enact::{Action, Builder, FormData, Handled, Limits, Registry};
use http::Request;

use crate::ask::post;
use crate::server::{Server, Site, text};
use crate::watched::{Counter, End, Frames};

const CALL: Action<String, ()> = Action::json("call");
const FORM: Action<FormData, ()> = Action::form("form");

fn actions(calls: &Counter) -> Builder {
    Registry::builder()
        .limits(Limits::default().body(1000))
        .action(CALL, calls.handler())
        .action(FORM, calls.handler())
        .define(Action::<String, ()>::json("small").handler(calls.handler()).limits(Limits::default().body(10)))
}

/// A JSON text of that many bytes.
fn json(length: usize) -> String {
    format!("\"{}\"", "x".repeat(length - 2))
}

#[test]
fn a_body_beyond_the_limit_calls_no_handler() {
    let calls = Counter::default();
    let site = Site::of(actions(&calls).build().unwrap());
    for (path, longest) in [("/_actions/call", 1000), ("/_actions/small", 10)] {
        for length in [longest + 1, longest * 2, 200_000] {
            let ask = post(path).json(json(length));
            for ask in [ask.clone(), ask.chunked()] {
                let answer = site.ask(&ask);
                assert_eq!(answer.status, 413, "{path} {length}");
                assert!(text(&answer).contains("CONTENT_TOO_LARGE"));
            }
        }
        let form = format!("a={}", "x".repeat(longest));
        for target in ["/_actions/form", "/page?_action=form"].into_iter().filter(|_| longest == 1000) {
            for ask in [post(target).form(form.clone()), post(target).form(form.clone()).chunked()] {
                assert_eq!(site.ask(&ask).status, 413, "{target}");
            }
        }
    }
    assert_eq!(calls.get(), 0);
    for (path, longest) in [("/_actions/call", 1000), ("/_actions/small", 10)] {
        let ask = post(path).json(json(longest));
        assert_eq!((site.ask(&ask).status, site.ask(&ask.chunked()).status), (204, 204));
    }
    assert_eq!(calls.get(), 8);
}

/// Sends frames under a head that need not fit them; the status, the polls and the calls.
fn sent(length: Option<&'static str>, frames: &[&'static str], end: End) -> (u16, usize, usize) {
    let calls = Counter::default();
    let registry = actions(&calls).build().unwrap();
    let (body, polls) = Frames::new(frames.iter().copied(), end);
    let mut request = Request::post("/_actions/call").header("content-type", "application/json");
    if let Some(length) = length {
        request = request.header("content-length", length);
    }
    let Handled::Response(response) = pollster::block_on(registry.handle(request.body(body).unwrap())) else {
        panic!("no response")
    };
    (response.status().as_u16(), polls.get(), calls.get())
}

#[test]
fn a_length_that_lies_does_not_lift_the_limit() {
    const CHUNK: &str =
        "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,";
    assert_eq!(CHUNK.len(), 99);
    for length in [None, Some("5"), Some("1000"), Some("-1"), Some("1e3"), Some("0x1"), Some(" "), Some("999999999x")] {
        // The eleventh chunk is the first that is too much. Some more may be thrown away, so that a browser hears the answer.
        let (status, polls, calls) = sent(length, &[CHUNK], End::Endless);
        assert_eq!((status, calls), (413, 0), "{length:?}");
        assert!((11..=33).contains(&polls), "{length:?} {polls}");
    }
    for length in ["1001", "4294967297", "18446744073709551615"] {
        let (status, _, calls) = sent(Some(length), &["\"a\""], End::Complete);
        assert_eq!((status, calls), (413, 0), "{length}");
    }
    assert_eq!(sent(Some("900"), &["\"a\""], End::Complete), (204, 2, 1), "less came than was declared");
    assert_eq!(sent(Some("1"), &["\"a", "b\""], End::Complete), (204, 3, 1), "more came than was declared");
    assert_eq!(sent(Some("0"), &["\"a\""], End::Complete).1, 0, "nothing is read of a body declared empty");
}

#[test]
fn empty_frames_are_nothing() {
    assert_eq!(sent(None, &["", "\"a", "", "", "b\"", ""], End::Complete), (204, 7, 1));
}

#[test]
fn a_body_that_stalls_calls_nothing_and_holds_up_nobody() {
    let calls = Counter::default();
    let registry = actions(&calls).build().unwrap();
    let (body, polls) = Frames::new(["\"a"], End::Stalled);
    let request = Request::post("/_actions/call").header("content-type", "application/json").body(body).unwrap();
    let mut stalled = Box::pin(registry.handle(request));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..3 {
        assert!(matches!(stalled.as_mut().poll(&mut context), Poll::Pending));
    }
    assert_eq!(post("/_actions/call").json("\"b\"").of(&registry).status, 204);
    // How long it may take is the host's to say: it drops the call.
    drop(stalled);
    assert_eq!((calls.get(), polls.get()), (1, 4));
}

#[test]
fn a_form_of_too_many_fields_calls_no_handler() {
    let calls = Counter::default();
    let site = Site::of(Registry::builder().action(FORM, calls.handler()).build().unwrap());
    let fields = |count: usize| vec!["a=b"; count].join("&");
    for path in ["/_actions/form", "/page?_action=form"] {
        assert_eq!(site.ask(&post(path).form(fields(1001))).status, 413, "{path}");
        assert_eq!(site.ask(&post(path).form("&".repeat(500_000) + &fields(1001))).status, 413, "{path}");
    }
    assert_eq!(calls.get(), 0);
    assert_eq!(site.ask(&post("/_actions/form").form(fields(1000))).status, 204);
}

#[test]
fn a_server_answers_before_all_of_a_body_that_is_too_long_has_come() {
    let calls = Counter::default();
    let server = Server::of(actions(&calls).build().unwrap());
    let head = |framing: &str| {
        format!(
            "POST /_actions/call HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n\
             {framing}\r\n\r\n",
            host = server.address
        )
    };
    // Both go on for ever, as far as the server can know.
    let declared = head("Content-Length: 1000000000");
    assert!(server.raw(&[declared.as_bytes(), "x".repeat(3001).as_bytes()]).starts_with("HTTP/1.1 413"));
    let chunk = format!("bb9\r\n{}\r\n", "x".repeat(3001));
    let chunked = head("Transfer-Encoding: chunked");
    assert!(server.raw(&[chunked.as_bytes(), chunk.as_bytes(), chunk.as_bytes()]).starts_with("HTTP/1.1 413"));
    assert_eq!(calls.get(), 0);
}

#[test]
fn a_body_that_breaks_off_calls_no_handler() {
    let calls = Counter::default();
    let server = Server::of(actions(&calls).build().unwrap());
    for (framing, body) in [
        ("Content-Length: 10", "\"a\""),
        ("Transfer-Encoding: chunked", "3\r\n\"a\"\r\n"),
        ("Transfer-Encoding: chunked", "3\r\n\"a\"\r\nzz\r\n"),
        ("Transfer-Encoding: chunked", "ffffffffffffffff\r\n\"a\"\r\n"),
        ("Transfer-Encoding: gzip", "\"a\""),
        ("Content-Length: 3\r\nContent-Length: 4", "\"a\""),
        ("Content-Length: 3, 4", "\"a\""),
    ] {
        let request = format!(
            "POST /_actions/call HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n\
             Connection: close\r\n{framing}\r\n\r\n{body}",
            host = server.address
        );
        let answer = server.cut_off(request.as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{framing} {body:?}: {answer}");
    }
    assert_eq!(calls.get(), 0);
    assert_eq!(post("/_actions/call").json("\"a\"").over(&server.tcp).status, 204);
}

#[test]
fn the_body_of_a_refused_request_is_no_request() {
    let calls = Counter::default();
    let server = Server::of(actions(&calls).build().unwrap());
    let host = server.address;
    let hidden = format!(
        "POST /_actions/call HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n\
         Content-Length: 3\r\n\r\n\"a\""
    );
    for (path, framing, body) in [
        ("/_actions/unknown", format!("Content-Length: {}", hidden.len()), hidden.clone()),
        (
            "/_actions/unknown",
            "Transfer-Encoding: chunked".into(),
            format!("{:x}\r\n{hidden}\r\n0\r\n\r\n", hidden.len()),
        ),
        ("/_actions/call", format!("Content-Type: image/png\r\nContent-Length: {}", hidden.len()), hidden.clone()),
        // Of the two framings, the chunks count (RFC 9112, section 6.3).
        (
            "/_actions/unknown",
            "Content-Length: 5\r\nTransfer-Encoding: chunked".into(),
            format!("{:x}\r\n{hidden}\r\n0\r\n\r\n", hidden.len()),
        ),
    ] {
        let request =
            format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{framing}\r\n\r\n{body}");
        let answer = server.raw(&[request.as_bytes()]);
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{framing}: {answer}");
        assert_eq!(calls.get(), 0, "{framing}");
    }
}
