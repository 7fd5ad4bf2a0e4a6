//! JavaScript values in the tagged form of the cases, and their comparison.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;

use crate::mismatch::Mismatch;

/// A JavaScript value. `cases/README.md` describes the notation of each.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub enum Tagged {
    /// `{"$undefined": true}`, or a hole in an array.
    Undefined,
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, or `{"$number": "NaN"}` for numbers that JSON lacks.
    Number(f64),
    /// A string.
    String(String),
    /// `{"$bigint": "1"}`
    BigInt(String),
    /// `{"$date": iso}`; empty for an invalid date.
    Date(String),
    /// `{"$url": href}`
    Url(String),
    /// `{"$searchParams": "a=1&b=2"}`
    SearchParams(String),
    /// `{"$regexp": [source, flags]}`
    RegExp(String, String),
    /// `{"$set": [..]}`
    Set(Vec<Tagged>),
    /// `{"$map": [[key, value]..]}`
    Map(Vec<(Tagged, Tagged)>),
    /// `{"$bytes": [type, base64, offset, length]}`
    Bytes(Bytes),
    /// `{"$array": [..]}`
    Array(Vec<Tagged>),
    /// `{"$object": [[key, value]..]}`
    Object(Vec<(String, Tagged)>),
}

/// An `ArrayBuffer`, or a view of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// The constructor's name: `Uint8Array`, `DataView`, `ArrayBuffer`.
    pub kind: String,
    /// The whole buffer.
    pub buffer: Vec<u8>,
    /// The byte offset of the view.
    pub offset: usize,
    /// The number of elements.
    pub length: usize,
}

impl Bytes {
    /// Creates a view of the whole buffer, or of `part`. Returns `None` if the text is not base64 or the type is unknown.
    pub(crate) fn new(kind: &str, base64: &str, part: Option<(usize, usize)>) -> Option<Self> {
        let size = match kind {
            "ArrayBuffer" | "DataView" | "Int8Array" | "Uint8Array" | "Uint8ClampedArray" => 1,
            "Int16Array" | "Uint16Array" | "Float16Array" => 2,
            "Int32Array" | "Uint32Array" | "Float32Array" => 4,
            "Float64Array" | "BigInt64Array" | "BigUint64Array" => 8,
            _ => return None,
        };
        let buffer = STANDARD.decode(base64).ok()?;
        let (offset, length) = part.unwrap_or((0, buffer.len() / size));
        Some(Self { kind: kind.to_owned(), buffer, offset, length })
    }
}

impl TryFrom<Value> for Tagged {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(bool),
            Value::Number(number) => Self::Number(number.as_f64().ok_or("a number that no double holds")?),
            Value::String(text) => Self::String(text),
            Value::Array(_) => return Err("untagged array: expected `$array`".to_owned()),
            Value::Object(entries) => {
                let mut entries = entries.into_iter();
                match (entries.next(), entries.next()) {
                    (Some((tag, inner)), None) => {
                        let unusable = || format!("invalid {tag}: {inner}");
                        from_tag(&tag, &inner).ok_or_else(unusable)??
                    }
                    _ => return Err("untagged object: expected `$object` or another tag".to_owned()),
                }
            }
        })
    }
}

/// Reads a tagged value. Returns `None` if the tag is unknown or `inner` has the wrong shape.
fn from_tag(tag: &str, inner: &Value) -> Option<Result<Tagged, String>> {
    let text = || inner.as_str().map(str::to_owned);
    Some(Ok(match tag {
        "$undefined" => Tagged::Undefined,
        "$number" => Tagged::Number(match inner.as_str()? {
            "NaN" => f64::NAN,
            "Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            "-0" => -0.0,
            _ => return None,
        }),
        "$bigint" => Tagged::BigInt(text()?),
        "$date" => Tagged::Date(text()?),
        "$url" => Tagged::Url(text()?),
        "$searchParams" => Tagged::SearchParams(text()?),
        "$regexp" => {
            let (source, flags) = serde_json::from_value(inner.clone()).ok()?;
            Tagged::RegExp(source, flags)
        }
        "$bytes" => {
            let (kind, base64, offset, length): (String, String, _, _) = serde_json::from_value(inner.clone()).ok()?;
            Tagged::Bytes(Bytes::new(&kind, &base64, Some((offset, length)))?)
        }
        "$set" => return Some(read(inner).map(Tagged::Set)),
        "$array" => return Some(read(inner).map(Tagged::Array)),
        "$map" => return Some(read(inner).map(Tagged::Map)),
        "$object" => return Some(read(inner).map(Tagged::Object)),
        _ => return None,
    }))
}

