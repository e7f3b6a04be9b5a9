//! The records of a run against the orchestrators as they are now.

use super::engine::{Mishap, Mishaps};
use crate::engine::{Engine, Finish, History, JournalStore, MemoryEngine, Record};
use crate::error::{Drift, RunError, RuntimeError};
use crate::payload::Payload;
use crate::runtime::Runtime;

/// How far records lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Replay {
    /// To the end, which is the recorded one.
    Ended,
    /// To an operation that is not recorded, or to a question without an answer: the run can be gone on with.
    Open,
}

/// Runs the body of an orchestrator on the records of a run, without doing anything: the first operation that is not
/// recorded ends it. With the journals of production beside the tests, a change that old runs don't survive is found
/// before it is deployed.
///
/// # Errors
/// [`RuntimeError::Drift`] with the first difference.
pub async fn verify_replay(runtime: &Runtime, history: History) -> Result<Replay, RuntimeError> {
    let History { header, records } = history;
    let run = header.run.clone();
    let memory = MemoryEngine::new();
    let journal = memory.store().create(&header).await?;
    let mut recorded = None;
    for record in &records {
        match record {
            Record::Finished(finish) => recorded = Some(finish.clone()),
            record => journal.append(record).await?,
        }
    }
    drop(journal);
    let engine = Mishaps::over(memory, vec![(0, Mishap::CrashBefore)]);
    let opened = engine.open(&run).await?;
    let now = match engine.until_crash(runtime.drive(opened.as_ref())).await {
        None | Some(Err(RunError::Interrupted(_))) => None,
        Some(Err(RunError::Runtime(error))) => return Err(error),
        Some(Ok(output)) => Some(Finish::Completed(output)),
        Some(Err(RunError::Failed(failure))) => Some(Finish::Failed(Payload::encode(&failure)?)),
        Some(Err(RunError::Stuck(stuck))) => Some(Finish::Stuck(*stuck)),
    };
    let describe = |finish: &Option<Finish>| finish.as_ref().map_or("it goes on".to_owned(), |end| format!("{end:?}"));
    match (recorded, now) {
        (None, None) => Ok(Replay::Open),
        (Some(recorded), Some(now)) if recorded == now => Ok(Replay::Ended),
        // The process ended between the last operation and the record of the end.
        (None, Some(_)) => Ok(Replay::Ended),
        (recorded, now) => {
            let (recorded, now) = (describe(&recorded), describe(&now));
            Err(Drift { run, place: "the end".to_owned(), recorded, now }.into())
        }
    }
}
