//! An action with its handler, and what else is to be said of it.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;

#[cfg(any(feature = "openapi", feature = "typescript"))]
use schemars::SchemaGenerator;

use crate::action::{Action, Encoding};
use crate::context::Context;
use crate::error::ActionError;
#[cfg(any(feature = "openapi", feature = "typescript"))]
use crate::handler::is_nothing;
use crate::handler::{AnyOutput, Handler, Input, Output, Reading};
use crate::input::{Decoded, Payload};
use crate::issue::Issue;
use crate::limits::Limits;
use crate::rejection::Rejection;
use crate::schema::{CollectedIssues, Schema, Tree, collect_issues};
use crate::send::{BoxFuture, MaybeSend};

/// An action and its handler, to be refined and limited before it is added to a registry.
///
/// ```
/// use enact::{Action, ActionError, Context, Issues, Registry};
/// # use schemars::JsonSchema;
/// # use serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// struct NewPassword {
///     #[schemars(length(min = 8))]
///     password: String,
///     confirm: String,
/// }
///
/// const CHANGE: Action<NewPassword, ()> = Action::form("password");
///
/// async fn change(_: NewPassword, _: Context) -> Result<(), ActionError> {
///     Ok(())
/// }
///
/// let actions = Registry::builder()
///     .define(CHANGE.handler(change).refine(|input, issues| {
///         if input.password != input.confirm {
///             issues.add("Passwords do not match").at("confirm");
///         }
///     }))
///     .build()?;
/// # Ok::<(), enact::BuildError>(())
/// ```
pub struct Definition<I, O, H> {
    action: Action<I, O>,
    handler: H,
    refinements: Vec<Refinement<I>>,
    /// How an input passes them on its way to the handler. It comes with the first of them: most actions have none, and need
    /// not be made of that code as well.
    refined: Option<Refined<I, O, H>>,
    pub(crate) limits: Option<Limits>,
    pub(crate) cross_site: bool,
}

type Refined<I, O, H> = for<'a> fn(&'a Definition<I, O, H>, Decoded<I>, Context) -> Running<'a>;

enum Refinement<I> {
    Sync(SyncRefinement<I>),
    Async(AsyncRefinement<I>),
}

type SyncRefinement<I> = Box<dyn Fn(&I, &mut Issues) + Send + Sync>;

type AsyncRefinement<I> =
    Box<dyn for<'a> Fn(&'a I, &'a Context) -> BoxFuture<'a, Result<Issues, ActionError>> + Send + Sync>;

impl<I, O, H> std::fmt::Debug for Definition<I, O, H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Definition")
            .field("action", &self.action)
            .field("refinements", &self.refinements.len())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl<I: Input, O: Output> Action<I, O> {
    /// The action with its handler.
    pub fn handler<H: Handler<I, O>>(self, handler: H) -> Definition<I, O, H> {
        Definition { action: self, handler, refinements: Vec::new(), refined: None, limits: None, cross_site: false }
    }
}

impl<I: Input, O: Output, H: Handler<I, O>> Definition<I, O, H> {
    /// Adds a rule that the schema cannot say, such as one between two fields.
    ///
    /// Rules run in the order in which they were added, also where a constraint of a field is broken, but not where a type
    /// is wrong: then there is no input.
    #[must_use]
    pub fn refine(self, rule: impl Fn(&I, &mut Issues) + Send + Sync + 'static) -> Self {
        self.push(Refinement::Sync(Box::new(rule)))
    }

    /// Adds a rule that has to wait for something: an `async fn(&Input, &Context) -> Result<Issues, ActionError>`, or an
    /// async closure that captures nothing.
    ///
    /// An error ends the call, as one of the handler would.
    #[must_use]
    pub fn refine_async<F>(self, rule: F) -> Self
    where
        I: Sync,
        F: for<'a> AsyncRule<'a, I>,
    {
        let rule = Arc::new(rule);
        self.push(Refinement::Async(Box::new(move |input, ctx| Box::pin(rule.check(input, ctx)))))
    }

    fn push(mut self, rule: Refinement<I>) -> Self {
        self.refinements.push(rule);
        self.refined = Some(|definition, decoded, ctx| {
            Box::pin(async move {
                let input = definition.passed(decoded, &ctx).await?;
                done(definition.handler.handle(input, ctx)).await
            })
        });
        self
    }

    /// Replaces the registry's limits for this action.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Lets other sites call this action. Only for actions that anybody may call and that act for nobody: a form on
    /// another site can then send whatever it likes, with the visitor's cookies.
    #[must_use]
    pub fn allow_cross_site(mut self) -> Self {
        self.cross_site = true;
        self
    }

    async fn passed(&self, decoded: Decoded<I>, ctx: &Context) -> Result<I, Rejection> {
        let (input, issues) = match decoded {
            Decoded::Valid(input) => (input, Vec::new()),
            Decoded::Invalid(issues, Some(input)) => (input, issues),
            Decoded::Invalid(issues, None) => return Err(Rejection::Invalid(issues)),
        };
        let mut issues = Issues(issues);
        for refinement in &self.refinements {
            match refinement {
                Refinement::Sync(rule) => rule(&input, &mut issues),
                Refinement::Async(rule) => {
                    let found = rule(&input, ctx).await.map_err(Rejection::Failed)?;
                    issues.0.extend(found.0);
                }
            }
        }
        if issues.0.is_empty() { Ok(input) } else { Err(Rejection::Invalid(issues.0)) }
    }
}

