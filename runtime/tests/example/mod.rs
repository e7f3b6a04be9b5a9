//! Examples as their readers run them: processes of their own, started by the command in their first lines.

use std::fmt::Write;
use std::process::Command;

/// An example of this crate, by the name of its package.
pub(crate) struct Example(pub(crate) &'static str);

impl Example {
    /// Runs it, and returns what it wrote and how it ended.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--offline", "--package", self.0, "--"]);
        let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        let mut text = String::from_utf8(output.stdout).unwrap();
        let _ = match output.status.code() {
            Some(code) if code != 101 => writeln!(text, "exit code {code}"),
            Some(_) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
            // Cargo is killed by the signal that killed the example.
            None => writeln!(text, "killed by a signal"),
        };
        text
    }
}
