//! Answers, in the shape that whoever sent the event reads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::event::{Format, Malformed};

/// An answer, as Lambda is given it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
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

impl Answer {
    pub(crate) fn new(format: Format, response: Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        let (body, is_base64_encoded) = match str::from_utf8(&body) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (STANDARD.encode(&body), true),
        };
        let mut answer = Self {
            status_code: head.status.as_u16(),
            status_description: None,
            headers: None,
            multi_value_headers: None,
            cookies: None,
            body,
            is_base64_encoded,
        };
        if matches!(format, Format::Balancer | Format::BalancerMulti) {
            let reason = head.status.canonical_reason().unwrap_or("Unknown");
            answer.status_description = Some(format!("{} {reason}", head.status.as_u16()));
        }
        let headers = head.headers;
        match format {
            Format::V1 | Format::BalancerMulti => answer.multi_value_headers = Some(every_value(&headers)),
            Format::V2 => {
                answer.cookies = Some(values(&headers, &header::SET_COOKIE).map(Value::from).collect());
                answer.headers = Some(joined(&headers));
            }
            Format::Balancer => {
                let mut single = joined(&headers);
                single.extend(spelled_apart(values(&headers, &header::SET_COOKIE)));
                answer.headers = Some(single);
            }
        }
        answer
    }

    pub(crate) fn malformed(format: Format, Malformed(what): &Malformed) -> Self {
        tracing::warn!("{what} of an event is malformed");
        let mut response = Response::new(Bytes::from(format!("Bad Request: {what} is malformed")));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        let text = http::HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, text);
        Self::new(format, response)
    }
}

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = String> + use<'a> {
    headers.get_all(name).into_iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn every_value(headers: &HeaderMap) -> Map<String, Value> {
    headers.keys().map(|name| (name.to_string(), values(headers, name).collect())).collect()
}

/// One value for each header but for cookies, which no comma may join (RFC 9110, section 5.3).
fn joined(headers: &HeaderMap) -> Map<String, Value> {
    let others = headers.keys().filter(|name| *name != header::SET_COOKIE);
    others.map(|name| (name.to_string(), values(headers, name).collect::<Vec<_>>().join(", ").into())).collect()
}

/// Cookies by names that differ in their case alone, which HTTP takes for one.
fn spelled_apart(cookies: impl Iterator<Item = String>) -> impl Iterator<Item = (String, Value)> {
    const SPELLINGS: usize = 1 << "setcookie".len();
    cookies.enumerate().filter_map(|(index, cookie)| {
        if index >= SPELLINGS {
            tracing::error!("a load balancer without multi-value headers takes {SPELLINGS} cookies; one is lost");
            return None;
        }
        let mut bits = index;
        let spelling = "set-cookie".chars().map(|sign| {
            let upper = sign != '-' && bits & 1 == 1;
            bits >>= usize::from(sign != '-');
            if upper { sign.to_ascii_uppercase() } else { sign }
        });
        Some((spelling.collect(), cookie.into()))
    })
}
