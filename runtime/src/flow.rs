//! Steps side by side, and steps instead of others.

use crate::context::RunContext;
use crate::engine::{BoxFuture, EntryKey, EntryKind};
use crate::error::{DomainError, Drift, Failure, RunError, RuntimeError};
use crate::id::Name;
use crate::join::join_all;
use crate::observer::RunEventKind;
use crate::payload::Payload;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::future::Future;

impl<'a> RunContext<'a> {
    /// Several branches side by side. Each numbers its steps by itself, so that they may finish in any order.
    ///
    /// ```
    /// # use baton_runtime::{RunContext, RunError, SimpleError, StepError};
    /// # async fn body(cx: &RunContext<'_>) -> Result<(), RunError<SimpleError>> {
    /// let prices: Vec<u32> = cx
    ///     .parallel("prices")
    ///     .branch("north", |cx| async move { cx.step("ask").run(|_| async { Ok(3) }).await })
    ///     .branch("south", |cx| async move { cx.step("ask").run(|_| async { Ok(4) }).await })
    ///     .run()
    ///     .await?;
    /// # Ok::<_, RunError<SimpleError>>(())
    /// # }
    /// ```
    pub fn parallel<'c, T, E>(&'c self, name: impl Into<Name>) -> Parallel<'c, 'a, T, E> {
        Parallel { cx: self, key: self.place(EntryKind::Branch, name), branches: Vec::new() }
    }

    /// Branches of which each is tried if the one before it has failed. Which one is taken is recorded, so that a run that
    /// is resumed never switches.
    ///
    /// ```
    /// # use baton_runtime::{Category, RunContext, RunError, SimpleError, StepError};
    /// # async fn body(cx: &RunContext<'_>) -> Result<(), RunError<SimpleError>> {
    /// let quote: u32 = cx
    ///     .fallback("quote")
    ///     .branch("exchange", |cx| async move { cx.step("ask").run(|_| async { Ok(3) }).await })
    ///     .branch("cache", |cx| async move { cx.step("look up").run(|_| async { Ok(2) }).await })
    ///     .only_if(|failure| failure.category() == Category::Dependency)
    ///     .run()
    ///     .await?;
    /// # Ok::<_, RunError<SimpleError>>(())
    /// # }
    /// ```
    pub fn fallback<'c, T, E>(&'c self, name: impl Into<Name>) -> Fallback<'c, 'a, T, E> {
        let key = self.place(EntryKind::Branch, name);
        Fallback { cx: self, key, branches: Vec::new(), predicate: Box::new(|_| true) }
    }
}

type Running<'c, T, E> = BoxFuture<'c, Result<T, RunError<E>>>;

/// Branches that are about to run side by side.
#[must_use = "branches do nothing until `run` is awaited"]
pub struct Parallel<'c, 'a, T, E> {
    cx: &'c RunContext<'a>,
    key: EntryKey,
    branches: Vec<(RunContext<'a>, Running<'c, T, E>)>,
}

impl<'c, 'a, T, E> Parallel<'c, 'a, T, E> {
    /// Adds a branch. It is given a context of its own, which all its operations have to go through.
    pub fn branch<F, Fut>(mut self, name: impl Into<Name>, body: F) -> Self
    where
        F: FnOnce(RunContext<'a>) -> Fut,
        Fut: Future<Output = Result<T, RunError<E>>> + Send + 'c,
    {
        let index = u32::try_from(self.branches.len()).unwrap_or(u32::MAX);
        let cx = self.cx.branch(self.key.sequence.child(index), name.into());
        let future = body(cx.clone());
        self.branches.push((cx, Box::pin(future)));
        self
    }
}

impl<T, E> Parallel<'_, '_, T, E>
where
    T: Send,
    E: DomainError,
{
    /// Runs all branches to their ends, also if one of them fails, because a branch that is cut off anywhere would be cut
    /// off elsewhere next time. The outputs are in the order of the branches.
    ///
    /// # Errors
    /// The failure of the first branch, in their order, that has one. Before this returns, what the branches did is undone:
    /// that of the successful ones too.
    pub async fn run(self) -> Result<Vec<T>, RunError<E>> {
        let Self { cx, key, branches } = self;
        cx.check(&key)?;
        let (contexts, futures): (Vec<_>, Vec<_>) = branches.into_iter().unzip();
        let results = join_all(futures).await;
        let group = cx.branch(key.sequence, key.name);
        for branch in contexts {
            group.append_undos(branch.take_undos());
        }
        group.settle(cx, first_error(results)).await
    }
}

/// All values, or the error that weighs most: the run cannot be unwound while a branch of it waits.
fn first_error<T, E>(results: Vec<Result<T, RunError<E>>>) -> Result<Vec<T>, RunError<E>> {
    let weight = |error: &RunError<E>| match error {
        RunError::Runtime(_) => 0,
        RunError::Interrupted(_) => 1,
        RunError::Stuck(_) => 2,
        RunError::Failed(_) => 3,
    };
    let mut values = Vec::with_capacity(results.len());
    let mut worst: Option<RunError<E>> = None;
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(error) if worst.as_ref().is_none_or(|worst| weight(&error) < weight(worst)) => worst = Some(error),
            Err(_) => {}
        }
    }
    worst.map_or(Ok(values), Err)
}

