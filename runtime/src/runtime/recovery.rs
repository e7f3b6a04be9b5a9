//! Going on with all runs that are not over, after a restart.

use super::Runtime;
use crate::error::{RunError, RuntimeError};
use crate::id::RunId;
use crate::orchestrator::ErasedError;
use crate::payload::Payload;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};

/// How many runs are opened and read at a time. A run that is open and waits costs no more than its own memory.
const OPENED_AT_A_TIME: usize = 64;

/// What became of the runs that were not over.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Recovery {
    /// How many succeeded.
    pub completed: usize,
    /// How many failed, with all that had to be undone.
    pub failed: usize,
    /// Which failed and could not be undone as a whole.
    pub stuck: Vec<RunId>,
    /// How many wait for an answer, or were interrupted.
    pub interrupted: usize,
    /// How many are run by somebody else.
    pub busy: usize,
    /// Which could not be gone on with, and why. They stay as they are.
    pub broken: Vec<(RunId, RuntimeError)>,
}

impl Recovery {
    fn count(&mut self, run: RunId, result: Result<Payload, RunError<ErasedError>>) {
        match result {
            Ok(_) => self.completed += 1,
            Err(RunError::Failed(_)) => self.failed += 1,
            Err(RunError::Stuck(_)) => self.stuck.push(run),
            Err(RunError::Interrupted(_)) => self.interrupted += 1,
            Err(RunError::Runtime(RuntimeError::RunBusy(_))) => self.busy += 1,
            // Somebody else has finished or removed it since the list was made.
            Err(RunError::Runtime(RuntimeError::RunNotFound(_))) => {}
            Err(RunError::Runtime(error)) => self.broken.push((run, error)),
        }
    }

    fn count_task(&mut self, ended: Result<(RunId, Result<Payload, RunError<ErasedError>>), JoinError>) {
        // A panic of a body is an error of its run already, and nobody aborts these tasks.
        if let Ok((run, result)) = ended {
            self.count(run, result);
        }
    }
}

impl Runtime {
    /// Goes on with all runs that are not over, side by side, and returns when each has ended or waits for an answer.
    ///
    /// A run that sleeps for a day takes a day: spawn this beside whatever else the application does. If the future is
    /// dropped, the runs stop where they are.
    ///
    /// ```
    /// # use baton_runtime::{MemoryEngine, Runtime};
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let runtime = Runtime::builder().engine(MemoryEngine::new()).build()?;
    /// let recovering = tokio::spawn({
    ///     let runtime = runtime.clone();
    ///     async move { runtime.recover().await }
    /// });
    /// // Serve requests meanwhile.
    /// assert_eq!(recovering.await??.completed, 0);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A [`RuntimeError`] if the runs cannot be listed. What goes wrong with one of them is in the report.
    pub async fn recover(&self) -> Result<Recovery, RuntimeError> {
        let runs = self.inner.engine.open_runs().await?;
        let (mut recovery, mut tasks) = (Recovery::default(), JoinSet::new());
        let opening = Arc::new(Semaphore::new(OPENED_AT_A_TIME));
        for run in runs {
            let Ok(permit) = Arc::clone(&opening).acquire_owned().await else { break };
            let runtime = self.clone();
            tasks.spawn(async move {
                let opened = runtime.inner.engine.open(&run).await;
                drop(permit);
                let result = match opened {
                    Ok(opened) => runtime.drive(opened.as_ref()).await,
                    Err(error) => Err(error.into()),
                };
                (run, result)
            });
            while let Some(ended) = tasks.try_join_next() {
                recovery.count_task(ended);
            }
        }
        while let Some(ended) = tasks.join_next().await {
            recovery.count_task(ended);
        }
        recovery.stuck.sort_unstable();
        recovery.broken.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(recovery)
    }
}
