//! One run over its journal: what is recorded is handed back, what is new is done and recorded.

use super::journal::{self, History, Journal, JournalStore};
use super::record::{Entry, EntryKey, EntryKind, Finish, Record, RunHeader};
use super::{BoxFuture, EngineRun, Recorded, Work};
use crate::error::{Drift, Interrupt, PendingDecision, RuntimeError};
use crate::id::{DecisionId, Sequence};
use crate::lock;
use crate::payload::Payload;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

pub(super) struct JournalRun<S> {
    store: Arc<S>,
    journal: Arc<dyn Journal>,
    header: RunHeader,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Records that this execution has not come to yet.
    history: BTreeMap<(Sequence, u8), Entry>,
    /// Every question that was ever asked.
    asked: BTreeMap<DecisionId, Payload>,
    answers: BTreeMap<DecisionId, Payload>,
    finished: Option<Finish>,
}

/// The question that an entry asks, if it is one.
pub(super) fn question(entry: &Entry) -> Option<PendingDecision> {
    let EntryKey { sequence, kind, name } = &entry.key;
    let id = DecisionId { sequence: sequence.clone(), name: name.clone() };
    (*kind == EntryKind::Decision).then(|| PendingDecision::new(id, entry.data.clone()))
}

impl<S: JournalStore> JournalRun<S> {
    pub(super) fn new(store: Arc<S>, journal: Arc<dyn Journal>, history: History) -> Self {
        let History { header, records } = history;
        let mut state = State { finished: journal::finish(&records), ..State::default() };
        for record in records {
            match record {
                Record::Entry(entry) => {
                    if let Some(PendingDecision { id, question }) = question(&entry) {
                        state.asked.insert(id, question);
                    }
                    state.history.insert(entry.key.place(), entry);
                }
                Record::Answer { decision, data } => {
                    state.answers.entry(decision).or_insert(data);
                }
                Record::Header(_) | Record::Finished(_) => {}
            }
        }
        Self { store, journal, header, state: Mutex::new(state) }
    }

    /// What is recorded under `key`, which is thereby dealt with.
    fn recorded(&self, key: &EntryKey) -> Result<Option<Payload>, RuntimeError> {
        let mut state = lock(&self.state);
        if state.history.is_empty() {
            return Ok(None);
        }
        let place = key.place();
        match state.history.remove(&place) {
            None => Ok(None),
            Some(entry) if entry.key.kind == key.kind && entry.key.name == key.name => Ok(Some(entry.data)),
            Some(entry) => {
                let drift = Drift::at(&self.header.run, &key.sequence, entry.key.what(), key.what());
                state.history.insert(place, entry);
                Err(drift.into())
            }
        }
    }

    async fn append(&self, key: EntryKey, data: Payload) -> Result<Payload, RuntimeError> {
        let record = Record::Entry(Entry { key, data });
        self.journal.append(&record).await?;
        match record {
            Record::Entry(entry) => Ok(entry.data),
            _ => Ok(Payload::null()),
        }
    }

    pub(super) async fn answer(&self, decision: &DecisionId, answer: Payload) -> Result<(), RuntimeError> {
        {
            let mut state = lock(&self.state);
            if state.finished.is_some() || !state.asked.contains_key(decision) {
                let (run, decision) = (self.header.run.clone(), decision.to_string());
                return Err(RuntimeError::NoSuchDecision { run, decision });
            }
            if state.answers.contains_key(decision) {
                let (run, decision) = (self.header.run.clone(), decision.clone());
                return Err(RuntimeError::AlreadyDecided { run, decision });
            }
            // Taken before it is durable, so that of two answers one is refused. If it doesn't get there, the journal is
            // poisoned and this state is never used again.
            state.answers.insert(decision.clone(), answer.clone());
        }
        self.journal.append(&Record::Answer { decision: decision.clone(), data: answer }).await
    }
}

/// Milliseconds since 1970, which are all that a sleep needs, and saturate where a time would overflow.
fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

impl<S: JournalStore> EngineRun for JournalRun<S> {
    fn header(&self) -> &RunHeader {
        &self.header
    }

    fn finished(&self) -> Option<Finish> {
        lock(&self.state).finished.clone()
    }

    fn record<'a>(&'a self, key: EntryKey, work: Work<'a>) -> BoxFuture<'a, Result<Recorded, RuntimeError>> {
        Box::pin(async move {
            if let Some(payload) = self.recorded(&key)? {
                return Ok(Recorded { payload, replayed: true });
            }
            let payload = work.await?;
            let payload = self.append(key, payload).await?;
            Ok(Recorded { payload, replayed: false })
        })
    }

    fn sleep(&self, key: EntryKey, duration: Duration) -> BoxFuture<'_, Result<(), RuntimeError>> {
        Box::pin(async move {
            let mut rest = duration;
            if let Some(end) = self.recorded(&key)? {
                rest = Duration::from_millis(end.decode::<u64>()?.saturating_sub(unix_millis()));
            } else {
                let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
                self.append(key, Payload::encode(&unix_millis().saturating_add(millis))?).await?;
            }
            tokio::time::sleep(rest).await;
            Ok(())
        })
    }

    fn decide(&self, key: EntryKey, question: Payload) -> BoxFuture<'_, Result<Payload, RuntimeError>> {
        Box::pin(async move {
            let id = DecisionId { sequence: key.sequence.clone(), name: key.name.clone() };
            let question = match self.recorded(&key)? {
                Some(question) => question,
                None => self.append(key, question).await?,
            };
            let mut state = lock(&self.state);
            state.asked.insert(id.clone(), question.clone());
            match state.answers.get(&id) {
                Some(answer) => Ok(answer.clone()),
                None => Err(Interrupt::Suspended(Box::new(PendingDecision::new(id, question))).into()),
            }
        })
    }

    fn finish(&self, finish: Finish) -> BoxFuture<'_, Result<(), RuntimeError>> {
        Box::pin(async move {
            if let Some(entry) = lock(&self.state).history.values().next() {
                let (recorded, now) = (entry.key.what(), "the run is over".to_owned());
                return Err(Drift::at(&self.header.run, &entry.key.sequence, recorded, now).into());
            }
            let record = Record::Finished(finish);
            self.journal.append(&record).await?;
            if let Record::Finished(finish) = record {
                lock(&self.state).finished = Some(finish);
            }
            self.store.close(&self.header.run).await
        })
    }

    fn is_replaying(&self) -> bool {
        !lock(&self.state).history.is_empty()
    }
}
