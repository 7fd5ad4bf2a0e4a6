//! What an action runs, and what it takes and gives.

use std::any::{Any, TypeId};
use std::future::Future;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::accept::Format;
use crate::context::Context;
use crate::devalue;
use crate::error::ActionError;
use crate::form::FormData;
use crate::input::{self, Decoded, Malformed, Payload};
use crate::limits::Limits;
use crate::schema;
use crate::send::MaybeSend;

/// What an action takes: any type that derives `Deserialize` and `JsonSchema`, [`FormData`] for a form as it came, or `()`
/// for nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the input of an action",
    label = "not an input",
    note = "write `#[derive(serde::Deserialize, schemars::JsonSchema)]` on it, or take `FormData` or `()`"
)]
pub trait Input: Sized + Send + 'static {
    #[doc(hidden)]
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;

    /// The same as a part of a larger document, with named types among the generator's definitions.
    #[doc(hidden)]
    fn subschema(generator: &mut SchemaGenerator) -> Option<Schema>;

    #[doc(hidden)]
    fn read(from: Reading<'_>) -> Outcome<Self>;
}

/// A body and the rules to read it by. Opaque.
#[derive(Debug)]
#[doc(hidden)]
pub struct Reading<'a> {
    pub(crate) schema: Option<&'a schema::Schema>,
    pub(crate) payload: &'a mut Payload,
    pub(crate) limits: &'a Limits,
}

/// What came of reading. Opaque.
#[derive(Debug)]
#[doc(hidden)]
pub struct Outcome<I>(pub(crate) Result<Decoded<I>, Malformed>);

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Input for T {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(T::json_schema(generator))
    }

    fn subschema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn read(from: Reading<'_>) -> Outcome<Self> {
        Outcome(match from.schema {
            Some(schema) => input::decode(schema, from.payload, from.limits),
            None => Ok(Decoded::Invalid(Vec::new(), None)),
        })
    }
}

impl Input for FormData {
    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn subschema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn read(from: Reading<'_>) -> Outcome<Self> {
        Outcome(Ok(Decoded::Valid(match std::mem::take(from.payload) {
            Payload::Form(form) => form,
            Payload::Absent | Payload::Json(_) => Self::new(),
        })))
    }
}

/// What an action gives: any type that derives `Serialize` and `JsonSchema`, or `()` for nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the output of an action",
    label = "not an output",
    note = "write `#[derive(serde::Serialize, schemars::JsonSchema)]` on it, or return `()`"
)]
pub trait Output: Serialize + JsonSchema + Send + Sync + 'static {}

impl<T: Serialize + JsonSchema + Send + Sync + 'static> Output for T {}

/// An output whose type is known only to whom registered it.
pub(crate) trait AnyOutput: Any + Send + Sync {
    /// `None` where there is nothing to send.
    fn serialize(&self, format: Format) -> Result<Option<Vec<u8>>, devalue::Error>;
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send + Sync>;
    fn as_any(&self) -> &(dyn Any + Send + Sync);
}

/// Whether this output is none: an answer without content.
pub(crate) fn is_nothing<O: Output>() -> bool {
    TypeId::of::<O>() == TypeId::of::<()>()
}

impl<O: Output> AnyOutput for O {
    fn serialize(&self, format: Format) -> Result<Option<Vec<u8>>, devalue::Error> {
        if is_nothing::<O>() {
            return Ok(None);
        }
        match format {
            Format::Devalue => devalue::to_vec(self),
            Format::PlainJson => serde_json::to_vec(self).map_err(serde::ser::Error::custom),
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

/// The function behind an action: `async fn(Input, Context) -> Result<Output, ActionError>`.
///
/// Implemented for every function and closure of that shape; nothing else needs to.
#[diagnostic::on_unimplemented(
    message = "this is no handler of an action that takes `{I}` and gives `{O}`",
    label = "not a handler of this action",
    note = "write `async fn handler(input: {I}, ctx: Context) -> Result<{O}, ActionError>`",
    note = "its future must be `Send`: hold no `Rc`, `RefCell` borrow or lock guard over an `.await`"
)]
pub trait Handler<I, O>: Send + Sync + 'static {
    /// Runs the action.
    fn handle(&self, input: I, ctx: Context) -> impl Future<Output = Result<O, ActionError>> + MaybeSend + 'static;
}

impl<F, R, I, O> Handler<I, O> for F
where
    F: Fn(I, Context) -> R + Send + Sync + 'static,
    R: Future<Output = Result<O, ActionError>> + MaybeSend + 'static,
{
    fn handle(&self, input: I, ctx: Context) -> impl Future<Output = Result<O, ActionError>> + MaybeSend + 'static {
        self(input, ctx)
    }
}
