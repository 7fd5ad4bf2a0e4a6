//! Calls a registry in memory, as clients and browsers would.

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

use super::jar::Jar;
use super::{Base, RequestError, as_form, encode};
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

/// A client of a registry in the same process, for tests: requests go the whole way, with gates, limits and the cross-site
/// rule, and cookies are kept from one to the next. No socket is opened, and no runtime is needed.
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
    jar: Mutex<Jar>,
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
    /// A client without cookies. Any page is answered with 404.
    ///
    /// The site is the registry's first origin of its own, `http://localhost` where it has none.
    pub fn new(registry: Registry) -> Self {
        Self { registry, pages: None, headers: HeaderMap::new(), extensions: Extensions::new(), jar: Mutex::default() }
    }

    /// Sets what answers for the pages behind the actions.
    #[must_use]
    pub fn pages<F, R>(mut self, pages: F) -> Self
    where
        F: Fn(Request<Bytes>) -> R + Send + Sync + 'static,
        R: Future<Output = Response<Bytes>> + MaybeSend + 'static,
    {
        self.pages = Some(Box::new(move |request| Box::pin(pages(request))));
        self
    }

    /// Adds a header to every request that has none of this name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds to every request what a host would put into its extensions: the state that handlers ask for, or a
    /// [`ClientAddr`](crate::ClientAddr).
    #[must_use]
    pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.extensions.insert(value);
        self
    }

    /// Calls an action as a client does.
    ///
    /// # Errors
    ///
    /// What the action fails with; status 500 for an input that no request can carry.
    pub async fn call<I, O, E>(&self, action: Action<I, O, E>, input: &I) -> Result<O, ActionError>
    where
        I: Input + Serialize,
        O: DeserializeOwned,
    {
        let (base, _) = self.registry.site();
        action.response(self.send(action.request(base, input)?).await)
    }

    /// Posts a form to the page at a path, as a browser does that shows this page, and gives the answer. A redirect is not
    /// followed; [`get`](Self::get) does that.
    ///
    /// # Errors
    ///
    /// If the path is none, or the input cannot be carried by a form.
    pub async fn submit<I, O>(
        &self,
        page: &str,
        action: FormAction<I, O>,
        input: &I,
    ) -> Result<Response<Bytes>, RequestError>
    where
        I: Input + Serialize,
    {
        self.submit_form(page, action, as_form(input)?.as_ref()).await
    }

    /// The same with fields as they are, for what no input of the type would bring.
    ///
    /// # Errors
    ///
    /// If the path is none, or a name is one that multipart cannot carry.
    pub async fn submit_form<I, O>(
        &self,
        page: &str,
        action: FormAction<I, O>,
        form: &FormData,
    ) -> Result<Response<Bytes>, RequestError> {
        let (content_type, body) = encode::form(form)?;
        let page = local(page)?.split('#').next().unwrap_or_default();
        // A form's target that is a query takes the place of the page's own.
        let path = Base::parse(page.split('?').next().unwrap_or_default())?;
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.at(&format!("{}{action}", path.path()))?;
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

    /// Asks for a page, with the cookies kept so far.
    ///
    /// # Errors
    ///
    /// If it is no path.
    pub async fn get(&self, page: &str) -> Result<Response<Bytes>, RequestError> {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = Uri::try_from(local(page)?).map_err(|_| no_path(page))?;
        request.headers_mut().insert(SEC_FETCH_SITE, HeaderValue::from_static("same-origin"));
        Ok(self.send(request).await)
    }

    /// Sends any request, completed by the headers, the extensions and the cookies of this client. Cookies of its own stand
    /// for all.
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
        self.jar().take(response.headers(), &path);
        response.map(|body| match body {
            ResponseBody::Action(body) => whole(body),
            ResponseBody::Page(bytes) => bytes,
        })
    }

    /// The cookies kept so far, their values as they travel.
    pub fn cookies(&self) -> Vec<Cookie<'static>> {
        self.jar().iter().cloned().collect()
    }

    /// The value of a cookie as a handler would read it, whatever path it is for.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let jar = self.jar();
        let cookie = jar.iter().find(|cookie| cookie.name() == name)?;
        Some(cookies::decode(cookie.value()))
    }

    /// Keeps a cookie, as if an answer had set it.
    pub fn set_cookie(&self, cookie: impl Into<Cookie<'static>>) {
        self.jar().set(cookie.into());
    }

    async fn answer_page(&self, request: Request<PageBody<Body>>) -> Result<Response<Bytes>, Infallible> {
        let request = request.map(|body| whole(body.into_inner()));
        Ok(match &self.pages {
            Some(pages) => pages(request).await,
            None => not_found().map(whole),
        })
    }

    fn origin(&self) -> &str {
        self.registry.site().1.unwrap_or("http://localhost")
    }

    fn host(&self) -> &str {
        let origin = self.origin();
        origin.split_once("://").map_or(origin, |(_, host)| host)
    }

    /// What is in the jar is still good after a test panicked with the lock.
    fn jar(&self) -> MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A page of the site itself.
fn local(page: &str) -> Result<&str, RequestError> {
    if is_local(page) { Ok(page) } else { Err(no_path(page)) }
}

fn no_path(page: &str) -> RequestError {
    RequestError::Base { base: page.to_owned(), problem: "it is no path" }
}

/// Returns the bytes of a body. All bodies in memory are whole.
fn whole(body: Body) -> Bytes {
    body.into_bytes().unwrap_or_default()
}
