//! The layer around a tower service that is not axum's.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use axum::extract::ConnectInfo;
use enact::host::ResponseBody;
use enact::page::PageResult;
use enact::{ClientAddr, ReceivedAt};
use enact_axum::{ActionsLayer, ActionsService};
use http::{Method, Request, StatusCode};
use tower_layer::Layer as _;
use tower_service::Service;

use crate::site::{ECHO, Runs, actions};

/// Pages that, like a service with a limit, may be called once each time they are ready.
struct Pages {
    is_ready: bool,
    clones: Arc<AtomicUsize>,
}

impl Clone for Pages {
    fn clone(&self) -> Self {
        self.clones.fetch_add(1, Ordering::SeqCst);
        Self { is_ready: false, clones: Arc::clone(&self.clones) }
    }
}

impl Service<Request<Body>> for Pages {
    type Response = http::Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "the pages were called before they were ready");
        let extensions = request.extensions();
        let has_time = extensions.get::<ReceivedAt>().is_some();
        let address = extensions.get::<ClientAddr>().map(|address| address.0);
        let result = PageResult::of(extensions).get(ECHO).map(|result| result.map(|output| output.text.clone()).ok());
        ready(Ok(http::Response::new(format!("{has_time} {address:?} {result:?}"))))
    }
}

/// Creates the service, and a counter of the clones of its pages.
fn start() -> (ActionsService<Pages>, Arc<AtomicUsize>) {
    let clones = Arc::<AtomicUsize>::default();
    let pages = Pages { is_ready: false, clones: Arc::clone(&clones) };
    (ActionsLayer::new(actions(&Runs::default()).build().unwrap()).layer(pages), clones)
}

/// Sends a request as a server does. Returns the status and the text of the response.
fn send(service: &mut ActionsService<Pages>, method: Method, target: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 80))))
        .body(Body::from("text=x"))
        .unwrap();
    let mut cx = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut cx).is_ready());
    let future = assert_send(service.call(request));
    let Poll::Ready(Ok(response)) = pin!(future).poll(&mut cx) else { panic!("nothing in this test waits") };
    let status = response.status();
    let text = match response.into_body() {
        ResponseBody::Action(body) => String::from_utf8(body.into_bytes().unwrap().into()).unwrap(),
        ResponseBody::Page(text) => text,
    };
    (status, text)
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn page_gets_result_time_and_address() {
    let (mut service, _) = start();
    for (method, target, status, result) in [
        (Method::GET, "/".to_owned(), StatusCode::OK, "None"),
        (Method::POST, format!("/{ECHO}"), StatusCode::OK, r#"Some(Some("x"))"#),
        (Method::POST, "/?_action=nobody".to_owned(), StatusCode::NOT_FOUND, "None"),
    ] {
        let expected = if cfg!(feature = "connect-info") { "Some(192.0.2.7)" } else { "None" };
        assert_eq!(send(&mut service, method, &target), (status, format!("true {expected} {result}")), "{target}");
    }
}

#[test]
fn client_call_does_not_reach_the_pages() {
    let (mut service, clones) = start();
    let (status, text) = send(&mut service, Method::POST, &ECHO.path("/"));
    assert_eq!((status, text.as_str()), (StatusCode::OK, r#"[{"text":1},"x"]"#));
    assert_eq!(send(&mut service, Method::POST, "/_actions/nobody").0, StatusCode::NOT_FOUND);
    assert_eq!(clones.load(Ordering::SeqCst), 0);
}

#[test]
fn only_a_form_clones_the_pages() {
    let (mut service, clones) = start();
    send(&mut service, Method::GET, "/");
    send(&mut service, Method::POST, "/?_action=nobody");
    assert_eq!(clones.load(Ordering::SeqCst), 0);
    send(&mut service, Method::POST, &format!("/{ECHO}"));
    assert_eq!(clones.load(Ordering::SeqCst), 1);
}
