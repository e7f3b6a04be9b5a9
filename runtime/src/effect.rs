//! What a step does to the world.

use serde::{Deserialize, Serialize};

/// What a step does to the world, which decides how often it may be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// Nothing: it reads. It is repeated freely, and there is nothing to undo.
    ReadOnly,
    /// Something that is done once however often it is asked for, as with an
    /// [idempotency key](crate::IdempotencyKey). It is done at least once.
    #[default]
    Idempotent,
    /// Something that must not be repeated. It is recorded that it begins, at the price of a second write; found begun and
    /// not ended, it is never tried again but counts as [`Unfinished`](crate::Cause::Unfinished). There is one attempt.
    AtMostOnce,
}
