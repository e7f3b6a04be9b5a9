//! Crashes at chosen points: the execution is dropped where it is, as a process that ends would drop it.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::Notify;

const NEVER: u32 = u32::MAX;

/// Counts down to the next crash. Clones count together.
#[derive(Clone)]
pub(crate) struct Crashes {
    left: Arc<AtomicU32>,
    crashed: Arc<Notify>,
}

impl Crashes {
    pub(crate) fn none() -> Self {
        Self { left: Arc::new(AtomicU32::new(NEVER)), crashed: Arc::default() }
    }

    /// The next execution ends at its point `points`, counted from 0.
    pub(crate) fn after(&self, points: u32) {
        self.left.store(points, Ordering::Relaxed);
    }

    /// A point at which the execution may end.
    pub(crate) async fn point(&self) {
        match self.left.load(Ordering::Relaxed) {
            NEVER => {}
            0 => {
                self.left.store(NEVER, Ordering::Relaxed);
                self.crashed.notify_one();
                std::future::pending::<()>().await;
            }
            left => self.left.store(left - 1, Ordering::Relaxed),
        }
    }

    /// What an execution comes to; none if it ended at a point.
    pub(crate) async fn execute<T>(&self, execution: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            result = execution => Some(result),
            () = self.crashed.notified() => None,
        }
    }
}

/// Runs a future on a runtime of its own, with its clock paused.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(future)
}
