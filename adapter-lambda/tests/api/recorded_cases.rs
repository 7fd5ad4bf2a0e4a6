//! The recorded cases, sent as events of every kind.

use std::convert::Infallible;
use std::io::Write;

use enact_conformance::{Answer, PreparedRequest, Runner, Skip, Transport, recorded, security};
use enact_lambda::{Body, Function};
use http::Request;

use crate::event_source::EventSource;
use crate::invoke::{Pages, invoke};

struct EventTransport<P> {
    source: EventSource,
    function: Function<P>,
}

impl<P: Pages> Transport for EventTransport<P> {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn send(&self, request: &PreparedRequest) -> Result<Answer, String> {
        let event = self.source.build_event(request).to_string();
        let response = invoke(&self.function, &event).map_err(|error| error.to_string())?;
        self.source.read_response(&response)
    }
}

const BARE: Skip = Skip::case("pages/name/bare", "the events of `?_action` and `?_action=` are the same");
/// HTTP APIs decode the path.
const DECODED_SLASHES: [Skip; 3] = [
    Skip::case("routing/slash//_actions%2Fsubscribe", "the event has `/` in the place of `%2F`"),
    Skip::case("security/names/call//_actions/locked%2F", "the event has `/` in the place of `%2F`"),
    Skip::case("security/names/call//_actions%2Flocked", "the event has `/` in the place of `%2F`"),
];
/// Cases with repeated headers or parameters.
const REPEATED_NAMES: [&str; 19] = [
    "pages/name/empty-first-of-two",
    "security/cross-site/twice/json/origin",
    "security/cross-site/twice/json/origin-and-empty",
    "security/cross-site/twice/json/origin-evil-then-own",
    "security/cross-site/twice/json/fetch-site",
    "security/cross-site/twice/json/origin-beside-fetch-site",
    "security/cross-site/twice/form/origin",
    "security/cross-site/twice/form/origin-evil-then-own",
    "security/cross-site/twice/form/fetch-site",
    "security/cross-site/twice/form/origin-beside-fetch-site",
    "security/cross-site/twice/page/origin",
    "security/cross-site/twice/page/origin-evil-then-own",
    "security/cross-site/twice/page/fetch-site",
    "security/cross-site/twice/page/origin-beside-fetch-site",
    "security/cross-site/content-type/two/text/plain, application/json",
    "security/cross-site/content-type/two/empty, application/json",
    "security/names/form/_action=locked&_action=whoami",
    "security/names/form/_action=&_action=locked",
    "security/results/at-most-once/two-names",
];

fn skips(source: EventSource) -> Vec<Skip> {
    match source {
        EventSource::RestApi | EventSource::LoadBalancerMulti => vec![BARE],
        EventSource::HttpApi => DECODED_SLASHES.to_vec(),
        EventSource::HttpApiV1 => [vec![BARE], DECODED_SLASHES.to_vec()].concat(),
        EventSource::FunctionUrl => vec![],
        EventSource::LoadBalancer => {
            let repeated =
                REPEATED_NAMES.map(|id| Skip::case(id, "the event has only the last value of a repeated name"));
            [vec![BARE], repeated.to_vec()].concat()
        }
    }
}

#[test]
fn recorded_cases_pass_from_every_event_source() {
    let pages = enact_lambda::service_fn(async |request: Request<Body>| {
        Ok::<_, Infallible>(enact_fixture::page(&request).map(Body::from))
    });
    let function = Function::new(enact_fixture::actions().build().unwrap()).pages(pages);
    let cases = [recorded().unwrap(), security().unwrap()].concat();
    let mut success = true;
    for source in EventSource::ALL {
        let report =
            Runner::new(&cases).skips(&skips(source)).run(&EventTransport { source, function: function.clone() });
        // The test harness captures `print!`, but not this.
        write!(std::io::stdout(), "\n{report}").unwrap();
        success &= report.is_success();
    }
    assert!(success);
}
