//! Post/Redirect/Get: a form's post is answered with a redirect, and the page that follows shows the result.
//!
//! Each result has an id of its own, which the redirect's target carries (`/page?_result=…`), so that two tabs do not take each
//! other's. What it belongs to lies in a cookie of that id: the result itself, encrypted, or the key to a store.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, CookieJar, Key, SameSite};
use http::{HeaderMap, Uri, header, request};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::cookies::{forget, received};
use crate::guard::Origins;
use crate::redirect::is_local;
use crate::results::{ActionResults, Kept, Performed};
use crate::store::{ResultStore, StoreError};

/// When a request came, as time since 1970. A host that knows it inserts this into the request's extensions; without it, it is
/// the browser alone that lets a result go stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceivedAt(pub Duration);

/// A clock that stands before 1970 is taken to stand at its beginning.
impl From<SystemTime> for ReceivedAt {
    fn from(now: SystemTime) -> Self {
        Self(now.duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

/// Answers posted forms with a redirect (303), after which a reload asks nothing and posts nothing again.
///
/// On success the browser is sent to where the action says ([`Context::redirect`](crate::Context::redirect)), else to the path
/// that was posted to; on failure back to the page of the form (its `Referer`, if that is of this site), else to the path that
/// was posted to. The result is shown once, by the page that follows: a
/// store gives it out once, and a cookie the browser is told to forget (who kept a copy of it sees that same page again, until
/// [`keep_for`](Self::keep_for) has passed). A result that a cookie cannot hold is shown in place, as
/// if this were off.
///
/// ```
/// use enact::{Key, PostRedirectGet, Registry};
///
/// // 64 bytes, from a secret of the deployment: `openssl rand 64`.
/// # let secret = [7; 64];
/// let key = Key::from(&secret);
/// let actions = Registry::builder()
///     .post_redirect_get(PostRedirectGet::cookie(key))
///     .build()?;
/// # Ok::<(), enact::BuildError>(())
/// ```
pub struct PostRedirectGet {
    keeping: Keeping,
    keep: Duration,
    only: Option<Pick>,
}

type Pick = Box<dyn Fn(&Call) -> bool + Send + Sync>;

enum Keeping {
    /// The first writes; all read.
    Cookie(Vec<Key>),
    Store(Arc<dyn ResultStore>),
}

/// The longest `Set-Cookie` that every browser takes, in bytes (RFC 6265, section 6.1, less some for the header's name).
const LONGEST_COOKIE: usize = 4000;
/// How many results may wait in one browser; older ones are dropped.
const MOST_WAITING: usize = 4;
/// How many of them one answer drops: who makes up a thousand such cookies gets no thousand headers back.
const MOST_DROPPED: usize = 32;
/// How many bytes their cookies may have together. All cookies travel in one header, which servers bound: nginx at 8 KiB.
const MOST_WAITING_BYTES: usize = 6000;
const COOKIE: &str = "enact-result-";
/// The query parameter that names the result.
pub(crate) const PARAMETER: &str = "_result";

impl PostRedirectGet {
    /// Keeps results in a cookie, encrypted and authenticated with this key (AES-256-GCM): the browser's user cannot read or
    /// forge them. Make the key once per deployment and keep it secret: all servers that answer for a site need the same.
    pub fn cookie(key: Key) -> Self {
        Self::new(Keeping::Cookie(vec![key]))
    }

    /// Keeps results in a store, and only the key to one in the cookie.
    pub fn store(store: impl ResultStore + 'static) -> Self {
        Self::new(Keeping::Store(Arc::new(store)))
    }

    fn new(keeping: Keeping) -> Self {
        Self { keeping, keep: Duration::from_secs(300), only: None }
    }

    /// Also reads what an older key wrote, so that keys can be changed while results wait. Without effect on a store.
    #[must_use]
    pub fn old_key(mut self, key: Key) -> Self {
        if let Keeping::Cookie(keys) = &mut self.keeping {
            keys.push(key);
        }
        self
    }

    /// Sets how long a result waits for its page; five minutes by default.
    #[must_use]
    pub fn keep_for(mut self, keep: Duration) -> Self {
        self.keep = keep;
        self
    }

    /// Redirects only after the calls that `which` picks.
    #[must_use]
    pub fn only(mut self, which: impl Fn(&Call) -> bool + Send + Sync + 'static) -> Self {
        self.only = Some(Box::new(which));
        self
    }

    pub(crate) fn applies(&self, call: &Call) -> bool {
        self.only.as_ref().is_none_or(|which| which(call))
    }

    /// Keeps a result for the page at `target`. Gives the target with the result's id, and the cookies to set; `None` if it
    /// cannot be kept.
    pub(crate) async fn keep(
        &self,
        performed: &Performed,
        target: &str,
        head: &request::Parts,
        origins: &Origins,
    ) -> Result<Option<Redirected>, StoreError> {
        let id = random(9);
        let name = format!("{COOKIE}{id}");
        let Some(kept) = performed.kept() else {
            return Ok(None);
        };
        let letter = serde_json::to_vec(&Letter {
            path: Cow::Borrowed(path_of(target)),
            at: head.extensions.get::<ReceivedAt>().map_or(0, |at| at.0.as_secs()),
            kept,
        })?;
        let mut cookie = Cookie::build((name, String::new()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(self.keep.try_into()?)
            .build();
        if is_secure(head, origins) {
            cookie.set_secure(true);
        }
        match &self.keeping {
            Keeping::Cookie(keys) => {
                let Some(key) = keys.first() else { return Ok(None) };
                let mut jar = CookieJar::new();
                // Encoded, since the encrypted cookie has to be text.
                cookie.set_value(String::from_utf8(letter)?);
                jar.private_mut(key).add(cookie.clone());
                let Some(encrypted) = jar.get(cookie.name()) else { return Ok(None) };
                cookie.set_value(encrypted.value().to_owned());
                if cookie.to_string().len() > LONGEST_COOKIE {
                    return Ok(None);
                }
            }
            Keeping::Store(store) => {
                let key = random(24);
                store.put(key.clone(), letter, self.keep).await?;
                cookie.set_value(key);
            }
        }
        let mut room = MOST_WAITING_BYTES.saturating_sub(cookie.name().len() + cookie.value().len());
        let dropped = waiting(&head.headers).enumerate().filter_map(|(newer, (name, bytes))| {
            let stays = newer + 1 < MOST_WAITING && bytes <= room;
            room = if stays { room - bytes } else { 0 };
            (!stays).then(|| forgotten(name))
        });
        let mut cookies: Vec<_> = dropped.take(MOST_DROPPED).collect();
        cookies.push(cookie);
        Ok(Some(Redirected { target: with_id(target, &id), cookies }))
    }

    /// Takes the result that a request's query names, if its cookie is there and good. The cookie is to be forgotten in any case.
    pub(crate) async fn take(&self, head: &request::Parts, id: &str) -> Taken {
        let name = format!("{COOKIE}{id}");
        let Some(value) = received(&head.headers, &name) else {
            return Taken { results: None, cookie: None };
        };
        let letter = match &self.keeping {
            Keeping::Cookie(keys) => keys.iter().find_map(|key| {
                let decrypted = CookieJar::new().private(key).decrypt(Cookie::new(name.clone(), value.clone()))?;
                Some(decrypted.value().as_bytes().to_vec())
            }),
            // Only what was handed out: a store may lead elsewhere by another key.
            Keeping::Store(_) if !is_plain(&value) => None,
            Keeping::Store(store) => store.take(value).await.unwrap_or_else(|error| {
                tracing::error!(error = &*error as &(dyn std::error::Error + 'static), "a result could not be taken");
                None
            }),
        };
        let performed = letter.and_then(|letter| self.open(&letter, head));
        Taken { results: performed.map(ActionResults::from_call), cookie: Some(forgotten(name)) }
    }

    /// Reads what was kept, if it is for this page, and not too old.
    fn open(&self, letter: &[u8], head: &request::Parts) -> Option<Performed> {
        let letter: Letter<'_> = serde_json::from_slice(letter).ok()?;
        let stale = head.extensions.get::<ReceivedAt>().is_some_and(|now| {
            let since = Duration::from_secs(letter.at);
            now.0.saturating_sub(since) > self.keep
        });
        if stale || letter.path != head.uri.path() {
            return None;
        }
        Some(letter.kept.into())
    }
}

impl fmt::Debug for PostRedirectGet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostRedirectGet").field("keep_for", &self.keep).finish_non_exhaustive()
    }
}

/// What waits for the page.
#[derive(Serialize, Deserialize)]
struct Letter<'a> {
    /// Of the page that may read it.
    path: Cow<'a, str>,
    /// When it was kept, in seconds since 1970; 0 if nobody knows.
    at: u64,
    kept: Kept<'a>,
}

pub(crate) struct Redirected {
    pub(crate) target: String,
    pub(crate) cookies: Vec<Cookie<'static>>,
}

pub(crate) struct Taken {
    pub(crate) results: Option<ActionResults>,
    pub(crate) cookie: Option<Cookie<'static>>,
}

/// Where a form that failed is shown again: its own page, if the browser tells and it is of this site.
pub(crate) fn page_of_form(head: &request::Parts, origins: &Origins) -> String {
    referer(head, origins).unwrap_or_else(|| posted(&head.uri))
}

fn referer(head: &request::Parts, origins: &Origins) -> Option<String> {
    let referer = url::Url::parse(head.headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    if !origins.is_own(&referer.origin().ascii_serialization(), head) {
        return None;
    }
    let target = without_ours(referer.path(), referer.query());
    is_local(&target).then_some(target)
}

/// The path that was posted to, with its query, but for what is ours.
pub(crate) fn posted(uri: &Uri) -> String {
    let target = without_ours(uri.path(), uri.query());
    if is_local(&target) { target } else { "/".to_owned() }
}

fn without_ours(path: &str, query: Option<&str>) -> String {
    let ours = |pair: &&str| {
        let key = pair.split('=').next().unwrap_or_default();
        !matches!(key, "_action" | PARAMETER)
    };
    let query: Vec<_> = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).filter(ours).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The id that a page's query names.
pub(crate) fn id_of(uri: &Uri) -> Option<&str> {
    let id = uri.query()?.split('&').find_map(|pair| pair.strip_prefix(PARAMETER)?.strip_prefix('='))?;
    is_plain(id).then_some(id)
}

/// Whether a text is one of `random`'s, by its signs and its length.
fn is_plain(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn with_id(target: &str, id: &str) -> String {
    let (before, fragment) = match target.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (target, None),
    };
    let separator = if before.contains('?') { '&' } else { '?' };
    let fragment = fragment.map_or(String::new(), |fragment| format!("#{fragment}"));
    format!("{before}{separator}{PARAMETER}={id}{fragment}")
}

fn path_of(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or(target)
}

/// The cookies of results that wait, with their lengths in bytes, oldest last as far as the browser tells.
fn waiting(headers: &HeaderMap) -> impl Iterator<Item = (String, usize)> {
    let mut cookies: Vec<_> = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), name.len() + value.len()))
        .filter(|(name, _)| name.starts_with(COOKIE))
        .collect();
    // Browsers send the oldest first (RFC 6265, section 5.4).
    cookies.reverse();
    cookies.into_iter()
}

fn forgotten(name: String) -> Cookie<'static> {
    let mut cookie = Cookie::build((name, "")).path("/").http_only(true).build();
    forget(&mut cookie);
    cookie
}

/// Whether the browser is on a page that came encrypted: it says so itself, in what no page can forge.
fn is_secure(head: &request::Parts, origins: &Origins) -> bool {
    let https = |origin: &str| origin.starts_with("https://");
    head.uri.scheme() == Some(&http::uri::Scheme::HTTPS)
        || head.headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).is_some_and(https)
        || (!origins.own.is_empty() && origins.own.iter().all(|origin| https(origin)))
}

