//! Results of actions on pages: [`PageResult`], [`FormState`], and Post/Redirect/Get.
//!
//! A page that a form was posted to finds the [`PageResult`] in the extensions of its request. It shows the output, or shows the
//! form again with its [`FormState`].

mod form_state;
mod page_result;
#[cfg(feature = "post-redirect-get")]
mod post_redirect_get;
#[cfg(feature = "post-redirect-get")]
mod result_cookie;
mod serialized;
#[cfg(feature = "post-redirect-get")]
mod store;

#[cfg(feature = "post-redirect-get")]
pub use cookie::Key;

pub use form_state::{FieldAttributes, FormState};
pub use page_result::PageResult;
#[cfg(feature = "post-redirect-get")]
pub use post_redirect_get::PostRedirectGet;
pub use serialized::{SerializedResult, deserialize_result, serialize_result};
#[cfg(feature = "post-redirect-get")]
pub use store::{MemoryStore, ResultStore, StoreError};

pub(crate) use form_state::collect_submitted_values;
pub(crate) use page_result::{CallOutcome, CompletedCall};
#[cfg(feature = "post-redirect-get")]
pub(crate) use post_redirect_get::{form_page, posted_page, result_id};
