//! The service and its response future.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::{Future, Ready, ready};
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use enact::host::{PageBody, PageFinish, Reply, ResponseBody, Step};
use enact::{BoxFuture, ClientAddr, ReceivedAt, Registry};
use http::{Request, Response};
use http_body::Body;
use hyper::service::Service;
use pin_project_lite::pin_project;

/// A hyper service that answers calls of actions and passes other requests to pages.
///
/// A page receives a [`PageBody`]: the request's body, or the form that the action has read. The page's response body can be of
/// any type and can stream. If the pages and their future are [`Send`], so is [`ResponseFuture`].
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use bytes::Bytes;
/// use enact::host::PageBody;
/// use enact::page::PageResult;
/// use enact::{Action, ActionError, Context, FormAction, Registry};
/// use enact_hyper::ActionsService;
/// use http::{Request, Response};
/// use http_body_util::{BodyExt as _, Full};
/// use hyper::service::{Service as _, service_fn};
///
/// const JOIN: FormAction<Vec<String>, usize> = Action::form("join");
///
/// async fn join(names: Vec<String>, _: Context) -> Result<usize, ActionError> {
///     Ok(names.len())
/// }
///
/// async fn page<B>(request: Request<PageBody<B>>) -> Result<Response<Full<Bytes>>, Infallible> {
///     let result = PageResult::of(request.extensions());
///     let joined = result.get(JOIN).and_then(Result::ok).copied().unwrap_or_default();
///     Ok(Response::new(Full::from(format!("{joined} joined"))))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let actions = Registry::builder().action(JOIN.handler(join)).build()?;
/// let service = ActionsService::new(actions).pages(service_fn(page));
///
/// let response = service.call(Request::get("/").body(Full::<Bytes>::default())?).await?;
/// assert_eq!(response.into_body().collect().await?.to_bytes(), "0 joined");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct ActionsService<P = NoPages> {
    actions: Registry,
    pages: P,
    client_addr: Option<IpAddr>,
}

impl ActionsService {
    /// Creates a service without pages: a request that calls no action gets the status 404. Add pages with
    /// [`pages`](Self::pages).
    pub const fn new(actions: Registry) -> Self {
        Self { actions, pages: NoPages, client_addr: None }
    }
}

impl<P> ActionsService<P> {
    /// Sets the pages. They are cloned for each request.
    #[must_use]
    pub fn pages<Q>(self, pages: Q) -> ActionsService<Q> {
        ActionsService { actions: self.actions, pages, client_addr: self.client_addr }
    }

    /// Sets the client's address, which actions and pages read as [`ClientAddr`]. Call it on the clone of the service that
    /// serves the client's connection.
    ///
    /// If the request's extensions already contain a [`ClientAddr`], that one is kept. A server behind a proxy inserts the
    /// address that the proxy reports.
    #[must_use]
    pub fn client_addr(mut self, address: IpAddr) -> Self {
        self.client_addr = Some(address);
        self
    }
}

impl<B, P, R> Service<Request<B>> for ActionsService<P>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    P: Service<Request<PageBody<B>>, Response = Response<R>> + Clone,
{
    type Response = Response<ResponseBody<R>>;
    type Error = P::Error;
    type Future = ResponseFuture<B, P, P::Future>;

    fn call(&self, request: Request<B>) -> Self::Future {
        let (mut head, body) = request.into_parts();
        // The core has no clock. It compares this time with the expiry of a stored result.
        head.extensions.get_or_insert_with(|| ReceivedAt::from(SystemTime::now()));
        if let Some(address) = self.client_addr {
            head.extensions.get_or_insert_with(|| ClientAddr(address));
        }
        let outcome: BoxFuture<'static, Outcome<B>> = match self.actions.begin(head) {
            Step::Pass(head) => {
                let request = Request::from_parts(head, PageBody::Untouched(body));
                return ResponseFuture { stage: Stage::Page { answer: self.pages.call(request), finish: None } };
            }
            Step::Reply(reply) => Box::pin(ready(Outcome::from(reply))),
            Step::Call(call) => Box::pin(async { Outcome::from(call.run(body).await) }),
            Step::Result(result) => Box::pin(async {
                let (head, finish) = result.take().await;
                Outcome::Page(Request::from_parts(head, PageBody::Untouched(body)), finish)
            }),
        };
        ResponseFuture { stage: Stage::Action { outcome, pages: self.pages.clone() } }
    }
}

/// The outcome of a step, before a page is called.
enum Outcome<B> {
    Response(Response<enact::Body>),
    Page(Request<PageBody<B>>, PageFinish),
}

impl<B> From<Reply> for Outcome<B> {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Response(response) => Self::Response(response),
            Reply::Page(page) => {
                let (request, finish) = page.into_parts();
                Self::Page(request.map(PageBody::Read), finish)
            }
        }
    }
}

pin_project! {
    /// The response future of [`ActionsService`].
    pub struct ResponseFuture<B, P, F> {
        #[pin]
        stage: Stage<B, P, F>,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<B, P, F> {
        // The future does not depend on the pages. It is `Send` even if they are not.
        Action { outcome: BoxFuture<'static, Outcome<B>>, pages: P },
        Page { #[pin] answer: F, finish: Option<PageFinish> },
    }
}

impl<B, P, F> fmt::Debug for ResponseFuture<B, P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl<B, P, R> Future for ResponseFuture<B, P, P::Future>
where
    P: Service<Request<PageBody<B>>, Response = Response<R>>,
{
    type Output = Result<Response<ResponseBody<R>>, P::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut stage = self.project().stage;
        loop {
            let next = match stage.as_mut().project() {
                StageProjection::Action { outcome, pages } => match ready!(outcome.as_mut().poll(cx)) {
                    Outcome::Response(response) => return Poll::Ready(Ok(response.map(ResponseBody::Action))),
                    Outcome::Page(request, finish) => Stage::Page { answer: pages.call(request), finish: Some(finish) },
                },
                StageProjection::Page { answer, finish } => {
                    let mut response = ready!(answer.poll(cx))?;
                    if let Some(finish) = finish.take() {
                        finish.finish(&mut response);
                    }
                    return Poll::Ready(Ok(response.map(ResponseBody::Page)));
                }
            };
            stage.set(next);
        }
    }
}

/// The pages of a service without pages: every request gets the status 404.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPages;

impl<B> Service<Request<B>> for NoPages {
    type Response = Response<enact::Body>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn call(&self, _: Request<B>) -> Self::Future {
        ready(Ok(enact::host::not_found()))
    }
}
