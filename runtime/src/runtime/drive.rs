//! One execution of one run, from its beginning to its end or to where it is stopped.

use super::Inner;
use crate::context::{RunContext, Shared};
use crate::engine::{EngineRun, Finish, RunHeader};
use crate::error::{Drift, Failure, Interrupt, RunError, RuntimeError};
use crate::observer::{Ending, RunEventKind};
use crate::orchestrator::{DynOrchestrator, ErasedError};
use crate::panics;
use crate::payload::Payload;
use std::sync::{Arc, Mutex};

type Outcome = Result<Payload, RunError<ErasedError>>;

/// Executes a run.
pub(super) async fn drive(inner: &Inner, run: &dyn EngineRun) -> Outcome {
    if let Some(finish) = run.finished() {
        return recorded(finish);
    }
    let header = run.header();
    let part = inner.registry.find(&header.orchestrator)?;
    let orchestrator = part.orchestrator.as_ref();
    check_definition(header, orchestrator)?;
    if inner.shutdown.is_cancelled() {
        return Err(RunError::Interrupted(Interrupt::ShuttingDown));
    }
    part.start();
    let active = inner.active.enter(&header.run, inner.shutdown.child_token())?;
    let shared = Shared {
        registry: Arc::clone(&inner.registry),
        observers: Arc::clone(&inner.observers),
        maximum_depth: inner.maximum_depth,
        cancellation: active.token().clone(),
        shutdown: inner.shutdown.clone(),
        fault: Mutex::default(),
    };
    let cx = RunContext::new(run, shared, orchestrator.name());
    cx.observe(run.is_replaying(), RunEventKind::Started);
    let result = match inner.abort.run_until_cancelled(execute(&cx, orchestrator)).await {
        Some(result) => result,
        None => Err(RunError::Interrupted(Interrupt::ShuttingDown)),
    };
    if let Err(RunError::Interrupted(Interrupt::Suspended(pending))) = &result {
        cx.observe(false, RunEventKind::Suspended { decision: &pending.id });
    }
    cx.observe(false, RunEventKind::Ended { ending: ending(&result) });
    result
}

async fn execute(cx: &RunContext<'_>, orchestrator: &dyn DynOrchestrator) -> Outcome {
    let run = cx.engine_run();
    let result = match panics::caught(orchestrator.orchestrate_dyn(cx, &run.header().input)).await {
        Ok(result) => result,
        Err(message) => {
            let place = orchestrator.name().to_owned();
            return Err(RuntimeError::Panicked { place, message }.into());
        }
    };
    if !matches!(result, Err(RunError::Runtime(_))) {
        cx.check_fault()?;
    }
    // A body that drops an interruption on its way would otherwise end a run that was only stopped.
    if let Some(interrupt) = cx.stopped() {
        return Err(RunError::Interrupted(interrupt));
    }
    match result {
        Ok(output) => {
            run.finish(Finish::Completed(output.clone())).await?;
            Ok(output)
        }
        Err(error) => {
            let error = cx.unwind(error).await;
            if let Some(finish) = finish(&error)? {
                run.finish(finish).await?;
            }
            Err(error)
        }
    }
}

fn finish(error: &RunError<ErasedError>) -> Result<Option<Finish>, RuntimeError> {
    Ok(match error {
        RunError::Failed(failure) => Some(Finish::Failed(Payload::encode(failure)?)),
        RunError::Stuck(stuck) => Some(Finish::Stuck(stuck.as_ref().clone())),
        RunError::Interrupted(_) | RunError::Runtime(_) => None,
    })
}

fn recorded(finish: Finish) -> Outcome {
    match finish {
        Finish::Completed(output) => Ok(output),
        Finish::Failed(failure) => Err(RunError::Failed(failure.decode::<Failure<ErasedError>>()?)),
        Finish::Stuck(stuck) => Err(RunError::Stuck(Box::new(stuck))),
    }
}

fn ending(result: &Outcome) -> Ending {
    match result {
        Ok(_) => Ending::Completed,
        Err(RunError::Failed(_)) => Ending::Failed,
        Err(RunError::Stuck(_)) => Ending::Stuck,
        Err(RunError::Interrupted(_)) => Ending::Interrupted,
        Err(RunError::Runtime(_)) => Ending::Broken,
    }
}

fn check_definition(header: &RunHeader, orchestrator: &dyn DynOrchestrator) -> Result<(), RuntimeError> {
    let drift = |place: &str, recorded, now| {
        let (run, place) = (header.run.clone(), place.to_owned());
        Err(RuntimeError::from(Drift { run, place, recorded, now }))
    };
    if header.version != orchestrator.version() {
        return drift("the version", header.version.to_string(), orchestrator.version().to_string());
    }
    match header.definition.first_difference(&orchestrator.definition()) {
        Some((recorded, now)) => drift("the definition", recorded, now),
        None => Ok(()),
    }
}
