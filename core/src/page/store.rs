//! Stores for results that a page will show.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::maybe_send::BoxFuture;

/// The error of a store.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// A store for results, from the post of a form until its page is requested.
///
/// Keys are random and cannot be guessed. Values are opaque bytes; they contain the values submitted with the form.
///
/// ```
/// use std::time::Duration;
/// use enact::BoxFuture;
/// use enact::page::{ResultStore, StoreError};
///
/// struct Nowhere;
///
/// impl ResultStore for Nowhere {
///     fn put(&self, _: String, _: Vec<u8>, _: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
///         Box::pin(async { Ok(()) })
///     }
///     fn take(&self, _: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
///         Box::pin(async { Ok(None) })
///     }
/// }
/// ```
pub trait ResultStore: Send + Sync {
    /// Stores a value for at most `keep_for`.
    ///
    /// If it fails, the error is logged and the result is shown in the response to the post.
    fn put(&self, key: String, value: Vec<u8>, keep_for: Duration) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Removes a value and returns it. Returns `None` if it does not exist or has expired.
    ///
    /// Of two concurrent calls with the same key, at most one may return the value.
    fn take(&self, key: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>>;
}

/// A store in memory, for a server with one process. If it is full, the oldest values are dropped.
pub struct MemoryStore {
    clock: Box<dyn Fn() -> Duration + Send + Sync>,
    max_bytes: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    values: HashMap<String, StoredValue>,
    /// The keys, oldest first. Some may have been taken.
    order: VecDeque<String>,
    bytes: usize,
}

struct StoredValue {
    bytes: Vec<u8>,
    expires: Duration,
}

impl MemoryStore {
    /// Creates a store that holds up to 16 MiB.
    ///
    /// This crate has no clock: `clock` returns the time elapsed since any fixed moment.
    pub fn new(clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { clock: Box::new(clock), max_bytes: 16 * 1024 * 1024, state: Mutex::default() }
    }

    /// Sets the maximum size, in bytes. Keys and values count.
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    fn put_now(&self, key: String, bytes: Vec<u8>, keep_for: Duration) -> Result<(), StoreError> {
        let size = key.len() + bytes.len();
        if size > self.max_bytes {
            return Err(format!("the result has {size} bytes, more than the {} of the store", self.max_bytes).into());
        }
        let now = (self.clock)();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(oldest) = state.order.front() {
            let stale = state.values.get(oldest).is_none_or(|value| value.expires <= now);
            if !stale && state.bytes + size <= self.max_bytes {
                break;
            }
            if let Some(key) = state.order.pop_front() {
                state.remove(&key);
            }
        }
        state.remove(&key);
        state.bytes += size;
        state.order.push_back(key.clone());
        state.values.insert(key, StoredValue { bytes, expires: now.saturating_add(keep_for) });
        Ok(())
    }

    fn take_now(&self, key: &str) -> Option<Vec<u8>> {
        let now = (self.clock)();
        let value = self.state.lock().unwrap_or_else(PoisonError::into_inner).remove(key)?;
        (value.expires > now).then_some(value.bytes)
    }
}

impl State {
    fn remove(&mut self, key: &str) -> Option<StoredValue> {
        let value = self.values.remove(key)?;
        self.bytes -= key.len() + value.bytes.len();
        Some(value)
    }
}

impl ResultStore for MemoryStore {
    fn put(&self, key: String, value: Vec<u8>, keep_for: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
        let result = self.put_now(key, value, keep_for);
        Box::pin(async { result })
    }

    fn take(&self, key: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        let value = self.take_now(&key);
        Box::pin(async { Ok(value) })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("max_bytes", &self.max_bytes).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    fn store() -> (MemoryStore, Arc<AtomicU64>) {
        let seconds = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&seconds);
        (MemoryStore::new(move || Duration::from_secs(clock.load(Ordering::Relaxed))), seconds)
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn value_is_taken_once() {
        let (store, _) = store();
        store.put_now("a".into(), vec![1], MINUTE).unwrap();
        assert_eq!(store.take_now("a"), Some(vec![1]));
        assert_eq!(store.take_now("a"), None);
    }

    #[test]
    fn expired_value_is_not_returned() {
        let (store, seconds) = store();
        store.put_now("a".into(), vec![1], MINUTE).unwrap();
        seconds.store(60, Ordering::Relaxed);
        assert_eq!(store.take_now("a"), None);
    }

    #[test]
    fn oldest_values_are_dropped_if_full() {
        let (store, _) = store();
        let store = store.max_bytes(30);
        for key in ["a", "b", "c", "d"] {
            store.put_now(key.into(), vec![0; 9], MINUTE).unwrap();
        }
        assert_eq!(store.take_now("a"), None);
        assert_eq!(store.take_now("b").map(|value| value.len()), Some(9));
        assert!(store.put_now("e".into(), vec![0; 30], MINUTE).is_err());
        assert!(store.take_now("d").is_some());
    }

    #[test]
    fn taken_values_free_their_space() {
        let (store, _) = store();
        let store = store.max_bytes(30);
        for _ in 0..1000 {
            store.put_now("a".into(), vec![0; 20], MINUTE).unwrap();
            assert!(store.take_now("a").is_some());
        }
        let state = store.state.lock().unwrap();
        assert_eq!((state.bytes, state.values.len()), (0, 0));
        assert!(state.order.len() <= 1);
    }
}
