//! What callers from Rust rely on: what they pass arrives, and what the action answers comes back.

mod answers;
mod kit;
mod random;
mod roundtrip;
mod unsayable;
