use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::marker;

/// JavaScript's `undefined`.
///
/// In other formats it is the unit, which is `null` in JSON.
///
/// ```
/// use enact_devalue::Undefined;
///
/// assert_eq!(enact_devalue::to_string(&Undefined).unwrap(), "-1");
/// assert_eq!(enact_devalue::to_string(&[Undefined]).unwrap(), "[[-1]]");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Undefined;

/// An `Option` whose `None` is `undefined` instead of `null`.
///
/// It reads `null` as `None` too.
///
/// ```
/// use enact_devalue::OrUndefined;
///
/// assert_eq!(enact_devalue::to_string(&[OrUndefined(Some(5)), OrUndefined(None)]).unwrap(), "[[1,-1],5]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct OrUndefined<T>(pub Option<T>);

impl<T> Default for OrUndefined<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<Option<T>> for OrUndefined<T> {
    fn from(value: Option<T>) -> Self {
        Self(value)
    }
}

impl Serialize for Undefined {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(marker::UNDEFINED, &())
    }
}

impl<'de> Deserialize<'de> for Undefined {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        marker::deserialize_content(deserializer, marker::UNDEFINED, "undefined").map(|()| Self)
    }
}

impl<T: Serialize> Serialize for OrUndefined<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(value) => value.serialize(serializer),
            None => Undefined.serialize(serializer),
        }
    }
}
