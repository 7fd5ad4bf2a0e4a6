//! A handler that panics fails its own call, and no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use crate::rejection::Rejection;
use crate::send::BoxFuture;

/// Runs a call to its end. A panic ends it with [`Rejection::Panicked`], where the target unwinds; the panic hook has told
/// the log by then. What the call left half done is its own: nothing of ours is borrowed by it.
pub(crate) async fn caught<T>(mut call: BoxFuture<'_, Result<T, Rejection>>) -> Result<T, Rejection> {
    std::future::poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(cx))).unwrap_or(Poll::Ready(Err(Rejection::Panicked)))
    })
    .await
}
