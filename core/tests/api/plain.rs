//! Results as plain JSON, for clients that accept its profile.

use std::collections::BTreeMap;

use enact::devalue::{
    BigInt, Date, Map, OrUndefined, RegExp, Set, TypedArray, TypedArrayKind, Uint8Array, Undefined, Url,
    UrlSearchParams, Value,
};
use enact::host::PLAIN_JSON;
use enact::{Action, ActionError, ActionErrorCode, Output, Registry};
use http::Response;
use http::header::{ACCEPT, CONTENT_TYPE, VARY};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::kit::{post, send};

fn ask<O: Output>(accept: Option<&str>, answer: fn() -> Result<O, ActionError>) -> Response<bytes::Bytes> {
    let action: Action<(), O> = Action::json("ask");
    let actions =
        Registry::builder().action(action.handler(move |(), _| std::future::ready(answer()))).build().unwrap();
    let mut request = post("/_actions/ask", "application/json", "");
    if let Some(accept) = accept {
        request.headers_mut().insert(ACCEPT, accept.parse().unwrap());
    }
    send(&actions, request)
}

fn plain<O: Output>(answer: fn() -> Result<O, ActionError>) -> serde_json::Value {
    serde_json::from_slice(ask(Some(PLAIN_JSON), answer).body()).unwrap()
}

#[test]
fn accepted_profile_selects_plain_json() {
    let response = ask(Some(PLAIN_JSON), || Ok([1, 2, 1]));
    assert_eq!((response.status(), &response.body()[..]), (http::StatusCode::OK, &b"[1,2,1]"[..]));
    assert_eq!(response.headers()[CONTENT_TYPE], r#"application/json;profile="urn:enact:plain""#);
    assert_eq!(response.headers()[VARY], "accept");
    for accept in [None, Some("application/json"), Some("*/*")] {
        let response = ask(accept, || Ok([1, 2, 1]));
        assert_eq!(response.body(), "[[1,2,1],1,2]");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json+devalue");
        assert!(!response.headers().contains_key(VARY));
    }
}

#[test]
fn types_that_json_lacks_are_written_as_documented() {
    #[derive(Serialize, JsonSchema)]
    struct Everything {
        date: Date,
        late: Date,
        big: BigInt,
        url: Url,
        query: UrlSearchParams,
        map: Map<u8, Set<char>>,
        bytes: Uint8Array,
        view: TypedArray,
        pattern: RegExp,
        undefined: Undefined,
        absent: OrUndefined<u8>,
        floats: [f64; 4],
        long: u64,
        keyed: BTreeMap<u16, bool>,
    }
    let everything = || {
        Ok(Everything {
            date: Date::from_millis(0).unwrap(),
            late: Date::MAX,
            big: BigInt::from(-12_i64),
            url: "https://a.example/ü".parse().unwrap(),
            query: UrlSearchParams::from_iter([("a", "1 2")]),
            map: Map::from_iter([(1, Set::from_iter(['x']))]),
            bytes: vec![255].into(),
            view: TypedArray::new(TypedArrayKind::Uint16, vec![1, 0, 2, 0].into(), 2, 1).unwrap(),
            pattern: RegExp::new("a/b", "gi").unwrap(),
            undefined: Undefined,
            absent: OrUndefined(None),
            floats: [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.5],
            long: u64::MAX,
            keyed: BTreeMap::from([(10, true)]),
        })
    };
    assert_eq!(
        plain(everything),
        json!({
            "date": "1970-01-01T00:00:00.000Z",
            "late": "+275760-09-13T00:00:00.000Z",
            "big": "-12",
            "url": "https://a.example/%C3%BC",
            "query": "a=1+2",
            "map": [[1, ["x"]]],
            "bytes": "/w==",
            "view": { "kind": "Uint16Array", "buffer": "AQACAA==", "byteOffset": 2, "length": 1 },
            "pattern": { "source": "a/b", "flags": "gi" },
            "undefined": null,
            "absent": null,
            "floats": [null, null, null, 1.5],
            "long": u64::MAX,
            "keyed": { "10": true },
        })
    );
    assert_eq!(plain(|| Ok(Value::Undefined)), json!(null));
}

#[test]
fn unit_returns_204_and_errors_are_json() {
    let response = ask(Some(PLAIN_JSON), || Ok(()));
    assert_eq!((response.status().as_u16(), response.body().len()), (204, 0));
    assert!(!response.headers().contains_key(CONTENT_TYPE));

    let response = ask(Some(PLAIN_JSON), || Err::<u8, _>(ActionErrorCode::Conflict.into()));
    assert_eq!(
        (response.status().as_u16(), &response.headers()[CONTENT_TYPE]),
        (409, &"application/json".parse().unwrap())
    );
}

#[test]
fn output_that_json_cannot_represent_returns_500() {
    // JSON objects have string keys only.
    let response = ask(Some(PLAIN_JSON), || Ok(BTreeMap::from([((1, 2), 3)])));
    assert_eq!(response.status(), 500);
    let body = String::from_utf8_lossy(response.body());
    assert!(body.contains("Internal server error") && !body.contains("key"), "{body}");
}
