//! Runs cargo, for those who want its messages beside ours. No check needs it.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this adapter starts a process, whose name the environment says where cargo started this one"
)]

use crate::error::Failure;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Runs cargo in the current folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cargo;

impl Cargo {
    /// Runs cargo to its end, and hands on each line of its output as it comes. What it says on standard error goes
    /// where ours goes. The answer is whether it succeeded.
    ///
    /// # Errors
    ///
    /// Cargo cannot be started, or a line cannot be handed on.
    pub fn run(
        self,
        arguments: &[OsString],
        line: &mut dyn FnMut(&str) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let failure = |what: &str, error: &std::io::Error| {
            Failure::new(format!("cannot {what} `{}`: {error}", program.display()), "cargo has to be installed")
        };
        let mut command = Command::new(&program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| failure("start", &error))?;
        let mut handed = Ok(());
        if let Some(output) = child.stdout.take() {
            let mut output = BufReader::new(output);
            let mut bytes = Vec::new();
            // Where our own reader is gone, cargo is read to its end all the same: it would be stopped in its work.
            while output.read_until(b'\n', &mut bytes).map_err(|error| failure("read from", &error))? > 0 {
                if handed.is_ok() {
                    handed = line(&String::from_utf8_lossy(&bytes));
                }
                bytes.clear();
            }
        }
        let status = child.wait().map_err(|error| failure("wait for", &error))?;
        handed.map(|()| status.success())
    }
}
