//! The coordinator: which orchestrator does what is asked.

use super::publish::Publish;
use super::services::Pages;
use super::site::{Answer, Operation, SiteError};
use super::withdraw::Withdraw;
use baton_runtime::{self as baton, Effect, Kind, Layer, Orchestrator, RunContext, RunError};
use std::sync::Arc;

/// One entrance for all that can be done with the site.
#[baton::orchestrator(layer = "application", cross_domain = [])]
pub(crate) struct Desk {
    pages: Arc<Pages>,
}

impl Desk {
    pub(crate) fn new(pages: Arc<Pages>) -> Self {
        Self { pages }
    }
}

impl Orchestrator for Desk {
    const NAME: &'static str = "desk";
    const LAYER: Layer = Layer::Application;
    const KIND: Kind = Kind::Coordination;
    type Input = Operation;
    type Output = Answer;
    type Error = SiteError;

    async fn orchestrate(&self, cx: &RunContext<'_>, operation: Operation) -> Result<Answer, RunError<SiteError>> {
        match operation {
            Operation::Publish(page) => cx.child::<Publish>(page).await.map(Answer::Published),
            Operation::Withdraw(name) => cx.child::<Withdraw>(name).await.map(|()| Answer::Withdrawn),
            Operation::List => {
                let list = cx.step("list").effect(Effect::ReadOnly);
                list.run(async |_| Ok(self.pages.names()?)).await.map(Answer::Pages)
            }
        }
    }
}
