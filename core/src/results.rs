//! What came of the form that led to a page, at hand for the page.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::action::Action;
use crate::error::ActionError;
use crate::form_state::FormState;
use crate::handler::{AnyOutput, Output};
use crate::result::{SerializedResult, deserialize_result, serialize};

/// The result of the form that led to this request, in its extensions.
///
/// ```
/// # use enact::{Action, ActionResults};
/// const SIGN_UP: Action<(), u32> = Action::form("newsletter");
///
/// fn page(request: &http::Request<()>) -> String {
///     match ActionResults::of(request.extensions()).get(SIGN_UP) {
///         None => "Sign up!".to_owned(),
///         Some(Ok(number)) => format!("You are reader {number}"),
///         Some(Err(error)) => format!("That did not work: {error}"),
///     }
/// }
/// # assert_eq!(page(&http::Request::new(())), "Sign up!");
/// ```
#[derive(Clone, Default)]
pub struct ActionResults(Option<Arc<Performed>>);

/// As a host may keep it, in a session say, to give it to the next page. What was typed into a form that failed goes along.
impl Serialize for ActionResults {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kept = match self.0.as_deref() {
            Some(performed) => Some(performed.kept().ok_or_else(|| S::Error::custom("the result cannot travel"))?),
            None => None,
        };
        kept.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ActionResults {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = Option::<Kept<'static>>::deserialize(deserializer)?;
        Ok(kept.map_or_else(Self::default, |kept| Self::from_call(kept.into())))
    }
}

/// A call as it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept<'a> {
    name: Cow<'a, str>,
    result: SerializedResult,
    typed: Cow<'a, [(String, String)]>,
}

impl From<Kept<'_>> for Performed {
    fn from(kept: Kept<'_>) -> Self {
        Self {
            name: Cow::Owned(kept.name.into_owned()),
            outcome: Outcome::Travelled(Travelled::new(kept.result)),
            typed: kept.typed.into_owned(),
        }
    }
}

/// A call that was made, and what was typed into its form if it failed.
pub(crate) struct Performed {
    pub(crate) name: Cow<'static, str>,
    pub(crate) outcome: Outcome,
    pub(crate) typed: Vec<(String, String)>,
}

pub(crate) enum Outcome {
    /// It came of this very request.
    Here(Result<Box<dyn AnyOutput>, ActionError>),
    /// It came of an earlier one, or from a host's own store.
    Travelled(Travelled),
}

/// A result that is read when a page asks for it, since only the page knows its type.
pub(crate) struct Travelled {
    sent: SerializedResult,
    error: Option<ActionError>,
    data: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl Travelled {
    pub(crate) fn new(sent: SerializedResult) -> Self {
        let error = match &sent {
            SerializedResult::Error { .. } => deserialize_result::<()>(&sent).err(),
            SerializedResult::Data { .. } | SerializedResult::Empty { .. } => None,
        };
        Self { sent, error, data: OnceLock::new() }
    }
}

impl Performed {
    pub(crate) fn error(&self) -> Option<&ActionError> {
        match &self.outcome {
            Outcome::Here(result) => result.as_ref().err(),
            Outcome::Travelled(travelled) => travelled.error.as_ref(),
        }
    }
}

impl ActionResults {
    pub(crate) fn from_call(performed: Performed) -> Self {
        Self(Some(Arc::new(performed)))
    }

    /// A result that a host kept itself. Inserted into a request's extensions before the actions are reached, it stands for
    /// that of a form: no action runs, and the page sees it.
    pub fn from_serialized(name: impl Into<String>, result: SerializedResult) -> Self {
        Self::from_call(Performed {
            name: Cow::Owned(name.into()),
            outcome: Outcome::Travelled(Travelled::new(result)),
            typed: Vec::new(),
        })
    }

    /// Those of a request, by its extensions; none if no form was posted.
    pub fn of(extensions: &http::Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The result of an action: `None` if it was not called, or is registered with another output. A result that travelled
    /// and that this output cannot be read from is an error of status 500.
    pub fn get<I, O: Output + DeserializeOwned>(&self, action: Action<I, O>) -> Option<Result<&O, &ActionError>> {
        match &self.performed(action.name())?.outcome {
            Outcome::Here(Ok(output)) => (**output).as_any().downcast_ref().map(Ok),
            Outcome::Here(Err(error)) => Some(Err(error)),
            Outcome::Travelled(Travelled { error: Some(error), .. }) => Some(Err(error)),
            Outcome::Travelled(Travelled { sent, data, .. }) => data
                .get_or_init(|| Box::new(deserialize_result::<O>(sent)))
                .downcast_ref::<Result<O, ActionError>>()
                .map(Result::as_ref),
        }
    }

    /// The form of an action, to be shown again: what was typed into it, and what is wrong with it.
    pub fn form<I, O>(&self, action: Action<I, O>) -> FormState<'_> {
        FormState::new(action.name(), self.performed(action.name()))
    }

    /// All results, by the names of their actions, in the form in which they travel. A result that cannot travel is left
    /// out.
    pub fn serialized(&self) -> impl Iterator<Item = (&str, SerializedResult)> {
        self.0.iter().filter_map(|performed| Some((performed.name.as_ref(), performed.serialized()?)))
    }

    /// The status of the error, if it is one.
    pub(crate) fn status(&self) -> Option<http::StatusCode> {
        self.0.as_deref()?.error().map(ActionError::status)
    }

    fn performed(&self, name: &str) -> Option<&Performed> {
        self.0.as_deref().filter(|performed| performed.name == name)
    }
}

impl Performed {
    /// `None` if the result cannot travel.
    pub(crate) fn kept(&self) -> Option<Kept<'_>> {
        let (name, typed) = (Cow::Borrowed(&*self.name), Cow::Borrowed(&*self.typed));
        Some(Kept { name, result: self.serialized()?, typed })
    }

    fn serialized(&self) -> Option<SerializedResult> {
        match &self.outcome {
            Outcome::Here(result) => serialize(result.as_deref()).ok(),
            Outcome::Travelled(travelled) => Some(travelled.sent.clone()),
        }
    }
}

impl fmt::Debug for ActionResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        if let Some(performed) = &self.0 {
            map.entry(&performed.name, &performed.error());
        }
        map.finish()
    }
}
