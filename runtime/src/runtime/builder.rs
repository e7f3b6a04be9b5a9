//! How a runtime is put together.

use super::active::ActiveRuns;
use super::{Inner, Runtime};
use crate::engine::Engine;
use crate::error::RuntimeError;
use crate::observer::RunObserver;
use crate::orchestrator::Orchestrator;
use crate::registry::Registry;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The depth of orchestrators that call orchestrators, if nothing is said.
const MAXIMUM_DEPTH: u32 = 16;

/// Collects the parts of a [`Runtime`].
#[must_use]
pub struct RuntimeBuilder {
    engine: Option<Arc<dyn Engine>>,
    registry: Registry,
    observers: Vec<Arc<dyn RunObserver>>,
    maximum_depth: u32,
}

impl Default for RuntimeBuilder {
    fn default() -> Self {
        let (engine, registry, observers) = (None, Registry::default(), Vec::new());
        Self { engine, registry, observers, maximum_depth: MAXIMUM_DEPTH }
    }
}

impl RuntimeBuilder {
    /// Where runs are kept.
    pub fn engine(mut self, engine: impl Engine) -> Self {
        self.engine = Some(Arc::new(engine));
        self
    }

    /// Adds an orchestrator. Those added later are shut down earlier.
    ///
    /// # Errors
    /// [`RuntimeError::Duplicate`] if there is one of this name, [`RuntimeError::InvalidId`] if the name is none.
    pub fn register<O: Orchestrator>(mut self, orchestrator: O) -> Result<Self, RuntimeError> {
        self.registry.register(orchestrator)?;
        Ok(self)
    }

    /// Adds somebody who is told what happens.
    pub fn observer(mut self, observer: impl RunObserver) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// How deep orchestrators may call each other; 16 if nothing is said.
    pub fn maximum_depth(mut self, depth: u32) -> Self {
        self.maximum_depth = depth;
        self
    }

    /// The runtime. Nothing can be added to it.
    ///
    /// # Errors
    /// [`RuntimeError::Build`] if there is no engine.
    pub fn build(self) -> Result<Runtime, RuntimeError> {
        let engine = self.engine.ok_or_else(|| {
            RuntimeError::Build("it has no engine; add one with `.engine(…)`, a `MemoryEngine` for a start".to_owned())
        })?;
        let inner = Inner {
            engine,
            registry: Arc::new(self.registry),
            observers: self.observers.into(),
            maximum_depth: self.maximum_depth,
            shutdown: CancellationToken::new(),
            abort: CancellationToken::new(),
            active: ActiveRuns::default(),
        };
        Ok(Runtime { inner: Arc::new(inner) })
    }
}
