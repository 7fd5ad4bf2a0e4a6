//! A registered action and its settings.

use std::fmt;
use std::sync::Arc;

use super::definition::{ErasedDefinition, InputSource, RunningHandler};
use super::gate::ErasedGate;
use super::rejection::Rejection;
use crate::context::Context;
use crate::limits::Limits;
#[cfg(feature = "post-redirect-get")]
use crate::page::PostRedirectGet;
use crate::panic::catch;
use crate::schema::Schema;

pub(crate) struct Entry {
    pub(crate) definition: Box<dyn ErasedDefinition>,
    /// `None` if the input is `FormData`.
    pub(crate) schema: Option<Schema>,
    pub(crate) limits: Limits,
    pub(crate) allows_cross_site: bool,
    pub(crate) gates: Vec<Arc<dyn ErasedGate>>,
    #[cfg(feature = "post-redirect-get")]
    pub(crate) post_redirect_get: Option<Arc<PostRedirectGet>>,
}

impl Entry {
    /// Reads the input and starts the handler. A panic of a `Deserialize` implementation is caught.
    pub(crate) fn start<'a>(
        &'a self,
        source: &mut InputSource<'_>,
        ctx: Context,
    ) -> Result<RunningHandler<'a>, Rejection> {
        catch(|| self.definition.start(self.schema.as_ref(), source, ctx)).map_err(Rejection::from)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.definition.name()).finish_non_exhaustive()
    }
}
