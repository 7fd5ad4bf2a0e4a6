//! The JSON of an error: Astro's `AstroActionInputError`, with issues and fields, or `AstroActionError`.

use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{ActionError, ActionErrorCode, Issue};

/// The JSON that Astro's client reads.
impl Serialize for ActionError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.issues {
            Some(issues) => {
                map.serialize_entry("type", "AstroActionInputError")?;
                map.serialize_entry("issues", issues)?;
                map.serialize_entry("fields", &FieldMessages(self))?;
            }
            None => {
                map.serialize_entry("type", "AstroActionError")?;
                map.serialize_entry("code", self.code.as_str())?;
                map.serialize_entry("status", &self.status().as_u16())?;
                map.serialize_entry("message", &self.message)?;
            }
        }
        map.end()
    }
}

struct FieldMessages<'a>(&'a ActionError);

impl Serialize for FieldMessages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.fields())
    }
}

/// Parses the JSON of an error.
pub(crate) fn parse_error(json: &[u8]) -> Result<ActionError, serde_json::Error> {
    #[derive(Deserialize)]
    #[serde(tag = "type")]
    enum Json {
        AstroActionInputError {
            issues: Vec<Issue>,
        },
        AstroActionError {
            code: String,
            #[serde(default)]
            status: u16,
            #[serde(default)]
            message: String,
        },
    }

    Ok(match serde_json::from_slice(json)? {
        Json::AstroActionInputError { issues } => ActionError::invalid(issues),
        Json::AstroActionError { code, status, message } => {
            ActionError::new(code.parse().unwrap_or(ActionErrorCode::from_status(status))).with_message(message)
        }
    })
}
