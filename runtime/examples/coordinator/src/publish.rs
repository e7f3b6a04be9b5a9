//! Putting a page on the site.

use super::services::{Index, Pages};
use super::site::{self, Page, SiteError};
use baton_runtime::{
    self as baton, Kind, Layer, Lazy, Orchestrator, RetryPolicy, RunContext, RunError, StepError, Undo,
};
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(10);

/// Writes a page and makes it findable, or neither.
#[baton::orchestrator(layer = "domain", cross_domain = [])]
pub(crate) struct Publish {
    pages: Arc<Pages>,
    index: Arc<Lazy<Index>>,
}

impl Publish {
    pub(crate) fn new(pages: Arc<Pages>, index: Arc<Lazy<Index>>) -> Self {
        Self { pages, index }
    }
}

impl Orchestrator for Publish {
    const NAME: &'static str = "publish";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = Page;
    type Output = usize;
    type Error = SiteError;

    async fn orchestrate(&self, cx: &RunContext<'_>, page: Page) -> Result<usize, RunError<SiteError>> {
        let (pages, name) = (Arc::clone(&self.pages), page.name.clone());
        cx.step("write")
            .compensate(move |undo: Undo<()>| {
                let taken_back = pages.take_back(&name, undo.step_key.as_str());
                async { Ok::<_, StepError<SiteError>>(taken_back?) }
            })
            .run(async |attempt| Ok(self.pages.write(&page, attempt.idempotency_key().as_str())?))
            .await?;
        let words = site::words(&page);
        cx.step("index")
            .retry(RetryPolicy::default().initial_interval(PAUSE).maximum_attempts(3))
            .run(async |_| {
                let index = self.index.get().await.map_err(SiteError::from)?;
                index.add(&page.name, &words);
                Ok::<_, StepError<SiteError>>(())
            })
            .await?;
        Ok(words.len())
    }
}
