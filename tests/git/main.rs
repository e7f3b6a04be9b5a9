//! What Baton does with git, in real repositories: the index, revisions, the growth of a baseline, hooks.

mod hooks;
mod repository;
mod since;
mod staged;
