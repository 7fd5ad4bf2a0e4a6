use std::collections::HashMap;
use std::fmt::Debug;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::*;

#[track_caller]
fn assert_reads<T: DeserializeOwned + PartialEq + Debug>(text: &str, value: T) {
    assert_eq!(from_str::<T>(text).unwrap(), value);
}

#[test]
fn numbers_are_read_as_in_json() {
    assert_reads("[5]", 5_u64);
    assert_reads("[-5]", -5_i64);
    assert_reads("[5]", 5.0_f64);
    assert_reads("[18446744073709551615]", u64::MAX);
    assert_reads("[170141183460469231731687303715884105727]", i128::MAX);
    assert_reads("[340282366920938463463374607431768211455]", u128::MAX);
    assert_reads("[0.1]", 0.1_f32);
    assert_reads("[1e+21]", 1e21_f64);
    assert_reads("-4", f64::INFINITY);
    assert_reads("-6", 0.0);
    assert!(from_str::<f64>("-6").unwrap().is_sign_negative() && from_str::<f64>("[-0]").unwrap().is_sign_negative());
    assert!(from_str::<u8>("[256]").is_err() && from_str::<u8>("[-1]").is_err() && from_str::<u8>("[1.5]").is_err());
    assert!(from_str::<u8>(r#"["1"]"#).is_err() && from_str::<u8>("-3").is_err());
}

#[test]
fn containers_are_read_as_in_json() {
    assert_reads(r#"[{"1":1,"2":1},"x"]"#, HashMap::from([(1, 'x'), (2, 'x')]));
    assert_reads("[[1,-1,2],1,null]", vec![Some(1), None, None]);
    assert_reads("[[1,2],[],{}]", json!([[], {}]));
    assert_reads(" [ [ 1 , 2 ] , 1 , 2 ] ", (1, 2));
    assert!(from_str::<(u8, u8)>("[[1,1,1],1]").is_err() && from_str::<[u8; 2]>("[[1],1]").is_err());
    assert_reads(r#"["\u00e9\ud83d\ude00\ud800\/"]"#, "é😀\u{fffd}/".to_owned());
    assert_eq!(from_str::<&str>(r#"["borrowed"]"#).unwrap(), "borrowed");
}

#[test]
fn enums_are_read_as_in_json() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Shape {
        Unit,
        New(Date),
        Tuple(u8, u8),
        Struct { x: u8 },
    }
    let when = Date::default();
    assert_reads(
        concat!(
            r#"[[1,2,4,6,8],"Unit",{"New":3},["Date","1970-01-01T00:00:00.000Z"],{"Tuple":5},[10,10],"#,
            r#"{"Struct":7},{"x":10},{"Unit":9},null,1]"#,
        ),
        vec![Shape::Unit, Shape::New(when), Shape::Tuple(1, 1), Shape::Struct { x: 1 }, Shape::Unit],
    );
    for text in [r#"["Other"]"#, r#"[{}]"#, r#"[{"New":1,"Unit":1},null]"#, "[5]", r#"[["Set"]]"#, "-1"] {
        assert!(from_str::<Shape>(text).is_err(), "{text}");
    }
}

#[test]
fn marker_types_accept_only_their_tag() {
    assert_reads(r#"[["URL",1],"https://a.b/"]"#, "https://a.b".parse::<Url>().unwrap());
    assert_reads(r#"[["URL","https://a.b/"]]"#, "https://a.b".parse::<Url>().unwrap());
    assert_reads(r#"[["Set",1,2],1,2]"#, Set(vec![1, 2]));
    assert_reads(r#"[["Map",1,2],1,["BigInt","2"]]"#, Map(vec![(1, BigInt::from(2_i64))]));
    assert_reads("[[-1,1],5]", [OrUndefined(None), OrUndefined(Some(5))]);
    assert_reads("[[-1,1],5]", (Undefined, 5));
    assert_reads(r#"[["Uint8Array",1,1,2],["ArrayBuffer","AQIDBA=="]]"#, Uint8Array::from(vec![2, 3]));

    assert!(from_str::<Date>(r#"["1970-01-01T00:00:00.000Z"]"#).is_err());
    assert!(from_str::<Set<u8>>("[[1],1]").is_err());
    assert!(from_str::<Vec<u8>>(r#"[["Set",1],1]"#).is_err());
    assert!(from_str::<HashMap<String, u8>>(r#"[["Map",1,2],"a",1]"#).is_err());
    assert!(from_str::<Undefined>("[null]").is_err() && from_str::<Undefined>("-3").is_err());
    assert!(from_str::<Uint8Array>(r#"[["ArrayBuffer","AQID"]]"#).is_err());
    let error = from_str::<String>(r#"[["Date","1970-01-01T00:00:00.000Z"]]"#).unwrap_err();
    assert_eq!(error.to_string(), "invalid type: Date, expected a string (slot 0)");
}

/// Serde buffers values until it knows their type.
#[test]
fn flattened_and_tagged_types_keep_marker_types() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        at: Date,
        ids: Set<BigInt>,
        by: Map<String, Option<Url>>,
        raw: Uint8Array,
        like: RegExp,
        none: OrUndefined<u8>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        A(Inner),
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Text(String),
        Date(Date),
        Inner(Inner),
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        first: Untagged,
        #[serde(flatten)]
        rest: HashMap<String, Tagged>,
    }
    let inner = || Inner {
        at: Date::default(),
        ids: Set(vec![BigInt::from(5_u64)]),
        by: Map(vec![("a".into(), None)]),
        raw: Uint8Array::from(vec![1]),
        like: RegExp::new("a", "g").unwrap(),
        none: OrUndefined(None),
    };
    let slots = r#"["Date","1970-01-01T00:00:00.000Z"],["Set",3],["BigInt","5"],["Map",5,6],"a",null,["Uint8Array",8],["ArrayBuffer","AQ=="],["RegExp",5,"g"]"#
        .replace(r#"["RegExp",5,"g"]"#, r#"["RegExp","a","g"]"#);
    let fields = r#""at":1,"ids":2,"by":4,"raw":7,"like":9,"none":-1"#;
    assert_reads(&format!("[{{{fields}}},{slots}]"), Untagged::Inner(inner()));
    assert_reads(&format!(r#"[{{"kind":10,{fields}}},{slots},"A"]"#), Tagged::A(inner()));
    assert_reads(
        &format!(r#"[{{"first":1,"x":10}},{slots},{{"kind":11,{fields}}},"A"]"#),
        Outer { first: Untagged::Date(Date::default()), rest: HashMap::from([("x".into(), Tagged::A(inner()))]) },
    );
}

#[cfg(feature = "exotic")]
#[test]
fn exotic_types_read_as_plain_types() {
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Deserialize)]
    enum Shape {
        Struct { x: u8 },
    }
    assert_reads(r#"[["null","a",1],true]"#, BTreeMap::from([("a".to_owned(), true)]));
    assert_reads(r#"[["null","Struct",1],{"x":2},5]"#, Shape::Struct { x: 5 });
    assert_reads("[[1,-1,-2,2],1,null]", vec![Some(1), None, None, None]);
    assert_reads("[[-7,3,1,1],5]", vec![None, Some(5), None]);
    assert_reads(r#"[["Object",1],"s"]"#, "s".to_owned());
}

#[cfg(feature = "exotic")]
#[test]
fn typed_array_reads_every_view() {
    for text in [
        r#"[["Uint8Array",1],["ArrayBuffer","AQID"]]"#,
        r#"[["Uint8Array",1,1,1],["ArrayBuffer","AQID"]]"#,
        r#"[["Int16Array",1],["ArrayBuffer","AQACAA=="]]"#,
        r#"[["DataView",1,1,2],["ArrayBuffer","AQID"]]"#,
    ] {
        let array: TypedArray = from_str(text).unwrap();
        assert_eq!(to_string(&array).unwrap(), text);
    }
}
