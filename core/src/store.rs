//! Where results wait for the page that shows them.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::send::BoxFuture;

/// What went wrong in a store.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Keeps results between a form's post and the page that the browser is sent to.
///
/// Keys are random and not to be guessed; values are opaque bytes, which hold what was typed into the form.
///
/// ```
/// use std::time::Duration;
/// use enact::{BoxFuture, ResultStore, StoreError};
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
    /// Keeps a value for a while, at the most for `keep`.
    fn put(&self, key: String, value: Vec<u8>, keep: Duration) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Gives a value out and forgets it. `None` if there is none, or none any more.
    fn take(&self, key: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>>;
}

/// Keeps results in memory, for a server of one process. When it is full, the oldest have to go.
pub struct MemoryStore {
    clock: Box<dyn Fn() -> Duration + Send + Sync>,
    most_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    values: HashMap<String, Value>,
    /// The keys in the order in which they came; some may be gone.
    order: VecDeque<String>,
    bytes: usize,
}

struct Value {
    bytes: Vec<u8>,
    until: Duration,
}

impl MemoryStore {
    /// A store that holds up to 16 MiB. The core knows no time: `clock` gives what went by since any fixed moment.
    pub fn new(clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { clock: Box::new(clock), most_bytes: 16 * 1024 * 1024, kept: Mutex::default() }
    }

    /// Sets how many bytes it holds, keys and values together.
    #[must_use]
    pub fn most_bytes(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    fn put_now(&self, key: String, bytes: Vec<u8>, keep: Duration) -> Result<(), StoreError> {
        let size = key.len() + bytes.len();
        if size > self.most_bytes {
            return Err("the result is larger than the store".into());
        }
        let now = (self.clock)();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(oldest) = kept.order.front() {
            let stale = kept.values.get(oldest).is_none_or(|value| value.until <= now);
            if !stale && kept.bytes + size <= self.most_bytes {
                break;
            }
            if let Some(key) = kept.order.pop_front() {
                kept.forget(&key);
            }
        }
        kept.forget(&key);
        kept.bytes += size;
        kept.order.push_back(key.clone());
        kept.values.insert(key, Value { bytes, until: now.saturating_add(keep) });
        Ok(())
    }

    fn take_now(&self, key: &str) -> Option<Vec<u8>> {
        let now = (self.clock)();
        let value = self.kept.lock().unwrap_or_else(PoisonError::into_inner).forget(key)?;
        (value.until > now).then_some(value.bytes)
    }
}

impl Kept {
    fn forget(&mut self, key: &str) -> Option<Value> {
        let value = self.values.remove(key)?;
        self.bytes -= key.len() + value.bytes.len();
        Some(value)
    }
}

impl ResultStore for MemoryStore {
    fn put(&self, key: String, value: Vec<u8>, keep: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
        let done = self.put_now(key, value, keep);
        Box::pin(async { done })
    }

    fn take(&self, key: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        let value = self.take_now(&key);
        Box::pin(async { Ok(value) })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("most_bytes", &self.most_bytes).finish_non_exhaustive()
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
    fn a_value_is_given_out_once() {
        let (store, _) = store();
        store.put_now("a".into(), vec![1], MINUTE).unwrap();
        assert_eq!(store.take_now("a"), Some(vec![1]));
        assert_eq!(store.take_now("a"), None);
    }

    #[test]
    fn a_value_goes_stale() {
        let (store, seconds) = store();
        store.put_now("a".into(), vec![1], MINUTE).unwrap();
        seconds.store(60, Ordering::Relaxed);
        assert_eq!(store.take_now("a"), None);
    }

    #[test]
    fn the_oldest_make_room() {
        let (store, _) = store();
        let store = store.most_bytes(30);
        for key in ["a", "b", "c", "d"] {
            store.put_now(key.into(), vec![0; 9], MINUTE).unwrap();
        }
        assert_eq!(store.take_now("a"), None);
        assert_eq!(store.take_now("b").map(|value| value.len()), Some(9));
        assert!(store.put_now("e".into(), vec![0; 30], MINUTE).is_err());
        assert!(store.take_now("d").is_some());
    }

    #[test]
    fn what_is_taken_leaves_its_room() {
        let (store, _) = store();
        let store = store.most_bytes(30);
        for _ in 0..1000 {
            store.put_now("a".into(), vec![0; 20], MINUTE).unwrap();
            assert!(store.take_now("a").is_some());
        }
        let kept = store.kept.lock().unwrap();
        assert_eq!((kept.bytes, kept.values.len()), (0, 0));
        assert!(kept.order.len() <= 1);
    }
}
