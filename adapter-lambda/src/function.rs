//! The function: a service from events to responses.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use enact::host::{PageFinish, PendingCall, Reply, Step};
use enact::{Body, BoxFuture, Registry};
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use lambda_http::{Error, LambdaEvent, Service, lambda_runtime};

use crate::event::Event;
use crate::format::PayloadFormat;
use crate::request::{InvalidEvent, build_request};
use crate::response::LambdaResponse;
use crate::settings::Settings;

/// Serves actions until Lambda stops the process. Other paths are answered with 404; see [`Function::pages`] for pages.
///
/// # Errors
///
/// Returns an error if the runtime API of Lambda cannot be reached.
///
/// # Panics
///
/// Panics outside of Lambda and its emulators, which set the environment variables that name the runtime API.
pub async fn run(actions: Registry) -> Result<(), Error> {
    Function::new(actions).run().await
}

/// A Lambda function that serves actions, and the pages that use them.
///
/// ```no_run
/// use enact::page::PageResult;
/// use enact::{Action, ActionError, Context, FormAction, FormData, Registry};
/// use enact_lambda::{Body, Error, Function, service_fn};
/// use http::{Request, Response};
///
/// const JOIN: FormAction<FormData, ()> = Action::form("join");
///
/// async fn join(form: FormData, _: Context) -> Result<(), ActionError> {
///     Ok(())
/// }
///
/// async fn page(request: Request<Body>) -> Result<Response<Body>, Error> {
///     let html = match PageResult::of(request.extensions()).get(JOIN) {
///         Some(Ok(())) => "<p>Welcome!</p>".to_owned(),
///         _ => format!(r#"<form method="post" action="{JOIN}"><button>Join</button></form>"#),
///     };
///     Ok(Response::builder().header("content-type", "text/html; charset=utf-8").body(html.into())?)
/// }
///
/// #[tokio::main]
/// async fn main() -> Result<(), Error> {
///     let actions = Registry::builder().action(JOIN.handler(join)).build()?;
///     Function::new(actions).pages(service_fn(page)).run().await
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Function<P = NoPages> {
    actions: Registry,
    pages: P,
    settings: Arc<Settings>,
}

impl Function {
    /// Creates a function that serves actions and no pages.
    pub fn new(actions: Registry) -> Self {
        Self { actions, pages: NoPages, settings: Arc::default() }
    }
}

impl<P> Function<P> {
    /// Sets the service that answers all other requests, and forms that are posted to a page.
    ///
    /// Any tower service fits, for example an axum `Router` or a [`service_fn`](crate::service_fn).
    #[must_use]
    pub fn pages<Q>(self, pages: Q) -> Function<Q> {
        Function { actions: self.actions, pages, settings: self.settings }
    }

    /// Sets the path under which clients reach the API. It replaces the stage in the event's path.
    ///
    /// Call it if events do not contain that path:
    ///
    /// * An HTTP API on a custom domain, mapped by a key: pass the key, for example `/shop`.
    /// * An API behind a CDN that adds the stage to the path: pass `/`.
    ///
    /// It has no effect on function URLs, on load balancers, and on custom domains with payload format 1.0.
    #[must_use]
    pub fn base_path(mut self, path: &str) -> Self {
        let path = path.trim_matches('/');
        let path = if path.is_empty() { String::new() } else { format!("/{path}") };
        Arc::make_mut(&mut self.settings).base_path = Some(path);
        self
    }

    /// Takes the client's address from the last entry of a load balancer's `X-Forwarded-For` header.
    ///
    /// Call it only if clients connect to the load balancer directly, and if it appends to the header (its default).
    /// Otherwise clients can forge their address.
    #[must_use]
    pub fn trust_forwarded_for(mut self) -> Self {
        Arc::make_mut(&mut self.settings).trust_forwarded_for = true;
        self
    }
}

