//! Serves the fixture application on axum, for anyone's client.
//!
//! `cargo run --release -p enact-conformance --bin fixture -- --port 3000`

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use axum::Router;
use enact_axum::ActionsLayer;
use enact_conformance::fixture;
use lexopt::prelude::*;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fixture: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut port = 3000;
    let mut base = "/".to_owned();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('p') | Long("port") => port = arguments.value()?.parse()?,
            Short('b') | Long("base") => base = arguments.value()?.string()?,
            Short('h') | Long("help") => {
                println!(
                    "fixture [--port N] [--base PATH]: serves the fixture application on 127.0.0.1, port 3000 by default, \
                     0 for any, with its actions below the path, / by default"
                );
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(port, base))
}

async fn serve(port: u16, base: String) -> Result<(), Box<dyn std::error::Error>> {
    let app = Router::new()
        .fallback(async |request: axum::extract::Request| fixture::page(&request).map(axum::body::Body::from))
        .layer(ActionsLayer::new(fixture::actions().base(base.as_str()).build()?));
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .map_err(|error| format!("port {port}: {error}"))?;
    println!("http://{}{}", listener.local_addr()?, base.trim_end_matches('/'));
    axum::serve(listener, app).await?;
    Ok(())
}
