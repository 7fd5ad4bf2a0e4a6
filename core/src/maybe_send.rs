//! `Send` on targets with threads only.

use std::future::Future;
use std::pin::Pin;

/// A bound on futures: `Send`, except on `wasm32`, where the futures of hosts are not `Send`.
///
/// Implemented for every type that qualifies.
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send> MaybeSend for T {}

/// A bound on futures: `Send`, except on `wasm32`, where the futures of hosts are not `Send`.
///
/// Implemented for every type that qualifies.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T> MaybeSend for T {}

/// A boxed future. It is `Send`, except on `wasm32`.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A boxed future. It is `Send`, except on `wasm32`.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
