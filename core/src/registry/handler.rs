//! Handlers of actions.

use std::future::Future;

use crate::context::Context;
use crate::error::ActionError;
use crate::maybe_send::MaybeSend;

/// The handler of an action with input `I` and output `O`.
///
/// Functions and closures of the form `async fn(I, Context) -> Result<O, E>` implement it, where `E` is any type that implements
/// `Into<ActionError>`. Use the error type of your application to convert errors with `?`:
///
/// ```
/// use enact::{Action, ActionError, ActionErrorCode, Context, Registry};
///
/// enum AppError {
///     OutOfStock,
///     Database(std::io::Error),
/// }
///
/// impl From<std::io::Error> for AppError {
///     fn from(error: std::io::Error) -> Self {
///         Self::Database(error)
///     }
/// }
///
/// impl From<AppError> for ActionError {
///     fn from(error: AppError) -> Self {
///         match error {
///             AppError::OutOfStock => Self::new(ActionErrorCode::Conflict).with_message("Out of stock"),
///             AppError::Database(error) => Self::internal(error),
///         }
///     }
/// }
///
/// const ORDER: Action<u32, ()> = Action::json("order");
///
/// async fn order(count: u32, _: Context) -> Result<(), AppError> {
///     # fn stock() -> std::io::Result<u32> { Ok(1) }
///     if stock()? < count { Err(AppError::OutOfStock) } else { Ok(()) }
/// }
///
/// let actions = Registry::builder().action(ORDER.handler(order)).build()?;
/// # Ok::<(), enact::BuildError>(())
/// ```
///
/// A closure may capture state: `move |input, ctx| { let db = db.clone(); async move { … } }`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler of an action with input `{I}` and output `{O}`",
    label = "not a handler of this action",
    note = "write `async fn handler(input: {I}, ctx: Context) -> Result<{O}, ActionError>`",
    note = "its error type must implement `Into<ActionError>`",
    note = "its future must be `Send`: do not hold an `Rc`, a `RefCell` borrow or a lock guard across an `.await`"
)]
pub trait Handler<I, O>: Send + Sync + 'static {
    /// Runs the action.
    ///
    /// # Errors
    ///
    /// The error that is sent to the caller.
    fn handle(&self, input: I, ctx: Context) -> impl Future<Output = Result<O, ActionError>> + MaybeSend + 'static;
}

#[diagnostic::do_not_recommend]
impl<F, R, I, O, E> Handler<I, O> for F
where
    F: Fn(I, Context) -> R + Send + Sync + 'static,
    R: Future<Output = Result<O, E>> + MaybeSend + 'static,
    E: Into<ActionError>,
{
    fn handle(&self, input: I, ctx: Context) -> impl Future<Output = Result<O, ActionError>> + MaybeSend + 'static {
        let handled = self(input, ctx);
        async move { handled.await.map_err(Into::into) }
    }
}
