//! The devalue format, in which actions send their outputs, and types for the values that JSON lacks.
//!
//! This module re-exports the crate [`enact_devalue`]. Its front page describes the format, the types, the errors and the
//! limits.

// Not `pub use enact_devalue as devalue`: the compiler's messages would name the types `enact::enact_devalue::…`.
#[doc(inline)]
pub use enact_devalue::*;