/// A rule that has to wait; see [`Definition::refine_async`].
#[diagnostic::on_unimplemented(
    message = "this is no rule for an input of type `{I}`",
    note = "write `async fn rule(input: &{I}, ctx: &Context) -> Result<Issues, ActionError>`"
)]
pub trait AsyncRule<'a, I: 'a>: Send + Sync + 'static {
    /// What is wrong with the input.
    fn check(
        &self,
        input: &'a I,
        ctx: &'a Context,
    ) -> impl Future<Output = Result<Issues, ActionError>> + MaybeSend + 'a;
}

impl<'a, F, R, I: 'a> AsyncRule<'a, I> for F
where
    F: Fn(&'a I, &'a Context) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Issues, ActionError>> + MaybeSend + 'a,
{
    fn check(
        &self,
        input: &'a I,
        ctx: &'a Context,
    ) -> impl Future<Output = Result<Issues, ActionError>> + MaybeSend + 'a {
        self(input, ctx)
    }
}

/// What refinements find.
#[derive(Debug, Default)]
pub struct Issues(Vec<Issue>);

impl Issues {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an issue of the input as a whole; follow it with [`at`](IssueAt::at) to say where.
    pub fn add(&mut self, message: impl Into<String>) -> IssueAt<'_> {
        self.0.push(Issue::new(message));
        IssueAt(&mut self.0)
    }

    /// What was found before: broken constraints, and what earlier rules added.
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

/// The issue just added, to say where it is.
#[derive(Debug)]
pub struct IssueAt<'a>(&'a mut Vec<Issue>);

impl IssueAt<'_> {
    /// Adds a segment to the issue's path: the name of a property, or an index.
    pub fn at(self, segment: impl Into<crate::PathSegment>) -> Self {
        if let Some(issue) = self.0.last_mut() {
            issue.path.push(segment.into());
        }
        self
    }
}

/// Where an input comes from.
pub(crate) enum Source<'a> {
    /// From a request.
    Wire { payload: Payload, limits: &'a Limits },
    /// From the server's own code: a value, and what the schema sees of it.
    Memory { input: Option<Box<dyn Any + Send>>, tree: Tree<'static> },
}

/// A definition whose types are known only to whom registered it.
pub(crate) trait Erased: Send + Sync {
    fn name(&self) -> &'static str;
    fn encoding(&self) -> Encoding;

    /// The schema of the input, with named types among the generator's definitions. `None` for a form as it comes.
    #[cfg(any(feature = "openapi", feature = "typescript"))]
    fn input_schema(&self, generator: &mut SchemaGenerator) -> Option<schemars::Schema>;

    /// The same of the output. `None` where there is no content.
    #[cfg(any(feature = "openapi", feature = "typescript"))]
    fn output_schema(&self, generator: &mut SchemaGenerator) -> Option<schemars::Schema>;

    /// Runs the action. An input of the server's own that has another type is one for an action that does not exist.
    ///
    /// It is code for every action, so what can be shared is done elsewhere: the source is the caller's to drop.
    fn run<'a>(&'a self, schema: Option<&'a Schema>, source: &mut Source<'_>, ctx: Context) -> Running<'a>;
}

/// An action whose input was read.
pub(crate) type Running<'a> = BoxFuture<'a, Result<Box<dyn AnyOutput>, Rejection>>;

impl<I: Input, O: Output, H: Handler<I, O>> Erased for Definition<I, O, H> {
    fn name(&self) -> &'static str {
        self.action.name()
    }

    fn encoding(&self) -> Encoding {
        self.action.encoding()
    }

    #[cfg(any(feature = "openapi", feature = "typescript"))]
    fn input_schema(&self, generator: &mut SchemaGenerator) -> Option<schemars::Schema> {
        I::subschema(generator)
    }

    #[cfg(any(feature = "openapi", feature = "typescript"))]
    fn output_schema(&self, generator: &mut SchemaGenerator) -> Option<schemars::Schema> {
        (!is_nothing::<O>()).then(|| generator.subschema_for::<O>())
    }

    fn run<'a>(&'a self, schema: Option<&'a Schema>, source: &mut Source<'_>, ctx: Context) -> Running<'a> {
        // The input is read before there is a future, which would else hold it several times over.
        let rejection = match (read(schema, source), self.refined) {
            (Ok(Decoded::Valid(input)), None) => return Box::pin(done(self.handler.handle(input, ctx))),
            (Ok(decoded), Some(refined)) => return refined(self, decoded, ctx),
            (Ok(Decoded::Invalid(issues, _)), None) => Rejection::Invalid(issues),
            (Err(rejection), _) => rejection,
        };
        rejected(rejection)
    }
}

#[inline(never)]
fn rejected(rejection: Rejection) -> Running<'static> {
    Box::pin(std::future::ready(Err(rejection)))
}

async fn done<O: Output>(
    handled: impl Future<Output = Result<O, ActionError>>,
) -> Result<Box<dyn AnyOutput>, Rejection> {
    Ok(Box::new(handled.await.map_err(Rejection::Failed)?))
}

fn read<I: Input>(schema: Option<&Schema>, source: &mut Source<'_>) -> Result<Decoded<I>, Rejection> {
    match source {
        Source::Wire { payload, limits } => {
            I::read(Reading { schema, payload, limits }).0.map_err(Rejection::Malformed)
        }
        Source::Memory { input, tree } => {
            let input = input.take().and_then(|input| input.downcast::<I>().ok()).ok_or(Rejection::UnknownAction)?;
            let CollectedIssues { issues, mistyped } = found(schema, tree);
            Ok(if issues.is_empty() {
                Decoded::Valid(*input)
            } else {
                Decoded::Invalid(issues, (!mistyped).then_some(*input))
            })
        }
    }
}

#[inline(never)]
fn found(schema: Option<&Schema>, tree: &Tree<'_>) -> CollectedIssues {
    schema.map(|schema| collect_issues(schema, schema.root(), Some(tree))).unwrap_or_default()
}
