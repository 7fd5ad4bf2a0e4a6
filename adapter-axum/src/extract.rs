//! The extractor for pages.

use std::convert::Infallible;
use std::ops::Deref;

use axum_core::extract::FromRequestParts;
use enact::ActionResults;
use http::request::Parts;

/// An extractor for the result of the form that was posted to this page.
///
/// It is empty if no form was posted. Extraction never fails. See [`ActionResults::get`] for how to read a result.
#[derive(Debug, Clone, Default)]
pub struct Results(pub ActionResults);

impl Deref for Results {
    type Target = ActionResults;

    fn deref(&self) -> &ActionResults {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Results {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(ActionResults::of(&parts.extensions)))
    }
}
