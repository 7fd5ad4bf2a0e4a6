use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

use super::buffers::ArrayBuffer;
use super::collections::{Map, Set};
use super::date::Date;
use super::marker::{self, Marker, Tag};
use super::regexp::RegExp;
use super::slots::{HOLE, SPARSE};
use super::texts::{BigInt, Temporal, Url, UrlSearchParams};
use super::undefined::Undefined;
use super::views::TypedArray;

/// Any value that devalue can carry, as a tree: what was shared in a text is repeated.
///
/// A text from JavaScript that is read as a `Value` and written again is the same, unless it has cycles or objects that
/// are shared. Other formats read and write the plain JSON form of each marker type.
///
/// ```
/// use enact::devalue::{self, Value};
///
/// let text = r#"[{"when":1,"what":2},["Date","2024-02-03T04:05:06.789Z"],["Set",3,-3],"x"]"#;
/// let value: Value = devalue::from_str(text).unwrap();
/// assert!(matches!(value.get("when"), Some(Value::Date(_))));
/// assert_eq!(devalue::to_string(&value).unwrap(), text);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// A boolean
    Bool(bool),
    /// A number
    Number(f64),
    /// A bigint
    BigInt(BigInt),
    /// A string
    String(String),
    /// A valid `Date`
    Date(Date),
    /// A `Date` whose time value is NaN
    InvalidDate,
    /// A `RegExp`
    RegExp(RegExp),
    /// A `URL`
    Url(Url),
    /// `URLSearchParams`
    UrlSearchParams(UrlSearchParams),
    /// A `Temporal` value
    Temporal(Temporal),
    /// An array without holes
    Array(Vec<Value>),
    /// An array with holes; other formats see `[-7, length, index, value, …]`
    SparseArray {
        /// The array's length, holes included
        length: u32,
        /// Indices in ascending order, below the length, and their values
        entries: Vec<(u32, Value)>,
    },
    /// A plain object
    Object(Vec<(String, Value)>),
    /// An object without a prototype
    NullObject(Vec<(String, Value)>),
    /// A `Map`
    Map(Map<Value, Value>),
    /// A `Set`
    Set(Set<Value>),
    /// An `ArrayBuffer`
    ArrayBuffer(ArrayBuffer),
    /// A typed array or `DataView`
    TypedArray(TypedArray),
    /// A primitive in an object, such as `Object(1)` or `new String("a")`
    Boxed(Box<Value>),
}

impl Value {
    /// The value of an object's property, the last if there are several.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) | Self::NullObject(entries) => {
                entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Undefined => Undefined.serialize(serializer),
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::BigInt(value) => value.serialize(serializer),
            Self::String(value) => serializer.serialize_str(value),
            Self::Date(value) => value.serialize(serializer),
            Self::InvalidDate => serializer.serialize_newtype_struct(Tag::Date.marker(), ""),
            Self::RegExp(value) => value.serialize(serializer),
            Self::Url(value) => value.serialize(serializer),
            Self::UrlSearchParams(value) => value.serialize(serializer),
            Self::Temporal(value) => value.serialize(serializer),
            Self::Array(values) => serializer.collect_seq(values),
            Self::SparseArray { length, entries } => serialize_sparse(*length, entries, serializer),
            Self::Object(entries) => Entries(entries).serialize(serializer),
            Self::NullObject(entries) => {
                serializer.serialize_newtype_struct(Tag::NullObject.marker(), &Entries(entries))
            }
            Self::Map(map) => map.serialize(serializer),
            Self::Set(set) => set.serialize(serializer),
            Self::ArrayBuffer(value) => value.serialize(serializer),
            Self::TypedArray(value) => value.serialize(serializer),
            Self::Boxed(value) => serializer.serialize_newtype_struct(Tag::Boxed.marker(), value),
        }
    }
}

struct Entries<'a>(&'a [(String, Value)]);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// A number that stands for itself.
struct Raw(i64);

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(marker::RAW, &self.0)
    }
}

