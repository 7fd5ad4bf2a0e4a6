//! A client that calls a registry in memory.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use cookie::Cookie;
use http::header::HeaderName;
use http::{Extensions, HeaderMap, HeaderValue, Method, Request, Response, Uri, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::base::Base;
use super::cookie_jar::CookieJar;
use super::error::RequestError;
use super::form_body::encode_form;
use super::request::input_to_form;
use crate::action::{Action, FormAction};
use crate::body::Body;
use crate::context::cookies;
use crate::context::redirect::is_local;
use crate::error::ActionError;
use crate::form::FormData;
use crate::host::SEC_FETCH_SITE;
use crate::host::{PageBody, ResponseBody, not_found};
use crate::maybe_send::{BoxFuture, MaybeSend};
use crate::registry::Input;
use crate::registry::Registry;

type Pages = Box<dyn Fn(Request<Bytes>) -> BoxFuture<'static, Response<Bytes>> + Send + Sync>;

/// A client for tests, which calls a registry in the same process.
///
/// Requests take the same way as on a server, through the cross-site check, gates and limits. Cookies are stored as in a browser.
/// It opens no sockets and needs no runtime.
///
/// ```
/// use bytes::Bytes;
/// use enact::client::TestClient;
/// use enact::page::PageResult;
/// use enact::{Action, ActionError, ActionErrorCode, Context, FormAction, FormData, Registry};
/// use http::{Request, Response};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema)]
/// struct SignIn {
///     #[schemars(length(min = 2))]
///     name: String,
/// }
///
/// const SIGN_IN: FormAction<SignIn, ()> = Action::form("sign in");
/// const WHOAMI: Action<(), String> = Action::json("whoami");
///
/// async fn sign_in(input: SignIn, ctx: Context) -> Result<(), ActionError> {
///     ctx.set_cookie(enact::cookie::Cookie::build(("user", input.name)).path("/"));
///     Ok(())
/// }
///
/// async fn whoami(_: (), ctx: Context) -> Result<String, ActionError> {
///     ctx.cookie("user").ok_or_else(|| ActionErrorCode::Unauthorized.into())
/// }
///
/// async fn pages(request: Request<Bytes>) -> Response<Bytes> {
///     let results = PageResult::of(request.extensions());
///     Response::new(match results.get(SIGN_IN) {
///         Some(Ok(())) => "Welcome!".into(),
///         Some(Err(error)) => error.to_string().into(),
///         None => "Who are you?".into(),
///     })
/// }
///
/// # pollster::block_on(async {
/// let actions = Registry::builder().action(SIGN_IN.handler(sign_in)).action(WHOAMI.handler(whoami)).build()?;
/// let client = TestClient::new(actions).pages(pages);
///
/// let stranger = client.call(WHOAMI, &()).await.unwrap_err();
/// assert_eq!(stranger.code(), ActionErrorCode::Unauthorized);
///
/// let page = client.submit("/login", SIGN_IN, &SignIn { name: "Ada".into() }).await?;
/// assert_eq!(page.body(), "Welcome!");
/// assert_eq!(client.cookie("user").as_deref(), Some("Ada"));
/// assert_eq!(client.call(WHOAMI, &()).await?, "Ada");
///
/// let page = client.submit_form("/login", SIGN_IN, &FormData::from_iter([("name", "A")])).await?;
/// assert_eq!(page.status(), 400);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
pub struct TestClient {
    registry: Registry,
    pages: Option<Pages>,
    headers: HeaderMap,
    extensions: Extensions,
    jar: Mutex<CookieJar>,
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient")
            .field("registry", &self.registry)
            .field("headers", &self.headers)
            .field("jar", &self.jar)
            .finish_non_exhaustive()
    }
}

impl TestClient {
    /// Creates a client without cookies and without pages: every page is 404.
    ///
    /// The origin of its requests is the first configured origin of the registry, or `http://localhost`.
    pub fn new(registry: Registry) -> Self {
        Self { registry, pages: None, headers: HeaderMap::new(), extensions: Extensions::new(), jar: Mutex::default() }
    }

    /// Sets the function that answers requests for pages.
    #[must_use]
    pub fn pages<F, R>(mut self, pages: F) -> Self
    where
        F: Fn(Request<Bytes>) -> R + Send + Sync + 'static,
        R: Future<Output = Response<Bytes>> + MaybeSend + 'static,
    {
        self.pages = Some(Box::new(move |request| Box::pin(pages(request))));
        self
    }

