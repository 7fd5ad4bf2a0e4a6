//! A call whose body is being received.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header, request};

use super::pending_page::PendingPage;
use super::reply::Reply;
use super::response::{append_cookies, respond};
use crate::action::Encoding;
use crate::body::Body;
use crate::context::redirect::Redirect;
use crate::context::{Call, CalledFrom, Context};
use crate::input::{BodyBuffer, BodyError, DeclaredBody, Payload, check_syntax, parse_body};
use crate::page::{CallOutcome, CompletedCall, collect_submitted_values};
use crate::panic::catch_async;
use crate::registry::{Entry, InputSource, Registry, Rejection, RunningHandler};

/// A call of an action whose body is being received. [`PendingCall::admit`](super::PendingCall::admit) creates it.
#[derive(Debug)]
#[must_use = "the action has not run"]
pub struct BodyReader {
    registry: Registry,
    entry: Arc<Entry>,
    call: Call,
    /// The request before the gates. It shares the changes to the response with the context of the handler.
    original: Context,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The request has no body for an action.
    Empty(Context),
    Reading {
        ctx: Context,
        declared: DeclaredBody,
        buffer: BodyBuffer,
    },
    Rejected(Rejection),
}

impl BodyReader {
    pub(super) fn new(
        registry: Registry,
        entry: Arc<Entry>,
        call: Call,
        original: Context,
        admitted: Result<Context, Rejection>,
    ) -> Self {
        let state = match admitted {
            Ok(ctx) => match DeclaredBody::from_headers(original.headers(), &entry.limits) {
                Ok(None) => State::Empty(ctx),
                Ok(Some(declared)) => State::Reading { ctx, declared, buffer: BodyBuffer::new(declared.length) },
                Err(error) => State::Rejected(Rejection::Body(error)),
            },
            Err(rejection) => State::Rejected(rejection),
        };
        Self { registry, entry, call, original, state }
    }

    /// Returns whether more of the body is needed. Once false, it stays false.
    pub fn wants_body(&self) -> bool {
        matches!(&self.state, State::Reading { declared, .. } if declared.length != Some(0))
    }

    /// Appends the next bytes of the body. If they exceed the limit, the call is rejected with 413.
    ///
    /// Bytes are ignored if [`wants_body`](Self::wants_body) is false. The host decides where the body
    /// ends: bytes beyond the declared length are read too, unless that length is 0.
    pub fn push(&mut self, chunk: Bytes) {
        if let State::Reading { declared, buffer, .. } = &mut self.state
            && declared.length != Some(0)
            && let Err(error) = buffer.push(chunk, self.entry.limits.max_body_bytes())
        {
            self.state = State::Rejected(Rejection::Body(error));
        }
    }

    /// Reports that the rest of the body cannot be read. The call is rejected with 400.
    pub fn fail(&mut self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) {
        if self.wants_body() {
            self.state = State::Rejected(Rejection::Body(BodyError::Unreadable(error.into())));
        }
    }

    /// Returns how many bytes of an oversized body to drop before replying.
    ///
    /// None are dropped if the declared length is far beyond the limit, or if the client waits for `100 Continue` (RFC 9110,
    /// section 10.1.1).
    pub(super) fn drain_bytes(&self) -> usize {
        let State::Rejected(Rejection::Body(BodyError::TooLarge(max))) = self.state else {
            return 0;
        };
        let headers = self.original.headers();
        let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let is_far_beyond = |length| usize::try_from(length).map_or(true, |length| length / 3 > max);
        if headers.contains_key(header::EXPECT) || declared.is_some_and(is_far_beyond) {
            0
        } else {
            max.saturating_mul(2)
        }
    }

