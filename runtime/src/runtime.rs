//! The entrance: what knows all orchestrators, runs them on an engine, and ends them.

mod active;
mod builder;
mod drive;
mod options;
mod recovery;
mod shutdown;

pub use builder::RuntimeBuilder;
pub use options::RunOptions;
pub use recovery::Recovery;
pub use shutdown::{PartFailure, PartReport, ShutdownReport};

use active::ActiveRuns;

use crate::engine::{Engine, EngineRun, RunInfo};
use crate::error::{RunError, RuntimeError};
use crate::id::{DecisionId, RunId};
use crate::observer::RunObserver;
use crate::orchestrator::{DynOrchestrator, ErasedError, Layer, Orchestrator, OrchestratorInfo};
use crate::payload::Payload;
use crate::registry::Registry;
use serde::Serialize;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// All orchestrators of an application on one engine. There is no global one: hand it to whoever needs it; clones are the
/// same runtime.
#[derive(Clone)]
pub struct Runtime {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Arc<dyn Engine>,
    registry: Arc<Registry>,
    observers: Arc<[Arc<dyn RunObserver>]>,
    maximum_depth: u32,
    /// Cancelled when the runtime shuts down: nothing new begins.
    shutdown: CancellationToken,
    /// Cancelled when its time to do so is over: whatever is still being executed is dropped where it is.
    abort: CancellationToken,
    active: ActiveRuns,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Nobody has shut it down, and nobody can any more: no task stays behind.
        self.shutdown.cancel();
        for part in self.registry.parts() {
            part.background.stop();
            drop(part.background.take());
        }
    }
}

