//! A handler that panics fails its own call, and no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::rejection::Rejection;

/// Runs a call to its end. A panic ends it with [`Rejection::Panicked`], where the target unwinds; the panic hook has told
/// the log by then. What the call left half done is its own: nothing of ours is borrowed by it.
pub(crate) async fn caught<T>(call: impl Future<Output = Result<T, Rejection>>) -> Result<T, Rejection> {
    let mut call = pin!(call);
    std::future::poll_fn(|cx| catch(|| call.as_mut().poll(cx)).unwrap_or_else(|rejection| Poll::Ready(Err(rejection))))
        .await
}

/// The same for what does not wait.
pub(crate) fn catch<T>(step: impl FnOnce() -> T) -> Result<T, Rejection> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|_| Rejection::Panicked)
}
