//! JavaScript types that few programs exchange, behind the feature `exotic`.

mod temporal;
mod typed_array;

pub use temporal::{Temporal, TemporalKind};
pub use typed_array::{TypedArray, TypedArrayKind};
