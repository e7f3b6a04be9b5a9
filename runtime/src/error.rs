//! What can go wrong, in two worlds that stay apart: the application's own errors ([`DomainError`]), which are recorded
//! and replayed, and the runtime's ([`RuntimeError`]), which never are.

mod domain;
mod runtime;

pub use domain::{Category, Cause, DomainError, EffectState, Failure, Never, RunError, SimpleError, StepError};
pub use domain::{Stuck, UndoReport};
pub use runtime::{Drift, Interrupt, PendingDecision, RuntimeError};
