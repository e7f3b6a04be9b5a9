//! Turns: of the branches of a run, one at a time does an operation, in an order that follows from the body alone.
//!
//! A branch asks for a turn and waits. The next turn is given when the body has come to rest, that is when it was polled and
//! nothing in it wants to be polled again. An operation that is replayed is over at once, and one that is done takes its
//! time; by waiting for rest, the other branches have asked by then in both cases, and stand in the same order.

use crate::lock;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use tokio::task::coop::unconstrained;

#[derive(Default)]
pub(super) struct Turns(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    next: u64,
    waiting: VecDeque<(u64, Waker)>,
    /// Whose turn it is.
    current: Option<u64>,
}

impl Turns {
    /// Waits for a turn, which lasts until what this returns is dropped.
    pub(super) async fn turn(&self) -> Turn<'_> {
        let ticket = {
            let mut queue = lock(&self.0);
            queue.next += 1;
            queue.next
        };
        let turn = Turn { turns: self, ticket };
        poll_fn(|task| turn.poll_taken(task)).await;
        turn
    }

    /// Polls a body and gives turns whenever it rests.
    ///
    /// Tokio makes a task that has done much wait once more, which would put a branch behind another one at a place that
    /// differs between executions; the body is kept from that.
    pub(super) async fn give_to<T>(&self, body: impl Future<Output = T>) -> T {
        let mut body = pin!(unconstrained(body));
        let watch = Arc::new(Watch { woken: AtomicBool::new(false), task: Mutex::new(Waker::noop().clone()) });
        let waker = Waker::from(Arc::clone(&watch));
        poll_fn(|task| {
            lock(&watch.task).clone_from(task.waker());
            watch.woken.store(false, Ordering::Release);
            let body = body.as_mut() as Pin<&mut dyn Future<Output = T>>;
            let polled = body.poll(&mut Context::from_waker(&waker));
            if polled.is_pending() && !watch.woken.load(Ordering::Acquire) {
                self.give();
            }
            polled
        })
        .await
    }

    /// The next turn, if there is none now and somebody waits.
    fn give(&self) {
        let mut queue = lock(&self.0);
        if queue.current.is_some() {
            return;
        }
        if let Some((ticket, waker)) = queue.waiting.pop_front() {
            queue.current = Some(ticket);
            drop(queue);
            waker.wake();
        }
    }
}

/// A turn, or the wait for one.
pub(super) struct Turn<'t> {
    turns: &'t Turns,
    ticket: u64,
}

impl Turn<'_> {
    fn poll_taken(&self, task: &Context<'_>) -> Poll<()> {
        let mut queue = lock(&self.turns.0);
        if queue.current == Some(self.ticket) {
            return Poll::Ready(());
        }
        match queue.waiting.iter_mut().find(|(ticket, _)| *ticket == self.ticket) {
            Some((_, waker)) => waker.clone_from(task.waker()),
            None => queue.waiting.push_back((self.ticket, task.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut queue = lock(&self.turns.0);
        queue.waiting.retain(|(ticket, _)| *ticket != self.ticket);
        if queue.current == Some(self.ticket) {
            queue.current = None;
        }
    }
}

/// Whether anything in the body wants to be polled again.
struct Watch {
    woken: AtomicBool,
    task: Mutex<Waker>,
}

impl Wake for Watch {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        lock(&self.task).wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::BoxFuture;
    use crate::join::join_all;
    use std::time::Duration;

    async fn polled_again() {
        let mut is_first = true;
        poll_fn(|task| {
            if std::mem::take(&mut is_first) {
                task.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
    }

    /// Branches in branches, with a lock between two of them, whose operations take the times that they are given in turn.
    async fn order(times: &[u64]) -> Vec<String> {
        let (turns, done, between) = (Turns::default(), Mutex::new(Vec::new()), tokio::sync::Mutex::new(()));
        let operation = async |name: String| {
            let _turn = turns.turn().await;
            let number = lock(&done).len();
            lock(&done).push(name);
            match times.get(number).copied().unwrap_or_default() {
                0 => {}
                millis => tokio::time::sleep(Duration::from_millis(millis)).await,
            }
        };
        let operation = &operation;
        let branch = |name: &'static str, length: usize, locks: bool| -> BoxFuture<'_, ()> {
            let between = &between;
            Box::pin(async move {
                let held = if locks { Some(between.lock().await) } else { None };
                for number in 0..length {
                    // Some need to be polled more often until they ask, as at the end of a chain of locks.
                    for _ in 0..length * usize::from(!locks) {
                        polled_again().await;
                    }
                    operation(format!("{name}{number}")).await;
                }
                drop(held);
                operation(format!("{name} ends")).await;
            })
        };
        let inner = || -> BoxFuture<'_, ()> {
            Box::pin(async {
                join_all(vec![branch("c", 2, true), branch("d", 1, false)]).await;
            })
        };
        turns.give_to(join_all(vec![branch("a", 3, false), inner(), branch("b", 2, true)])).await;
        done.into_inner().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn the_order_is_the_same_whether_operations_are_replayed_or_done() {
        let done = order(&[5; 20]).await;
        assert_eq!(done[..4], ["c0", "d0", "a0", "c1"]);
        assert_eq!(done.len(), 12, "{done:?}");
        for replayed in 0..20 {
            let mut times = vec![0; replayed];
            times.extend([7, 1, 0, 3].repeat(5));
            assert_eq!(order(&times).await, done, "{replayed} are replayed");
        }
    }

    #[tokio::test]
    async fn a_wait_that_is_given_up_holds_nobody_up() {
        let turns = Turns::default();
        let body = async {
            let held = turns.turn().await;
            {
                let mut waits = pin!(turns.turn());
                let waits = poll_fn(|task| Poll::Ready(waits.as_mut().poll(task).is_pending())).await;
                assert!(waits);
            }
            drop(held);
            drop(turns.turn().await);
        };
        turns.give_to(body).await;
        assert!(lock(&turns.0).waiting.is_empty());
    }
}
