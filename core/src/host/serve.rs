//! Answering a request whose body can be polled.

use http::{Request, Response};
use http_body::Body;

use super::page_body::PageBody;
use super::pending_page::{PageFinish, PendingPage};
use super::reply::Reply;
use super::response_body::ResponseBody;
use super::step::Step;
use crate::registry::Registry;

impl Step {
    /// Answers the request: runs the action if it calls one, and asks `pages` if a page answers.
    ///
    /// The status and the cookies of the action are added to the response of a page.
    ///
    /// # Errors
    ///
    /// Returns the error of `pages`.
    pub async fn serve<B, R, E, P>(
        self,
        body: B,
        pages: impl FnOnce(Request<PageBody<B>>) -> P,
    ) -> Result<Response<ResponseBody<R>>, E>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        P: Future<Output = Result<Response<R>, E>>,
    {
        let (request, finish) = match self {
            Self::Pass(head) => (Request::from_parts(head, PageBody::Untouched(body)), None),
            Self::Reply(Reply::Response(response)) => return Ok(response.map(ResponseBody::Action)),
            Self::Reply(Reply::Page(page)) => page_request(page),
            Self::Call(call) => match call.run(body).await {
                Reply::Response(response) => return Ok(response.map(ResponseBody::Action)),
                Reply::Page(page) => page_request(page),
            },
            Self::Result(result) => {
                let (head, finish) = result.take().await;
                (Request::from_parts(head, PageBody::Untouched(body)), Some(finish))
            }
        };
        let mut response = pages(request).await?;
        if let Some(finish) = finish {
            finish.finish(&mut response);
        }
        Ok(response.map(ResponseBody::Page))
    }
}

fn page_request<B>(page: PendingPage) -> (Request<PageBody<B>>, Option<PageFinish>) {
    let (request, finish) = page.into_parts();
    (request.map(PageBody::Read), Some(finish))
}

impl Registry {
    /// Answers a request: runs the action if it calls one, and asks `pages` if a page answers.
    ///
    /// The body is polled, up to the limit of the action. A failed call becomes a response with the status of its error. In the
    /// order in which they are detected: 403 (cross-site), 404 (unknown name), 405 (not POST), the error of a gate, 413 (body
    /// too large), 415 (media type), 400 (malformed body), 415 (wrong encoding), 400 (invalid input), the error of the handler,
    /// 500.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use enact::host::PageBody;
    /// use enact::page::PageResult;
    /// use enact::{Action, ActionError, Context, FormAction, FormData, Registry};
    /// use http::{Request, Response};
    /// use http_body_util::{BodyExt, Full};
    ///
    /// const JOIN: FormAction<FormData, u32> = Action::form("join");
    ///
    /// async fn join(form: FormData, _: Context) -> Result<u32, ActionError> {
    ///     Ok(7)
    /// }
    ///
    /// type PageResponse = Result<Response<Full<Bytes>>, std::convert::Infallible>;
    ///
    /// async fn pages(request: Request<PageBody<Full<Bytes>>>) -> PageResponse {
    ///     let html = match PageResult::of(request.extensions()).get(JOIN) {
    ///         Some(Ok(number)) => format!("You are member {number}"),
    ///         _ => format!(r#"<form method="post" action="{JOIN}"><button>Join</button></form>"#),
    ///     };
    ///     Ok(Response::new(html.into()))
    /// }
    ///
    /// # pollster::block_on(async {
    /// let actions = Registry::builder().action(JOIN.handler(join)).build()?;
    /// let request = Request::post(format!("/{JOIN}"))
    ///     .header("sec-fetch-site", "same-origin")
    ///     .header("content-type", "application/x-www-form-urlencoded")
    ///     .body(Full::from("name=Ada"))?;
    /// let response = actions.serve(request, pages).await?;
    /// assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "You are member 7");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the error of `pages`.
    pub async fn serve<B, R, E, P>(
        &self,
        request: Request<B>,
        pages: impl FnOnce(Request<PageBody<B>>) -> P,
    ) -> Result<Response<ResponseBody<R>>, E>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        P: Future<Output = Result<Response<R>, E>>,
    {
        let (head, body) = request.into_parts();
        self.begin(head).serve(body, pages).await
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use bytes::Bytes;
    use http_body::Frame;

    use super::*;
    use crate::{Action, ActionError, ActionErrorCode, FormAction, FormData};

    /// A body that cannot be created from bytes.
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

    fn post(path: &str) -> (u16, Bytes) {
        const REFUSE: FormAction<FormData, ()> = Action::form("refuse");
        let actions = Registry::builder()
            .action(REFUSE.handler(async |_: FormData, _: crate::Context| {
                Err::<(), _>(ActionError::new(ActionErrorCode::Conflict))
            }))
            .build()
            .unwrap();
        let request = Request::post(path)
            .header("host", "a.example")
            .header("origin", "https://a.example")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Wire(Some("a=1")))
            .unwrap();
        let response = pollster::block_on(actions.serve(request, pages)).unwrap();
        let status = response.status().as_u16();
        match response.into_body() {
            ResponseBody::Action(body) => (status, body.into_bytes().unwrap()),
            ResponseBody::Page(bytes) => (status, bytes),
        }
    }

    #[test]
    fn page_sees_the_body_whether_or_not_an_action_read_it() {
        for (path, status) in [("/?_action=refuse", 409), ("/other", 200)] {
            assert_eq!(post(path), (status, Bytes::from("a=1")), "{path}");
        }
    }

    #[test]
    fn rpc_call_does_not_reach_the_pages() {
        let (status, body) = post("/_actions/refuse");
        assert_eq!(status, 409);
        assert!(body.starts_with(b"{"));
    }
}
