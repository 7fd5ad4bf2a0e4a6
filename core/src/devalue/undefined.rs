use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::collections::Content;
use super::marker;

/// JavaScript's `undefined`, where `()` and `None` are `null`.
///
/// In other formats it is the unit, `null` in JSON.
///
/// ```
/// use enact::devalue::{self, Undefined};
///
/// assert_eq!(devalue::to_string(&Undefined).unwrap(), "-1");
/// assert_eq!(devalue::to_string(&[Undefined]).unwrap(), "[[-1]]");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Undefined;

/// An `Option` that is `undefined` instead of `null` where there is no value.
///
/// ```
/// use enact::devalue::{self, OrUndefined};
///
/// assert_eq!(devalue::to_string(&[OrUndefined(Some(5)), OrUndefined(None)]).unwrap(), "[[1,-1],5]");
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
        let visitor = Content::<()>::new("undefined");
        deserializer.deserialize_newtype_struct(marker::UNDEFINED, visitor).map(|()| Self)
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

impl JsonSchema for Undefined {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Undefined".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "null", "x-type": "Undefined" })
    }
}

impl<T: JsonSchema> JsonSchema for OrUndefined<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}_or_Undefined", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [generator.subschema_for::<T>(), generator.subschema_for::<Undefined>()],
        })
    }
}
