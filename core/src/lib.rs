//! Type-safe server actions: a function, its input and its output, called from a form, a browser or Rust.
#![warn(clippy::unwrap_used)]

mod action;
mod body;
mod builder;
mod call;
mod context;
mod cookies;
mod definition;
pub mod devalue;
mod error;
mod form;
mod gate;
mod guard;
mod handler;
mod input;
mod issue;
mod limits;
mod media;
mod page;
mod panic;
mod registry;
mod rejection;
mod result;
mod route;
mod schema;
mod send;
mod step;

pub use cookie;

pub use action::{Action, Encoding};
pub use builder::{BuildError, Builder};
pub use call::{Call, CalledFrom};
pub use context::{ClientAddr, Context};
pub use definition::{AsyncRule, Definition, IssueAt, Issues};
pub use error::{ActionError, ActionErrorCode, ResultExt, UnknownCode};
pub use form::{Entries, File, FormData, FormValue};
pub use gate::Gate;
pub use handler::{Handler, Input, Output};
pub use issue::{Issue, IssueCode, PathSegment};
pub use limits::Limits;
pub use page::{ActionResults, Page, PageFinish};
pub use registry::{Handled, Registry};
pub use result::{SerializedResult, deserialize_result, serialize_result};
pub use send::{BoxFuture, MaybeSend};
pub use step::{Incoming, Intake, Reply, Step};
