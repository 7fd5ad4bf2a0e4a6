//! What users of the adapter rely on, over real sockets: the server is that of the example.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

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
