//! Post/Redirect/Get: a posted form is answered with a redirect, and the page that follows shows the result.
//!
//! Each result has a random id. The target of the redirect carries it (`/page?_result=…`), so that two tabs do not show each
//! other's results. A cookie named after the id holds the encrypted result, or the key of the result in a store.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, CookieJar, Key};
use http::{Uri, header, request};
use serde::{Deserialize, Serialize};

use super::page_result::{CompletedCall, PageResult, StoredResult};
use super::result_cookie;
use super::store::{ResultStore, StoreError};
use crate::context::cookies::find_received;
use crate::context::origin::AllowedOrigins;
use crate::context::redirect::is_local;
use crate::context::{Call, ReceivedAt};

/// Settings of Post/Redirect/Get: posted forms are answered with a redirect (303), so that a reload does not post them again.
///
/// If the action succeeds, the target is that of [`Context::redirect`](crate::Context::redirect), or else the path that was
/// posted to. If it fails, the target is the page of the form (its `Referer`, if same-origin), or else the path that was posted
/// to.
///
/// The page at the target shows the result once. With a store, the result is deleted when it is read. With a cookie, the browser
/// is told to delete it; a client that kept the cookie can show the result again until [`keep_for`](Self::keep_for) has elapsed.
/// A result that is too large for a cookie is shown in the response to the post, without a redirect.
///
/// ```
/// use enact::Registry;
/// use enact::page::{Key, PostRedirectGet};
///
/// // 64 bytes, decoded from a secret of the deployment. `openssl rand -hex 64` generates one.
/// # let secret = [7; 64];
/// let key = Key::try_from(&secret[..])?;
/// let actions = Registry::builder()
///     .post_redirect_get(PostRedirectGet::cookie(key))
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PostRedirectGet {
    storage: Storage,
    keep_for: Duration,
    filter: Option<CallFilter>,
}

type CallFilter = Box<dyn Fn(&Call) -> bool + Send + Sync>;

enum Storage {
    /// The first key encrypts; all decrypt.
    Cookie(Vec<Key>),
    Store(Arc<dyn ResultStore>),
}

/// The query parameter with the id of a result.
const PARAMETER: &str = "_result";

impl PostRedirectGet {
    /// Stores results in cookies, encrypted and authenticated with `key` (AES-256-GCM). Visitors can neither read nor forge them.
    ///
    /// Generate the key once per deployment and keep it secret. All servers of a site need the same key.
    #[must_use]
    pub fn cookie(key: Key) -> Self {
        Self::new(Storage::Cookie(vec![key]))
    }

    /// Stores results in a store. The cookie contains only the key of the stored result.
    #[must_use]
    pub fn store(store: impl ResultStore + 'static) -> Self {
        Self::new(Storage::Store(Arc::new(store)))
    }

    fn new(storage: Storage) -> Self {
        Self { storage, keep_for: Duration::from_secs(300), filter: None }
    }

    /// Adds a key that decrypts but does not encrypt, so that keys can be rotated while results are stored. It has no effect
    /// with a store.
    #[must_use]
    pub fn old_key(mut self, key: Key) -> Self {
        if let Storage::Cookie(keys) = &mut self.storage {
            keys.push(key);
        }
        self
    }

    /// Sets how long a result is kept until its page is requested. The default is five minutes.
    #[must_use]
    pub fn keep_for(mut self, duration: Duration) -> Self {
        self.keep_for = duration;
        self
    }

    /// Restricts redirects to the calls for which `filter` returns true.
    #[must_use]
    pub fn only(mut self, filter: impl Fn(&Call) -> bool + Send + Sync + 'static) -> Self {
        self.filter = Some(Box::new(filter));
        self
    }

    pub(crate) fn applies_to(&self, call: &Call) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter(call))
    }

    /// Stores a result for the page at `target`. Returns `None` if the result cannot be stored.
    pub(crate) async fn save(
        &self,
        call: &CompletedCall,
        target: &str,
        head: &request::Parts,
        origins: &AllowedOrigins,
    ) -> Result<Option<SavedResult>, StoreError> {
        let id = random_text(9);
        let Some(result) = call.to_stored() else {
            return Ok(None);
        };
        let record = serde_json::to_vec(&Record {
            path: Cow::Borrowed(path_of(target)),
            at: head.extensions.get::<ReceivedAt>().map_or(0, |at| at.0.as_secs()),
            result,
        })?;
        let mut cookie = result_cookie::build(&id, self.keep_for.try_into()?, is_secure(head, origins));
        match &self.storage {
            Storage::Cookie(keys) => {
                let Some(key) = keys.first() else { return Ok(None) };
                let mut jar = CookieJar::new();
                cookie.set_value(String::from_utf8(record)?);
                jar.private_mut(key).add(cookie.clone());
                let Some(encrypted) = jar.get(cookie.name()) else { return Ok(None) };
                cookie.set_value(encrypted.value().to_owned());
                if result_cookie::is_too_long(&cookie) {
                    return Ok(None);
                }
            }
            Storage::Store(store) => {
                let key = random_text(24);
                store.put(key.clone(), record, self.keep_for).await?;
                cookie.set_value(key);
            }
        }
        let mut cookies = result_cookie::evict(&head.headers, &cookie);
        cookies.push(cookie);
        Ok(Some(SavedResult { target: add_result_id(target, &id), cookies }))
    }

    /// Takes the result with this id, if the request has a valid cookie for it.
    pub(crate) async fn take(&self, head: &request::Parts, id: &str) -> TakenResult {
        let name = result_cookie::name(id);
        let Some(value) = find_received(&head.headers, &name) else {
            return TakenResult { result: None, removal: None };
        };
        let record = match &self.storage {
            Storage::Cookie(keys) => keys.iter().find_map(|key| {
                let decrypted = CookieJar::new().private(key).decrypt(Cookie::new(name.clone(), value.clone()))?;
                Some(decrypted.value().as_bytes().to_vec())
            }),
            // Only keys that this code generated are looked up: the store may hold other data.
            Storage::Store(_) if !is_random_text(&value) => None,
            Storage::Store(store) => store.take(value).await.unwrap_or_else(|error| {
                tracing::error!(error = &*error as &(dyn std::error::Error + 'static), "cannot take a stored result");
                None
            }),
        };
        let call = record.and_then(|record| self.open(&record, head));
        TakenResult { result: call.map(PageResult::from_call), removal: Some(result_cookie::build_removal(name)) }
    }

    /// Parses a record, if it belongs to the requested page and has not expired.
    fn open(&self, record: &[u8], head: &request::Parts) -> Option<CompletedCall> {
        let record: Record<'_> = serde_json::from_slice(record).ok()?;
        let has_expired = head.extensions.get::<ReceivedAt>().is_some_and(|now| {
            let saved_at = Duration::from_secs(record.at);
            now.0.saturating_sub(saved_at) > self.keep_for
        });
        if has_expired || record.path != head.uri.path() {
            return None;
        }
        Some(record.result.into())
    }
}

impl fmt::Debug for PostRedirectGet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostRedirectGet").field("keep_for", &self.keep_for).finish_non_exhaustive()
    }
}

