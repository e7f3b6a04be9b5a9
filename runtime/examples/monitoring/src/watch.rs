//! The orchestrator that watches: probes in the background, and a verdict for whoever asks.

use super::fleet::Fleet;
use super::health::{self, FleetError, Verdict};
use baton_runtime::{self as baton, Background, Effect, Kind, Layer, Orchestrator, RunContext, RunError, StepError};
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(20);

/// Probes all services again and again, from its first run until the runtime shuts down.
#[baton::orchestrator(layer = "infrastructure", cross_domain = [])]
pub(crate) struct Watch {
    fleet: Arc<Fleet>,
    hang: bool,
}

impl Watch {
    /// A watch of these services. With `hang`, one of its tasks doesn't end when it is asked to.
    pub(crate) fn new(fleet: Arc<Fleet>, hang: bool) -> Self {
        Self { fleet, hang }
    }
}

impl Orchestrator for Watch {
    const NAME: &'static str = "watch";
    const LAYER: Layer = Layer::Infrastructure;
    const KIND: Kind = Kind::Monitoring;
    const SHUTDOWN_LIMIT: Duration = Duration::from_millis(200);
    type Input = ();
    type Output = Verdict;
    type Error = FleetError;

    async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Result<Verdict, RunError<FleetError>> {
        let look = cx.step("look").effect(Effect::ReadOnly);
        let readings = look.run(async |_| Ok::<_, StepError<FleetError>>(self.fleet.board())).await?;
        Ok(health::judge(&readings))
    }

    fn start(&self, background: &Background) {
        let fleet = Arc::clone(&self.fleet);
        background.spawn(|stop| async move {
            // The pause ends as soon as the runtime shuts down; a probe under way is not cut off.
            while stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_some() {
                fleet.probe();
            }
        });
        if self.hang {
            let fleet = Arc::clone(&self.fleet);
            background.spawn(|_| async move { fleet.hang().await });
        }
    }
}
