//! The services that are watched, in place of real ones, and the board on which the latest readings stand.

use super::health::{FleetError, Readings};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Services, and what was read of them.
#[derive(Default)]
pub(crate) struct Fleet {
    read: Mutex<Read>,
}

#[derive(Default)]
struct Read {
    rounds: u32,
    board: Readings,
    drained: BTreeSet<String>,
}

/// What the services answer in the first rounds, and in all later ones.
const ANSWERS: [(&str, [Option<u32>; 3]); 2] =
    [("images", [Some(20), Some(25), Some(20)]), ("search", [Some(40), Some(90), None])];

impl Fleet {
    /// Asks all services once, and writes what they answer on the board.
    pub(crate) fn probe(&self) {
        let mut read = self.read();
        let round = usize::try_from(read.rounds).unwrap_or_default();
        let answer = |(service, answers): (&str, [Option<u32>; 3])| {
            let last = answers.last().copied().flatten();
            (service.to_owned(), answers.get(round).copied().unwrap_or(last))
        };
        read.board = ANSWERS.into_iter().filter(|(service, _)| !read.drained.contains(*service)).map(answer).collect();
        read.rounds = read.rounds.saturating_add(1);
    }

    /// A probe that never ends, and doesn't care who asks it to.
    pub(crate) async fn hang(&self) {
        std::future::pending::<()>().await;
    }

    /// The latest readings.
    pub(crate) fn board(&self) -> Readings {
        self.read().board.clone()
    }

    /// Sends nothing more to a service.
    pub(crate) fn drain(&self, service: &str) -> Result<(), FleetError> {
        known(service)?;
        self.read().drained.insert(service.to_owned());
        Ok(())
    }

    /// Starts a service again, and sends to it.
    pub(crate) fn restart(&self, service: &str) -> Result<(), FleetError> {
        known(service)?;
        self.read().drained.remove(service);
        Ok(())
    }

    fn read(&self) -> MutexGuard<'_, Read> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long open requests of a service may still take.
    pub(crate) const GRACE: Duration = Duration::from_millis(300);
}

fn known(service: &str) -> Result<(), FleetError> {
    let services = BTreeMap::from(ANSWERS);
    if services.contains_key(service) { Ok(()) } else { Err(FleetError::Unheard(service.to_owned())) }
}
