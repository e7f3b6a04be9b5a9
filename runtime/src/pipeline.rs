//! Pipelines: steps that are declared before they run, so that mistakes, totals and changes are known beforehand.

mod build;
mod nodes;

pub use build::{DefinitionErrors, Nothing, PipelineBuilder};

use crate::context::RunContext;
use crate::definition::Definition;
use crate::error::{DomainError, RunError};
use crate::observer::Progress;
use nodes::{Apply, Node, StepNode};
use std::sync::Arc;

/// Steps in a declared order, over collaborators of type `C` and a state of type `S`.
///
/// A step is a function of the collaborators, the state and the attempt; what it returns is recorded, and a pure function
/// puts it into the state. The state itself is never recorded: it is made from the input and what the steps returned, on
/// every execution.
///
/// ```
/// use baton_runtime::{Attempt, Pipeline, SimpleError, StepError, Undo};
/// use std::sync::Arc;
///
/// struct Shop;
///
/// #[derive(Clone)]
/// struct Order {
///     item: u32,
///     reservation: Option<u32>,
///     receipt: Option<String>,
/// }
///
/// type Failed = StepError<SimpleError>;
///
/// async fn reserve(_shop: Arc<Shop>, order: Arc<Order>, _: Attempt) -> Result<u32, Failed> {
///     Ok(order.item * 10)
/// }
///
/// async fn release(_shop: Arc<Shop>, _: Arc<Order>, _undo: Undo<u32>) -> Result<(), Failed> {
///     Ok(())
/// }
///
/// async fn charge(_shop: Arc<Shop>, _: Arc<Order>, attempt: Attempt) -> Result<String, Failed> {
///     Ok(attempt.idempotency_key().to_string())
/// }
///
/// let pipeline = Pipeline::builder("checkout")
///     .step("reserve", reserve, |order: &mut Order, reservation| order.reservation = Some(reservation))
///     .compensate(release)
///     .step("charge", charge, |order, receipt| order.receipt = Some(receipt))
///     .build()?;
/// assert_eq!(pipeline.total(), 2);
/// # Ok::<_, baton_runtime::DefinitionErrors>(())
/// ```
pub struct Pipeline<C, S, E> {
    name: String,
    nodes: Vec<Node<C, S, E>>,
    total: usize,
}

impl<C, S, E> Pipeline<C, S, E>
where
    C: Send + Sync + 'static,
    S: Clone + Send + Sync + 'static,
    E: DomainError,
{
    /// A pipeline without steps, to which they are added.
    pub fn builder(name: impl Into<String>) -> PipelineBuilder<C, S, E, Nothing> {
        PipelineBuilder::new(name.into())
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many steps there are. All branches of a fallback are one.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Its steps as lines of text, for [`Orchestrator::definition`](crate::Orchestrator::definition): a run that began with
    /// other ones is not gone on with.
    pub fn definition(&self) -> Definition {
        let mut lines = vec![format!("pipeline {}", self.name)];
        lines.extend(self.nodes.iter().flat_map(Node::lines));
        Definition::new(lines)
    }

    /// Runs the steps in their order.
    ///
    /// # Errors
    /// The failure of the first step that fails. What has an undo is undone when the run ends by it.
    pub async fn run(&self, cx: &RunContext<'_>, collaborators: &Arc<C>, state: S) -> Result<S, RunError<E>> {
        let mut state = Arc::new(state);
        let mut step = 1;
        for node in &self.nodes {
            let progress = |step| Progress { step, total: self.total };
            let now = Arc::clone(&state);
            let applies = match node {
                Node::Step(node) => vec![self.run_step(cx, node, progress(step), collaborators, now).await?],
                Node::Parallel(name, nodes) => {
                    let mut parallel = cx.parallel(name.clone());
                    for (at, node) in nodes.iter().enumerate() {
                        let now = Arc::clone(&now);
                        let progress = progress(step + at);
                        parallel = parallel.branch(node.name.clone(), move |cx| async move {
                            self.run_step(&cx, node, progress, collaborators, now).await
                        });
                    }
                    parallel.run().await?
                }
                Node::Fallback(name, nodes) => {
                    let mut fallback = cx.fallback(name.clone());
                    for node in nodes {
                        let now = Arc::clone(&now);
                        let progress = progress(step);
                        fallback = fallback.branch(node.name.clone(), move |cx| async move {
                            self.run_step(&cx, node, progress, collaborators, now).await
                        });
                    }
                    vec![fallback.run().await?]
                }
            };
            step += node.count();
            let state = Arc::make_mut(&mut state);
            for apply in applies {
                apply(state);
            }
        }
        Ok(Arc::unwrap_or_clone(state))
    }

    async fn run_step(
        &self,
        cx: &RunContext<'_>,
        node: &StepNode<C, S, E>,
        progress: Progress,
        collaborators: &Arc<C>,
        state: Arc<S>,
    ) -> Result<Apply<S>, RunError<E>> {
        (node.run)(cx, node, progress, Arc::clone(collaborators), state).await
    }
}
