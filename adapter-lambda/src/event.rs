//! Events: a request as the services in front of a function tell it.
//!
//! Not by `lambda_http`'s own conversion. That keeps one value where a header came twice, of the cross-site rule's too; it
//! normalises paths, and decodes an HTTP API's a second time; it mixes up the order of a query; and it panics on a host, a
//! query or a body that is malformed.

use std::net::{IpAddr, SocketAddr};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use enact::{ClientAddr, ReceivedAt};
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use http_body::Body as _;
use lambda_http::request::RequestContext;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::{Map, Value};

use crate::function::{Body, Settings};
use crate::path::{called_path, query};

/// A request as API Gateway, a load balancer or a function URL tells it.
///
/// Reading one fails if it is no such event. Whatever else is wrong with it is answered with 400.
#[derive(Debug)]
pub struct Event {
    pub(crate) json: Value,
    format: Format,
}

/// The shapes of events and their answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// API Gateway's payload format 1.0: REST APIs, and HTTP APIs that are set to it.
    V1,
    /// Payload format 2.0: HTTP APIs and function URLs.
    V2,
    /// A load balancer's, where headers have one value.
    Balancer,
    /// A load balancer's with multi-value headers.
    BalancerMulti,
}

/// What is wrong with an event.
#[derive(Debug)]
pub(crate) struct Malformed(pub(crate) &'static str);

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let context = &json["requestContext"];
        let format = if context["elb"].is_object() {
            if json["multiValueHeaders"].is_object() { Format::BalancerMulti } else { Format::Balancer }
        } else if context["http"].is_object() {
            Format::V2
        } else if json["httpMethod"].is_string() {
            Format::V1
        } else {
            return Err(D::Error::custom("an event of API Gateway, a load balancer or a function URL was expected"));
        };
        Ok(Self { json, format })
    }
}

impl Event {
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn context(&self) -> &Value {
        &self.json["requestContext"]
    }

    pub(crate) fn into_request(mut self, settings: &Settings) -> Result<Request<Body>, Malformed> {
        let body = self.body()?;
        let mut request = Request::new(body);
        *request.method_mut() = self.method()?;
        *request.uri_mut() = self.uri(settings)?;
        *request.headers_mut() = self.headers()?;
        // It is known, though not every event tells it.
        if let Some(length) = request.body().size_hint().exact().filter(|length| *length > 0) {
            request.headers_mut().entry(header::CONTENT_LENGTH).or_insert(length.into());
        }
        let address = self.address(settings, request.headers());
        let extensions = request.extensions_mut();
        extensions.insert(ReceivedAt::from(SystemTime::now()));
        if let Some(address) = address {
            extensions.insert(ClientAddr(address));
        }
        if let Some(context) = self.into_context() {
            extensions.insert(context);
        }
        Ok(request)
    }

    fn method(&self) -> Result<Method, Malformed> {
        let method = match self.format {
            Format::V2 => &self.context()["http"]["method"],
            _ => &self.json["httpMethod"],
        };
        let method = method.as_str().and_then(|method| Method::from_bytes(method.as_bytes()).ok());
        method.ok_or(Malformed("the method"))
    }

    /// With the host that the gateway was called by, over TLS, as it always is. A load balancer tells neither.
    fn uri(&self, settings: &Settings) -> Result<Uri, Malformed> {
        let mut target = called_path(self, settings.base_path.as_deref());
        let query = query(self);
        if !query.is_empty() {
            target.push('?');
            target.push_str(&query);
        }
        let target: PathAndQuery = target.parse().map_err(|_| Malformed("the path or the query"))?;
        let mut parts = http::uri::Parts::default();
        parts.path_and_query = Some(target);
        if let Some(host) = self.context()["domainName"].as_str().and_then(|host| host.parse().ok()) {
            parts.scheme = Some(Scheme::HTTPS);
            parts.authority = Some(host);
        }
        Uri::from_parts(parts).map_err(|_| Malformed("the path or the query"))
    }

    fn headers(&self) -> Result<HeaderMap, Malformed> {
        let mut headers = HeaderMap::new();
        // Of those, `headers` has but the last value.
        for (name, values) in members(&self.json["multiValueHeaders"]) {
            let name = header_name(name)?;
            for value in values.as_array().ok_or(Malformed("a header"))? {
                headers.append(&name, header_value(value)?);
            }
        }
        let several = headers.clone();
        for (name, value) in members(&self.json["headers"]) {
            let name = header_name(name)?;
            if !several.contains_key(&name) {
                headers.append(name, header_value(value)?);
            }
        }
        if let (Format::V2, Some(cookies)) = (self.format, self.json["cookies"].as_array()) {
            let cookies: Option<Vec<_>> = cookies.iter().map(Value::as_str).collect();
            let cookies = cookies.ok_or(Malformed("a cookie"))?.join("; ");
            if !cookies.is_empty() {
                headers.insert(header::COOKIE, cookies.parse().map_err(|_| Malformed("a cookie"))?);
            }
        }
        Ok(headers)
    }

    fn body(&mut self) -> Result<Body, Malformed> {
        let encoded = self.json["isBase64Encoded"] == true;
        let bytes = match self.json.get_mut("body").map(Value::take) {
            None | Some(Value::Null) => Bytes::new(),
            Some(Value::String(text)) if encoded => {
                STANDARD.decode(text).map_err(|_| Malformed("the body's base64"))?.into()
            }
            Some(Value::String(text)) => text.into(),
            Some(_) => return Err(Malformed("the body")),
        };
        Ok(Body::new(bytes))
    }

    fn address(&self, settings: &Settings, headers: &HeaderMap) -> Option<IpAddr> {
        let context = self.context();
        let text = match self.format {
            Format::V1 => context["identity"]["sourceIp"].as_str()?,
            Format::V2 => context["http"]["sourceIp"].as_str()?,
            Format::Balancer | Format::BalancerMulti if settings.trust_forwarded_for => {
                let seen = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
                seen.rsplit(',').next()?.trim()
            }
            Format::Balancer | Format::BalancerMulti => return None,
        };
        // A load balancer may be set to tell the port as well.
        text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
    }

    fn into_context(mut self) -> Option<RequestContext> {
        let context = self.json.get_mut("requestContext")?.take();
        match self.format {
            Format::V1 => serde_json::from_value(context).ok().map(RequestContext::ApiGatewayV1),
            Format::V2 => serde_json::from_value(context).ok().map(RequestContext::ApiGatewayV2),
            Format::Balancer | Format::BalancerMulti => serde_json::from_value(context).ok().map(RequestContext::Alb),
        }
    }
}

/// The members of an object; none of anything else.
pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// A header that cannot be read is not left out: it might be the one that would have the request refused.
fn header_name(name: &str) -> Result<HeaderName, Malformed> {
    name.parse().map_err(|_| Malformed("a header's name"))
}

fn header_value(value: &Value) -> Result<HeaderValue, Malformed> {
    value.as_str().and_then(|value| value.parse().ok()).ok_or(Malformed("a header"))
}
