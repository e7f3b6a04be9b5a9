//! Contents as files of a folder, each named by its hash.

use super::content::ContentHash;
use super::store::{ArtifactStore, StoreError};
use crate::engine::{BoxFuture, FileLayer, LogFile, SystemFiles};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the name of a file begins with that is still being written.
const UNFINISHED: &str = "unfinished-";

/// Keeps contents as files of a folder. Several processes may share it.
///
/// A file is written beside its place, synced, and renamed, and then the folder is synced: it is there as a whole or not at
/// all. What a process that ended left unfinished is removed when the folder is opened again.
///
/// ```
/// use baton_runtime::{ArtifactStore, ContentHash, FolderArtifacts};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let parent = tempfile::tempdir()?;
/// # let path = parent.path().join("artifacts");
/// let store = FolderArtifacts::open(&path).await?;
/// let hash = store.put(b"a plan".to_vec()).await?;
/// assert_eq!(hash, ContentHash::of(b"a plan"));
/// assert_eq!(std::fs::read(path.join(hash.to_string()))?, b"a plan");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct FolderArtifacts(Arc<Folder>);

struct Folder {
    path: PathBuf,
    files: Arc<dyn FileLayer>,
    /// Whether a sync of the folder failed. The system may take its names for durable since then, so a name that is there
    /// says nothing any more.
    has_lost_names: AtomicBool,
}

impl FolderArtifacts {
    /// Opens a folder, which is made if it isn't there.
    ///
    /// # Errors
    /// [`StoreError::Io`] if it cannot be made or read.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::open_with(folder, SystemFiles).await
    }

    /// Opens a folder on another file layer, which is for tests.
    ///
    /// # Errors
    /// [`StoreError::Io`] if it cannot be made or read.
    pub async fn open_with(folder: impl Into<PathBuf>, files: impl FileLayer) -> Result<Self, StoreError> {
        let (path, has_lost_names) = (folder.into(), AtomicBool::new(false));
        let folder = Arc::new(Folder { path, files: Arc::new(files), has_lost_names });
        let opened = Arc::clone(&folder);
        blocking(move || opened.open()).await?;
        Ok(Self(folder))
    }
}

impl ArtifactStore for FolderArtifacts {
    fn put(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<ContentHash, StoreError>> {
        let folder = Arc::clone(&self.0);
        Box::pin(blocking(move || folder.put(&bytes)))
    }

    fn get(&self, hash: ContentHash) -> BoxFuture<'_, Result<Arc<[u8]>, StoreError>> {
        let folder = Arc::clone(&self.0);
        Box::pin(blocking(move || {
            let path = folder.path.join(hash.to_string());
            match folder.read(&path) {
                Ok(bytes) => Ok(bytes.into()),
                Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::NotFound(hash)),
                Err(source) => Err(StoreError::Io { action: "read", path, source }),
            }
        }))
    }
}

/// Does work that waits for the disk where it blocks nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(StoreError::Other(format!("the work on the folder was ended: {error}"))),
    }
}

fn refused(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { action, path, source }
}

impl Folder {
    fn open(&self) -> Result<(), StoreError> {
        let is_missing = |path: &&Path| !path.as_os_str().is_empty() && self.files.list(path).is_err();
        let missing: Vec<_> = self.path.ancestors().take_while(is_missing).collect();
        self.files.create_folder(&self.path).map_err(refused("create", &self.path))?;
        // A new folder is a name in the one above it.
        for above in missing.into_iter().filter_map(Path::parent) {
            let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
            self.files.sync_folder(above).map_err(refused("sync", above))?;
        }
        for name in self.files.list(&self.path).map_err(refused("list", &self.path))? {
            if name.to_string_lossy().starts_with(UNFINISHED) {
                let path = self.path.join(name);
                // Whoever writes it holds it. If it is gone, another process was quicker; what is left does no harm.
                if self.files.open(&path).and_then(|file| file.try_lock()).is_ok_and(|abandoned| abandoned) {
                    let _ = self.files.remove(&path);
                }
            }
        }
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.open(path)?.read()
    }

    fn put(&self, bytes: &[u8]) -> Result<ContentHash, StoreError> {
        let hash = ContentHash::of(bytes);
        let path = self.path.join(hash.to_string());
        // What is there under this name is this content, unless the device has damaged it; then it is written anew.
        let is_there = self.read(&path).is_ok_and(|there| there == bytes);
        if !is_there || self.has_lost_names.load(Ordering::Relaxed) {
            let unfinished = self.path.join(format!("{UNFINISHED}{}", uuid::Uuid::new_v4().simple()));
            // Held until it has its name, so that nobody who opens the folder takes it for abandoned.
            let written = self.write(&unfinished, bytes);
            let written = written.and_then(|_held| self.files.rename(&unfinished, &path));
            if written.is_err() {
                // It would be removed when the folder is opened again, and it may not even be there.
                let _ = self.files.remove(&unfinished);
            }
            written.map_err(refused("write", &path))?;
        }
        // Also for what was there: whoever renamed it may not have come to this yet.
        self.files.sync_folder(&self.path).map_err(|source| {
            self.has_lost_names.store(true, Ordering::Relaxed);
            refused("sync", &self.path)(source)
        })?;
        Ok(hash)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<Box<dyn LogFile>> {
        let file = self.files.create(path)?;
        file.try_lock()?;
        file.append(bytes)?;
        file.sync()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn contents_are_files_named_by_their_hash_and_kept_once() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/b");
        let store = FolderArtifacts::open(&folder).await.unwrap();
        let first = store.put(b"one".to_vec()).await.unwrap();
        assert_eq!(store.put(b"one".to_vec()).await.unwrap(), first);
        assert_eq!(names(&folder), [first.to_string()], "and nothing unfinished");
        let again = FolderArtifacts::open(&folder).await.unwrap();
        assert_eq!(again.get(first).await.unwrap().as_ref(), b"one");
        let missing = again.get(ContentHash::of(b"two")).await;
        assert!(matches!(missing, Err(StoreError::NotFound(_))), "{missing:?}");
    }

    #[tokio::test]
    async fn what_is_damaged_is_written_anew_and_what_is_abandoned_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderArtifacts::open(folder.path()).await.unwrap();
        let hash = store.put(b"one".to_vec()).await.unwrap();
        fs::write(folder.path().join(hash.to_string()), b"two").unwrap();
        assert_eq!(store.put(b"one".to_vec()).await.unwrap(), hash);
        assert_eq!(store.get(hash).await.unwrap().as_ref(), b"one");

        let held = fs::File::create(folder.path().join("unfinished-held")).unwrap();
        held.lock().unwrap();
        fs::write(folder.path().join("unfinished-left"), b"").unwrap();
        FolderArtifacts::open(folder.path()).await.unwrap();
        assert_eq!(names(folder.path()), [hash.to_string(), "unfinished-held".to_owned()]);
    }

    #[tokio::test]
    async fn a_folder_that_is_a_file_is_refused_with_its_name() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("file");
        fs::write(&path, "").unwrap();
        let refused = FolderArtifacts::open(&path).await.err().unwrap().to_string();
        assert!(refused.contains("cannot create") && refused.contains("file"), "{refused}");
    }
}
