//! A planner, a coder, a validator and a fixer make a feature together. Their work passes gates, what they hand to each
//! other is kept in versions, and what the fixer can't do is put to a person.
//!
//! ```sh
//! cargo run -p agents                  # a person answers, if there is one
//! cargo run -p agents -- --unattended  # the first option is taken
//! cargo run -p agents -- STATE         # a folder in which the run survives
//! ```
//!
//! With a folder, end the program while it waits for an answer and start it again: it goes on with the question, and no
//! agent works twice.

pub(crate) mod delivery;
pub(crate) mod feature;
pub(crate) mod person;
pub(crate) mod team;

use baton_runtime::{
    Escalation, FolderArtifacts, GraphErrors, Interrupt, LocalEngine, Payload, RunError, RunId, RunOptions, Runtime,
    RuntimeError, StoreError,
};
use delivery::{Delivered, Delivery, DeliveryError};
use feature::Wish;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Why the example ends without a delivery.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    #[error(transparent)]
    Run(#[from] RunError<DeliveryError>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Graph(#[from] GraphErrors),
    #[error(transparent)]
    Io(#[from] io::Error),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (flags, paths): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with('-'));
    let unattended = flags.iter().any(|flag| flag == "--unattended");
    if flags.iter().any(|flag| flag != "--unattended") || paths.len() > 1 {
        person::say("usage: agents [--unattended] [STATE]");
        return ExitCode::from(2);
    }
    let temporary = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return refused(&error.into()),
    };
    // Without a folder of one's own, the run survives for as long as the program does.
    let state = paths.first().map_or(temporary.path(), Path::new);
    match run(state, |escalation| person::ask(escalation, unattended)).await {
        Ok(Delivered { history, left }) => {
            person::say(&format!("\n{}", history.join("\n")));
            person::say(&format!("{} issues are left", left.len()));
            ExitCode::SUCCESS
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &Error) -> ExitCode {
    person::say(&format!("\n{error}"));
    ExitCode::FAILURE
}

/// Begins the run, or goes on with it, and asks until it is over.
pub(crate) async fn run(
    state: &Path,
    ask: impl Fn(&Escalation<Payload>) -> io::Result<Payload>,
) -> Result<Delivered, Error> {
    let runtime = runtime(state).await?;
    let run = RunId::new("profile")?;
    let parts = ["load profile", "save profile", "show picture", "the usual?"].map(str::to_owned);
    let wish = Wish { feature: "edit the user's profile".to_owned(), parts: parts.to_vec() };
    loop {
        let pending = match runtime.run_with::<Delivery>(RunOptions::new().run_id(run.clone()), wish.clone()).await {
            Err(RunError::Interrupted(Interrupt::Suspended(pending))) => pending,
            ended => return Ok(ended?),
        };
        let answer = ask(&pending.question.decode()?)?;
        runtime.decide(&run, &pending.id, &answer).await?;
    }
}

async fn runtime(state: &Path) -> Result<Runtime, Error> {
    let store = FolderArtifacts::open(state.join("artifacts")).await?;
    let delivery = Delivery::new(team::graph()?, Arc::new(store));
    let builder = Runtime::builder().engine(LocalEngine::open(state.join("runs"))?).observer(person::Narrator);
    Ok(builder.register(delivery)?.build()?)
}
