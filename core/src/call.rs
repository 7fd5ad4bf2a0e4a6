//! What is known of a call before anything of it ran.

use std::fmt;

/// How an action was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalledFrom {
    /// By a client, at the action's own path.
    Rpc,
    /// By a form that was posted to a page.
    Form,
    /// By code of the server.
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

/// A call of an action that exists: what a gate decides by.
///
/// The name is the one that the action was registered with, whatever spelling the request used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    name: &'static str,
    from: CalledFrom,
}

impl Call {
    pub(crate) const fn new(name: &'static str, from: CalledFrom) -> Self {
        Self { name, from }
    }

    /// The action's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How it was called.
    pub const fn called_from(&self) -> CalledFrom {
        self.from
    }

    /// Whether the call is one of this action.
    ///
    /// ```
    /// # use enact::{Action, Call, Context, ActionError};
    /// const LIKE: Action<(), u32> = Action::json("blog.like");
    ///
    /// async fn gate(call: &Call, _: &mut Context) -> Result<(), ActionError> {
    ///     if call.is(LIKE) { /* … */ }
    ///     Ok(())
    /// }
    /// ```
    pub fn is<I, O>(&self, action: crate::Action<I, O>) -> bool {
        self.name == action.name()
    }
}
