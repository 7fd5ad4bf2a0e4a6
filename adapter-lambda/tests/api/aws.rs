//! What AWS does on both sides of a function: it tells a request as an event, and reads the answer.
//!
//! After the developer guides of API Gateway ("Lambda proxy integrations", "payload format version"), Lambda ("Invoking Lambda
//! function URLs") and Elastic Load Balancing ("Use Lambda functions as targets").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use enact_conformance::{Answer, Framing, PreparedRequest};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// What is in front of the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Front {
    RestApi,
    HttpApi,
    /// An HTTP API that is set to payload format 1.0.
    HttpApiV1,
    FunctionUrl,
    Balancer,
    BalancerMulti,
}

impl Front {
    pub(crate) const ALL: [Self; 6] =
        [Self::RestApi, Self::HttpApi, Self::HttpApiV1, Self::FunctionUrl, Self::Balancer, Self::BalancerMulti];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RestApi => "REST API",
            Self::HttpApi => "HTTP API, payload 2.0",
            Self::HttpApiV1 => "HTTP API, payload 1.0",
            Self::FunctionUrl => "function URL",
            Self::Balancer => "load balancer",
            Self::BalancerMulti => "load balancer with multi-value headers",
        }
    }

    /// The event that tells a request.
    pub(crate) fn event(self, request: &PreparedRequest) -> Value {
        let headers = headers(self, request);
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let (body, is_base64_encoded) = body(&headers, &request.body);
        let method = &request.method;
        let domain =
            headers.iter().find(|(name, _)| name == "host").map_or("none.example".to_owned(), |(_, host)| host.clone());
        let common = json!({ "body": body, "isBase64Encoded": is_base64_encoded });
        let specific = match self {
            Self::RestApi | Self::HttpApiV1 => {
                let http_api = self == Self::HttpApiV1;
                let path = if http_api { decoded_path(path) } else { path.to_owned() };
                let parameters = parameters(query, decoded);
                let mut event = json!({
                    "resource": "/{proxy+}",
                    "path": path,
                    "httpMethod": method,
                    "headers": last(&headers),
                    "multiValueHeaders": grouped(&headers),
                    "queryStringParameters": if parameters.is_empty() { Value::Null } else { last(&parameters).into() },
                    "multiValueQueryStringParameters":
                        if parameters.is_empty() { Value::Null } else { grouped(&parameters).into() },
                    "pathParameters": { "proxy": path.trim_start_matches('/') },
                    "stageVariables": null,
                    "requestContext": {
                        "accountId": "123456789012",
                        "apiId": "a1b2c3d4e5",
                        "domainName": domain,
                        "httpMethod": method,
                        "identity": { "sourceIp": "203.0.113.7", "userAgent": null },
                        "path": path,
                        "protocol": "HTTP/1.1",
                        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
                        "resourcePath": "/{proxy+}",
                        "stage": "$default",
                    },
                });
                if http_api {
                    event["version"] = "1.0".into();
                }
                event
            }
            Self::HttpApi | Self::FunctionUrl => {
                let decode = self == Self::HttpApi;
                let path = if decode { decoded_path(path) } else { path.to_owned() };
                let domain = if decode { &domain } else { "abcdefghijklmnop.lambda-url.eu-central-1.on.aws" };
                let (cookies, headers): (Vec<_>, Vec<_>) = headers.into_iter().partition(|(name, _)| name == "cookie");
                let cookies: Vec<_> = cookies.iter().flat_map(|(_, all)| all.split(';')).map(str::trim).collect();
                let mut event = json!({
                    "version": "2.0",
                    "routeKey": "$default",
                    "rawPath": path,
                    "rawQueryString": query,
                    "headers": joined(&headers),
                    "requestContext": {
                        "accountId": "anonymous",
                        "apiId": "abcdefghijklmnop",
                        "domainName": domain,
                        "domainPrefix": "abcdefghijklmnop",
                        "http": {
                            "method": method,
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
            Self::Balancer | Self::BalancerMulti => {
                let parameters = parameters(query, str::to_owned);
                let arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/fixture/6d0ecf831eec9f09";
                let mut event = json!({
                    "requestContext": { "elb": { "targetGroupArn": arn } },
                    "httpMethod": method,
                    "path": path,
                });
                if self == Self::Balancer {
                    event["queryStringParameters"] = last(&parameters).into();
                    event["headers"] = last(&headers).into();
                } else {
                    event["multiValueQueryStringParameters"] = grouped(&parameters).into();
                    event["multiValueHeaders"] = grouped(&headers).into();
                }
                event
            }
        };
        merged(specific, common)
    }

    /// The response that an answer becomes.
    pub(crate) fn answer(self, answer: &Value) -> Result<Answer, String> {
        let status = answer["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok()).ok_or("no status")?;
        let mut headers = Vec::new();
        let (single, multi) = match self {
            Self::RestApi | Self::HttpApiV1 => (true, true),
            Self::HttpApi | Self::FunctionUrl | Self::Balancer => (true, false),
            Self::BalancerMulti => (false, true),
        };
        for (name, value) in answer["headers"].as_object().into_iter().flatten().filter(|_| single) {
            headers.push((name.clone(), value.as_str().ok_or("a header that is no text")?.to_owned()));
        }
        for (name, values) in answer["multiValueHeaders"].as_object().into_iter().flatten().filter(|_| multi) {
            for value in values.as_array().ok_or("values that are no list")? {
                headers.push((name.clone(), value.as_str().ok_or("a header that is no text")?.to_owned()));
            }
        }
        let cookies = answer["cookies"].as_array().filter(|_| matches!(self, Self::HttpApi | Self::FunctionUrl));
        for cookie in cookies.into_iter().flatten() {
            headers.push(("set-cookie".to_owned(), cookie.as_str().ok_or("a cookie that is no text")?.to_owned()));
        }
        let text = answer["body"].as_str().ok_or("a body that is no text")?;
        let body = match answer["isBase64Encoded"].as_bool() {
            Some(true) => STANDARD.decode(text).map_err(|error| error.to_string())?.into(),
            _ => Bytes::copy_from_slice(text.as_bytes()),
        };
        Ok(Answer { status, headers, body })
    }
}

type Pairs = Vec<(String, String)>;

/// Every front but a REST API writes names in lower case; which it is makes no difference. Bodies have been collected, so
/// their length is known.
fn headers(front: Front, request: &PreparedRequest) -> Pairs {
    let mut headers: Pairs = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned()))
        .filter(|(name, _)| name != "transfer-encoding" && name != "connection")
        .collect();
    let listed = headers.iter().any(|(name, _)| name == "content-length");
    if request.framing != Framing::None && !listed && front != Front::RestApi {
        headers.push(("content-length".to_owned(), request.body.len().to_string()));
    }
    headers.push(("x-forwarded-for".to_owned(), "198.51.100.9, 203.0.113.7".to_owned()));
    headers.push(("x-forwarded-proto".to_owned(), "https".to_owned()));
    headers
}

/// Text by its media type; all else is base64. (A REST API does so where its `binaryMediaTypes` are `*/*`, as a site that
/// takes files has to set them.)
fn body(headers: &Pairs, body: &Bytes) -> (Value, bool) {
    let media = headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, value)| value);
    let text = ["text/", "application/json", "application/javascript", "application/xml"];
    match body {
        body if body.is_empty() => (Value::Null, false),
        body if text.iter().any(|text| media.starts_with(text)) => (String::from_utf8_lossy(body).into(), false),
        body => (STANDARD.encode(body).into(), true),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// An HTTP API loses what follows a `?` that it has decoded.
fn decoded_path(path: &str) -> String {
    let path = decoded(path);
    path.split('?').next().unwrap_or_default().to_owned()
}

fn parameters(query: &str, read: impl Fn(&str) -> String) -> Pairs {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (read(name), read(value)))
        .collect()
}

fn last(pairs: &Pairs) -> Map<String, Value> {
    pairs.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect()
}

fn joined(pairs: &Pairs) -> Map<String, Value> {
    let join = |values: &Value| {
        values.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join(",")
    };
    grouped(pairs).into_iter().map(|(name, values)| (name, join(&values).into())).collect()
}

fn grouped(pairs: &Pairs) -> Map<String, Value> {
    let mut grouped = Map::new();
    for (name, value) in pairs {
        grouped.entry(name.clone()).or_insert_with(|| json!([])).as_array_mut().unwrap().push(value.clone().into());
    }
    grouped
}

fn merged(mut into: Value, from: Value) -> Value {
    into.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
    into
}
