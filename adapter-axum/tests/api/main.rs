//! What users of the adapter rely on, over real sockets.

mod cases;
mod server;
