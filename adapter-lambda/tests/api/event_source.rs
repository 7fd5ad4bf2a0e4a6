//! A model of the AWS services in front of a function: they send requests as events, and read the responses.
//!
//! It follows the developer guides of API Gateway ("Lambda proxy integrations", "payload format version"), Lambda ("Invoking Lambda
//! function URLs") and Elastic Load Balancing ("Use Lambda functions as targets").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use enact_conformance::{Answer, Framing, PreparedRequest};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// A service in front of the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventSource {
    RestApi,
    HttpApi,
    /// An HTTP API that is configured for payload format 1.0.
    HttpApiV1,
    FunctionUrl,
    LoadBalancer,
    LoadBalancerMulti,
}

impl EventSource {
    pub(crate) const ALL: [Self; 6] =
        [Self::RestApi, Self::HttpApi, Self::HttpApiV1, Self::FunctionUrl, Self::LoadBalancer, Self::LoadBalancerMulti];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RestApi => "REST API",
            Self::HttpApi => "HTTP API, payload 2.0",
            Self::HttpApiV1 => "HTTP API, payload 1.0",
            Self::FunctionUrl => "function URL",
            Self::LoadBalancer => "load balancer",
            Self::LoadBalancerMulti => "load balancer with multi-value headers",
        }
    }

    /// Builds the event of a request.
    pub(crate) fn build_event(self, request: &PreparedRequest) -> Value {
        let headers = forward_headers(self, request);
        let (body, is_base64_encoded) = encode_body(&headers, &request.body);
        let event = match self {
            Self::RestApi | Self::HttpApiV1 => self.build_v1_event(request, &headers),
            Self::HttpApi | Self::FunctionUrl => self.build_v2_event(request, headers),
            Self::LoadBalancer | Self::LoadBalancerMulti => self.build_load_balancer_event(request, &headers),
        };
        merge(event, &json!({ "body": body, "isBase64Encoded": is_base64_encoded }))
    }

    fn build_v1_event(self, request: &PreparedRequest, headers: &Pairs) -> Value {
        let is_http_api = self == Self::HttpApiV1;
        let (path, query) = split_target(request);
        let path = if is_http_api { decode_path(path) } else { path.to_owned() };
        let parameters = parse_query(query, decode);
        let or_null = |members: Map<String, Value>| if members.is_empty() { Value::Null } else { members.into() };
        let mut event = json!({
            "resource": "/{proxy+}",
            "path": path,
            "httpMethod": request.method,
            "headers": keep_last(headers),
            "multiValueHeaders": group(headers),
            "queryStringParameters": or_null(keep_last(&parameters)),
            "multiValueQueryStringParameters": or_null(group(&parameters)),
            "pathParameters": { "proxy": path.trim_start_matches('/') },
            "stageVariables": null,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "a1b2c3d4e5",
                "domainName": find_host(headers),
                "httpMethod": request.method,
                "identity": { "sourceIp": "203.0.113.7", "userAgent": null },
                "path": path,
                "protocol": "HTTP/1.1",
                "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
                "resourcePath": "/{proxy+}",
                "stage": "$default",
            },
        });
        if is_http_api {
            event["version"] = "1.0".into();
        }
        event
    }

    fn build_v2_event(self, request: &PreparedRequest, headers: Pairs) -> Value {
        let is_http_api = self == Self::HttpApi;
        let (path, query) = split_target(request);
        let path = if is_http_api { decode_path(path) } else { path.to_owned() };
        let domain = if is_http_api { find_host(&headers) } else { "abcdefghijklmnop.lambda-url.eu-central-1.on.aws" };
        let domain = domain.to_owned();
        let (cookies, headers): (Pairs, Pairs) = headers.into_iter().partition(|(name, _)| name == "cookie");
        let cookies: Vec<_> = cookies.iter().flat_map(|(_, values)| values.split(';')).map(str::trim).collect();
        let mut event = json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": join(&headers),
            "requestContext": {
                "accountId": "anonymous",
                "apiId": "abcdefghijklmnop",
                "domainName": domain,
                "domainPrefix": "abcdefghijklmnop",
                "http": {
                    "method": request.method,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "203.0.113.7",
                    "userAgent": "test",
                },
                "requestId": "id",
                "routeKey": "$default",
                "stage": "$default",
                "time": "22/Nov/2026:12:00:00 +0000",
                "timeEpoch": 1_795_348_800_000_u64,
            },
        });
        if !cookies.is_empty() {
            event["cookies"] = cookies.into();
        }
        event
    }

    fn build_load_balancer_event(self, request: &PreparedRequest, headers: &Pairs) -> Value {
        let (path, query) = split_target(request);
        let parameters = parse_query(query, str::to_owned);
        let arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/fixture/6d0ecf831eec9f09";
        let mut event = json!({
            "requestContext": { "elb": { "targetGroupArn": arn } },
            "httpMethod": request.method,
            "path": path,
        });
        if self == Self::LoadBalancer {
            event["queryStringParameters"] = keep_last(&parameters).into();
            event["headers"] = keep_last(headers).into();
        } else {
            event["multiValueQueryStringParameters"] = group(&parameters).into();
            event["multiValueHeaders"] = group(headers).into();
        }
        event
    }

    /// Reads the function's response, as the service does before it responds to the client.
    pub(crate) fn read_response(self, response: &Value) -> Result<Answer, String> {
        let status = response["statusCode"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok())
            .ok_or("statusCode is missing or not an HTTP status")?;
        let mut headers = Vec::new();
        let (reads_single, reads_multi) = match self {
            Self::RestApi | Self::HttpApiV1 => (true, true),
            Self::HttpApi | Self::FunctionUrl | Self::LoadBalancer => (true, false),
            Self::LoadBalancerMulti => (false, true),
        };
        for (name, value) in response["headers"].as_object().into_iter().flatten().filter(|_| reads_single) {
            headers.push((name.clone(), value.as_str().ok_or("header value is not a string")?.to_owned()));
        }
        for (name, values) in response["multiValueHeaders"].as_object().into_iter().flatten().filter(|_| reads_multi) {
            for value in values.as_array().ok_or("values of a header are not an array")? {
                headers.push((name.clone(), value.as_str().ok_or("header value is not a string")?.to_owned()));
            }
        }
        let cookies = response["cookies"].as_array().filter(|_| matches!(self, Self::HttpApi | Self::FunctionUrl));
        for cookie in cookies.into_iter().flatten() {
            headers.push(("set-cookie".to_owned(), cookie.as_str().ok_or("cookie is not a string")?.to_owned()));
        }
        let text = response["body"].as_str().ok_or("body is not a string")?;
        let body = match response["isBase64Encoded"].as_bool() {
            Some(true) => STANDARD.decode(text).map_err(|error| error.to_string())?.into(),
            _ => Bytes::copy_from_slice(text.as_bytes()),
        };
        Ok(Answer { status, headers, body })
    }
}

