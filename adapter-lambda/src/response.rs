//! Conversion of responses to the shape that the event's sender reads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Response, header};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::format::PayloadFormat;

/// The response to an [`Event`](crate::Event), in the event's payload format.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LambdaResponse {
    status_code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_value_headers: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cookies: Option<Vec<Value>>,
    body: String,
    is_base64_encoded: bool,
}

impl LambdaResponse {
    /// Converts a response to a payload format. A body that is not UTF-8 is encoded as base64.
    pub(crate) fn new(format: PayloadFormat, response: Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        let (body, is_base64_encoded) = match str::from_utf8(&body) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (STANDARD.encode(&body), true),
        };
        let mut response = Self {
            status_code: head.status.as_u16(),
            status_description: None,
            headers: None,
            multi_value_headers: None,
            cookies: None,
            body,
            is_base64_encoded,
        };
        if format.is_load_balancer() {
            let reason = head.status.canonical_reason().unwrap_or("Unknown");
            response.status_description = Some(format!("{} {reason}", head.status.as_u16()));
        }
        let headers = head.headers;
        match format {
            PayloadFormat::V1 | PayloadFormat::LoadBalancerMulti => {
                response.multi_value_headers = Some(group_values(&headers));
            }
            PayloadFormat::V2 => {
                response.cookies = Some(iterate_values(&headers, &header::SET_COOKIE).map(Value::from).collect());
                response.headers = Some(join_values(&headers));
            }
            PayloadFormat::LoadBalancer => {
                let mut single_value = join_values(&headers);
                single_value.extend(vary_case(iterate_values(&headers, &header::SET_COOKIE)));
                response.headers = Some(single_value);
            }
        }
        response
    }
}

fn iterate_values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = String> + use<'a> {
    headers.get_all(name).into_iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Returns the list of values of each header.
fn group_values(headers: &HeaderMap) -> Map<String, Value> {
    headers.keys().map(|name| (name.to_string(), iterate_values(headers, name).collect())).collect()
}

/// Returns one value per header, joined by commas. `Set-Cookie` is left out, since its values must not be joined
/// (RFC 9110, section 5.3).
fn join_values(headers: &HeaderMap) -> Map<String, Value> {
    let others = headers.keys().filter(|name| *name != header::SET_COOKIE);
    others.map(|name| (name.to_string(), iterate_values(headers, name).collect::<Vec<_>>().join(", ").into())).collect()
}

/// Gives each cookie a spelling of `set-cookie` with other upper-case letters, since a map has each name once. HTTP
/// treats all spellings as the same name.
fn vary_case(cookies: impl Iterator<Item = String>) -> impl Iterator<Item = (String, Value)> {
    const SPELLINGS: usize = 1 << "setcookie".len();
    cookies.enumerate().filter_map(|(index, cookie)| {
        if index >= SPELLINGS {
            tracing::error!(
                "cookie dropped: without multi-value headers, a load balancer's response has at most {SPELLINGS} cookies"
            );
            return None;
        }
        let mut bits = index;
        let spelling = "set-cookie".chars().map(|letter| {
            let is_upper = letter != '-' && bits & 1 == 1;
            bits >>= usize::from(letter != '-');
            if is_upper { letter.to_ascii_uppercase() } else { letter }
        });
        Some((spelling.collect(), cookie.into()))
    })
}
