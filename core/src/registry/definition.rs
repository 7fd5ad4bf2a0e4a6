//! An action with its handler, refinements and limits.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;

#[cfg(any(feature = "openapi", feature = "typescript"))]
use schemars::SchemaGenerator;

use super::handler::Handler;
use super::input::{Input, InputReader};
use super::rejection::Rejection;
use super::rule::{AsyncRule, ErasedRule, Issues};
use crate::action::{Action, Encoding};
use crate::context::Context;
use crate::error::ActionError;
use crate::input::{Decoded, Payload};
use crate::limits::Limits;
use crate::maybe_send::BoxFuture;
#[cfg(any(feature = "openapi", feature = "typescript"))]
use crate::output::is_unit;
use crate::output::{AnyOutput, Output};
use crate::schema::{CollectedIssues, Schema, Tree, collect_issues};

/// An action with its handler, refinements and limits. [`Action::handler`] creates it.
///
/// ```
/// use enact::{Action, ActionError, Context, FormAction, Registry};
/// # use schemars::JsonSchema;
/// # use serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// struct NewPassword {
///     #[schemars(length(min = 8), extend("writeOnly" = true))]
///     password: String,
///     #[schemars(extend("writeOnly" = true))]
///     confirm: String,
/// }
///
/// const CHANGE: FormAction<NewPassword, ()> = Action::form("password");
///
/// async fn change(_: NewPassword, _: Context) -> Result<(), ActionError> {
///     Ok(())
/// }
///
/// let actions = Registry::builder()
///     .action(CHANGE.handler(change).refine(|input, issues| {
///         if input.password != input.confirm {
///             issues.add("Passwords do not match").at("confirm");
///         }
///     }))
///     .build()?;
/// # Ok::<(), enact::BuildError>(())
/// ```
#[must_use = "pass the definition to `RegistryBuilder::action`"]
pub struct Definition<I, O, H> {
    name: &'static str,
    encoding: Encoding,
    handler: H,
    refinements: Vec<Refinement<I>>,
    /// Runs the refinements and the handler. It is set with the first refinement, so that no code for refinements is generated
    /// for actions without any.
    run_refined: Option<RunRefined<I, O, H>>,
    pub(super) limits: Option<Limits>,
    pub(super) allows_cross_site: bool,
    output: PhantomData<fn() -> O>,
}

type RunRefined<I, O, H> = for<'a> fn(&'a Definition<I, O, H>, Decoded<I>, Context) -> RunningHandler<'a>;

type SyncRule<I> = dyn Fn(&I, &mut Issues) + Send + Sync;

enum Refinement<I> {
    Sync(Box<SyncRule<I>>),
    Async(Box<dyn ErasedRule<I>>),
}

impl<I, O, H> std::fmt::Debug for Definition<I, O, H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Definition")
            .field("name", &self.name)
            .field("encoding", &self.encoding)
            .field("refinements", &self.refinements.len())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl<I, O, E> Action<I, O, E> {
    /// Creates the definition of the action from its handler, for [`RegistryBuilder::action`](crate::RegistryBuilder::action).
    pub fn handler<H>(self, handler: H) -> Definition<I, O, H>
    where
        I: Input,
        O: Output,
        H: Handler<I, O>,
    {
        Definition {
            name: self.name(),
            encoding: self.encoding(),
            handler,
            refinements: Vec::new(),
            run_refined: None,
            limits: None,
            allows_cross_site: false,
            output: PhantomData,
        }
    }
}

impl<I: Input, O: Output, H: Handler<I, O>> Definition<I, O, H> {
    /// Adds a rule that the schema cannot express, for example one that compares two fields.
    ///
    /// Rules run in the order in which they were added. They also run if the input violates its schema, unless it has the wrong
    /// type.
    pub fn refine(self, rule: impl Fn(&I, &mut Issues) + Send + Sync + 'static) -> Self {
        self.add(Refinement::Sync(Box::new(rule)))
    }

    /// Adds an asynchronous rule: an `async fn(&I, &Context) -> Result<Issues, E>`, or any other [`AsyncRule`].
    ///
    /// If it returns an error, the call fails with that error.
    pub fn refine_async(self, rule: impl AsyncRule<I>) -> Self {
        self.add(Refinement::Async(Box::new(rule)))
    }

    fn add(mut self, rule: Refinement<I>) -> Self {
        self.refinements.push(rule);
        self.run_refined = Some(|definition, decoded, ctx| {
            Box::pin(async move {
                let input = definition.check_refinements(decoded, &ctx).await?;
                run_handler(definition.handler.handle(input, ctx)).await
            })
        });
        self
    }

