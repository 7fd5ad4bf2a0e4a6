//! The context of a call: the request's head and extensions, cookies, and redirects.

mod call;
pub(crate) mod cookies;
pub(crate) mod origin;
pub(crate) mod redirect;

use std::any::type_name;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cookie::Cookie;
use http::{Extensions, HeaderMap, HeaderValue, Method, Uri, Version, request};

use self::cookies::CookieChanges;
use self::redirect::Redirect;
use crate::error::ActionError;

pub use call::{Call, CalledFrom};

/// The context of a call: the head of its request, its extensions, and changes to the response.
///
/// State travels in the request's [`Extensions`]. The host and gates insert values, and a handler gets them by type.
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
/// Clones share the cookies and the redirect that they set. They do not share values inserted after cloning.
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
    changes: Mutex<ResponseChanges>,
}

#[derive(Debug, Default)]
struct ResponseChanges {
    cookies: CookieChanges,
    redirect: Option<Redirect>,
}

/// The IP address of the client.
///
/// A host that knows the address inserts this into the request's extensions. A host behind a trusted proxy decides which header
/// to read it from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts construct it")]
pub struct ClientAddr(pub IpAddr);

/// The time at which a request was received, as a duration since 1970-01-01 00:00 UTC.
///
/// A host that has a clock inserts this into the request's extensions. Without it, the results of Post/Redirect/Get expire only
/// when the browser drops their cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts construct it")]
pub struct ReceivedAt(pub Duration);

/// Converts a time of the system clock. Times before 1970 become 0.
impl From<SystemTime> for ReceivedAt {
    fn from(now: SystemTime) -> Self {
        Self(now.duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

impl Context {
    pub(crate) fn for_request(head: request::Parts, call: Call) -> Self {
        Self { call: Some(call), ..Self::from(head) }
    }

    /// Returns a context of another call in the same request.
    pub(crate) fn for_call(&self, call: Call) -> Self {
        Self { call: Some(call), ..self.clone() }
    }

    pub(crate) fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// Returns a clone without extensions, which sees the same changes to the response.
    pub(crate) fn without_extensions(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), extensions: Extensions::new(), call: None }
    }

    /// Rebuilds the head of the request.
    pub(crate) fn into_head(self) -> request::Parts {
        let (mut head, ()) = http::Request::new(()).into_parts();
        head.method = self.method().clone();
        head.uri = self.uri().clone();
        head.version = self.shared.version;
        head.headers = self.headers().clone();
        head.extensions = self.extensions;
        head
    }

    /// Returns the call that this context belongs to, or `None` if server code created the context from a request.
    pub fn call(&self) -> Option<&Call> {
        self.call.as_ref()
    }

    /// Returns the method of the request.
    pub fn method(&self) -> &Method {
        &self.shared.method
    }

    /// Returns the URI of the request, as received.
    pub fn uri(&self) -> &Uri {
        &self.shared.uri
    }

    /// Returns the headers of the request.
    pub fn headers(&self) -> &HeaderMap {
        &self.shared.headers
    }

    /// Returns the IP address of the client, if the host inserted a [`ClientAddr`].
    pub fn client_addr(&self) -> Option<IpAddr> {
        self.get::<ClientAddr>().map(|addr| addr.0)
    }

    /// Returns the extension of type `T`, if the host or a gate inserted one.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// Like [`get`](Self::get), but returns an error if the value is missing.
    ///
    /// # Errors
    ///
    /// An internal error (500). The log names the missing type; the client sees a fixed message.
    pub fn require<T: Send + Sync + 'static>(&self) -> Result<&T, ActionError> {
        self.get()
            .ok_or_else(|| ActionError::internal(format!("the request's extensions contain no `{}`", type_name::<T>())))
    }

    /// Inserts an extension, and returns the previous one of the same type.
    pub fn insert<T: Clone + Send + Sync + 'static>(&mut self, value: T) -> Option<T> {
        self.extensions.insert(value)
    }

    /// Returns the value of a cookie, percent-decoded.
    ///
    /// A value set during this request takes precedence over the value in the request.
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
        match self.changes().cookies.get(name) {
            Some(change) => change.map(str::to_owned),
            None => cookies::find_received(self.headers(), name),
        }
    }

    /// Sets a cookie on the response, whether the action succeeds or fails.
    ///
    /// Returns the value may contain any characters: it is percent-encoded if necessary. No attributes are added to those given.
    pub fn set_cookie(&self, cookie: impl Into<Cookie<'static>>) {
        self.changes().cookies.set(cookie.into());
    }

    /// Removes a cookie from the browser. Its path and domain must equal those that it was set with.
    ///
    /// ```
    /// # use enact::{Context, cookie::Cookie};
    /// # fn f(ctx: Context) {
    /// ctx.remove_cookie(Cookie::build("session").path("/"));
    /// # }
    /// ```
    pub fn remove_cookie(&self, cookie: impl Into<Cookie<'static>>) {
        let mut cookie = cookie.into();
        cookies::make_removal(&mut cookie);
        self.changes().cookies.set(cookie);
    }

    /// Redirects the caller to a path of this site, if the action succeeds.
    ///
    /// A form posted to a page is answered with 303. A client gets the header `enact-redirect`, which the generated client
    /// follows. Astro's client ignores the header and sees an empty result.
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
    /// Returns an internal error (500) if `path` is not a same-origin path, for example `//evil`.
    pub fn redirect(&self, path: &str) -> Result<(), ActionError> {
        self.changes().redirect = Some(Redirect::to_path(path)?);
        Ok(())
    }

    /// Redirects the caller to any `http` or `https` URL, if the action succeeds. Never pass a URL that the request supplied.
    ///
    /// # Errors
    ///
    /// Returns an internal error (500) if `url` is not an `http` or `https` URL.
    pub fn redirect_to_site(&self, url: &str) -> Result<(), ActionError> {
        self.changes().redirect = Some(Redirect::to_url(url)?);
        Ok(())
    }

    pub(crate) fn take_redirect(&self) -> Option<Redirect> {
        self.changes().redirect.take()
    }

    /// Returns the `Set-Cookie` headers of the cookies set and removed so far.
    pub(crate) fn set_cookie_headers(&self) -> Vec<HeaderValue> {
        self.changes().cookies.headers().collect()
    }

    /// Takes the redirect and returns it with the `Set-Cookie` headers, or `None` if there is neither.
    pub(crate) fn take_response_changes(&self) -> Option<(Option<Redirect>, Vec<HeaderValue>)> {
        let mut changes = self.changes();
        if changes.redirect.is_none() && changes.cookies.is_empty() {
            return None;
        }
        Some((changes.redirect.take(), changes.cookies.headers().collect()))
    }

    /// A handler that panicked with the lock leaves the changes in a valid state.
    fn changes(&self) -> MutexGuard<'_, ResponseChanges> {
        self.shared.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Creates the context for server code that calls actions itself, from the head of the request that it answers.
impl From<request::Parts> for Context {
    fn from(head: request::Parts) -> Self {
        Self {
            shared: Arc::new(Shared {
                method: head.method,
                uri: head.uri,
                version: head.version,
                headers: head.headers,
                changes: Mutex::default(),
            }),
            extensions: head.extensions,
            call: None,
        }
    }
}
