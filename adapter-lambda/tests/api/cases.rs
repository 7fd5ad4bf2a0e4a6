//! The recorded cases, told as events of every kind.

use std::convert::Infallible;
use std::io::Write;

use enact_conformance::{Answer, PreparedRequest, Runner, Skip, Transport, recorded, security};
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
/// HTTP APIs decode the path: `%2F` is a slash to the function.
const SLASHES: [Skip; 3] = [
    Skip::case("routing/slash//_actions%2Fsubscribe", "`%2F` comes as a slash"),
    Skip::case("security/names/call//_actions/locked%2F", "`%2F` comes as a slash"),
    Skip::case("security/names/call//_actions%2Flocked", "`%2F` comes as a slash"),
];
/// Of several headers or parameters of one name, the event has the last.
const LAST: [&str; 19] = [
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

fn skips(front: Front) -> Vec<Skip> {
    match front {
        Front::RestApi | Front::BalancerMulti => vec![BARE],
        Front::HttpApi => SLASHES.to_vec(),
        Front::HttpApiV1 => [vec![BARE], SLASHES.to_vec()].concat(),
        Front::FunctionUrl => vec![],
        Front::Balancer => {
            let last = LAST.map(|id| Skip::case(id, "of several of one name the event has the last"));
            [vec![BARE], last.to_vec()].concat()
        }
    }
}

#[test]
fn every_case_is_answered_as_it_has_to_be() {
    let pages = enact_lambda::service_fn(async |request: Request<Body>| {
        Ok::<_, Infallible>(enact_fixture::page(&request).map(Body::from))
    });
    let function = Function::new(enact_fixture::actions().build().unwrap()).pages(pages);
    let cases = [recorded().unwrap(), security().unwrap()].concat();
    let mut success = true;
    for front in Front::ALL {
        let report = Runner::new(&cases).skips(&skips(front)).run(&Events { front, function: function.clone() });
        // Not by `print!`, which a test that passes keeps to itself.
        write!(std::io::stdout(), "\n{report}").unwrap();
        success &= report.is_success();
    }
    assert!(success);
}
