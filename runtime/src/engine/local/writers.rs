//! The threads that write: a few that stay awake while there is work, rather than one woken for each record.

use crate::error::RuntimeError;
use crate::lock;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

/// How many threads sync at a time. The file system makes one commit of what waits for it together, so more than a few
/// are worth having; beyond that, waking them costs more than they save.
const MOST: usize = 16;

type Job = Box<dyn FnOnce() + Send>;

/// Hands work that blocks to threads of tokio's pool.
#[derive(Clone, Default)]
pub(super) struct Writers(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// How many threads work through them.
    busy: usize,
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
