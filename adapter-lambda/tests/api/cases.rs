//! The recorded cases, told as events of every kind.

use std::convert::Infallible;
use std::io::Write;

use enact_conformance::{Answer, PreparedRequest, Runner, Skip, Transport, fixture, recorded};
use enact_lambda::{Body, Function};
use http::Request;

use crate::aws::Front;
use crate::requests::invoke;

struct Events(Front);

impl Transport for Events {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn send(&self, request: &PreparedRequest) -> Result<Answer, String> {
        let event = self.0.event(request);
        let pages = enact_lambda::service_fn(async |request: Request<Body>| {
            Ok::<_, Infallible>(fixture::page(&request).map(Body::from))
        });
        let actions = fixture::actions().build().map_err(|error| error.to_string())?;
        self.0.answer(&invoke(Function::new(actions).pages(pages), &event.to_string()).map_err(|error| error.to_string())?)
    }
}

const NONE: &[Skip] = &[];

fn skips(front: Front) -> &'static [Skip] {
    match front {
        _ => NONE,
    }
}

#[test]
fn every_case_is_answered_as_recorded() {
    let cases = recorded().unwrap();
    let mut success = true;
    for front in Front::ALL {
        let report = Runner::new(&cases).skips(skips(front)).run(&Events(front));
        // Not by `print!`, which a test that passes keeps to itself.
        write!(std::io::stdout(), "\n{report}").unwrap();
        success &= report.is_success();
    }
    assert!(success);
}
