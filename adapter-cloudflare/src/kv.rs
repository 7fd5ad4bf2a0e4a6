//! Results in Workers KV.

use std::time::Duration;

use enact::{BoxFuture, ResultStore, StoreError};
use worker::KvStore;
use worker::send::SendFuture;

/// Keeps results in a namespace of [Workers KV], which all of a Worker's instances reach.
///
/// ```
/// use enact::{PostRedirectGet, Registry};
/// use enact_cloudflare::KvResults;
///
/// fn actions(env: &worker::Env) -> worker::Result<Registry> {
///     let results = KvResults::new(env.kv("RESULTS")?);
///     let actions = Registry::builder().post_redirect_get(PostRedirectGet::store(results)).build();
///     actions.map_err(|error| worker::Error::RustError(error.to_string()))
/// }
/// ```
///
/// Its keys begin with `enact-result:`, so that the namespace may hold other things. A result costs a write, a read and a
/// deletion. KV keeps nothing for less than a minute: with a shorter [`keep_for`](enact::PostRedirectGet::keep_for) a result
/// is stale before it is gone.
///
/// KV is eventually consistent, which is what this store cannot hide:
///
/// * Another place may see a result a minute late. A browser whose next request is answered from another place than its post was
///   (rare, but nothing forbids it) sees the page without the result.
/// * Reading and deleting are two steps, and a place that has read a result may go on to see it for a minute after it is
///   deleted. "Shown once" then rests on the cookie that names it, which the browser is told to forget: whoever kept a copy of
///   that cookie may see the result again within that minute.
///
/// Where that is too little, results fit into a cookie ([`enact::PostRedirectGet::cookie`]), or a Durable Object gives each out once.
///
/// [Workers KV]: https://developers.cloudflare.com/kv/
#[derive(Debug, Clone)]
pub struct KvResults {
    kv: KvStore,
}

/// The least time that KV keeps a value for.
const LEAST: Duration = Duration::from_secs(60);

impl KvResults {
    /// Results in this namespace.
    pub const fn new(kv: KvStore) -> Self {
        Self { kv }
    }
}

/// A browser may send any key: it leads to results alone.
fn named(key: &str) -> String {
    format!("enact-result:{key}")
}

impl ResultStore for KvResults {
    fn put(&self, key: String, value: Vec<u8>, keep: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(SendFuture::new(async move {
            let put = self.kv.put_bytes(&named(&key), &value)?;
            Ok(put.expiration_ttl(keep.max(LEAST).as_secs()).execute().await?)
        }))
    }

    fn take(&self, key: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(SendFuture::new(async move {
            let key = named(&key);
            let value = self.kv.get(&key).bytes().await?;
            if value.is_some() {
                self.kv.delete(&key).await?;
            }
            Ok(value)
        }))
    }
}
