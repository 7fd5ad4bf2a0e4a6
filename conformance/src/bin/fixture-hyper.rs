//! Serves the fixture application on bare hyper, HTTP/1.1 and HTTP/2 (h2c) on one port, for anyone's client.
//!
//! `cargo run --release -p enact-conformance --bin fixture-hyper -- --port 3000`

mod options;

use std::convert::Infallible;
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

fn main() -> ExitCode {
    options::run("fixture-hyper", async |listener, base| {
        let pages = service_fn(async |request: Request<PageBody<Incoming>>| {
            Ok::<_, Infallible>(fixture::page(&request).map(Full::new))
        });
        let actions = ActionsService::new(fixture::actions().base(base).build()?).pages(pages);
        loop {
            let (stream, peer) = listener.accept().await?;
            let _ = stream.set_nodelay(true);
            let actions = actions.clone().client_addr(peer.ip());
            tokio::spawn(async move {
                // How a client breaks off is its own affair.
                let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), actions).await;
            });
        }
    })
}
