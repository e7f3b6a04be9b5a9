//! What orchestrators, engines and stores are tested with. It needs the feature `testing`, and belongs into
//! `[dev-dependencies]`.

mod files;

pub use files::{Fault, SimulatedFiles, Survival};
