//! The types that can be the input of an action.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use crate::form::FormData;
use crate::input::{Decoded, Malformed, Payload, decode};
use crate::limits::Limits;
use crate::schema;

/// The input of an action: any type that derives `Deserialize` and `JsonSchema`, [`FormData`] for an unvalidated form, or `()`.
///
/// This trait is sealed by its hidden methods: types implement it through `Deserialize` and `JsonSchema`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the input of an action",
    label = "not an input",
    note = "write `#[derive(serde::Deserialize, schemars::JsonSchema)]` on it, or take `FormData` or `()`"
)]
pub trait Input: Sized + Send + 'static {
    #[doc(hidden)]
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;

    /// Like `schema`, for a part of a larger document: named types are added to the definitions of the generator.
    #[doc(hidden)]
    fn subschema(generator: &mut SchemaGenerator) -> Option<Schema>;

    #[doc(hidden)]
    fn read(reader: InputReader<'_>) -> DecodedInput<Self>;
}

/// A payload and the rules for reading it.
#[derive(Debug)]
#[doc(hidden)]
pub struct InputReader<'a> {
    pub(crate) schema: Option<&'a schema::Schema>,
    pub(crate) payload: &'a mut Payload,
    pub(crate) limits: &'a Limits,
}

/// The outcome of reading an input.
#[derive(Debug)]
#[doc(hidden)]
pub struct DecodedInput<I>(pub(crate) Result<Decoded<I>, Malformed>);

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Input for T {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(T::json_schema(generator))
    }

    fn subschema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn read(reader: InputReader<'_>) -> DecodedInput<Self> {
        DecodedInput(match reader.schema {
            Some(schema) => decode(schema, reader.payload, reader.limits),
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

    fn read(reader: InputReader<'_>) -> DecodedInput<Self> {
        DecodedInput(Ok(Decoded::Valid(match std::mem::take(reader.payload) {
            Payload::Form(form) => form,
            Payload::Absent | Payload::Json(_) => Self::new(),
        })))
    }
}
