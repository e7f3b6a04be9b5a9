//! A checkout with a payment: steps that are recorded, undone in reverse when a later one fails, and not repeated after a
//! crash.
//!
//! ```sh
//! cargo run -p checkout                     # an order that goes through
//! cargo run -p checkout -- --to island      # the bicycle doesn't go there, the van does
//! cargo run -p checkout -- --to moon        # nobody does: all is undone
//! cargo run -p checkout -- STATE --crash    # ends when the card is charged, before that is recorded
//! cargo run -p checkout -- STATE            # goes on, and charges nothing a second time
//! ```

pub(crate) mod checkout;
pub(crate) mod counter;
pub(crate) mod order;
pub(crate) mod shop;

use baton_runtime::{DefinitionErrors, LocalEngine, RunError, RunId, RunOptions, Runtime, RuntimeError};
use checkout::Checkout;
use counter::{Arguments, Narrator, USAGE, say};
use order::{CheckoutError, Order, Sale};
use shop::Shop;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::{fs, io};

/// Why nothing is sold.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Definition(#[from] DefinitionErrors),
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    #[error(transparent)]
    Run(#[from] RunError<CheckoutError>),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(arguments) = Arguments::parse(std::env::args().skip(1)) else {
        say(USAGE);
        return ExitCode::from(2);
    };
    match serve(&arguments).await {
        Ok(code) => code,
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: &Arguments) -> io::Result<ExitCode> {
    let temporary = tempfile::tempdir()?;
    // Without a folder of one's own, the run survives for as long as the program does.
    let state = arguments.state.as_deref().unwrap_or(temporary.path());
    let to = arguments.to.as_deref().unwrap_or("city");
    let code = match sell(state, to, arguments.crash).await {
        Ok(sale) => {
            say(&format!("sold to the {to} for {} cents", sale.cents));
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("not sold: {error}"));
            ExitCode::FAILURE
        }
    };
    say("\nwhat happened outside:");
    say(fs::read_to_string(state.join("book"))?.trim_end());
    Ok(code)
}

/// Begins the run of this order, or goes on with it.
async fn sell(state: &Path, to: &str, crash: bool) -> Result<Sale, Error> {
    let engine = LocalEngine::open(state.join("runs"))?;
    let shop = Arc::new(Shop::new(state.join("book"), crash));
    let runtime = Runtime::builder().engine(engine).observer(Narrator).register(Checkout::new(shop)?)?.build()?;
    // Asked twice, it is the same order: the id of a run is what makes it so.
    let options = RunOptions::new().run_id(RunId::new(format!("order-{to}"))?);
    Ok(runtime.run_with::<Checkout>(options, Order { to: to.to_owned(), pieces: 2 }).await?)
}
