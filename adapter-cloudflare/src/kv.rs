//! A result store in Workers KV.

use std::time::Duration;

use enact::BoxFuture;
use enact::page::{ResultStore, StoreError};
use worker::KvStore;
use worker::send::SendFuture;

/// A result store in a namespace of [Workers KV], which all instances of a Worker share.
///
/// Keys begin with `enact-result:`, so the namespace can hold other data too. Each result takes one write, one read and one
/// deletion. KV keeps values for at least 60 seconds. With a shorter
/// [`keep_for`](enact::page::PostRedirectGet::keep_for), the result is not shown after `keep_for`, but it stays in KV for 60
/// seconds.
///
/// # Consistency
///
/// KV is eventually consistent:
///
/// * A result can take a minute to reach another Cloudflare location. If the browser's next request goes to another location,
///   which is rare, the page can be shown without the result.
/// * A location that has read a result can read it again for up to a minute after the deletion. The browser is told to drop the
///   cookie that names the result. A client that kept the cookie can show the result again within that minute.
///
/// If this is not acceptable, keep results in a cookie ([`enact::page::PostRedirectGet::cookie`]), or implement
/// [`ResultStore`] with a Durable Object.
///
/// # Examples
///
/// ```
/// use enact::Registry;
/// use enact::page::PostRedirectGet;
/// use enact_cloudflare::KvResults;
///
/// fn build_actions(env: &worker::Env) -> worker::Result<Registry> {
///     let results = KvResults::new(env.kv("RESULTS")?);
///     let actions = Registry::builder().post_redirect_get(PostRedirectGet::store(results)).build();
///     actions.map_err(|error| worker::Error::RustError(error.to_string()))
/// }
/// ```
///
/// [Workers KV]: https://developers.cloudflare.com/kv/
#[derive(Debug, Clone)]
pub struct KvResults {
    kv: KvStore,
}

/// The shortest time for which KV keeps a value.
const MIN_KEEP: Duration = Duration::from_secs(60);

impl KvResults {
    /// Creates a result store in the namespace `kv`.
    pub const fn new(kv: KvStore) -> Self {
        Self { kv }
    }
}

/// Adds the prefix. Browsers can send any key, and must not reach other data of the namespace.
fn prefix_key(key: &str) -> String {
    format!("enact-result:{key}")
}

impl ResultStore for KvResults {
    fn put(&self, key: String, value: Vec<u8>, keep_for: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(SendFuture::new(async move {
            let put = self.kv.put_bytes(&prefix_key(&key), &value)?;
            Ok(put.expiration_ttl(keep_for.max(MIN_KEEP).as_secs()).execute().await?)
        }))
    }

    fn take(&self, key: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(SendFuture::new(async move {
            let key = prefix_key(&key);
            let value = self.kv.get(&key).bytes().await?;
            if value.is_some() {
                self.kv.delete(&key).await?;
            }
            Ok(value)
        }))
    }
}
