//! Taking a page off the site.

use super::services::{Index, Pages};
use super::site::SiteError;
use baton_runtime::{
    self as baton, Effect, Kind, Layer, Lazy, Orchestrator, RetryPolicy, RunContext, RunError, StepError,
};
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(10);

/// Makes a page unfindable, and removes it.
#[baton::orchestrator(layer = "domain", cross_domain = [])]
pub(crate) struct Withdraw {
    pages: Arc<Pages>,
    index: Arc<Lazy<Index>>,
}

impl Withdraw {
    pub(crate) fn new(pages: Arc<Pages>, index: Arc<Lazy<Index>>) -> Self {
        Self { pages, index }
    }
}

impl Orchestrator for Withdraw {
    const NAME: &'static str = "withdraw";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = String;
    type Output = ();
    type Error = SiteError;

    async fn orchestrate(&self, cx: &RunContext<'_>, name: String) -> Result<(), RunError<SiteError>> {
        let there: bool = cx.step("look").effect(Effect::ReadOnly).run(async |_| Ok(self.pages.has(&name)?)).await?;
        if !there {
            return Err(SiteError::Absent(name).into());
        }
        cx.step("forget")
            .retry(RetryPolicy::default().initial_interval(PAUSE).maximum_attempts(3))
            .run(async |_| {
                let index = self.index.get().await.map_err(SiteError::from)?;
                index.forget(&name);
                Ok::<_, StepError<SiteError>>(())
            })
            .await?;
        cx.step("remove").run(async |_| Ok(self.pages.remove(&name)?)).await
    }
}
