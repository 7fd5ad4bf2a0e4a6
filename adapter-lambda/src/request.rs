//! Conversion of events to requests.
//!
//! `lambda_http`'s own conversion is not used, for these reasons:
//!
//! * It keeps one value of a repeated header, so the cross-site check does not see the others.
//! * It normalizes paths, and decodes an HTTP API's paths a second time.
//! * It reorders the query's parameters.
//! * It panics if the host, the query or the body is malformed.

use std::net::{IpAddr, SocketAddr};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use enact::{ClientAddr, ReceivedAt};
use http::uri::{Parts, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use lambda_http::request::RequestContext;
use serde_json::Value;

use crate::event::{Event, iterate_members};
use crate::format::PayloadFormat;
use crate::path::{build_path, build_query};
use crate::settings::Settings;

/// The error of an event that has an invalid part.
#[derive(Debug)]
pub(crate) struct InvalidEvent {
    /// The name of the part, for example `header value`.
    pub(crate) part: &'static str,
}

/// Converts an event to the request that the client sent.
///
/// # Errors
///
/// Returns an error if a part of the event is invalid in a request. This includes headers, because the cross-site check might
/// accept a request that lacks one.
pub(crate) fn build_request(mut event: Event, settings: &Settings) -> Result<Request<Bytes>, InvalidEvent> {
    let body = take_body(&mut event)?;
    let mut request = Request::new(body);
    *request.method_mut() = read_method(&event)?;
    *request.uri_mut() = build_uri(&event, settings)?;
    *request.headers_mut() = build_headers(&event)?;
    // REST APIs omit the length.
    let length = request.body().len();
    if length > 0 {
        request.headers_mut().entry(header::CONTENT_LENGTH).or_insert(length.into());
    }
    let address = read_client_address(&event, settings, request.headers());
    let extensions = request.extensions_mut();
    extensions.insert(ReceivedAt::from(SystemTime::now()));
    if let Some(address) = address {
        extensions.insert(ClientAddr(address));
    }
    if let Some(context) = take_request_context(event) {
        extensions.insert(context);
    }
    Ok(request)
}

fn take_body(event: &mut Event) -> Result<Bytes, InvalidEvent> {
    let is_base64 = event.member("isBase64Encoded") == true;
    match event.take_member("body") {
        Value::Null => Ok(Bytes::new()),
        Value::String(text) if is_base64 => {
            STANDARD.decode(text).map(Bytes::from).map_err(|_| InvalidEvent { part: "base64 of the body" })
        }
        Value::String(text) => Ok(text.into()),
        _ => Err(InvalidEvent { part: "body" }),
    }
}

fn read_method(event: &Event) -> Result<Method, InvalidEvent> {
    let method = match event.format() {
        PayloadFormat::V2 => &event.request_context()["http"]["method"],
        _ => event.member("httpMethod"),
    };
    let method = method.as_str().and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    method.ok_or(InvalidEvent { part: "method" })
}

/// Builds an absolute URI if the event has a domain. Load balancers send neither the domain nor the scheme. The other
/// services always use TLS.
fn build_uri(event: &Event, settings: &Settings) -> Result<Uri, InvalidEvent> {
    const INVALID: InvalidEvent = InvalidEvent { part: "path or query" };
    let mut target = build_path(event, settings.base_path.as_deref());
    let query = build_query(event);
    if !query.is_empty() {
        target.push('?');
        target.push_str(&query);
    }
    let target: PathAndQuery = target.parse().map_err(|_| INVALID)?;
    let mut parts = Parts::default();
    parts.path_and_query = Some(target);
    if let Some(host) = event.request_context()["domainName"].as_str().and_then(|host| host.parse().ok()) {
        parts.scheme = Some(Scheme::HTTPS);
        parts.authority = Some(host);
    }
    Uri::from_parts(parts).map_err(|_| INVALID)
}

fn build_headers(event: &Event) -> Result<HeaderMap, InvalidEvent> {
    let mut headers = HeaderMap::new();
    for (name, values) in iterate_members(event.member("multiValueHeaders")) {
        let name = parse_header_name(name)?;
        for value in values.as_array().ok_or(InvalidEvent { part: "header value" })? {
            headers.append(&name, parse_header_value(value)?);
        }
    }
    // `headers` has only the last value of a repeated header.
    let multi_value = headers.clone();
    for (name, value) in iterate_members(event.member("headers")) {
        let name = parse_header_name(name)?;
        if !multi_value.contains_key(&name) {
            headers.append(name, parse_header_value(value)?);
        }
    }
    if let (PayloadFormat::V2, Some(cookies)) = (event.format(), event.member("cookies").as_array()) {
        let cookies: Option<Vec<_>> = cookies.iter().map(Value::as_str).collect();
        let cookies = cookies.ok_or(InvalidEvent { part: "cookie" })?.join("; ");
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.parse().map_err(|_| InvalidEvent { part: "cookie" })?);
        }
    }
    Ok(headers)
}

fn parse_header_name(name: &str) -> Result<HeaderName, InvalidEvent> {
    name.parse().map_err(|_| InvalidEvent { part: "header name" })
}

fn parse_header_value(value: &Value) -> Result<HeaderValue, InvalidEvent> {
    value.as_str().and_then(|value| value.parse().ok()).ok_or(InvalidEvent { part: "header value" })
}

fn read_client_address(event: &Event, settings: &Settings, headers: &HeaderMap) -> Option<IpAddr> {
    let context = event.request_context();
    let text = match event.format() {
        PayloadFormat::V1 => context["identity"]["sourceIp"].as_str()?,
        PayloadFormat::V2 => context["http"]["sourceIp"].as_str()?,
        PayloadFormat::LoadBalancer | PayloadFormat::LoadBalancerMulti => {
            if !settings.trust_forwarded_for {
                return None;
            }
            let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim()
        }
    };
    // A load balancer can be configured to append the port.
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn take_request_context(mut event: Event) -> Option<RequestContext> {
    let context = event.take_member("requestContext");
    match event.format() {
        PayloadFormat::V1 => serde_json::from_value(context).ok().map(RequestContext::ApiGatewayV1),
        PayloadFormat::V2 => serde_json::from_value(context).ok().map(RequestContext::ApiGatewayV2),
        PayloadFormat::LoadBalancer | PayloadFormat::LoadBalancerMulti => {
            serde_json::from_value(context).ok().map(RequestContext::Alb)
        }
    }
}
