//! The shell of the `baton` linter, and the orchestrators that sequence it.
//!
//! [`adapters`] touch the file system and the terminal, one thing each. [`render`] is pure: a
//! report goes in, text comes out, and so is [`editor`], which speaks with one. [`orchestrators`] call the two and the core in order. [`cli`]
//! turns arguments into requests and outcomes into exit codes.
//!
//! What is absent: judgement. Which code breaks the pattern is decided in `baton-core` and
//! `baton-lints`, which touch nothing outside themselves.

pub mod adapters;
pub mod cli;
pub mod editor;
pub mod error;
pub mod exit;
pub mod orchestrators;
pub mod render;
