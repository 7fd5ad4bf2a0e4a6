//! The registry alone, without a server.

use std::io::Write;

use enact::{Handled, Registry};
use enact_conformance::{Answer, PreparedRequest, Runner, Transport, fixture, recorded, security};

struct InMemory(Registry);

impl Transport for InMemory {
    fn name(&self) -> &str {
        "in memory"
    }

    fn send(&self, request: &PreparedRequest) -> Result<Answer, String> {
        let response = match pollster::block_on(self.0.handle(request.to_http()?)) {
            Handled::Response(response) => response,
            Handled::Page(page) => {
                let (request, finish) = page.into_parts();
                let mut response = fixture::page(&request);
                finish.finish(&mut response);
                response
            }
            Handled::Pass(request) => fixture::page(&request),
            Handled::Return(request, finish) => {
                let mut response = fixture::page(&request);
                finish.finish(&mut response);
                response
            }
        };
        Ok(Answer::from_http(response))
    }
}

#[test]
fn every_case_is_answered_as_it_has_to_be() {
    let cases = [recorded().unwrap(), security().unwrap()].concat();
    let report = Runner::new(&cases).run(&InMemory(fixture::actions().build().unwrap()));
    // Not by `print!`, which a test that passes keeps to itself.
    write!(std::io::stdout(), "\n{report}").unwrap();
    assert!(report.is_success());
}
