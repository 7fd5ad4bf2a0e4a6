//! Puts a registry together.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use schemars::{Schema, SchemaGenerator};

use crate::action::Action;
use crate::call::Call;
use crate::definition::{Definition, Erased};
use crate::error::ActionError;
use crate::gate::{BoxGate, Gate};
use crate::guard::{self, Origins};
use crate::handler::{Handler, Input, Output};
use crate::limits::Limits;
#[cfg(feature = "post-redirect-get")]
use crate::prg::PostRedirectGet;
use crate::registry::{Entry, Registry, Shared};
use crate::schema;

/// Collects actions and what holds for all of them; see [`Registry::builder`].
#[derive(Default)]
pub struct Builder {
    actions: Vec<Pending>,
    gates: Vec<Arc<BoxGate>>,
    limits: Option<Limits>,
    base: String,
    origins: Origins,
    observer: Option<Observer>,
    #[cfg(feature = "post-redirect-get")]
    post_redirect_get: Option<Arc<PostRedirectGet>>,
}

pub(crate) type Observer = Box<dyn Fn(&Call, &ActionError) + Send + Sync>;

/// An action that was added, and what its own builder says of it.
struct Pending {
    action: Box<dyn Erased>,
    schema: fn(&mut SchemaGenerator) -> Option<Schema>,
    limits: Option<Limits>,
    cross_site: bool,
    gates: Vec<Arc<BoxGate>>,
    #[cfg(feature = "post-redirect-get")]
    post_redirect_get: Option<Arc<PostRedirectGet>>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("actions", &self.actions.iter().map(|pending| pending.action.name()).collect::<Vec<_>>())
            .field("gates", &self.gates.len())
            .field("limits", &self.limits)
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Adds an action with its handler.
    #[must_use]
    pub fn action<I: Input, O: Output>(self, action: Action<I, O>, handler: impl Handler<I, O>) -> Self {
        self.define(action.handler(handler))
    }

    /// Adds an action that more is to be said of: refinements, limits.
    #[must_use]
    pub fn define<I: Input, O: Output, H: Handler<I, O>>(mut self, definition: Definition<I, O, H>) -> Self {
        self.actions.push(Pending {
            limits: definition.limits,
            cross_site: definition.cross_site,
            action: Box::new(definition),
            schema: I::schema,
            gates: Vec::new(),
            #[cfg(feature = "post-redirect-get")]
            post_redirect_get: None,
        });
        self
    }