    /// Runs the action and returns the reply.
    ///
    /// If the body is shorter than its declared length, the action does not run and the reply is 400.
    pub async fn finish(self) -> Reply {
        let Self { registry, entry, call, original, state } = self;
        let is_page = call.called_from() == CalledFrom::Form;
        let (body, read) = match state {
            State::Rejected(rejection) => (Bytes::new(), Err(rejection)),
            State::Empty(ctx) => (Bytes::new(), Ok((ctx, Payload::Absent))),
            State::Reading { ctx, declared, buffer } => read_payload(ctx, declared, buffer, &entry),
        };
        let mut submitted = None;
        let result = match read.and_then(|(ctx, payload)| start(&entry, payload, ctx, is_page, &mut submitted)) {
            Ok(running) => catch_async(running).await,
            Err(rejection) => Err(rejection),
        };
        let result = result.map_err(|rejection| registry.report(Some(&call), rejection));
        if !is_page {
            return Reply::Response(respond(&registry, &call, result, &original));
        }
        let submitted_values = match (&result, submitted) {
            (Err(_), Some(Payload::Form(form))) => collect_submitted_values(&form, entry.schema.as_ref()),
            _ => Vec::new(),
        };
        let completed =
            CompletedCall { name: call.name().into(), outcome: CallOutcome::Live(result), submitted_values };
        let changes = original.without_extensions();
        let head = original.into_head();
        match redirect_location(&registry, &entry, &call, &completed, &head, &changes).await {
            Some(location) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::SEE_OTHER;
                response.headers_mut().insert(header::LOCATION, location);
                append_cookies(response.headers_mut(), changes.set_cookie_headers());
                Reply::Response(response)
            }
            None => Reply::Page(PendingPage::new(head, body, completed, changes.set_cookie_headers())),
        }
    }
}

/// Parses the received bytes. They are returned too, because the page of a form may read them itself.
fn read_payload(
    ctx: Context,
    declared: DeclaredBody,
    buffer: BodyBuffer,
    entry: &Entry,
) -> (Bytes, Result<(Context, Payload), Rejection>) {
    let body = buffer.into_bytes();
    if let Some(length) = declared.length.filter(|length| body.len() < *length) {
        let error = BodyError::Truncated { received: body.len(), declared: length };
        return (body, Err(Rejection::Body(error)));
    }
    let payload = parse_body(declared.format, &body, ctx.headers(), &entry.limits).map_err(Rejection::Body);
    (body, payload.map(|payload| (ctx, payload)))
}

/// Starts the handler, if the payload has the encoding of the action. For a page, the form is kept in `submitted`.
fn start<'a>(
    entry: &'a Entry,
    payload: Payload,
    ctx: Context,
    is_page: bool,
    submitted: &mut Option<Payload>,
) -> Result<RunningHandler<'a>, Rejection> {
    let encoding = entry.definition.encoding();
    match (&payload, encoding) {
        (Payload::Json(body), Encoding::Form) => {
            check_syntax(body, &entry.limits).map_err(Rejection::Malformed)?;
            return Err(Rejection::WrongEncoding(encoding));
        }
        (Payload::Absent, Encoding::Form) => return Err(Rejection::WrongEncoding(encoding)),
        (Payload::Form(_), Encoding::Json) => {
            *submitted = is_page.then_some(payload);
            return Err(Rejection::WrongEncoding(encoding));
        }
        _ => {}
    }
    // An input of type `FormData` takes the payload.
    if is_page && entry.schema.is_none() {
        *submitted = Some(payload.clone());
    }
    let mut source = InputSource::Request { payload, limits: &entry.limits };
    let running = entry.start(&mut source, ctx);
    if is_page
        && submitted.is_none()
        && let InputSource::Request { payload, .. } = source
    {
        *submitted = Some(payload);
    }
    running
}

/// Returns the target of the redirect that answers a posted form, or `None` if the page answers.
#[cfg_attr(not(feature = "post-redirect-get"), allow(unused_variables, clippy::unused_async))]
async fn redirect_location(
    registry: &Registry,
    entry: &Entry,
    call: &Call,
    completed: &CompletedCall,
    head: &request::Parts,
    changes: &Context,
) -> Option<HeaderValue> {
    let redirect = changes.take_redirect().filter(|_| completed.error().is_none());
    #[cfg(feature = "post-redirect-get")]
    if let Some(settings) = entry.post_redirect_get.as_ref().filter(|settings| settings.applies_to(call)) {
        let origins = &registry.shared.origins;
        let target = match (&redirect, completed.error()) {
            (Some(redirect), _) => redirect.as_str().to_owned(),
            (None, None) => crate::page::posted_page(&head.uri),
            (None, Some(_)) => crate::page::form_page(head, origins),
        };
        // Another site cannot show the result.
        if crate::context::redirect::is_local(&target) {
            match settings.save(completed, &target, head, origins).await {
                Ok(Some(saved)) => {
                    saved.cookies.into_iter().for_each(|cookie| changes.set_cookie(cookie));
                    return HeaderValue::try_from(saved.target).ok();
                }
                Ok(None) => tracing::debug!(action = call.name(), "the result is too large for a cookie"),
                Err(error) => {
                    tracing::error!(
                        action = call.name(),
                        error = &*error as &(dyn std::error::Error + 'static),
                        "cannot store the result"
                    );
                }
            }
        }
    }
    redirect.map(Redirect::into_header)
}
