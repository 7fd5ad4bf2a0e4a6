//! The whole way of a request, for a host that has the pages behind the actions.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Extensions, HeaderValue, Request, Response, StatusCode, header};
use http_body::{Body, Frame, SizeHint};

use crate::registry::Registry;
use crate::step::{Reply, Step};

/// The body of a request that comes to a page.
#[derive(Debug)]
pub enum PageBody<B> {
    /// As it came: the request was nothing of ours.
    Untouched(B),
    /// The form that an action has read. It is empty where it was not read to its end.
    Read(Bytes),
}

impl<B: From<Bytes>> PageBody<B> {
    /// The body as the host's own type.
    pub fn into_inner(self) -> B {
        match self {
            Self::Untouched(body) => body,
            Self::Read(bytes) => B::from(bytes),
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for PageBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.get_mut() {
            Self::Untouched(body) => Pin::new(body).poll_frame(cx),
            Self::Read(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Read(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Untouched(body) => body.is_end_stream(),
            Self::Read(bytes) => bytes.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Untouched(body) => body.size_hint(),
            Self::Read(bytes) => SizeHint::with_exact(bytes.len() as u64),
        }
    }
}

/// What an adapter answers where there are no pages: 404, with the text `Not Found` as `text/plain; charset=utf-8`.
#[must_use]
pub fn not_found() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"Not Found"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

impl Step {
    /// The request's extensions, for what the host knows of it: `ClientAddr`, `ReceivedAt`, or what handlers and pages ask for.
    /// `None` where the reply is there already.
    pub fn extensions_mut(&mut self) -> Option<&mut Extensions> {
        match self {
            Self::Pass(head) => Some(&mut head.extensions),
            Self::Reply(_) => None,
            Self::Enter(incoming) => Some(incoming.extensions_mut()),
            Self::Return(returning) => Some(&mut returning.head_mut().extensions),
        }
    }

    /// Goes the rest of the way with the request's body, and asks `pages` where it is a page that answers. What the page
    /// answers to a form, or shows a result with, is completed: its status, its cookies.
    ///
    /// # Errors
    ///
    /// Those of `pages`.
    pub async fn answer<B, R, E, P>(
        self,
        body: B,
        pages: impl FnOnce(Request<PageBody<B>>) -> P,
    ) -> Result<Response<R>, E>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        R: From<Bytes>,
        P: Future<Output = Result<Response<R>, E>>,
    {
        let reply = match self {
            Self::Pass(head) => return pages(Request::from_parts(head, PageBody::Untouched(body))).await,
            Self::Reply(reply) => reply,
            Self::Enter(incoming) => incoming.answer(body).await,
            Self::Return(returning) => {
                let (head, finish) = returning.take().await;
                let mut response = pages(Request::from_parts(head, PageBody::Untouched(body))).await?;
                finish.finish(&mut response);
                return Ok(response);
            }
        };
        match reply {
            Reply::Response(response) => Ok(response.map(R::from)),
            Reply::Page(page) => {
                let (request, finish) = page.into_parts();
                let mut response = pages(request.map(PageBody::Read)).await?;
                finish.finish(&mut response);
                Ok(response)
            }
        }
    }
}

impl Registry {
    /// Answers a request, and asks `pages` for what is no call of an action, and for the answer to a form that was posted to a
    /// page: [`begin`](Self::begin) and [`Step::answer`] in one.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use enact::{Action, ActionError, ActionResults, Context, PageBody, Registry};
    /// use http::{Request, Response};
    /// use http_body_util::Full;
    ///
    /// const JOIN: Action<Vec<(String, String)>, u32> = Action::json("join");
    ///
    /// async fn join(names: Vec<(String, String)>, _: Context) -> Result<u32, ActionError> {
    ///     Ok(names.len() as u32)
    /// }
    ///
    /// async fn pages(request: Request<PageBody<Full<Bytes>>>) -> Result<Response<Bytes>, std::convert::Infallible> {
    ///     let joined = ActionResults::of(request.extensions()).get(JOIN).is_some();
    ///     Ok(Response::new(if joined { "Welcome!" } else { "Join us" }.into()))
    /// }
    ///
    /// # pollster::block_on(async {
    /// let actions = Registry::builder().action(JOIN, join).build()?;
    /// let request = Request::get("/").body(Full::default())?;
    /// let response = actions.serve(request, pages).await?;
    /// assert_eq!(response.body(), "Join us");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `pages`. Whatever is wrong with a call becomes its answer.
    pub async fn serve<B, R, E, P>(
        &self,
        request: Request<B>,
        pages: impl FnOnce(Request<PageBody<B>>) -> P,
    ) -> Result<Response<R>, E>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        R: From<Bytes>,
        P: Future<Output = Result<Response<R>, E>>,
    {
        let (head, body) = request.into_parts();
        self.begin(head).answer(body, pages).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, ActionError, ActionErrorCode, FormData};

    /// A body that is not made from bytes.
    struct Wire(Option<&'static str>);

    impl Body for Wire {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            Poll::Ready(self.0.take().map(|text| Ok(Frame::data(text.into()))))
        }
    }

    async fn pages(request: Request<PageBody<Wire>>) -> Result<Response<Bytes>, std::convert::Infallible> {
        let mut body = std::pin::pin!(request.into_body());
        let mut text = Vec::new();
        while let Some(Ok(frame)) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            text.extend_from_slice(frame.data_ref().unwrap());
        }
        assert!(body.is_end_stream() || matches!(*body, PageBody::Untouched(_)));
        Ok(Response::new(text.into()))
    }

    fn ask(path: &str) -> Response<Bytes> {
        const REFUSE: Action<FormData, ()> = Action::form("refuse");
        let actions = Registry::builder()
            .action(REFUSE, async |_: FormData, _: crate::Context| {
                Err::<(), _>(ActionError::new(ActionErrorCode::Conflict))
            })
            .build()
            .unwrap();
        let request = Request::post(path)
            .header("host", "a.example")
            .header("origin", "https://a.example")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Wire(Some("a=1")))
            .unwrap();
        pollster::block_on(actions.serve(request, pages)).unwrap()
    }

    #[test]
    fn pages_see_the_body_whoever_has_read_it() {
        for (path, status) in [("/?_action=refuse", 409), ("/other", 200)] {
            let response = ask(path);
            assert_eq!((response.status().as_u16(), &response.body()[..]), (status, &b"a=1"[..]), "{path}");
        }
    }

    #[test]
    fn calls_are_not_the_pages_matter() {
        let response = ask("/_actions/refuse");
        assert_eq!(response.status(), 409);
        assert!(response.body().starts_with(b"{"));
    }

    #[test]
    fn without_pages_the_answer_is_a_text() {
        let response = not_found();
        assert_eq!(response.status(), 404);
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(response.body(), "Not Found");
    }
}
