//! Artifacts: what agents hand to each other, in versions that never change.

mod agent;
mod catalog;
mod content;
mod error;
mod folder;
mod graph;
mod key;
mod lease;
mod store;

pub use agent::Agent;
pub use catalog::{ArtifactRef, ArtifactVersion, Freshness, Provenance};
pub use content::{ContentHash, NoContentHash};
pub use error::ArtifactError;
pub use folder::FolderArtifacts;
pub use graph::{ArtifactGraph, ArtifactGraphBuilder, GraphError, GraphErrors};
pub use key::{ArtifactKey, ArtifactSet, ArtifactValue};
pub use store::{ArtifactStore, MemoryArtifacts, StoreError};

use crate::context::RunContext;
use crate::error::{DomainError, RunError, RuntimeError, StepError};
use crate::id::IdempotencyKey;
use crate::lock;
use crate::step::Attempt;
use catalog::Catalog;
use graph::Contract;
use lease::{Lease, Leases};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// How long a body may take to commit what it has.
const COMMIT_LEASE: Duration = Duration::from_secs(60);

/// Records that nobody has asked for after this time belong to a body that was changed, and the end of the run says so.
const CATCH_UP: Duration = Duration::from_secs(10);

/// The artifacts of one run: which versions there are, where they come from, which are fresh.
///
/// The body makes this value, and it lives as long as the body. What it knows is rebuilt from the run's records whenever
/// the body runs again; the contents lie in an [`ArtifactStore`].
///
/// Branches of a run may use it side by side. A branch that reads what another one makes has to wait for it: what
/// [`get`](Self::get) finds is not recorded, except for the inputs of an agent.
///
/// ```
/// # use baton_runtime::{
/// #     Agent, ArtifactGraph, ArtifactKey, Artifacts, Attempt, Kind, Layer, MemoryArtifacts, MemoryEngine, Orchestrator,
/// #     RunContext, RunError, Runtime, SimpleError, StepError,
/// # };
/// # use std::sync::Arc;
/// # const PLAN: ArtifactKey<String> = ArtifactKey::new("plan");
/// # const CODE: ArtifactKey<Vec<String>> = ArtifactKey::new("code");
/// # struct Coder;
/// # impl Agent for Coder {
/// #     const NAME: &'static str = "coder";
/// #     const INPUTS: (ArtifactKey<String>,) = (PLAN,);
/// #     const OUTPUTS: (ArtifactKey<Vec<String>>,) = (CODE,);
/// #     type Inputs = (String,);
/// #     type Outputs = (Vec<String>,);
/// #     type Error = SimpleError;
/// #     async fn run(&self, (plan,): &(String,), _: &Attempt) -> Result<(Vec<String>,), StepError<SimpleError>> {
/// #         Ok((plan.lines().map(str::to_owned).collect(),))
/// #     }
/// # }
/// struct Delivery {
///     graph: Arc<ArtifactGraph>,
///     store: Arc<MemoryArtifacts>,
/// }
///
/// impl Orchestrator for Delivery {
/// #   const NAME: &'static str = "delivery";
/// #   const LAYER: Layer = Layer::Domain;
/// #   const KIND: Kind = Kind::Sequential;
/// #   type Input = String;
/// #   type Output = usize;
/// #   type Error = SimpleError;
///     // …
///     async fn orchestrate(&self, cx: &RunContext<'_>, wish: String) -> Result<usize, RunError<SimpleError>> {
///         let artifacts = Artifacts::new(self.graph.clone(), self.store.clone());
///         artifacts.commit(cx, PLAN, &wish).await?;
///         let made = artifacts.run(cx, &Coder).await?;
///         assert!(artifacts.freshness(CODE).is_fresh());
///
///         artifacts.commit(cx, PLAN, &format!("{wish}\nlog")).await?;
///         assert_eq!(
///             artifacts.freshness(CODE).to_string(),
///             "it was made from `plan` version 1, and there is version 2",
///         );
///         Ok(made.outputs.0.len())
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let graph = ArtifactGraph::builder().artifact(PLAN, []).artifact(CODE, [PLAN.name()]).agent::<Coder>().build()?;
/// let delivery = Delivery { graph: Arc::new(graph), store: Arc::new(MemoryArtifacts::new()) };
/// let runtime = Runtime::builder().engine(MemoryEngine::new()).register(delivery)?.build()?;
/// assert_eq!(runtime.run::<Delivery>("login\nlogout".to_owned()).await?, 2);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct Artifacts {
    graph: Arc<ArtifactGraph>,
    store: Arc<dyn ArtifactStore>,
    leases: Arc<Leases>,
    catalog: Mutex<Catalog>,
}

