//! Tests of the adapter behind the example's server: over TCP, or in memory with a paused clock where time matters.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod bodies;
mod cases;
mod client;
mod deadlines;
mod executor;
mod flows;
mod process;
#[path = "../../examples/server/serve/mod.rs"]
mod serve;
mod server;
mod shutdown;
#[path = "../../examples/server/site.rs"]
mod site;
mod transport;
mod versions;
