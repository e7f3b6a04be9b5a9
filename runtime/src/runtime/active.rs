//! What is being executed here.

use crate::error::RuntimeError;
use crate::id::RunId;
use crate::lock;
use std::collections::BTreeMap;
use std::sync::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

#[derive(Default)]
pub(super) struct ActiveRuns {
    runs: Mutex<BTreeMap<RunId, CancellationToken>>,
    /// Told whenever one has ended.
    ended: Notify,
}

/// A run that is being executed, for as long as this lives.
pub(super) struct Active<'a> {
    runs: &'a ActiveRuns,
    run: &'a RunId,
    token: CancellationToken,
}

impl ActiveRuns {
    pub(super) fn enter<'a>(&'a self, run: &'a RunId, token: CancellationToken) -> Result<Active<'a>, RuntimeError> {
        let mut runs = lock(&self.runs);
        if runs.contains_key(run) {
            return Err(RuntimeError::RunBusy(run.clone()));
        }
        runs.insert(run.clone(), token.clone());
        Ok(Active { runs: self, run, token })
    }

    pub(super) fn cancel(&self, run: &RunId) -> bool {
        let token = lock(&self.runs).get(run).cloned();
        token.map(|token| token.cancel()).is_some()
    }

    pub(super) fn list(&self) -> Vec<RunId> {
        lock(&self.runs).keys().cloned().collect()
    }

    /// Waits until a run is not executed here.
    pub(super) async fn ended(&self, run: &RunId) {
        self.wait_until(|runs| !runs.contains_key(run)).await;
    }

    /// Waits until no run is executed here.
    pub(super) async fn all_ended(&self) {
        self.wait_until(BTreeMap::is_empty).await;
    }

    async fn wait_until(&self, is_so: impl Fn(&BTreeMap<RunId, CancellationToken>) -> bool) {
        loop {
            // Asked for before looking, so that an end in between is not missed.
            let ended = self.ended.notified();
            if is_so(&lock(&self.runs)) {
                return;
            }
            ended.await;
        }
    }
}

impl Active<'_> {
    pub(super) fn token(&self) -> &CancellationToken {
        &self.token
    }
}

impl Drop for Active<'_> {
    fn drop(&mut self) {
        lock(&self.runs.runs).remove(self.run);
        self.runs.ended.notify_waiters();
    }
}
