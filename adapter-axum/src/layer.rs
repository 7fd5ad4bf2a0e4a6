//! The layer.

use enact::Registry;
use tower_layer::Layer;

use crate::service::ActionsService;

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
/// # use enact_axum::{ActionsLayer, PageResult};
/// # async fn page(result: PageResult) {}
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
        ActionsService::new(self.actions.clone(), pages)
    }
}
