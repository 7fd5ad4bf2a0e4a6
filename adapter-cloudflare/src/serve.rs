//! The way of a request through a Worker.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use enact::{ClientAddr, PageBody, ReceivedAt, Registry};
use http::{Extensions, HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use worker::web_sys::ResponseInit;
use worker::{
    Body, CfResponseProperties, Context, EncodeBody, Env, Error, Headers, HttpRequest, IntoResponse, Result, WebSocket,
    web_sys,
};

/// Answers a request: a call of an action, or, by `pages`, everything else.
///
/// The body is read as it comes, and no further than the action's limit. Handlers, gates and pages find the Worker's [`Env`]
/// and [`Context`] by [`WorkerContext`](crate::WorkerContext), and the visitor's address by [`enact::Context::client_addr`].
///
/// A page answers with a body of its own, which may be what another server has answered:
///
/// ```
/// use enact::{PageBody, Registry};
/// use http::{Request, Response};
/// use worker::{Body, Context, Env, Fetch, HttpRequest, Result};
///
/// async fn elsewhere(_: Request<PageBody<Body>>) -> Result<Response<Body>> {
///     Fetch::Url("https://example.com/".parse()?).send().await?.try_into()
/// }
///
/// async fn fetch(actions: &Registry, request: HttpRequest, env: Env, context: Context) -> Result<worker::Response> {
///     enact_cloudflare::serve(actions, request, env, context, elsewhere).await
/// }
/// ```
///
/// An answer whose length its body knows is sent with that length, any other as it comes. One with a [`WebSocket`], an
/// [`EncodeBody`] or [`CfResponseProperties`] among its extensions is sent as `worker` sends it, without a length.
///
/// # Errors
///
/// Those of `pages`, and what JavaScript finds wrong with their answers: a body with the status 204, say. The runtime logs
/// them and answers with 500.
pub async fn serve<P, R>(
    actions: &Registry,
    request: HttpRequest,
    env: Env,
    context: Context,
    pages: impl FnOnce(Request<PageBody<Body>>) -> P,
) -> Result<worker::Response>
where
    P: Future<Output = Result<Response<R>>>,
    R: http_body::Body<Data = Bytes, Error: Into<Box<dyn std::error::Error>>> + 'static,
{
    let (mut head, body) = request.into_parts();
    tell(&mut head.extensions, &head.headers, env, context);
    let pages = async |request| Ok::<_, Error>(pages(request).await?.map(Answer::Page));
    let (head, body) = actions.begin(head).answer(body, pages).await?.into_parts();
    let response = match body {
        Answer::Action(bytes) => to_js(Response::from_parts(head, Full::new(bytes))).await?,
        Answer::Page(body) => to_js(Response::from_parts(head, body)).await?,
    };
    Ok(response.into())
}

/// The body of an answer.
enum Answer<R> {
    Action(Bytes),
    Page(R),
}

impl<R> From<Bytes> for Answer<R> {
    fn from(bytes: Bytes) -> Self {
        Self::Action(bytes)
    }
}

/// What the runtime knows of the request.
fn tell(extensions: &mut Extensions, headers: &HeaderMap, env: Env, context: Context) {
    extensions.insert(env);
    extensions.insert(Arc::new(context));
    extensions.insert(ReceivedAt(Duration::from_millis(worker::Date::now().as_millis())));
    // Set by Cloudflare, whatever the client has sent.
    let address = headers.get("cf-connecting-ip").and_then(|address| address.to_str().ok()?.parse().ok());
    if let Some(address) = address {
        extensions.insert(ClientAddr(address));
    }
}

async fn to_js<R>(response: Response<R>) -> Result<web_sys::Response>
where
    R: http_body::Body<Data = Bytes, Error: Into<Box<dyn std::error::Error>>> + 'static,
{
    let extensions = response.extensions();
    let is_special = extensions.get::<WebSocket>().is_some()
        || extensions.get::<EncodeBody>().is_some()
        || extensions.get::<CfResponseProperties>().is_some();
    if is_special || response.body().size_hint().exact().is_none() {
        return response.into_raw().map_err(failed);
    }
    let (head, body) = response.into_parts();
    let headers = Headers::new();
    for (name, value) in &head.headers {
        headers.append(name.as_str(), str::from_utf8(value.as_bytes())?)?;
    }
    let init = ResponseInit::new();
    init.set_status(head.status.as_u16());
    init.set_headers(&headers.0);
    let mut body = body.collect().await.map_err(failed)?.to_bytes().to_vec();
    // An empty body is a body, to JavaScript, which some statuses must not have.
    let body = (!body.is_empty()).then_some(&mut body[..]);
    Ok(web_sys::Response::new_with_opt_u8_array_and_init(body, &init)?)
}

fn failed(error: impl Into<Box<dyn std::error::Error>>) -> Error {
    Error::RustError(error.into().to_string())
}
