//! Results in a session store: SQLite's.

use std::time::Duration;

use enact::ResultStore;
use enact_axum::SessionResults;
use tower_sessions_core::SessionStore as _;
use tower_sessions_core::session::Record;
use tower_sessions_sqlx_store::SqliteStore;
use tower_sessions_sqlx_store::sqlx::sqlite::SqlitePoolOptions;

/// A database in memory, which is gone with its one connection.
pub(crate) async fn sqlite() -> SqliteStore {
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
async fn a_value_is_given_out_once() {
    let results = SessionResults::new(sqlite().await);
    let value = vec![0, 255, b'"'];
    results.put(key('a'), value.clone(), MINUTE).await.unwrap();
    assert_eq!(results.take(key('b')).await.unwrap(), None);
    assert_eq!(results.take(key('a')).await.unwrap(), Some(value));
    assert_eq!(results.take(key('a')).await.unwrap(), None);
}

#[tokio::test]
async fn a_value_goes_stale() {
    let results = SessionResults::new(sqlite().await);
    results.put(key('a'), vec![1], Duration::ZERO).await.unwrap();
    assert_eq!(results.take(key('a')).await.unwrap(), None);
}

#[tokio::test]
async fn what_a_browser_makes_up_is_no_key() {
    let results = SessionResults::new(sqlite().await);
    for made_up in ["", "short", "not base64 at all, however long it may be", "ääääääääääääääää"] {
        assert_eq!(results.take(made_up.to_owned()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_session_in_the_same_table_is_left_alone() {
    let store = sqlite().await;
    let expiry_date = time::OffsetDateTime::now_utc() + MINUTE;
    let mut session = Record { id: Default::default(), data: Default::default(), expiry_date };
    store.create(&mut session).await.unwrap();

    let results = SessionResults::new(store.clone());
    // The session's id, in the spelling of a key.
    assert_eq!(results.take(session.id.to_string()).await.unwrap(), None);
    assert!(store.load(&session.id).await.unwrap().is_some());
}
