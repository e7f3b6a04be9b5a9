//! One queue for what happens outside of the program, whoever tells of it.

use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

/// A queue of events.
#[derive(Debug)]
pub struct Events<E> {
    sender: Sender<E>,
    receiver: Receiver<E>,
}

impl<E> Default for Events<E> {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { sender, receiver }
    }
}

impl<E> Events<E> {
    /// The end that events are put in at; there may be many.
    pub fn sender(&self) -> Sender<E> {
        self.sender.clone()
    }

    /// The next event. `None` if nothing happens for that long; without a limit, waits until something does.
    pub fn next(&self, quiet: Option<Duration>) -> Option<E> {
        // There is always a sender, the one in here, so neither way of waiting ends because there is none.
        match quiet {
            None => self.receiver.recv().ok(),
            Some(quiet) => self.receiver.recv_timeout(quiet).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_order_and_quiet_is_told() {
        let events = Events::default();
        for number in [1, 2] {
            events.sender().send(number).unwrap();
        }
        assert_eq!([events.next(None), events.next(Some(Duration::ZERO))], [Some(1), Some(2)]);
        assert_eq!(events.next(Some(Duration::ZERO)), None);
    }
}
