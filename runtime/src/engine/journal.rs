//! Engines that keep a journal: one list of records per run, appended to and read again from its beginning.

use super::record::{Finish, Record, RunHeader};
use super::replay::JournalRun;
use super::{BoxFuture, Engine, EngineRun, RunInfo};
use crate::error::RuntimeError;
use crate::id::{DecisionId, RunId};
use crate::lock;
use crate::payload::Payload;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

/// The journal of one run while it is taken.
pub trait Journal: Send + Sync {
    /// Writes a record behind the others. Once this returns, the record and all before it are there after a crash.
    ///
    /// After an error, nobody knows what is on the disk, and every later call fails with [`RuntimeError::Poisoned`].
    fn append<'a>(&'a self, record: &'a Record) -> BoxFuture<'a, Result<(), RuntimeError>>;
}

/// The records of a run, oldest first.
#[derive(Clone, Debug)]
pub struct History {
    /// The first record.
    pub header: RunHeader,
    /// Those after it.
    pub records: Vec<Record>,
}

/// A journal that was taken, and what it held then.
pub struct OpenJournal {
    /// What is appended to.
    pub journal: Arc<dyn Journal>,
    /// What was read.
    pub history: History,
}

/// Where journals are kept.
pub trait JournalStore: Send + Sync + 'static {
    /// Makes the journal of a new run with its header, durably, and takes it.
    ///
    /// Errors: [`RuntimeError::RunExists`].
    fn create<'a>(&'a self, header: &'a RunHeader) -> BoxFuture<'a, Result<Arc<dyn Journal>, RuntimeError>>;

    /// Takes a journal and reads it. It is released when the handle is dropped.
    ///
    /// Errors: [`RuntimeError::RunNotFound`], [`RuntimeError::RunBusy`], [`RuntimeError::Corrupt`].
    fn open<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<OpenJournal, RuntimeError>>;

    /// Reads a journal without taking it, as far as it is written.
    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<History, RuntimeError>>;

    /// The ids of the runs whose journals were not [closed](Self::close), sorted.
    fn open_runs(&self) -> BoxFuture<'_, Result<Vec<RunId>, RuntimeError>>;

    /// Sets the journal of a finished run apart, so that it is no longer among the open ones. The run is
    /// taken. Doing it twice does no harm.
    fn close<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>>;

    /// Deletes a journal.
    fn remove<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>>;
}

/// An engine over a store of journals.
///
/// It holds the replaying once for all stores, and knows which runs this process has taken, so that an answer can reach a
/// run that is still busy with other branches.
///
/// Clones are the same engine.
pub struct JournalEngine<S> {
    store: Arc<S>,
    taken: Arc<Mutex<BTreeMap<RunId, Weak<JournalRun<S>>>>>,
}

impl<S> Clone for JournalEngine<S> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store), taken: Arc::clone(&self.taken) }
    }
}

impl<S: JournalStore> JournalEngine<S> {
    /// An engine over this store.
    pub fn over(store: S) -> Self {
        Self { store: Arc::new(store), taken: Arc::default() }
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    fn take(&self, run: JournalRun<S>) -> Arc<JournalRun<S>> {
        let run = Arc::new(run);
        let mut taken = lock(&self.taken);
        // Handles of runs that are over leave an entry each; the map is as large as what is taken, give or take a half.
        if taken.len() > 32 && taken.len().is_multiple_of(32) {
            taken.retain(|_, run| run.strong_count() > 0);
        }
        taken.insert(run.header().run.clone(), Arc::downgrade(&run));
        run
    }

    fn taken(&self, run: &RunId) -> Option<Arc<JournalRun<S>>> {
        lock(&self.taken).get(run).and_then(Weak::upgrade)
    }

    async fn load(&self, run: &RunId) -> Result<Arc<JournalRun<S>>, RuntimeError> {
        let OpenJournal { journal, history } = self.store.open(run).await?;
        if finish(&history.records).is_some() {
            // The process ended between the last record and this.
            self.store.close(run).await?;
        }
        Ok(self.take(JournalRun::new(Arc::clone(&self.store), journal, history)))
    }
}

impl<S: JournalStore> Engine for JournalEngine<S> {
    fn create(&self, header: RunHeader) -> BoxFuture<'_, Result<Arc<dyn EngineRun>, RuntimeError>> {
        Box::pin(async move {
            let journal = self.store.create(&header).await?;
            let history = History { header, records: Vec::new() };
            let run = self.take(JournalRun::new(Arc::clone(&self.store), journal, history));
            Ok(run as Arc<dyn EngineRun>)
        })
    }

    fn open<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Arc<dyn EngineRun>, RuntimeError>> {
        Box::pin(async move { Ok(self.load(run).await? as Arc<dyn EngineRun>) })
    }

