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
mod form_state;
mod gate;
mod guard;
mod handler;
mod input;
mod issue;
mod limits;
mod media;
mod page;
mod panic;
#[cfg(feature = "post-redirect-get")]
mod prg;
mod redirect;
mod registry;
mod rejection;
mod result;
mod results;
mod route;
mod schema;
mod send;
mod step;
#[cfg(feature = "post-redirect-get")]
mod store;

pub use cookie;

pub use action::{Action, Encoding};
pub use builder::{BuildError, Builder};
pub use call::{Call, CalledFrom};
pub use context::{ClientAddr, Context};
#[cfg(feature = "post-redirect-get")]
pub use cookie::Key;
pub use definition::{AsyncRule, Definition, IssueAt, Issues};
pub use error::{ActionError, ActionErrorCode, ResultExt, UnknownCode};
pub use form::{Entries, File, FormData, FormValue};
pub use form_state::{FieldAttributes, FormState};
pub use gate::Gate;
pub use handler::{Handler, Input, Output};
pub use issue::{Issue, IssueCode, PathSegment};
pub use limits::Limits;
pub use page::{Page, PageFinish};
#[cfg(feature = "post-redirect-get")]
pub use prg::{PostRedirectGet, ReceivedAt};
pub use registry::{Handled, Registry};
pub use result::{SerializedResult, deserialize_result, serialize_result};
pub use results::ActionResults;
pub use send::{BoxFuture, MaybeSend};
#[cfg(feature = "post-redirect-get")]
pub use step::Returning;
pub use step::{Incoming, Intake, Reply, Step};
#[cfg(feature = "post-redirect-get")]
pub use store::{MemoryStore, ResultStore, StoreError};
