//! A branch of a run below a record: what gates and recovery do their fixing in.

use crate::context::RunContext;
use crate::engine::EntryKind;
use crate::error::RuntimeError;
use crate::id::Name;
use crate::payload::Payload;
use serde::Serialize;
use serde::de::DeserializeOwned;

impl<'a> RunContext<'a> {
    /// Records a value, or takes it from the records, and opens a branch at its place. What is done in the branch is
    /// numbered by itself; [`settle`](Self::settle) ends it.
    pub(crate) async fn branch_at<T>(
        &self,
        name: impl Into<Name>,
        value: &T,
    ) -> Result<(T, RunContext<'a>), RuntimeError>
    where
        T: Serialize + DeserializeOwned,
    {
        let key = self.place(EntryKind::Note, name);
        self.check(&key)?;
        let branch = self.branch(key.sequence.clone(), key.name.clone());
        let payload = Payload::encode(value);
        let recorded = self.record(key, Box::pin(std::future::ready(payload))).await?;
        Ok((recorded.payload.decode()?, branch))
    }
}
