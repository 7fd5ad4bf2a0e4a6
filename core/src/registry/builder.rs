//! Building a registry.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use schemars::{Schema, SchemaGenerator};

use super::build_error::{BuildError, BuildProblem};
use super::definition::{Definition, ErasedDefinition};
use super::entry::Entry;
use super::gate::{ErasedGate, Gate};
use super::handler::Handler;
use super::input::Input;
use super::{ErrorObserver, Registry, RegistryData};
use crate::context::Call;
use crate::context::origin::{AllowedOrigins, is_origin};
use crate::error::ActionError;
use crate::limits::Limits;
use crate::output::Output;
#[cfg(feature = "post-redirect-get")]
use crate::page::PostRedirectGet;
use crate::schema::{self, FileLimit};

impl Registry {
    /// Returns a builder without actions.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::default()
    }
}

/// A builder of a [`Registry`]: its actions and their common settings.
#[derive(Default)]
#[must_use = "call `build` to create the registry"]
pub struct RegistryBuilder {
    actions: Vec<PendingEntry>,
    gates: Vec<Arc<dyn ErasedGate>>,
    limits: Option<Limits>,
    base: String,
    origins: AllowedOrigins,
    error_observer: Option<ErrorObserver>,
    #[cfg(feature = "post-redirect-get")]
    post_redirect_get: Option<Arc<PostRedirectGet>>,
}

/// An action, with the settings of the builders that were merged into this one.
struct PendingEntry {
    definition: Box<dyn ErasedDefinition>,
    schema: fn(&mut SchemaGenerator) -> Option<Schema>,
    limits: Option<Limits>,
    allows_cross_site: bool,
    gates: Vec<Arc<dyn ErasedGate>>,
    #[cfg(feature = "post-redirect-get")]
    post_redirect_get: Option<Arc<PostRedirectGet>>,
}

