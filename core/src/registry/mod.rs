//! The registry of actions: definitions, handlers and gates.

mod build_error;
mod builder;
mod definition;
mod entry;
mod gate;
mod handler;
mod input;
mod rejection;
mod rule;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::action::Action;
use crate::context::origin::AllowedOrigins;
use crate::context::{Call, CalledFrom, Context};
use crate::error::{ActionError, ActionErrorCode};
use crate::input::to_tree;
use crate::output::Output;
#[cfg(feature = "post-redirect-get")]
use crate::page::PostRedirectGet;
use crate::panic::catch_async;

pub use build_error::{BuildError, BuildProblem};
pub use builder::RegistryBuilder;
pub use definition::Definition;
pub use gate::Gate;
pub use handler::Handler;
pub use input::Input;
pub use rule::{AddedIssue, AsyncRule, Issues};

pub(crate) use definition::{InputSource, RunningHandler};
pub(crate) use entry::Entry;
#[cfg(feature = "client")]
pub(crate) use input::InputReader;
pub(crate) use rejection::Rejection;

/// The actions of an application.
///
/// A registry turns requests into responses. It opens no sockets, has no clock and spawns no tasks; the host does. Cloning is
/// cheap.
///
/// ```
/// use bytes::Bytes;
/// use enact::host::{PageBody, ResponseBody, not_found};
/// use enact::{Action, ActionError, Body, Context, Registry};
/// use http::{Request, Response};
/// use http_body_util::Full;
///
/// const ADD: Action<(u32, u32), u32> = Action::json("add");
///
/// async fn add((a, b): (u32, u32), _: Context) -> Result<u32, ActionError> {
///     Ok(a + b)
/// }
///
/// async fn pages(_: Request<PageBody<Full<Bytes>>>) -> Result<Response<Body>, std::convert::Infallible> {
///     Ok(not_found())
/// }
///
/// # pollster::block_on(async {
/// let actions = Registry::builder().action(ADD.handler(add)).build()?;
///
/// let request = Request::post(ADD.path("/"))
///     .header("content-type", "application/json")
///     .body(Full::from("[1, 2]"))?;
/// let response = actions.serve(request, pages).await?;
/// let ResponseBody::Action(body) = response.into_body() else { panic!("a page answered") };
/// assert_eq!(body.into_bytes().unwrap(), "[3]");
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Registry {
    pub(crate) shared: Arc<RegistryData>,
}

/// The data that clones of a registry share.
pub(crate) struct RegistryData {
    pub(crate) entries: foldhash::HashMap<&'static str, Arc<Entry>>,
    /// The base, followed by `/_actions`.
    pub(crate) prefix: String,
    pub(crate) origins: AllowedOrigins,
    pub(crate) has_cross_site_actions: bool,
    pub(crate) error_observer: Option<ErrorObserver>,
    #[cfg(feature = "post-redirect-get")]
    pub(crate) post_redirect_get: Vec<Arc<PostRedirectGet>>,
}

pub(crate) type ErrorObserver = Box<dyn Fn(&Call, &ActionError) + Send + Sync>;

impl Registry {
    /// Returns the names of all actions, sorted.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.shared.entries.keys().copied().collect();
        names.sort_unstable();
        names
    }

    /// Calls an action from server code. The input is validated like any other.
    ///
    /// Gates do not run, because the caller is the server itself. Cookies and redirects that the handler sets are set on `ctx`.
    ///
    /// ```
    /// # use enact::{Action, ActionError, Context, Registry};
    /// # use schemars::JsonSchema;
    /// # use serde::{Deserialize, Serialize};
    /// #[derive(Serialize, Deserialize, JsonSchema)]
    /// struct Like {
    ///     #[schemars(length(min = 1))]
    ///     post: String,
    /// }
    ///
    /// const LIKE: Action<Like, u32> = Action::json("like");
    ///
    /// async fn page(actions: &Registry, ctx: &Context) -> Result<String, ActionError> {
    ///     let likes = actions.call(LIKE, Like { post: "hello".into() }, ctx).await?;
    ///     Ok(format!("{likes} likes"))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The error of the handler; `BAD_REQUEST` (400) with issues for an invalid input; `NOT_FOUND` (404) if the registry has no
    /// action with this name and these types.
    pub async fn call<I, O, E>(&self, action: Action<I, O, E>, input: I, ctx: &Context) -> Result<O, ActionError>
    where
        I: Input + Serialize,
        O: Output,
    {
        let call = Call::new(action.name(), CalledFrom::Server);
        let result = self.call_inner(action, input, ctx.for_call(call)).await;
        result.map_err(|rejection| self.report(Some(&call), rejection))
    }

    async fn call_inner<I, O, E>(&self, action: Action<I, O, E>, input: I, ctx: Context) -> Result<O, Rejection>
    where
        I: Input + Serialize,
        O: Output,
    {
        let entry = self.shared.entries.get(action.name()).ok_or(Rejection::UnknownAction)?;
        let tree = to_tree(&input).map_err(|error| Rejection::Failed(ActionError::internal(error)))?;
        let mut source = InputSource::Value { input: Some(Box::new(input)), tree };
        let output = catch_async(entry.start(&mut source, ctx)?).await?;
        let output = output.into_any().downcast::<O>().map_err(|_| Rejection::UnknownAction)?;
        Ok(*output)
    }

    /// Converts a rejection to the error for the client, after passing it to the log and the observer.
    pub(crate) fn report(&self, call: Option<&Call>, rejection: Rejection) -> ActionError {
        let name = call.map_or("-", Call::name);
        let error = ActionError::from(rejection);
        match std::error::Error::source(&error) {
            Some(source) if error.code() == ActionErrorCode::InternalServerError => {
                tracing::error!(action = name, error = source, "action failed");
            }
            _ => tracing::debug!(action = name, %error, "action refused"),
        }
        if let (Some(call), Some(observer)) = (call, &self.shared.error_observer) {
            observer(call, &error);
        }
        error
    }

    /// Returns the base path of the actions, and the first configured origin of the site.
    #[cfg(feature = "test-util")]
    pub(crate) fn site(&self) -> (&str, Option<&str>) {
        let base = self.shared.prefix.strip_suffix("/_actions").filter(|base| !base.is_empty());
        (base.unwrap_or("/"), self.shared.origins.own.first().map(String::as_str))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("prefix", &self.shared.prefix).field("actions", &self.names()).finish()
    }
}
