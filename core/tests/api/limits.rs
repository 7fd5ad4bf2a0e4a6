//! Limits of bodies. No handler runs before its whole body is known to be within the limit.

use std::convert::Infallible;
use std::task::Poll;

use enact::host::PageBody;
use enact::{Action, FormAction, FormData, Limits, Registry, RegistryBuilder};
use http::{Request, Response};

use crate::ask::{Site, post, text};
use crate::kit;
use crate::watched::{Counter, End, Frames};

const CALL: Action<String, ()> = Action::json("call");
const SMALL: Action<String, ()> = Action::json("small");
const FORM: FormAction<FormData, ()> = Action::form("form");

fn actions(calls: &Counter) -> RegistryBuilder {
    Registry::builder()
        .limits(Limits::default().with_max_body_bytes(1000))
        .action(CALL.handler(calls.handler()))
        .action(FORM.handler(calls.handler()))
        .action(SMALL.handler(calls.handler()).limits(Limits::default().with_max_body_bytes(10)))
}

/// Returns a JSON text of `length` bytes.
fn make_json(length: usize) -> String {
    format!("\"{}\"", "x".repeat(length - 2))
}

#[test]
fn oversized_body_returns_413() {
    let calls = Counter::default();
    let site = Site::of(actions(&calls).build().unwrap());
    for (path, longest) in [("/_actions/call", 1000), ("/_actions/small", 10)] {
        for length in [longest + 1, longest * 2, 200_000] {
            let ask = post(path).json(make_json(length));
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
        let ask = post(path).json(make_json(longest));
        assert_eq!((site.ask(&ask).status, site.ask(&ask.chunked()).status), (204, 204));
    }
    assert_eq!(calls.get(), 4);
}

/// Sends frames with any `Content-Length`. Returns the status, the number of polls and the number of calls.
fn send(length: Option<&'static str>, frames: &[&'static str], end: End) -> (u16, usize, usize) {
    let calls = Counter::default();
    let registry = actions(&calls).build().unwrap();
    let (body, polls) = Frames::new(frames.iter().copied(), end);
    let mut request = Request::post("/_actions/call").header("content-type", "application/json");
    if let Some(length) = length {
        request = request.header("content-length", length);
    }
    let response = kit::send(&registry, request.body(body).unwrap());
    (response.status().as_u16(), polls.get(), calls.get())
}

#[test]
fn false_content_length_does_not_lift_the_limit() {
    const CHUNK: &str =
        "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,";
    assert_eq!(CHUNK.len(), 99);
    for length in [None, Some("5"), Some("1000"), Some("-1"), Some("1e3"), Some("0x1"), Some(" "), Some("999999999x")] {
        // The eleventh chunk exceeds the limit. Some more may be discarded, so that a browser reads the response.
        let (status, polls, calls) = send(length, &[CHUNK], End::Endless);
        assert_eq!((status, calls), (413, 0), "{length:?}");
        assert!((11..=33).contains(&polls), "{length:?} {polls}");
    }
    for length in ["1001", "4294967297", "18446744073709551615"] {
        let (status, _, calls) = send(Some(length), &["\"a\""], End::Complete);
        assert_eq!((status, calls), (413, 0), "{length}");
    }
    assert_eq!(send(Some("900"), &["\"a\""], End::Complete), (400, 2, 0), "shorter than declared");
    assert_eq!(send(Some("1"), &["\"a", "b\""], End::Complete), (204, 3, 1), "longer than declared");
    assert_eq!(send(Some("0"), &["\"a\""], End::Complete).1, 0, "a body that is declared empty is not read");
}

#[test]
fn empty_frames_are_skipped() {
    assert_eq!(send(None, &["", "\"a", "", "", "b\"", ""], End::Complete), (204, 7, 1));
}

#[test]
fn stalled_body_does_not_block_other_calls() {
    let calls = Counter::default();
    let registry = actions(&calls).build().unwrap();
    let (body, polls) = Frames::new(["\"a"], End::Stalled);
    let request = Request::post("/_actions/call").header("content-type", "application/json").body(body).unwrap();
    let pages = async |_: Request<PageBody<Frames>>| Ok::<_, Infallible>(Response::new(()));
    let mut stalled = Box::pin(registry.serve(request, pages));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..3 {
        assert!(matches!(stalled.as_mut().poll(&mut context), Poll::Pending));
    }
    assert_eq!(post("/_actions/call").json("\"b\"").of(&registry).status, 204);
    // Timeouts are up to the host, which drops the call.
    drop(stalled);
    assert_eq!((calls.get(), polls.get()), (1, 4));
}

#[test]
fn form_with_too_many_fields_returns_413() {
    let calls = Counter::default();
    let site = Site::of(Registry::builder().action(FORM.handler(calls.handler())).build().unwrap());
    let fields = |count: usize| vec!["a=b"; count].join("&");
    for path in ["/_actions/form", "/page?_action=form"] {
        assert_eq!(site.ask(&post(path).form(fields(1001))).status, 413, "{path}");
        assert_eq!(site.ask(&post(path).form("&".repeat(500_000) + &fields(1001))).status, 413, "{path}");
    }
    assert_eq!(calls.get(), 0);
    assert_eq!(site.ask(&post("/_actions/form").form(fields(1000))).status, 204);
}
