//! A layer around a service whose request body does not implement `From<Bytes>`.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use bytes::Bytes;
use enact::Registry;
use enact_axum::ActionsLayer;
use http::{Request, Response};
use tower_layer::Layer as _;
use tower_service::Service;

#[derive(Clone)]
struct Pages;

impl Service<Request<String>> for Pages {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Bytes>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<String>) -> Self::Future {
        ready(Ok(Response::default()))
    }
}

/// Takes a service as a server does.
fn serve(_: impl Service<Request<String>>) {}

fn main() {
    serve(ActionsLayer::new(Registry::builder().build().unwrap()).layer(Pages));
}