    fn open_runs(&self) -> BoxFuture<'_, Result<Vec<RunId>, RuntimeError>> {
        self.store.open_runs()
    }

    fn inspect<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<RunInfo, RuntimeError>> {
        Box::pin(async move { Ok(summarise(self.store.read(run).await?)) })
    }

    fn answer<'a>(
        &'a self,
        run: &'a RunId,
        decision: &'a DecisionId,
        answer: Payload,
    ) -> BoxFuture<'a, Result<(), RuntimeError>> {
        Box::pin(async move {
            let run = match self.taken(run) {
                Some(run) => run,
                None => self.load(run).await?,
            };
            run.answer(decision, answer).await
        })
    }

    fn remove<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        self.store.remove(run)
    }
}

fn summarise(history: History) -> RunInfo {
    let mut pending = BTreeMap::new();
    let mut finished = None;
    let mut entries = 0;
    for record in history.records {
        match record {
            Record::Header(_) => {}
            Record::Entry(entry) => {
                entries += 1;
                if let Some(decision) = super::replay::question(&entry) {
                    pending.insert(decision.id.clone(), decision);
                }
            }
            Record::Answer { decision, .. } => {
                pending.remove(&decision);
            }
            Record::Finished(finish) => finished = Some(finish),
        }
    }
    RunInfo { header: history.header, finished, pending: pending.into_values().collect(), entries }
}

/// Journals in memory: as durable as the value that holds them.
#[derive(Debug, Default)]
pub struct MemoryJournals {
    runs: Mutex<BTreeMap<RunId, Arc<MemoryJournal>>>,
}

#[derive(Debug)]
struct MemoryJournal {
    header: RunHeader,
    records: Mutex<Vec<Record>>,
    /// Whether somebody has it.
    taken: Mutex<bool>,
}

impl MemoryJournal {
    fn history(&self) -> History {
        History { header: self.header.clone(), records: lock(&self.records).clone() }
    }

    fn is_closed(&self) -> bool {
        matches!(lock(&self.records).last(), Some(Record::Finished(_)))
    }
}

/// A journal that is taken; dropping it releases it.
struct TakenJournal(Arc<MemoryJournal>);

impl TakenJournal {
    fn take(journal: &Arc<MemoryJournal>) -> Result<Arc<dyn Journal>, RuntimeError> {
        let mut taken = lock(&journal.taken);
        if *taken {
            return Err(RuntimeError::RunBusy(journal.header.run.clone()));
        }
        *taken = true;
        Ok(Arc::new(Self(Arc::clone(journal))))
    }
}

impl Drop for TakenJournal {
    fn drop(&mut self) {
        *lock(&self.0.taken) = false;
    }
}

impl Journal for TakenJournal {
    fn append<'a>(&'a self, record: &'a Record) -> BoxFuture<'a, Result<(), RuntimeError>> {
        lock(&self.0.records).push(record.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

impl MemoryJournals {
    fn find(&self, run: &RunId) -> Result<Arc<MemoryJournal>, RuntimeError> {
        lock(&self.runs).get(run).cloned().ok_or_else(|| RuntimeError::RunNotFound(run.clone()))
    }
}

impl JournalStore for MemoryJournals {
    fn create<'a>(&'a self, header: &'a RunHeader) -> BoxFuture<'a, Result<Arc<dyn Journal>, RuntimeError>> {
        Box::pin(async move {
            let mut runs = lock(&self.runs);
            if runs.contains_key(&header.run) {
                return Err(RuntimeError::RunExists(header.run.clone()));
            }
            let journal =
                Arc::new(MemoryJournal { header: header.clone(), records: Mutex::default(), taken: Mutex::default() });
            runs.insert(header.run.clone(), Arc::clone(&journal));
            TakenJournal::take(&journal)
        })
    }

    fn open<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<OpenJournal, RuntimeError>> {
        Box::pin(async move {
            let journal = self.find(run)?;
            let taken = TakenJournal::take(&journal)?;
            Ok(OpenJournal { journal: taken, history: journal.history() })
        })
    }

    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<History, RuntimeError>> {
        Box::pin(async move { Ok(self.find(run)?.history()) })
    }

    fn open_runs(&self) -> BoxFuture<'_, Result<Vec<RunId>, RuntimeError>> {
        let runs = lock(&self.runs);
        let open = runs.iter().filter(|(_, journal)| !journal.is_closed()).map(|(run, _)| run.clone()).collect();
        Box::pin(std::future::ready(Ok(open)))
    }

    fn close<'a>(&'a self, _: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        // The last record says it.
        Box::pin(std::future::ready(Ok(())))
    }

    fn remove<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        Box::pin(async move {
            let journal = self.find(run)?;
            TakenJournal::take(&journal)?;
            lock(&self.runs).remove(run);
            Ok(())
        })
    }
}

/// How a finished run ended, if the records say so.
pub(super) fn finish(records: &[Record]) -> Option<Finish> {
    records.iter().rev().find_map(|record| match record {
        Record::Finished(finish) => Some(finish.clone()),
        _ => None,
    })
}
