use serde::{Serialize, Serializer};

use super::Value;
use crate::marker::Tag;
#[cfg(feature = "exotic")]
use crate::marker::{BOXED, NULL_OBJECT};
use crate::undefined::Undefined;

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
            Self::Array(values) => serializer.collect_seq(values),
            Self::Object(entries) => Properties(entries).serialize(serializer),
            Self::Map(map) => map.serialize(serializer),
            Self::Set(set) => set.serialize(serializer),
            Self::ArrayBuffer(value) => value.serialize(serializer),
            Self::Uint8Array(value) => value.serialize(serializer),
            #[cfg(feature = "exotic")]
            Self::TypedArray(value) => value.serialize(serializer),
            #[cfg(feature = "exotic")]
            Self::Temporal(value) => value.serialize(serializer),
            #[cfg(feature = "exotic")]
            Self::SparseArray { length, entries } => {
                super::sparse_array::serialize_sparse_array(*length, entries, serializer)
            }
            #[cfg(feature = "exotic")]
            Self::NullObject(entries) => serializer.serialize_newtype_struct(NULL_OBJECT, &Properties(entries)),
            #[cfg(feature = "exotic")]
            Self::Boxed(value) => serializer.serialize_newtype_struct(BOXED, value),
        }
    }
}

struct Properties<'a>(&'a [(String, Value)]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
