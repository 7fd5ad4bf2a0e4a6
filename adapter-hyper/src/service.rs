//! The service, and the future of its answers.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::{Future, Ready, ready};
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use bytes::Bytes;
use enact::{ClientAddr, Handled, PageBody, PageFinish, ReceivedAt, Registry};
use http::{Request, Response};
use http_body::Body;
use http_body_util::{Either, Full};
use hyper::service::Service;
use pin_project_lite::pin_project;

/// Answers calls of actions, and leaves the rest to the pages behind it.
///
/// A page gets a [`PageBody`]: the request's own body, or the form that its action has read. It answers with a body of its own,
/// which may stream. Where `P::Future` is [`Send`], so is the service's.
#[derive(Debug, Clone)]
pub struct ActionsService<P = NotFound> {
    actions: Registry,
    pages: P,
    client: Option<IpAddr>,
}

impl ActionsService {
    /// The service of these actions. What calls none is answered with 404, until there are [`pages`](Self::pages).
    pub const fn new(actions: Registry) -> Self {
        Self { actions, pages: NotFound, client: None }
    }
}

impl<P> ActionsService<P> {
    /// The same actions, in front of other pages. Each request clones them.
    #[must_use]
    pub fn pages<Q>(self, pages: Q) -> ActionsService<Q> {
        ActionsService { actions: self.actions, pages, client: self.client }
    }

    /// The same for one connection, whose client has this address: actions and pages see it as [`ClientAddr`]. A host that
    /// knows better, since a proxy stands before it, inserts one into the request's extensions, which then counts.
    #[must_use]
    pub fn client(mut self, address: IpAddr) -> Self {
        self.client = Some(address);
        self
    }
}

impl<B, P, R> Service<Request<B>> for ActionsService<P>
where
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    P: Service<Request<PageBody<B>>, Response = Response<R>> + Clone,
{
    type Response = Response<ActionsBody<R>>;
    type Error = P::Error;
    type Future = ResponseFuture<B, P, P::Future>;

    fn call(&self, mut request: Request<B>) -> Self::Future {
        let extensions = request.extensions_mut();
        // By that the core knows whether a result that waited is stale.
        extensions.get_or_insert_with(|| ReceivedAt::from(SystemTime::now()));
        if let Some(client) = self.client {
            extensions.get_or_insert_with(|| ClientAddr(client));
        }
        let actions = self.actions.clone();
        let handled = Box::pin(async move { actions.handle(request).await });
        ResponseFuture { stage: Stage::Actions { handled, pages: self.pages.clone() } }
    }
}

/// The body of an answer: an action's, or a page's own.
pub type ActionsBody<R> = Either<Full<Bytes>, R>;

pin_project! {
    /// The answer to come.
    pub struct ResponseFuture<B, P, F> {
        #[pin]
        stage: Stage<B, P, F>,
    }
}

pin_project! {
    #[project = StageProjection]
    enum Stage<B, P, F> {
        Actions { handled: Pin<Box<dyn Future<Output = Handled<B>> + Send>>, pages: P },
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
    type Output = Result<Response<ActionsBody<R>>, P::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut stage = self.project().stage;
        loop {
            let next = match stage.as_mut().project() {
                StageProjection::Actions { handled, pages } => {
                    let (request, finish) = match ready!(handled.as_mut().poll(cx)) {
                        Handled::Response(response) => {
                            return Poll::Ready(Ok(response.map(|bytes| Either::Left(Full::new(bytes)))));
                        }
                        Handled::Pass(request) => (request.map(PageBody::Untouched), None),
                        Handled::Return(request, finish) => (request.map(PageBody::Untouched), Some(finish)),
                        Handled::Page(page) => {
                            let (request, finish) = page.into_parts();
                            (request.map(PageBody::Read), Some(finish))
                        }
                    };
                    Stage::Page { answer: pages.call(request), finish }
                }
                StageProjection::Page { answer, finish } => {
                    let mut response = ready!(answer.poll(cx))?;
                    if let Some(finish) = finish.take() {
                        finish.finish(&mut response);
                    }
                    return Poll::Ready(Ok(response.map(Either::Right)));
                }
            };
            stage.set(next);
        }
    }
}

/// No pages: each is 404.
#[derive(Debug, Clone, Copy, Default)]
pub struct NotFound;

impl<B> Service<Request<B>> for NotFound {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn call(&self, _: Request<B>) -> Self::Future {
        ready(Ok(enact::not_found().map(Full::new)))
    }
}
