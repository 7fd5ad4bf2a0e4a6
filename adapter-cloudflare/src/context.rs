//! Access to the Worker from handlers, gates and pages.

use std::sync::Arc;

use enact::ActionError;
use http::Extensions;
use worker::Env;

/// Access to the Worker that serves a request: for handlers and gates on [`enact::Context`], for pages on the request's
/// [`Extensions`].
///
/// # Examples
///
/// ```
/// use enact::{ActionError, Context, ResultExt};
/// use enact_cloudflare::WorkerContext;
///
/// async fn greet(_: (), ctx: Context) -> Result<String, ActionError> {
///     let greeting = ctx.env()?.var("GREETING").or_internal()?.to_string();
///     ctx.wait_until(async { worker::console_log!("greeted") })?;
///     Ok(greeting)
/// }
/// ```
pub trait WorkerContext {
    /// Returns the Worker's bindings: variables, secrets, KV, D1, other services.
    ///
    /// # Errors
    ///
    /// Returns an internal error (500) if the request did not come through [`serve`](crate::serve).
    fn env(&self) -> Result<&Env, ActionError>;

    /// Keeps the Worker alive until `work` completes. The response does not wait for it.
    ///
    /// # Errors
    ///
    /// Returns an internal error (500) if the request did not come through [`serve`](crate::serve).
    fn wait_until(&self, work: impl Future<Output = ()> + 'static) -> Result<(), ActionError>;
}

impl WorkerContext for enact::Context {
    fn env(&self) -> Result<&Env, ActionError> {
        self.require()
    }

    fn wait_until(&self, work: impl Future<Output = ()> + 'static) -> Result<(), ActionError> {
        self.require::<Arc<worker::Context>>().map(|context| context.wait_until(work))
    }
}

impl WorkerContext for Extensions {
    fn env(&self) -> Result<&Env, ActionError> {
        self.get().ok_or_else(missing_worker)
    }

    fn wait_until(&self, work: impl Future<Output = ()> + 'static) -> Result<(), ActionError> {
        self.get::<Arc<worker::Context>>().map(|context| context.wait_until(work)).ok_or_else(missing_worker)
    }
}

fn missing_worker() -> ActionError {
    ActionError::internal("the request's extensions lack the Worker: expected a request from `enact_cloudflare::serve`")
}
