//! Serves the fixture application on axum, for anyone's client.
//!
//! `cargo run --release -p enact-conformance --bin fixture -- --port 3000`

mod options;

use std::process::ExitCode;

use axum::Router;
use enact_axum::ActionsLayer;
use enact_conformance::fixture;

fn main() -> ExitCode {
    options::run("fixture", async |listener, base| {
        let app = Router::new()
            .fallback(async |request: axum::extract::Request| fixture::page(&request).map(axum::body::Body::from))
            .layer(ActionsLayer::new(fixture::actions().base(base).build()?));
        Ok(axum::serve(listener, app).await?)
    })
}
