//! The threads that write: a few that stay awake while there is work, rather than one woken for each record.

use crate::error::RuntimeError;
use crate::lock;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;

/// How many threads sync at a time. The file system makes one commit of what waits for it together, so more than a few
/// are worth having; beyond that, waking them costs more than they save.
const MOST: usize = 16;

/// A write that takes longer than this is left to a thread that nobody else waits for. What waking it costs is little then.
const QUICK: Duration = Duration::from_millis(1);

/// How many records in a row may be written without a pause, in which whatever else is in the same task goes on.
const IN_A_ROW: u32 = 32;

type Job = Box<dyn FnOnce() + Send>;

/// Hands work that blocks to threads of tokio's pool.
#[derive(Clone, Default)]
pub(super) struct Writers(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// How many threads work through them.
    busy: usize,
    /// How many journals there were.
    journals: u64,
    /// Which journal was written to last, and in which scope of its run.
    last: (u64, Vec<u32>),
    /// How long the last write of a record took, once there was one.
    took: Option<Duration>,
    /// Whether somebody writes on a thread of their own.
    is_lent: bool,
    /// How many were written that way by all runs, counted up to the next pause that is due to whoever is on then.
    in_a_row: u32,
}

/// Leave to write on one's own thread, until it is dropped.
pub(super) struct Leave<'w> {
    writers: &'w Writers,
    /// Whether a pause is due once it is written.
    pub(super) is_last_in_a_row: bool,
}

/// One thread's share in the work.
struct Writer {
    writers: Writers,
    /// Whether it has left because there was nothing more to do.
    has_left: bool,
}

impl Writers {
    /// Does something that blocks. If the caller goes, it is done all the same.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, RuntimeError> + Send + 'static,
    ) -> Result<T, RuntimeError> {
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Nobody listens if the caller has gone.
            let _ = done.send(work());
        });
        if let Some(writer) = self.enqueue(job) {
            tokio::task::spawn_blocking(move || writer.work());
        }
        result.await.unwrap_or_else(|_| Err(RuntimeError::Engine("a file operation did not end".to_owned())))
    }

    /// A number for a journal that is opened.
    pub(super) fn journal(&self) -> u64 {
        let mut state = lock(&self.0);
        state.journals += 1;
        state.journals
    }

    /// Notes that a scope of a run is about to write, and says whether it may do so on its own thread: if it is able to, it
    /// wrote last, nothing is being written, and writing is quick. Runs and branches that take turns are better off side by side, on
    /// the threads here, even if they are all polled by one.
    pub(super) fn leave(&self, journal: u64, scope: &[u32], is_able: bool) -> Option<Leave<'_>> {
        let mut state = lock(&self.0);
        let is_same = state.last.0 == journal && state.last.1 == scope;
        if !is_same {
            state.last.0 = journal;
            state.last.1.clear();
            state.last.1.extend_from_slice(scope);
        }
        let is_idle = state.busy == 0 && state.jobs.is_empty() && !state.is_lent;
        if !is_able || !is_same || !is_idle || state.took.is_none_or(|took| took > QUICK) {
            return None;
        }
        state.is_lent = true;
        state.in_a_row = (state.in_a_row + 1) % IN_A_ROW;
        Some(Leave { writers: self, is_last_in_a_row: state.in_a_row == 0 })
    }

    /// Notes how long it took to write something.
    pub(super) fn note_time(&self, took: Duration) {
        lock(&self.0).took = Some(took);
    }

    fn enqueue(&self, job: Job) -> Option<Writer> {
        let mut state = lock(&self.0);
        state.jobs.push_back(job);
        (state.busy < MOST).then(|| {
            state.busy += 1;
            Writer { writers: self.clone(), has_left: false }
        })
    }
}

impl Writer {
    fn work(mut self) {
        while let Some(job) = self.next() {
            job();
        }
    }

    /// The next job; without one the thread leaves, under the same lock, so that none is overlooked.
    fn next(&mut self) -> Option<Job> {
        let mut state = lock(&self.writers.0);
        let job = state.jobs.pop_front();
        if job.is_none() {
            state.busy -= 1;
            self.has_left = true;
        }
        job
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        lock(&self.writers.0).is_lent = false;
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if self.has_left {
            return;
        }
        // It never ran, because its tokio runtime shuts down, or a job panicked.
        let mut state = lock(&self.writers.0);
        state.busy -= 1;
        if state.busy == 0 {
            // Whoever waits for these is told.
            state.jobs.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn all_work_is_done_by_a_few_threads_which_leave_when_there_is_none() {
        let writers = Writers::default();
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..500 {
            let (writers, now, most) = (writers.clone(), Arc::clone(&now), Arc::clone(&most));
            tasks.spawn(async move {
                let work = move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                    Ok(number)
                };
                writers.run(work).await
            });
        }
        let mut sum = 0;
        while let Some(done) = tasks.join_next().await {
            sum += done.unwrap().unwrap();
        }
        assert_eq!(sum, (0..500).sum::<i32>());
        assert!(most.load(Ordering::SeqCst) <= MOST);
        while lock(&writers.0).busy > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn who_wrote_last_may_write_alone_while_nothing_else_does_and_it_is_quick() {
        let writers = Writers::default();
        let (first, second) = (writers.journal(), writers.journal());
        let may = |journal, scope: &[u32]| writers.leave(journal, scope, true).is_some();
        assert!(!may(first, &[]) && !may(first, &[]), "nobody knows yet how long it takes");
        writers.note_time(Duration::ZERO);
        assert!(may(first, &[]) && may(first, &[]));
        assert!(!may(second, &[]) && !may(first, &[]) && !may(second, &[]), "they take turns");
        assert!(!may(first, &[1, 0]) && !may(first, &[1, 1]) && !may(first, &[1, 0]), "branches take turns");
        assert!(may(first, &[1, 0]));
        let leave = writers.leave(first, &[1, 0], true);
        assert!(leave.is_some() && !may(first, &[1, 0]), "it is being done");
        drop(leave);
        assert!(may(first, &[1, 0]));
        let writer = writers.enqueue(Box::new(|| ())).unwrap();
        assert!(!may(first, &[1, 0]), "somebody else writes");
        writer.work();
        assert!(may(first, &[1, 0]));
        assert!(writers.leave(first, &[2], false).is_none() && may(first, &[2]), "who is not able to lends nothing");
        assert!(!may(first, &[1, 0]));
        let pauses = (0..IN_A_ROW).filter(|_| writers.leave(first, &[1, 0], true).unwrap().is_last_in_a_row).count();
        assert_eq!(pauses, 1);
        writers.note_time(QUICK * 2);
        assert!(!may(first, &[1, 0]), "it has become slow");
    }

    #[test]
    fn work_survives_its_caller_and_a_runtime_that_has_ended_keeps_no_one_waiting() {
        let writers = Writers::default();
        let first = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (told, tells) = std::sync::mpsc::channel();
        first.block_on(async {
            let work = writers.run(move || {
                told.send(1).unwrap();
                Ok(())
            });
            let mut work = Box::pin(work);
            std::future::poll_fn(|context| {
                let _ = work.as_mut().poll(context);
                std::task::Poll::Ready(())
            })
            .await;
        });
        assert_eq!(tells.recv().unwrap(), 1);
        drop(first);
        let second = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(second.block_on(writers.run(|| Ok(2))).unwrap(), 2);
        let panic = second.block_on(writers.run::<()>(|| panic!("a fault")));
        assert!(matches!(panic, Err(RuntimeError::Engine(_))));
        assert_eq!(second.block_on(writers.run(|| Ok(3))).unwrap(), 3);
    }
}
