//! How a pipeline is put together, and what can be wrong with it.

use super::Pipeline;
use super::nodes::{self, Node, Settings, StepNode, Undoing};
use crate::effect::Effect;
use crate::error::{DomainError, StepError};
use crate::id::Name;
use crate::retry::RetryPolicy;
use crate::step::Attempt;
use crate::undo::Undo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Everything that is wrong with a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DefinitionErrors {
    /// The pipeline.
    pub pipeline: String,
    /// What is wrong, in the order in which it was declared.
    pub errors: Vec<String>,
}

impl fmt::Display for DefinitionErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the pipeline `{}` cannot be built: {}", self.pipeline, self.errors.join("; "))
    }
}

impl std::error::Error for DefinitionErrors {}

/// What a builder has last before the first step and behind a group: nothing that could be undone.
#[derive(Debug)]
pub struct Nothing(());

/// Collects the steps of a [`Pipeline`]. `T` is what the last step returns.
#[must_use]
pub struct PipelineBuilder<C, S, E, T> {
    name: String,
    nodes: Vec<Node<C, S, E>>,
    /// Where the undo of the last step goes.
    undoing: Undoing<C, S, E, T>,
    errors: Vec<String>,
}

impl<C, S, E> PipelineBuilder<C, S, E, Nothing> {
    pub(super) fn new(name: String) -> Self {
        Self { name, nodes: Vec::new(), undoing: Arc::default(), errors: Vec::new() }
    }
}

