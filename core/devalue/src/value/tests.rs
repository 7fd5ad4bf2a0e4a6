use serde_json::json;

use crate::*;

/// The texts are from `stringify` of npm's devalue 5.9.4.
#[test]
fn values_round_trip() {
    for text in [
        "-1",
        "-3",
        "-6",
        "[null]",
        r#"[["Date",""]]"#,
        r#"[["Map",1,2,3,4],"a",1,{"k":2},["Set",5,6],"x",2]"#,
        r#"[[1,3],["Uint8Array",2],["ArrayBuffer","AQID"],["ArrayBuffer","AAA="]]"#,
        r#"[[1,2],["RegExp","\u003C\\/","gi"],["URL",3],"https://a.b/"]"#,
    ] {
        let value: Value = from_str(text).unwrap();
        assert_eq!(to_string(&value).unwrap(), text);
    }
}

/// The texts are from `stringify` of npm's devalue 5.9.4.
#[cfg(feature = "exotic")]
#[test]
fn exotic_values_round_trip() {
    for text in [
        r#"[[1,3,5,7,9],["Object",2],1,["Object",4],"s",["Object",6],false,["Object",8],["BigInt","5"],["Object",-3]]"#,
        r#"[[1,3,5,6],[-2,2,-2],"a",[-7,1000000,5,4],"x",[-2],[-7,9,0,7,8,8],1,2]"#,
        r#"[["null","1",1,"b",2],2,1]"#,
        r#"[[1,2],["Temporal.PlainDate","2024-02-03"],["RegExp","\u003C\\/","gi"]]"#,
        r#"[[1,3,5,6,8],["Uint8Array",2],["ArrayBuffer","AQID"],["Uint8Array",4,1,2],["ArrayBuffer","AQIDBA=="],["ArrayBuffer","AAA="],["DataView",7,1,2],["ArrayBuffer","AAAAAA=="],["Float64Array",9],["ArrayBuffer",""]]"#,
    ] {
        let value: Value = from_str(text).unwrap();
        assert_eq!(to_string(&value).unwrap(), text);
    }
}

#[test]
fn other_formats_see_plain_json_forms() {
    let text = concat!(
        r#"[{"date":1,"set":2,"map":5,"big":3,"url":6,"none":-1,"bytes":8,"re":10},"#,
        r#"["Date","1970-01-01T00:00:00.000Z"],["Set",3,4],["BigInt","1"],"s",["Map",4,3],["URL",7],"https://a.b/","#,
        r#"["ArrayBuffer","AQID"],0,["RegExp","a","g"]]"#,
    );
    let plain = json!({
        "date": "1970-01-01T00:00:00.000Z",
        "set": ["1", "s"],
        "map": [["s", "1"]],
        "big": "1",
        "url": "https://a.b/",
        "none": null,
        "bytes": "AQID",
        "re": { "source": "a", "flags": "g" },
    });
    let value: Value = from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), plain);

    assert_eq!(serde_json::from_value::<Date>(plain["date"].clone()).unwrap(), Date::default());
    assert_eq!(serde_json::from_value::<Set<String>>(plain["set"].clone()).unwrap().0, ["1", "s"]);
    let map: Map<String, BigInt> = serde_json::from_value(plain["map"].clone()).unwrap();
    assert_eq!(map.get("s"), Some(&BigInt::from(1_i64)));
    assert_eq!(serde_json::from_value::<Undefined>(plain["none"].clone()).unwrap(), Undefined);
    assert_eq!(&serde_json::from_value::<ArrayBuffer>(plain["bytes"].clone()).unwrap()[..], [1, 2, 3]);
    assert_eq!(serde_json::from_value::<RegExp>(plain["re"].clone()).unwrap().flags(), "g");
    assert!(matches!(serde_json::from_value(plain), Ok(Value::Object(entries)) if entries.len() == 8));
}
