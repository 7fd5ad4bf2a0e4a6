//! The identity of a call.

use std::fmt;

use crate::action::Action;

/// How an action was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CalledFrom {
    /// By a client, at the path of the action.
    Rpc,
    /// By a form posted to a page.
    Form,
    /// By server code, with [`Registry::call`](crate::Registry::call).
    Server,
}

impl fmt::Display for CalledFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rpc => "rpc",
            Self::Form => "form",
            Self::Server => "server",
        })
    }
}

/// A call of a registered action. Gates decide by it.
///
/// The name is the one that the action was registered with, however the request spelled it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    name: &'static str,
    from: CalledFrom,
}

impl Call {
    pub(crate) const fn new(name: &'static str, from: CalledFrom) -> Self {
        Self { name, from }
    }

    /// Returns the name of the action.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How the action was called.
    pub const fn called_from(&self) -> CalledFrom {
        self.from
    }

    /// Returns whether this is a call of `action`.
    ///
    /// ```
    /// # use enact::{Action, Call, Context, ActionError};
    /// const LIKE: Action<(), u32> = Action::json("blog.like");
    ///
    /// async fn gate(call: Call, ctx: Context) -> Result<Context, ActionError> {
    ///     if call.is(LIKE) { /* … */ }
    ///     Ok(ctx)
    /// }
    /// ```
    pub fn is<I, O, E>(&self, action: Action<I, O, E>) -> bool {
        self.name == action.name()
    }
}
