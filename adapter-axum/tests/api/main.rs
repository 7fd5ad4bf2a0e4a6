//! Tests of the adapter over real sockets.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod browser;
mod cases;
mod client;
mod cookies;
mod flows;
mod middleware;
mod server;
mod service;
#[cfg(feature = "tower-sessions")]
mod sessions;
mod site;
mod stores;
mod ui;
