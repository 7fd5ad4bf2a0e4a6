//! The expected texts are from `stringify` of npm's devalue 5.9.4.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::*;

#[track_caller]
fn assert_text<T: Serialize>(value: T, text: &str) {
    assert_eq!(to_string(&value).unwrap(), text);
}

#[test]
fn equal_primitives_share_a_slot() {
    let one = || BigInt::from(1_i64);
    assert_text(
        ((1, 1.0, "1", true, true, (), None::<u8>), (one(), one(), -5, "", false)),
        r#"[[1,6],[2,2,3,4,4,5,5],1,"1",true,null,[7,7,8,9,10],["BigInt","1"],-5,"",false]"#,
    );
}

#[test]
fn floats_print_as_in_javascript() {
    let floats =
        [0.1, 1e21, 1e-7, 123456789012345680000.0, 5e-324, f64::MAX, 0.1 + 0.2, 0.000001, 1e16, -1.5e-9, 100.0, 1e20];
    assert_text(
        floats,
        "[[1,2,3,4,5,6,7,8,9,10,11,12],0.1,1e+21,1e-7,123456789012345680000,5e-324,1.7976931348623157e+308,\
         0.30000000000000004,0.000001,10000000000000000,-1.5e-9,100,100000000000000000000]",
    );
    // Unlike in JavaScript, an `f32` has fewer digits and an integer has all of them.
    assert_text((0.1_f32, u64::MAX, i128::MIN), &format!("[[1,2,3],0.1,{},{}]", u64::MAX, i128::MIN));
}

#[test]
fn constants_have_no_slot() {
    let floats = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0];
    assert_text((floats, Undefined, 0), "[[1,-1,2],[-3,-4,-5,-6],0]");
    for (float, text) in floats.into_iter().zip(["-3", "-4", "-5", "-6"]) {
        assert_text(float, text);
    }
    assert_text(-0.0_f32, "-6");
    assert_text(Undefined, "-1");
    assert_text((), "[null]");
}

#[test]
fn strings_are_escaped() {
    assert_text(
        [
            "quote \" backslash \\ newline \n tab \t cr \r nul \0 bell \x07 \x08\x0c\x1f\x7f",
            "</script><!-- & >",
            "line\u{2028}para\u{2029}",
            "é 漢字 😀 … ’",
        ],
        concat!(
            r#"[[1,2,3,4],"quote \" backslash \\ newline \n tab \t cr \r nul \u0000 bell \u0007 \b\f\u001f"#,
            "\x7f",
            r#"","\u003C/script>\u003C!-- & >","line\u2028para\u2029","é 漢字 😀 … ’"]"#,
        ),
    );
}

#[test]
fn slots_are_numbered_in_depth_first_order() {
    #[derive(Serialize)]
    struct Author {
        name: char,
        born: Option<u16>,
    }
    #[derive(Serialize)]
    struct Post {
        id: u8,
        title: &'static str,
        tags: [char; 3],
        author: Author,
    }
    assert_text(
        Post { id: 7, title: "Hello", tags: ['a', 'b', 'a'], author: Author { name: 'a', born: None } },
        r#"[{"id":1,"title":2,"tags":3,"author":6},7,"Hello",[4,5,4],"a","b",{"name":4,"born":7},null]"#,
    );
}

