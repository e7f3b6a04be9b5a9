//! What sequences the adapters and the core: one orchestrator for each thing a user asks for.

mod baseline;
mod check;
mod ci;
mod configure;
mod graph;
mod init;
mod inventory;
mod link;
mod load;
mod present;
mod site;
mod survey;
mod why;

pub use baseline::{Baseline, BaselineAction};
pub use check::{Check, Outcome};
pub use ci::Ci;
pub use configure::Configure;
pub use graph::{Drawing, Graph};
pub use init::Init;
pub use inventory::{Inventory, Order};
pub use load::{Fault, Request};
pub use present::{Output, Present, Presentation};
pub use why::{Ends, Why};