    /// Sets the limits of this action, in place of those of the registry.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Turns off the cross-site check for this action.
    ///
    /// Any site can then send any input to it, with the cookies of its visitors. Use this only for actions that do not depend on
    /// who calls them.
    pub fn allow_cross_site(mut self) -> Self {
        self.allows_cross_site = true;
        self
    }

    async fn check_refinements(&self, decoded: Decoded<I>, ctx: &Context) -> Result<I, Rejection> {
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
                    let found = rule.check_boxed(&input, ctx).await.map_err(Rejection::Failed)?;
                    issues.extend(found.0);
                }
            }
        }
        if issues.0.is_empty() { Ok(input) } else { Err(Rejection::Invalid(issues.0)) }
    }
}

/// The source of an input.
pub(crate) enum InputSource<'a> {
    /// A request.
    Request { payload: Payload, limits: &'a Limits },
    /// Server code. The tree is the value as the schema sees it.
    Value { input: Option<Box<dyn Any + Send>>, tree: Tree<'static> },
}

/// The handler of a call whose input was read.
pub(crate) type RunningHandler<'a> = BoxFuture<'a, Result<Box<dyn AnyOutput>, Rejection>>;

/// A definition of any input and output.
pub(crate) trait ErasedDefinition: Send + Sync {
    fn name(&self) -> &'static str;
    fn encoding(&self) -> Encoding;

    /// Returns the schema of the input, or `None` for `FormData`. Named types are added to the definitions of the generator.
    #[cfg(any(feature = "openapi", feature = "typescript"))]
    fn input_schema(&self, generator: &mut SchemaGenerator) -> Option<schemars::Schema>;

    /// Returns the schema of the output, or `None` for `()`.
    #[cfg(any(feature = "openapi", feature = "typescript"))]
    fn output_schema(&self, generator: &mut SchemaGenerator) -> Option<schemars::Schema>;

    /// Reads the input and starts the handler. An input value of another type is rejected as an unknown action.
    ///
    /// This is generated for every action, so it holds as little code as possible: the caller drops the source.
    fn start<'a>(
        &'a self,
        schema: Option<&'a Schema>,
        source: &mut InputSource<'_>,
        ctx: Context,
    ) -> RunningHandler<'a>;
}

impl<I: Input, O: Output, H: Handler<I, O>> ErasedDefinition for Definition<I, O, H> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    #[cfg(any(feature = "openapi", feature = "typescript"))]
    fn input_schema(&self, generator: &mut SchemaGenerator) -> Option<schemars::Schema> {
        I::subschema(generator)
    }

    #[cfg(any(feature = "openapi", feature = "typescript"))]
    fn output_schema(&self, generator: &mut SchemaGenerator) -> Option<schemars::Schema> {
        (!is_unit::<O>()).then(|| generator.subschema_for::<O>())
    }

    fn start<'a>(
        &'a self,
        schema: Option<&'a Schema>,
        source: &mut InputSource<'_>,
        ctx: Context,
    ) -> RunningHandler<'a> {
        // The input is read outside of the future, which would otherwise hold it several times.
        let rejection = match (read_input(schema, source), self.run_refined) {
            (Ok(Decoded::Valid(input)), None) => return Box::pin(run_handler(self.handler.handle(input, ctx))),
            (Ok(decoded), Some(run_refined)) => return run_refined(self, decoded, ctx),
            (Ok(Decoded::Invalid(issues, _)), None) => Rejection::Invalid(issues),
            (Err(rejection), _) => rejection,
        };
        reject(rejection)
    }
}

#[inline(never)]
fn reject(rejection: Rejection) -> RunningHandler<'static> {
    Box::pin(std::future::ready(Err(rejection)))
}

async fn run_handler<O: Output>(
    handled: impl Future<Output = Result<O, ActionError>>,
) -> Result<Box<dyn AnyOutput>, Rejection> {
    Ok(Box::new(handled.await.map_err(Rejection::Failed)?))
}

fn read_input<I: Input>(schema: Option<&Schema>, source: &mut InputSource<'_>) -> Result<Decoded<I>, Rejection> {
    match source {
        InputSource::Request { payload, limits } => {
            I::read(InputReader { schema, payload, limits }).0.map_err(Rejection::Malformed)
        }
        InputSource::Value { input, tree } => {
            let input = input.take().and_then(|input| input.downcast::<I>().ok()).ok_or(Rejection::UnknownAction)?;
            let CollectedIssues { issues, mistyped } = validate(schema, tree);
            Ok(if issues.is_empty() {
                Decoded::Valid(*input)
            } else {
                Decoded::Invalid(issues, (!mistyped).then_some(*input))
            })
        }
    }
}

#[inline(never)]
fn validate(schema: Option<&Schema>, tree: &Tree<'_>) -> CollectedIssues {
    schema.map(|schema| collect_issues(schema, schema.root(), Some(tree))).unwrap_or_default()
}