impl fmt::Debug for RegistryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryBuilder")
            .field("actions", &self.actions.iter().map(|entry| entry.definition.name()).collect::<Vec<_>>())
            .field("gates", &self.gates.len())
            .field("limits", &self.limits)
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl RegistryBuilder {
    /// Registers an action: its handler, and optionally its refinements and limits.
    ///
    /// ```
    /// # use enact::{Action, ActionError, Context, Limits, Registry};
    /// const LIKE: Action<u64, u64> = Action::json("like");
    /// const SEARCH: Action<String, Vec<u64>> = Action::json("search");
    ///
    /// async fn like(post: u64, _: Context) -> Result<u64, ActionError> {
    ///     Ok(1)
    /// }
    ///
    /// async fn search(text: String, _: Context) -> Result<Vec<u64>, ActionError> {
    ///     Ok(Vec::new())
    /// }
    ///
    /// let actions = Registry::builder()
    ///     .action(LIKE.handler(like))
    ///     .action(SEARCH.handler(search).limits(Limits::default().with_max_body_bytes(1024)))
    ///     .build()?;
    /// # Ok::<(), enact::BuildError>(())
    /// ```
    pub fn action<I: Input, O: Output, H: Handler<I, O>>(mut self, definition: Definition<I, O, H>) -> Self {
        self.actions.push(PendingEntry {
            limits: definition.limits,
            allows_cross_site: definition.allows_cross_site,
            definition: Box::new(definition),
            schema: I::schema,
            gates: Vec::new(),
            #[cfg(feature = "post-redirect-get")]
            post_redirect_get: None,
        });
        self
    }

    /// Registers all actions of another builder, with its gates, limits and Post/Redirect/Get.
    ///
    /// The base, the origins and the error observer of the other builder are ignored, because they apply to the whole registry.
    pub fn merge(mut self, other: Self) -> Self {
        #[cfg(feature = "post-redirect-get")]
        let post_redirect_get = other.post_redirect_get.clone();
        let Self { actions, gates, limits, .. } = other;
        self.actions.extend(actions.into_iter().map(|mut entry| {
            entry.gates.splice(0..0, gates.iter().cloned());
            entry.limits = entry.limits.or(limits);
            #[cfg(feature = "post-redirect-get")]
            {
                entry.post_redirect_get = entry.post_redirect_get.or_else(|| post_redirect_get.clone());
            }
            entry
        }));
        self
    }

    /// Adds a gate for all actions of this builder. See [`Gate`].
    ///
    /// Gates run in the order in which they were added. Those of an outer builder run before those of a merged one.
    pub fn gate(mut self, gate: impl Gate) -> Self {
        self.gates.push(Arc::new(gate));
        self
    }

    /// Sets the limits of all actions that have none of their own.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Sets the path below which actions are called, `/` by default. With `/app`, clients call `blog.like` at
    /// `/app/_actions/blog.like`.
    pub fn base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// Adds an origin of the site, such as `https://example.com`. If there is none, the `Host` of a request is its own origin.
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.own.push(origin.into());
        self
    }

    /// Adds the origin of another site that may call the actions.
    pub fn trust_origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.trusted.push(origin.into());
        self
    }

    /// Turns off the cross-site check.
    ///
    /// Any site can then call the actions with the cookies of its visitors. Use this only if the server performs a check of its
    /// own, or uses no cookies.
    pub fn without_cross_site_check(mut self) -> Self {
        self.origins.allow_all = true;
        self
    }

    /// Registers a callback that runs for every failed call. It receives the error's
    /// [source](std::error::Error::source), which clients never see.
    pub fn on_error(mut self, observer: impl Fn(&Call, &ActionError) + Send + Sync + 'static) -> Self {
        self.error_observer = Some(Box::new(observer));
        self
    }

    /// Answers the forms of this builder's actions with a redirect, so that a reload does not post them again. See
    /// [`PostRedirectGet`].
    ///
    /// To restrict it to some actions, register those with a builder of their own and [merge](Self::merge) it, or use
    /// [`PostRedirectGet::only`].
    #[cfg(feature = "post-redirect-get")]
    pub fn post_redirect_get(mut self, settings: PostRedirectGet) -> Self {
        self.post_redirect_get = Some(Arc::new(settings));
        self
    }

    /// Builds the registry.
    ///
    /// # Errors
    ///
    /// Returns all problems at once. See [`BuildProblem`].
    pub fn build(self) -> Result<Registry, BuildError> {
        let mut problems = Vec::new();
        let base = self.base.trim_end_matches('/');
        if !(base.is_empty() || base.starts_with('/')) || base.contains(['?', '#', '%']) {
            problems.push(BuildProblem::InvalidBase { base: self.base.clone() });
        }
        for origin in self.origins.own.iter().chain(&self.origins.trusted) {
            if !is_origin(origin) {
                problems.push(BuildProblem::InvalidOrigin { origin: origin.clone() });
            }
        }
        let mut entries: HashMap<&'static str, Entry> = HashMap::with_capacity(self.actions.len());
        for pending in self.actions {
            let name = pending.definition.name();
            if let Err(reason) = check_name(name) {
                problems.push(BuildProblem::InvalidName { name, reason });
            }
            let schema = schema::compile_input_schema(pending.schema).unwrap_or_else(|error| {
                problems.push(BuildProblem::InvalidSchema { action: name, error });
                None
            });
            let limits = pending.limits.or(self.limits).unwrap_or_default();
            let max_body_bytes = limits.max_body_bytes();
            for limit in schema.iter().flat_map(|schema| schema.file_limits_above(max_body_bytes as u64)) {
                let FileLimit { field, keyword, bytes } = limit;
                problems.push(BuildProblem::FileLargerThanBody { action: name, field, keyword, bytes, max_body_bytes });
            }
            let gates = self.gates.iter().cloned().chain(pending.gates).collect();
            let entry = Entry {
                definition: pending.definition,
                schema,
                limits,
                allows_cross_site: pending.allows_cross_site,
                gates,
                #[cfg(feature = "post-redirect-get")]
                post_redirect_get: pending.post_redirect_get.or_else(|| self.post_redirect_get.clone()),
            };
            if entries.insert(name, entry).is_some() {
                problems.push(BuildProblem::DuplicateName { name });
            }
        }
        if !problems.is_empty() {
            return Err(BuildError(problems));
        }
        let data = RegistryData {
            has_cross_site_actions: entries.values().any(|entry| entry.allows_cross_site),
            #[cfg(feature = "post-redirect-get")]
            post_redirect_get: dedup(entries.values().filter_map(|entry| entry.post_redirect_get.clone())),
            entries: entries.into_iter().map(|(name, entry)| (name, Arc::new(entry))).collect(),
            prefix: format!("{base}/_actions"),
            origins: self.origins,
            error_observer: self.error_observer,
        };
        Ok(Registry { shared: Arc::new(data) })
    }
}

#[cfg(feature = "post-redirect-get")]
fn dedup(all: impl Iterator<Item = Arc<PostRedirectGet>>) -> Vec<Arc<PostRedirectGet>> {
    let mut distinct: Vec<Arc<PostRedirectGet>> = Vec::new();
    for settings in all {
        if !distinct.iter().any(|other| Arc::ptr_eq(other, &settings)) {
            distinct.push(settings);
        }
    }
    distinct
}

/// Checks that requests can carry a name and that clients can call it.
///
/// # Errors
///
/// The rule that the name breaks.
fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        Err("a name must not be empty")
    } else if name.ends_with('/') {
        Err("a name must not end with a slash, because clients append one to paths")
    } else if name.split('/').any(|segment| matches!(segment, "." | "..")) {
        Err("a name must not have a segment `.` or `..`, because browsers resolve it")
    } else if name.contains(char::is_control) {
        Err("a name must not contain control characters")
    } else if name.split('.').any(|segment| segment == "__proto__") {
        Err("a name must not contain `__proto__`, which is the prototype of JavaScript objects")
    } else {
        Ok(())
    }
}
