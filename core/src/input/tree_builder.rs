//! Building of a [`Tree`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use super::file_slots;
use super::key::ObjectKey;
use crate::form::File;
use crate::schema::{Number, Tree};

/// Builds the tree of a Rust value, as the schema sees it. Files stay files.
pub(crate) fn to_tree<T: Serialize>(value: &T) -> Result<Tree<'static>, serde_json::Error> {
    let (value, files) = file_slots::collect_files(|| serde_json::to_value(value));
    let tree: Tree<'_> = Deserialize::deserialize(value?)?;
    Ok(tree.into_owned().with_files(&files))
}

impl Tree<'static> {
    /// Puts the files in the places of their slots.
    fn with_files(self, files: &[File]) -> Self {
        match self {
            Self::Array(items) => Self::Array(items.into_iter().map(|item| item.with_files(files)).collect()),
            Self::Object(entries) => {
                if let [(key, Tree::Number(Number::Unsigned(slot)))] = entries.as_slice()
                    && key == file_slots::SLOT_KEY
                    && let Some(file) = usize::try_from(*slot).ok().and_then(|slot| files.get(slot))
                {
                    return Self::File(file.clone());
                }
                Self::Object(entries.into_iter().map(|(key, value)| (key, value.with_files(files))).collect())
            }
            other => other,
        }
    }
}

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TreeVisitor;

        impl<'de> Visitor<'de> for TreeVisitor {
            type Value = Tree<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Tree::Null)
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Tree::Null)
            }

            fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
                Tree::deserialize(inner)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Tree::Bool(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
                Ok(Tree::Number(Number::Unsigned(value)))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Tree::Number(Number::Signed(value)))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
                Ok(Tree::Number(Number::Float(value)))
            }

            fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Tree::String(Cow::Owned(value.to_owned())))
            }

            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
                Ok(Tree::String(Cow::Borrowed(value)))
            }

            fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
                Ok(Tree::String(Cow::Owned(value)))
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, slot: D) -> Result<Self::Value, D::Error> {
                file_slots::load(slot).map(Tree::File)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Tree::Array(items))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries: Vec<(Cow<'de, str>, Tree<'de>)> = Vec::new();
                while let Some(ObjectKey(key)) = map.next_key()? {
                    entries.push((key, map.next_value()?));
                }
                Ok(Tree::Object(merge_repeated_keys(entries)))
            }
        }

        deserializer.deserialize_any(TreeVisitor)
    }
}

/// The number of keys up to which they are compared instead of hashed.
const COMPARE_UP_TO: usize = 16;

/// Keeps the place of the first entry and the value of the last entry of each key, like JavaScript.
fn merge_repeated_keys<'a>(entries: Vec<(Cow<'a, str>, Tree<'a>)>) -> Vec<(Cow<'a, str>, Tree<'a>)> {
    // Comparing a few keys with each other is cheaper than hashing them.
    let is_new = |(at, (key, _)): (usize, &(Cow<'a, str>, _))| !entries.iter().take(at).any(|(other, _)| other == key);
    if entries.len() <= COMPARE_UP_TO && entries.iter().enumerate().all(is_new) {
        return entries;
    }
    let mut places = HashMap::with_capacity(entries.len());
    let mut kept: Vec<(Cow<'a, str>, Tree<'a>)> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        match places.get(&key).and_then(|place: &usize| kept.get_mut(*place)) {
            Some(entry) => entry.1 = value,
            None => {
                places.insert(key.clone(), kept.len());
                kept.push((key, value));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_key_keeps_its_first_place_and_last_value() {
        for others in [0, 40] {
            let entries = (0..others).map(|i| format!(r#""x{i}":0,"#)).collect::<String>();
            let json = format!(r#"{{{entries}"a":1,"b":2,"a":3}}"#);
            let Ok(Tree::Object(entries)) = serde_json::from_str(&json) else { panic!("an object") };
            let [.., (a, Tree::Number(one)), (b, Tree::Number(two))] = entries.as_slice() else {
                panic!("{entries:?}")
            };
            assert_eq!((&**a, one.as_f64(), &**b, two.as_f64()), ("a", 3.0, "b", 2.0));
            assert_eq!(entries.len(), others + 2);
        }
    }
}
