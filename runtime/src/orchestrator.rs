//! What an orchestrator is: a name, a layer, a kind, and a body.

use crate::background::Background;
use crate::context::RunContext;
use crate::definition::Definition;
use crate::engine::BoxFuture;
use crate::error::{Category, DomainError, RunError, RuntimeError};
use crate::payload::Payload;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::time::Duration;

/// What an orchestrator is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The order of business steps.
    Domain,
    /// Several components that work together.
    Application,
    /// Resilience, monitoring, telemetry, lifecycle.
    Infrastructure,
}

/// How an orchestrator works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Steps one after the other.
    Sequential,
    /// Steps side by side.
    Parallel,
    /// Orchestrators that call orchestrators.
    Hierarchical,
    /// Steps that depend on conditions.
    Adaptive,
    /// Results that flow back into what comes next.
    Feedback,
    /// Watching others.
    Monitoring,
    /// Several components.
    Coordination,
    /// Starting and stopping others.
    Lifecycle,
    /// A business rule's order of events.
    BusinessLogic,
}

/// Calls things in order, and leaves the deciding and the doing to them.
///
/// The body runs again from its beginning whenever a run is resumed, and everything that is recorded is handed back
/// instead of done. So whatever has an effect, and whatever may come out differently, goes through the context: a step, a
/// time, a random number, a question.
///
/// ```
/// use baton_runtime::{Kind, Layer, MemoryEngine, Never, Orchestrator, RunContext, RunError, Runtime, StepError};
///
/// struct Greeting;
///
/// impl Orchestrator for Greeting {
///     const NAME: &'static str = "greeting";
///     const LAYER: Layer = Layer::Domain;
///     const KIND: Kind = Kind::Sequential;
///     type Input = String;
///     type Output = usize;
///     type Error = Never;
///
///     async fn orchestrate(&self, cx: &RunContext<'_>, name: String) -> Result<usize, RunError<Never>> {
///         cx.step("greet").run(async |_| Ok::<_, StepError<Never>>(format!("Hello, {name}!").len())).await
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let runtime = Runtime::builder().engine(MemoryEngine::new()).register(Greeting)?.build()?;
/// assert_eq!(runtime.run::<Greeting>("Ada".to_owned()).await?, 11);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub trait Orchestrator: Send + Sync + 'static {
    /// What it is called: unique within a runtime, and part of every run's header.
    const NAME: &'static str;
    /// What it is about.
    const LAYER: Layer;
    /// How it works.
    const KIND: Kind;
    /// Which edition of the body this is. A run goes on with the version that began it, or not at all.
    const VERSION: u32 = 1;
    /// How long [`shutdown`](Self::shutdown) and the background tasks may take to end, before they are aborted.
    const SHUTDOWN_LIMIT: Duration = Duration::from_secs(10);

    /// What it is asked.
    type Input: Serialize + DeserializeOwned + Send + 'static;
    /// What it answers.
    type Output: Serialize + DeserializeOwned + Send + 'static;
    /// How it fails.
    type Error: DomainError;

    /// The body.
    fn orchestrate(
        &self,
        cx: &RunContext<'_>,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, RunError<Self::Error>>> + Send;

    /// What is known of its steps before it runs. A [pipeline](crate::Pipeline::definition) knows all of them.
    fn definition(&self) -> Definition {
        Definition::default()
    }

    /// Starts background tasks. It is called once, before the first run.
    fn start(&self, background: &Background) {
        let _ = background;
    }

    /// Ends what [`start`](Self::start) began and cancelling the tasks doesn't end.
    fn shutdown(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// An orchestrator whose types are not known: inputs, outputs and errors are JSON.
///
/// Every [`Orchestrator`] is one.
pub trait DynOrchestrator: Send + Sync + 'static {
    /// [`Orchestrator::NAME`].
    fn name(&self) -> &'static str;
    /// [`Orchestrator::LAYER`].
    fn layer(&self) -> Layer;
    /// [`Orchestrator::KIND`].
    fn kind(&self) -> Kind;
    /// [`Orchestrator::VERSION`].
    fn version(&self) -> u32;
    /// [`Orchestrator::SHUTDOWN_LIMIT`].
    fn shutdown_limit(&self) -> Duration;
    /// [`Orchestrator::definition`].
    fn definition(&self) -> Definition;
    /// [`Orchestrator::orchestrate`].
    fn orchestrate_dyn<'a>(
        &'a self,
        cx: &'a RunContext<'_>,
        input: &Payload,
    ) -> BoxFuture<'a, Result<Payload, RunError<ErasedError>>>;
    /// [`Orchestrator::start`].
    fn start(&self, background: &Background);
    /// [`Orchestrator::shutdown`].
    fn shutdown_dyn(&self) -> BoxFuture<'_, ()>;
}

impl<O: Orchestrator> DynOrchestrator for O {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn layer(&self) -> Layer {
        O::LAYER
    }

    fn kind(&self) -> Kind {
        O::KIND
    }

    fn version(&self) -> u32 {
        O::VERSION
    }

    fn shutdown_limit(&self) -> Duration {
        O::SHUTDOWN_LIMIT
    }

    fn definition(&self) -> Definition {
        Orchestrator::definition(self)
    }

    fn orchestrate_dyn<'a>(
        &'a self,
        cx: &'a RunContext<'_>,
        input: &Payload,
    ) -> BoxFuture<'a, Result<Payload, RunError<ErasedError>>> {
        let input = input.decode::<O::Input>();
        Box::pin(async move {
            match self.orchestrate(cx, input?).await {
                Ok(output) => Ok(Payload::encode(&output)?),
                Err(RunError::Failed(failure)) => match failure.try_map(|error| ErasedError::new(&error)) {
                    Ok(failure) => Err(RunError::Failed(failure)),
                    Err(error) => Err(error.into()),
                },
                Err(RunError::Interrupted(interrupt)) => Err(RunError::Interrupted(interrupt)),
                Err(RunError::Stuck(stuck)) => Err(RunError::Stuck(stuck)),
                Err(RunError::Runtime(error)) => Err(RunError::Runtime(error)),
            }
        })
    }

    fn start(&self, background: &Background) {
        Orchestrator::start(self, background);
    }

    fn shutdown_dyn(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.shutdown())
    }
}

/// What identifies an orchestrator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct OrchestratorInfo {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub layer: Layer,
    /// How it works.
    pub kind: Kind,
    /// Its version.
    pub version: u32,
    /// The [fingerprint](Definition::fingerprint) of its definition, by which two deployments are told apart.
    pub fingerprint: String,
}

impl OrchestratorInfo {
    pub(crate) fn of(orchestrator: &dyn DynOrchestrator) -> Self {
        Self {
            name: orchestrator.name(),
            layer: orchestrator.layer(),
            kind: orchestrator.kind(),
            version: orchestrator.version(),
            fingerprint: orchestrator.definition().fingerprint(),
        }
    }
}

/// The error of an orchestrator whose types are not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErasedError {
    /// What kind of trouble it is.
    pub category: Category,
    /// What it says.
    pub message: String,
    /// The error itself.
    pub data: Payload,
}

impl ErasedError {
    /// Erases the type of an error.
    ///
    /// # Errors
    /// [`RuntimeError::Json`] if the error cannot be written as JSON.
    pub fn new<E: DomainError>(error: &E) -> Result<Self, RuntimeError> {
        Ok(Self { category: error.category(), message: error.to_string(), data: Payload::encode(error)? })
    }
}

impl fmt::Display for ErasedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for ErasedError {}

impl DomainError for ErasedError {
    fn category(&self) -> Category {
        self.category
    }
}
