//! Serves the fixture application on bare hyper, HTTP/1.1 and HTTP/2 (h2c) on one port, for anyone's client.
//!
//! `cargo run --release -p enact-conformance --bin fixture-hyper -- --port 3000`

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use enact::PageBody;
use enact_conformance::fixture;
use enact_hyper::ActionsService;
use http::Request;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use lexopt::prelude::*;
use tokio::net::TcpListener;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fixture-hyper: {error}");
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
                    "fixture-hyper [--port N] [--base PATH]: serves the fixture application on 127.0.0.1, port 3000 by default, \
                     0 for any, with its actions below the path, / by default"
                );
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(port, &base))
}

async fn serve(port: u16, base: &str) -> Result<(), Box<dyn std::error::Error>> {
    let pages = service_fn(async |request: Request<PageBody<Incoming>>| {
        Ok::<_, Infallible>(fixture::page(&request).map(Full::new))
    });
    let actions = ActionsService::new(fixture::actions().base(base).build()?).pages(pages);
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .map_err(|error| format!("port {port}: {error}"))?;
    println!("http://{}{}", listener.local_addr()?, base.trim_end_matches('/'));
    loop {
        let (stream, peer) = listener.accept().await?;
        let _ = stream.set_nodelay(true);
        let actions = actions.clone().client(peer.ip());
        tokio::spawn(async move {
            // How a client breaks off is its own affair.
            let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), actions).await;
        });
    }
}
