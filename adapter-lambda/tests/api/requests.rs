//! A function, called as Lambda's runtime calls it.

use bytes::Bytes;
use enact_conformance::{Answer, Framing, PreparedRequest};
use enact_lambda::{Answer as Answered, Body, Error, Event, LambdaEvent, lambda_runtime};
use http::{Request, Response};
use lambda_http::Service;
use serde_json::Value;

use crate::aws::Front;

/// What can be behind the actions.
pub(crate) trait Pages:
    Service<Request<Body>, Response = Response<Body>, Error: Into<Error>, Future: Send> + Clone + Send + 'static
{
}

impl<P> Pages for P where
    P: Service<Request<Body>, Response = Response<Body>, Error: Into<Error>, Future: Send> + Clone + Send + 'static
{
}

/// A function over whatever pages.
pub(crate) trait Invoke: Service<LambdaEvent<Event>, Response = Answered, Error = Error> + Clone {}

impl<F: Service<LambdaEvent<Event>, Response = Answered, Error = Error> + Clone> Invoke for F {}

/// Calls a function with an event, and gives its answer as it is sent.
pub(crate) fn invoke(function: &impl Invoke, event: &str) -> Result<Value, Error> {
    let event: Event = serde_json::from_str(event)?;
    let mut function = function.clone();
    let answer = pollster::block_on(async {
        std::future::poll_fn(|cx| function.poll_ready(cx)).await?;
        function.call(LambdaEvent::new(event, lambda_runtime::Context::default())).await
    })?;
    Ok(serde_json::from_str(&serde_json::to_string(&answer)?)?)
}

/// A request as a client sends it.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> PreparedRequest {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    PreparedRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: [("Host".to_owned(), "site.example".to_owned())].into_iter().chain(headers).collect(),
        framing: if body.is_empty() { Framing::None } else { Framing::Length },
        body: Bytes::copy_from_slice(body),
    }
}

/// A form that the site itself posts.
pub(crate) fn form(path: &str) -> PreparedRequest {
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    request("POST", path, &headers, b"a=1")
}

/// Carries a request through what is in front of the function, and the answer back.
pub(crate) fn ask(front: Front, function: &impl Invoke, request: &PreparedRequest) -> Answer {
    front.answer(&invoke(function, &front.event(request).to_string()).unwrap()).unwrap()
}

pub(crate) fn text(answer: &Answer) -> &str {
    str::from_utf8(&answer.body).unwrap()
}
