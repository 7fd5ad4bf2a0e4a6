//! Tests of the public API.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod body_reader;
#[cfg(feature = "test-util")]
mod client;
#[cfg(feature = "test-util")]
mod coercions;
mod files;
mod gates;
mod handlers;
mod inputs;
mod kit;
#[cfg(feature = "openapi")]
mod openapi;
mod pages;
mod plain;
mod public_api;
mod refinements;
mod registry;
mod ui;
mod uploads;
