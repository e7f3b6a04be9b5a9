//! Runs on a Restate server, with the feature `restate`.
//!
//! The server keeps the journal and calls this process to execute a run, as often as it takes. Each run is one workflow of
//! the service [`SERVICE`], and its id is the workflow's key, so a run is begun once however often it is asked for.
//!
//! ```no_run
//! use baton_runtime::{MemoryEngine, Runtime, restate};
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! // Runs are begun at the server. The engine is that of runs which this process begins by itself.
//! let runtime = Runtime::builder().engine(MemoryEngine::new()).build()?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:9080").await?;
//! restate::serve(&runtime, listener, std::future::pending()).await;
//! # Ok(())
//! # }
//! ```
//!
//! The address is registered at the server once, and whenever the orchestrators change. Then a run is begun with a
//! [`RunRequest`] at its ingress, and ends with a [`Finish`]:
//!
//! ```text
//! curl localhost:9070/deployments --json '{"uri": "http://localhost:9080"}'
//! curl localhost:8080/BatonRuns/order-7/run --json '{"orchestrator": "checkout", "input": {"order": 7}}'
//! {"completed": {"receipt": "…"}}
//! ```
//!
//! Branches side by side take turns: the next operation begins when the one before it is recorded. A server that replays
//! a list needs the operations of a run in one order, and turns are what makes it the same each time.

mod run;
mod turns;

use crate::engine::{Finish, RunHeader};
use crate::error::{Interrupt, PendingDecision, RunError, RuntimeError};
use crate::id::{DecisionId, RequestId, RunId, TenantId};
use crate::payload::Payload;
use crate::runtime::{RunOptions, Runtime};
use crate::trace::TraceContext;
use restate_sdk::endpoint::{Endpoint, ServiceOptions};
use restate_sdk::http_server::HttpServer;
use restate_sdk::prelude::{
    ContextPromises, ContextReadState, HandlerError, Json, SharedWorkflowContext, TerminalError, WorkflowContext,
};
use restate_sdk::service::{IntoServiceDefinition, ServiceDefinition};
use run::{RestateRun, question_key};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::future::Future;
use std::time::{Duration, SystemTime};
use tokio::net::TcpListener;

/// The name under which the server knows the runs.
pub const SERVICE: &str = "BatonRuns";

/// A step may take this long before the server gives it up and has it done again. The server's own limit is ten minutes,
/// and what is given up there has had its effect all the same.
const LONGEST_STEP: Duration = Duration::from_secs(24 * 60 * 60);

/// What the handler `run` is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RunRequest {
    /// The name of the orchestrator.
    pub orchestrator: String,
    /// Its input.
    pub input: Payload,
    /// On whose behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// For which request; a new one if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// In which trace; a new one if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceContext>,
    /// When no new step may begin any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<SystemTime>,
    /// What else the run should know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

impl RunRequest {
    /// A request that says no more than it has to.
    pub fn new(orchestrator: impl Into<String>, input: Payload) -> Self {
        let (orchestrator, metadata) = (orchestrator.into(), BTreeMap::new());
        Self { orchestrator, input, tenant: None, request: None, trace: None, deadline: None, metadata }
    }

    fn header(self, runtime: &Runtime, run: RunId) -> Result<RunHeader, RuntimeError> {
        let orchestrator = runtime.get_named(&self.orchestrator)?;
        let mut options = RunOptions::new().run_id(run);
        if let Some(tenant) = self.tenant {
            options = options.tenant(tenant);
        }
        if let Some(request) = self.request {
            options = options.request(request);
        }
        if let Some(trace) = self.trace {
            options = options.trace(trace);
        }
        if let Some(deadline) = self.deadline {
            options = options.deadline(deadline);
        }
        for (key, value) in self.metadata {
            options = options.metadata(key, value);
        }
        Ok(options.header(orchestrator.as_ref(), self.input))
    }
}

/// What the handler `answer` is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Answer {
    /// Which question, as the handler `pending` says.
    pub decision: DecisionId,
    /// The answer.
    pub answer: Payload,
}

impl Answer {
    /// An answer to a question.
    pub const fn new(decision: DecisionId, answer: Payload) -> Self {
        Self { decision, answer }
    }
}

