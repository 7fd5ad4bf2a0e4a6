//! The way of a call, a step at a time.

use std::sync::Arc;

use bytes::{Buf, Bytes};
use http::{Extensions, HeaderValue, Response, StatusCode, header, request};
use http_body::Body;

use crate::accept::Format;
use crate::action::Encoding;
use crate::body::{Announced, Buffer, announced, parse};
use crate::call::{Call, CalledFrom};
use crate::context::Context;
use crate::definition::{Running, Source};
use crate::error::ActionError;
use crate::form_state::typed;
use crate::handler::AnyOutput;
use crate::input::{Payload, check_syntax};
use crate::page::Page;
use crate::panic::{catch, caught};
use crate::redirect::{self, Redirect};
use crate::registry::{Entry, Registry};
use crate::rejection::Rejection;
use crate::result::{append_cookies, respond};
use crate::results::{Outcome, Performed};
use crate::returning::Returning;

/// What comes after a request's head: the contract between a registry and a host that reads bodies itself.
///
/// 1. [`Registry::begin`] takes the head. It gives it back if the request is nothing of ours, or replies at once, without a
///    byte of the body.
/// 2. [`Incoming::admit`] asks the gate.
/// 3. While [`Intake::wants_body`], the host hands chunks to [`Intake::push`], in order, in any size. It stops asking at the
///    end, after an error ([`Intake::fail`]), and as soon as the limit is passed. It never asks for a body that would not be
///    looked at.
/// 4. [`Intake::run`] runs the action, and gives the reply.
///
/// A host may drop any of them at any time; nothing runs in the background. Nothing waits for a timer either: how long a body
/// may take is the host's to decide, by dropping the call.
///
/// ```
/// use enact::{Action, ActionError, Context, Registry, Reply, Step};
///
/// const SHOUT: Action<String, String> = Action::json("shout");
///
/// async fn shout(text: String, _: Context) -> Result<String, ActionError> {
///     Ok(text.to_uppercase())
/// }
///
/// # pollster::block_on(async {
/// let actions = Registry::builder().action(SHOUT, shout).build()?;
/// let (head, ()) = http::Request::post("/_actions/shout")
///     .header("content-type", "application/json")
///     .body(())?
///     .into_parts();
///
/// let Step::Enter(incoming) = actions.begin(head) else { panic!("it is an action") };
/// let mut intake = incoming.admit().await;
/// for chunk in ["\"hel", "lo\""] {
///     if !intake.wants_body() { break }
///     intake.push(chunk.into());
/// }
/// let Reply::Response(response) = intake.run().await else { panic!("it is no page") };
/// assert_eq!(response.body(), r#"["HELLO"]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Debug)]
pub enum Step {
    /// Nothing of ours: the head, untouched.
    Pass(request::Parts),
    /// The reply, before the body was looked at.
    Reply(Reply),
    /// A call of an action.
    Enter(Incoming),
    /// A page that shows a result which is there already: the browser comes back from a redirect for it, or the host set it.
    Return(Returning),
}

/// The end of a call.
#[derive(Debug)]
pub enum Reply {
    /// The answer.
    Response(Response<Bytes>),
    /// The page that a form was posted to has to be asked for the answer.
    Page(Page),
}

/// A call of an action, before the gate.
#[derive(Debug)]
pub struct Incoming {
    registry: Registry,
    entry: Arc<Entry>,
    call: Call,
    ctx: Context,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("name", &self.action.name()).finish_non_exhaustive()
    }
}

impl Incoming {
    pub(crate) fn new(registry: Registry, entry: Arc<Entry>, call: Call, head: request::Parts) -> Self {
        let ctx = Context::of_call(head, call);
        Self { registry, entry, call, ctx }
    }

