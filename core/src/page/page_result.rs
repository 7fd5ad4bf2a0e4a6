//! The result of a form, for the page that shows it.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use http::Extensions;
use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::form_state::{FormState, SubmittedForm};
use super::serialized::{SerializedResult, deserialize_result, serialize_any};
use crate::action::Action;
use crate::error::ActionError;
use crate::output::{AnyOutput, Output};

/// The result of the form that led to this request, from the request's extensions. Empty if no form was posted.
///
/// ```
/// # use enact::{Action, FormAction, page::PageResult};
/// const SIGN_UP: FormAction<(), u32> = Action::form("newsletter");
///
/// fn page(request: &http::Request<()>) -> String {
///     match PageResult::of(request.extensions()).get(SIGN_UP) {
///         None => "Sign up!".to_owned(),
///         Some(Ok(number)) => format!("You are reader {number}"),
///         Some(Err(error)) => format!("That did not work: {error}"),
///     }
/// }
/// # assert_eq!(page(&http::Request::new(())), "Sign up!");
/// ```
///
/// It can be serialized, for example to store it in a session. The values submitted with a failed form are included.
#[derive(Clone, Default)]
pub struct PageResult(Option<Arc<CompletedCall>>);

impl PageResult {
    pub(crate) fn from_call(call: CompletedCall) -> Self {
        Self(Some(Arc::new(call)))
    }

    /// Creates a result from one that the host stored.
    ///
    /// A host inserts it into the extensions of a request before the registry sees the request. The page then shows this result,
    /// and no action runs.
    pub fn from_serialized(name: impl Into<String>, result: SerializedResult) -> Self {
        Self::from_call(CompletedCall {
            name: Cow::Owned(name.into()),
            outcome: CallOutcome::Serialized(ReceivedResult::new(result)),
            submitted_values: Vec::new(),
        })
    }

    /// Returns the result in the extensions of a request, or an empty one.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// Returns whether no form was posted.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the result of `action`, or `None` if another action or none was called, or if the action is registered with
    /// another output type.
    ///
    /// A stored result from which `O` cannot be deserialized is an internal error (500).
    pub fn get<I, O: Output + DeserializeOwned, E>(&self, action: Action<I, O, E>) -> Option<Result<&O, &ActionError>> {
        match &self.call_of(action.name())?.outcome {
            CallOutcome::Live(Ok(output)) => (**output).as_any().downcast_ref().map(Ok),
            CallOutcome::Live(Err(error)) => Some(Err(error)),
            CallOutcome::Serialized(ReceivedResult { error: Some(error), .. }) => Some(Err(error)),
            CallOutcome::Serialized(ReceivedResult { serialized, output, .. }) => output
                .get_or_init(|| Box::new(deserialize_result::<O>(serialized)))
                .downcast_ref::<Result<O, ActionError>>()
                .map(Result::as_ref),
        }
    }

    /// Returns the state of an action's form: the submitted values and the errors, if the form failed.
    pub fn form<I, O, E>(&self, action: Action<I, O, E>) -> FormState<'_> {
        let failed = self
            .call_of(action.name())
            .and_then(|call| Some(SubmittedForm { error: call.error()?, values: &call.submitted_values }));
        FormState::new(action.name(), failed)
    }

    /// Returns the result as a name and a [`SerializedResult`]. An output that cannot be serialized is left out.
    pub fn serialized(&self) -> impl Iterator<Item = (&str, SerializedResult)> {
        self.0.iter().filter_map(|call| Some((call.name.as_ref(), call.serialize_result()?)))
    }

    /// Returns the status of the error, if the action failed.
    pub(crate) fn status(&self) -> Option<http::StatusCode> {
        self.0.as_deref()?.error().map(ActionError::status)
    }

    fn call_of(&self, name: &str) -> Option<&CompletedCall> {
        self.0.as_deref().filter(|call| call.name == name)
    }
}

impl fmt::Debug for PageResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        if let Some(call) = &self.0 {
            map.entry(&call.name, &call.error());
        }
        map.finish()
    }
}

impl Serialize for PageResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = match self.0.as_deref() {
            Some(call) => Some(call.to_stored().ok_or_else(|| S::Error::custom("the output cannot be serialized"))?),
            None => None,
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PageResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Option::<StoredResult<'static>>::deserialize(deserializer)?;
        Ok(stored.map_or_else(Self::default, |stored| Self::from_call(stored.into())))
    }
}

/// A call that has ended, and the values submitted with its form if it failed.
pub(crate) struct CompletedCall {
    pub(crate) name: Cow<'static, str>,
    pub(crate) outcome: CallOutcome,
    pub(crate) submitted_values: Vec<(String, String)>,
}

pub(crate) enum CallOutcome {
    /// Of a call in this request.
    Live(Result<Box<dyn AnyOutput>, ActionError>),
    /// Of a call in an earlier request, or from the store of the host.
    Serialized(ReceivedResult),
}

/// A serialized result. Its output is deserialized when the page asks for it, because only the page knows the type.
pub(crate) struct ReceivedResult {
    serialized: SerializedResult,
    error: Option<ActionError>,
    output: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl ReceivedResult {
    fn new(serialized: SerializedResult) -> Self {
        let error = match &serialized {
            SerializedResult::Error { .. } => deserialize_result::<()>(&serialized).err(),
            SerializedResult::Data { .. } | SerializedResult::Empty { .. } => None,
        };
        Self { serialized, error, output: OnceLock::new() }
    }
}

impl CompletedCall {
    pub(crate) fn error(&self) -> Option<&ActionError> {
        match &self.outcome {
            CallOutcome::Live(result) => result.as_ref().err(),
            CallOutcome::Serialized(result) => result.error.as_ref(),
        }
    }

    /// Returns the call in the form in which it is stored, or `None` if its output cannot be serialized.
    pub(crate) fn to_stored(&self) -> Option<StoredResult<'_>> {
        Some(StoredResult {
            name: Cow::Borrowed(&*self.name),
            result: self.serialize_result()?,
            submitted_values: Cow::Borrowed(&*self.submitted_values),
        })
    }

    fn serialize_result(&self) -> Option<SerializedResult> {
        match &self.outcome {
            CallOutcome::Live(result) => serialize_any(result.as_deref()),
            CallOutcome::Serialized(result) => Some(result.serialized.clone()),
        }
    }
}

/// A completed call as it is stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredResult<'a> {
    name: Cow<'a, str>,
    result: SerializedResult,
    submitted_values: Cow<'a, [(String, String)]>,
}

impl From<StoredResult<'_>> for CompletedCall {
    fn from(stored: StoredResult<'_>) -> Self {
        Self {
            name: Cow::Owned(stored.name.into_owned()),
            outcome: CallOutcome::Serialized(ReceivedResult::new(stored.result)),
            submitted_values: stored.submitted_values.into_owned(),
        }
    }
}
