//! Gates: checks that run before the body of a request is read.

use std::future::Future;

use crate::context::{Call, Context};
use crate::error::ActionError;
use crate::maybe_send::{BoxFuture, MaybeSend};

/// A check that every call must pass before its body is read.
///
/// Functions and closures of the form `async fn(Call, Context) -> Result<Context, E>` implement it, where `E` is any type that
/// implements `Into<ActionError>`. A gate returns the context that it was given, after inserting values for handlers, or refuses
/// the call with an error.
///
/// ```
/// use enact::{ActionError, ActionErrorCode, Call, Context, Registry};
///
/// #[derive(Clone)]
/// struct User(String);
///
/// async fn members(_: Call, mut ctx: Context) -> Result<Context, ActionError> {
///     let name = ctx.cookie("session").ok_or(ActionErrorCode::Unauthorized)?;
///     ctx.insert(User(name));
///     Ok(ctx)
/// }
///
/// let actions = Registry::builder().gate(members).build()?;
/// # Ok::<(), enact::BuildError>(())
/// ```
///
/// Implement the trait for a type that holds the state of a gate:
///
/// ```
/// # use std::collections::HashSet;
/// # use enact::{ActionError, ActionErrorCode, Call, Context, Gate, Registry};
/// struct ApiKeys {
///     allowed: HashSet<String>,
/// }
///
/// impl Gate for ApiKeys {
///     async fn check(&self, _: Call, ctx: Context) -> Result<Context, ActionError> {
///         match ctx.headers().get("x-api-key").and_then(|key| key.to_str().ok()) {
///             Some(key) if self.allowed.contains(key) => Ok(ctx),
///             _ => Err(ActionErrorCode::Unauthorized.into()),
///         }
///     }
/// }
///
/// let allowed = HashSet::from(["secret".to_owned()]);
/// let actions = Registry::builder().gate(ApiKeys { allowed }).build()?;
/// # Ok::<(), enact::BuildError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a gate",
    label = "not a gate",
    note = "write `async fn gate(call: Call, ctx: Context) -> Result<Context, ActionError>`",
    note = "its error type must implement `Into<ActionError>`",
    note = "its future must be `Send`: do not hold an `Rc`, a `RefCell` borrow or a lock guard across an `.await`"
)]
pub trait Gate: Send + Sync + 'static {
    /// Returns the context if the call may proceed.
    ///
    /// # Errors
    ///
    /// The error with which the call is refused.
    fn check(&self, call: Call, ctx: Context) -> impl Future<Output = Result<Context, ActionError>> + MaybeSend;
}

#[diagnostic::do_not_recommend]
impl<F, R, E> Gate for F
where
    F: Fn(Call, Context) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Context, E>> + MaybeSend,
    E: Into<ActionError>,
{
    fn check(&self, call: Call, ctx: Context) -> impl Future<Output = Result<Context, ActionError>> + MaybeSend {
        let checked = self(call, ctx);
        async move { checked.await.map_err(Into::into) }
    }
}

/// A gate of any type.
pub(crate) trait ErasedGate: Send + Sync {
    fn check_boxed(&self, call: Call, ctx: Context) -> BoxFuture<'_, Result<Context, ActionError>>;
}

impl<G: Gate> ErasedGate for G {
    fn check_boxed(&self, call: Call, ctx: Context) -> BoxFuture<'_, Result<Context, ActionError>> {
        Box::pin(self.check(call, ctx))
    }
}
