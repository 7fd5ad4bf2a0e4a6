//! What handlers reach of the Worker.

use std::sync::Arc;

use enact::ActionError;
use http::Extensions;
use worker::Env;

/// The Worker around a call, for handlers and gates by [`enact::Context`], for pages by a request's [`Extensions`].
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
    /// The Worker's bindings: variables, secrets, KV, D1, other services.
    ///
    /// # Errors
    ///
    /// Status 500 where the request did not come by [`serve`](crate::serve).
    fn env(&self) -> Result<&Env, ActionError>;

    /// Keeps the Worker alive until this is done, without making the answer wait.
    ///
    /// # Errors
    ///
    /// Status 500 where the request did not come by [`serve`](crate::serve).
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
        self.get().ok_or_else(outside)
    }

    fn wait_until(&self, work: impl Future<Output = ()> + 'static) -> Result<(), ActionError> {
        self.get::<Arc<worker::Context>>().map(|context| context.wait_until(work)).ok_or_else(outside)
    }
}

fn outside() -> ActionError {
    ActionError::internal("the request did not come by `enact_cloudflare::serve`")
}
