//! What users of the adapter rely on, over real sockets.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod browser;
mod cases;
mod client;
mod cookies;
mod flows;
mod middleware;
mod server;
#[cfg(feature = "tower-sessions")]
mod sessions;
mod site;
mod stores;
mod ui;
