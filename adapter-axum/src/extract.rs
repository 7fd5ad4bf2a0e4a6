//! The extractor for pages.

use std::convert::Infallible;
use std::ops::Deref;

use axum_core::extract::FromRequestParts;
use enact::page;
use http::request::Parts;

/// An extractor for the [`PageResult`](page::PageResult) of a request: the result of the form that was posted to this page.
///
/// It is empty if no form was posted. Extraction never fails.
///
/// ```
/// # use enact::{Action, FormAction};
/// use enact_axum::PageResult;
///
/// const SIGN_UP: FormAction<(), u32> = Action::form("newsletter");
///
/// async fn page(result: PageResult) -> String {
///     match result.get(SIGN_UP) {
///         None => "Sign up!".to_owned(),
///         Some(Ok(number)) => format!("You are reader {number}"),
///         Some(Err(error)) => format!("That did not work: {error}"),
///     }
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(page));
/// ```
#[derive(Debug, Clone, Default)]
#[expect(clippy::exhaustive_structs, reason = "handlers destructure it, like other extractors")]
pub struct PageResult(pub page::PageResult);

impl Deref for PageResult {
    type Target = page::PageResult;

    fn deref(&self) -> &page::PageResult {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for PageResult {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(page::PageResult::of(&parts.extensions)))
    }
}
