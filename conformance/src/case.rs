//! The model of a case file, which `cases/README.md` describes.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{page::Page, tagged::Tagged};

/// A request and the expectations of its response.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The area, as given in the file.
    #[serde(skip)]
    pub area: String,
    /// The name in reports. It begins with the area.
    pub id: String,
    /// The request.
    pub request: CaseRequest,
    /// The expectations of the response.
    pub expect: Expect,
    /// The reason why the expectation differs from Astro's response, if it does.
    #[serde(default)]
    pub deviation: Option<String>,
}

/// A request as recorded, with placeholders.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRequest {
    /// The method.
    pub method: String,
    /// The path and query, which are sent unchanged.
    pub path: String,
    /// Names and values in order, without the framing headers.
    pub headers: Vec<(String, String)>,
    /// The framing of the body.
    pub framing: Framing,
    /// The body.
    pub body: Option<Body>,
}

/// The way in which a request states the length of its body (RFC 9112, section 6).
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Framing {
    /// `Content-Length`, even if it is 0.
    Length,
    /// `Transfer-Encoding: chunked`, in several chunks.
    Chunked,
    /// No framing header and no body.
    None,
    /// The listed headers and the body unchanged, even if they contradict each other. Requires a connection.
    Raw,
}

/// A body in the notation of a case file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// Text.
    Utf8(String),
    /// Bytes.
    Base64(String),
    /// A long body: `prefix`, then `fill` `count` times, then `suffix`.
    Repeat {
        /// The beginning.
        prefix: String,
        /// The repeated text.
        fill: String,
        /// The number of repetitions.
        count: usize,
        /// The end.
        suffix: String,
    },
}

/// The expectations of a response. Absent expectations are not checked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Expect {
    /// The status.
    pub status: Option<u16>,
    /// The allowed statuses.
    pub status_in: Option<Vec<u16>>,
    /// The forbidden statuses.
    pub status_not: Option<Vec<u16>>,
    /// The media type without its parameters.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// The `Allow` header.
    pub allow: Option<String>,
    /// The value of the devalue body.
    #[serde(deserialize_with = "present")]
    pub value: Option<Tagged>,
    /// The error body. Issues are compared by `code`, `path` and `message`, other keys as a whole.
    pub json: Option<serde_json::Map<String, Value>>,
    /// The error's code.
    pub code: Option<String>,
    /// The issues' paths.
    pub paths: Option<Vec<Value>>,
    /// Texts that must not occur in the body.
    pub body_lacks: Option<Vec<String>>,
    /// The maximum size of the body, in bytes.
    pub body_at_most: Option<usize>,
    /// Texts that must not occur in a header, written `name: value` with the name in lower case.
    pub headers_lack: Option<Vec<String>>,
    /// Every `Set-Cookie` header, in any order.
    pub cookies: Option<Vec<String>>,
    /// The contents of the page.
    pub page: Option<Page>,
    /// The path and query of the `Location` header.
    pub location: Option<String>,
}

/// Reads an expected `null` as a value, not as an absent expectation.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Tagged>, D::Error> {
    Tagged::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_expectation_is_an_error() {
        assert!(serde_json::from_str::<Expect>(r#"{"status": 200, "etag": "x"}"#).is_err());
        assert!(serde_json::from_str::<Expect>(r#"{"value": {"$what": 1}}"#).is_err());
        assert!(serde_json::from_str::<Expect>(r#"{"value": [1]}"#).is_err());
    }

    #[test]
    fn expected_null_differs_from_no_expectation() {
        let null: Expect = serde_json::from_str(r#"{"value": null}"#).unwrap();
        assert_eq!(null.value, Some(Tagged::Null));
        let none: Expect = serde_json::from_str("{}").unwrap();
        assert_eq!(none.value, None);
    }

    #[test]
    fn body_has_three_notations() {
        for body in [
            r#"{"utf8": "x"}"#,
            r#"{"base64": "eA=="}"#,
            r#"{"repeat": {"prefix": "a", "fill": "b", "count": 2, "suffix": "c"}}"#,
        ] {
            serde_json::from_str::<Body>(body).unwrap();
        }
        assert!(serde_json::from_str::<Body>(r#"{"hex": "78"}"#).is_err());
    }
}
