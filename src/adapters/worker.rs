//! A thread that does one job after the other, and survives jobs that fail.

use crate::error::Failure;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Sender};
use std::thread;

/// A thread with jobs to do. It ends when nobody gives it any more.
#[derive(Debug)]
pub struct Worker<J> {
    jobs: Sender<J>,
}

impl<J: Send + 'static> Worker<J> {
    /// A thread that does `work` for each job and puts what came of it into a queue. Where `work` panics, which is a
    /// fault of this program, that is what came of it.
    ///
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn start<R: 'static, E: Send + 'static>(
        into: Sender<E>,
        event: fn(Result<R, Failure>) -> E,
        mut work: impl FnMut(J) -> R + Send + 'static,
    ) -> Result<Self, Failure> {
        let (jobs, given) = mpsc::channel();
        let run = move || {
            for job in given {
                let done = catch_unwind(AssertUnwindSafe(|| work(job))).map_err(|panic| fault(&*panic));
                if into.send(event(done)).is_err() {
                    return;
                }
            }
        };
        match thread::Builder::new().name("worker".to_owned()).spawn(run) {
            Ok(_) => Ok(Self { jobs }),
            Err(error) => Err(Failure::new(format!("cannot start a thread: {error}"), "")),
        }
    }

    /// Gives the thread a job, to be done after those that it has.
    ///
    /// # Errors
    ///
    /// The thread is gone.
    pub fn give(&self, job: J) -> Result<(), Failure> {
        self.jobs.send(job).map_err(|_| Failure::new("the thread that checks is gone", "start this program again"))
    }
}

fn fault(panic: &(dyn Any + Send)) -> Failure {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Failure::new(format!("internal error: {text}"), "this is a bug in baton; please report it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::events::Events;

    #[test]
    fn a_job_that_panics_does_not_end_the_thread() {
        let events: Events<Result<u32, Failure>> = Events::default();
        let work = |number: u32| if number == 1 { panic!("not {number}") } else { number };
        let worker = Worker::start(events.sender(), |done| done, work).unwrap();
        for number in [1, 2] {
            worker.give(number).unwrap();
        }
        assert_eq!(events.next(None).unwrap().unwrap_err().message, "internal error: not 1");
        assert_eq!(events.next(None), Some(Ok(2)));
    }
}
