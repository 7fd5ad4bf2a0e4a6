//! A browser that comes back for the result of the form that it posted.

use http::request;

use crate::page::PageFinish;
use crate::registry::Registry;
use crate::results::ActionResults;

/// A request for a page that may show a result which waits for it, or one that the host set.
#[derive(Debug)]
pub struct Returning {
    #[cfg_attr(not(feature = "post-redirect-get"), allow(dead_code))]
    registry: Registry,
    head: request::Parts,
}

impl Returning {
    pub(crate) const fn new(registry: Registry, head: request::Parts) -> Self {
        Self { registry, head }
    }

    /// The request's head. A host that knows the time inserts `ReceivedAt`.
    pub fn head_mut(&mut self) -> &mut request::Parts {
        &mut self.head
    }

    /// Takes the result, which is gone thereafter. Gives the head, with the result in its extensions if there was one, and what
    /// completes the page's answer.
    #[cfg_attr(not(feature = "post-redirect-get"), allow(clippy::unused_async))]
    pub async fn take(self) -> (request::Parts, PageFinish) {
        let results = ActionResults::of(&self.head.extensions);
        #[cfg(feature = "post-redirect-get")]
        if results.is_empty() {
            return self.take_kept().await;
        }
        (self.head, PageFinish::of_return(results.status(), Vec::new()))
    }

    #[cfg(feature = "post-redirect-get")]
    async fn take_kept(self) -> (request::Parts, PageFinish) {
        let Self { registry, mut head } = self;
        let mut cookies = None;
        let mut status = None;
        if let Some(id) = crate::prg::id_of(&head.uri).map(str::to_owned) {
            for prg in registry.post_redirect_get() {
                let taken = prg.take(&head, &id).await;
                cookies = cookies.or(taken.cookie);
                if let Some(results) = taken.results {
                    status = results.status();
                    head.extensions.insert(results);
                    break;
                }
            }
        }
        let cookies =
            cookies.and_then(|cookie| http::HeaderValue::try_from(cookie.to_string()).ok()).into_iter().collect();
        (head, PageFinish::of_return(status, cookies))
    }
}
