use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::*;

#[track_caller]
fn read_error<T: DeserializeOwned>(text: &str) -> Error {
    from_str::<T>(text).err().unwrap_or_else(|| panic!("{text} was accepted"))
}

#[test]
fn malformed_texts_are_rejected() {
    for text in [
        "",
        " ",
        "[]",
        "{}",
        "null",
        "\"x\"",
        "0",
        "1",
        "-2",
        "-7",
        "-8",
        "[",
        "[1",
        "[1,]",
        "[,1]",
        "[1] 2",
        "[01]",
        "[1.]",
        "[.5]",
        "[1e]",
        "[+1]",
        "[tru]",
        "[\"a]",
        "[\"\\x\"]",
        "[\"\\u00g0\"]",
        "[\"\n\"]",
        "[{a:1}]",
        "[{\"a\"}]",
        "[{\"a\":1,}]",
        "\u{feff}[1]",
        "[1],",
        "[[1,]]",
        "[NaN]",
    ] {
        read_error::<Value>(text);
    }
    assert!(from_slice::<Value>(b"[\"\xff\"]").is_err());
}

#[test]
fn missing_slots_are_rejected() {
    for text in ["[[1]]", "[[-8]]", "[{\"a\":-7}]", "[[0.5]]", "[[1e9]]", "[[\"Set\",2]]", "[[1,99999999999999999999]]"]
    {
        read_error::<Value>(text);
    }
    assert_eq!(
        read_error::<Value>("[{\"a\":1},[2,7],3]").to_string(),
        "reference to the missing slot 7 at .a[1] (slot 7)"
    );
}

#[test]
fn tags_with_invalid_content_are_rejected() {
    for text in [
        r#"[["Nope",1]]"#,
        r#"[["Date",1],"2024-01-01"]"#,
        r#"[["Date","yesterday"]]"#,
        r#"[["Date"]]"#,
        r#"[["Map",1],2]"#,
        r#"[["null","a"]]"#,
        r#"[["null",1,2],3,4]"#,
        r#"[["Object",1],[]]"#,
        r#"[["Object",1],null]"#,
        r#"[["Object",0]]"#,
        r#"[["BigInt","1n"]]"#,
        r#"[["BigInt",""]]"#,
        r#"[["RegExp","a","gg"]]"#,
        r#"[["URL","/path"]]"#,
        r#"[["URL",1],2]"#,
        r#"[["ArrayBuffer","*"]]"#,
        r#"[["Uint8Array",0]]"#,
        r#"[["Uint8Array",1],5]"#,
        r#"[["Uint8Array",1,0,5],["ArrayBuffer","AQID"]]"#,
        r#"[["Uint8Array",1,4],["ArrayBuffer","AQID"]]"#,
        r#"[["Uint8Array",1,-1],["ArrayBuffer","AQID"]]"#,
        r#"[["Uint16Array",1],["ArrayBuffer","AQID"]]"#,
        r#"[["Uint16Array",1,1,1],["ArrayBuffer","AQID"]]"#,
        r#"[["Float64Array",1,0,4294967295],["ArrayBuffer","AQID"]]"#,
        r#"[[-7]]"#,
        r#"[[-7,1,0]]"#,
        r#"[[-7,1,1,1],2]"#,
        r#"[[-7,4294967296]]"#,
        r#"[[-7,-1]]"#,
    ] {
        read_error::<Value>(text);
    }
}

#[test]
fn prototype_keys_are_rejected() {
    let texts = [
        r#"[{"__proto__":1},[]]"#,
        r#"[{"__pr\u006fto__":1},[]]"#,
        #[cfg(feature = "exotic")]
        r#"[["null","__proto__",1],[]]"#,
    ];
    for text in texts {
        let error = read_error::<Value>(text);
        assert!(error.to_string().starts_with("invalid object key: `__proto__`"), "{error}");
    }
}

