use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::marker::Tag;

/// JavaScript's `Map`: keys of any type, in the order of their insertion.
///
/// In other formats it is an array of pairs. Keys are taken as they come; JavaScript keeps the last value of equal ones.
///
/// ```
/// use enact::devalue::{self, Map};
///
/// let map = Map::from_iter([(1, "one"), (2, "two")]);
/// let text = devalue::to_string(&map).unwrap();
/// assert_eq!(text, r#"[["Map",1,2,3,4],1,"one",2,"two"]"#);
/// assert_eq!(devalue::from_str::<Map<u8, &str>>(&text).unwrap(), map);
/// assert_eq!(serde_json::to_string(&map).unwrap(), r#"[[1,"one"],[2,"two"]]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Map<K, V>(pub Vec<(K, V)>);

/// JavaScript's `Set`: values in the order of their insertion.
///
/// In other formats it is an array. Values are taken as they come; JavaScript keeps the first of equal ones.
///
/// ```
/// use enact::devalue::{self, Set};
///
/// let set = Set::from_iter(["red", "green"]);
/// let text = devalue::to_string(&set).unwrap();
/// assert_eq!(text, r#"[["Set",1,2],"red","green"]"#);
/// assert_eq!(devalue::from_str::<Set<&str>>(&text).unwrap(), set);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Set<T>(pub Vec<T>);

impl<K, V> Map<K, V> {
    /// The last value of a key that is equal.
    pub fn get<Q: ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: PartialEq<Q>,
    {
        self.0.iter().rev().find(|(candidate, _)| candidate == key).map(|(_, value)| value)
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl<T> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Tag::Map.marker(), &self.0)
    }
}

impl<T: Serialize> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Tag::Set.marker(), &self.0)
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = Content::new("a map");
        deserializer.deserialize_newtype_struct(Tag::Map.marker(), visitor).map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = Content::new("a set");
        deserializer.deserialize_newtype_struct(Tag::Set.marker(), visitor).map(Self)
    }
}

/// What a newtype struct holds.
pub(super) struct Content<T> {
    expecting: &'static str,
    content: PhantomData<T>,
}

impl<T> Content<T> {
    pub(super) fn new(expecting: &'static str) -> Self {
        Self { expecting, content: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Content<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

impl<K: JsonSchema, V: JsonSchema> JsonSchema for Map<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Map_of_{}_to_{}", K::schema_name(), V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [generator.subschema_for::<K>(), generator.subschema_for::<V>()],
                "minItems": 2,
                "maxItems": 2,
            },
            "x-type": "Map",
        })
    }
}

impl<T: JsonSchema> JsonSchema for Set<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Set_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<T>(),
            "uniqueItems": true,
            "x-type": "Set",
        })
    }
}
