//! Results in a session store in SQLite.

use std::time::Duration;

use enact::page::ResultStore;
use enact_axum::SessionResults;
use tower_sessions_core::SessionStore as _;
use tower_sessions_core::session::Record;
use tower_sessions_sqlx_store::SqliteStore;
use tower_sessions_sqlx_store::sqlx::sqlite::SqlitePoolOptions;

/// Opens a database in memory. It has one connection, because each connection would get a database of its own.
pub(crate) async fn open_sqlite() -> SqliteStore {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.expect("a database");
    let store = SqliteStore::new(pool);
    store.migrate().await.expect("a table");
    store
}

const MINUTE: Duration = Duration::from_secs(60);

fn key(byte: char) -> String {
    byte.to_string().repeat(32)
}

#[tokio::test]
async fn value_is_returned_once() {
    let results = SessionResults::new(open_sqlite().await);
    let value = vec![0, 255, b'"'];
    results.put(key('a'), value.clone(), MINUTE).await.unwrap();
    assert_eq!(results.take(key('b')).await.unwrap(), None);
    assert_eq!(results.take(key('a')).await.unwrap(), Some(value));
    assert_eq!(results.take(key('a')).await.unwrap(), None);
}

#[tokio::test]
async fn expired_value_is_not_returned() {
    let results = SessionResults::new(open_sqlite().await);
    results.put(key('a'), vec![1], Duration::ZERO).await.unwrap();
    assert_eq!(results.take(key('a')).await.unwrap(), None);
}

#[tokio::test]
async fn invalid_key_returns_no_value() {
    let results = SessionResults::new(open_sqlite().await);
    for invalid in ["", "short", "not base64 at all, however long it may be", "ääääääääääääääää"] {
        assert_eq!(results.take(invalid.to_owned()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn session_in_same_table_is_not_taken() {
    let store = open_sqlite().await;
    let expiry_date = time::OffsetDateTime::now_utc() + MINUTE;
    let mut session = Record { id: Default::default(), data: Default::default(), expiry_date };
    store.create(&mut session).await.unwrap();

    let results = SessionResults::new(store.clone());
    // The id of the session, encoded as a key.
    assert_eq!(results.take(session.id.to_string()).await.unwrap(), None);
    assert!(store.load(&session.id).await.unwrap().is_some());
}