fn read<T: serde::de::DeserializeOwned>(inner: &Value) -> Result<T, String> {
    serde_json::from_value(inner.clone()).map_err(|error| error.to_string())
}

impl fmt::Display for Tagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| Value::from(text).to_string();
        match self {
            Self::Undefined => f.write_str(r#"{"$undefined":true}"#),
            Self::Null => f.write_str("null"),
            Self::Bool(bool) => write!(f, "{bool}"),
            Self::Number(number) if !number.is_finite() || is_negative_zero(*number) => {
                let name = if number.is_infinite() { format!("{number}inity") } else { number.to_string() };
                write!(f, r#"{{"$number":"{}"}}"#, name.replace("inf", "Inf"))
            }
            Self::Number(number) => write!(f, "{number}"),
            Self::String(text) => f.write_str(&quoted(text)),
            Self::BigInt(text) => write!(f, r#"{{"$bigint":{}}}"#, quoted(text)),
            Self::Date(text) => write!(f, r#"{{"$date":{}}}"#, quoted(text)),
            Self::Url(text) => write!(f, r#"{{"$url":{}}}"#, quoted(text)),
            Self::SearchParams(text) => write!(f, r#"{{"$searchParams":{}}}"#, quoted(text)),
            Self::RegExp(source, flags) => {
                write!(f, r#"{{"$regexp":[{},{}]}}"#, quoted(source), quoted(flags))
            }
            Self::Bytes(Bytes { kind, buffer, offset, length }) => {
                write!(f, r#"{{"$bytes":["{kind}","{}",{offset},{length}]}}"#, STANDARD.encode(buffer))
            }
            Self::Set(items) => list(f, "$set", items.iter()),
            Self::Array(items) => list(f, "$array", items.iter()),
            Self::Map(pairs) => list(f, "$map", pairs.iter().map(|(key, value)| format!("[{key},{value}]"))),
            Self::Object(entries) => {
                list(f, "$object", entries.iter().map(|(key, value)| format!("[{},{value}]", quoted(key))))
            }
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, tag: &str, items: impl Iterator<Item: fmt::Display>) -> fmt::Result {
    let items: Vec<_> = items.map(|item| item.to_string()).collect();
    write!(f, r#"{{"{tag}":[{}]}}"#, items.join(","))
}

fn is_negative_zero(number: f64) -> bool {
    number == 0.0 && number.is_sign_negative()
}

/// Finds each place at which two values differ.
///
/// Object entries that are `undefined` count as absent, and the order of keys does not matter. The order of the members of
/// maps and sets matters.
pub(crate) fn find_differences(at: &str, expected: &Tagged, received: &Tagged, found: &mut Vec<Mismatch>) {
    match (expected, received) {
        (Tagged::Object(expected), Tagged::Object(received)) => {
            for (key, value) in present(expected) {
                match present(received).find(|(name, _)| name == key) {
                    Some((_, other)) => find_differences(&format!("{at}.{key}"), value, other, found),
                    None => found.push(Mismatch::new(format!("{at}.{key}"), value, "nothing")),
                }
            }
            for (key, value) in present(received) {
                if present(expected).all(|(name, _)| name != key) {
                    found.push(Mismatch::new(format!("{at}.{key}"), "nothing", value));
                }
            }
        }
        (Tagged::Array(expected), Tagged::Array(received)) | (Tagged::Set(expected), Tagged::Set(received)) => {
            lengths(at, expected.len(), received.len(), found);
            for (index, (expected, received)) in expected.iter().zip(received).enumerate() {
                find_differences(&format!("{at}[{index}]"), expected, received, found);
            }
        }
        (Tagged::Map(expected), Tagged::Map(received)) => {
            lengths(at, expected.len(), received.len(), found);
            for (index, (expected, received)) in expected.iter().zip(received).enumerate() {
                find_differences(&format!("{at}[{index}].key"), &expected.0, &received.0, found);
                find_differences(&format!("{at}[{index}].value"), &expected.1, &received.1, found);
            }
        }
        (Tagged::Number(a), Tagged::Number(b)) => {
            let same = (a.is_nan() && b.is_nan()) || (a == b && is_negative_zero(*a) == is_negative_zero(*b));
            if !same {
                found.push(Mismatch::new(at, expected, received));
            }
        }
        _ if expected == received => {}
        _ => found.push(Mismatch::new(at, expected, received)),
    }
}

fn present(entries: &[(String, Tagged)]) -> impl Iterator<Item = &(String, Tagged)> {
    entries.iter().filter(|(_, value)| *value != Tagged::Undefined)
}

fn lengths(at: &str, expected: usize, received: usize, found: &mut Vec<Mismatch>) {
    if expected != received {
        found.push(Mismatch::new(format!("{at}.length"), expected, received));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(json: &str) -> Tagged {
        serde_json::from_str(json).unwrap()
    }

    fn differing(expected: &str, received: &str) -> Vec<String> {
        let mut found = Vec::new();
        find_differences("value", &tagged(expected), &tagged(received), &mut found);
        found.into_iter().map(|mismatch| mismatch.at).collect()
    }

    #[test]
    fn every_value_prints_in_its_notation() {
        for json in [
            r#"{"$undefined":true}"#,
            "null",
            "true",
            "1.5",
            r#""\"x\"""#,
            r#"{"$number":"NaN"}"#,
            r#"{"$number":"Infinity"}"#,
            r#"{"$number":"-Infinity"}"#,
            r#"{"$number":"-0"}"#,
            r#"{"$bigint":"1"}"#,
            r#"{"$date":"2024-02-03T04:05:06.789Z"}"#,
            r#"{"$url":"https://example.com/"}"#,
            r#"{"$searchParams":"a=1"}"#,
            r#"{"$regexp":["a\\/b","g"]}"#,
            r#"{"$bytes":["Uint8Array","AQID",1,2]}"#,
            r#"{"$set":[1,"a"]}"#,
            r#"{"$map":[[1,{"$array":[]}]]}"#,
            r#"{"$object":[["k",{"$object":[]}]]}"#,
        ] {
            assert_eq!(tagged(json).to_string(), json);
        }
    }

    #[test]
    fn malformed_tag_is_an_error() {
        for json in ["[]", "{}", r#"{"a":1}"#, r#"{"$number":"5"}"#, r#"{"$date":1}"#, r#"{"$set":[[]]}"#] {
            assert!(serde_json::from_str::<Tagged>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn order_of_keys_and_undefined_entries_do_not_matter() {
        let expected = r#"{"$object":[["a",1],["b",2],["c",{"$undefined":true}]]}"#;
        assert!(differing(expected, r#"{"$object":[["b",2],["a",1]]}"#).is_empty());
        assert!(differing(r#"{"$object":[]}"#, r#"{"$object":[["x",{"$undefined":true}]]}"#).is_empty());
        assert_eq!(differing(expected, r#"{"$object":[["b",3],["d",1]]}"#), ["value.a", "value.b", "value.d"]);
    }

    #[test]
    fn numbers_are_doubles() {
        assert!(differing("12345678901234567000", "12345678901234567890").is_empty());
        assert!(differing("1", "1.0").is_empty());
        assert!(differing(r#"{"$number":"NaN"}"#, r#"{"$number":"NaN"}"#).is_empty());
        assert_eq!(differing("0", r#"{"$number":"-0"}"#), ["value"]);
        assert_eq!(differing("0.1", "0.10000000000000002"), ["value"]);
        assert_eq!(differing("1", r#""1""#), ["value"]);
    }

    #[test]
    fn order_of_members_and_kind_of_collection_matter() {
        assert_eq!(differing(r#"{"$array":[1,2]}"#, r#"{"$array":[2]}"#), ["value.length", "value[0]"]);
        assert_eq!(differing(r#"{"$set":[1]}"#, r#"{"$array":[1]}"#), ["value"]);
        assert_eq!(differing(r#"{"$map":[[1,2]]}"#, r#"{"$map":[[1,3]]}"#), ["value[0].value"]);
        assert_eq!(differing(r#"{"$date":"x"}"#, r#""x""#), ["value"]);
        assert_eq!(differing(r#"{"$array":[{"$undefined":true}]}"#, r#"{"$array":[null]}"#), ["value[0]"]);
    }
}
