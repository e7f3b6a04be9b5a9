//! Which threads may write by themselves: waking another one and being woken by it costs a third of what a record costs.

use tokio::runtime::{Handle, RuntimeFlavor};

/// A thread that may block for the length of a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnThread {
    /// A worker of a runtime with many threads, whose other tasks tokio hands to another thread.
    Worker,
    /// One that is no worker and runs no task, such as one that waits in `block_on` of such a runtime. An executor of another
    /// library that polls within the context of such a runtime looks the same.
    Waiting,
}

impl OwnThread {
    /// This thread, if it can block without a panic of `block_in_place`, which a runtime with one thread answers with.
    ///
    /// A runtime with one thread has a first worker too, and nothing that is stable tells it from the first of many. The
    /// current handle is no proof, because a future may be polled within the context of another runtime; nor is what ran on
    /// this thread before, because threads of tokio stop being workers and may wait for a runtime with one thread.
    pub(super) fn current() -> Option<Self> {
        if Handle::try_current().ok()?.runtime_flavor() != RuntimeFlavor::MultiThread {
            return None;
        }
        match tokio::runtime::worker_index() {
            None => tokio::task::try_id().is_none().then_some(Self::Waiting),
            Some(0) => None,
            // Only a runtime with many threads has a second one.
            Some(_) => Some(Self::Worker),
        }
    }

    /// Does something that blocks.
    pub(super) fn block<T>(self, work: impl FnOnce() -> T) -> T {
        match self {
            Self::Worker => tokio::task::block_in_place(work),
            Self::Waiting => work(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Barrier};
    use tokio::runtime::{Builder, Runtime};
    use tokio::task::LocalSet;
    use tokio_util::context::TokioContext;

    /// Looks a few times, with pauses in which other tasks run, and blocks wherever that is said to be possible.
    async fn look() -> Option<OwnThread> {
        let mut seen = None;
        for _ in 0..20 {
            let thread = OwnThread::current();
            if let Some(thread) = thread {
                thread.block(|| ());
            }
            seen = seen.or(thread);
            tokio::task::yield_now().await;
        }
        seen
    }

    fn many(workers: usize) -> Runtime {
        Builder::new_multi_thread().worker_threads(workers).build().unwrap()
    }

    fn one() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn each_worker_but_the_first_may_block() {
        let many = many(2);
        // Each holds its worker until the other one has one too.
        let barrier = Arc::new(Barrier::new(2));
        let look = || {
            let barrier = Arc::clone(&barrier);
            many.spawn(async move {
                barrier.wait();
                let worker = tokio::runtime::worker_index();
                let thread = OwnThread::current();
                if let Some(thread) = thread {
                    thread.block(|| ());
                }
                (worker, thread)
            })
        };
        let (one, other) = (look(), look());
        let mut seen = many.block_on(async { [one.await.unwrap(), other.await.unwrap()] });
        seen.sort_by_key(|(worker, _)| *worker);
        assert_eq!(seen, [(Some(0), None), (Some(1), Some(OwnThread::Worker))]);
    }

    #[test]
    fn a_thread_that_waits_for_many_may_block() {
        for workers in [1, 2] {
            assert_eq!(many(workers).block_on(look()), Some(OwnThread::Waiting));
        }
    }

    /// It has run tasks of the runtime whose context it is in, and `block_in_place` panics all the same.
    #[test]
    fn a_worker_that_waits_for_a_runtime_with_one_thread_may_not_block() {
        let many = many(1);
        let handle = many.handle().clone();
        let task = many.spawn(async {
            look().await;
            tokio::task::block_in_place(|| one().block_on(TokioContext::new(look(), handle)))
        });
        assert_eq!(many.block_on(task).unwrap(), None);
    }

    #[test]
    fn a_runtime_with_one_thread_may_not_block() {
        let one = one();
        assert_eq!(one.block_on(look()), None);
        assert_eq!(one.block_on(async { tokio::spawn(look()).await.unwrap() }), None);
        assert_eq!(LocalSet::new().block_on(&one, async { tokio::task::spawn_local(look()).await.unwrap() }), None);
        assert_eq!(OwnThread::current(), None, "there is no runtime");
    }

    #[test]
    fn a_set_of_local_tasks_may_not_block_on_many_threads_either() {
        let many = many(2);
        let local = async { tokio::task::spawn_local(look()).await.unwrap() };
        assert_eq!(LocalSet::new().block_on(&many, local), None);
        // Its own future is no task. It never enters `block_in_place`, which would panic there.
        assert_eq!(LocalSet::new().block_on(&many, look()), Some(OwnThread::Waiting));
    }

    #[test]
    fn a_runtime_with_one_thread_may_not_block_within_the_context_of_many() {
        let (one, many) = (one(), many(2));
        let wrapped = TokioContext::new(look(), many.handle().clone());
        assert_eq!(one.block_on(async { tokio::spawn(wrapped).await.unwrap() }), None);
    }
}
