//! Where the contents of artifacts lie: bytes that are found by their hash.

use super::content::ContentHash;
use crate::engine::BoxFuture;
use crate::lock;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use thiserror::Error;

/// Keeps contents by their hash. They are large, or may be, so they lie here and not in the records of a run.
///
/// What is in a store never changes, and the same content is kept once. Runs may share a store.
pub trait ArtifactStore: Send + Sync + 'static {
    /// Keeps these bytes and says their [hash](ContentHash::of). Once this returns, they are there after a crash. To keep
    /// what is there already does no harm.
    fn put(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<ContentHash, StoreError>>;

    /// The bytes of this hash, or [`StoreError::NotFound`]. Whoever asks compares the hash, so a store need not.
    fn get(&self, hash: ContentHash) -> BoxFuture<'_, Result<Arc<[u8]>, StoreError>>;
}

/// Why a store could not do its work.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There are no such bytes.
    #[error("the store has no content {0}")]
    NotFound(ContentHash),
    /// The bytes are not those that were kept.
    #[error("the content that is kept as {0} is damaged")]
    Damaged(ContentHash),
    /// The system refused something.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A store failed for a reason of its own.
    #[error("{0}")]
    Other(String),
}

impl StoreError {
    /// Whether it may be gone a moment later. What is missing or damaged stays so.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Io { .. } | Self::Other(_))
    }
}

/// Keeps contents in memory, for tests and for runs that need not survive the process. Clones share what they keep.
#[derive(Clone, Debug, Default)]
pub struct MemoryArtifacts {
    contents: Arc<Mutex<BTreeMap<ContentHash, Arc<[u8]>>>>,
}

impl MemoryArtifacts {
    /// A store without contents.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many different contents there are.
    pub fn len(&self) -> usize {
        lock(&self.contents).len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ArtifactStore for MemoryArtifacts {
    fn put(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<ContentHash, StoreError>> {
        let hash = ContentHash::of(&bytes);
        lock(&self.contents).entry(hash).or_insert_with(|| bytes.into());
        Box::pin(std::future::ready(Ok(hash)))
    }

    fn get(&self, hash: ContentHash) -> BoxFuture<'_, Result<Arc<[u8]>, StoreError>> {
        let bytes = lock(&self.contents).get(&hash).cloned();
        Box::pin(std::future::ready(bytes.ok_or(StoreError::NotFound(hash))))
    }
}
