//! What code does besides calculating: clock, randomness, files, network, console and the like.
//!
//! What outside code does stands in one table, `table.txt`. [`Sites`] finds the places where a function
//! of the project touches the world or calls another one, and [`Ways`] follows those calls through code
//! without a role to the effects behind it. What the table does not have counts as pure.

mod cells;
mod sites;
mod table;
mod ways;

pub use cells::{CellType, changing, interior};
pub(crate) use sites::may_touch;
pub use sites::{Does, Site, Sites};
pub use table::{Effect, Effects, Kind, kind_of_crate};
pub use ways::Ways;
use ways::is_passable;
