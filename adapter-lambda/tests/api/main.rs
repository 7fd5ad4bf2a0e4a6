//! Tests of the adapter with events in the shapes that AWS sends, and responses read as AWS reads them.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod documented_events;
mod event_source;
mod headers;
mod invalid_events;
mod invoke;
mod paths;
mod recorded_cases;
mod responses;
mod site;
