//! Serving of requests in a Worker.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use enact::host::{PageBody, ResponseBody};
use enact::{ClientAddr, ReceivedAt, Registry};
use http::{Extensions, HeaderMap, Request, Response};
use http_body_util::BodyExt as _;
use worker::web_sys::ResponseInit;
use worker::{
    Body, CfResponseProperties, Context, EncodeBody, Env, Error, Headers, HttpRequest, IntoResponse, Result, WebSocket,
    web_sys,
};

/// Serves a request: runs the action that it calls, or passes it to `pages`.
///
/// The body is read in chunks, up to the limit of the action. Handlers, gates and pages reach the Worker's [`Env`] and
/// [`Context`] through [`WorkerContext`](crate::WorkerContext). [`enact::Context::client_addr`] returns the client's address.
///
/// If the length of a response body is known, the response has that length; otherwise the body is streamed. If the extensions of
/// a response contain a [`WebSocket`], an [`EncodeBody`] or [`CfResponseProperties`], `worker` converts it, and the body is
/// streamed.
///
/// # Errors
///
/// Returns the errors of `pages`. Also returns an error if JavaScript rejects a page's response, for example a body with the
/// status 204. The runtime logs the error, and the response is 500.
///
/// # Examples
///
/// A page can return any body, for example the response of another server:
///
/// ```
/// use enact::host::PageBody;
/// use enact::Registry;
/// use http::{Request, Response};
/// use worker::{Body, Context, Env, Fetch, HttpRequest, Result};
///
/// async fn proxy(_: Request<PageBody<Body>>) -> Result<Response<Body>> {
///     Fetch::Url("https://example.com/".parse()?).send().await?.try_into()
/// }
///
/// async fn fetch(actions: &Registry, request: HttpRequest, env: Env, context: Context) -> Result<worker::Response> {
///     enact_cloudflare::serve(actions, request, env, context, proxy).await
/// }
/// ```
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
    insert_host_values(&mut head.extensions, &head.headers, env, context);
    let (head, body) = actions.begin(head).serve(body, pages).await?.into_parts();
    let response = match body {
        ResponseBody::Action(body) => {
            let body = body.map_err(|error| Error::RustError(error.to_string()));
            to_js(Response::from_parts(head, body)).await?
        }
        ResponseBody::Page(body) => to_js(Response::from_parts(head, body)).await?,
    };
    Ok(response.into())
}

/// Inserts the values that the runtime knows into the request's extensions.
fn insert_host_values(extensions: &mut Extensions, headers: &HeaderMap, env: Env, context: Context) {
    extensions.insert(env);
    extensions.insert(Arc::new(context));
    extensions.insert(ReceivedAt(Duration::from_millis(worker::Date::now().as_millis())));
    // Cloudflare overwrites this header, so clients cannot set it.
    let address = headers.get("cf-connecting-ip").and_then(|address| address.to_str().ok()?.parse().ok());
    if let Some(address) = address {
        extensions.insert(ClientAddr(address));
    }
}

/// Converts a response to JavaScript's type.
async fn to_js<R>(response: Response<R>) -> Result<web_sys::Response>
where
    R: http_body::Body<Data = Bytes, Error: Into<Box<dyn std::error::Error>>> + 'static,
{
    let extensions = response.extensions();
    let is_special = extensions.get::<WebSocket>().is_some()
        || extensions.get::<EncodeBody>().is_some()
        || extensions.get::<CfResponseProperties>().is_some();
    if is_special || response.body().size_hint().exact().is_none() {
        return response.into_raw().map_err(to_worker_error);
    }
    let (head, body) = response.into_parts();
    let headers = Headers::new();
    for (name, value) in &head.headers {
        headers.append(name.as_str(), str::from_utf8(value.as_bytes())?)?;
    }
    let init = ResponseInit::new();
    init.set_status(head.status.as_u16());
    init.set_headers(&headers.0);
    let mut body = body.collect().await.map_err(to_worker_error)?.to_bytes().to_vec();
    // JavaScript forbids a body with some statuses, such as 204, even an empty one.
    let body = (!body.is_empty()).then_some(&mut body[..]);
    Ok(web_sys::Response::new_with_opt_u8_array_and_init(body, &init)?)
}

fn to_worker_error(error: impl Into<Box<dyn std::error::Error>>) -> Error {
    Error::RustError(error.into().to_string())
}
