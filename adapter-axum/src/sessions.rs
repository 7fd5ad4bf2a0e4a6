//! A result store in a session store of `tower-sessions`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use enact::BoxFuture;
use enact::page::{ResultStore, StoreError};
use time::OffsetDateTime;
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};

/// A result store in any session store of [`tower-sessions`](https://docs.rs/tower-sessions), for example a database that all
/// servers of a site share.
///
/// Each result is a record of its own with its own expiry. No session and no `SessionManagerLayer` is needed. Results and
/// sessions can share a table, but a separate table is clearer. A result that no browser fetches stays in the database until
/// expired records are deleted: see `tower_sessions::ExpiredDeletion`.
///
/// Session stores cannot read and delete a record in one step. If two requests fetch the same result at the same moment, both
/// can receive it.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use enact::page::PostRedirectGet;
/// use enact::Registry;
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
#[derive(Debug, Clone)]
pub struct SessionResults<S> {
    store: S,
}

/// The field of a record that holds the whole key. It distinguishes results from sessions.
const KEY: &str = "enact.key";
/// The field of a record that holds the value, in base64.
const VALUE: &str = "enact.value";

impl<S: SessionStore> SessionResults<S> {
    /// Creates a result store in `store`.
    pub const fn new(store: S) -> Self {
        Self { store }
    }
}

impl<S: SessionStore> ResultStore for SessionResults<S> {
    fn put(&self, key: String, value: Vec<u8>, keep_for: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let id = record_id(&key).ok_or("invalid key: expected at least 16 bytes in base64url")?;
            let expiry_date = OffsetDateTime::now_utc()
                .checked_add(keep_for.try_into()?)
                .ok_or("invalid expiry: the date is out of range")?;
            let data = [(KEY.to_owned(), key.into()), (VALUE.to_owned(), STANDARD_NO_PAD.encode(value).into())];
            let mut record = Record { id, data: data.into(), expiry_date };
            // Some stores implement `save` only for records that exist.
            self.store.create(&mut record).await?;
            if record.id == id { Ok(()) } else { Err("the record id is already in use".into()) }
        })
    }

    fn take(&self, key: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move {
            let Some(id) = record_id(&key) else { return Ok(None) };
            let Some(mut record) = self.store.load(&id).await? else { return Ok(None) };
            // A client can send any id, including the id of a session. Only results may be taken.
            if record.data.get(KEY).and_then(|stored| stored.as_str()) != Some(&key) {
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

/// Returns the id of the record for `key`: the first 128 bits of the key, as long as a session id.
fn record_id(key: &str) -> Option<Id> {
    let bytes = URL_SAFE_NO_PAD.decode(key).ok()?;
    bytes.first_chunk().map(|id| Id(i128::from_le_bytes(*id)))
}
