//! A request for a page that shows a result from an earlier request.

use http::request;

use super::pending_page::PageFinish;
use crate::page::PageResult;
use crate::registry::Registry;

/// A request for a page that shows a stored result, or a result that the host inserted.
#[derive(Debug)]
#[must_use = "the page has not answered"]
pub struct PendingResult {
    #[cfg_attr(not(feature = "post-redirect-get"), allow(dead_code))]
    registry: Registry,
    head: request::Parts,
}

impl PendingResult {
    pub(super) const fn new(registry: Registry, head: request::Parts) -> Self {
        Self { registry, head }
    }

    /// Returns the head of the request. A host that has a clock inserts [`ReceivedAt`](crate::ReceivedAt) into its extensions.
    pub fn head_mut(&mut self) -> &mut request::Parts {
        &mut self.head
    }

    /// Takes the result out of its store. Returns the head, with the result in its extensions if it was found, and the value that
    /// completes the response of the page.
    #[cfg_attr(not(feature = "post-redirect-get"), allow(clippy::unused_async))]
    pub async fn take(self) -> (request::Parts, PageFinish) {
        let result = PageResult::of(&self.head.extensions);
        #[cfg(feature = "post-redirect-get")]
        if result.is_empty() {
            return self.take_stored().await;
        }
        (self.head, PageFinish::for_stored_result(result.status(), Vec::new()))
    }

    #[cfg(feature = "post-redirect-get")]
    async fn take_stored(self) -> (request::Parts, PageFinish) {
        let Self { registry, mut head } = self;
        let mut removal = None;
        let mut status = None;
        if let Some(id) = crate::page::result_id(&head.uri).map(str::to_owned) {
            for settings in &registry.shared.post_redirect_get {
                let taken = settings.take(&head, &id).await;
                removal = removal.or(taken.removal);
                if let Some(result) = taken.result {
                    status = result.status();
                    head.extensions.insert(result);
                    break;
                }
            }
        }
        let cookies = removal.and_then(|cookie| http::HeaderValue::try_from(cookie.to_string()).ok());
        (head, PageFinish::for_stored_result(status, cookies.into_iter().collect()))
    }
}
