//! What sequences the adapters and the core: one orchestrator for each thing a user asks for.

mod baseline;
mod cargo_check;
mod check;
mod ci;
mod configure;
mod graph;
mod growth;
mod hook;
mod init;
mod inventory;
mod link;
mod load;
mod mend;
mod present;
mod serve;
mod since;
mod site;
mod survey;
mod watch;
mod why;

pub use baseline::{Baseline, BaselineAction};
pub use cargo_check::CargoCheck;
pub use check::{Check, Outcome};
pub use ci::Ci;
pub use configure::Configure;
pub use graph::{Drawing, Graph};
pub use hook::{Hook, HookAction};
pub use init::Init;
pub use inventory::{Inventory, Order};
pub use load::{Fault, Request};
pub use mend::Mend;
pub use present::{Output, Present, Presentation};
pub use serve::Serve;
pub use watch::Watch;
pub use why::{Ends, Why};
