//! `BodyReader`: bodies that the host passes in chunks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use enact::host::{BodyReader, Reply, Step};
use enact::{Action, ActionError, ActionErrorCode, Call, Context, Limits, Registry};
use http::{Request, Response};
use serde_json::{Value, json};

use crate::kit::outcome;

const ECHO: Action<String, String> = Action::json("echo");

/// A registry whose action counts its runs.
struct Site {
    actions: Registry,
    runs: Arc<AtomicUsize>,
}

impl Site {
    fn new() -> Self {
        let runs = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&runs);
        let handler = move |text: String, _: Context| {
            counter.fetch_add(1, Ordering::Relaxed);
            std::future::ready(Ok::<_, ActionError>(text))
        };
        let limits = Limits::default().with_max_body_bytes(10);
        let actions = Registry::builder().limits(limits).action(ECHO.handler(handler)).gate(refuse_guests);
        Self { actions: actions.build().unwrap(), runs }
    }

    /// Begins a call with these headers, in addition to the content type.
    fn begin(&self, headers: &[(&str, &str)]) -> BodyReader {
        let mut request = Request::post("/_actions/echo").header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let Step::Call(call) = self.actions.begin(head) else { panic!("expected a call") };
        pollster::block_on(call.admit())
    }

    /// Pushes all chunks, as a host does that ignores `wants_body`. Returns the outcome and the number of runs.
    fn send(&self, headers: &[(&str, &str)], chunks: &[&'static str]) -> (Value, usize) {
        let mut reader = self.begin(headers);
        for chunk in chunks {
            reader.push(Bytes::from_static(chunk.as_bytes()));
        }
        self.finish(reader)
    }

    fn finish(&self, reader: BodyReader) -> (Value, usize) {
        let Reply::Response(response) = pollster::block_on(reader.finish()) else { panic!("expected a response") };
        let response: Response<Bytes> = response.map(|body| body.into_bytes().unwrap());
        (outcome(&response), self.runs.swap(0, Ordering::Relaxed))
    }
}

async fn refuse_guests(_: Call, ctx: Context) -> Result<Context, ActionErrorCode> {
    if ctx.headers().contains_key("x-guest") { Err(ActionErrorCode::Unauthorized) } else { Ok(ctx) }
}

#[test]
fn chunks_are_joined() {
    let site = Site::new();
    for chunks in [&["\"abc\""][..], &["\"a", "bc\""], &["", "\"", "", "abc", "\"", ""]] {
        assert_eq!(site.send(&[], chunks), (json!("abc"), 1), "{chunks:?}");
        assert_eq!(site.send(&[("content-length", "5")], chunks), (json!("abc"), 1), "{chunks:?}");
    }
}

#[test]
fn body_shorter_than_its_declared_length_returns_400() {
    let site = Site::new();
    let truncated = |received| json!(format!("BAD_REQUEST the request body ended after {received} of 6 bytes"));
    assert_eq!(site.send(&[("content-length", "6")], &["\"abc\""]), (truncated(5), 0));
    assert_eq!(site.send(&[("content-length", "6")], &[]), (truncated(0), 0));
}

#[test]
fn body_longer_than_the_limit_returns_413() {
    let site = Site::new();
    let too_large = json!("CONTENT_TOO_LARGE Request body exceeds 10 bytes");
    assert_eq!(site.send(&[], &["\"12345678\""]), (json!("12345678"), 1));
    assert_eq!(site.send(&[], &["\"123456789\""]), (too_large.clone(), 0));
    assert_eq!(site.send(&[], &["\"12345", "6789", "\"", "more"]), (too_large.clone(), 0));
    // A declared length does not lift the limit.
    assert_eq!(site.send(&[("content-length", "5")], &["\"123456789\""]), (too_large.clone(), 0));

    let mut reader = site.begin(&[]);
    reader.push(Bytes::from_static(b"\"123456789\""));
    assert!(!reader.wants_body());

    let reader = site.begin(&[("content-length", "11")]);
    assert!(!reader.wants_body());
    assert_eq!(site.finish(reader), (too_large, 0));
}

#[test]
fn bytes_after_a_body_declared_empty_are_ignored() {
    let site = Site::new();
    let reader = site.begin(&[("content-length", "0")]);
    assert!(!reader.wants_body());
    let invalid = json!([": Invalid input: expected string, received undefined"]);
    assert_eq!(site.finish(reader), (invalid.clone(), 0));
    assert_eq!(site.send(&[("content-length", "0")], &["\"abc\""]), (invalid, 0));
}

#[test]
fn unreadable_body_returns_400() {
    let site = Site::new();
    let mut reader = site.begin(&[]);
    reader.push(Bytes::from_static(b"\"abc\""));
    reader.fail("connection reset");
    assert!(!reader.wants_body());
    reader.push(Bytes::from_static(b"\"abc\""));
    assert_eq!(site.finish(reader), (json!("BAD_REQUEST The request body could not be read"), 0));
}

#[test]
fn refused_call_wants_no_body() {
    let site = Site::new();
    let reader = site.begin(&[("x-guest", "1")]);
    assert!(!reader.wants_body());
    assert_eq!(site.finish(reader), (json!("UNAUTHORIZED "), 0));
    assert_eq!(site.send(&[("x-guest", "1")], &["\"123456789\""]), (json!("UNAUTHORIZED "), 0));
}

#[test]
fn body_without_a_content_type_is_not_read() {
    let (head, ()) =
        Request::post("/_actions/echo").header("sec-fetch-site", "same-origin").body(()).unwrap().into_parts();
    let Step::Call(call) = Site::new().actions.begin(head) else { panic!("expected a call") };
    assert!(!pollster::block_on(call.admit()).wants_body());
}
