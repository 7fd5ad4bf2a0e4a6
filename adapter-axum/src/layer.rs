//! The layer and its service.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use enact::Registry;
use enact::host::{PageBody, Step};
use http::{Extensions, Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

/// A [`Layer`] that serves the actions of a [`Registry`] in front of an axum `Router` or another tower service.
///
/// # Order of layers
///
/// Add the layer to the router that serves pages with forms. Layers that every request must pass, such as sessions, go outside
/// it. In axum, the layer that is added last is the outermost and sees a request first:
///
/// ```
/// # use axum::{Extension, Router, routing::get};
/// # use enact::Registry;
/// # use enact_axum::{ActionsLayer, Results};
/// # async fn page(results: Results) {}
/// # #[derive(Clone, Default)] struct Store;
/// # let actions = Registry::builder().build()?;
/// let app: Router = Router::new()
///     .route("/", get(page).post(page))
///     .layer(ActionsLayer::new(actions))
///     .layer(Extension(Store::default())); // outside: handlers of actions find the store too
/// # Ok::<(), enact::BuildError>(())
/// ```
///
/// Pages with forms need a route for `GET` and one for `POST`. Use `Router::layer`, not `Router::route_layer`: calls to
/// `/_actions/…` match no route, so `route_layer` never sees them.
///
/// axum's `DefaultBodyLimit` does not apply to actions. Their bodies are bounded by [`enact::Limits`].
///
/// # Nested routers
///
/// Add the layer to the outermost router, after all calls to `Router::nest`, `merge` and `fallback`. A nested router sees paths
/// without their prefix, so redirects from there would lead to pages that do not exist. It also receives no call to
/// `/_actions/…`. If a proxy serves the site below a prefix, or calls need a prefix of their own, set `base` on the
/// registry's builder.
///
/// # State
///
/// Handlers of actions read state from the extensions of the request, with [`enact::Context::get`] and
/// [`enact::Context::require`]. Insert it with axum's `Extension` layer, outside this layer. The state of a router
/// (`Router::with_state`) is not visible to actions, because axum passes it only to the handlers of routes. Pages can use both.
///
/// # Sessions
///
/// `tower_sessions::SessionManagerLayer` goes outside this layer. Its `Session` is then an extension like any other:
/// `ctx.require::<Session>()?` returns it in a handler or a gate.
///
/// # Tracing
///
/// Add `tower_http::trace::TraceLayer` outside this layer, so that its span contains the call. enact emits `tracing` events
/// in that span: `ERROR` for internal errors with their source, `WARN` for cross-site requests, `DEBUG` for other failed calls.
#[derive(Debug, Clone)]
pub struct ActionsLayer {
    actions: Registry,
}

impl ActionsLayer {
    /// Creates a layer that serves `actions`.
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

/// The service of [`ActionsLayer`]. It answers calls of actions and passes other requests to the inner service.
#[derive(Debug, Clone)]
pub struct ActionsService<S> {
    actions: Registry,
    pages: S,
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
                    // Only `self.pages` was polled until ready. Its clone may not be ready.
                    let clone = self.pages.clone();
                    let pages = std::mem::replace(&mut self.pages, clone);
                    Inner::Action { future: Box::pin(call_action(step, body, pages)) }
                }
            },
        }
    }
}

async fn call_action<S, B, R>(mut step: Step, body: B, mut pages: S) -> Result<Response<R>, S::Error>
where
    S: Service<Request<B>, Response = Response<R>>,
    B: CallBody,
    R: From<Bytes>,
{
    if let Some(extensions) = step.extensions_mut() {
        insert_time(extensions);
        insert_client_addr(extensions);
    }
    step.answer(body, |request| pages.call(request.map(PageBody::into_inner))).await
}

/// Inserts the time of the request, from which enact decides whether a result has expired.
#[cfg(feature = "post-redirect-get")]
fn insert_time(extensions: &mut Extensions) {
    use enact::ReceivedAt;
    use std::time::SystemTime;

    extensions.get_or_insert_with(|| ReceivedAt::from(SystemTime::now()));
}

#[cfg(not(feature = "post-redirect-get"))]
fn insert_time(_: &mut Extensions) {}

/// Inserts the client's address that axum reports.
#[cfg(feature = "connect-info")]
fn insert_client_addr(extensions: &mut Extensions) {
    use axum::extract::ConnectInfo;
    use enact::ClientAddr;
    use std::net::SocketAddr;

    if let Some(&ConnectInfo(address)) = extensions.get::<ConnectInfo<SocketAddr>>() {
        extensions.get_or_insert_with(|| ClientAddr(address.ip()));
    }
}

#[cfg(not(feature = "connect-info"))]
fn insert_client_addr(_: &mut Extensions) {}

pin_project! {
    /// The future of [`ActionsService`].
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
