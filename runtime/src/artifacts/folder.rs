//! Contents as files of a folder, each named by its hash.

use super::content::ContentHash;
use super::store::{ArtifactStore, StoreError};
use crate::engine::BoxFuture;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What the name of a file begins with that is still being written.
const UNFINISHED: &str = "unfinished-";
/// After this time nobody writes it any more.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// Keeps contents as files of a folder. Several processes may share it.
///
/// A file is written beside its place, synced, and renamed, and then the folder is synced: it is there as a whole or not at
/// all. What a process left unfinished is removed when the folder is opened a day later.
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
#[derive(Clone, Debug)]
pub struct FolderArtifacts {
    folder: Arc<Path>,
}

impl FolderArtifacts {
    /// Opens a folder, which is made if it isn't there.
    ///
    /// # Errors
    /// [`StoreError::Io`] if it cannot be made or read.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder: Arc<Path> = folder.into().into();
        let opened = Arc::clone(&folder);
        blocking(move || open(&opened)).await?;
        Ok(Self { folder })
    }
}

impl ArtifactStore for FolderArtifacts {
    fn put(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<ContentHash, StoreError>> {
        let folder = Arc::clone(&self.folder);
        Box::pin(blocking(move || put(&folder, &bytes)))
    }

    fn get(&self, hash: ContentHash) -> BoxFuture<'_, Result<Arc<[u8]>, StoreError>> {
        let folder = Arc::clone(&self.folder);
        Box::pin(blocking(move || {
            let path = folder.join(hash.to_string());
            match fs::read(&path) {
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

fn open(folder: &Path) -> Result<(), StoreError> {
    let missing: Vec<_> =
        folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists()).collect();
    fs::create_dir_all(folder).map_err(refused("create", folder))?;
    for new in missing {
        // A new folder is an entry of the one above it.
        let above = new.parent().filter(|path| !path.as_os_str().is_empty());
        sync_folder(above.unwrap_or(Path::new(".")))?;
    }
    let now = SystemTime::now();
    for entry in fs::read_dir(folder).map_err(refused("list", folder))? {
        let entry = entry.map_err(refused("list", folder))?;
        let unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        let written = entry.metadata().and_then(|data| data.modified()).unwrap_or(now);
        if unfinished && now.duration_since(written).is_ok_and(|age| age > ABANDONED) {
            // Another process may have been quicker, and what is left does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn put(folder: &Path, bytes: &[u8]) -> Result<ContentHash, StoreError> {
    let hash = ContentHash::of(bytes);
    let path = folder.join(hash.to_string());
    // A file of this name and length is this content, unless the disk has damaged it; then it is written anew.
    let is_there = fs::read(&path).is_ok_and(|there| there == bytes);
    if !is_there {
        let unfinished = Unfinished(folder.join(format!("{UNFINISHED}{}", uuid::Uuid::new_v4().simple())));
        unfinished.write(bytes).map_err(refused("write", &unfinished.0))?;
        fs::rename(&unfinished.0, &path).map_err(refused("rename to", &path))?;
    }
    // Also for what was there: whoever renamed it may not have come to this yet.
    sync_folder(folder)?;
    Ok(hash)
}

/// A file that is being written. It is removed if it doesn't get to its place.
struct Unfinished(PathBuf);

impl Unfinished {
    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&self.0)?;
        file.write_all(bytes)?;
        file.sync_all()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // It isn't there any more if it was renamed.
        let _ = fs::remove_file(&self.0);
    }
}

/// Makes the entries of a folder durable. Windows does that by itself and has no call for it.
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder).and_then(|file| file.sync_all()).map_err(refused("sync", folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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

        let long_ago = SystemTime::now() - ABANDONED * 2;
        for (name, modified) in [("unfinished-old", long_ago), ("unfinished-new", SystemTime::now())] {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(modified).unwrap();
        }
        FolderArtifacts::open(folder.path()).await.unwrap();
        assert_eq!(names(folder.path()), [hash.to_string(), "unfinished-new".to_owned()]);
    }

    #[tokio::test]
    async fn a_folder_that_is_a_file_is_refused_with_its_name() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("file");
        fs::write(&path, "").unwrap();
        let refused = FolderArtifacts::open(&path).await.unwrap_err().to_string();
        assert!(refused.contains("cannot create") && refused.contains("file"), "{refused}");
    }
}
