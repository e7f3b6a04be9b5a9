//! What a caller may say about a run.

use crate::engine::RunHeader;
use crate::id::{RequestId, RunId, TenantId};
use crate::orchestrator::DynOrchestrator;
use crate::payload::Payload;
use crate::trace::TraceContext;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// What a caller may say about a run. What isn't said is made up: a new run id, a new request, a new trace, no deadline.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct RunOptions {
    run: Option<RunId>,
    tenant: TenantId,
    request: Option<RequestId>,
    trace: Option<TraceContext>,
    deadline: Option<SystemTime>,
    metadata: BTreeMap<String, String>,
}

impl RunOptions {
    /// Nothing is said.
    pub fn new() -> Self {
        Self::default()
    }

    /// The run's id, such as the number of an order: a second run of it is the same run.
    pub fn run_id(mut self, run: RunId) -> Self {
        self.run = Some(run);
        self
    }

    /// On whose behalf.
    pub fn tenant(mut self, tenant: TenantId) -> Self {
        self.tenant = tenant;
        self
    }

    /// For which request.
    pub fn request(mut self, request: RequestId) -> Self {
        self.request = Some(request);
        self
    }

    /// In which trace.
    pub fn trace(mut self, trace: TraceContext) -> Self {
        self.trace = Some(trace);
        self
    }

    /// When no new step may begin any more.
    pub fn deadline(mut self, deadline: SystemTime) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How long from now new steps may begin.
    pub fn within(self, limit: Duration) -> Self {
        match SystemTime::now().checked_add(limit) {
            Some(deadline) => self.deadline(deadline),
            None => self,
        }
    }

    /// Something else that the run should know.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    pub(crate) fn header(self, orchestrator: &dyn DynOrchestrator, input: Payload) -> RunHeader {
        RunHeader {
            run: self.run.unwrap_or_else(RunId::generate),
            orchestrator: orchestrator.name().to_owned(),
            version: orchestrator.version(),
            definition: orchestrator.definition(),
            tenant: self.tenant,
            request: self.request.unwrap_or_else(RequestId::generate),
            trace: self.trace.unwrap_or_else(TraceContext::generate),
            deadline: self.deadline,
            metadata: self.metadata,
            input,
        }
    }
}