    /// Adds a header to every request that does not have it.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds an extension to every request, as a host would: state for handlers, or a [`ClientAddr`](crate::ClientAddr).
    #[must_use]
    pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.extensions.insert(value);
        self
    }

    /// Calls an action as a client does.
    ///
    /// # Errors
    ///
    /// Returns the error of the action, or an internal error (500) if no request can be built from the input.
    pub async fn call<I, O, E>(&self, action: Action<I, O, E>, input: &I) -> Result<O, ActionError>
    where
        I: Input + Serialize,
        O: DeserializeOwned,
    {
        let (base, _) = self.registry.site();
        action.response(self.send(action.request(base, input)?).await)
    }

    /// Submits a form to the page at a path, as a browser that shows this page does. Redirects are not followed: request their
    /// target with [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns an error if the path is invalid, or if a form cannot express the input.
    pub async fn submit<I, O>(
        &self,
        page: &str,
        action: FormAction<I, O>,
        input: &I,
    ) -> Result<Response<Bytes>, RequestError>
    where
        I: Input + Serialize,
    {
        self.submit_form(page, action, input_to_form(input)?.as_ref()).await
    }

    /// Like [`submit`](Self::submit), but with any fields, for example invalid ones.
    ///
    /// # Errors
    ///
    /// Returns an error if the path is invalid, or if a multipart form cannot carry the name of a field.
    pub async fn submit_form<I, O>(
        &self,
        page: &str,
        action: FormAction<I, O>,
        form: &FormData,
    ) -> Result<Response<Bytes>, RequestError> {
        let (content_type, body) = encode_form(form)?;
        let page = check_path(page)?.split('#').next().unwrap_or_default();
        // The query of the form's target replaces that of the page.
        let path = Base::parse(page.split('?').next().unwrap_or_default())?;
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.join(&format!("{}{action}", path.path()))?;
        let origin = self.origin();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, content_type);
        headers.insert(SEC_FETCH_SITE, HeaderValue::from_static("same-origin"));
        headers.extend(
            [(header::ORIGIN, origin.to_owned()), (header::REFERER, format!("{origin}{page}"))]
                .into_iter()
                .filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?))),
        );
        Ok(self.send(request).await)
    }

    /// Requests a page.
    ///
    /// # Errors
    ///
    /// Returns an error if the path is invalid.
    pub async fn get(&self, page: &str) -> Result<Response<Bytes>, RequestError> {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = Uri::try_from(check_path(page)?).map_err(|_| invalid_path(page))?;
        request.headers_mut().insert(SEC_FETCH_SITE, HeaderValue::from_static("same-origin"));
        Ok(self.send(request).await)
    }

    /// Sends any request, with the headers, extensions and cookies of this client. A `Cookie` header of the request replaces the
    /// stored cookies.
    pub async fn send(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        let path = request.uri().path().to_owned();
        let host = request.uri().authority().map_or_else(|| self.host(), http::uri::Authority::as_str).to_owned();
        let headers = request.headers_mut();
        for (name, value) in &self.headers {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        if let Ok(host) = HeaderValue::try_from(host) {
            headers.entry(header::HOST).or_insert(host);
        }
        if let Some(cookies) = self.jar().header(&path) {
            headers.entry(header::COOKIE).or_insert(cookies);
        }
        request.extensions_mut().extend(self.extensions.clone());
        let Ok(response) = self.registry.serve(request.map(Body::from), |request| self.answer_page(request)).await;
        self.jar().store(response.headers(), &path);
        response.map(|body| match body {
            ResponseBody::Action(body) => into_whole_bytes(body),
            ResponseBody::Page(bytes) => bytes,
        })
    }

    /// Returns the stored cookies. Their values are encoded.
    pub fn cookies(&self) -> Vec<Cookie<'static>> {
        self.jar().iter().cloned().collect()
    }

    /// Returns the decoded value of a stored cookie, for any path.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let jar = self.jar();
        let cookie = jar.iter().find(|cookie| cookie.name() == name)?;
        Some(cookies::decode(cookie.value()))
    }

    /// Stores a cookie, as if a response had set it.
    pub fn set_cookie(&self, cookie: impl Into<Cookie<'static>>) {
        self.jar().set(cookie.into());
    }

    async fn answer_page(&self, request: Request<PageBody<Body>>) -> Result<Response<Bytes>, Infallible> {
        let request = request.map(|body| into_whole_bytes(body.into_inner()));
        Ok(match &self.pages {
            Some(pages) => pages(request).await,
            None => not_found().map(into_whole_bytes),
        })
    }

    fn origin(&self) -> &str {
        self.registry.site().1.unwrap_or("http://localhost")
    }

    fn host(&self) -> &str {
        let origin = self.origin();
        origin.split_once("://").map_or(origin, |(_, host)| host)
    }

    /// A test that panicked with the lock leaves the jar in a valid state.
    fn jar(&self) -> MutexGuard<'_, CookieJar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_path(page: &str) -> Result<&str, RequestError> {
    if is_local(page) { Ok(page) } else { Err(invalid_path(page)) }
}

fn invalid_path(page: &str) -> RequestError {
    RequestError::Base { base: page.to_owned(), reason: "expected an absolute path" }
}

/// Returns the bytes of a body. All bodies in memory are whole.
fn into_whole_bytes(body: Body) -> Bytes {
    body.into_bytes().unwrap_or_default()
}
