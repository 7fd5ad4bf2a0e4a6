//! The layer, and the service that it makes.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::Bytes;
use enact::{PageBody, ReceivedAt, Registry, Step};
use http::{Extensions, Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

/// Puts actions in front of a service: an axum `Router`, or any other over `http` bodies.
///
/// Lay it over the pages whose forms call actions, below what every request has to pass. Not inside [`Router::nest`]: there
/// the path lacks its beginning, and browsers are sent to pages that do not exist.
///
/// [`Router::nest`]: https://docs.rs/axum/latest/axum/struct.Router.html#method.nest
#[derive(Debug, Clone)]
pub struct ActionsLayer {
    actions: Registry,
}

impl ActionsLayer {
    /// The layer of these actions.
    pub const fn new(actions: Registry) -> Self {
        Self { actions }
    }
}

impl<S> Layer<S> for ActionsLayer {
    type Service = ActionsService<S>;

    fn layer(&self, pages: S) -> Self::Service {
        ActionsService { actions: self.actions.clone(), pages }
    }
}

/// Answers calls of actions, and leaves the rest to the service behind it.
#[derive(Debug, Clone)]
pub struct ActionsService<S> {
    actions: Registry,
    pages: S,
}

/// The body of a request that actions can read, and that can be made anew for a page: axum's `Body`, or
/// `http_body_util::Full<Bytes>`.
#[diagnostic::on_unimplemented(
    message = "actions cannot read a body of type `{Self}`",
    label = "the service behind the layer takes this body",
    note = "a body has to be `http_body::Body + From<Bytes> + Send + 'static`; axum's `Body` is, and a service over another is \
            made one by `.map_request(|request: Request<axum::body::Body>| …)`"
)]
pub trait CallBody: Body<Error: Into<Box<dyn Error + Send + Sync>>, Data: Send> + From<Bytes> + Send + 'static {}

impl<B> CallBody for B where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>, Data: Send> + From<Bytes> + Send + 'static
{
}

impl<S, B, R> Service<Request<B>> for ActionsService<S>
where
    S: Service<Request<B>, Response = Response<R>, Future: Send> + Clone + Send + 'static,
    B: CallBody,
    R: From<Bytes> + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, R, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.pages.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (head, body) = request.into_parts();
        ResponseFuture {
            inner: match self.actions.begin(head) {
                Step::Pass(head) => Inner::Pages { future: self.pages.call(Request::from_parts(head, body)) },
                step => {
                    // The service that is ready is the one to call; its clone need not be.
                    let clone = self.pages.clone();
                    let pages = std::mem::replace(&mut self.pages, clone);
                    Inner::Action { future: Box::pin(act(step, body, pages)) }
                }
            },
        }
    }
}

async fn act<S, B, R>(mut step: Step, body: B, mut pages: S) -> Result<Response<R>, S::Error>
where
    S: Service<Request<B>, Response = Response<R>>,
    B: CallBody,
    R: From<Bytes>,
{
    if let Some(extensions) = step.extensions_mut() {
        // By that the core knows whether a result that waited is stale.
        extensions.get_or_insert_with(|| ReceivedAt::from(SystemTime::now()));
        tell_address(extensions);
    }
    step.answer(body, |request| pages.call(request.map(PageBody::into_inner))).await
}

/// Tells the core which address axum saw.
#[cfg(feature = "connect-info")]
fn tell_address(extensions: &mut Extensions) {
    use axum::extract::ConnectInfo;
    use enact::ClientAddr;
    use std::net::SocketAddr;

    if let Some(&ConnectInfo(address)) = extensions.get::<ConnectInfo<SocketAddr>>() {
        extensions.get_or_insert_with(|| ClientAddr(address.ip()));
    }
}

#[cfg(not(feature = "connect-info"))]
fn tell_address(_: &mut Extensions) {}

pin_project! {
    /// The answer to come.
    pub struct ResponseFuture<F, R, E> {
        #[pin]
        inner: Inner<F, R, E>,
    }
}

pin_project! {
    #[project = InnerProjection]
    enum Inner<F, R, E> {
        Pages { #[pin] future: F },
        Action { future: Pin<Box<dyn Future<Output = Result<Response<R>, E>> + Send>> },
    }
}

impl<F, R, E> std::fmt::Debug for ResponseFuture<F, R, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl<F, R, E> Future for ResponseFuture<F, R, E>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.project().inner.project() {
            InnerProjection::Pages { future } => future.poll(cx),
            InnerProjection::Action { future } => future.as_mut().poll(cx),
        }
    }
}