/// The service of a runtime's orchestrators, for an endpoint that has other services too. [`serve`] is for one that hasn't.
///
/// Its handlers are `run`, which takes a [`RunRequest`] and ends with a [`Finish`]; `pending`, which lists the open
/// questions; and `answer`, which takes an [`Answer`].
#[derive(Clone)]
pub struct RestateService {
    handlers: handlers::BatonRuns,
}

impl RestateService {
    /// The service of the orchestrators of this runtime.
    pub fn new(runtime: &Runtime) -> Self {
        Self { handlers: handlers::BatonRuns { runtime: runtime.clone() } }
    }
}

impl IntoServiceDefinition for RestateService {
    fn into_service_definition(self) -> ServiceDefinition {
        self.handlers.into_service_definition().options(ServiceOptions::new().abort_timeout(LONGEST_STEP))
    }
}

/// Serves the orchestrators of a runtime until `stop` is over, and then for up to ten seconds what is still being executed.
/// [`Runtime::shutdown`] is the caller's.
pub async fn serve(runtime: &Runtime, listener: TcpListener, stop: impl Future<Output = ()>) {
    let endpoint = Endpoint::builder().bind(RestateService::new(runtime)).build();
    HttpServer::new(endpoint).serve_with_cancel(listener, stop).await;
}

/// Apart, because the attribute makes clients beside the handlers that nobody has documented.
mod handlers {
    use super::{
        Answer, ContextPromises, ContextReadState, Finish, HandlerError, Json, PendingDecision, RestateRun, RunRequest,
        Runtime, SharedWorkflowContext, TerminalError, WorkflowContext, execute, question_key,
    };

    #[derive(Clone)]
    pub(super) struct BatonRuns {
        pub(super) runtime: Runtime,
    }

    #[restate_sdk::workflow(name = "BatonRuns")]
    impl BatonRuns {
        #[handler]
        async fn run(
            &self,
            context: WorkflowContext<'_>,
            request: Json<RunRequest>,
        ) -> Result<Json<Finish>, HandlerError> {
            let run = RestateRun::begin(&context, &self.runtime, request.into_inner()).await?;
            execute(&self.runtime, &run).await.map(Json)
        }

        #[handler]
        async fn pending(
            &self,
            context: SharedWorkflowContext<'_>,
        ) -> Result<Json<Vec<PendingDecision>>, HandlerError> {
            let mut pending = Vec::new();
            for key in context.get_keys().await? {
                // A question that was answered in between is gone.
                if let Some(question) = context.get::<Json<PendingDecision>>(&key).await? {
                    pending.push(question.into_inner());
                }
            }
            pending.sort_by(|one, other| one.id.cmp(&other.id));
            Ok(Json(pending))
        }

        #[handler]
        async fn answer(&self, context: SharedWorkflowContext<'_>, answer: Json<Answer>) -> Result<(), HandlerError> {
            let Answer { decision, answer } = answer.into_inner();
            let key = question_key(&decision);
            if context.peek_promise::<Json<super::Payload>>(&key).await?.is_some() {
                let reason = format!("the decision `{decision}` of run `{}` has an answer already", context.key());
                return Err(TerminalError::new_with_code(409, reason).into());
            }
            if context.get::<Json<PendingDecision>>(&key).await?.is_none() {
                let reason = format!("run `{}` does not wait for the decision `{decision}`", context.key());
                return Err(TerminalError::new_with_code(404, reason).into());
            }
            context.resolve_promise(&key, Json(answer));
            Ok(())
        }
    }
}

/// Executes a run as far as it goes. What stops it without ending it is handed to the server, which calls again.
async fn execute(runtime: &Runtime, run: &RestateRun<'_>) -> Result<Finish, HandlerError> {
    let error = match run.drive(runtime).await {
        Ok(_) | Err(RunError::Failed(_) | RunError::Stuck(_)) => match run.take_finish() {
            Some(finish) => return Ok(finish),
            None => RuntimeError::Engine("the run is over, and nobody has said how".to_owned()),
        },
        Err(RunError::Interrupted(Interrupt::Cancelled)) if run.is_cancelled() => {
            return Err(TerminalError::new_with_code(409, "the run was cancelled; nothing of it was undone").into());
        }
        Err(RunError::Interrupted(interrupt)) => interrupt.into(),
        Err(RunError::Runtime(error)) => error,
    };
    tracing::warn!(%error, "the run stops here, and the server will try again");
    Err(error.into())
}
