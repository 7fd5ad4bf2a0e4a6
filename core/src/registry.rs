//! The actions of an application, and the way of a request to them.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Extensions, HeaderValue, Method, Request, Response, header, request};
use http_body::Body;
use serde::Serialize;

use crate::action::Action;
use crate::builder::{Builder, Observer};
use crate::call::{Call, CalledFrom};
use crate::context::Context;
use crate::definition::{Erased, Running, Source};
use crate::error::{ActionError, ActionErrorCode};
use crate::gate::BoxGate;
use crate::guard::Origins;
use crate::handler::{Input, Output};
use crate::input;
use crate::limits::Limits;
use crate::page::{Page, PageFinish};
use crate::panic::{catch, caught};
#[cfg(feature = "post-redirect-get")]
use crate::prg::{self, PostRedirectGet};
use crate::rejection::Rejection;
use crate::result::respond;
use crate::results::ActionResults;
use crate::returning::Returning;
use crate::route::{Target, target};
use crate::schema::Schema;
use crate::step::{Incoming, Reply, Step};

/// The actions of an application.
///
/// A registry takes requests and gives responses; it reads no socket, knows no clock and spawns nothing. Cloning it is cheap.
///
/// ```
/// use enact::{Action, ActionError, Context, Handled, Registry};
/// use http_body_util::Full;
///
/// const ADD: Action<(u32, u32), u32> = Action::json("add");
///
/// async fn add((a, b): (u32, u32), _: Context) -> Result<u32, ActionError> {
///     Ok(a + b)
/// }
///
/// # pollster::block_on(async {
/// let actions = Registry::builder().action(ADD, add).build()?;
///
/// let request = http::Request::post(ADD.path("/"))
///     .header("content-type", "application/json")
///     .body(Full::<bytes::Bytes>::from("[1, 2]"))?;
/// let Handled::Response(response) = actions.handle(request).await else { panic!() };
/// assert_eq!(response.body(), "[3]");
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Registry {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) entries: foldhash::HashMap<&'static str, Arc<Entry>>,
    /// The base and `/_actions`.
    pub(crate) prefix: String,
    pub(crate) origins: Origins,
    pub(crate) some_cross_site: bool,
    pub(crate) observer: Option<Observer>,
    #[cfg(feature = "post-redirect-get")]
    pub(crate) post_redirect_get: Vec<Arc<PostRedirectGet>>,
}

/// An action, and what holds for it.
pub(crate) struct Entry {
    pub(crate) action: Box<dyn Erased>,
    /// `None` where the input has none: a form as it came.
    pub(crate) schema: Option<Schema>,
    pub(crate) limits: Limits,
    pub(crate) cross_site: bool,
    pub(crate) gates: Vec<Arc<BoxGate>>,
    #[cfg(feature = "post-redirect-get")]
    pub(crate) post_redirect_get: Option<Arc<PostRedirectGet>>,
}

impl Entry {
    /// Begins the action: the input is read at once. A panic while it is read is none of the caller's either.
    pub(crate) fn start<'a>(&'a self, mut source: Source<'_>, ctx: Context) -> Result<Running<'a>, Rejection> {
        catch(|| self.action.run(self.schema.as_ref(), &mut source, ctx))
    }
}

/// What a registry makes of a request.
#[derive(Debug)]
pub enum Handled<B> {
    /// It was for an action, or refused: this is the answer.
    Response(Response<Bytes>),
    /// It was a form posted to a page: the page has to be asked for the answer.
    Page(Page),
    /// It is nothing of ours, and is given back untouched.
    Pass(Request<B>),
    /// It is for a page that shows a result which waited for it: the page has to be asked, and its answer to be completed.
    Return(Request<B>, PageFinish),
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("prefix", &self.shared.prefix).field("actions", &self.names()).finish()
    }
}

