//! Background tasks that somebody can stop and wait for.

use crate::lock;
use crate::panics;
use std::future::Future;
use std::sync::{Arc, Mutex};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// The background tasks of one part. Each is given a token, and ends when it is cancelled.
///
/// ```
/// use baton_runtime::Background;
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let background = Background::default();
/// background.spawn(|stop| async move {
///     while stop.run_until_cancelled(tokio::time::sleep(Duration::from_secs(60))).await.is_some() {
///         // Look after things.
///     }
/// });
/// background.stop();
/// # });
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Background {
    stop: CancellationToken,
    tasks: Arc<Mutex<Tasks>>,
}

#[derive(Default)]
pub(crate) struct Tasks {
    /// A panic is caught within its task, because a tokio runtime may be told to end when one gets out.
    pub(crate) running: JoinSet<Result<(), String>>,
    /// What tasks that have ended panicked with.
    pub(crate) panics: Vec<String>,
}

impl Background {
    /// Starts a task on the current tokio runtime. It has to end soon after the token is cancelled; what doesn't is
    /// aborted when the part's time to shut down is over. After [`stop`](Self::stop) nothing is started any more.
    pub fn spawn<F, Fut>(&self, task: F)
    where
        F: FnOnce(CancellationToken) -> Fut,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let mut tasks = lock(&self.tasks);
        if self.stop.is_cancelled() {
            return;
        }
        // A part may start many short tasks.
        while let Some(ended) = tasks.running.try_join_next() {
            tasks.panics.extend(panic_of(ended));
        }
        tasks.running.spawn(panics::caught(task(self.stop.clone())));
    }

    /// What the tasks are cancelled by.
    pub fn stopped(&self) -> &CancellationToken {
        &self.stop
    }

    /// Asks all tasks to end.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Takes the tasks, to wait for them; dropping them aborts them.
    pub(crate) fn take(&self) -> Tasks {
        std::mem::take(&mut lock(&self.tasks))
    }
}

/// What a task panicked with, if it did. One that was aborted has no panic.
pub(crate) fn panic_of(ended: Result<Result<(), String>, JoinError>) -> Option<String> {
    ended.ok()?.err()
}
