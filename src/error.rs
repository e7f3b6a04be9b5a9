//! The tool's own failure: it could not do its work. What a lint finds is a value, never this.

use std::fmt;

/// Why the tool could not do its work, and what to do about it. Ends the program with exit code 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, in one line.
    pub message: String,
    /// What to do about it; empty where the message says it all.
    pub hint: String,
}

impl Failure {
    /// The failure of that message, with that hint.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
