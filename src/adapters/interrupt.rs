//! What people press to end a program.

use crate::error::Failure;
use std::sync::mpsc::Sender;

/// Puts an event into a queue when somebody presses ctrl-c, instead of ending the program at once. A program listens
/// for that once.
///
/// # Errors
///
/// The system refuses.
pub fn listen<E: Send + 'static>(into: Sender<E>, event: fn() -> E) -> Result<(), Failure> {
    let tell = move || drop(into.send(event()));
    ctrlc::set_handler(tell).map_err(|error| Failure::new(format!("cannot listen for ctrl-c: {error}"), ""))
}
