//! The service of the layer, and its response future.

use std::error::Error;
use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::Bytes;
use enact::host::{PageBody, PageFinish, PendingCall, Reply, ResponseBody, Step, not_found};
use enact::{CalledFrom, ReceivedAt, Registry};
use http::{Extensions, Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_service::Service;

/// The service of [`ActionsLayer`](crate::ActionsLayer). It answers calls of actions and passes other requests to the inner
/// service.
///
/// The response body of the inner service can be of any type and can stream. The service wraps it in [`ResponseBody`], which
/// axum converts to its own body.
///
/// The extensions of each request get the time as [`ReceivedAt`]. With the feature `connect-info`, they also get the client's
/// address as [`ClientAddr`](enact::ClientAddr), if axum knows it. Values that an outer layer has inserted are kept.
#[derive(Debug, Clone)]
pub struct ActionsService<S> {
    actions: Registry,
    pages: S,
}

impl<S> ActionsService<S> {
    pub(crate) const fn new(actions: Registry, pages: S) -> Self {
        Self { actions, pages }
    }
}

/// A request body that actions can read, for example axum's `Body` or `http_body_util::Full<Bytes>`.
///
/// The layer reads the body of a form and creates a new one from [`Bytes`] for the page. The trait is implemented for every
/// type that meets its bounds.
#[diagnostic::on_unimplemented(
    message = "actions cannot read a body of type `{Self}`",
    label = "the service inside the layer takes this body",
    note = "the body must implement `http_body::Body + From<Bytes> + Send + 'static`, as axum's `Body` does; to adapt a service \
            with another body, use `.map_request(|request: Request<axum::body::Body>| …)`"
)]
pub trait CallBody: Body<Error: Into<Box<dyn Error + Send + Sync>>, Data: Send> + From<Bytes> + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<B> CallBody for B where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>, Data: Send> + From<Bytes> + Send + 'static
{
}

impl<S, B, R> Service<Request<B>> for ActionsService<S>
where
    S: Service<Request<B>, Response = Response<R>, Future: Send> + Clone + Send + 'static,
    B: CallBody,
    R: 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, R, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.pages.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let extensions = request.extensions_mut();
        extensions.get_or_insert_with(|| ReceivedAt::from(SystemTime::now()));
        insert_client_addr(extensions);
        let (head, body) = request.into_parts();
        let state = match self.actions.begin(head) {
            Step::Pass(head) => State::Page { future: self.pages.call(Request::from_parts(head, body)), finish: None },
            Step::Reply(Reply::Response(response)) => State::Reply { future: ready(response) },
            Step::Reply(Reply::Page(page)) => {
                let (request, finish) = page.into_parts();
                State::Page { future: self.pages.call(request.map(B::from)), finish: Some(finish) }
            }
            Step::Call(call) if call.call().called_from() == CalledFrom::Rpc => {
                State::Call { future: Box::pin(answer_client(call, body)) }
            }
            step => {
                // Only `self.pages` was polled until ready. Its clone may not be ready.
                let clone = self.pages.clone();
                let mut pages = std::mem::replace(&mut self.pages, clone);
                let pages = move |request: Request<PageBody<B>>| pages.call(request.map(PageBody::into_inner));
                State::Call { future: Box::pin(step.serve(body, pages)) }
            }
        };
        ResponseFuture { state }
    }
}

async fn answer_client<B: CallBody, R, E>(call: PendingCall, body: B) -> Result<Response<ResponseBody<R>>, E> {
    match call.run(body).await {
        Reply::Response(response) => Ok(response.map(ResponseBody::Action)),
        // Only a posted form is answered by a page, so this arm never runs.
        Reply::Page(_) => Ok(not_found().map(ResponseBody::Action)),
    }
}

/// Inserts the client's address that axum reports.
#[cfg(feature = "connect-info")]
fn insert_client_addr(extensions: &mut Extensions) {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;
    use enact::ClientAddr;

    if let Some(&ConnectInfo(address)) = extensions.get::<ConnectInfo<SocketAddr>>() {
        extensions.get_or_insert_with(|| ClientAddr(address.ip()));
    }
}

#[cfg(not(feature = "connect-info"))]
const fn insert_client_addr(_: &mut Extensions) {}

pin_project! {
    /// The response future of [`ActionsService`].
    pub struct ResponseFuture<F, R, E> {
        #[pin]
        state: State<F, R, E>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, R, E> {
        /// The inner service answers.
        Page { #[pin] future: F, finish: Option<PageFinish> },
        /// The request was refused.
        Reply { future: Ready<Response<enact::Body>> },
        /// An action or a store runs. The inner service may answer after it.
        Call { future: Pin<Box<dyn Future<Output = Result<Response<ResponseBody<R>>, E>> + Send>> },
    }
}

impl<F, R, E> fmt::Debug for ResponseFuture<F, R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl<F, R, E> Future for ResponseFuture<F, R, E>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<ResponseBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Page { future, finish } => future.poll(cx).map_ok(|mut response| {
                if let Some(finish) = finish.take() {
                    finish.finish(&mut response);
                }
                response.map(ResponseBody::Page)
            }),
            StateProjection::Reply { future } => {
                Pin::new(future).poll(cx).map(|response| Ok(response.map(ResponseBody::Action)))
            }
            StateProjection::Call { future } => future.as_mut().poll(cx),
        }
    }
}