    /// Which action is called, and how.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// The request's extensions. What a host inserts into them, the context holds.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.ctx.extensions_mut()
    }

    /// Goes the rest of the way with a body, reading its frames as they come.
    pub async fn answer<B>(self, body: B) -> Reply
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut intake = self.admit().await;
        let mut body = std::pin::pin!(body);
        while intake.wants_body() {
            match std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                Some(Ok(frame)) => {
                    if let Ok(mut data) = frame.into_data() {
                        intake.push(data.copy_to_bytes(data.remaining()));
                    }
                }
                Some(Err(error)) => intake.fail(error),
                None => break,
            }
        }
        // A browser hears no answer on a connection that is closed while it still sends: what is a little too long is read to
        // its end, and thrown away.
        let mut patience = intake.patience();
        while patience > 0 {
            match std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                Some(Ok(frame)) => {
                    let len = frame.into_data().map_or(0, |data| data.remaining());
                    patience = patience.saturating_sub(len.max(1));
                }
                Some(Err(_)) | None => break,
            }
        }
        intake.run().await
    }

    /// Asks the gate, and looks at what the head says of the body.
    pub async fn admit(self) -> Intake {
        let Self { registry, entry, call, mut ctx } = self;
        let page = (call.called_from() == CalledFrom::Form).then(|| ctx.clone());
        let mut verdict = Ok(());
        for gate in &entry.gates {
            verdict = caught(async { gate.check(&call, &mut ctx).await.map_err(Rejection::Refused) }).await;
            if verdict.is_err() {
                break;
            }
        }
        let body = match verdict.and_then(|()| announced(ctx.headers(), &entry.limits)) {
            Ok(None) => Stage::Ready,
            Ok(Some(announced)) if announced.length == Some(0) => Stage::Read(announced, Buffer::new(None), true),
            Ok(Some(announced)) => Stage::Read(announced, Buffer::new(announced.length), false),
            Err(rejection) => Stage::Rejected(rejection),
        };
        Intake { registry, entry, call, ctx, page, stage: body }
    }
}

/// A call whose body is being taken in.
#[derive(Debug)]
pub struct Intake {
    registry: Registry,
    entry: Arc<Entry>,
    call: Call,
    ctx: Context,
    /// The request to a page, as it was before the gate.
    page: Option<Context>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// There is nothing to read.
    Ready,
    /// The body, as far as it came, and whether that is all.
    Read(Announced, Buffer, bool),
    Rejected(Rejection),
}

impl Intake {
    /// Whether the body is still to be read. Once it is `false`, it stays so.
    pub fn wants_body(&self) -> bool {
        matches!(self.stage, Stage::Read(_, _, false))
    }

    /// How many bytes more are read of a body that is too long: none if it is far too long, or if the client asks before it
    /// sends (RFC 9110, section 10.1.1).
    fn patience(&self) -> usize {
        let Stage::Rejected(Rejection::BodyTooLarge(limit)) = self.stage else {
            return 0;
        };
        let headers = self.ctx.headers();
        let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        // A length may go beyond `usize`, which has 32 bits on wasm.
        let is_far = |length| usize::try_from(length).map_or(true, |length| length / 3 > limit);
        if headers.contains_key(header::EXPECT) || declared.is_some_and(is_far) { 0 } else { limit.saturating_mul(2) }
    }

    /// Takes the next bytes of the body.
    pub fn push(&mut self, chunk: Bytes) {
        let limit = self.entry.limits.body;
        if let Stage::Read(_, buffer, false) = &mut self.stage
            && !buffer.push(chunk, limit)
        {
            self.stage = Stage::Rejected(Rejection::BodyTooLarge(limit));
        }
    }

    /// Says that the body could not be read to its end. The client is answered with 400, if it is still there.
    pub fn fail(&mut self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) {
        if self.wants_body() {
            self.stage = Stage::Rejected(Rejection::Body(error.into()));
        }
    }

    /// Runs the action with what was read.
    pub async fn run(self) -> Reply {
        let Self { registry, entry, call, ctx, page, stage } = self;
        let jar = ctx.without_extensions();
        let (body, payload) = match stage {
            Stage::Rejected(rejection) => (Bytes::new(), Err(rejection)),
            Stage::Ready => (Bytes::new(), Ok(Payload::Absent)),
            Stage::Read(announced, buffer, _) => {
                let body = buffer.into_bytes();
                let payload = parse(announced.media, &body, ctx.headers(), &entry.limits);
                (body, payload)
            }
        };
        let result = match payload.and_then(|payload| start(&entry, payload, ctx)) {
            Ok(running) => caught(running).await,
            Err(rejection) => Err(rejection),
        };
        let result = result.map_err(|rejection| registry.fail(Some(&call), rejection));
        let Some(before) = page else {
            return Reply::Response(answer(&registry, &call, result, &jar));
        };
        let head = before.into_head();
        let typed = match &result {
            Ok(_) => Vec::new(),
            Err(_) => typed_into(&head, &body, &entry),
        };
        let performed = Performed { name: call.name().into(), outcome: Outcome::Here(result), typed };
        match onward(&registry, &entry, &call, &performed, &head, &jar).await {
            Some(target) => {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::SEE_OTHER;
                response.headers_mut().insert(header::LOCATION, target);
                append_cookies(response.headers_mut(), jar.set_cookie_headers());
                Reply::Response(response)
            }
            None => Reply::Page(Page::new(head, body, performed, jar.set_cookie_headers())),
        }
    }
}

