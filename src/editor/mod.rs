//! What an editor is told by the Language Server Protocol, and what it asks. Pure: a [`Session`] takes messages and
//! results of checks, and answers with messages and with what is to be done.
//!
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/>

mod actions;
mod client;
mod diagnostics;
mod documents;
mod hover;
mod position;
mod projects;
mod say;
mod session;
mod uri;

pub use client::Client;
pub use diagnostics::ByFile;
pub use position::Encoding;
pub use projects::Look;
pub use session::{Effect, Job, Session, Subject, faults};
