//! The recorded cases and the security cases, over both versions of HTTP.

use std::convert::Infallible;
use std::io::Write;

use enact_conformance::{Runner, Tcp, Transport, recorded, security};
use enact_hyper::ActionsService;
use http_body_util::Full;
use hyper::service::service_fn;

use crate::serve::PageRequest;
use crate::server::TcpServer;
use crate::transport::Http2;

/// Starts the fixture application.
pub(crate) fn start_fixture() -> TcpServer {
    let actions = enact_fixture::actions().build().unwrap();
    let pages = async |request: PageRequest| Ok::<_, Infallible>(enact_fixture::page(&request).map(Full::new));
    TcpServer::start(ActionsService::new(actions).pages(service_fn(pages)))
}

fn assert_all_cases_pass(transport: &dyn Transport) {
    let cases = [recorded().unwrap(), security().unwrap()].concat();
    let report = Runner::new(&cases).run(transport);
    // `print!` would be captured when the test passes.
    std::io::stdout().write_all(format!("\n{report}").as_bytes()).unwrap();
    assert!(report.is_success());
}

#[test]
fn all_cases_pass_over_http1() {
    let server = start_fixture();
    assert_all_cases_pass(&Tcp::new(&server.url()).unwrap().with_name("hyper over TCP, HTTP/1.1"));
}

#[test]
fn all_cases_pass_over_http2() {
    let server = start_fixture();
    assert_all_cases_pass(&Http2::new(server.address, "hyper, HTTP/2"));
}
