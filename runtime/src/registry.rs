//! The orchestrators that a runtime knows, by name and by type. It is complete before anything runs.

use crate::background::Background;
use crate::error::RuntimeError;
use crate::orchestrator::{DynOrchestrator, Layer, Orchestrator, OrchestratorInfo};
use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Arc, Once};

#[derive(Default)]
pub(crate) struct Registry {
    /// In the order of registration.
    parts: Vec<Part>,
    by_name: BTreeMap<&'static str, usize>,
    by_type: BTreeMap<TypeId, usize>,
}

/// One registered orchestrator, with what it started.
pub(crate) struct Part {
    pub(crate) orchestrator: Arc<dyn DynOrchestrator>,
    typed: Arc<dyn Any + Send + Sync>,
    pub(crate) background: Background,
    started: Once,
}

impl Part {
    /// Starts the background tasks, on first use.
    pub(crate) fn start(&self) {
        self.started.call_once(|| self.orchestrator.start(&self.background));
    }

    pub(crate) fn was_started(&self) -> bool {
        self.started.is_completed()
    }
}

impl Registry {
    pub(crate) fn register<O: Orchestrator>(&mut self, orchestrator: O) -> Result<(), RuntimeError> {
        if self.by_name.contains_key(O::NAME) {
            return Err(RuntimeError::Duplicate(O::NAME.to_owned()));
        }
        crate::id::Name::from(O::NAME).check()?;
        let orchestrator = Arc::new(orchestrator);
        let at = self.parts.len();
        self.by_name.insert(O::NAME, at);
        self.by_type.insert(TypeId::of::<O>(), at);
        let typed: Arc<dyn Any + Send + Sync> = Arc::clone(&orchestrator) as _;
        self.parts.push(Part { orchestrator, typed, background: Background::default(), started: Once::new() });
        Ok(())
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(crate) fn find(&self, name: &str) -> Result<&Part, RuntimeError> {
        let part = self.by_name.get(name).and_then(|at| self.parts.get(*at));
        part.ok_or_else(|| RuntimeError::NotRegistered(name.to_owned()))
    }

    /// The orchestrator of this type, with its background tasks started.
    pub(crate) fn get<O: Orchestrator>(&self) -> Result<Arc<O>, RuntimeError> {
        let part = self.by_type.get(&TypeId::of::<O>()).and_then(|at| self.parts.get(*at));
        let missing = || RuntimeError::NotRegistered(O::NAME.to_owned());
        let part = part.ok_or_else(missing)?;
        part.start();
        Arc::clone(&part.typed).downcast::<O>().map_err(|_| missing())
    }

    pub(crate) fn list(&self, layer: Option<Layer>) -> Vec<OrchestratorInfo> {
        let infos = self.parts.iter().map(|part| OrchestratorInfo::of(part.orchestrator.as_ref()));
        let mut infos: Vec<_> = infos.filter(|info| layer.is_none_or(|layer| info.layer == layer)).collect();
        infos.sort_unstable();
        infos
    }
}
