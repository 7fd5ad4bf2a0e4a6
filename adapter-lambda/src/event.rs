//! The events that describe HTTP requests to a function.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::{Map, Value};

use crate::format::PayloadFormat;

/// An HTTP request, as API Gateway, a load balancer or a function URL describes it.
///
/// Deserialization fails for events of other services. If a supported event has an invalid part, for example a malformed
/// header, [`Function`](crate::Function) responds with 400.
#[derive(Debug)]
pub struct Event {
    json: Value,
    format: PayloadFormat,
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let format = PayloadFormat::detect(&json).ok_or_else(|| {
            D::Error::custom("unsupported event: expected one from API Gateway, a load balancer or a function URL")
        })?;
        Ok(Self { json, format })
    }
}

impl Event {
    pub(crate) fn format(&self) -> PayloadFormat {
        self.format
    }

    /// Returns a member of the event, or `null` if it is missing.
    pub(crate) fn member(&self, name: &str) -> &Value {
        &self.json[name]
    }

    /// Removes a member of the event and returns it, or `null` if it is missing.
    pub(crate) fn take_member(&mut self, name: &str) -> Value {
        self.json.get_mut(name).map(Value::take).unwrap_or_default()
    }

    pub(crate) fn request_context(&self) -> &Value {
        self.member("requestContext")
    }
}

/// Iterates over the members of an object. Any other value has no members.
pub(crate) fn iterate_members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