type Body<'c, 'a, T, E> = Box<dyn FnOnce(RunContext<'a>) -> Running<'c, T, E> + Send + 'c>;

type Predicate<'c, E> = Box<dyn Fn(&Failure<E>) -> bool + Send + Sync + 'c>;

/// Branches of which one is about to be taken.
#[must_use = "branches do nothing until `run` is awaited"]
pub struct Fallback<'c, 'a, T, E> {
    cx: &'c RunContext<'a>,
    key: EntryKey,
    branches: Vec<(Name, Body<'c, 'a, T, E>)>,
    predicate: Predicate<'c, E>,
}

/// What became of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    /// It succeeded, and is the one.
    Won,
    /// It failed, and the next one is tried.
    Left,
    /// It failed, and so does the whole.
    Failed,
}

impl fmt::Display for Choice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Won => "won",
            Self::Left => "was left for the next one",
            Self::Failed => "failed for good",
        })
    }
}

impl<'c, 'a, T, E> Fallback<'c, 'a, T, E>
where
    T: Send,
    E: DomainError,
{
    /// Adds a branch, which is tried after those before it.
    pub fn branch<F, Fut>(mut self, name: impl Into<Name>, body: F) -> Self
    where
        F: FnOnce(RunContext<'a>) -> Fut + Send + 'c,
        Fut: Future<Output = Result<T, RunError<E>>> + Send + 'c,
    {
        self.branches.push((name.into(), Box::new(move |cx| Box::pin(body(cx)))));
        self
    }

    /// Which failures lead to the next branch; all, if nothing is said. The answer is recorded.
    pub fn only_if(mut self, predicate: impl Fn(&Failure<E>) -> bool + Send + Sync + 'c) -> Self {
        self.predicate = Box::new(predicate);
        self
    }

    /// Tries the branches in their order. What a failed one did is undone before the next one is tried.
    ///
    /// # Errors
    /// The failure of the last branch that was tried. [`RuntimeError::Build`] if there is no branch.
    pub async fn run(self) -> Result<T, RunError<E>> {
        let Self { cx, key, branches, predicate } = self;
        cx.check(&key)?;
        let mut index = 0;
        let mut branches = branches.into_iter().peekable();
        while let Some((name, body)) = branches.next() {
            let branch = cx.branch(key.sequence.child(index), name.clone());
            let choice_key = EntryKey { sequence: key.sequence.child(index + 1), kind: EntryKind::Branch, name };
            index += 2;
            let result = body(branch.clone()).await;
            let result = branch.settle(cx, result).await;
            let now = match &result {
                Ok(_) => Choice::Won,
                Err(RunError::Failed(failure)) if branches.peek().is_some() && predicate(failure) => Choice::Left,
                Err(RunError::Failed(_)) => Choice::Failed,
                Err(_) => return result,
            };
            match (choose(cx, choice_key, now).await?, result) {
                (Choice::Left, Err(_)) => {}
                (_, result) => return result,
            }
        }
        Err(RuntimeError::Build(format!("the fallback `{}` has no branch", key.name)).into())
    }
}

/// Records what became of a branch, or finds that it is recorded. A predicate may answer differently now, and the first
/// answer counts; a branch that succeeded must not fail now, nor the other way round.
async fn choose(cx: &RunContext<'_>, key: EntryKey, now: Choice) -> Result<Choice, RuntimeError> {
    let choice = Payload::encode(&now)?;
    let recorded = cx.record(key.clone(), Box::pin(async { Ok(choice) })).await?;
    let choice: Choice = recorded.payload.decode()?;
    if (choice == Choice::Won) != (now == Choice::Won) {
        let describe = |choice: Choice| format!("branch `{}` {choice}", key.name);
        return Err(Drift::at(cx.run_id(), &key.sequence, describe(choice), describe(now)).into());
    }
    cx.observe(recorded.replayed, RunEventKind::BranchChosen { sequence: &key.sequence, name: &key.name });
    Ok(choice)
}