/// Random text, of as many bytes before it was encoded.
fn random(bytes: usize) -> String {
    let key = Key::generate();
    URL_SAFE_NO_PAD.encode(key.encryption().get(..bytes).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_keeps_its_query_and_fragment() {
        assert_eq!(with_id("/a", "x"), "/a?_result=x");
        assert_eq!(with_id("/a?b=c#d", "x"), "/a?b=c&_result=x#d");
        assert_eq!(posted(&"/a?b=1&_action=x&_result=y&c".parse().unwrap()), "/a?b=1&c");
        assert_eq!(posted(&"/a?_action=x".parse().unwrap()), "/a");
    }

    #[test]
    fn a_path_that_browsers_take_for_a_host_is_not_gone_to() {
        assert_eq!(posted(&"//evil/x?_action=a".parse().unwrap()), "/");
    }

    #[test]
    fn an_id_is_plain() {
        assert_eq!(id_of(&"/a?_result=aB-_9&b".parse().unwrap()), Some("aB-_9"));
        for bad in ["/a", "/a?_result=", "/a?_result=a%20b", "/a?x_result=a"] {
            assert_eq!(id_of(&bad.parse().unwrap()), None, "{bad}");
        }
        assert_ne!(random(9), random(9));
        assert_eq!(random(24).len(), 32);
    }
}
