//! enact's store in memory, with a clock.

use std::time::Instant;

use enact::page::MemoryStore;

/// Returns a store that keeps results in the memory of this process.
///
/// It holds up to 16 MiB of results unless [`MemoryStore::max_bytes`] sets another limit. Use it for a site that runs as one
/// process. Results that are still waiting are lost when the process ends.
///
/// # Examples
///
/// ```
/// use enact::page::PostRedirectGet;
/// use enact::Registry;
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
