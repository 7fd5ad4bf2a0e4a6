//! A form that was posted to a page: the page answers, with the action's result at hand.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header, request};

use crate::error::ActionError;
use crate::result::append_cookies;
use crate::results::{ActionResults, Performed};

/// A call that came with a form to a page. The host asks the page for the answer and completes it:
///
/// 1. [`into_parts`](Self::into_parts) gives the request for the page, with the form's body as far as it was read, and with the result in its
///    extensions as [`ActionResults`];
/// 2. [`PageFinish::finish`] completes the page's answer.
#[derive(Debug)]
pub struct Page(Box<(Request<Bytes>, PageFinish)>);

/// Completes a page's answer.
#[derive(Debug)]
pub struct PageFinish {
    status: Option<StatusCode>,
    cookies: Vec<HeaderValue>,
    /// The page shows what is meant for this request alone.
    private: bool,
}

impl Page {
    pub(crate) fn new(mut head: request::Parts, body: Bytes, performed: Performed, cookies: Vec<HeaderValue>) -> Self {
        let status = performed.error().map(ActionError::status);
        if body.is_empty() {
            forget_body(&mut head);
        }
        head.extensions.insert(ActionResults::from_call(performed));
        Self(Box::new((Request::from_parts(head, body), PageFinish { status, cookies, private: false })))
    }

    /// The page for a form whose action does not exist: 404, and no result. Its body is not read.
    pub(crate) fn without_result(mut head: request::Parts) -> Self {
        forget_body(&mut head);
        let finish = PageFinish { status: Some(StatusCode::NOT_FOUND), cookies: Vec::new(), private: false };
        Self(Box::new((Request::from_parts(head, Bytes::new()), finish)))
    }

    /// What came of the call: to be kept by the host, say.
    pub fn results(&self) -> ActionResults {
        ActionResults::of(self.0.0.extensions())
    }

    /// Has the page show another result in its place.
    pub fn set_results(&mut self, results: ActionResults) {
        self.0.1.status = results.status();
        self.0.0.extensions_mut().insert(results);
    }

    /// The request for the page, and what completes its answer.
    pub fn into_parts(self) -> (Request<Bytes>, PageFinish) {
        *self.0
    }
}

/// The page gets no body: nothing in its head may announce one.
fn forget_body(head: &mut request::Parts) {
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::TRANSFER_ENCODING);
}

impl PageFinish {
    /// For a page that shows a result which waited for it.
    pub(crate) const fn of_return(status: Option<StatusCode>, cookies: Vec<HeaderValue>) -> Self {
        Self { status, cookies, private: true }
    }

    /// Adds the cookies that the action set. Where it failed, the answer takes the error's status, unless the page has set
    /// one of its own, which is any but 200. A page that shows a result which waited for it is kept out of caches.
    pub fn finish<B>(self, response: &mut Response<B>) {
        if self.private {
            let headers = response.headers_mut();
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
        if let (Some(status), StatusCode::OK) = (self.status, response.status()) {
            *response.status_mut() = status;
        }
        append_cookies(response.headers_mut(), self.cookies);
    }
}