impl Registry {
    /// Begins an empty registry.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// The names of all actions, sorted.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.shared.entries.keys().copied().collect();
        names.sort_unstable();
        names
    }

    /// Takes a request the whole way. The body is read as its frames come, bounded by the action's limits; a host with a
    /// reading loop of its own uses [`begin`](Self::begin).
    ///
    /// # Errors
    ///
    /// None: whatever is wrong becomes the answer. Its statuses, in the order in which they are found out: 403 cross-site,
    /// 404 unknown name, 405 not POST, the gate's, 413 body too large, 415 content type, 400 malformed, 415 wrong kind, 400
    /// invalid input, the handler's, 500.
    pub async fn handle<B>(&self, request: Request<B>) -> Handled<B>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let incoming = match self.begin(head) {
            Step::Pass(head) => return Handled::Pass(Request::from_parts(head, body)),
            Step::Reply(reply) => return reply.into(),
            Step::Enter(incoming) => incoming,
            Step::Return(returning) => {
                let (head, finish) = returning.take().await;
                return Handled::Return(Request::from_parts(head, body), finish);
            }
        };
        incoming.answer(body).await.into()
    }

    /// Takes a request's head, and says what comes next; see [`Step`] for the way from there.
    pub fn begin(&self, head: request::Parts) -> Step {
        let shared = &self.shared;
        let (from, name) = match target(&head.uri, &shared.prefix) {
            Target::Rpc(name) => (CalledFrom::Rpc, name),
            // A host has set the result itself.
            Target::Form(_) | Target::Other if has_result(&head.extensions) => {
                return Step::Return(Returning::new(self.clone(), head));
            }
            Target::Form(_) if matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS) => {
                return Step::Pass(head);
            }
            Target::Form(name) => (CalledFrom::Form, name.map(Into::into)),
            #[cfg(feature = "post-redirect-get")]
            Target::Other if self.may_return(&head) => return Step::Return(Returning::new(self.clone(), head)),
            Target::Other => return Step::Pass(head),
        };
        // Where no action is open to other sites, the name is not even looked up before this is known.
        let crossed = shared.origins.check(&head).err();
        if let Some(why) = &crossed
            && !shared.some_cross_site
        {
            return Step::Reply(Reply::refuse(Rejection::CrossSite(why.clone())));
        }
        let entry = name.as_deref().and_then(|name| shared.entries.get(name));
        match (crossed, entry) {
            (Some(why), entry) if !entry.is_some_and(|entry| entry.cross_site) => {
                Step::Reply(Reply::refuse(Rejection::CrossSite(why)))
            }
            (_, _) if from == CalledFrom::Form && head.method != Method::POST => Step::Pass(head),
            (_, None) if from == CalledFrom::Form => Step::Reply(Reply::Page(Page::without_result(head))),
            (_, None) => Step::Reply(Reply::refuse(Rejection::UnknownAction)),
            (_, Some(_)) if head.method != Method::POST => {
                let mut reply = Reply::refuse(Rejection::Method);
                if let Reply::Response(response) = &mut reply {
                    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
                }
                Step::Reply(reply)
            }
            (_, Some(entry)) => {
                let call = Call::new(entry.action.name(), from);
                Step::Enter(Incoming::new(self.clone(), Arc::clone(entry), call, head))
            }
        }
    }

    /// Which action a request calls, and how, before anything is checked or run: for a host's own middleware. `None` for a
    /// request that calls none that exists.
    ///
    /// Such a middleware may answer the request itself, insert what handlers need into its extensions, run it by
    /// [`handle`](Self::handle), or set the result that a page is to see ([`ActionResults::from_serialized`]).
    pub fn identify<B>(&self, request: &Request<B>) -> Option<Call> {
        if request.method() != Method::POST {
            return None;
        }
        let (from, name) = match target(request.uri(), &self.shared.prefix) {
            Target::Rpc(name) => (CalledFrom::Rpc, name?),
            // The host has set the form's result already: no action will run.
            Target::Form(_) if has_result(request.extensions()) => return None,
            Target::Form(name) => (CalledFrom::Form, name?.into()),
            Target::Other => return None,
        };
        let entry = self.shared.entries.get(&*name)?;
        Some(Call::new(entry.action.name(), from))
    }

    /// The path below which the actions are, and the first of the site's own origins.
    #[cfg(feature = "test-util")]
    pub(crate) fn site(&self) -> (&str, Option<&str>) {
        let base = self.shared.prefix.strip_suffix("/_actions").filter(|base| !base.is_empty());
        (base.unwrap_or("/"), self.shared.origins.own.first().map(String::as_str))
    }

    #[cfg(feature = "post-redirect-get")]
    fn may_return(&self, head: &request::Parts) -> bool {
        head.method == Method::GET && !self.shared.post_redirect_get.is_empty() && prg::id_of(&head.uri).is_some()
    }

    #[cfg(feature = "post-redirect-get")]
    pub(crate) fn post_redirect_get(&self) -> &[Arc<PostRedirectGet>] {
        &self.shared.post_redirect_get
    }

    #[cfg(feature = "post-redirect-get")]
    pub(crate) fn origins(&self) -> &Origins {
        &self.shared.origins
    }

    /// Calls an action from server code. The input is validated as any other, and nothing is sent anywhere; gates are not
    /// asked, since it is the server itself that calls. Cookies that the handler sets are set on `ctx`.
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
    /// What the action fails with; `BAD_REQUEST` with issues for an input that is not valid; `NOT_FOUND` if this registry has
    /// no action of this name and these types.
    pub async fn call<I, O>(&self, action: Action<I, O>, input: I, ctx: &Context) -> Result<O, ActionError>
    where
        I: Input + Serialize,
        O: Output,
    {
        let call = Call::new(action.name(), CalledFrom::Server);
        let result = self.call_typed(action, input, ctx.for_call(call)).await;
        result.map_err(|rejection| self.fail(Some(&call), rejection))
    }

    async fn call_typed<I, O>(&self, action: Action<I, O>, input: I, ctx: Context) -> Result<O, Rejection>
    where
        I: Input + Serialize,
        O: Output,
    {
        let entry = self.shared.entries.get(action.name()).ok_or(Rejection::UnknownAction)?;
        let tree = input::to_tree(&input).map_err(|error| Rejection::Failed(ActionError::internal(error)))?;
        let source = Source::Memory { input: Some(Box::new(input)), tree };
        let output = caught(entry.start(source, ctx)?).await?;
        let output = output.into_any().downcast::<O>().map_err(|_| Rejection::UnknownAction)?;
        Ok(*output)
    }

    /// Turns a rejection into what the client is told, after the log and the observer were told more.
    pub(crate) fn fail(&self, call: Option<&Call>, rejection: Rejection) -> ActionError {
        let name = call.map_or("-", Call::name);
        let error = ActionError::from(rejection);
        match error.cause() {
            Some(cause) if error.code() == ActionErrorCode::InternalServerError => {
                tracing::error!(action = name, error = cause as &(dyn std::error::Error + 'static), "action failed");
            }
            _ => tracing::debug!(action = name, %error, "action refused"),
        }
        if let (Some(call), Some(observer)) = (call, &self.shared.observer) {
            observer(call, &error);
        }
        error
    }
}

fn has_result(extensions: &Extensions) -> bool {
    extensions.get::<ActionResults>().is_some_and(|results| !results.is_empty())
}

impl Reply {
    /// The answer to a request that came to no action.
    fn refuse(rejection: Rejection) -> Self {
        match &rejection {
            Rejection::CrossSite(why) => tracing::warn!("cross-site request refused: {why}"),
            rejection => tracing::debug!("request refused: {rejection}"),
        }
        let error = ActionError::from(rejection);
        Self::Response(respond(Err(error)))
    }
}

impl<B> From<Reply> for Handled<B> {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Response(response) => Self::Response(response),
            Reply::Page(page) => Self::Page(page),
        }
    }
}
