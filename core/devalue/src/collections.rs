//! `Map` and `Set`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::marker::{Tag, deserialize_content};

/// JavaScript's `Map`: entries with keys of any type, in insertion order.
///
/// Equal keys are not merged, on writing or on reading. JavaScript keeps the last value of equal keys. In other formats
/// it is an array of pairs.
///
/// ```
/// use enact_devalue::Map;
///
/// let map = Map::from_iter([(1, "one"), (2, "two")]);
/// let text = enact_devalue::to_string(&map).unwrap();
/// assert_eq!(text, r#"[["Map",1,2,3,4],1,"one",2,"two"]"#);
/// assert_eq!(enact_devalue::from_str::<Map<u8, &str>>(&text).unwrap(), map);
/// assert_eq!(serde_json::to_string(&map).unwrap(), r#"[[1,"one"],[2,"two"]]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Map<K, V>(pub Vec<(K, V)>);

/// JavaScript's `Set`: values in insertion order.
///
/// Equal values are not merged, on writing or on reading. JavaScript keeps the first of equal values. In other formats
/// it is an array.
///
/// ```
/// use enact_devalue::Set;
///
/// let set = Set::from_iter(["red", "green"]);
/// let text = enact_devalue::to_string(&set).unwrap();
/// assert_eq!(text, r#"[["Set",1,2],"red","green"]"#);
/// assert_eq!(enact_devalue::from_str::<Set<&str>>(&text).unwrap(), set);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Set<T>(pub Vec<T>);

impl<K, V> Map<K, V> {
    /// Returns the last value whose key equals `key`.
    #[must_use]
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
        deserialize_content(deserializer, Tag::Map.marker(), "a map").map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_content(deserializer, Tag::Set.marker(), "a set").map(Self)
    }
}
