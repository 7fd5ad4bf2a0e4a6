//! What every call passes before its body is read.

use std::future::Future;

use crate::call::Call;
use crate::context::Context;
use crate::error::ActionError;
use crate::send::{BoxFuture, MaybeSend};

/// Decides whether a call may go on: an `async fn(&Call, &mut Context) -> Result<(), ActionError>`.
///
/// Implemented for every function of that shape, and for async closures that capture nothing; what a gate needs it finds in
/// the context, where the host put it. Implement it yourself for a gate with state of its own.
#[diagnostic::on_unimplemented(
    message = "this is no gate",
    label = "not a gate",
    note = "write `async fn gate(call: &Call, ctx: &mut Context) -> Result<(), ActionError>`"
)]
pub trait Gate<'a>: Send + Sync + 'static {
    /// Lets the call pass, or refuses it.
    fn check(
        &self,
        call: &'a Call,
        ctx: &'a mut Context,
    ) -> impl Future<Output = Result<(), ActionError>> + MaybeSend + 'a;
}

impl<'a, F, R> Gate<'a> for F
where
    F: Fn(&'a Call, &'a mut Context) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), ActionError>> + MaybeSend + 'a,
{
    fn check(
        &self,
        call: &'a Call,
        ctx: &'a mut Context,
    ) -> impl Future<Output = Result<(), ActionError>> + MaybeSend + 'a {
        self(call, ctx)
    }
}

type Check = dyn for<'a> Fn(&'a Call, &'a mut Context) -> BoxFuture<'a, Result<(), ActionError>> + Send + Sync;

/// A gate of any type.
pub(crate) struct BoxGate(Box<Check>);

impl BoxGate {
    pub(crate) fn new(gate: impl for<'a> Gate<'a>) -> Self {
        Self(Box::new(move |call, ctx| Box::pin(gate.check(call, ctx))))
    }

    pub(crate) fn check<'a>(&self, call: &'a Call, ctx: &'a mut Context) -> BoxFuture<'a, Result<(), ActionError>> {
        (self.0)(call, ctx)
    }
}
