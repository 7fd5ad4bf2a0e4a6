//! The path and the query of a request, as the client wrote them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::event::{Event, iterate_members};
use crate::format::PayloadFormat;

/// Characters that RFC 3986, section 3.3, forbids in a path, except for those that clients send nevertheless.
const PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'<').add(b'>').add(b'?').add(b'`');
/// Characters to encode in a path that the service has decoded.
const DECODED_PATH: &AsciiSet = &PATH.add(b'%').add(b'"').add(b'{').add(b'}').add(b'^').add(b'|').add(b'[').add(b']');
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'"').add(b'<').add(b'>');
/// Characters to encode in a query's names and values that the service has decoded.
const DECODED_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Returns the path that the client requested, percent-encoded.
///
/// `base_path` replaces the API's stage; see [`Function::base_path`](crate::Function::base_path).
pub(crate) fn build_path(event: &Event, base_path: Option<&str>) -> String {
    let context = event.request_context();
    let domain = context["domainName"].as_str().unwrap_or_default();
    let has_custom_domain = !domain.contains(".execute-api.");
    let path = read_path(event);
    let (base, path) = match (event.format(), base_path) {
        (PayloadFormat::LoadBalancer | PayloadFormat::LoadBalancerMulti, _) => ("", path),
        (PayloadFormat::V2, _) if is_function_url(event, domain) => ("", path),
        (PayloadFormat::V1, _) if has_custom_domain => ("", path),
        (_, Some(base)) => (base, strip_stage(path, &context["stage"])),
        // The event has the stage in the place of the mapping's key.
        (PayloadFormat::V2, None) if has_custom_domain => ("", strip_stage(path, &context["stage"])),
        (_, None) => ("", path),
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    let set = if is_path_decoded(event, domain) { DECODED_PATH } else { PATH };
    format!("{base}{slash}{}", utf8_percent_encode(path, set))
}

/// Returns the query that the client sent, percent-encoded and without the question mark.
///
/// Only payload format 2.0 has the query's text. Other formats group the values of a repeated name.
pub(crate) fn build_query(event: &Event) -> String {
    if event.format() == PayloadFormat::V2 {
        let query = event.member("rawQueryString").as_str().unwrap_or_default();
        return utf8_percent_encode(query, QUERY).to_string();
    }
    let set = if event.format() == PayloadFormat::V1 { DECODED_QUERY } else { QUERY };
    let encode = |text| Cow::from(utf8_percent_encode(text, set));
    let multi_value = event.member("multiValueQueryStringParameters");
    let parameters = if multi_value.is_object() { multi_value } else { event.member("queryStringParameters") };
    let mut query = String::new();
    for (name, values) in iterate_members(parameters) {
        for value in values.as_array().map_or(std::slice::from_ref(values), Vec::as_slice) {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(&encode(name));
            query.push('=');
            query.push_str(&encode(value.as_str().unwrap_or_default()));
        }
    }
    query
}

fn read_path(event: &Event) -> &str {
    let context = event.request_context();
    let path = match event.format() {
        PayloadFormat::V2 => event.member("rawPath").as_str().or_else(|| context["http"]["path"].as_str()),
        // The `path` of a REST API's event lacks the stage. That of an HTTP API's event has it.
        PayloadFormat::V1 if event.member("version") != "1.0" => {
            context["path"].as_str().or_else(|| event.member("path").as_str())
        }
        _ => event.member("path").as_str(),
    };
    path.unwrap_or("/")
}

fn strip_stage<'a>(path: &'a str, stage: &Value) -> &'a str {
    let rest = stage.as_str().and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage));
    rest.filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path)
}

/// Only the domain distinguishes events of function URLs from events of HTTP APIs. Events of emulators have no API id.
fn is_function_url(event: &Event, domain: &str) -> bool {
    domain.contains(".lambda-url.") || !event.request_context()["apiId"].is_string()
}

/// HTTP APIs decode the path, in both payload formats.
fn is_path_decoded(event: &Event, domain: &str) -> bool {
    match event.format() {
        PayloadFormat::V1 => event.member("version") == "1.0",
        PayloadFormat::V2 => !is_function_url(event, domain),
        PayloadFormat::LoadBalancer | PayloadFormat::LoadBalancerMulti => false,
    }
}
