//! How many syncs are done by the thread that polls a test, rather than by one that it handed them to.

use baton_runtime::testing::SimulatedFiles;
use baton_runtime::{FileLayer, LogFile};
use std::cell::RefCell;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    /// Where this thread counts its syncs, while it polls a test.
    static COUNT: RefCell<Option<Arc<AtomicUsize>>> = const { RefCell::new(None) };
}

/// Polls a test, and counts the syncs that are done meanwhile on the same thread.
pub(crate) async fn counted(count: Arc<AtomicUsize>, test: impl Future<Output = ()>) {
    let mut test = std::pin::pin!(test);
    std::future::poll_fn(|context| {
        COUNT.set(Some(Arc::clone(&count)));
        let polled = test.as_mut().poll(context);
        COUNT.set(None);
        polled
    })
    .await;
}

/// Files whose syncs are counted.
pub(crate) struct CountsOwnSyncs(pub(crate) SimulatedFiles);

struct CountedFile(Box<dyn LogFile>);

impl FileLayer for CountsOwnSyncs {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.0.create_folder(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(CountedFile(self.0.create(path)?)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(CountedFile(self.0.open(path)?)))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.link(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.remove(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        self.0.list(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.0.sync_folder(path)
    }
}

impl LogFile for CountedFile {
    fn try_lock(&self) -> io::Result<bool> {
        self.0.try_lock()
    }

    fn is_at(&self, path: &Path) -> io::Result<bool> {
        self.0.is_at(path)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        self.0.read()
    }

    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.append(bytes)
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.0.truncate(length)
    }

    fn sync(&self) -> io::Result<()> {
        COUNT.with_borrow(|count| count.iter().for_each(|count| _ = count.fetch_add(1, Ordering::Relaxed)));
        self.0.sync()
    }
}
