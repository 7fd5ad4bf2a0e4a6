//! Tests of the public interface.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ask;
#[cfg(feature = "test")]
mod client;
mod cross_site;
mod dispatch;
#[cfg(feature = "post-redirect-get")]
mod failures;
mod files;
#[cfg(feature = "post-redirect-get")]
mod floods;
mod hostile_input;
mod hosts;
mod inputs;
mod kit;
mod limits;
mod multipart;
mod names;
mod once;
#[cfg(feature = "openapi")]
mod openapi;
mod plain;
#[cfg(feature = "post-redirect-get")]
mod redirects;
#[cfg(feature = "post-redirect-get")]
mod results;
mod set_cookie;
mod ui;
mod uploads;
mod watched;
