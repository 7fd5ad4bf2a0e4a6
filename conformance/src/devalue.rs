//! A decoder of devalue text (the npm package `devalue`, 5.9) into the tagged form.
//!
//! It shares no code with `enact-devalue`, so that it does not repeat that crate's mistakes.

use serde_json::Value;

use crate::tagged::{Bytes, Tagged};

/// The maximum depth of nesting. Cycles exceed it.
const DEEPEST: usize = 500;

/// The maximum length of an array with holes.
const LONGEST: u64 = 1 << 20;

/// Decodes a text. A URL's text may be inline or, as Astro writes it, in a slot of its own.
pub(crate) fn decode(text: &str) -> Result<Tagged, String> {
    let parsed = serde_json::from_str(text).map_err(|error| format!("malformed devalue: not JSON: {error}"))?;
    match &parsed {
        Value::Number(_) => constant(&parsed),
        Value::Array(slots) if !slots.is_empty() => Slots(slots).value(0, 0),
        _ => None,
    }
    .ok_or_else(|| format!("malformed devalue: {text}"))
}

/// Returns the value of a negative index.
fn constant(index: &Value) -> Option<Tagged> {
    Some(match index.as_i64()? {
        -1 => Tagged::Undefined,
        -3 => Tagged::Number(f64::NAN),
        -4 => Tagged::Number(f64::INFINITY),
        -5 => Tagged::Number(f64::NEG_INFINITY),
        -6 => Tagged::Number(-0.0),
        _ => return None,
    })
}

struct Slots<'a>(&'a [Value]);

