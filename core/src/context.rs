//! What a handler knows of the request, and what it may add to the answer.

use std::any::type_name;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cookie::Cookie;
use http::{Extensions, HeaderMap, HeaderValue, Method, Uri, Version, request};

use crate::call::Call;
use crate::cookies::{self, Changes};
use crate::error::ActionError;
use crate::redirect::Redirect;

/// The request around a call: its head, its cookies, and whatever the host and the gate put there.
///
/// State is what hosts insert into the request's [`Extensions`]; a handler asks for it by type.
///
/// ```
/// use enact::{ActionError, Context};
///
/// #[derive(Clone)]
/// struct User(String);
///
/// async fn whoami(_: (), ctx: Context) -> Result<String, ActionError> {
///     Ok(ctx.require::<User>()?.0.clone())
/// }
/// ```
///
/// Clones share the cookies that they set.
#[derive(Debug, Clone)]
pub struct Context {
    shared: Arc<Shared>,
    extensions: Extensions,
    call: Option<Call>,
}

#[derive(Debug)]
struct Shared {
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
    answer: Mutex<Additions>,
}

/// What handlers add to the answer.
#[derive(Debug, Default)]
struct Additions {
    cookies: Changes,
    redirect: Option<Redirect>,
}

/// The address that a request came from. A host that knows it inserts this into the request's extensions; behind a proxy
/// that it trusts, it is the host that knows which header to believe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddr(pub IpAddr);

impl Context {
    pub(crate) fn of_call(head: request::Parts, call: Call) -> Self {
        Self { call: Some(call), ..Self::from(head) }
    }

    /// The same surroundings for another call.
    pub(crate) fn for_call(&self, call: Call) -> Self {
        Self { call: Some(call), ..self.clone() }
    }

    pub(crate) fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// What handlers add to, for who answers.
    pub(crate) fn without_extensions(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), extensions: Extensions::new(), call: None }
    }

    /// The head of the request again.
    pub(crate) fn into_head(self) -> request::Parts {
        let (mut head, ()) = http::Request::new(()).into_parts();
        head.method = self.method().clone();
        head.uri = self.uri().clone();
        head.version = self.shared.version;
        head.headers = self.headers().clone();
        head.extensions = self.extensions;
        head
    }

    /// The call that this is the context of; `None` where server code made it from a request of its own.
    pub fn call(&self) -> Option<&Call> {
        self.call.as_ref()
    }

    /// The request's method.
    pub fn method(&self) -> &Method {
        &self.shared.method
    }

    /// The request's URI, as it came.
    pub fn uri(&self) -> &Uri {
        &self.shared.uri
    }

    /// The request's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.shared.headers
    }

    /// The address that the request came from, if the host told ([`ClientAddr`]).
    pub fn client_addr(&self) -> Option<IpAddr> {
        self.get::<ClientAddr>().map(|addr| addr.0)
    }

    /// What the host or the gate put there, by its type.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// The same, where its absence is a mistake in the set-up.
    ///
    /// # Errors
    ///
    /// Status 500 with a fixed message; the log names the type.
    pub fn require<T: Send + Sync + 'static>(&self) -> Result<&T, ActionError> {
        self.get()
            .ok_or_else(|| ActionError::internal(format!("no `{}` in the request's extensions", type_name::<T>())))
    }

    /// Puts a value there for handlers; one of the same type is replaced and returned.
    pub fn insert<T: Clone + Send + Sync + 'static>(&mut self, value: T) -> Option<T> {
        self.extensions.insert(value)
    }

    /// The value of a cookie: of the one set last during this request, else of the first that the request brought.
    /// Percent-encoded values are decoded.
    ///
    /// ```
    /// # use enact::Context;
    /// # let (head, ()) = http::Request::builder().header("cookie", "user=Ada%20L").body(()).unwrap().into_parts();
    /// let ctx = Context::from(head);
    /// assert_eq!(ctx.cookie("user").as_deref(), Some("Ada L"));
    /// ctx.set_cookie(("user", "Grace"));
    /// assert_eq!(ctx.cookie("user").as_deref(), Some("Grace"));
    /// ```
    pub fn cookie(&self, name: &str) -> Option<String> {
        match self.additions().cookies.get(name) {
            Some(set) => set.map(str::to_owned),
            None => cookies::received(self.headers(), name),
        }
    }

    /// Sets a cookie on the answer, whether the action succeeds or fails. The value may hold anything: it is
    /// percent-encoded on the way. Nothing is added to the attributes given.
    pub fn set_cookie(&self, cookie: impl Into<Cookie<'static>>) {
        self.additions().cookies.set(cookie.into());
    }

    /// Makes the browser forget a cookie. Path and domain must be those that it was set with.
    ///
    /// ```
    /// # use enact::{Context, cookie::Cookie};
    /// # fn f(ctx: Context) {
    /// ctx.remove_cookie(Cookie::build("session").path("/"));
    /// # }
    /// ```
    pub fn remove_cookie(&self, cookie: impl Into<Cookie<'static>>) {
        let mut cookie = cookie.into();
        cookies::forget(&mut cookie);
        self.additions().cookies.set(cookie);
    }

    /// Sends the caller on to a path of this site, if the action succeeds: a page's form with 303, a client by a header that
    /// the generated client follows (Astro's own sees an empty result).
    ///
    /// ```
    /// # use enact::{ActionError, Context};
    /// async fn buy(_: (), ctx: Context) -> Result<(), ActionError> {
    ///     ctx.redirect("/products/7")
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Status 500 for what is no path of this site, as `//evil` and `/\\evil` are none.
    pub fn redirect(&self, path: &str) -> Result<(), ActionError> {
        self.additions().redirect = Some(Redirect::within(path)?);
        Ok(())
    }

    /// The same to any web address. Never hand it what a request supplied.
    ///
    /// # Errors
    ///
    /// Status 500 for what is no `http` or `https` URL.
    pub fn redirect_to_site(&self, url: &str) -> Result<(), ActionError> {
        self.additions().redirect = Some(Redirect::anywhere(url)?);
        Ok(())
    }

    pub(crate) fn take_redirect(&self) -> Option<Redirect> {
        self.additions().redirect.take()
    }

    /// The `Set-Cookie` headers of what was set and removed so far.
    pub(crate) fn set_cookie_headers(&self) -> Vec<HeaderValue> {
        self.additions().cookies.headers().collect()
    }

    /// The same, and the redirect, which is gone thereafter; `None` if there is neither.
    pub(crate) fn take_additions(&self) -> Option<(Option<Redirect>, Vec<HeaderValue>)> {
        let mut additions = self.additions();
        if additions.redirect.is_none() && additions.cookies.is_empty() {
            return None;
        }
        Some((additions.redirect.take(), additions.cookies.headers().collect()))
    }

    /// What was added is still good after a handler panicked with the lock.
    fn additions(&self) -> MutexGuard<'_, Additions> {
        self.shared.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The context of server code that calls actions itself, from the head of the request that it answers.
impl From<request::Parts> for Context {
    fn from(head: request::Parts) -> Self {
        Self {
            shared: Arc::new(Shared {
                method: head.method,
                uri: head.uri,
                version: head.version,
                headers: head.headers,
                answer: Mutex::default(),
            }),
            extensions: head.extensions,
            call: None,
        }
    }
}
