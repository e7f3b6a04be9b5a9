//! What orchestrators, engines and stores are tested with. It needs the feature `testing`, and belongs into
//! `[dev-dependencies]`.
//!
//! - [`crash_sweep`], [`repeat_each_step`], [`fail_each_step`] and [`fail_each_undo`] run a [`Scenario`] once for every
//!   place at which something may go wrong, and ask the test each time whether the world is as it should be.
//! - [`assert_recreatable`] makes an orchestrator anew after every operation: it may keep nothing that a run depends on.
//! - [`verify_replay`] holds the records of a run against the orchestrators as they are now.
//! - [`store_conformance`] and [`engine_conformance`] say whether a store or an engine of one's own does what it must.
//! - [`SimulatedFiles`] loses what was not synced.

mod conformance;
mod engine;
mod files;
mod replay;
mod sweep;

pub use conformance::{engine_conformance, store_conformance};
pub use files::{Fault, SimulatedFiles, Survival};
pub use replay::{Replay, verify_replay};
pub use sweep::{
    Case, Scenario, Trouble, assert_recreatable, crash_sweep, fail_each_step, fail_each_undo, repeat_each_step,
};
