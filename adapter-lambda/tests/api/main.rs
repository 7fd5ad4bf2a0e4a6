//! What users of the adapter rely on: events as AWS sends them, answers as AWS reads them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod aws;
mod cases;
mod events;
mod odd;
mod paths;
mod requests;
mod site;
