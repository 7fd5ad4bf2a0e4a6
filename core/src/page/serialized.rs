//! Serialization of results, as Astro's `serializeActionResult` does it.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::devalue;
use crate::error::{ActionError, parse_error};
use crate::media;
use crate::output::{AnyOutput, Output, OutputFormat};
use crate::panic::catch;

/// A serialized result of an action, in the shape of Astro's `serializeActionResult`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum SerializedResult {
    /// The action succeeded.
    #[serde(rename_all = "camelCase")]
    Data {
        /// The status, 200.
        status: u16,
        /// The media type, `application/json+devalue`.
        content_type: Cow<'static, str>,
        /// The output as devalue.
        body: String,
    },
    /// The action failed.
    #[serde(rename_all = "camelCase")]
    Error {
        /// The status of the error.
        status: u16,
        /// The media type, `application/json`.
        content_type: Cow<'static, str>,
        /// The error as JSON.
        body: String,
    },
    /// The action succeeded and its output is `()`.
    Empty {
        /// The status, 204.
        status: u16,
    },
}

impl SerializedResult {
    /// Returns the result as JSON that is escaped for an HTML attribute between double or single quotes.
    ///
    /// Scripts read it with `JSON.parse(element.dataset.result)`. A template must insert it without escaping it again.
    ///
    /// ```
    /// use enact::page::serialize_result;
    ///
    /// let result = serialize_result(Ok(&"\"</script>".to_owned()))?;
    /// let tag = format!(r#"<main data-result="{}">"#, result.to_attribute());
    /// assert!(!tag[1..].contains('<') && tag.matches('"').count() == 2);
    /// # Ok::<(), enact::devalue::Error>(())
    /// ```
    #[must_use]
    pub fn to_attribute(&self) -> String {
        // A result consists of strings and numbers, which always serialize.
        let json = serde_json::to_string(self).unwrap_or_default();
        let mut escaped = String::with_capacity(json.len() + json.len() / 4);
        for char in json.chars() {
            match char {
                '&' => escaped.push_str("&amp;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                char => escaped.push(char),
            }
        }
        escaped
    }
}

/// Serializes a result.
///
/// ```
/// use enact::page::{deserialize_result, serialize_result};
/// use enact::{ActionError, ActionErrorCode};
///
/// let serialized = serialize_result::<Vec<u8>>(Ok(&vec![1, 2]))?;
/// assert_eq!(deserialize_result::<Vec<u8>>(&serialized).unwrap(), [1, 2]);
///
/// let refused = ActionError::new(ActionErrorCode::Gone).with_message("Sold out");
/// let serialized = serialize_result::<Vec<u8>>(Err(&refused))?;
/// assert_eq!(deserialize_result::<Vec<u8>>(&serialized).unwrap_err().message(), "Sold out");
/// # Ok::<(), enact::devalue::Error>(())
/// ```
///
/// # Errors
///
/// Returns an error if the output cannot be serialized as devalue.
pub fn serialize_result<O: Output>(result: Result<&O, &ActionError>) -> Result<SerializedResult, devalue::Error> {
    match result {
        Ok(output) => serialize_output(output),
        Err(error) => Ok(serialize_error(error)),
    }
}

/// Deserializes a result.
///
/// # Errors
///
/// Returns the error of the action, or an internal error (500) if the result cannot be deserialized.
pub fn deserialize_result<O: DeserializeOwned>(result: &SerializedResult) -> Result<O, ActionError> {
    match result {
        SerializedResult::Data { body, .. } => devalue::from_str(body).map_err(ActionError::internal),
        SerializedResult::Empty { .. } => devalue::from_str("[null]").map_err(ActionError::internal),
        SerializedResult::Error { body, .. } => Err(parse_error(body.as_bytes()).unwrap_or_else(ActionError::internal)),
    }
}

fn serialize_output(output: &dyn AnyOutput) -> Result<SerializedResult, devalue::Error> {
    Ok(match output.serialize(OutputFormat::Devalue)? {
        Some(body) => SerializedResult::Data {
            status: 200,
            content_type: Cow::Borrowed(media::DEVALUE),
            body: String::from_utf8(body).map_err(serde::ser::Error::custom)?,
        },
        None => SerializedResult::Empty { status: 204 },
    })
}

fn serialize_error(error: &ActionError) -> SerializedResult {
    SerializedResult::Error {
        status: error.status().as_u16(),
        content_type: Cow::Borrowed("application/json"),
        // An error consists of strings and numbers, which always serialize. Pages insert it into
        // `<script type="application/json">`, which a `</script>` in a submitted value must not close.
        body: serde_json::to_string(error).unwrap_or_default().replace('<', "\\u003c"),
    }
}

/// Serializes a result whose output type is erased. Returns `None` if the output cannot be serialized.
pub(crate) fn serialize_any(result: Result<&dyn AnyOutput, &ActionError>) -> Option<SerializedResult> {
    match result {
        Ok(output) => catch(|| serialize_output(output)).ok()?.ok(),
        Err(error) => Some(serialize_error(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ActionErrorCode;

    #[test]
    fn to_attribute_escapes_hostile_text() {
        for hostile in ["</script>", "\" onload=\"alert(1)", "' x='", "&quot;", "&#39;&amp;lt;", "\u{2028}é\0"] {
            let hostile = hostile.to_owned();
            let refused = ActionError::new(ActionErrorCode::Gone).with_message(hostile.clone());
            for result in [Ok(&hostile), Err(&refused)] {
                let result = serialize_result(result).unwrap();
                let attribute = result.to_attribute();
                assert!(!attribute.contains(['"', '\'', '<', '>']), "{attribute}");
                // Unescape as a browser does.
                let json = ["&lt;<", "&gt;>", "&quot;\"", "&#39;'", "&amp;&"].iter().fold(attribute, |text, pair| {
                    let (reference, char) = pair.split_at(pair.len() - 1);
                    text.replace(reference, char)
                });
                assert_eq!(serde_json::from_str::<SerializedResult>(&json).unwrap(), result);
            }
        }
    }
}
