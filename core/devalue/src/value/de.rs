use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::Value;
#[cfg(feature = "exotic")]
use super::sparse_array::SparseArray;
#[cfg(feature = "exotic")]
use crate::exotic::{Temporal, TypedArray};
use crate::marker::{self, Marker, Tag};

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(marker::VALUE, ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
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
        read_entries(map).map(Value::Object)
    }

    /// Reads a type that serde's data model lacks.
    ///
    /// The deserializer presents it as an enum: the variant is the name of the marker, and holds the content.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (name, content) = access.variant::<Cow<'de, str>>()?;
        match Marker::from_suffix(&name) {
            Some(Marker::Tag(tag)) => read_tagged(tag, content),
            Some(Marker::Undefined) => content.unit_variant().map(|()| Value::Undefined),
            #[cfg(feature = "exotic")]
            Some(Marker::View) => content.newtype_variant::<TypedArray>().map(Value::TypedArray),
            #[cfg(feature = "exotic")]
            Some(Marker::Temporal(kind)) => {
                content.newtype_variant::<String>().map(|text| Value::Temporal(Temporal::new(kind, text)))
            }
            #[cfg(feature = "exotic")]
            Some(Marker::Boxed) => content.newtype_variant().map(Value::Boxed),
            #[cfg(feature = "exotic")]
            Some(Marker::NullObject) => content.newtype_variant().map(|Properties(entries)| Value::NullObject(entries)),
            #[cfg(feature = "exotic")]
            _ if name == "Sparse" => content.newtype_variant().map(|SparseArray(value)| value),
            _ => Err(A::Error::custom(format_args!("unknown type {name:?}"))),
        }
    }
}

fn read_tagged<'de, A: VariantAccess<'de>>(tag: Tag, content: A) -> Result<Value, A::Error> {
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
        Tag::ArrayBuffer => content.newtype_variant().map(Value::ArrayBuffer),
        Tag::Uint8Array => content.newtype_variant().map(Value::Uint8Array),
    }
}

fn read_entries<'de, A: MapAccess<'de>>(mut map: A) -> Result<Vec<(String, Value)>, A::Error> {
    let mut entries = Vec::new();
    while let Some(entry) = map.next_entry()? {
        entries.push(entry);
    }
    Ok(entries)
}

#[cfg(feature = "exotic")]
struct Properties(Vec<(String, Value)>);

#[cfg(feature = "exotic")]
impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_map(ValueVisitor)? {
            Value::Object(entries) => Ok(Self(entries)),
            _ => Err(D::Error::custom("expected an object")),
        }
    }
}
