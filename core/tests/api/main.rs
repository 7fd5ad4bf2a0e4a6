//! What users of the core rely on.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[cfg(feature = "test-util")]
mod client;
mod dispatch;
mod files;
mod inputs;
mod kit;
#[cfg(feature = "openapi")]
mod openapi;
mod plain;
mod ui;
mod uploads;
