//! Monitoring: probes in the background, a repair that somebody calls off, and an orderly end.
//!
//! ```sh
//! cargo run -p monitoring            # watches, begins a repair, calls it off, shuts down
//! cargo run -p monitoring -- --hang  # a background task ignores the shutdown, and is reported
//! cargo run -p monitoring -- STATE   # a folder; started again, it goes on with the repair
//! ```

pub(crate) mod fleet;
pub(crate) mod health;
pub(crate) mod operator;
pub(crate) mod repair;
pub(crate) mod watch;

use baton_runtime::{LocalEngine, RunError, RunId, RunOptions, Runtime, RuntimeError};
use fleet::Fleet;
use health::{FleetError, Illness, Verdict};
use operator::{Narrator, say};
use repair::Repair;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use watch::Watch;

/// Why the watch ends.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    #[error(transparent)]
    Run(#[from] RunError<FleetError>),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (flags, paths): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with('-'));
    let hang = flags.iter().any(|flag| flag == "--hang");
    if flags.iter().any(|flag| flag != "--hang") || paths.len() > 1 {
        say("usage: monitoring [--hang] [STATE]");
        return ExitCode::from(2);
    }
    let temporary = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return refused(&error.to_string()),
    };
    // Without a folder of one's own, the repair can be gone on with for as long as the program runs.
    let state = paths.first().map_or(temporary.path(), Path::new);
    match watch_over(state, hang).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refused(&error.to_string()),
    }
}

fn refused(reason: &str) -> ExitCode {
    say(reason);
    ExitCode::FAILURE
}

async fn watch_over(state: &Path, hang: bool) -> Result<(), Error> {
    let (fleet, drained) = (Arc::new(Fleet::default()), Arc::new(Notify::new()));
    let narrator = Narrator { drained: Arc::clone(&drained) };
    let builder = Runtime::builder().engine(LocalEngine::open(state)?).observer(narrator);
    let builder = builder.register(Watch::new(Arc::clone(&fleet), hang))?;
    let runtime = builder.register(Repair::new(fleet))?.build()?;
    // A service would spawn this, and serve meanwhile.
    operator::tell_recovery(&runtime.recover().await?);
    let illness = first_illness(&runtime).await?;
    say(&format!("{}: {}", illness.service, illness.reason));
    call_off(&runtime, &drained, illness).await?;
    // Where a service would wait for a signal to end.
    operator::tell_shutdown(&runtime.shutdown(Duration::from_secs(5)).await);
    Ok(())
}

/// Asks for a verdict until there is something to do. The first time starts the probes.
async fn first_illness(runtime: &Runtime) -> Result<Illness, Error> {
    loop {
        if let Verdict::Ill(illness) = runtime.run::<Watch>(()).await? {
            return Ok(illness);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Begins a repair and cancels it while it waits. It stays resumable.
async fn call_off(runtime: &Runtime, drained: &Notify, illness: Illness) -> Result<(), Error> {
    let run = RunId::generate();
    let repair = runtime.run_with::<Repair>(RunOptions::new().run_id(run.clone()), illness);
    let cancel = async {
        drained.notified().await;
        runtime.cancel(&run)
    };
    match tokio::join!(repair, cancel) {
        (Err(RunError::Interrupted(interrupt)), true) => say(&format!("the repair is called off: {interrupt}")),
        (repaired, _) => repaired?,
    }
    Ok(())
}
