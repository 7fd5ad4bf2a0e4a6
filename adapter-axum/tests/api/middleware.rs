//! Middleware of the host that handles calls before the layer does.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use enact::host::{PageBody, Reply, Step};
use enact::page::{PageResult, serialize_result};
use enact::{ActionError, ActionErrorCode, CalledFrom, Registry};
use http::StatusCode;

use crate::browser::{Browser, TextResponse, post};
use crate::server::Server;
use crate::site::{BUY, ECHO, INVALID, Runs, SIGN_UP, Text, VALID, WELCOME, actions, build_app};

struct Host {
    server: Server,
    runs: Runs,
}

impl Host {
    /// Starts a site with a middleware outside its actions.
    fn start(middleware: impl FnOnce(Registry, Router) -> Router) -> Self {
        let runs = Runs::default();
        let registry = actions(&runs).build().unwrap();
        let server = Server::start(middleware(registry.clone(), build_app(registry)));
        Self { server, runs }
    }

    fn has_run(&self) -> bool {
        self.runs.load(std::sync::atomic::Ordering::SeqCst) > 0
    }
}

/// Runs the action that a request calls. Returns the request if it calls none.
async fn run_action(registry: &Registry, request: Request) -> Result<Reply, Request> {
    let (head, body) = request.into_parts();
    match registry.begin(head) {
        Step::Pass(head) => Err(Request::from_parts(head, body)),
        Step::Reply(reply) => Ok(reply),
        Step::Call(call) => Ok(call.run(body).await),
        Step::Result(_) => panic!("the middleware does not see the result of an earlier request"),
    }
}

#[test]
fn middleware_identifies_calls() {
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
    let mut tab = browser.open_tab(&host.server.url());
    tab.open("/");
    tab.send(SIGN_UP, VALID);
    tab.send("?_action=nobody", VALID);
    tab.send(SIGN_UP.path("/"), VALID);
    assert_eq!(
        *seen.lock().unwrap(),
        [None, Some(("members.sign-up", CalledFrom::Form)), None, Some(("members.sign-up", CalledFrom::Rpc))]
    );
}

#[test]
fn middleware_can_refuse_calls() {
    async fn refuse_rpc(State(registry): State<Registry>, request: Request, next: Next) -> Response {
        match registry.identify(&request) {
            Some(call) if call.is(SIGN_UP) && call.called_from() == CalledFrom::Rpc => {
                (StatusCode::FORBIDDEN, "only by form").into_response()
            }
            _ => next.run(request).await,
        }
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state(registry, refuse_rpc)));
    let browser = Browser::new();
    let mut tab = browser.open_tab(&host.server.url());
    let refused = tab.send(SIGN_UP.path("/"), VALID);
    assert_eq!((refused.status, refused.body.as_str()), (StatusCode::FORBIDDEN, "only by form"));
    assert!(!host.has_run());
    // A percent-encoded name resolves to the same action.
    assert_eq!(tab.send("/_actions/members%2Esign-up", VALID).status, StatusCode::FORBIDDEN);
    assert!(tab.send(format!("/form{SIGN_UP}"), VALID).has_line(WELCOME));
}

#[test]
fn action_run_by_middleware_does_not_run_twice() {
    async fn run(State(registry): State<Registry>, request: Request, next: Next) -> Response {
        let pages = async |request: Request<PageBody<Body>>| {
            Ok::<_, Infallible>(next.run(request.map(PageBody::into_inner)).await)
        };
        registry.serve(request, pages).await.into_response()
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state(registry, run)));
    let browser = Browser::new();
    let mut tab = browser.open_tab(&host.server.url());
    tab.open("/form");
    let page = tab.send(SIGN_UP, VALID);
    assert!(page.has_line("at: /form") && page.has_line(WELCOME));
    assert_eq!(page.cookies(), ["greeted=yes; Path=/"]);
    assert_eq!(host.runs.load(std::sync::atomic::Ordering::SeqCst), 1);
}

