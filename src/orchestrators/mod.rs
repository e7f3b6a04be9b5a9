//! What sequences the adapters and the core: one orchestrator for each thing a user asks for.

mod check;
mod graph;
mod link;
mod load;
mod present;
mod why;

pub use check::{Check, Outcome};
pub use graph::{Drawing, Graph};
pub use load::{Fault, Request};
pub use present::{Output, Present, Presentation};
pub use why::{Ends, Why};
