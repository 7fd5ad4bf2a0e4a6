//! Containment of panics: a handler that panics fails its own call and no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// A panic that was caught. The panic hook has already reported its message.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Awaits a future. If it panics and the target unwinds, the error is made from [`Panicked`].
///
/// Nothing outside of the future observes the state that the panic left behind.
pub(crate) async fn catch_async<T, E: From<Panicked>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        catch(|| future.as_mut().poll(cx)).unwrap_or_else(|panicked| Poll::Ready(Err(panicked.into())))
    })
    .await
}

/// Calls a function. If it panics and the target unwinds, the result is an error.
pub(crate) fn catch<T>(function: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(function)).map_err(|_| Panicked)
}