impl fmt::Debug for Artifacts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.all_freshness()).finish()
    }
}

/// The content of an artifact, and which version it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Artifact<T> {
    /// The content.
    pub content: T,
    /// The version.
    pub version: ArtifactVersion,
}

/// What an agent made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Produced<O> {
    /// The contents.
    pub outputs: O,
    /// Their versions, in the order of the agent's keys.
    pub versions: Vec<ArtifactVersion>,
}

/// What is recorded of new versions: all of them, in one record.
#[derive(Debug, Serialize, Deserialize)]
struct Commit {
    versions: Vec<ArtifactVersion>,
}

impl Artifacts {
    /// No versions yet.
    pub fn new(graph: Arc<ArtifactGraph>, store: Arc<dyn ArtifactStore>) -> Self {
        Self { graph, store, leases: Arc::default(), catalog: Mutex::default() }
    }

    /// Lets an agent read what it reads and make what it makes, or hands back what it made.
    ///
    /// It is one step. What the agent reads has to be there and fresh; while it works, nobody else makes new versions of
    /// its outputs; what it brings is validated and kept in the store, and all of it becomes the newest version with the one
    /// record that ends the step. If the process ends before that, there is no new version. If what comes after it fails and
    /// is undone, the version stays, because others may have read it; [invalidate](Self::invalidate) it then.
    ///
    /// # Errors
    /// What the agent fails with, [`ArtifactError`] as its error among it. [`RuntimeError::Build`] if it doesn't fit the
    /// graph, and [`RuntimeError::Artifact`] if what it made cannot be loaded again.
    pub async fn run<A: Agent>(
        &self,
        cx: &RunContext<'_>,
        agent: &A,
    ) -> Result<Produced<A::Outputs>, RunError<A::Error>> {
        let contract = Contract::of::<A>();
        let faults = self.graph.faults(&contract);
        if !faults.is_empty() {
            return Err(RuntimeError::from(GraphErrors { errors: faults }).into());
        }
        let mut step = cx.step(A::NAME).effect(A::EFFECT).retry(agent.retry());
        if let Some(limit) = agent.timeout() {
            step = step.timeout(limit);
        }
        // Held until the record is there: whoever takes it next has to find the new version.
        let held = Mutex::new(None);
        let Commit { versions } = step.run(|attempt| self.attempt(cx, agent, &contract, &held, attempt)).await?;
        self.take_in(&versions);
        drop(held);
        let mut contents = Vec::with_capacity(versions.len());
        for version in &versions {
            contents.push(cx.noted(self.load(&version.id).await)?);
        }
        let outputs = A::Outputs::decode(&contents).map_err(|error| unreadable::<A::Outputs>(&error))?;
        Ok(Produced { outputs, versions })
    }

    async fn attempt<A: Agent>(
        &self,
        cx: &RunContext<'_>,
        agent: &A,
        contract: &Contract,
        held: &Mutex<Option<Lease>>,
        attempt: Attempt,
    ) -> Result<Commit, StepError<A::Error>> {
        let made: Vec<_> = contract.outputs.iter().map(|output| output.name).collect();
        let lease = self.lease(cx, &made, A::LEASE).await.ok_or(StepError::Interrupted)?;
        let (inputs, read) = self.read::<A>(contract).await?;
        let outputs = agent.run(&inputs, &attempt).await?;
        agent.validate(&inputs, &outputs)?;
        let not_json = |error: serde_json::Error| ArtifactError::NotJson { reason: error.to_string() }.end(false);
        let contents = outputs.encode().map_err(not_json)?;
        let kept = self.keep(&made, contents).await.map_err(|error| ArtifactError::from(error).end(false))?;
        if !lease.is_held() {
            let artifacts = made.iter().copied().map(str::to_owned).collect();
            return Err(ArtifactError::LeaseExpired { artifacts }.end(false));
        }
        let draft = Draft { producer: A::NAME.to_owned(), step: attempt.idempotency_key(), inputs: read };
        let commit = self.commit_of(&draft, &kept);
        *lock(held) = Some(lease);
        Ok(commit)
    }

