//! The core's store in memory, with the clock that it lacks.

use std::time::Instant;

use enact::MemoryStore;

/// A store for results in this process's memory: 16 MiB of them, unless [`MemoryStore::most_bytes`] says otherwise. It serves
/// a site of one process; what waits is gone when that ends.
///
/// ```
/// use enact::{PostRedirectGet, Registry};
/// use enact_axum::memory_store;
///
/// let actions = Registry::builder()
///     .post_redirect_get(PostRedirectGet::store(memory_store()))
///     .build()?;
/// # Ok::<(), enact::BuildError>(())
/// ```
pub fn memory_store() -> MemoryStore {
    let start = Instant::now();
    MemoryStore::new(move || start.elapsed())
}