impl Slots<'_> {
    fn at(&self, index: &Value, depth: usize) -> Option<Tagged> {
        match index.as_u64() {
            Some(slot) => self.value(usize::try_from(slot).ok()?, depth + 1),
            None => constant(index),
        }
    }

    fn all(&self, indexes: &[Value], depth: usize) -> Option<Vec<Tagged>> {
        indexes.iter().map(|index| self.at(index, depth)).collect()
    }

    fn value(&self, slot: usize, depth: usize) -> Option<Tagged> {
        if depth > DEEPEST {
            return None;
        }
        match self.0.get(slot)? {
            Value::Array(items) => match items.split_first() {
                Some((Value::String(kind), rest)) => self.typed(kind, rest, depth),
                Some((first, rest)) if first.as_i64() == Some(-7) => self.sparse(rest, depth),
                _ => {
                    let member = |item: &Value| match item.as_i64() {
                        Some(-2) => Some(Tagged::Undefined),
                        _ => self.at(item, depth),
                    };
                    items.iter().map(member).collect::<Option<_>>().map(Tagged::Array)
                }
            },
            Value::Object(entries) => {
                let entry = |(key, index): (&String, &Value)| Some((key.clone(), self.at(index, depth)?));
                entries.iter().map(entry).collect::<Option<_>>().map(Tagged::Object)
            }
            scalar => Tagged::try_from(scalar.clone()).ok(),
        }
    }

    fn typed(&self, kind: &str, rest: &[Value], depth: usize) -> Option<Tagged> {
        let text = |place: usize| rest.get(place).and_then(Value::as_str).map(str::to_owned);
        Some(match kind {
            "Date" => Tagged::Date(text(0)?),
            "BigInt" => Tagged::BigInt(text(0)?),
            "URLSearchParams" => Tagged::SearchParams(text(0)?),
            "RegExp" => Tagged::RegExp(text(0)?, text(1).unwrap_or_default()),
            "URL" => match text(0) {
                Some(href) => Tagged::Url(href),
                None => match self.at(rest.first()?, depth)? {
                    Tagged::String(href) => Tagged::Url(href),
                    _ => return None,
                },
            },
            "Set" => Tagged::Set(self.all(rest, depth)?),
            "Map" => {
                let mut members = self.all(rest, depth)?.into_iter();
                let mut pairs = Vec::new();
                while let Some(key) = members.next() {
                    pairs.push((key, members.next()?));
                }
                Tagged::Map(pairs)
            }
            "null" => {
                let entry = |pair: &[Value]| match pair {
                    [Value::String(key), index] => Some((key.clone(), self.at(index, depth)?)),
                    _ => None,
                };
                Tagged::Object(rest.chunks(2).map(entry).collect::<Option<_>>()?)
            }
            "ArrayBuffer" => Tagged::Bytes(Bytes::new(kind, &text(0)?, None)?),
            _ => {
                let number = |place: usize| usize::try_from(rest.get(place)?.as_u64()?).ok();
                let Value::Array(buffer) = self.0.get(number(0)?)? else {
                    return None;
                };
                let [Value::String(of), Value::String(base64)] = buffer.as_slice() else {
                    return None;
                };
                let view = Bytes::new(kind, base64, number(1).zip(number(2)))?;
                (of == "ArrayBuffer").then_some(Tagged::Bytes(view))?
            }
        })
    }

    /// `[-7, length, index, value, ..]`
    fn sparse(&self, rest: &[Value], depth: usize) -> Option<Tagged> {
        let (length, pairs) = rest.split_first()?;
        let length = length.as_u64().filter(|length| *length <= LONGEST)?;
        let mut items = vec![Tagged::Undefined; usize::try_from(length).ok()?];
        for pair in pairs.chunks(2) {
            let [place, index] = pair else { return None };
            *items.get_mut(usize::try_from(place.as_u64()?).ok()?)? = self.at(index, depth)?;
        }
        Some(Tagged::Array(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text is the output of `stringify` of devalue 5.9.4. Where a URL's text is in its own slot, Astro's reducer
    /// was used.
    #[test]
    fn texts_of_the_javascript_package_are_decoded() {
        for (text, expected) in [
            ("-1", r#"{"$undefined":true}"#),
            ("-3", r#"{"$number":"NaN"}"#),
            ("-6", r#"{"$number":"-0"}"#),
            ("-5", r#"{"$number":"-Infinity"}"#),
            ("[null]", "null"),
            ("[1.5]", "1.5"),
            (r#"[["URL",1],"https://example.com/a?b=c#d"]"#, r#"{"$url":"https://example.com/a?b=c#d"}"#),
            (r#"[["URL","https://example.com/a?b=c#d"]]"#, r#"{"$url":"https://example.com/a?b=c#d"}"#),
            (
                r#"[[1,1,3,2],["URL",2],"https://example.com/",["URL",2]]"#,
                r#"{"$array":[{"$url":"https://example.com/"},{"$url":"https://example.com/"},{"$url":"https://example.com/"},"https://example.com/"]}"#,
            ),
            (r#"[{"q":1},["URLSearchParams","a=1&b=2"]]"#, r#"{"$object":[["q",{"$searchParams":"a=1&b=2"}]]}"#),
            (
                r#"[["Map",1,2,4,7,-1,-1],"a",["Map",3,5],{"k":4},1,["Set",6],"x",null]"#,
                r#"{"$map":[["a",{"$map":[[{"$object":[["k",1]]},{"$set":["x"]}]]}],[1,null],[{"$undefined":true},{"$undefined":true}]]}"#,
            ),
            (
                r#"[{"a":1,"b":1,"g":2,"h":2,"i":3},1,["BigInt","1"],"1"]"#,
                r#"{"$object":[["a",1],["b",1],["g",{"$bigint":"1"}],["h",{"$bigint":"1"}],["i","1"]]}"#,
            ),
            (
                r#"[[1,2],["Date","1970-01-01T00:00:00.000Z"],["Date",""]]"#,
                r#"{"$array":[{"$date":"1970-01-01T00:00:00.000Z"},{"$date":""}]}"#,
            ),
            (
                r#"[[1,2],["RegExp","a\\/b","gi"],["RegExp","x"]]"#,
                r#"{"$array":[{"$regexp":["a\\/b","gi"]},{"$regexp":["x",""]}]}"#,
            ),
            (
                r#"[{"u8":1,"i16":3,"buffer":5,"sub":6,"view":8},["Uint8Array",2],["ArrayBuffer","AQID"],["Int16Array",4],["ArrayBuffer","//8AAQ=="],["ArrayBuffer","/wA="],["Uint8Array",7,1,2],["ArrayBuffer","AQIDBA=="],["DataView",9],["ArrayBuffer","CQg="]]"#,
                r#"{"$object":[["u8",{"$bytes":["Uint8Array","AQID",0,3]}],["i16",{"$bytes":["Int16Array","//8AAQ==",0,2]}],["buffer",{"$bytes":["ArrayBuffer","/wA=",0,2]}],["sub",{"$bytes":["Uint8Array","AQIDBA==",1,2]}],["view",{"$bytes":["DataView","CQg=",0,2]}]]}"#,
            ),
            ("[[1,-2,2],1,3]", r#"{"$array":[1,{"$undefined":true},3]}"#),
            (r#"[["null","a",1],1]"#, r#"{"$object":[["a",1]]}"#),
            (
                r#"[{"a":-1,"b":-6,"c":1},[-4,-6]]"#,
                r#"{"$object":[["a",{"$undefined":true}],["b",{"$number":"-0"}],["c",{"$array":[{"$number":"Infinity"},{"$number":"-0"}]}]]}"#,
            ),
            ("[\"\\u003C/script> \u{2028} é\"]", "\"</script> \u{2028} é\""),
        ] {
            assert_eq!(decode(text).unwrap().to_string(), expected, "{text}");
        }
        let Tagged::Array(sparse) = decode(r#"[[-7,21,20,1],"far"]"#).unwrap() else { panic!() };
        assert_eq!((sparse.len(), &sparse[20]), (21, &Tagged::String("far".into())));
    }

    #[test]
    fn malformed_text_and_cycles_are_errors() {
        for text in [
            "",
            "{}",
            "[]",
            "0",
            "-2",
            "[[1]]",
            r#"[{"name":1,"self":0},"root"]"#,
            r#"[["Map",1],"a"]"#,
            r#"[["URL",1],5]"#,
            r#"[["Uint8Array",0]]"#,
            r#"[["Nope",1]]"#,
            "[[-7,4294967295]]",
            "[[-7,1,1,1],0]",
        ] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
