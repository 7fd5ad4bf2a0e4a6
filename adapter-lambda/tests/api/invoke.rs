//! Requests, and calls of a function as Lambda's runtime makes them.

use bytes::Bytes;
use enact_conformance::{Answer, Framing, PreparedRequest};
use enact_lambda::{Body, Error, Event, LambdaEvent, LambdaResponse, lambda_runtime};
use http::{Request, Response};
use lambda_http::Service;
use serde_json::Value;

use crate::event_source::EventSource;

/// A service of pages.
pub(crate) trait Pages:
    Service<Request<Body>, Response = Response<Body>, Error: Into<Error>, Future: Send> + Clone + Send + 'static
{
}

impl<P> Pages for P where
    P: Service<Request<Body>, Response = Response<Body>, Error: Into<Error>, Future: Send> + Clone + Send + 'static
{
}

/// A function with any pages.
pub(crate) trait Invoke: Service<LambdaEvent<Event>, Response = LambdaResponse, Error = Error> + Clone {}

impl<F: Service<LambdaEvent<Event>, Response = LambdaResponse, Error = Error> + Clone> Invoke for F {}

/// Calls a function with an event, and returns its response as Lambda receives it.
pub(crate) fn invoke(function: &impl Invoke, event: &str) -> Result<Value, Error> {
    let event: Event = serde_json::from_str(event)?;
    let mut function = function.clone();
    let response = pollster::block_on(async {
        std::future::poll_fn(|cx| function.poll_ready(cx)).await?;
        function.call(LambdaEvent::new(event, lambda_runtime::Context::default())).await
    })?;
    Ok(serde_json::from_str(&serde_json::to_string(&response)?)?)
}

/// Sends a request to a function through an event source.
pub(crate) fn send(source: EventSource, function: &impl Invoke, request: &PreparedRequest) -> Answer {
    source.read_response(&invoke(function, &source.build_event(request).to_string()).unwrap()).unwrap()
}

/// Builds a request as a client sends it.
pub(crate) fn build_request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> PreparedRequest {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    PreparedRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: [("Host".to_owned(), "site.example".to_owned())].into_iter().chain(headers).collect(),
        framing: if body.is_empty() { Framing::None } else { Framing::Length },
        body: Bytes::copy_from_slice(body),
    }
}

/// Builds a GET request without headers of its own.
pub(crate) fn get(path: &str) -> PreparedRequest {
    build_request("GET", path, &[], b"")
}

/// Builds a same-origin form post.
pub(crate) fn post_form(path: &str) -> PreparedRequest {
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    build_request("POST", path, &headers, b"a=1")
}

/// Returns the body of a response as text.
pub(crate) fn body_text(response: &Answer) -> &str {
    str::from_utf8(&response.body).unwrap()
}
