//! The extractor for pages.

use std::convert::Infallible;
use std::ops::Deref;

use axum_core::extract::FromRequestParts;
use enact::page::PageResult;
use http::request::Parts;

/// An extractor for the result of the form that was posted to this page.
///
/// It is empty if no form was posted. Extraction never fails. See [`PageResult::get`] for how to read a result.
#[derive(Debug, Clone, Default)]
pub struct Results(pub PageResult);

impl Deref for Results {
    type Target = PageResult;

    fn deref(&self) -> &PageResult {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Results {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(PageResult::of(&parts.extensions)))
    }
}
