//! The fixture application as a Lambda function, for Lambda or its emulator.
//!
//! `cargo lambda watch --release -p enact-conformance --bin fixture-lambda`; the variable `FIXTURE_BASE` names the path that the
//! actions are below, if it is not `/`.

use std::convert::Infallible;

use enact_conformance::fixture;
use enact_lambda::{Body, Error, Function, service_fn};
use http::Request;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let pages = service_fn(async |request: Request<Body>| Ok::<_, Infallible>(fixture::page(&request).map(Body::from)));
    let base = std::env::var("FIXTURE_BASE").unwrap_or_default();
    Function::new(fixture::actions().base(base).build()?).pages(pages).run().await
}
