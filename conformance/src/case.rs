//! The model of a case file; `cases/README.md` is its description.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{page::Page, tagged::Tagged};

/// One request and what is expected of its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The area it belongs to, as its file names it.
    #[serde(skip)]
    pub area: String,
    /// The name it is reported by; it begins with the area.
    pub id: String,
    /// What is sent.
    pub request: CaseRequest,
    /// What must come back.
    pub expect: Expect,
    /// Why this is not what Astro answers, where it is not.
    #[serde(default)]
    pub deviation: Option<String>,
}

/// A request as recorded, its placeholders not yet filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRequest {
    /// The method.
    pub method: String,
    /// Path and query, sent as they stand.
    pub path: String,
    /// Names and values in order; those of the framing are not among them.
    pub headers: Vec<(String, String)>,
    /// How the body's length is told.
    pub framing: Framing,
    /// The body.
    pub body: Option<Body>,
}

/// How a request tells the length of its body (RFC 9112, section 6).
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Framing {
    /// By `Content-Length`, also when it is 0.
    Length,
    /// By `Transfer-Encoding: chunked`, in several chunks.
    Chunked,
    /// Neither header and no body.
    None,
    /// As the listed headers say, true or not, and the body as it stands: what only a connection carries.
    Raw,
}

/// The ways in which a case writes down its body.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// Text.
    Utf8(String),
    /// Bytes that need not be text.
    Base64(String),
    /// A long body: `prefix`, then `fill` `count` times, then `suffix`.
    Repeat {
        /// What comes first.
        prefix: String,
        /// What is repeated.
        fill: String,
        /// How often.
        count: usize,
        /// What comes last.
        suffix: String,
    },
}

/// What an answer is held against; what is absent is not looked at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Expect {
    /// The status.
    pub status: Option<u16>,
    /// The statuses of which it is one.
    pub status_in: Option<Vec<u16>>,
    /// The statuses of which it is none.
    pub status_not: Option<Vec<u16>>,
    /// The media type without its parameters.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// The `Allow` header.
    pub allow: Option<String>,
    /// The value that the devalue body decodes to.
    #[serde(deserialize_with = "present")]
    pub value: Option<Tagged>,
    /// The error body: its issues by `code`, `path` and `message`, every other key as a whole.
    pub json: Option<serde_json::Map<String, Value>>,
    /// The error's code alone.
    pub code: Option<String>,
    /// The issues' paths alone.
    pub paths: Option<Vec<Value>>,
    /// Texts that the body must not hold.
    pub body_lacks: Option<Vec<String>>,
    /// The most bytes that the body may have.
    pub body_at_most: Option<usize>,
    /// Texts that no header may hold, written `name: value` with the name in lower case.
    pub headers_lack: Option<Vec<String>>,
    /// Every `Set-Cookie` header, in any order.
    pub cookies: Option<Vec<String>>,
    /// What the page prints.
    pub page: Option<Page>,
    /// Path and query of the `Location` header.
    pub location: Option<String>,
}

/// An expected `null` is a value, not the absence of one.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Tagged>, D::Error> {
    Tagged::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_that_is_not_understood_is_refused() {
        assert!(serde_json::from_str::<Expect>(r#"{"status": 200, "etag": "x"}"#).is_err());
        assert!(serde_json::from_str::<Expect>(r#"{"value": {"$what": 1}}"#).is_err());
        assert!(serde_json::from_str::<Expect>(r#"{"value": [1]}"#).is_err());
    }

    #[test]
    fn a_null_value_is_expected_and_a_missing_one_is_not() {
        let null: Expect = serde_json::from_str(r#"{"value": null}"#).unwrap();
        assert_eq!(null.value, Some(Tagged::Null));
        let none: Expect = serde_json::from_str("{}").unwrap();
        assert_eq!(none.value, None);
    }

    #[test]
    fn a_body_is_written_in_one_of_three_ways() {
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
