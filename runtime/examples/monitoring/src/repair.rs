//! The orchestrator that mends: a run that takes its time, and can be called off.

use super::fleet::Fleet;
use super::health::{FleetError, Illness};
use baton_runtime::{self as baton, Kind, Layer, Orchestrator, RunContext, RunError};
use std::sync::Arc;

/// Takes a service out, waits for its open requests and starts it again.
#[baton::orchestrator(layer = "infrastructure", cross_domain = [])]
pub(crate) struct Repair {
    fleet: Arc<Fleet>,
}

impl Repair {
    pub(crate) fn new(fleet: Arc<Fleet>) -> Self {
        Self { fleet }
    }
}

impl Orchestrator for Repair {
    const NAME: &'static str = "repair";
    const LAYER: Layer = Layer::Infrastructure;
    const KIND: Kind = Kind::Lifecycle;
    type Input = Illness;
    type Output = ();
    type Error = FleetError;

    async fn orchestrate(&self, cx: &RunContext<'_>, illness: Illness) -> Result<(), RunError<FleetError>> {
        let service = illness.service.as_str();
        cx.step("drain").run(async |_| Ok(self.fleet.drain(service)?)).await?;
        cx.sleep(Fleet::GRACE).await?;
        cx.step("restart").run(async |_| Ok(self.fleet.restart(service)?)).await
    }
}
