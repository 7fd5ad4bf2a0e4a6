//! A host's own middleware, which sees calls before anything of them ran.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use enact::{ActionError, ActionErrorCode, ActionResults, CalledFrom, Handled, Registry, serialize_result};
use http::StatusCode;

use crate::browser::{Answer, Browser, post};
use crate::server::Server;
use crate::site::{BUY, ECHO, GOOD, Runs, SIGN_UP, Text, WELCOME, WRONG, actions, app};

struct Host {
    server: Server,
    runs: Runs,
}

impl Host {
    /// A site whose requests pass a middleware before its actions.
    fn start(middleware: impl FnOnce(Registry, Router) -> Router) -> Self {
        let runs = Runs::default();
        let registry = actions(&runs).build().unwrap();
        let server = Server::start(middleware(registry.clone(), app(registry)));
        Self { server, runs }
    }

    fn ran(&self) -> bool {
        self.runs.load(std::sync::atomic::Ordering::SeqCst) > 0
    }
}

#[test]
fn it_learns_which_action_is_called_and_how() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let host = Host::start(|registry, app| {
        let seen = Arc::clone(&seen);
        app.layer(from_fn(move |request: Request, next: Next| {
            let call = registry.identify(&request).map(|call| (call.name(), call.called_from()));
            seen.lock().unwrap().push(call);
            next.run(request)
        }))
    });
    let browser = Browser::new();
    let mut tab = browser.tab(&host.server.url());
    tab.open("/");
    tab.send(SIGN_UP, GOOD);
    tab.send("?_action=nobody", GOOD);
    tab.send(SIGN_UP.path("/"), GOOD);
    assert_eq!(
        *seen.lock().unwrap(),
        [None, Some(("members.sign-up", CalledFrom::Form)), None, Some(("members.sign-up", CalledFrom::Rpc))]
    );
}

#[test]
fn it_may_refuse_before_anything_runs() {
    async fn guard(State(registry): State<Registry>, request: Request, next: Next) -> Response {
        match registry.identify(&request) {
            Some(call) if call.is(SIGN_UP) && call.called_from() == CalledFrom::Rpc => {
                (StatusCode::FORBIDDEN, "not this way").into_response()
            }
            _ => next.run(request).await,
        }
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state(registry, guard)));
    let browser = Browser::new();
    let mut tab = browser.tab(&host.server.url());
    let refused = tab.send(SIGN_UP.path("/"), GOOD);
    assert_eq!((refused.status, refused.body.as_str()), (StatusCode::FORBIDDEN, "not this way"));
    assert!(!host.ran());
    // However the name is spelled, it is the same action.
    assert_eq!(tab.send("/_actions/members%2Esign-up", GOOD).status, StatusCode::FORBIDDEN);
    assert!(tab.send(format!("/form{SIGN_UP}"), GOOD).shows(WELCOME));
}

#[test]
fn it_may_run_the_action_and_the_layer_does_not_run_it_again() {
    async fn run(State(registry): State<Registry>, request: Request, next: Next) -> Response {
        match registry.handle(request).await {
            Handled::Response(response) => response.map(Body::from),
            Handled::Page(page) => {
                let (request, finish) = page.into_parts();
                let mut response = next.run(request.map(Body::from)).await;
                finish.finish(&mut response);
                response
            }
            Handled::Return(request, finish) => {
                let mut response = next.run(request).await;
                finish.finish(&mut response);
                response
            }
            Handled::Pass(request) => next.run(request).await,
        }
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state(registry, run)));
    let browser = Browser::new();
    let mut tab = browser.tab(&host.server.url());
    tab.open("/form");
    let page = tab.send(SIGN_UP, GOOD);
    assert!(page.shows("at: /form") && page.shows(WELCOME));
    assert_eq!(page.cookies(), ["greeted=yes; Path=/"]);
    assert_eq!(host.runs.load(std::sync::atomic::Ordering::SeqCst), 1);
}

