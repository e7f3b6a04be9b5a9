//! Which threads may write by themselves: waking another one and being woken by it costs a third of what a record costs.

use std::cell::Cell;
use tokio::runtime::{Handle, RuntimeFlavor};

/// A thread that may block for the length of a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnThread {
    /// A worker of a runtime with many threads, whose other tasks tokio hands to another thread.
    Worker,
    /// One that is no worker and runs no task, such as one that waits in `block_on` of such a runtime.
    Waiting,
}

thread_local! {
    /// Whether a task has run here that was spawned on a runtime with many threads.
    static IS_KNOWN: Cell<bool> = const { Cell::new(false) };
}

impl OwnThread {
    /// This thread, if it is sure that it may block. A runtime with one thread and a set of local tasks have nobody to
    /// hand their other tasks to, and `block_in_place` panics on the first and in the second.
    pub(super) fn current() -> Option<Self> {
        if Handle::try_current().ok()?.runtime_flavor() != RuntimeFlavor::MultiThread {
            return None;
        }
        match tokio::runtime::worker_index() {
            None => tokio::task::try_id().is_none().then_some(Self::Waiting),
            Some(0) => is_known().then_some(Self::Worker),
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

/// A runtime with one thread has a first worker too, and the current handle is no proof against it: a future may be polled
/// there within the context of another runtime. Where a task has run that was spawned by that handle, there is a worker of
/// its runtime.
fn is_known() -> bool {
    let known = IS_KNOWN.get();
    if !known {
        tokio::spawn(async { IS_KNOWN.set(true) });
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime::{Builder, Runtime};
    use tokio::task::LocalSet;
    use tokio_util::context::TokioContext;

    /// Looks a few times, with pauses in which other tasks run, and blocks wherever that is said to be possible.
    async fn look() -> Option<OwnThread> {
        let mut thread = None;
        for _ in 0..20 {
            thread = OwnThread::current();
            if let Some(thread) = thread {
                thread.block(|| ());
            }
            tokio::task::yield_now().await;
        }
        thread
    }

    fn many(workers: usize) -> Runtime {
        Builder::new_multi_thread().worker_threads(workers).build().unwrap()
    }

    fn one() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn a_task_of_many_threads_may_block_and_so_may_the_thread_that_waits_for_it() {
        for workers in [1, 2] {
            let many = many(workers);
            assert_eq!(many.block_on(async { tokio::spawn(look()).await.unwrap() }), Some(OwnThread::Worker));
            assert_eq!(many.block_on(look()), Some(OwnThread::Waiting));
        }
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