#[test]
fn array_indices_precede_other_keys() {
    #[derive(Serialize)]
    struct Mixed {
        b: u8,
        #[serde(rename = "2")]
        two: &'static str,
        a: u8,
        #[serde(rename = "1")]
        one: &'static str,
        #[serde(rename = "10")]
        ten: &'static str,
        #[serde(rename = "01")]
        other: u8,
    }
    assert_text(
        Mixed { b: 1, two: "two", a: 2, one: "one", ten: "ten", other: 3 },
        r#"[{"1":1,"2":2,"10":3,"b":4,"a":5,"01":6},"one","two","ten",1,2,3]"#,
    );
    assert_text(BTreeMap::from([("10", "x"), ("9", "y"), ("b", "z")]), r#"[{"9":1,"10":2,"b":3},"y","x","z"]"#);
    // Reordering keeps the digits that a double cannot hold.
    assert_text(BTreeMap::from([("10", u64::MAX), ("9", 0)]), r#"[{"9":1,"10":2},0,18446744073709551615]"#);
}

#[test]
fn reordered_objects_are_renumbered() {
    fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
        Value::Object(entries.map(|(key, value)| (key.to_owned(), value)).into())
    }
    let string = |text: &str| Value::String(text.into());
    let number = |number: u8| Value::Number(number.into());
    let map = Map::from_iter([(number(1), string("s")), (object([("2", number(2)), ("1", number(1))]), string("t"))]);
    assert_text(
        [
            string("s"),
            object([
                ("k", string("s")),
                ("1", object([("m", Value::Map(map)), ("0", Value::Url("https://e.com/".parse().unwrap()))])),
                ("0", Value::Uint8Array(Uint8Array::from(vec![7, 8, 9]))),
            ]),
            object([("a", string("t"))]),
        ],
        concat!(
            r#"[[1,2,13],"s",{"0":3,"1":5,"k":1},["Uint8Array",4],["ArrayBuffer","BwgJ"],{"0":6,"m":8},"#,
            r#"["URL",7],"https://e.com/",["Map",9,1,10,12],1,{"1":9,"2":11},2,"t",{"a":12}]"#,
        ),
    );
    let many: HashMap<u32, String> = (0..500).map(|number| (number, number.to_string())).collect();
    let sorted: BTreeMap<u32, &String> = many.iter().map(|(number, text)| (*number, text)).collect();
    assert_text(&many, &to_string(&sorted).unwrap());
}

#[test]
fn failed_serialization_does_not_affect_the_next() {
    let words: Vec<String> = (0..100).map(|number| format!("word {number}")).collect();
    assert!(to_string(&(&words, BTreeMap::from([("b", 1), ("__proto__", 2)]))).is_err());
    assert_text(BTreeMap::from([("a", &words[7]), ("b", &words[7])]), r#"[{"a":1,"b":1},"word 7"]"#);
}

#[test]
fn nested_disordered_objects_are_reordered() {
    let mut nested = Value::Null;
    for _ in 0..3 {
        nested = Value::Object(vec![("a".into(), nested), ("1".into(), Value::Null)]);
    }
    assert_text(nested, r#"[{"1":1,"a":2},null,{"1":1,"a":3},{"1":1,"a":1}]"#);
}

#[test]
fn enums_are_tagged_as_in_json() {
    #[derive(Serialize)]
    enum Shape {
        Unit,
        New(u8),
        Tuple(u8, u8),
        Struct { x: u8 },
        Numbered(BTreeMap<&'static str, char>),
    }
    let shapes = [Shape::Unit, Shape::New(1), Shape::Tuple(1, 2), Shape::Struct { x: 1 }];
    assert_text(shapes, r#"[[1,2,4,7],"Unit",{"New":3},1,{"Tuple":5},[3,6],2,{"Struct":8},{"x":3}]"#);
    assert_text(
        Shape::Numbered(BTreeMap::from([("10", 'a'), ("9", 'b')])),
        r#"[{"Numbered":1},{"9":2,"10":3},"b","a"]"#,
    );
}

#[test]
fn marker_types_have_their_tags() {
    let url: Url = "https://example.com/".parse().unwrap();
    assert_text((&url, &url, url.as_str()), r#"[[1,3,2],["URL",2],"https://example.com/",["URL",2]]"#);
    assert_text(
        Map::from_iter([(Value::String("a".into()), Value::Set(Set(vec![Value::Null])))]),
        r#"[["Map",1,2],"a",["Set",3],null]"#,
    );
    let misc = (
        RegExp::new(r#"a"<b\/"#, "ig").unwrap(),
        RegExp::new("x", "").unwrap(),
        UrlSearchParams::parse("?a=1&b=<x>&c=ü"),
        "-01".parse::<BigInt>().unwrap(),
    );
    assert_text(
        misc,
        r#"[[1,2,3,4],["RegExp","a\"\u003Cb\\/","gi"],["RegExp","x"],["URLSearchParams","a=1&b=%3Cx%3E&c=%C3%BC"],["BigInt","-1"]]"#,
    );
    assert_text(
        (Uint8Array::from(vec![1, 2, 3]), ArrayBuffer::from(vec![0, 0])),
        r#"[[1,3],["Uint8Array",2],["ArrayBuffer","AQID"],["ArrayBuffer","AAA="]]"#,
    );
}

#[test]
fn invalid_keys_are_rejected() {
    let error = to_string(&[HashMap::from([("a", HashMap::from([("__proto__", 1)]))])]).unwrap_err();
    assert_eq!(error.to_string(), "invalid object key: `__proto__` at [0].a");
    assert!(to_string(&BTreeMap::from([([1], 1)])).is_err());
    assert_text(BTreeMap::from([(true, 'x')]), r#"[{"true":1},"x"]"#);
}

#[cfg(feature = "exotic")]
#[test]
fn exotic_types_have_their_tags() {
    let view = |kind, bytes: &[u8], offset, length| {
        TypedArray::new(kind, ArrayBuffer::from(bytes.to_vec()), offset, length).unwrap()
    };
    assert_text(
        (
            Uint8Array::from(vec![1, 2, 3]),
            view(TypedArrayKind::Uint8, &[1, 2, 3, 4], 1, 2),
            ArrayBuffer::from(vec![0, 0]),
            view(TypedArrayKind::Uint16, &[1, 0, 2, 0], 0, 2),
            view(TypedArrayKind::DataView, &[0; 4], 1, 2),
            view(TypedArrayKind::Float64, &[], 0, 0),
        ),
        concat!(
            r#"[[1,3,5,6,8,10],["Uint8Array",2],["ArrayBuffer","AQID"],["Uint8Array",4,1,2],"#,
            r#"["ArrayBuffer","AQIDBA=="],["ArrayBuffer","AAA="],["Uint16Array",7],["ArrayBuffer","AQACAA=="],"#,
            r#"["DataView",9,1,2],["ArrayBuffer","AAAAAA=="],["Float64Array",11],["ArrayBuffer",""]]"#,
        ),
    );
}

#[cfg(feature = "exotic")]
#[test]
fn exotic_objects_are_renumbered() {
    let number = |number: u8| Value::Number(number.into());
    let object = |value| vec![("b".to_owned(), number(1)), ("1".to_owned(), value)];
    assert_text(Value::NullObject(object(number(2))), r#"[["null","1",1,"b",2],2,1]"#);
    let view = TypedArray::new(TypedArrayKind::Uint8, ArrayBuffer::from(vec![7, 8, 9]), 1, 1).unwrap();
    assert_text(
        Value::Object(object(Value::TypedArray(view))),
        r#"[{"1":1,"b":3},["Uint8Array",2,1,1],["ArrayBuffer","BwgJ"],1]"#,
    );
    assert_text(
        Value::Object(object(Value::SparseArray { length: 1000, entries: vec![(7, number(2))] })),
        r#"[{"1":1,"b":3},[-7,1000,7,2],2,1]"#,
    );
}
