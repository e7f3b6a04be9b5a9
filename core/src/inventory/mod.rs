//! The inventory.
pub mod page;
