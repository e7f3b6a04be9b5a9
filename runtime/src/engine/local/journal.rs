//! One journal while it is taken: appending, with one sync for all that wait at the same time.

use super::files::LogFile;
use super::format;
use super::own_thread::OwnThread;
use super::writers::Writers;
use crate::engine::{BoxFuture, Journal, Record};
use crate::error::RuntimeError;
use crate::id::RunId;
use crate::lock;
use crate::panics;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::sync::Mutex as AsyncMutex;

/// When a record counts as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// Once the device has it: it survives a loss of power. One `fdatasync` a record, or for several at once.
    #[default]
    Synced,
    /// Once the system has it: it survives a crash of the process and not one of the system.
    Buffered,
}

/// Is told that a sync failed or a write panicked, after which the pages of a file cannot be trusted for as long as the system runs.
pub(super) type OnLostSync = Arc<dyn Fn(&RunId) + Send + Sync>;

pub(super) struct FileJournal {
    shared: Arc<Shared>,
    /// Held by whoever writes, also by one whose caller has gone.
    turn: Arc<AsyncMutex<()>>,
    /// What the writers know it by.
    number: u64,
}

struct Shared {
    writers: Writers,
    run: RunId,
    file: Box<dyn LogFile>,
    durability: Durability,
    on_lost_sync: OnLostSync,
    queue: Mutex<Queue>,
}

struct Queue {
    /// Lines that nobody has written yet.
    lines: Vec<u8>,
    /// The number of the next record.
    next: u64,
    /// All records below this number are written.
    written: u64,
    /// Why nothing is written any more.
    poison: Option<String>,
}

impl FileJournal {
    pub(super) fn new(
        run: RunId,
        file: Box<dyn LogFile>,
        next: u64,
        durability: Durability,
        on_lost_sync: OnLostSync,
        writers: Writers,
    ) -> Self {
        let queue = Mutex::new(Queue { lines: Vec::new(), next, written: next, poison: None });
        let number = writers.journal();
        let shared = Shared { writers, run, file, durability, on_lost_sync, queue };
        Self { shared: Arc::new(shared), turn: Arc::default(), number }
    }

    /// Writes on this thread, if that may be. Says whether a pause is due.
    fn append_here(&self, number: u64, record: &Record) -> Option<Result<bool, RuntimeError>> {
        let (thread, turn) = (OwnThread::current(), self.turn.try_lock().ok());
        let is_able = thread.is_some() && turn.is_some();
        let leave = self.shared.writers.leave(self.number, scope(record), is_able)?;
        let thread = thread?;
        let write = || self.shared.write(number);
        // Handing a worker's other tasks over takes longer than to put a line into the system's cache.
        let is_quick = self.shared.durability == Durability::Buffered;
        let written = if is_quick { write() } else { thread.block(write) };
        // A worker's other tasks have gone elsewhere. Who else relies on a thread that is no worker, nobody knows.
        let is_pause_due = leave.is_last_in_a_row || thread == OwnThread::Waiting;
        Some(written.map(|()| is_pause_due))
    }
}

impl Shared {
    fn poisoned(&self, reason: &str) -> RuntimeError {
        RuntimeError::Poisoned { run: self.run.clone(), reason: reason.to_owned() }
    }

    /// Puts a record into the queue, and says which one it is.
    fn enqueue(&self, record: &Record) -> Result<u64, RuntimeError> {
        let mut queue = lock(&self.queue);
        if let Some(reason) = &queue.poison {
            return Err(self.poisoned(reason));
        }
        let number = queue.next;
        let line = format::record_line(number, record)?;
        queue.lines.extend_from_slice(&line);
        queue.next += 1;
        Ok(number)
    }

    fn write_out(&self, lines: &[u8]) -> Result<(), String> {
        self.file.append(lines).map_err(|error| format!("a write failed: {error}"))?;
        if self.durability == Durability::Buffered {
            return Ok(());
        }
        self.file.sync().map_err(|error| {
            (self.on_lost_sync)(&self.run);
            format!("a sync failed: {error}")
        })
    }

    /// Writes what waits, unless somebody has done so since.
    fn write(&self, number: u64) -> Result<(), RuntimeError> {
        let (lines, next) = {
            let mut queue = lock(&self.queue);
            if let Some(reason) = &queue.poison {
                return Err(self.poisoned(reason));
            }
            if number < queue.written {
                return Ok(());
            }
            (std::mem::take(&mut queue.lines), queue.next)
        };
        // The lines are out of the queue: a file layer that panics must not let the next ones follow a gap.
        let begun = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| self.write_out(&lines))).unwrap_or_else(|panic| {
            (self.on_lost_sync)(&self.run);
            Err(format!("a write panicked: {}", panics::message(panic.as_ref())))
        });
        let mut queue = lock(&self.queue);
        match result {
            Ok(()) => {
                self.writers.note_time(begun.elapsed());
                queue.written = next;
                Ok(())
            }
            Err(reason) => {
                let error = self.poisoned(&reason);
                queue.poison = Some(reason);
                Err(error)
            }
        }
    }
}

/// The place below which a record's operation lies. Operations of one scope come one after the other; an answer may come
/// at any time from any task, and counts as the run's outermost scope.
fn scope(record: &Record) -> &[u32] {
    match record {
        Record::Entry(entry) => entry.key.sequence.path().split_last().map_or(&[], |(_, scope)| scope),
        Record::Header(_) | Record::Answer { .. } | Record::Finished(_) => &[],
    }
}

impl Journal for FileJournal {
    fn append<'a>(&'a self, record: &'a Record) -> BoxFuture<'a, Result<(), RuntimeError>> {
        Box::pin(async move {
            let number = self.shared.enqueue(record)?;
            if let Some(result) = self.append_here(number, record) {
                if result? {
                    tokio::task::yield_now().await;
                }
                return Ok(());
            }
            let turn = Arc::clone(&self.turn).lock_owned().await;
            let shared = Arc::clone(&self.shared);
            let work = move || {
                let result = shared.write(number);
                // If the caller has gone, the turn is over only now.
                drop(turn);
                result
            };
            self.shared.writers.run(work).await
        })
    }
}
