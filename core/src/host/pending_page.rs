//! A form posted to a page, which the page answers with the result of the action.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header, request};

use super::response::append_cookies;
use crate::error::ActionError;
use crate::page::{CompletedCall, PageResult};

/// A request for the page that a form was posted to.
///
/// [`into_parts`](Self::into_parts) returns the request, with the body of the form as far as it was read, and the [`PageResult`]
/// in its extensions. The host passes it to the page, and the response to [`PageFinish::finish`].
#[derive(Debug)]
#[must_use = "the page has not answered"]
pub struct PendingPage(Box<(Request<Bytes>, PageFinish)>);

impl PendingPage {
    pub(super) fn new(mut head: request::Parts, body: Bytes, call: CompletedCall, cookies: Vec<HeaderValue>) -> Self {
        let status = call.error().map(ActionError::status);
        if body.is_empty() {
            remove_body_headers(&mut head);
        }
        head.extensions.insert(PageResult::from_call(call));
        Self(Box::new((Request::from_parts(head, body), PageFinish { status, cookies, is_private: false })))
    }

    /// Creates the request for a form whose action does not exist. The page shows no result, and its status is 404.
    pub(super) fn not_found(mut head: request::Parts) -> Self {
        remove_body_headers(&mut head);
        let finish = PageFinish { status: Some(StatusCode::NOT_FOUND), cookies: Vec::new(), is_private: false };
        Self(Box::new((Request::from_parts(head, Bytes::new()), finish)))
    }

    /// Returns the result of the call, for example for a store of the host.
    pub fn result(&self) -> PageResult {
        PageResult::of(self.0.0.extensions())
    }

    /// Replaces the result that the page shows.
    pub fn set_result(&mut self, result: PageResult) {
        self.0.1.status = result.status();
        self.0.0.extensions_mut().insert(result);
    }

    /// Returns the request for the page, and the value that completes its response.
    pub fn into_parts(self) -> (Request<Bytes>, PageFinish) {
        *self.0
    }
}

/// The page gets no body, so its headers must not declare one.
fn remove_body_headers(head: &mut request::Parts) {
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::TRANSFER_ENCODING);
}

/// The changes that complete the response of a page.
#[derive(Debug)]
#[must_use = "the response lacks its status and cookies"]
pub struct PageFinish {
    status: Option<StatusCode>,
    cookies: Vec<HeaderValue>,
    /// Whether the page shows a stored result, which no cache may keep.
    is_private: bool,
}

impl PageFinish {
    pub(super) const fn for_stored_result(status: Option<StatusCode>, cookies: Vec<HeaderValue>) -> Self {
        Self { status, cookies, is_private: true }
    }

    /// Adds the cookies that the action set, and the status of its error.
    ///
    /// The page's own status takes precedence if it is not 200. A response that shows a stored result gets
    /// `Cache-Control: no-store`, unless the page set that header.
    pub fn finish<B>(self, response: &mut Response<B>) {
        if self.is_private {
            let headers = response.headers_mut();
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
        if let (Some(status), StatusCode::OK) = (self.status, response.status()) {
            *response.status_mut() = status;
        }
        append_cookies(response.headers_mut(), self.cookies);
    }
}
