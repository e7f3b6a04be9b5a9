//! The engine for tests and for runs that need not survive the process.

use super::journal::{JournalEngine, MemoryJournals};

/// Keeps runs in memory, with all the semantics of a durable engine within one process.
///
/// Clones share their runs, so that a test can drop a runtime and build another one over what is left, as a restart would.
pub type MemoryEngine = JournalEngine<MemoryJournals>;

impl MemoryEngine {
    /// An engine without runs.
    pub fn new() -> Self {
        Self::over(MemoryJournals::default())
    }
}

impl Default for MemoryEngine {
    fn default() -> Self {
        Self::new()
    }
}
