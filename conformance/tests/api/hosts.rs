//! Which host a request is for, where its `Origin` is held against that.

use enact::{Action, Handled, Registry};
use http::{HeaderValue, Request};

use crate::watched::{Counter, End, Frames};

const CALL: Action<(), ()> = Action::json("call");

/// The status of a request that came without a connection's parser before it.
fn status(uri: &str, headers: &[(&'static str, &[u8])]) -> u16 {
    let registry = Registry::builder().action(CALL, Counter::default().handler()).build().unwrap();
    let mut request = Request::post(uri);
    for (name, value) in headers {
        request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
    }
    let request = request.body(Frames::new([], End::Complete).0).unwrap();
    match pollster::block_on(registry.handle(request)) {
        Handled::Response(response) => response.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_authority_is_the_host_where_there_is_no_other() {
    let uri = "https://example.com:8443/_actions/call";
    assert_eq!(status(uri, &[("origin", b"https://example.com:8443")]), 204);
    for origin in [&b"https://example.com"[..], b"https://evil.example", b"null", b"https://"] {
        assert_eq!(status(uri, &[("origin", origin)]), 403, "{origin:?}");
    }
}

#[test]
fn the_host_header_goes_before_the_authority() {
    let uri = "https://inner.example/_actions/call";
    assert_eq!(status(uri, &[("host", b"example.com"), ("origin", b"https://example.com")]), 204);
    assert_eq!(status(uri, &[("host", b"example.com"), ("origin", b"https://inner.example")]), 403);
}

#[test]
fn a_host_that_is_missing_or_unclear_equals_no_origin() {
    let uri = "/_actions/call";
    for headers in [
        &[("origin", &b"https://example.com"[..])][..],
        &[("origin", b"https://")],
        &[("origin", b"https://"), ("host", b"")],
        &[("origin", b"https://example.com"), ("host", b"example.com"), ("host", b"example.com")],
        &[("origin", b"https://example.com"), ("host", b"example.com"), ("host", b"evil.example")],
        &[("origin", b"https://example.com"), ("host", b"example.com, example.com")],
        &[("origin", b"https://b\xC3\xBCcher.example"), ("host", b"b\xC3\xBCcher.example")],
        &[("origin", b"https://xn--bcher-kva.example"), ("host", b"b\xC3\xBCcher.example")],
    ] {
        assert_eq!(status(uri, headers), 403, "{headers:?}");
    }
}

#[test]
fn the_case_of_a_host_does_not_matter() {
    assert_eq!(status("/_actions/call", &[("host", b"Example.COM:80"), ("origin", b"http://example.com:80")]), 204);
}