impl<C, S, E, T> PipelineBuilder<C, S, E, T>
where
    C: Send + Sync + 'static,
    S: Clone + Send + Sync + 'static,
    E: DomainError,
    T: 'static,
{
    /// Adds a step. What `action` returns is recorded, and `apply` puts it into the state; `apply` must depend on its
    /// arguments alone.
    pub fn step<T2, F, Fut, A>(mut self, name: impl Into<Name>, action: F, apply: A) -> PipelineBuilder<C, S, E, T2>
    where
        T2: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(Arc<C>, Arc<S>, Attempt) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T2, StepError<E>>> + Send + 'static,
        A: Fn(&mut S, T2) + Send + Sync + 'static,
    {
        let undoing: Undoing<C, S, E, T2> = Arc::default();
        let action = Arc::new(move |collaborators, state, attempt| -> nodes::Attempted<T2, E> {
            Box::pin(action(collaborators, state, attempt))
        });
        let run = nodes::run(action, Arc::clone(&undoing), Arc::new(apply));
        let node = StepNode { name: name.into(), settings: Settings::default(), has_undo: false, run };
        self.nodes.push(Node::Step(node));
        PipelineBuilder { name: self.name, nodes: self.nodes, undoing, errors: self.errors }
    }

    /// Steps side by side, which all see the state as it is before. They are added to a builder of their own.
    pub fn parallel<T2>(
        self,
        name: impl Into<Name>,
        steps: impl FnOnce(PipelineBuilder<C, S, E, Nothing>) -> PipelineBuilder<C, S, E, T2>,
    ) -> PipelineBuilder<C, S, E, Nothing> {
        self.group(name.into(), "parallel", Node::Parallel, steps)
    }

    /// Steps of which each is tried if the one before it has failed. They are added to a builder of their own.
    pub fn fallback<T2>(
        self,
        name: impl Into<Name>,
        steps: impl FnOnce(PipelineBuilder<C, S, E, Nothing>) -> PipelineBuilder<C, S, E, T2>,
    ) -> PipelineBuilder<C, S, E, Nothing> {
        self.group(name.into(), "fallback", Node::Fallback, steps)
    }

    fn group<T2>(
        mut self,
        name: Name,
        kind: &str,
        node: impl FnOnce(Name, Vec<StepNode<C, S, E>>) -> Node<C, S, E>,
        steps: impl FnOnce(PipelineBuilder<C, S, E, Nothing>) -> PipelineBuilder<C, S, E, T2>,
    ) -> PipelineBuilder<C, S, E, Nothing> {
        let group = steps(PipelineBuilder::new(name.as_str().to_owned()));
        self.errors.extend(group.errors);
        let mut inner = Vec::new();
        for step in group.nodes {
            match step {
                Node::Step(step) => inner.push(step),
                Node::Parallel(inner, _) | Node::Fallback(inner, _) => {
                    self.errors.push(format!("the group `{inner}` is inside of `{name}`, and groups do not nest"));
                }
            }
        }
        if inner.len() < 2 {
            self.errors.push(format!("the {kind} group `{name}` needs two steps at least, and has {}", inner.len()));
        }
        self.nodes.push(node(name, inner));
        PipelineBuilder { name: self.name, nodes: self.nodes, undoing: Arc::default(), errors: self.errors }
    }

    /// What the last step does to the world.
    pub fn effect(self, effect: Effect) -> Self {
        self.set("effect", |settings| settings.effect = effect)
    }

    /// When the last step is tried again.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.set("retry", |settings| settings.retry = policy)
    }

    /// How long one attempt of the last step may take.
    pub fn timeout(self, limit: Duration) -> Self {
        self.set("timeout", |settings| settings.timeout = Some(limit))
    }

    /// When the undo of the last step is tried again.
    pub fn undo_retry(self, policy: RetryPolicy) -> Self {
        self.set("undo_retry", |settings| settings.undo_retry = policy)
    }

    /// How long one attempt to undo the last step may take.
    pub fn undo_timeout(self, limit: Duration) -> Self {
        self.set("undo_timeout", |settings| settings.undo_timeout = Some(limit))
    }

    fn set(mut self, what: &str, change: impl FnOnce(&mut Settings)) -> Self {
        match self.nodes.last_mut() {
            Some(Node::Step(step)) => change(&mut step.settings),
            _ => self.errors.push(format!("`{what}` belongs to a step, and there is none before it")),
        }
        self
    }

    /// The pipeline.
    ///
    /// # Errors
    /// All that is wrong with it: no steps, bad names, two of one name, groups of less than two, an undo of a step that only
    /// reads, settings before any step.
    pub fn build(mut self) -> Result<Pipeline<C, S, E>, DefinitionErrors> {
        if self.nodes.is_empty() {
            self.errors.push("it has no steps".to_owned());
        }
        let mut names = BTreeSet::new();
        for node in &self.nodes {
            let (group, steps) = match node {
                Node::Step(step) => (None, std::slice::from_ref(step)),
                Node::Parallel(name, steps) | Node::Fallback(name, steps) => (Some(name), steps.as_slice()),
            };
            for name in group.into_iter().chain(steps.iter().map(|step| &step.name)) {
                if let Err(error) = name.check() {
                    self.errors.push(error.to_string());
                }
                if !names.insert(name.as_str().to_owned()) {
                    self.errors.push(format!("two parts are called `{name}`"));
                }
            }
            for step in steps.iter().filter(|step| step.has_undo && step.settings.effect == Effect::ReadOnly) {
                self.errors.push(format!("the step `{}` only reads, and has an undo", step.name));
            }
        }
        if !self.errors.is_empty() {
            return Err(DefinitionErrors { pipeline: self.name, errors: self.errors });
        }
        let total = self.nodes.iter().map(Node::count).sum();
        Ok(Pipeline { name: self.name, nodes: self.nodes, total })
    }
}

impl<C, S, E, T> PipelineBuilder<C, S, E, T>
where
    C: Send + Sync + 'static,
    S: Clone + Send + Sync + 'static,
    E: DomainError,
    T: Serialize + DeserializeOwned + Send + 'static,
{
    /// How the last step is undone, with the state as it was before it; see
    /// [`Step::compensate`](crate::Step::compensate).
    pub fn compensate<F, Fut>(mut self, undo: F) -> Self
    where
        F: Fn(Arc<C>, Arc<S>, Undo<T>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), StepError<E>>> + Send + 'static,
    {
        let reverse: nodes::Reverse<C, S, E, T> =
            Box::new(move |collaborators, state, call| Box::pin(undo(collaborators, state, call)));
        if let Some(Node::Step(step)) = self.nodes.last_mut() {
            if self.undoing.set(reverse).is_err() {
                self.errors.push(format!("the step `{}` has two undos", step.name));
            }
            step.has_undo = true;
        }
        self
    }
}
