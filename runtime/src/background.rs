//! Background tasks that somebody can stop and wait for.

use crate::lock;
use std::future::Future;
use std::sync::{Arc, Mutex};
use tokio::task::JoinHandle;
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
    tasks: Arc<Mutex<Vec<JoinHandle<()>>>>,
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
        // A part may start many short tasks; those that ended well are of no interest.
        if tasks.len() >= 64 {
            tasks.retain(|task| !task.is_finished());
        }
        tasks.push(tokio::spawn(task(self.stop.clone())));
    }

    /// What the tasks are cancelled by.
    pub fn stopped(&self) -> &CancellationToken {
        &self.stop
    }

    /// Asks all tasks to end.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Takes the tasks, to wait for them or to abort them.
    pub(crate) fn take(&self) -> Vec<JoinHandle<()>> {
        std::mem::take(&mut lock(&self.tasks))
    }
}
