//! What Baton does with git, in real repositories: the index, revisions, the growth of a baseline, hooks.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "programs are run on files; a step that fails is a test that fails"
)]

mod hooks;
mod readme;
mod repository;
mod since;
mod staged;
