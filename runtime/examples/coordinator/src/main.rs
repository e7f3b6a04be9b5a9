//! A coordinator: operations as an enum, orchestrators that call orchestrators, and a dependency that is made when it is
//! needed.
//!
//! ```sh
//! cargo run -p coordinator                          # a page comes and goes
//! cargo run -p coordinator -- --no-index            # what needs the index is undone
//! cargo run -p coordinator -- --no-index --verify   # what is missing is told beforehand
//! ```

pub(crate) mod desk;
pub(crate) mod editor;
pub(crate) mod publish;
pub(crate) mod services;
pub(crate) mod site;
pub(crate) mod withdraw;

use baton_runtime::{Dependency, Lazy, LocalEngine, MissingDependencies, RunError, Runtime, RuntimeError, verify_all};
use desk::Desk;
use editor::{Narrator, say};
use publish::Publish;
use services::{Index, Pages};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::{fs, io};
use withdraw::Withdraw;

/// Why the example ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    #[error(transparent)]
    Missing(#[from] MissingDependencies),
    #[error(transparent)]
    Io(#[from] io::Error),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let said = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if arguments.iter().any(|argument| !["--no-index", "--verify"].contains(&argument.as_str())) {
        say("usage: coordinator [--no-index] [--verify]");
        return ExitCode::from(2);
    }
    match edit(!said("--no-index"), said("--verify")).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn edit(index_is_there: bool, verify: bool) -> Result<(), Error> {
    let state = tempfile::tempdir()?;
    let index = Arc::new(Lazy::new("index", move || async move {
        say("  (opening the index)");
        Index::open(index_is_there)
    }));
    if verify {
        verify_all([index.as_ref() as &dyn Dependency]).await?;
    }
    let runtime = runtime(state.path(), &index)?;
    for operation in editor::day() {
        editor::tell_question(&operation);
        match runtime.run::<Desk>(operation).await {
            Ok(answer) => editor::tell_answer(&answer),
            Err(RunError::Runtime(error)) => return Err(error.into()),
            Err(error) => say(&format!("→ no: {error}")),
        }
    }
    Ok(())
}

fn runtime(state: &Path, index: &Arc<Lazy<Index>>) -> Result<Runtime, Error> {
    let folder = state.join("pages");
    fs::create_dir_all(&folder)?;
    let pages = Arc::new(Pages::new(folder));
    let builder = Runtime::builder().engine(LocalEngine::open(state.join("runs"))?).observer(Narrator);
    let builder = builder.register(Publish::new(Arc::clone(&pages), Arc::clone(index)))?;
    let builder = builder.register(Withdraw::new(Arc::clone(&pages), Arc::clone(index)))?;
    Ok(builder.register(Desk::new(pages))?.build()?)
}
