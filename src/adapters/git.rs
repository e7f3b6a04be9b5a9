//! The states of a project that git keeps: the index, and the trees of revisions.
//!
//! The `git` program is asked rather than a library of it. It is there wherever there are hooks, and it alone
//! knows every form that a repository may have, with split and sparse indexes, partial clones, alternates and
//! formats to come, and the rules by which a hook's environment says which index is meant. A library would double
//! the list of dependencies. Three processes answer for a whole project.
//!
//! What is absent: the working tree. Nothing is checked out and nothing is written.

mod blobs;
mod hooks;
mod listing;
mod program;
mod repository;
mod snapshot;
mod sources;
mod tree;

pub use hooks::HookFolder;
pub use repository::{Repository, Resolved};
pub use snapshot::Snapshot;
