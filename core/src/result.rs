//! What came of a call, in the form in which it travels.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::accept::{Format, PLAIN_JSON};
use crate::devalue;
use crate::error::{ActionError, ActionErrorCode};
use crate::handler::{AnyOutput, Output};
use crate::issue::Issue;
use crate::media;
use crate::panic::catch;
use crate::rejection::Rejection;

/// A result as it travels: in an answer, to a page, or through a store.
///
/// Its shape is that of Astro's `serializeActionResult`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum SerializedResult {
    /// The action succeeded.
    #[serde(rename_all = "camelCase")]
    Data {
        /// 200.
        status: u16,
        /// `application/json+devalue`
        content_type: Cow<'static, str>,
        /// The output, as devalue.
        body: String,
    },
    /// The action failed.
    #[serde(rename_all = "camelCase")]
    Error {
        /// The status of the error's code.
        status: u16,
        /// `application/json`
        content_type: Cow<'static, str>,
        /// The error, as JSON.
        body: String,
    },
    /// The action succeeded and has nothing to say.
    Empty {
        /// 204.
        status: u16,
    },
}

impl SerializedResult {
    /// The result as JSON for the value of an HTML attribute, between double or single quotes: for a script that reads it by
    /// `JSON.parse(element.dataset.result)`. A template that escapes must not escape it again.
    ///
    /// ```
    /// use enact::serialize_result;
    ///
    /// let result = serialize_result(Ok(&"\"</script>".to_owned()))?;
    /// let tag = format!(r#"<main data-result="{}">"#, result.to_attribute());
    /// assert!(!tag[1..].contains('<') && tag.matches('"').count() == 2);
    /// # Ok::<(), enact::devalue::Error>(())
    /// ```
    #[must_use]
    pub fn to_attribute(&self) -> String {
        // A result is made of texts and numbers, which always serialise.
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

/// Makes a result ready to travel.
///
/// ```
/// use enact::{ActionError, ActionErrorCode, deserialize_result, serialize_result};
///
/// let sent = serialize_result::<Vec<u8>>(Ok(&vec![1, 2]))?;
/// assert_eq!(deserialize_result::<Vec<u8>>(&sent).unwrap(), [1, 2]);
///
/// let refused = ActionError::new(ActionErrorCode::Gone).message("Sold out");
/// let sent = serialize_result::<Vec<u8>>(Err(&refused))?;
/// assert_eq!(deserialize_result::<Vec<u8>>(&sent).unwrap_err().text(), "Sold out");
/// # Ok::<(), enact::devalue::Error>(())
/// ```
///
/// # Errors
///
/// If the output cannot be written as devalue.
pub fn serialize_result<O: Output>(result: Result<&O, &ActionError>) -> Result<SerializedResult, devalue::Error> {
    match result {
        Ok(output) => data(output),
        Err(error) => Ok(failure(error)),
    }
}

/// Reads a result that travelled.
///
/// # Errors
///
/// The error that travelled; a result that does not read is one of status 500.
pub fn deserialize_result<O: DeserializeOwned>(result: &SerializedResult) -> Result<O, ActionError> {
    match result {
        SerializedResult::Data { body, .. } => devalue::from_str(body).map_err(ActionError::internal),
        SerializedResult::Empty { .. } => devalue::from_str("[null]").map_err(ActionError::internal),
        // One that is not of ours is of status 500, its text kept for the log alone.
        SerializedResult::Error { body, .. } => {
            Err(error_from_json(body.as_bytes()).unwrap_or_else(ActionError::internal))
        }
    }
}

/// The error of an answer's body.
pub(crate) fn error_from_json(body: &[u8]) -> Result<ActionError, serde_json::Error> {
    #[derive(Deserialize)]
    #[serde(tag = "type")]
    enum Body {
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

    Ok(match serde_json::from_slice(body)? {
        Body::AstroActionInputError { issues } => ActionError::invalid(issues),
        Body::AstroActionError { code, status, message } => {
            ActionError::new(code.parse().unwrap_or(ActionErrorCode::from_status(status))).message(message)
        }
    })
}

fn data(output: &dyn AnyOutput) -> Result<SerializedResult, devalue::Error> {
    Ok(match output.serialize(Format::Devalue)? {
        Some(body) => SerializedResult::Data {
            status: 200,
            content_type: Cow::Borrowed(media::DEVALUE),
            body: String::from_utf8(body).map_err(serde::ser::Error::custom)?,
        },
        None => SerializedResult::Empty { status: 204 },
    })
}

fn failure(error: &ActionError) -> SerializedResult {
    SerializedResult::Error {
        status: error.status().as_u16(),
        content_type: Cow::Borrowed("application/json"),
        // An error is made of texts and numbers, which always serialise.
        // Pages put it into `<script type="application/json">`, which a `</script>` of the client's must not end.
        body: serde_json::to_string(error).unwrap_or_default().replace('<', "\\u003c"),
    }
}

/// The result of a call whose output type is not known here.
pub(crate) fn serialize(result: Result<&dyn AnyOutput, &ActionError>) -> Result<SerializedResult, Rejection> {
    match result {
        Ok(output) => catch(|| data(output))?.map_err(Rejection::Unserializable),
        Err(error) => Ok(failure(error)),
    }
}

/// The answer to a client: what an output was written as, nothing, or an error.
pub(crate) fn respond(result: Result<Option<(Format, Vec<u8>)>, ActionError>) -> Response<Bytes> {
    // What a header may hold is checked when this is compiled.
    let (status, content_type, body) = match result {
        Ok(Some((Format::Devalue, body))) => {
            (StatusCode::OK, Some(const { HeaderValue::from_static(media::DEVALUE) }), body)
        }
        Ok(Some((Format::PlainJson, body))) => {
            (StatusCode::OK, Some(const { HeaderValue::from_static(PLAIN_JSON) }), body)
        }
        Ok(None) => (StatusCode::NO_CONTENT, None, Vec::new()),
        // An error is made of texts and numbers, which always serialise.
        Err(error) => (
            error.status(),
            Some(const { HeaderValue::from_static(media::JSON) }),
            serde_json::to_vec(&error).unwrap_or_default(),
        ),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    if let Some(content_type) = content_type {
        // Astro answers without, and so does devalue here: no cache keeps the answer to a POST unless it is told to.
        if content_type == PLAIN_JSON {
            response.headers_mut().insert(header::VARY, const { HeaderValue::from_static("accept") });
        }
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    response
}

pub(crate) fn append_cookies(headers: &mut HeaderMap, cookies: Vec<HeaderValue>) {
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_holds_the_result_whatever_is_in_it() {
        for hostile in ["</script>", "\" onload=\"alert(1)", "' x='", "&quot;", "&#39;&amp;lt;", "\u{2028}é\0"] {
            let hostile = hostile.to_owned();
            let refused = ActionError::new(ActionErrorCode::Gone).message(hostile.clone());
            for result in [Ok(&hostile), Err(&refused)] {
                let result = serialize_result(result).unwrap();
                let attribute = result.to_attribute();
                assert!(!attribute.contains(['"', '\'', '<', '>']), "{attribute}");
                // What a browser makes of it.
                let json = ["&lt;<", "&gt;>", "&quot;\"", "&#39;'", "&amp;&"].iter().fold(attribute, |text, pair| {
                    let (reference, char) = pair.split_at(pair.len() - 1);
                    text.replace(reference, char)
                });
                assert_eq!(serde_json::from_str::<SerializedResult>(&json).unwrap(), result);
            }
        }
    }
}
