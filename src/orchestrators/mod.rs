//! What sequences the adapters and the core: one orchestrator for each thing a user asks for.

mod check;
mod load;
mod present;

pub use check::{Check, Outcome};
pub use load::{Fault, Request};
pub use present::{Output, Present, Presentation};
