//! Results in a session store of `tower-sessions`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use enact::{BoxFuture, ResultStore, StoreError};
use time::OffsetDateTime;
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};

/// Keeps results in any store of [`tower-sessions`](https://docs.rs/tower-sessions): a database or a cache that all servers of
/// a site reach.
///
/// A result is a record of its own, which expires by itself. It needs no session, and no `SessionManagerLayer`. A table of its
/// own keeps it apart from sessions; where both share one, neither is taken for the other. What nobody came for stays in a
/// database until it is swept: see `tower_sessions::ExpiredDeletion`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use enact::{PostRedirectGet, Registry};
/// use enact_axum::SessionResults;
/// use tower_sessions_sqlx_store::{SqliteStore, sqlx::SqlitePool};
///
/// let store = SqliteStore::new(SqlitePool::connect("sqlite::memory:").await?).with_table_name("results")?;
/// store.migrate().await?;
///
/// let actions = Registry::builder()
///     .post_redirect_get(PostRedirectGet::store(SessionResults::new(store)))
///     .build()?;
/// # Ok(()) }
/// ```
///
/// A session store has no way to read and delete in one step: of two requests for the same result at the very same time, both
/// may see it.
#[derive(Debug, Clone)]
pub struct SessionResults<S> {
    store: S,
}

/// What a record holds: the whole key, by which it is known to be a result, and the value, in base64.
const KEY: &str = "enact.key";
const VALUE: &str = "enact.value";

impl<S: SessionStore> SessionResults<S> {
    /// Results in this store.
    pub const fn new(store: S) -> Self {
        Self { store }
    }
}

impl<S: SessionStore> ResultStore for SessionResults<S> {
    fn put(&self, key: String, value: Vec<u8>, keep: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let id = id_of(&key).ok_or("a key that does not begin with 16 bytes in base64url")?;
            let expiry_date = OffsetDateTime::now_utc().checked_add(keep.try_into()?).ok_or("it would never expire")?;
            let data = [(KEY.to_owned(), key.into()), (VALUE.to_owned(), STANDARD_NO_PAD.encode(value).into())];
            let mut record = Record { id, data: data.into(), expiry_date };
            // Not `save`, which some stores do for what is there alone.
            self.store.create(&mut record).await?;
            if record.id == id { Ok(()) } else { Err("the id is taken".into()) }
        })
    }

    fn take(&self, key: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move {
            let Some(id) = id_of(&key) else { return Ok(None) };
            let Some(mut record) = self.store.load(&id).await? else { return Ok(None) };
            // A browser may send any id, that of a session too: only a result is to be taken.
            if record.data.get(KEY).and_then(|known| known.as_str()) != Some(&key) {
                return Ok(None);
            }
            self.store.delete(&id).await?;
            let value = record.data.remove(VALUE);
            Ok(value
                .as_ref()
                .and_then(|value| value.as_str())
                .map(|value| STANDARD_NO_PAD.decode(value))
                .transpose()?)
        })
    }
}

/// The record of a key: its first 128 bits, which are as hard to guess as a session's own id.
fn id_of(key: &str) -> Option<Id> {
    let bytes = URL_SAFE_NO_PAD.decode(key).ok()?;
    bytes.first_chunk().map(|first| Id(i128::from_le_bytes(*first)))
}