impl<P, R> Function<P>
where
    P: Service<Request<Body>, Response = Response<R>, Error: Into<Error>, Future: Send> + Clone + Send + 'static,
    R: http_body::Body<Data = Bytes, Error: Into<Error>> + Send + 'static,
{
    /// Serves events, one at a time, until Lambda stops the process.
    ///
    /// # Errors
    ///
    /// Returns an error if the runtime API of Lambda cannot be reached.
    ///
    /// # Panics
    ///
    /// Panics outside of Lambda and its emulators, which set the environment variables that name the runtime API.
    pub async fn run(self) -> Result<(), Error> {
        lambda_runtime::run(self).await
    }

    /// Like [`run`](Self::run), but serves as many events at a time as `AWS_LAMBDA_MAX_CONCURRENCY` allows.
    ///
    /// Lambda Managed Instances set that variable. If it is unset, events are served one at a time.
    ///
    /// # Errors
    ///
    /// Returns an error if the runtime API of Lambda cannot be reached.
    ///
    /// # Panics
    ///
    /// Panics where [`run`](Self::run) does, and outside of a tokio runtime.
    #[cfg(feature = "concurrency-tokio")]
    pub async fn run_concurrent(self) -> Result<(), Error> {
        lambda_runtime::run_concurrent(self).await
    }
}

/// Fails only if the pages fail. Lambda logs the error, and the client receives the gateway's 502.
impl<P, R> Service<LambdaEvent<Event>> for Function<P>
where
    P: Service<Request<Body>, Response = Response<R>, Error: Into<Error>, Future: Send> + Clone + Send + 'static,
    R: http_body::Body<Data = Bytes, Error: Into<Error>> + Send + 'static,
{
    type Response = LambdaResponse;
    type Error = Error;
    type Future = BoxFuture<'static, Result<LambdaResponse, Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.pages.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, LambdaEvent { payload: event, context }: LambdaEvent<Event>) -> Self::Future {
        let format = event.format();
        let mut request = match build_request(event, &self.settings) {
            Ok(request) => request,
            Err(error) => return Box::pin(ready(Ok(LambdaResponse::new(format, reject_event(&error))))),
        };
        request.extensions_mut().insert(context);
        let (head, body) = request.into_parts();
        let step = self.actions.begin(head);
        // `poll_ready` has prepared the original, and a clone might not be ready. So the original is called.
        let clone = self.pages.clone();
        let mut pages = std::mem::replace(&mut self.pages, clone);
        Box::pin(async move {
            let (request, finish) = match run_actions(step, body).await {
                Outcome::Response(response) => return convert_response(format, response).await,
                Outcome::Page(request, finish) => (request, finish),
            };
            let mut response = pages.call(request.map(Body::from)).await.map_err(Into::into)?;
            if let Some(finish) = finish {
                finish.finish(&mut response);
            }
            convert_response(format, response).await
        })
    }
}

/// The outcome of a step, before a page is called.
enum Outcome {
    Response(Response<Body>),
    Page(Request<Bytes>, Option<PageFinish>),
}

async fn run_actions(step: Step, body: Bytes) -> Outcome {
    let reply = match step {
        Step::Pass(head) => return Outcome::Page(Request::from_parts(head, body), None),
        Step::Result(result) => {
            let (head, finish) = result.take().await;
            return Outcome::Page(Request::from_parts(head, body), Some(finish));
        }
        Step::Reply(reply) => reply,
        Step::Call(call) => run_call(call, body).await,
    };
    match reply {
        Reply::Response(response) => Outcome::Response(response),
        Reply::Page(page) => {
            let (request, finish) = page.into_parts();
            Outcome::Page(request, Some(finish))
        }
    }
}

/// Runs a call whose whole body has arrived.
async fn run_call(call: PendingCall, body: Bytes) -> Reply {
    let mut reader = call.admit().await;
    if reader.wants_body() {
        reader.push(body);
    }
    reader.finish().await
}

async fn convert_response<R>(format: PayloadFormat, response: Response<R>) -> Result<LambdaResponse, Error>
where
    R: http_body::Body<Data = Bytes, Error: Into<Error>>,
{
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(Into::into)?.to_bytes();
    Ok(LambdaResponse::new(format, Response::from_parts(head, body)))
}

/// Logs an invalid event and returns a 400 response that names the invalid part.
fn reject_event(InvalidEvent { part }: &InvalidEvent) -> Response<Bytes> {
    tracing::warn!("event rejected: invalid {part}");
    let mut response = Response::new(Bytes::from(format!("Bad Request: invalid {part}")));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}

/// The pages of a function that has none: a service that responds with 404.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPages;

impl Service<Request<Body>> for NoPages {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        ready(Ok(enact::host::not_found()))
    }
}
