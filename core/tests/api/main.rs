//! Tests of the public API.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod ask;
mod body_reader;
#[cfg(feature = "test-util")]
mod client;
#[cfg(feature = "test-util")]
mod coercions;
mod cross_site;
#[cfg(feature = "post-redirect-get")]
mod failures;
mod files;
#[cfg(feature = "post-redirect-get")]
mod floods;
mod gates;
mod handlers;
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
mod pages;
mod plain;
mod public_api;
#[cfg(feature = "post-redirect-get")]
mod redirects;
mod refinements;
mod registry;
#[cfg(feature = "post-redirect-get")]
mod results;
mod set_cookie;
mod ui;
mod uploads;
mod watched;
