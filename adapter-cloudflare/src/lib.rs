//! Serves [`enact`]'s actions on Cloudflare Workers.

mod context;
mod kv;
mod serve;

pub use context::WorkerContext;
pub use kv::KvResults;
pub use serve::serve;
