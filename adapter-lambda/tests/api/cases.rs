//! The recorded cases, told as events of every kind.

use std::convert::Infallible;
use std::io::Write;

use enact_conformance::{Answer, PreparedRequest, Runner, Skip, Transport, fixture, recorded};
use enact_lambda::{Body, Function};
use http::Request;

use crate::aws::Front;
use crate::requests::{Pages, invoke};

struct Events<P> {
    front: Front,
    function: Function<P>,
}

impl<P: Pages> Transport for Events<P> {
    fn name(&self) -> &str {
        self.front.name()
    }

    fn send(&self, request: &PreparedRequest) -> Result<Answer, String> {
        let event = self.front.event(request).to_string();
        let answer = invoke(&self.function, &event).map_err(|error| error.to_string())?;
        self.front.answer(&answer)
    }
}

const BARE: Skip =
    Skip::case("pages/name/bare", "`?_action` and `?_action=` are the same event: a parameter with an empty value");
const SLASH: Skip =
    Skip::case("routing/slash//_actions%2Fsubscribe", "HTTP APIs decode the path: `%2F` is a slash to the function");
const LAST: Skip = Skip::case("pages/name/empty-first-of-two", "of two parameters of one name the event has the last");

fn skips(front: Front) -> &'static [Skip] {
    match front {
        Front::RestApi | Front::BalancerMulti => &[BARE],
        Front::HttpApi => &[SLASH],
        Front::HttpApiV1 => &[BARE, SLASH],
        Front::FunctionUrl => &[],
        Front::Balancer => &[BARE, LAST],
    }
}

#[test]
fn every_case_is_answered_as_recorded() {
    let pages = enact_lambda::service_fn(async |request: Request<Body>| {
        Ok::<_, Infallible>(fixture::page(&request).map(Body::from))
    });
    let function = Function::new(fixture::actions().build().unwrap()).pages(pages);
    let cases = recorded().unwrap();
    let mut success = true;
    for front in Front::ALL {
        let report = Runner::new(&cases).skips(skips(front)).run(&Events { front, function: function.clone() });
        // Not by `print!`, which a test that passes keeps to itself.
        write!(std::io::stdout(), "\n{report}").unwrap();
        success &= report.is_success();
    }
    assert!(success);
}
