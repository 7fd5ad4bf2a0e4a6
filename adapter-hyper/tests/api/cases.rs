//! The recorded cases and the rows of security, over both versions of HTTP.

use std::convert::Infallible;
use std::io::Write;

use enact_conformance::{Runner, Tcp, Transport, recorded, security};
use enact_hyper::ActionsService;
use http_body_util::Full;
use hyper::service::service_fn;

use crate::serve::PageRequest;
use crate::server::{Server, WIDE};
use crate::transport::Http2;

/// The fixture.
pub(crate) fn server() -> Server {
    let actions = enact_fixture::actions().build().unwrap();
    let pages = async |request: PageRequest| Ok::<_, Infallible>(enact_fixture::page(&request).map(Full::new));
    Server::start(ActionsService::new(actions).pages(service_fn(pages)), WIDE)
}

fn all_cases_over(transport: &dyn Transport) {
    let cases = [recorded().unwrap(), security().unwrap()].concat();
    let report = Runner::new(&cases).run(transport);
    // Not by `print!`, which a test that passes keeps to itself.
    std::io::stdout().write_all(format!("\n{report}").as_bytes()).unwrap();
    assert!(report.is_success());
}

#[test]
fn every_case_over_http1_is_answered_as_it_has_to_be() {
    let server = server();
    all_cases_over(&Tcp::new(&server.url()).unwrap().with_name("hyper over TCP, HTTP/1.1"));
}

#[test]
fn every_case_over_http2_is_answered_as_it_has_to_be() {
    let server = server();
    all_cases_over(&Http2::new(server.address, "hyper, HTTP/2"));
}
