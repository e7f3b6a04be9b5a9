//! The `cargo xtask` command.
#![expect(clippy::disallowed_methods, reason = "arguments and the streams are this program's")]

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The manifest of this package lies one folder below the repository.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    // Where even the streams are closed, the exit code is all that is left to say.
    match xtask::run(root, &arguments) {
        Ok(done) => {
            drop(writeln!(std::io::stdout(), "{done}"));
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            drop(writeln!(std::io::stderr(), "{refusal}"));
            ExitCode::FAILURE
        }
    }
}
