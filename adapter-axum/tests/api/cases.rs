//! The recorded cases and the security cases, over TCP.

use std::io::Write;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use enact_axum::ActionsLayer;
use enact_conformance::{Runner, Tcp, recorded, security};

use crate::server::Server;

#[test]
fn every_case_passes() {
    let app = Router::new()
        .fallback(async |request: Request| enact_fixture::page(&request).map(Body::from))
        .layer(ActionsLayer::new(enact_fixture::actions().build().unwrap()));
    let server = Server::start(app);
    let cases = [recorded().unwrap(), security().unwrap()].concat();
    let report = Runner::new(&cases).with_checks().run(&Tcp::new(&server.url()).unwrap().with_name("axum over TCP"));
    // `print!` is captured if the test passes.
    write!(std::io::stdout(), "\n{report}").unwrap();
    assert!(report.is_success());
}