/// As a site would that keeps results in the sessions it has anyway.
#[test]
fn it_may_keep_a_result_itself_and_give_it_to_the_next_page() {
    type Session = Arc<Mutex<Option<String>>>;

    async fn keep(
        State((registry, session)): State<(Registry, Session)>,
        mut request: Request,
        next: Next,
    ) -> Response {
        let kept = session.lock().unwrap().take();
        if let Some(kept) = kept {
            request.extensions_mut().insert(serde_json::from_str::<ActionResults>(&kept).unwrap());
            return next.run(request).await;
        }
        let path = request.uri().path().to_owned();
        match registry.handle(request).await {
            Handled::Page(page) => {
                *session.lock().unwrap() = Some(serde_json::to_string(&page.results()).unwrap());
                let (_, finish) = page.into_parts();
                let mut response = Redirect::to(&path).into_response();
                finish.finish(&mut response);
                response
            }
            Handled::Response(response) => response.map(Body::from),
            Handled::Pass(request) | Handled::Return(request, _) => next.run(request).await,
        }
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state((registry, Session::default()), keep)));
    let browser = Browser::new();
    let mut tab = browser.tab(&host.server.url());
    tab.open("/form");
    let answer = tab.send(SIGN_UP, GOOD);
    assert_eq!(answer.location(), Some("/form"));
    assert_eq!(answer.cookies(), ["greeted=yes; Path=/"]);
    assert!(tab.follow(answer).shows(WELCOME));
    assert!(!tab.reload().body.contains("sign-up:"));

    let page = tab.submit(SIGN_UP, WRONG);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.shows("email again: <ada>") && !page.body.contains("hunter2"));
}

#[test]
fn it_may_have_another_result_shown() {
    async fn soothe(State(registry): State<Registry>, request: Request, next: Next) -> Response {
        match registry.handle(request).await {
            Handled::Page(mut page) => {
                let instead = match page.results().get(BUY) {
                    Some(Err(_)) => serialize_result(Ok(&"another".to_owned())),
                    _ => serialize_result::<String>(Err(&ActionErrorCode::Gone.into())),
                };
                page.set_results(ActionResults::from_serialized(BUY.name(), instead.unwrap()));
                let (request, finish) = page.into_parts();
                let mut response = next.run(request.map(Body::from)).await;
                finish.finish(&mut response);
                response
            }
            _ => panic!("only forms are sent"),
        }
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state(registry, soothe)));
    let browser = Browser::new();
    let mut tab = browser.tab(&host.server.url());
    // The status is that of the result which is shown.
    let page = tab.send(BUY, &[("text", "0")]);
    assert!(page.shows("bought: another"));
    assert_eq!(page.status, StatusCode::OK);
    let page = tab.send(ECHO, &[("text", "x")]);
    assert!(page.shows("bought: GONE"));
    assert_eq!(page.status, StatusCode::GONE);
}

#[test]
fn it_may_set_the_result_without_running_anything() {
    async fn cached(State(registry): State<Registry>, mut request: Request, next: Next) -> Response {
        let call = registry.identify(&request);
        if call.is_some_and(|call| call.is(ECHO)) {
            let known = serialize_result::<Text>(Ok(&Text { text: "known".to_owned() })).unwrap();
            request.extensions_mut().insert(ActionResults::from_serialized(ECHO.name(), known));
        } else if call.is_some_and(|call| call.is(BUY)) {
            let sold_out = ActionError::new(ActionErrorCode::Gone).message("Sold out");
            let known = serialize_result::<String>(Err(&sold_out)).unwrap();
            request.extensions_mut().insert(ActionResults::from_serialized(BUY.name(), known));
        }
        next.run(request).await
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state(registry, cached)));
    let browser = Browser::new();
    let mut tab = browser.tab(&host.server.url());
    assert!(tab.send(ECHO, &[("text", "asked")]).shows("echo: known"));
    let page = tab.send(BUY, &[("text", "7")]);
    assert!(page.shows("bought: GONE: Sold out"));
    // As that of an action which failed here.
    assert_eq!(page.status, StatusCode::GONE);
}

#[test]
fn what_it_runs_itself_is_checked_as_ever() {
    async fn run(State(registry): State<Registry>, request: Request) -> Response {
        match registry.handle(request).await {
            Handled::Response(response) => response.map(Body::from),
            _ => panic!("only cross-site requests are sent"),
        }
    }
    let runs = Runs::default();
    let registry = actions(&runs).build().unwrap();
    let server = Server::start(Router::new().fallback(run).with_state(registry));
    let request = post(format!("{}/{SIGN_UP}", server.url())).header("sec-fetch-site", "cross-site");
    assert_eq!(Answer::of(request.send_form(GOOD.iter().copied()).unwrap()).status, StatusCode::FORBIDDEN);
}
