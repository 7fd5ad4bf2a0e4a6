//! Refinements: rules that a schema cannot express.

use std::future::Future;

use crate::context::Context;
use crate::error::{ActionError, Issue, PathSegment};
use crate::maybe_send::{BoxFuture, MaybeSend};

/// An asynchronous rule for inputs of type `I`. See [`Definition::refine_async`](crate::Definition::refine_async).
///
/// Functions of the form `async fn(&I, &Context) -> Result<Issues, E>` implement it. A closure that captures state must copy
/// what it needs from the input before its first `.await`:
///
/// ```
/// # use enact::{Action, ActionError, Context, Issues, Registry};
/// # use std::collections::HashSet;
/// # use std::sync::Arc;
/// # const JOIN: Action<String, ()> = Action::json("join");
/// # async fn join(_: String, _: Context) -> Result<(), ActionError> { Ok(()) }
/// let taken = Arc::new(HashSet::from(["ada".to_owned()]));
///
/// let unique = move |name: &String, _: &Context| {
///     let (taken, name) = (taken.clone(), name.clone());
///     async move {
///         let mut issues = Issues::new();
///         if taken.contains(&name) {
///             issues.add("Already taken");
///         }
///         Ok::<_, ActionError>(issues)
///     }
/// };
/// let actions = Registry::builder().action(JOIN.handler(join).refine_async(unique)).build()?;
/// # Ok::<(), enact::BuildError>(())
/// ```
///
/// Implement the trait for a type that holds the state of a rule:
///
/// ```
/// # use enact::{ActionError, AsyncRule, Context, Issues};
/// # struct Database;
/// # impl Database { async fn contains(&self, _: &str) -> bool { false } }
/// struct Unique(Database);
///
/// impl AsyncRule<String> for Unique {
///     async fn check(&self, name: &String, _: &Context) -> Result<Issues, ActionError> {
///         let mut issues = Issues::new();
///         if self.0.contains(name).await {
///             issues.add("Already taken");
///         }
///         Ok(issues)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a rule for an input of type `{I}`",
    label = "not an asynchronous rule",
    note = "write `async fn rule(input: &{I}, ctx: &Context) -> Result<Issues, ActionError>`",
    note = "its error type must implement `Into<ActionError>`",
    note = "its future must be `Send`: do not hold an `Rc`, a `RefCell` borrow or a lock guard across an `.await`"
)]
pub trait AsyncRule<I>: Send + Sync + 'static {
    /// Returns the issues of the input.
    ///
    /// # Errors
    ///
    /// An error ends the call, like an error of the handler.
    fn check(&self, input: &I, ctx: &Context) -> impl Future<Output = Result<Issues, ActionError>> + MaybeSend;
}

#[diagnostic::do_not_recommend]
impl<I: Sync + 'static, F> AsyncRule<I> for F
where
    F: for<'a> RuleFn<'a, I> + Send + Sync + 'static,
{
    async fn check(&self, input: &I, ctx: &Context) -> Result<Issues, ActionError> {
        self.call_boxed(input, ctx).await
    }
}

/// A function that is an asynchronous rule, for arguments of one lifetime.
#[doc(hidden)]
pub trait RuleFn<'a, I: 'a> {
    fn call_boxed(&self, input: &'a I, ctx: &'a Context) -> BoxFuture<'a, Result<Issues, ActionError>>;
}

#[diagnostic::do_not_recommend]
impl<'a, I: 'a, F, R, E> RuleFn<'a, I> for F
where
    F: Fn(&'a I, &'a Context) -> R,
    R: Future<Output = Result<Issues, E>> + MaybeSend + 'a,
    E: Into<ActionError>,
{
    fn call_boxed(&self, input: &'a I, ctx: &'a Context) -> BoxFuture<'a, Result<Issues, ActionError>> {
        let checked = self(input, ctx);
        Box::pin(async move { checked.await.map_err(Into::into) })
    }
}

/// An asynchronous rule of any type.
pub(super) trait ErasedRule<I>: Send + Sync {
    fn check_boxed<'a>(&'a self, input: &'a I, ctx: &'a Context) -> BoxFuture<'a, Result<Issues, ActionError>>;
}

impl<I: 'static, R: AsyncRule<I>> ErasedRule<I> for R {
    fn check_boxed<'a>(&'a self, input: &'a I, ctx: &'a Context) -> BoxFuture<'a, Result<Issues, ActionError>> {
        Box::pin(self.check(input, ctx))
    }
}

/// The issues that refinements find.
#[derive(Debug, Default)]
pub struct Issues(pub(super) Vec<Issue>);

impl Issues {
    /// Creates an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an issue of the input as a whole. Chain [`at`](AddedIssue::at) to set its path.
    pub fn add(&mut self, message: impl Into<String>) -> AddedIssue<'_> {
        self.0.push(Issue::new(message));
        AddedIssue(&mut self.0)
    }

    /// The issues so far: violations of the schema, and those that earlier rules added.
    pub fn as_slice(&self) -> &[Issue] {
        &self.0
    }
}

impl Extend<Issue> for Issues {
    fn extend<T: IntoIterator<Item = Issue>>(&mut self, issues: T) {
        self.0.extend(issues);
    }
}

impl FromIterator<Issue> for Issues {
    fn from_iter<T: IntoIterator<Item = Issue>>(issues: T) -> Self {
        Self(issues.into_iter().collect())
    }
}

/// The issue that [`Issues::add`] added.
#[derive(Debug)]
pub struct AddedIssue<'a>(&'a mut Vec<Issue>);

impl AddedIssue<'_> {
    /// Appends a segment to the path of the issue: the name of a property, or an index.
    pub fn at(self, segment: impl Into<PathSegment>) -> Self {
        if let Some(issue) = self.0.last_mut() {
            issue.path.push(segment.into());
        }
        self
    }
}
