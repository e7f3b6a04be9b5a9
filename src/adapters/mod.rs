//! The adapters: each wraps one thing outside the program and decides nothing about what it brings.
//!
//! Only here may the file system, the clock, the environment and the standard streams be touched;
//! `clippy.toml` bans them everywhere else.

pub mod cargo;
pub mod clock;
pub mod editor;
pub mod events;
pub mod forge;
pub mod git;
pub mod hooks;
pub mod interrupt;
pub mod locate;
pub mod pool;
pub mod progress;
pub mod read;
pub mod shared_texts;
pub mod site;
pub mod sources;
pub mod terminal;
pub mod unsaved;
pub mod walk;
pub mod watch;
pub mod worker;
pub mod write;