/// A site can keep results in its own sessions in this way.
#[test]
fn middleware_can_store_a_result_for_the_next_page() {
    type Session = Arc<Mutex<Option<String>>>;

    async fn store_result(
        State((registry, session)): State<(Registry, Session)>,
        mut request: Request,
        next: Next,
    ) -> Response {
        let stored = session.lock().unwrap().take();
        if let Some(stored) = stored {
            request.extensions_mut().insert(serde_json::from_str::<PageResult>(&stored).unwrap());
            return next.run(request).await;
        }
        let path = request.uri().path().to_owned();
        match run_action(&registry, request).await {
            Ok(Reply::Page(page)) => {
                *session.lock().unwrap() = Some(serde_json::to_string(&page.result()).unwrap());
                let (_, finish) = page.into_parts();
                let mut response = Redirect::to(&path).into_response();
                finish.finish(&mut response);
                response
            }
            Ok(Reply::Response(response)) => response.map(Body::new),
            Err(request) => next.run(request).await,
        }
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state((registry, Session::default()), store_result)));
    let browser = Browser::new();
    let mut tab = browser.open_tab(&host.server.url());
    tab.open("/form");
    let response = tab.send(SIGN_UP, VALID);
    assert_eq!(response.location(), Some("/form"));
    assert_eq!(response.cookies(), ["greeted=yes; Path=/"]);
    assert!(tab.follow(response).has_line(WELCOME));
    assert!(!tab.reload().body.contains("sign-up:"));

    let page = tab.submit(SIGN_UP, INVALID);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.has_line("email value: <ada>") && !page.body.contains("hunter2"));
}

#[test]
fn middleware_can_replace_a_result() {
    async fn replace_result(State(registry): State<Registry>, request: Request, next: Next) -> Response {
        match run_action(&registry, request).await {
            Ok(Reply::Page(mut page)) => {
                let replacement = match page.result().get(BUY) {
                    Some(Err(_)) => serialize_result(Ok(&"another".to_owned())),
                    _ => serialize_result::<String>(Err(&ActionErrorCode::Gone.into())),
                };
                page.set_result(PageResult::from_serialized(BUY.name(), replacement.unwrap()));
                let (request, finish) = page.into_parts();
                let mut response = next.run(request.map(Body::from)).await;
                finish.finish(&mut response);
                response
            }
            _ => panic!("the test sends only forms"),
        }
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state(registry, replace_result)));
    let browser = Browser::new();
    let mut tab = browser.open_tab(&host.server.url());
    // The replaced result sets the status.
    let page = tab.send(BUY, &[("text", "0")]);
    assert!(page.has_line("bought: another"));
    assert_eq!(page.status, StatusCode::OK);
    let page = tab.send(ECHO, &[("text", "x")]);
    assert!(page.has_line("bought: GONE"));
    assert_eq!(page.status, StatusCode::GONE);
}

#[test]
fn middleware_can_set_a_result_without_a_call() {
    async fn insert_cached_result(State(registry): State<Registry>, mut request: Request, next: Next) -> Response {
        let call = registry.identify(&request);
        if call.is_some_and(|call| call.is(ECHO)) {
            let cached = serialize_result::<Text>(Ok(&Text { text: "cached".to_owned() })).unwrap();
            request.extensions_mut().insert(PageResult::from_serialized(ECHO.name(), cached));
        } else if call.is_some_and(|call| call.is(BUY)) {
            let sold_out = ActionError::new(ActionErrorCode::Gone).with_message("Sold out");
            let cached = serialize_result::<String>(Err(&sold_out)).unwrap();
            request.extensions_mut().insert(PageResult::from_serialized(BUY.name(), cached));
        }
        next.run(request).await
    }
    let host = Host::start(|registry, app| app.layer(from_fn_with_state(registry, insert_cached_result)));
    let browser = Browser::new();
    let mut tab = browser.open_tab(&host.server.url());
    assert!(tab.send(ECHO, &[("text", "asked")]).has_line("echo: cached"));
    let page = tab.send(BUY, &[("text", "7")]);
    assert!(page.has_line("bought: GONE: Sold out"));
    // A cached error sets the status like an error of a handler.
    assert_eq!(page.status, StatusCode::GONE);
}

#[test]
fn middleware_that_handles_calls_refuses_cross_site_forms() {
    async fn run(State(registry): State<Registry>, request: Request) -> Response {
        match run_action(&registry, request).await {
            Ok(Reply::Response(response)) => response.map(Body::new),
            _ => panic!("the test sends only cross-site requests"),
        }
    }
    let runs = Runs::default();
    let registry = actions(&runs).build().unwrap();
    let server = Server::start(Router::new().fallback(run).with_state(registry));
    let request = post(format!("{}/{SIGN_UP}", server.url())).header("sec-fetch-site", "cross-site");
    assert_eq!(TextResponse::read(request.send_form(VALID.iter().copied()).unwrap()).status, StatusCode::FORBIDDEN);
}