    /// Takes a lease; none if the run is cancelled meanwhile.
    ///
    /// Before that it waits until all that is recorded was handed back: in a run that is resumed, another branch may be about
    /// to bring a version that was committed before the crash, and that this one has to know.
    async fn lease(&self, cx: &RunContext<'_>, names: &[&'static str], duration: Duration) -> Option<Lease> {
        let leased = async {
            let late = Instant::now() + CATCH_UP;
            while cx.is_replaying() && Instant::now() < late {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            self.leases.take(names, duration).await
        };
        cx.cancellation().run_until_cancelled(leased).await
    }

    /// What an agent reads, if it is there and fresh.
    async fn read<A: Agent>(&self, contract: &Contract) -> Result<(A::Inputs, Vec<ArtifactRef>), StepError<A::Error>> {
        let read = self.inputs(contract).map_err(|error| error.end(true))?;
        let mut contents = Vec::with_capacity(read.len());
        for input in &read {
            contents.push(self.content(input).await.map_err(|error| ArtifactError::from(error).end(true))?);
        }
        match A::Inputs::decode(&contents) {
            Ok(inputs) => Ok((inputs, read)),
            Err(error) => Err(ArtifactError::NotJson { reason: error.to_string() }.end(true)),
        }
    }

    fn inputs(&self, contract: &Contract) -> Result<Vec<ArtifactRef>, ArtifactError> {
        let catalog = lock(&self.catalog);
        let freshness = catalog.freshness(&self.graph);
        let input = |name: &'static str| {
            let newest = catalog.newest(name).ok_or_else(|| ArtifactError::missing(name))?;
            match freshness.get(name) {
                Some(Freshness::Fresh) => {}
                _ if contract.makes(name) => {}
                stale => {
                    let freshness = stale.cloned().unwrap_or(Freshness::Missing);
                    return Err(ArtifactError::Stale { artifact: name.to_owned(), freshness });
                }
            }
            Ok(newest.id.clone())
        };
        contract.inputs.iter().map(|slot| input(slot.name)).collect()
    }

    /// Makes a value the newest version of an artifact, as one step. It is for what comes from outside, such as the input of
    /// the run, or from a person. What it depends on has to be there and fresh.
    ///
    /// # Errors
    /// An [`ArtifactError`] as the error of the body. [`RuntimeError::Build`] if the key is not in the graph.
    pub async fn commit<T, E>(
        &self,
        cx: &RunContext<'_>,
        key: ArtifactKey<T>,
        value: &T,
    ) -> Result<ArtifactVersion, RunError<E>>
    where
        T: ArtifactValue,
        E: DomainError + From<ArtifactError>,
    {
        self.graph.declared(key.slot())?;
        let name = key.name();
        let (names, held) = ([name], Mutex::new(None));
        let step = cx.step(format!("commit {name}"));
        let work = async |attempt: Attempt| -> Result<Commit, StepError<E>> {
            let lease = self.lease(cx, &names, COMMIT_LEASE).await.ok_or(StepError::Interrupted)?;
            let inputs = self.dependencies(name).map_err(|error| error.end(true))?;
            let contents =
                key::encode(value).map_err(|error| ArtifactError::NotJson { reason: error.to_string() }.end(true))?;
            let kept = self.keep(&names, vec![contents]).await;
            let kept = kept.map_err(|error| ArtifactError::from(error).end(true))?;
            let draft = Draft { producer: cx.orchestrator().to_owned(), step: attempt.idempotency_key(), inputs };
            let commit = self.commit_of(&draft, &kept);
            *lock(&held) = Some(lease);
            Ok(commit)
        };
        let Commit { versions } = step.run(work).await?;
        self.take_in(&versions);
        drop(held);
        versions.into_iter().next().ok_or_else(|| E::from(ArtifactError::missing(name)).into())
    }

    /// The newest versions of what an artifact depends on, if they are there and fresh.
    fn dependencies(&self, name: &'static str) -> Result<Vec<ArtifactRef>, ArtifactError> {
        let catalog = lock(&self.catalog);
        let freshness = catalog.freshness(&self.graph);
        let newest = |name: &&'static str| match (catalog.newest(name), freshness.get(name)) {
            (Some(newest), Some(Freshness::Fresh)) => Ok(newest.id.clone()),
            (Some(_), Some(stale)) => {
                Err(ArtifactError::Stale { artifact: (*name).to_owned(), freshness: stale.clone() })
            }
            _ => Err(ArtifactError::missing(*name)),
        };
        self.graph.dependencies(name).iter().map(newest).collect()
    }

    /// Says that the newest version of an artifact doesn't hold, whatever it was made from. It and what depends on it are
    /// stale until there is a newer version. Returns what became stale by it, in the order of the graph.
    ///
    /// # Errors
    /// [`ArtifactError::Missing`] as the error of the body. [`RuntimeError::Build`] if the key is not in the graph.
    pub async fn invalidate<T, E>(&self, cx: &RunContext<'_>, key: ArtifactKey<T>) -> Result<Vec<String>, RunError<E>>
    where
        T: ArtifactValue,
        E: DomainError + From<ArtifactError>,
    {
        self.graph.declared(key.slot())?;
        let name = key.name();
        let work = || async { Ok(self.invalidate_newest(name)) };
        let Some((version, stale)) = cx.note(format!("invalidate {name}"), work).await?.value else {
            return Err(E::from(ArtifactError::missing(name)).into());
        };
        lock(&self.catalog).invalidate(name, version);
        Ok(stale)
    }

    fn invalidate_newest(&self, name: &str) -> Option<(u32, Vec<String>)> {
        let mut catalog = lock(&self.catalog);
        let version = catalog.newest(name)?.id.version;
        let before = catalog.freshness(&self.graph);
        catalog.invalidate(name, version);
        let after = catalog.freshness(&self.graph);
        let became =
            |name: &&&str| before.get(**name) == Some(&Freshness::Fresh) && after.get(**name) != before.get(**name);
        let stale = self.graph.order().iter().filter(became).map(|name| (*name).to_owned()).collect();
        Some((version, stale))
    }

    /// The content of the newest version, fresh or not.
    ///
    /// # Errors
    /// [`ArtifactError::Missing`] as the error of the body. [`RuntimeError::Artifact`] if it cannot be loaded.
    pub async fn get<T, E>(&self, key: ArtifactKey<T>) -> Result<Artifact<T>, RunError<E>>
    where
        T: ArtifactValue,
        E: DomainError + From<ArtifactError>,
    {
        self.graph.declared(key.slot())?;
        let Some(version) = self.newest(key) else {
            return Err(E::from(ArtifactError::missing(key.name())).into());
        };
        Ok(self.open(version).await?)
    }

    /// The content of a version.
    ///
    /// # Errors
    /// [`ArtifactError::Missing`] as the error of the body. [`RuntimeError::Artifact`] if it cannot be loaded.
    pub async fn get_version<T, E>(&self, key: ArtifactKey<T>, version: u32) -> Result<Artifact<T>, RunError<E>>
    where
        T: ArtifactValue,
        E: DomainError + From<ArtifactError>,
    {
        self.graph.declared(key.slot())?;
        let found = lock(&self.catalog).version(key.name(), version).cloned();
        match found {
            Some(version) => Ok(self.open(version).await?),
            None => Err(E::from(ArtifactError::missing(format!("{} version {version}", key.name()))).into()),
        }
    }

    async fn open<T: ArtifactValue>(&self, version: ArtifactVersion) -> Result<Artifact<T>, RuntimeError> {
        let bytes = self.load(&version.id).await?;
        let content = serde_json::from_slice(&bytes).map_err(|error| unreadable::<T>(&error))?;
        Ok(Artifact { content, version })
    }

    /// The newest version of an artifact.
    pub fn newest<T>(&self, key: ArtifactKey<T>) -> Option<ArtifactVersion> {
        lock(&self.catalog).newest(key.name()).cloned()
    }

    /// All versions of an artifact, oldest first.
    pub fn versions<T>(&self, key: ArtifactKey<T>) -> Vec<ArtifactVersion> {
        lock(&self.catalog).all(key.name()).cloned().collect()
    }

    /// Whether the newest version of an artifact can be relied on. It is derived from what each version was made from,
    /// whenever somebody asks.
    pub fn freshness<T>(&self, key: ArtifactKey<T>) -> Freshness {
        let found = lock(&self.catalog).freshness(&self.graph).remove(key.name());
        found.unwrap_or(Freshness::Missing)
    }

    /// How all artifacts stand, by name.
    pub fn all_freshness(&self) -> BTreeMap<&'static str, Freshness> {
        lock(&self.catalog).freshness(&self.graph)
    }

    /// The graph.
    pub fn graph(&self) -> &ArtifactGraph {
        &self.graph
    }

    fn take_in(&self, versions: &[ArtifactVersion]) {
        let mut catalog = lock(&self.catalog);
        for version in versions {
            catalog.insert(version.clone());
        }
    }

    async fn keep(&self, names: &[&'static str], contents: Vec<Vec<u8>>) -> Result<Vec<Kept>, StoreError> {
        let mut kept = Vec::with_capacity(names.len());
        for (name, bytes) in names.iter().zip(contents) {
            let size = bytes.len() as u64;
            kept.push(Kept { name, content: self.store.put(bytes).await?, size });
        }
        Ok(kept)
    }

    /// The versions that a draft becomes.
    fn commit_of(&self, draft: &Draft, kept: &[Kept]) -> Commit {
        let mut catalog = lock(&self.catalog);
        let ids: Vec<_> = kept.iter().map(|kept| kept.id(catalog.reserve(kept.name))).collect();
        let made_at = unix_millis();
        let version = |(id, size): (&ArtifactRef, u64)| {
            let find = |among: &[ArtifactRef], name: &str| among.iter().find(|one| one.artifact == name).cloned();
            let revised = find(&draft.inputs, &id.artifact)
                .and_then(|input| catalog.version(&input.artifact, input.version))
                .map_or(&[][..], |version| &version.dependencies);
            let used =
                |name: &&str| find(&ids, name).or_else(|| find(&draft.inputs, name)).or_else(|| find(revised, name));
            let Draft { producer, step, inputs } = draft.clone();
            ArtifactVersion {
                id: id.clone(),
                size,
                dependencies: self.graph.dependencies(&id.artifact).iter().filter_map(used).collect(),
                provenance: Provenance { producer, step, inputs, made_at },
            }
        };
        Commit { versions: ids.iter().zip(kept.iter().map(|kept| kept.size)).map(version).collect() }
    }

    /// The bytes of a version, which are those that were kept.
    async fn content(&self, artifact: &ArtifactRef) -> Result<Arc<[u8]>, StoreError> {
        let bytes = self.store.get(artifact.content).await?;
        if ContentHash::of(&bytes) == artifact.content { Ok(bytes) } else { Err(StoreError::Damaged(artifact.content)) }
    }

    async fn load(&self, artifact: &ArtifactRef) -> Result<Arc<[u8]>, RuntimeError> {
        let damaged = |source| RuntimeError::Artifact { artifact: Box::new(artifact.clone()), source };
        self.content(artifact).await.map_err(damaged)
    }
}

/// What is known of new versions before they have numbers.
#[derive(Clone)]
struct Draft {
    producer: String,
    step: IdempotencyKey,
    inputs: Vec<ArtifactRef>,
}

/// A content that is in the store.
struct Kept {
    name: &'static str,
    content: ContentHash,
    size: u64,
}

impl Kept {
    fn id(&self, version: u32) -> ArtifactRef {
        ArtifactRef { artifact: self.name.to_owned(), version, content: self.content }
    }
}

fn unreadable<T>(error: &serde_json::Error) -> RuntimeError {
    let what = format!("an artifact of type `{}`", std::any::type_name::<T>());
    RuntimeError::Json { what, action: "read", reason: error.to_string() }
}

fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