/// A result as it is saved.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    /// The path of the page that may show it.
    path: Cow<'a, str>,
    /// When it was saved, in seconds since 1970, or 0 if the host has no clock.
    at: u64,
    result: StoredResult<'a>,
}

pub(crate) struct SavedResult {
    /// The target of the redirect, with the id of the result.
    pub(crate) target: String,
    pub(crate) cookies: Vec<Cookie<'static>>,
}

pub(crate) struct TakenResult {
    pub(crate) result: Option<PageResult>,
    /// Removes the cookie of the result.
    pub(crate) removal: Option<Cookie<'static>>,
}

/// Returns the page that shows a failed form again: its `Referer` if same-origin, or else the path that was posted to.
pub(crate) fn form_page(head: &request::Parts, origins: &AllowedOrigins) -> String {
    same_origin_referer(head, origins).unwrap_or_else(|| posted_page(&head.uri))
}

fn same_origin_referer(head: &request::Parts, origins: &AllowedOrigins) -> Option<String> {
    let referer = url::Url::parse(head.headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    if !origins.is_own(&referer.origin().ascii_serialization(), head) {
        return None;
    }
    let target = without_own_parameters(referer.path(), referer.query());
    is_local(&target).then_some(target)
}

/// Returns the path that was posted to, with its query, without the parameters of this library.
pub(crate) fn posted_page(uri: &Uri) -> String {
    let target = without_own_parameters(uri.path(), uri.query());
    if is_local(&target) { target } else { "/".to_owned() }
}

fn without_own_parameters(path: &str, query: Option<&str>) -> String {
    let is_own = |pair: &&str| matches!(pair.split('=').next().unwrap_or_default(), "_action" | PARAMETER);
    let query: Vec<_> = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !is_own(pair)).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// Returns the id of the result that the query of a page names.
pub(crate) fn result_id(uri: &Uri) -> Option<&str> {
    let id = uri.query()?.split('&').find_map(|pair| pair.strip_prefix(PARAMETER)?.strip_prefix('='))?;
    is_random_text(id).then_some(id)
}

fn add_result_id(target: &str, id: &str) -> String {
    let (before, fragment) = match target.split_once('#') {
        Some((before, fragment)) => (before, format!("#{fragment}")),
        None => (target, String::new()),
    };
    let separator = if before.contains('?') { '&' } else { '?' };
    format!("{before}{separator}{PARAMETER}={id}{fragment}")
}

fn path_of(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or(target)
}

/// Returns whether the site is served over HTTPS, as far as the request shows. Pages cannot forge `Origin`.
fn is_secure(head: &request::Parts, origins: &AllowedOrigins) -> bool {
    let is_https = |origin: &str| origin.starts_with("https://");
    head.uri.scheme() == Some(&http::uri::Scheme::HTTPS)
        || head.headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).is_some_and(is_https)
        || (!origins.own.is_empty() && origins.own.iter().all(|origin| is_https(origin)))
}

/// Returns the base64url encoding of this many random bytes, at most 32.
fn random_text(bytes: usize) -> String {
    let key = Key::generate();
    URL_SAFE_NO_PAD.encode(key.encryption().get(..bytes).unwrap_or_default())
}

/// Returns whether a string may come from [`random_text`].
fn is_random_text(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_keeps_its_query_and_fragment() {
        assert_eq!(add_result_id("/a", "x"), "/a?_result=x");
        assert_eq!(add_result_id("/a?b=c#d", "x"), "/a?b=c&_result=x#d");
        assert_eq!(posted_page(&"/a?b=1&_action=x&_result=y&c".parse().unwrap()), "/a?b=1&c");
        assert_eq!(posted_page(&"/a?_action=x".parse().unwrap()), "/a");
    }

    #[test]
    fn posted_page_is_never_another_host() {
        assert_eq!(posted_page(&"//evil/x?_action=a".parse().unwrap()), "/");
    }

    #[test]
    fn result_id_is_base64url() {
        assert_eq!(result_id(&"/a?_result=aB-_9&b".parse().unwrap()), Some("aB-_9"));
        for bad in ["/a", "/a?_result=", "/a?_result=a%20b", "/a?x_result=a"] {
            assert_eq!(result_id(&bad.parse().unwrap()), None, "{bad}");
        }
        assert_ne!(random_text(9), random_text(9));
        assert_eq!(random_text(24).len(), 32);
    }
}