/// Writes `-2` for each hole, or `-7`, the length and each index, as `stringify` chooses: by what is shorter.
fn serialize_sparse<S: Serializer>(length: u32, entries: &[(u32, Value)], serializer: S) -> Result<S::Ok, S::Error> {
    let is_ascending = entries.is_sorted_by(|(left, _), (right, _)| left < right);
    if !is_ascending || entries.last().is_some_and(|&(index, _)| index >= length) {
        return Err(serde::ser::Error::custom("the indices of a sparse array must ascend and be below its length"));
    }
    let population = entries.len() as u64;
    let digits = u64::from(length.checked_ilog10().unwrap_or(0)) + 1;
    let hole_cost = u64::from(length).saturating_sub(population) * 3;
    let sparse_cost = 4 + digits + population * (digits + 1);

    let mut seq = serializer.serialize_seq(None)?;
    if hole_cost > sparse_cost {
        seq.serialize_element(&Raw(SPARSE))?;
        seq.serialize_element(&Raw(length.into()))?;
        for (index, value) in entries {
            seq.serialize_element(&Raw((*index).into()))?;
            seq.serialize_element(value)?;
        }
    } else {
        let mut next = 0;
        for (index, value) in entries {
            for _ in next..*index {
                seq.serialize_element(&Raw(HOLE))?;
            }
            seq.serialize_element(value)?;
            next = index.saturating_add(1);
        }
        for _ in next..length {
            seq.serialize_element(&Raw(HOLE))?;
        }
    }
    seq.end()
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(marker::VALUE, AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_byte_buf<E>(self, value: Vec<u8>) -> Result<Value, E> {
        Ok(Value::ArrayBuffer(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        entries(map).map(Value::Object)
    }

    /// How devalue's deserializer shows what has no form of its own in serde.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (name, content) = access.variant::<Cow<'de, str>>()?;
        let tag = match Marker::from_suffix(&name) {
            Some(Marker::Tag(tag)) => tag,
            Some(Marker::View) => return content.newtype_variant().map(Value::TypedArray),
            Some(Marker::Temporal(kind)) => {
                let text = content.newtype_variant()?;
                return Ok(Value::Temporal(Temporal { kind, text }));
            }
            Some(Marker::Undefined) => return content.unit_variant().map(|()| Value::Undefined),
            _ if name == "Sparse" => return content.newtype_variant().map(|Sparse(value)| value),
            _ => return Err(A::Error::custom("unknown type")),
        };
        match tag {
            Tag::Date => match content.newtype_variant::<Cow<'de, str>>()?.as_ref() {
                "" => Ok(Value::InvalidDate),
                text => text.parse().map(Value::Date).map_err(A::Error::custom),
            },
            Tag::Url => content.newtype_variant().map(Value::Url),
            Tag::UrlSearchParams => content.newtype_variant().map(Value::UrlSearchParams),
            Tag::BigInt => content.newtype_variant().map(Value::BigInt),
            Tag::RegExp => content.newtype_variant().map(Value::RegExp),
            Tag::Set => content.newtype_variant().map(Value::Set),
            Tag::Map => content.newtype_variant().map(Value::Map),
            Tag::NullObject => content.newtype_variant().map(|OwnedEntries(entries)| Value::NullObject(entries)),
            Tag::ArrayBuffer => content.newtype_variant().map(Value::ArrayBuffer),
            Tag::Boxed => content.newtype_variant().map(Value::Boxed),
            Tag::Uint8Array => Err(A::Error::custom("unknown type")),
        }
    }
}

fn entries<'de, A: MapAccess<'de>>(mut map: A) -> Result<Vec<(String, Value)>, A::Error> {
    let mut entries = Vec::new();
    while let Some(entry) = map.next_entry()? {
        entries.push(entry);
    }
    Ok(entries)
}

struct OwnedEntries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for OwnedEntries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_map(AnyValue)? {
            Value::Object(entries) => Ok(Self(entries)),
            _ => Err(D::Error::custom("expected an object")),
        }
    }
}

/// An array with holes: its length and `undefined`, then each index and its value.
struct Sparse(Value);

impl<'de> Deserialize<'de> for Sparse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut entries = Vec::<(u32, Value)>::deserialize(deserializer)?;
        if entries.is_empty() {
            return Err(D::Error::custom("expected a length"));
        }
        let (length, _) = entries.remove(0);
        Ok(Self(Value::SparseArray { length, entries }))
    }
}

impl JsonSchema for Value {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::devalue::{from_str, to_string};

    /// Texts that `devalue.stringify` of devalue 5.9.4 gave.
    #[test]
    fn what_is_read_is_written_the_same() {
        for text in [
            "-1",
            "-3",
            "-6",
            "[null]",
            r#"[[1,3,5,7,9],["Object",2],1,["Object",4],"s",["Object",6],false,["Object",8],["BigInt","5"],["Object",-3]]"#,
            r#"[["Date",""]]"#,
            r#"[[1,3,5,6],[-2,2,-2],"a",[-7,1000000,5,4],"x",[-2],[-7,9,0,7,8,8],1,2]"#,
            r#"[["null","1",1,"b",2],2,1]"#,
            r#"[["Map",1,2,3,4],"a",1,{"k":2},["Set",5,6],"x",2]"#,
            r#"[[1,2],["Temporal.PlainDate","2024-02-03"],["RegExp","\u003C\\/","gi"]]"#,
            r#"[[1,3,5,6,8],["Uint8Array",2],["ArrayBuffer","AQID"],["Uint8Array",4,1,2],["ArrayBuffer","AQIDBA=="],["ArrayBuffer","AAA="],["DataView",7,1,2],["ArrayBuffer","AAAAAA=="],["Float64Array",9],["ArrayBuffer",""]]"#,
        ] {
            let value: Value = from_str(text).unwrap();
            assert_eq!(to_string(&value).unwrap(), text);
        }
    }

    #[test]
    fn other_formats_see_plain_json() {
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

    #[test]
    fn schemas_name_the_types_of_javascript() {
        #[derive(JsonSchema)]
        #[allow(dead_code)]
        struct Everything {
            date: Date,
            set: Set<BigInt>,
            map: Map<String, Url>,
        }
        let schema = serde_json::to_value(schemars::schema_for!(Everything)).unwrap();
        assert_eq!(
            schema["properties"],
            json!({
                "date": { "type": "string", "format": "date-time", "x-type": "Date" },
                "set": {
                    "type": "array",
                    "items": { "type": "string", "pattern": "^-?(0|[1-9][0-9]*)$", "x-type": "BigInt" },
                    "uniqueItems": true,
                    "x-type": "Set",
                },
                "map": {
                    "type": "array",
                    "items": {
                        "type": "array",
                        "prefixItems": [{ "type": "string" }, { "type": "string", "format": "uri", "x-type": "URL" }],
                        "minItems": 2,
                        "maxItems": 2,
                    },
                    "x-type": "Map",
                },
            })
        );
    }
}
