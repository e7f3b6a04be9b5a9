//! The threads that parse and judge.

use crate::error::Failure;
use baton_core::parse::STACK_BYTES;

/// Does `work` on a pool of `threads` threads, one per processor for 0, each with the stack that
/// the parser needs.
///
/// # Errors
///
/// The system gives no threads.
pub fn run<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK_BYTES).build();
    match pool {
        Ok(pool) => Ok(pool.install(work)),
        Err(error) => Err(Failure::new(format!("cannot start threads: {error}"), "try `--threads 1`")),
    }
}