    /// Adds all actions of another builder, with its gates and limits for them. Its base, its origins and its observer are
    /// not taken over: those are the whole registry's.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        #[cfg(feature = "post-redirect-get")]
        let post_redirect_get = other.post_redirect_get.clone();
        let Self { actions, gates, limits, .. } = other;
        self.actions.extend(actions.into_iter().map(|mut pending| {
            pending.gates.splice(0..0, gates.iter().cloned());
            pending.limits = pending.limits.or(limits);
            #[cfg(feature = "post-redirect-get")]
            {
                pending.post_redirect_get = pending.post_redirect_get.or_else(|| post_redirect_get.clone());
            }
            pending
        }));
        self
    }

    /// Adds a gate, which every call of this builder's actions passes before its body is read: an
    /// `async fn(&Call, &mut Context) -> Result<(), ActionError>`. It may refuse, and it may put into the context what
    /// handlers need. Gates run in the order in which they were added, those of the outer builder first.
    ///
    /// ```
    /// use enact::{ActionError, ActionErrorCode, Call, Context, Registry};
    ///
    /// #[derive(Clone)]
    /// struct User(String);
    ///
    /// async fn members(call: &Call, ctx: &mut Context) -> Result<(), ActionError> {
    ///     match ctx.cookie("session") {
    ///         Some(name) => ctx.insert(User(name)),
    ///         None => return Err(ActionErrorCode::Unauthorized.into()),
    ///     };
    ///     Ok(())
    /// }
    ///
    /// let actions = Registry::builder().gate(members).build()?;
    /// # Ok::<(), enact::BuildError>(())
    /// ```
    #[must_use]
    pub fn gate(mut self, gate: impl for<'a> Gate<'a>) -> Self {
        self.gates.push(Arc::new(BoxGate::new(gate)));
        self
    }

    /// Sets the limits of all actions that have none of their own.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Sets the path below which actions are called, `/` by default: with `/app`, `blog.like` is at
    /// `/app/_actions/blog.like`.
    #[must_use]
    pub fn base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// Adds an origin of the site itself (`https://example.com`). Without any, a request's `Host` tells which is its own.
    #[must_use]
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.own.push(origin.into());
        self
    }

    /// Adds an origin that may call the actions though it is another site.
    #[must_use]
    pub fn trust_origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.trusted.push(origin.into());
        self
    }

    /// Turns off the check that a request comes from the site itself. Any site can then act with its visitors' cookies:
    /// only for a server that has a check of its own, or no cookies.
    #[must_use]
    pub fn without_cross_site_check(mut self) -> Self {
        self.origins.unchecked = true;
        self
    }

    /// Is told each error of a call, with the cause that the client does not see ([`std::error::Error::source`]).
    #[must_use]
    pub fn on_error(mut self, observer: impl Fn(&Call, &ActionError) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Answers the forms of this builder's actions with a redirect, so that a reload posts nothing again; see
    /// [`PostRedirectGet`]. Put actions into a builder of their own to have it for some, or pick calls by
    /// [`PostRedirectGet::only`].
    #[cfg(feature = "post-redirect-get")]
    #[must_use]
    pub fn post_redirect_get(mut self, how: PostRedirectGet) -> Self {
        self.post_redirect_get = Some(Arc::new(how));
        self
    }

    /// Builds the registry.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, at once: names that are taken twice or that no request can carry, schemas that cannot be
    /// validated against, origins that are none, a base that is no path.
    pub fn build(self) -> Result<Registry, BuildError> {
        let mut problems = Vec::new();
        let base = self.base.trim_end_matches('/');
        if !(base.is_empty() || base.starts_with('/')) || base.contains(['?', '#', '%']) {
            problems.push(format!("the base `{}` is not a path that begins with a slash", self.base));
        }
        for origin in self.origins.own.iter().chain(&self.origins.trusted) {
            if !guard::is_origin(origin) {
                problems.push(format!("`{origin}` is not an origin: `scheme://host[:port]`, and nothing after it"));
            }
        }
        let mut entries: HashMap<&'static str, Entry> = HashMap::with_capacity(self.actions.len());
        for pending in self.actions {
            let name = pending.action.name();
            if let Some(problem) = unusable(name) {
                problems.push(format!("the name `{name}` {problem}"));
            }
            let schema = schema::compile_input_schema(pending.schema).unwrap_or_else(|problem| {
                problems.push(format!("the input of `{name}`: {problem}"));
                None
            });
            let limits = pending.limits.or(self.limits).unwrap_or_default();
            for limit in schema.iter().flat_map(|schema| schema.file_limits_above(limits.body as u64)) {
                let most = limits.body;
                problems.push(format!("the input of `{name}`: {limit} exceeds the body limit of {most} bytes"));
            }
            let gates = self.gates.iter().cloned().chain(pending.gates).collect();
            let entry = Entry {
                action: pending.action,
                schema,
                limits,
                cross_site: pending.cross_site,
                gates,
                #[cfg(feature = "post-redirect-get")]
                post_redirect_get: pending.post_redirect_get.or_else(|| self.post_redirect_get.clone()),
            };
            if entries.insert(name, entry).is_some() {
                problems.push(format!("the name `{name}` is taken twice"));
            }
        }
        if !problems.is_empty() {
            return Err(BuildError(problems));
        }
        Ok(Registry::new(Shared {
            some_cross_site: entries.values().any(|entry| entry.cross_site),
            #[cfg(feature = "post-redirect-get")]
            post_redirect_get: distinct(entries.values().filter_map(|entry| entry.post_redirect_get.clone())),
            entries: entries.into_iter().map(|(name, entry)| (name, Arc::new(entry))).collect(),
            prefix: format!("{base}/_actions"),
            origins: self.origins,
            observer: self.observer,
        }))
    }
}

#[cfg(feature = "post-redirect-get")]
fn distinct(all: impl Iterator<Item = Arc<PostRedirectGet>>) -> Vec<Arc<PostRedirectGet>> {
    let mut kept: Vec<Arc<PostRedirectGet>> = Vec::new();
    for one in all {
        if !kept.iter().any(|other| Arc::ptr_eq(other, &one)) {
            kept.push(one);
        }
    }
    kept
}

/// Why no request could carry a name, or no client could call it.
fn unusable(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is empty")
    } else if name.ends_with('/') {
        Some("ends in a slash, which clients add to every path")
    } else if name.split('/').any(|segment| matches!(segment, "." | "..")) {
        Some("has a segment that browsers resolve as a folder")
    } else if name.contains(char::is_control) {
        Some("holds a control character")
    } else if name.split('.').any(|segment| segment == "__proto__") {
        Some("names the prototype of JavaScript's objects")
    } else {
        None
    }
}

/// Everything that kept a registry from being built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError(Vec<String>);

impl BuildError {
    /// What is wrong, a line each.
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the registry cannot be built:")?;
        for problem in &self.0 {
            write!(f, "\n- {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BuildError {}
