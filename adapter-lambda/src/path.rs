//! Paths and queries, as the caller wrote them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::event::{Event, Format, members};

/// What cannot stand in a path as it is (RFC 3986, section 3.3), but for what clients send all the same.
const PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'<').add(b'>').add(b'?').add(b'`');
/// The same of a path that was decoded.
const DECODED_PATH: &AsciiSet = &PATH.add(b'%').add(b'"').add(b'{').add(b'}').add(b'^').add(b'|').add(b'[').add(b']');
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'"').add(b'<').add(b'>');
/// A name or value of a query that was decoded.
const DECODED_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The path by which the caller called, percent-encoded.
pub(crate) fn called_path(event: &Event, base_path: Option<&str>) -> String {
    let context = event.context();
    let domain = context["domainName"].as_str().unwrap_or_default();
    let own_domain = !domain.contains(".execute-api.");
    let told = told(event);
    let (base, path) = match (event.format(), base_path) {
        (Format::Balancer | Format::BalancerMulti, _) => ("", told),
        (Format::V2, _) if is_function_url(event, domain) => ("", told),
        (Format::V1, _) if own_domain => ("", told),
        (_, Some(base)) => (base, without_stage(told, &context["stage"])),
        // Here the stage stands where the caller wrote the mapping's key, or nothing.
        (Format::V2, None) if own_domain => ("", without_stage(told, &context["stage"])),
        (_, None) => ("", told),
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    let set = if is_decoded(event, domain) { DECODED_PATH } else { PATH };
    format!("{base}{slash}{}", utf8_percent_encode(path, set))
}

fn told(event: &Event) -> &str {
    let (json, context) = (&event.json, event.context());
    let path = match event.format() {
        Format::V2 => json["rawPath"].as_str().or_else(|| context["http"]["path"].as_str()),
        // In a REST API's `path` the stage is missing, in an HTTP API's it is not.
        Format::V1 if json["version"] != "1.0" => context["path"].as_str().or_else(|| json["path"].as_str()),
        _ => json["path"].as_str(),
    };
    path.unwrap_or("/")
}

fn without_stage<'a>(path: &'a str, stage: &Value) -> &'a str {
    let rest = stage.as_str().and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage));
    rest.filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path)
}

/// The events of function URLs look like those of HTTP APIs but for their domain; those of their emulators have no API.
fn is_function_url(event: &Event, domain: &str) -> bool {
    domain.contains(".lambda-url.") || !event.context()["apiId"].is_string()
}

/// Whether the path was decoded on its way: HTTP APIs do that, in both formats.
fn is_decoded(event: &Event, domain: &str) -> bool {
    match event.format() {
        Format::V1 => event.json["version"] == "1.0",
        Format::V2 => !is_function_url(event, domain),
        Format::Balancer | Format::BalancerMulti => false,
    }
}

/// The query, percent-encoded, without its question mark.
pub(crate) fn query(event: &Event) -> String {
    let json = &event.json;
    if event.format() == Format::V2 {
        return utf8_percent_encode(json["rawQueryString"].as_str().unwrap_or_default(), QUERY).to_string();
    }
    let set = if event.format() == Format::V1 { DECODED_QUERY } else { QUERY };
    let encode = |text| Cow::from(utf8_percent_encode(text, set));
    let several = &json["multiValueQueryStringParameters"];
    let parameters = if several.is_object() { several } else { &json["queryStringParameters"] };
    let mut query = String::new();
    for (name, values) in members(parameters) {
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
