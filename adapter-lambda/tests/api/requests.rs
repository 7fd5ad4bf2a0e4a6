//! A function, called as Lambda's runtime calls it.

use enact_lambda::{Body, Error, Event, Function, LambdaEvent, lambda_runtime};
use http::{Request, Response};
use lambda_http::Service;
use serde_json::Value;

/// Calls a function with an event, and gives its answer as it is sent.
pub(crate) fn invoke<P>(mut function: Function<P>, event: &str) -> Result<Value, Error>
where
    P: Service<Request<Body>, Response = Response<Body>, Error: Into<Error>, Future: Send> + Clone + Send + 'static,
{
    let event: Event = serde_json::from_str(event)?;
    let answer = pollster::block_on(async {
        std::future::poll_fn(|cx| function.poll_ready(cx)).await?;
        function.call(LambdaEvent::new(event, lambda_runtime::Context::default())).await
    })?;
    Ok(serde_json::from_str(&serde_json::to_string(&answer)?)?)
}