type Pairs = Vec<(String, String)>;

/// Splits the target of a request into path and query.
fn split_target(request: &PreparedRequest) -> (&str, &str) {
    request.path.split_once('?').unwrap_or((&request.path, ""))
}

fn find_host(headers: &Pairs) -> &str {
    headers.iter().find(|(name, _)| name == "host").map_or("none.example", |(_, host)| host)
}

/// Returns the headers of the event. Every service except a REST API adds the length of the body.
fn forward_headers(source: EventSource, request: &PreparedRequest) -> Pairs {
    let mut headers: Pairs = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned()))
        .filter(|(name, _)| name != "transfer-encoding" && name != "connection")
        .collect();
    let has_length = headers.iter().any(|(name, _)| name == "content-length");
    if request.framing != Framing::None && !has_length && source != EventSource::RestApi {
        headers.push(("content-length".to_owned(), request.body.len().to_string()));
    }
    headers.push(("x-forwarded-for".to_owned(), "198.51.100.9, 203.0.113.7".to_owned()));
    headers.push(("x-forwarded-proto".to_owned(), "https".to_owned()));
    headers
}

/// Returns the body of the event, and whether it is base64. Only text media types are sent as text. For a REST API this
/// assumes the `binaryMediaTypes` `*/*`, which file uploads require.
fn encode_body(headers: &Pairs, body: &Bytes) -> (Value, bool) {
    let media = headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, value)| value);
    let text = ["text/", "application/json", "application/javascript", "application/xml"];
    match body {
        body if body.is_empty() => (Value::Null, false),
        body if text.iter().any(|text| media.starts_with(text)) => (String::from_utf8_lossy(body).into(), false),
        body => (STANDARD.encode(body).into(), true),
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Decodes a path as HTTP APIs do. They drop everything from the first decoded `?` on.
fn decode_path(path: &str) -> String {
    let path = decode(path);
    path.split('?').next().unwrap_or_default().to_owned()
}

fn parse_query(query: &str, decode: impl Fn(&str) -> String) -> Pairs {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn keep_last(pairs: &Pairs) -> Map<String, Value> {
    pairs.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect()
}

fn join(pairs: &Pairs) -> Map<String, Value> {
    let join = |values: &Value| {
        values.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join(",")
    };
    group(pairs).into_iter().map(|(name, values)| (name, join(&values).into())).collect()
}

fn group(pairs: &Pairs) -> Map<String, Value> {
    let mut grouped = Map::new();
    for (name, value) in pairs {
        grouped.entry(name.clone()).or_insert_with(|| json!([])).as_array_mut().unwrap().push(value.clone().into());
    }
    grouped
}

fn merge(mut event: Value, members: &Value) -> Value {
    event.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    event
}
