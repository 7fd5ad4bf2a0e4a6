//! Arrays with holes.

use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Value;
use crate::marker;
use crate::reference::{HOLE, SPARSE};

/// Serializes an array with holes in the shorter of two notations, as `stringify` does.
///
/// Either `-2` stands for each hole, or the items are `-7`, the length, and each index with its value.
pub(super) fn serialize_sparse_array<S: Serializer>(
    length: u32,
    entries: &[(u32, Value)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let is_ascending = entries.is_sorted_by(|(left, _), (right, _)| left < right);
    if !is_ascending || entries.last().is_some_and(|&(index, _)| index >= length) {
        let message = "invalid sparse array: expected ascending indices below the length";
        return Err(serde::ser::Error::custom(message));
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

/// A number that is written as itself, not as a slot.
struct Raw(i64);

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(marker::RAW, &self.0)
    }
}

/// Reads [`Value::SparseArray`] from pairs: the length and `undefined`, then each index and its value.
pub(super) struct SparseArray(pub(super) Value);

impl<'de> Deserialize<'de> for SparseArray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut pairs = Vec::<(u32, Value)>::deserialize(deserializer)?.into_iter();
        let (length, _) = pairs.next().ok_or_else(|| serde::de::Error::custom("expected a length"))?;
        Ok(Self(Value::SparseArray { length, entries: pairs.collect() }))
    }
}
