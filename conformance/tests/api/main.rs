//! The recorded cases, and what the rules of security promise, against the fixture and against small registries.

#![allow(clippy::unwrap_used, reason = "what fails in a test fails the test")]

mod ask;
mod cross_site;
mod example;
mod failures;
mod floods;
mod hostile_input;
mod hosts;
mod in_memory;
mod limits;
mod multipart;
mod names;
mod once;
mod pages;
mod redirects;
mod results;
mod server;
mod watched;