#[test]
fn cycles_are_rejected() {
    let texts = [
        "[[0]]",
        r#"[{"a":1},[2],["Map",0,0]]"#,
        r#"[["Set",0]]"#,
        #[cfg(feature = "exotic")]
        r#"[[1],["null","x",1]]"#,
    ];
    for text in texts {
        assert!(read_error::<Value>(text).to_string().starts_with("cyclic value"));
    }
    #[derive(Debug, Deserialize)]
    struct Node {
        #[allow(dead_code)]
        next: Option<Box<Node>>,
    }
    read_error::<Node>(r#"[{"next":0}]"#);
    // Shared values are not cycles.
    assert!(from_str::<Value>("[[1,1,1],[2,2],{}]").is_ok());
}

/// Returns a text of `levels` nested arrays.
fn nested(levels: usize) -> String {
    let slots: Vec<_> = (1..levels).map(|slot| format!("[{slot}]")).collect();
    format!("[{},[]]", slots.join(","))
}

#[test]
fn depth_is_limited() {
    assert!(from_str::<Value>(&nested(128)).is_ok());
    assert!(read_error::<Value>(&nested(129)).to_string().starts_with("values nested more than 128 levels deep"));
    read_error::<Value>(&nested(100_000));
    read_error::<Value>(&"[".repeat(1_000_000));
    read_error::<Value>(&format!("[0,{}1{}]", "[".repeat(200), "]".repeat(200)));
}

#[test]
fn expansion_of_shared_values_is_limited() {
    // Each array refers to the next one twice.
    let doubling: Vec<_> = (1..100).map(|slot| format!("[{slot},{slot}]")).collect();
    assert!(
        read_error::<Value>(&format!("[{},1]", doubling.join(",")))
            .to_string()
            .starts_with("the shared values of the text expand")
    );
    // A long string is shared by the elements of a list, and by the keys of a map.
    let long = "x".repeat(100_000);
    read_error::<Value>(&format!("[[1{}],\"{long}\"]", ",1".repeat(50_000)));
    read_error::<Value>(&format!("[[\"Map\"{}],\"{long}\"]", ",1,1".repeat(50_000)));
    read_error::<Value>(&format!("[[1{}],{{\"{long}\":2}},0]", ",1".repeat(50_000)));
    let buffer =
        format!("[[1{}],[\"Uint8Array\",2,0,1],[\"ArrayBuffer\",\"{}\"]]", ",1".repeat(50_000), "AAAA".repeat(9999));
    read_error::<Value>(&buffer);
}

#[cfg(feature = "exotic")]
#[test]
fn claimed_length_allocates_nothing() {
    let text = "[[-7,4294967295,4294967294,1],5]";
    assert_eq!(
        from_str(text).ok(),
        Some(Value::SparseArray { length: u32::MAX, entries: vec![(u32::MAX - 1, Value::Number(5.0))] })
    );
    read_error::<Vec<Option<u8>>>(text);
    read_error::<Vec<()>>(text);
    assert_eq!(from_str("[[-7,5,3,1,3,2],5,6]").ok(), Some(vec![None, None, None, Some(6), None]));
}

#[cfg(not(feature = "exotic"))]
#[test]
fn exotic_types_are_rejected_without_their_feature() {
    for (text, name) in [
        (r#"[["Int8Array",1],["ArrayBuffer","AQID"]]"#, "Int8Array"),
        (r#"[["DataView",1],["ArrayBuffer","AQID"]]"#, "DataView"),
        (r#"[["Temporal.PlainDate","2024-02-03"]]"#, "Temporal.PlainDate"),
        (r#"[["Object",1],5]"#, "Object"),
        (r#"[["null","a",1],5]"#, "null"),
        ("[[-7,5,3,1],5]", "sparse array"),
        ("[[-2]]", "sparse array"),
        (r#"[["Uint8Array",1,1,1],["ArrayBuffer","AQID"]]"#, "Uint8Array of a part of its buffer"),
    ] {
        let message = format!("unsupported type {name:?}: enable the feature `exotic` of `enact-devalue`");
        let error = read_error::<Value>(text).to_string();
        assert!(error.starts_with(&message), "{error}");
    }
    assert_eq!(read_error::<Value>(r#"[["Nope",1]]"#).to_string(), "unknown type \"Nope\" (slot 0)");
}
