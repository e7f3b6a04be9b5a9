//! What a pipeline is made of.

use crate::context::RunContext;
use crate::effect::Effect;
use crate::engine::BoxFuture;
use crate::error::{DomainError, RunError, StepError};
use crate::id::Name;
use crate::observer::Progress;
use crate::retry::RetryPolicy;
use crate::step::Attempt;
use crate::undo::Undo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Puts what a step returned into the state.
pub(super) type Apply<S> = Box<dyn FnOnce(&mut S) + Send>;

/// Runs a step, whatever it returns.
pub(super) type Run<C, S, E> = Box<
    dyn for<'r> Fn(
            &'r RunContext<'_>,
            &'r StepNode<C, S, E>,
            Progress,
            Arc<C>,
            Arc<S>,
        ) -> BoxFuture<'r, Result<Apply<S>, RunError<E>>>
        + Send
        + Sync,
>;

/// How the value of a step gets into the state.
pub(super) type Keep<S, T> = Arc<dyn Fn(&mut S, T) + Send + Sync>;

pub(super) type Attempted<T, E> = BoxFuture<'static, Result<T, StepError<E>>>;

pub(super) type Action<C, S, E, T> = Arc<dyn Fn(Arc<C>, Arc<S>, Attempt) -> Attempted<T, E> + Send + Sync>;

pub(super) type Reverse<C, S, E, T> = Box<dyn Fn(Arc<C>, Arc<S>, Undo<T>) -> Attempted<(), E> + Send + Sync>;

/// Where the undo of a step goes, which is told after the step.
pub(super) type Undoing<C, S, E, T> = Arc<OnceLock<Reverse<C, S, E, T>>>;

/// A step and how it is carried out.
pub(super) struct StepNode<C, S, E> {
    pub(super) name: Name,
    pub(super) settings: Settings,
    pub(super) has_undo: bool,
    pub(super) run: Run<C, S, E>,
}

#[derive(Clone, Default)]
pub(super) struct Settings {
    pub(super) effect: Effect,
    pub(super) retry: RetryPolicy,
    pub(super) timeout: Option<Duration>,
    pub(super) undo_retry: RetryPolicy,
    pub(super) undo_timeout: Option<Duration>,
}

pub(super) enum Node<C, S, E> {
    Step(StepNode<C, S, E>),
    Parallel(Name, Vec<StepNode<C, S, E>>),
    Fallback(Name, Vec<StepNode<C, S, E>>),
}

impl<C, S, E> StepNode<C, S, E> {
    fn line(&self) -> String {
        let effect = match self.settings.effect {
            Effect::ReadOnly => "read only",
            Effect::Idempotent => "idempotent",
            Effect::AtMostOnce => "at most once",
        };
        let undo = if self.has_undo { ", with undo" } else { "" };
        format!("step {}: {effect}{undo}", self.name)
    }
}

impl<C, S, E> Node<C, S, E> {
    /// How many steps it counts as.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Step(_) | Self::Fallback(..) => 1,
            Self::Parallel(_, nodes) => nodes.len(),
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let group = |kind: &str, name: &Name, nodes: &[StepNode<C, S, E>]| {
            let branches = nodes.iter().map(|node| format!("{kind} {name}, {}", node.line()));
            branches.collect()
        };
        match self {
            Self::Step(node) => vec![node.line()],
            Self::Parallel(name, nodes) => group("parallel", name, nodes),
            Self::Fallback(name, nodes) => group("fallback", name, nodes),
        }
    }
}

/// A step whose types are known, run through the context as any other.
pub(super) fn run<C, S, E, T>(
    action: Action<C, S, E, T>,
    undoing: Undoing<C, S, E, T>,
    apply: Keep<S, T>,
) -> Run<C, S, E>
where
    C: Send + Sync + 'static,
    S: Send + Sync + 'static,
    E: DomainError,
    T: Serialize + DeserializeOwned + Send + 'static,
{
    Box::new(move |cx, node, progress, collaborators, state| {
        let (action, undoing, apply) = (Arc::clone(&action), Arc::clone(&undoing), Arc::clone(&apply));
        let Settings { effect, retry, timeout, undo_retry, undo_timeout } = node.settings.clone();
        let mut step = cx.step(node.name.clone()).effect(effect).retry(retry).numbered(progress);
        if let Some(limit) = timeout {
            step = step.timeout(limit);
        }
        Box::pin(async move {
            let (for_undo, state_before) = (Arc::clone(&collaborators), Arc::clone(&state));
            let attempt = move |attempt| action(Arc::clone(&collaborators), Arc::clone(&state), attempt);
            let value = if undoing.get().is_some() {
                let undo = move |call| reverse(&undoing, &for_undo, &state_before, call);
                let mut step = step.compensate(undo).undo_retry(undo_retry);
                if let Some(limit) = undo_timeout {
                    step = step.undo_timeout(limit);
                }
                step.run(attempt).await?
            } else {
                step.run(attempt).await?
            };
            let apply: Apply<S> = Box::new(move |state| apply(state, value));
            Ok(apply)
        })
    })
}

fn reverse<C, S, E: DomainError, T>(
    undoing: &Undoing<C, S, E, T>,
    collaborators: &Arc<C>,
    state: &Arc<S>,
    call: Undo<T>,
) -> Attempted<(), E> {
    match undoing.get() {
        Some(reverse) => reverse(Arc::clone(collaborators), Arc::clone(state), call),
        None => Box::pin(std::future::ready(Ok(()))),
    }
}
