//! A function, called as Lambda's runtime calls it.

use enact_lambda::{Body, Error, Event, Function, LambdaEvent, lambda_runtime};
use http::{Request, Response};
use lambda_http::Service;
use serde_json::Value;

/// What can be behind the actions.
pub(crate) trait Pages:
    Service<Request<Body>, Response = Response<Body>, Error: Into<Error>, Future: Send> + Clone + Send + 'static
{
}

impl<P> Pages for P where
    P: Service<Request<Body>, Response = Response<Body>, Error: Into<Error>, Future: Send> + Clone + Send + 'static
{
}

/// Calls a function with an event, and gives its answer as it is sent.
pub(crate) fn invoke<P: Pages>(function: &Function<P>, event: &str) -> Result<Value, Error> {
    let event: Event = serde_json::from_str(event)?;
    let mut function = function.clone();
    let answer = pollster::block_on(async {
        std::future::poll_fn(|cx| function.poll_ready(cx)).await?;
        function.call(LambdaEvent::new(event, lambda_runtime::Context::default())).await
    })?;
    Ok(serde_json::from_str(&serde_json::to_string(&answer)?)?)
}