/// Where a form's post is answered with a redirect to; `None` if the page itself answers.
#[cfg_attr(not(feature = "post-redirect-get"), allow(unused_variables, clippy::unused_async))]
async fn onward(
    registry: &Registry,
    entry: &Entry,
    call: &Call,
    performed: &Performed,
    head: &request::Parts,
    jar: &Context,
) -> Option<HeaderValue> {
    let redirect = jar.take_redirect().filter(|_| performed.error().is_none());
    #[cfg(feature = "post-redirect-get")]
    if let Some(prg) = entry.post_redirect_get.as_ref().filter(|prg| prg.applies(call)) {
        use crate::prg::{page_of_form, posted};
        let target = match (&redirect, performed.error()) {
            (Some(redirect), _) => redirect.as_str().to_owned(),
            (None, None) => posted(&head.uri),
            (None, Some(_)) => page_of_form(head, registry.origins()),
        };
        // Another site has no use for the result.
        if redirect::is_local(&target) {
            match prg.keep(performed, &target, head, registry.origins()).await {
                Ok(Some(kept)) => {
                    kept.cookies.into_iter().for_each(|cookie| jar.set_cookie(cookie));
                    return HeaderValue::try_from(kept.target).ok();
                }
                Ok(None) => tracing::debug!(action = call.name(), "the result is too large to wait in a cookie"),
                Err(error) => {
                    tracing::error!(
                        action = call.name(),
                        error = &*error as &(dyn std::error::Error + 'static),
                        "the result could not be kept"
                    );
                }
            }
        }
    }
    redirect.map(Redirect::into_header)
}

/// Starts the action with a body that was parsed, if it is of the action's kind.
fn start(entry: &Entry, payload: Payload, ctx: Context) -> Result<Running<'_>, Rejection> {
    let kind = entry.action.encoding();
    match (&payload, kind) {
        (Payload::Json(body), Encoding::Form) => {
            check_syntax(body, &entry.limits).map_err(Rejection::Malformed)?;
            Err(Rejection::WrongKind(kind))
        }
        (Payload::Absent, Encoding::Form) | (Payload::Form(_), Encoding::Json) => Err(Rejection::WrongKind(kind)),
        _ => entry.start(Source::Wire { payload, limits: &entry.limits }, ctx),
    }
}

/// What a form that failed is to show again. It is read once more for that, so that one that succeeds pays nothing.
fn typed_into(head: &request::Parts, body: &Bytes, entry: &Entry) -> Vec<(String, String)> {
    let Ok(Some(announced)) = announced(&head.headers, &entry.limits) else {
        return Vec::new();
    };
    match parse(announced.media, body, &head.headers, &entry.limits) {
        Ok(Payload::Form(form)) => typed(&form, entry.schema.as_ref()),
        _ => Vec::new(),
    }
}

/// The answer to a client. A result that cannot be sent is an error of the server's.
fn answer(
    registry: &Registry,
    call: &Call,
    result: Result<Box<dyn AnyOutput>, ActionError>,
    jar: &Context,
) -> Response<Bytes> {
    let sent = result.and_then(|output| {
        let format = Format::asked(jar.headers());
        let written = catch(|| output.serialize(format)).and_then(|written| written.map_err(Rejection::Unserializable));
        written.map(|written| Some((format, written?))).map_err(|rejection| registry.fail(Some(call), rejection))
    });
    let Some((redirect, cookies)) = jar.take_additions() else {
        return respond(sent);
    };
    let mut response = match redirect {
        Some(redirect) if sent.is_ok() => {
            let mut response = respond(Ok(None));
            response.headers_mut().insert(redirect::HEADER, redirect.into_header());
            response
        }
        _ => respond(sent),
    };
    append_cookies(response.headers_mut(), cookies);
    response
}
