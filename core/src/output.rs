//! Outputs of actions, and how they are serialized.

use std::any::{Any, TypeId};

use schemars::JsonSchema;
use serde::Serialize;

use crate::devalue;

/// The output of an action: any type that derives `Serialize` and `JsonSchema`, or `()`.
///
/// The output `()` is answered with 204 and no content.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the output of an action",
    label = "not an output",
    note = "write `#[derive(serde::Serialize, schemars::JsonSchema)]` on it, or return `()`"
)]
pub trait Output: Serialize + JsonSchema + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + Send + Sync + 'static> Output for T {}

/// Returns whether responses with this output have no content.
pub(crate) fn is_unit<O: Output>() -> bool {
    TypeId::of::<O>() == TypeId::of::<()>()
}

/// The encoding of an output in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    Devalue,
    PlainJson,
}

/// An output of any type.
pub(crate) trait AnyOutput: Any + Send + Sync {
    /// Serializes the output. Returns `None` for `()`.
    fn serialize(&self, format: OutputFormat) -> Result<Option<Vec<u8>>, devalue::Error>;
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send + Sync>;
    fn as_any(&self) -> &(dyn Any + Send + Sync);
}

impl<O: Output> AnyOutput for O {
    fn serialize(&self, format: OutputFormat) -> Result<Option<Vec<u8>>, devalue::Error> {
        if is_unit::<O>() {
            return Ok(None);
        }
        match format {
            OutputFormat::Devalue => devalue::to_vec(self),
            OutputFormat::PlainJson => serde_json::to_vec(self).map_err(serde::ser::Error::custom),
        }
        .map(Some)
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send + Sync> {
        self
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}
