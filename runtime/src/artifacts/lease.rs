//! Leases: who may make new versions of an artifact, for how long.

use crate::lock;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Who holds what.
#[derive(Debug, Default)]
pub(super) struct Leases {
    state: Mutex<State>,
    /// Something was released.
    released: Notify,
}

#[derive(Debug, Default)]
struct State {
    held: BTreeMap<&'static str, Held>,
    last_token: u64,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    token: u64,
    until: Instant,
}

/// The right to make new versions of some artifacts. It ends when it is dropped or when its time is over; what is made
/// after that is not committed.
#[derive(Debug)]
#[must_use = "a lease that is dropped is released"]
pub(super) struct Lease {
    leases: Arc<Leases>,
    token: u64,
    names: Vec<&'static str>,
}

impl Lease {
    /// Whether it has not expired.
    pub(super) fn is_held(&self) -> bool {
        let now = Instant::now();
        let state = lock(&self.leases.state);
        self.names
            .iter()
            .all(|name| state.held.get(name).is_some_and(|held| held.token == self.token && now < held.until))
    }

    /// Lets it last for `duration` from now on, unless it has expired. Says whether it is held.
    pub(super) fn extend(&self, duration: Duration) -> bool {
        if !self.is_held() {
            return false;
        }
        let until = end(duration);
        let mut state = lock(&self.leases.state);
        let mine = |held: &&mut Held| held.token == self.token;
        for name in &self.names {
            if let Some(held) = state.held.get_mut(name).filter(mine) {
                held.until = until;
            }
        }
        true
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut state = lock(&self.leases.state);
        state.held.retain(|_, held| held.token != self.token);
        drop(state);
        self.leases.released.notify_waiters();
    }
}

/// The end of a lease that begins now. One too long for the clock lasts a century, and one that is over before it can be
/// used a millisecond.
fn end(duration: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    Instant::now() + duration.clamp(Duration::from_millis(1), CENTURY)
}

impl Leases {
    /// Takes all of these, one after the other in sorted order, so that two that want the same cannot wait for each other.
    /// If the future is dropped meanwhile, what it has is released.
    pub(super) async fn take(self: &Arc<Self>, names: &[&'static str], duration: Duration) -> Lease {
        let mut names = names.to_vec();
        names.sort_unstable();
        names.dedup();
        loop {
            let mut lease = self.lease();
            for name in &names {
                self.take_one(name, &mut lease, duration).await;
            }
            // What was taken first may have expired while this waited for the last.
            if lease.extend(duration) {
                return lease;
            }
        }
    }

    fn lease(self: &Arc<Self>) -> Lease {
        let mut state = lock(&self.state);
        state.last_token += 1;
        Lease { leases: Arc::clone(self), token: state.last_token, names: Vec::new() }
    }

    async fn take_one(&self, name: &'static str, lease: &mut Lease, duration: Duration) {
        loop {
            let mut released = std::pin::pin!(self.released.notified());
            released.as_mut().enable();
            let until = {
                let mut state = lock(&self.state);
                match state.held.get(name) {
                    Some(held) if Instant::now() < held.until => held.until,
                    _ => {
                        state.held.insert(name, Held { token: lease.token, until: end(duration) });
                        lease.names.push(name);
                        return;
                    }
                }
            };
            // Either way it is looked at again.
            let _ = tokio::time::timeout_at(until, released).await;
        }
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        let now = Instant::now();
        lock(&self.state).held.values().filter(|held| now < held.until).count()
    }
}
