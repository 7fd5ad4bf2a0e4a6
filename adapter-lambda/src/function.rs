//! The function: events in, answers out.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use enact::{BoxFuture, PageBody, Registry};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use lambda_http::{Error, LambdaEvent, Service, lambda_runtime};

use crate::answer::Answer;
use crate::event::Event;

/// The body of a request, which lies in memory, and of an answer made from bytes or text.
pub type Body = Full<Bytes>;

/// Serves actions for as long as Lambda asks; every other path is 404. With pages: [`Function::pages`].
///
/// # Errors
///
/// When Lambda's runtime cannot be reached.
///
/// # Panics
///
/// Outside of Lambda and its emulators, whose environment variables tell where the runtime is.
pub async fn run(actions: Registry) -> Result<(), Error> {
    Function::new(actions).run().await
}

/// Actions, and the pages behind them, as a Lambda function.
///
/// ```no_run
/// use enact::{Action, ActionError, ActionResults, Context, FormData, Registry};
/// use enact_lambda::{Body, Error, Function, service_fn};
/// use http::{Request, Response};
///
/// const JOIN: Action<FormData, ()> = Action::form("join");
///
/// async fn join(form: FormData, _: Context) -> Result<(), ActionError> {
///     Ok(())
/// }
///
/// async fn page(request: Request<Body>) -> Result<Response<Body>, Error> {
///     let html = match ActionResults::of(request.extensions()).get(JOIN) {
///         Some(Ok(())) => "<p>Welcome!</p>".to_owned(),
///         _ => format!(r#"<form method="post" action="{JOIN}"><button>Join</button></form>"#),
///     };
///     Ok(Response::builder().header("content-type", "text/html; charset=utf-8").body(html.into())?)
/// }
///
/// #[tokio::main]
/// async fn main() -> Result<(), Error> {
///     let actions = Registry::builder().action(JOIN, join).build()?;
///     Function::new(actions).pages(service_fn(page)).run().await
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Function<P = NoPages> {
    actions: Registry,
    pages: P,
    settings: Arc<Settings>,
}

/// How events are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) base_path: Option<String>,
    pub(crate) trust_forwarded_for: bool,
}

impl Function {
    /// The function of these actions, without pages.
    pub fn new(actions: Registry) -> Self {
        Self { actions, pages: NoPages, settings: Arc::default() }
    }
}

impl<P> Function<P> {
    /// Sets what answers requests for no action, and forms that are posted to a page: any tower service, an axum `Router` or a
    /// [`service_fn`](crate::service_fn).
    #[must_use]
    pub fn pages<Q>(self, pages: Q) -> Function<Q> {
        Function { actions: self.actions, pages, settings: self.settings }
    }

    /// Sets the path at which callers find an API, where its events do not tell: the key that maps a custom domain to an HTTP
    /// API (`/shop`), or `/` behind a CDN that adds the stage itself. It stands in the place of the stage.
    ///
    /// Payload format 1.0 tells it for a domain of one's own, and function URLs and load balancers have none: for those it has
    /// no effect.
    #[must_use]
    pub fn base_path(mut self, path: &str) -> Self {
        let path = path.trim_matches('/');
        let path = if path.is_empty() { String::new() } else { format!("/{path}") };
        Arc::make_mut(&mut self.settings).base_path = Some(path);
        self
    }

    /// Believes a load balancer's `X-Forwarded-For`: its last entry becomes the client's address. Only for one that appends to
    /// that header, as they do unless they are told otherwise, and that clients reach directly.
    #[must_use]
    pub fn trust_forwarded_for(mut self) -> Self {
        Arc::make_mut(&mut self.settings).trust_forwarded_for = true;
        self
    }
}

impl<P, R> Function<P>
where
    P: Service<Request<Body>, Response = Response<R>, Error: Into<Error>, Future: Send> + Clone + Send + 'static,
    R: http_body::Body<Data = Bytes, Error: Into<Error>> + From<Bytes> + Send + 'static,
{
    /// Serves for as long as Lambda asks.
    ///
    /// # Errors
    ///
    /// When Lambda's runtime cannot be reached.
    ///
    /// # Panics
    ///
    /// Outside of Lambda and its emulators, whose environment variables tell where the runtime is.
    pub async fn run(self) -> Result<(), Error> {
        lambda_runtime::run(self).await
    }
}

/// The errors are those of the pages; Lambda logs them, and the caller gets the gateway's 502.
impl<P, R> Service<LambdaEvent<Event>> for Function<P>
where
    P: Service<Request<Body>, Response = Response<R>, Error: Into<Error>, Future: Send> + Clone + Send + 'static,
    R: http_body::Body<Data = Bytes, Error: Into<Error>> + From<Bytes> + Send + 'static,
{
    type Response = Answer;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Answer, Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.pages.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, LambdaEvent { payload: event, context }: LambdaEvent<Event>) -> Self::Future {
        let format = event.format();
        let mut request = match event.into_request(&self.settings) {
            Ok(request) => request,
            Err(malformed) => return Box::pin(ready(Ok(Answer::malformed(format, &malformed)))),
        };
        request.extensions_mut().insert(context);
        // The service that is ready is the one to call; its clone need not be.
        let clone = self.pages.clone();
        let mut pages = std::mem::replace(&mut self.pages, clone);
        let actions = self.actions.clone();
        Box::pin(async move {
            let answer = actions.serve(request, |request| pages.call(request.map(PageBody::into_inner)));
            let (head, body) = answer.await.map_err(Into::into)?.into_parts();
            let body = body.collect().await.map_err(Into::into)?.to_bytes();
            Ok(Answer::new(format, Response::from_parts(head, body)))
        })
    }
}

/// What a function without pages answers: 404.
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
        ready(Ok(enact::not_found().map(Body::new)))
    }
}
