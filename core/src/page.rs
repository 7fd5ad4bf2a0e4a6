//! A form that was posted to a page: the page answers, with the action's result at hand.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, request};

use crate::action::Action;
use crate::error::ActionError;
use crate::handler::{AnyOutput, Output};
use crate::result::{SerializedResult, append_cookies, serialize};

/// A call that came with a form to a page. The host asks the page for the answer and completes it:
///
/// 1. [`into_parts`](Self::into_parts) gives the request for the page, with the form's body, and with the result in its
///    extensions as [`ActionResults`];
/// 2. [`PageFinish::finish`] completes the page's answer.
#[derive(Debug)]
pub struct Page {
    request: Request<Bytes>,
    finish: PageFinish,
}

/// Completes a page's answer.
#[derive(Debug)]
pub struct PageFinish {
    status: Option<StatusCode>,
    cookies: Vec<HeaderValue>,
}

impl Page {
    pub(crate) fn new(
        mut head: request::Parts,
        body: Bytes,
        name: &'static str,
        result: Result<Box<dyn AnyOutput>, ActionError>,
        cookies: Vec<HeaderValue>,
    ) -> Self {
        let status = result.as_ref().err().map(ActionError::status);
        head.extensions.insert(ActionResults(Some(Arc::new(Performed { name, result }))));
        Self { request: Request::from_parts(head, body), finish: PageFinish { status, cookies } }
    }

    /// The page for a form whose action does not exist: 404, and no result.
    pub(crate) fn without_result(head: request::Parts) -> Self {
        Self {
            request: Request::from_parts(head, Bytes::new()),
            finish: PageFinish { status: Some(StatusCode::NOT_FOUND), cookies: Vec::new() },
        }
    }

    /// The request for the page, and what completes its answer.
    pub fn into_parts(self) -> (Request<Bytes>, PageFinish) {
        (self.request, self.finish)
    }
}

impl PageFinish {
    /// Adds the cookies that the action set. Where it failed, the answer takes the error's status, unless the page has set
    /// one of its own, which is any but 200.
    pub fn finish<B>(self, response: &mut Response<B>) {
        if let (Some(status), StatusCode::OK) = (self.status, response.status()) {
            *response.status_mut() = status;
        }
        append_cookies(response.headers_mut(), self.cookies);
    }
}

/// The results of the forms that led to this request, in its extensions.
///
/// ```
/// # use enact::{Action, ActionResults};
/// const SIGN_UP: Action<(), u32> = Action::form("newsletter");
///
/// fn page(request: &http::Request<()>) -> String {
///     match ActionResults::of(request.extensions()).get(SIGN_UP) {
///         None => "Sign up!".to_owned(),
///         Some(Ok(number)) => format!("You are reader {number}"),
///         Some(Err(error)) => format!("That did not work: {error}"),
///     }
/// }
/// # assert_eq!(page(&http::Request::new(())), "Sign up!");
/// ```
#[derive(Clone, Default)]
pub struct ActionResults(Option<Arc<Performed>>);

struct Performed {
    name: &'static str,
    result: Result<Box<dyn AnyOutput>, ActionError>,
}

impl ActionResults {
    /// Those of a request, by its extensions; none if no form was posted.
    pub fn of(extensions: &http::Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// The result of an action: `None` if it was not called, or is registered with another output.
    pub fn get<I, O: Output>(&self, action: Action<I, O>) -> Option<Result<&O, &ActionError>> {
        let performed = self.0.as_deref().filter(|performed| performed.name == action.name())?;
        match &performed.result {
            Ok(output) => (**output).as_any().downcast_ref().map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// All results, by the names of their actions, in the form in which they travel. A result that cannot travel is left
    /// out.
    pub fn serialized(&self) -> impl Iterator<Item = (&'static str, SerializedResult)> {
        self.0.iter().filter_map(|performed| Some((performed.name, serialize(performed.result.as_deref()).ok()?)))
    }
}

impl fmt::Debug for ActionResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        if let Some(performed) = &self.0 {
            map.entry(&performed.name, &performed.result.as_ref().map(|_| "…"));
        }
        map.finish()
    }
}