impl Runtime {
    /// A runtime without orchestrators, to which they are added.
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder::default()
    }

    /// Runs an orchestrator with a new run id.
    ///
    /// If the future is dropped, the run stops where it is and stays resumable.
    ///
    /// # Errors
    /// What the orchestrator fails with.
    pub async fn run<O: Orchestrator>(&self, input: O::Input) -> Result<O::Output, RunError<O::Error>> {
        self.run_with::<O>(RunOptions::new(), input).await
    }

    /// Runs an orchestrator with a run id, deadline and the like of one's own.
    ///
    /// A run of the same id, orchestrator and input is not begun again but gone on with, and if it is finished, its result
    /// is handed back: whoever is not sure whether a request got through asks again with the same id.
    ///
    /// # Errors
    /// What the orchestrator fails with. [`RuntimeError::RunExists`] if the id is taken by another run.
    pub async fn run_with<O: Orchestrator>(
        &self,
        options: RunOptions,
        input: O::Input,
    ) -> Result<O::Output, RunError<O::Error>> {
        let input = Payload::encode(&input)?;
        typed::<O>(self.run_named(O::NAME, options, input).await)
    }

    /// Goes on with a run.
    ///
    /// # Errors
    /// What the orchestrator fails with. [`RuntimeError::RunNotFound`], [`RuntimeError::RunBusy`], [`RuntimeError::Drift`].
    pub async fn resume<O: Orchestrator>(&self, run: &RunId) -> Result<O::Output, RunError<O::Error>> {
        typed::<O>(self.resume_dyn(run).await)
    }

    /// Runs the orchestrator of this name, with JSON in and out.
    ///
    /// # Errors
    /// What the orchestrator fails with. [`RuntimeError::NotRegistered`].
    pub async fn run_named(
        &self,
        name: &str,
        options: RunOptions,
        input: Payload,
    ) -> Result<Payload, RunError<ErasedError>> {
        let orchestrator = Arc::clone(&self.inner.registry.find(name)?.orchestrator);
        let header = options.header(orchestrator.as_ref(), input);
        let run = match self.inner.engine.create(header.clone()).await {
            Ok(run) => run,
            Err(RuntimeError::RunExists(id)) => {
                let run = self.inner.engine.open(&id).await?;
                if !run.header().is_repetition_of(&header) {
                    return Err(RuntimeError::RunExists(id).into());
                }
                run
            }
            Err(error) => return Err(error.into()),
        };
        self.drive(run.as_ref()).await
    }

    /// Goes on with a run, with JSON out.
    ///
    /// # Errors
    /// Those of [`resume`](Self::resume).
    pub async fn resume_dyn(&self, run: &RunId) -> Result<Payload, RunError<ErasedError>> {
        let run = self.inner.engine.open(run).await?;
        self.drive(run.as_ref()).await
    }

    /// Executes a run that an engine has opened. This is the entrance for engines that call by themselves, such as a server
    /// that hands out work.
    ///
    /// # Errors
    /// What the orchestrator fails with. [`RuntimeError::NotRegistered`] and [`RuntimeError::Drift`].
    pub async fn drive(&self, run: &dyn EngineRun) -> Result<Payload, RunError<ErasedError>> {
        drive::drive(&self.inner, run).await
    }

    /// Records the answer to a question that a run waits for. [`resume`](Self::resume) goes on with it.
    ///
    /// # Errors
    /// [`RuntimeError::NoSuchDecision`], [`RuntimeError::AlreadyDecided`], [`RuntimeError::RunBusy`].
    pub async fn decide(
        &self,
        run: &RunId,
        decision: &DecisionId,
        answer: &impl Serialize,
    ) -> Result<(), RuntimeError> {
        self.inner.engine.answer(run, decision, Payload::encode(answer)?).await
    }

    /// Records the answer to a question that a run waits for, and goes on with the run. If other branches of it are still
    /// being executed here, it waits for them first.
    ///
    /// # Errors
    /// Those of [`decide`](Self::decide), and what the orchestrator fails with.
    pub async fn decide_and_resume<O: Orchestrator>(
        &self,
        run: &RunId,
        decision: &DecisionId,
        answer: &impl Serialize,
    ) -> Result<O::Output, RunError<O::Error>> {
        self.decide(run, decision, answer).await?;
        self.inner.active.ended(run).await;
        self.resume::<O>(run).await
    }

    /// Stops a run that is being executed here, where it is. Nothing is recorded, and it can be resumed. Says whether it was.
    ///
    /// Steps in flight are not dropped; a long one watches [`Attempt::cancellation`](crate::Attempt::cancellation).
    pub fn cancel(&self, run: &RunId) -> bool {
        self.inner.active.cancel(run)
    }

    /// What is known about a run.
    ///
    /// # Errors
    /// [`RuntimeError::RunNotFound`], [`RuntimeError::Corrupt`].
    pub async fn inspect(&self, run: &RunId) -> Result<RunInfo, RuntimeError> {
        self.inner.engine.inspect(run).await
    }

    /// The orchestrator of this type.
    ///
    /// # Errors
    /// [`RuntimeError::NotRegistered`].
    pub fn get<O: Orchestrator>(&self) -> Result<Arc<O>, RuntimeError> {
        self.inner.registry.get::<O>()
    }

    /// The orchestrator of this name.
    ///
    /// # Errors
    /// [`RuntimeError::NotRegistered`].
    pub fn get_named(&self, name: &str) -> Result<Arc<dyn DynOrchestrator>, RuntimeError> {
        Ok(Arc::clone(&self.inner.registry.find(name)?.orchestrator))
    }

    /// The orchestrators of this layer, sorted by name.
    pub fn get_by_layer(&self, layer: Layer) -> Vec<OrchestratorInfo> {
        self.inner.registry.list(Some(layer))
    }

    /// All orchestrators, sorted by name.
    pub fn list(&self) -> Vec<OrchestratorInfo> {
        self.inner.registry.list(None)
    }
}

/// Puts the types back on.
pub(crate) fn typed<O: Orchestrator>(
    result: Result<Payload, RunError<ErasedError>>,
) -> Result<O::Output, RunError<O::Error>> {
    match result {
        Ok(output) => Ok(output.decode()?),
        Err(RunError::Failed(failure)) => {
            Err(RunError::Failed(failure.try_map(|error| error.data.decode::<O::Error>())?))
        }
        Err(RunError::Interrupted(interrupt)) => Err(RunError::Interrupted(interrupt)),
        Err(RunError::Stuck(stuck)) => Err(RunError::Stuck(stuck)),
        Err(RunError::Runtime(error)) => Err(RunError::Runtime(error)),
    }
}
