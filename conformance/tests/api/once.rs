//! An action runs at most once for a request, however often the request comes by.

use enact::{Action, ActionError, ActionErrorCode, Context, FormData, Handled, Registry};

use crate::ask::post;
use crate::server::Server;
use crate::watched::Counter;

const FORM: Action<FormData, ()> = Action::form("form");
const FAILING: Action<FormData, ()> = Action::form("failing");
const CALL: Action<(), ()> = Action::json("call");

fn registry(calls: &Counter) -> Registry {
    let failing = calls.clone();
    Registry::builder()
        .action(FORM, calls.handler())
        .action(CALL, calls.handler())
        .action(FAILING, move |_: FormData, _: Context| {
            failing.add();
            std::future::ready(Err::<(), _>(ActionError::from(ActionErrorCode::Conflict)))
        })
        .build()
        .unwrap()
}

#[test]
fn a_page_that_is_asked_again_runs_nothing_again() {
    for name in ["form", "failing"] {
        let calls = Counter::default();
        let registry = registry(&calls);
        let request = http::Request::post(format!("/page?_action={name}"))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("a=b".to_owned())
            .unwrap();
        let Handled::Page(page) = pollster::block_on(registry.handle(request)) else { panic!("no page") };
        let (request, _) = page.into_parts();
        assert_eq!(request.body(), "a=b");
        // As an error page does, or a rewrite: the same request, by the same way, once more.
        for path in ["/page", "/500", "/other"] {
            let (mut head, _) = request.clone().into_parts();
            head.uri = format!("{path}?_action={name}").parse().unwrap();
            let again = http::Request::from_parts(head, "a=b".to_owned());
            let handled = pollster::block_on(registry.handle(again));
            assert!(matches!(handled, Handled::Pass(_) | Handled::Return(..)), "{path}");
        }
        assert_eq!(calls.get(), 1, "{name}");
    }
}

#[test]
fn two_layers_of_the_same_actions_run_one_once() {
    let calls = Counter::default();
    let server = Server::layered(registry(&calls), 2);
    for (n, path) in ["/page?_action=form", "/page?_action=failing", "/missing?_action=form"].iter().enumerate() {
        post(*path).form("a=b").over(&server.tcp);
        assert_eq!(calls.get(), n + 1, "{path}");
    }
    post("/_actions/call").over(&server.tcp);
    assert_eq!(calls.get(), 4);
}

#[test]
fn a_query_that_names_two_actions_runs_one() {
    let calls = Counter::default();
    let registry = registry(&calls);
    post("/page?_action=form&_action=failing&_action=form").form("_action=failing").of(&registry);
    assert_eq!(calls.get(), 1);
    post("/_actions/call?_action=form").of(&registry);
    assert_eq!(calls.get(), 2);
}
