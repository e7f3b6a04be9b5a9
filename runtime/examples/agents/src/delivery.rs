//! The orchestrator: which agent works when, which gates its work has to pass, and when a person is asked.

use super::feature::{self, Plan, Report, Wish};
use super::team::{CODE, Coder, Fixer, PLAN, Planner, REPORT, Validator, WISH};
use baton_runtime::{
    self as baton, ArtifactError, ArtifactGraph, ArtifactStore, Artifacts, Category, DomainError, Failure, Gate,
    GateFailure, GatedMachine, Gates, Incident, Kind, Layer, Orchestrator, Recovered, RecoveryLoop, RecoveryTable, Row,
    RunContext, RunError, Transition,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

type Outcome<T> = Result<T, RunError<DeliveryError>>;

/// Delivers a feature: from a wish to code that was checked.
#[baton::orchestrator(layer = "domain", cross_domain = [])]
pub(crate) struct Delivery {
    graph: Arc<ArtifactGraph>,
    store: Arc<dyn ArtifactStore>,
}

impl Delivery {
    pub(crate) fn new(graph: ArtifactGraph, store: Arc<dyn ArtifactStore>) -> Self {
        Self { graph: Arc::new(graph), store }
    }
}

/// What came of it: a line for each version, and what is still wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivered {
    pub(crate) history: Vec<String>,
    pub(crate) left: Vec<String>,
}

/// How it fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum DeliveryError {
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    #[error("stopped, because somebody said so: {0}")]
    Stopped(String),
}

impl DomainError for DeliveryError {
    fn category(&self) -> Category {
        match self {
            Self::Artifact(error) => error.category(),
            Self::Stopped(_) => Category::Cancelled,
        }
    }
}

impl Orchestrator for Delivery {
    const NAME: &'static str = "delivery";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Feedback;
    type Input = Wish;
    type Output = Delivered;
    type Error = DeliveryError;

    async fn orchestrate(&self, cx: &RunContext<'_>, mut wish: Wish) -> Outcome<Delivered> {
        let artifacts = Arc::new(Artifacts::new(Arc::clone(&self.graph), Arc::clone(&self.store)));
        let mut recovery = RecoveryLoop::new(&Rules);
        loop {
            artifacts.commit(cx, WISH, &wish).await?;
            let mut bench = Bench { artifacts: Arc::clone(&artifacts), plan: None, report: None };
            let choice = match advance(cx, &mut bench).await {
                Ok(None) => return Ok(bench.delivered()),
                Ok(Some(failure)) => recovery.escalate(cx, Trouble::Unfixable, failure).await?,
                Err(error) => match recovery.handle(cx, error, &mut ()).await? {
                    Recovered::Again => continue,
                    Recovered::Chosen(choice) => Some(choice),
                },
            };
            match choice {
                Some(Choice::LeaveOut) => wish = feature::clarified(&wish),
                Some(Choice::Accept) => return Ok(bench.delivered()),
                Some(Choice::Stop) | None => return Err(DeliveryError::Stopped(wish.feature).into()),
            }
        }
    }
}

/// Goes through all stages, or to a gate that doesn't let through.
async fn advance(cx: &RunContext<'_>, bench: &mut Bench) -> Outcome<Option<GateFailure>> {
    let mut machine = GatedMachine::new(&Stages, Stage::Wished);
    for stage in [Stage::Planned, Stage::Coded, Stage::Validated] {
        if let Transition::Escalated(failure) = machine.transition(cx, stage, bench).await? {
            return Ok(Some(failure));
        }
    }
    Ok(None)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    Wished,
    Planned,
    Coded,
    Validated,
}

/// What the gates look at.
struct Bench {
    artifacts: Arc<Artifacts>,
    plan: Option<Plan>,
    report: Option<Report>,
}

impl Bench {
    fn delivered(&self) -> Delivered {
        let lists = [self.artifacts.versions(PLAN), self.artifacts.versions(CODE), self.artifacts.versions(REPORT)];
        let lines = lists.iter().flatten().map(|version| {
            let from: Vec<_> = version.provenance.inputs.iter().map(ToString::to_string).collect();
            format!("{} by the {} from {}", version.id, version.provenance.producer, from.join(" and "))
        });
        let left = self.report.iter().flat_map(|report| report.issues.values().cloned());
        Delivered { history: lines.collect(), left: left.collect() }
    }
}

struct Stages;

impl Gates for Stages {
    type State = Stage;
    type Subject = Bench;
    type Error = DeliveryError;

    fn exit(&self, stage: Stage) -> Gate<Bench> {
        match stage {
            Stage::Planned => Gate::new("plan").check("complete", |bench: &Bench| {
                bench.plan.as_ref().map_or_else(|| Err("there is none".to_owned()), feature::is_complete)
            }),
            Stage::Coded => Gate::new("code")
                .check("clean", |bench: &Bench| {
                    bench.report.as_ref().map_or_else(|| Err("it was not looked at".to_owned()), feature::is_clean)
                })
                .check("up to date", |bench: &Bench| {
                    let freshness = bench.artifacts.freshness(REPORT);
                    if freshness.is_fresh() { Ok(()) } else { Err(freshness) }
                }),
            Stage::Wished | Stage::Validated => Gate::open(),
        }
    }

    async fn work(&self, cx: &RunContext<'_>, _: Stage, to: Stage, bench: &mut Bench) -> Outcome<()> {
        match to {
            Stage::Planned => bench.plan = Some(bench.artifacts.run(cx, &Planner).await?.outputs.0),
            Stage::Coded => {
                bench.artifacts.run(cx, &Coder).await?;
                bench.report = Some(bench.artifacts.run(cx, &Validator).await?.outputs.0);
            }
            Stage::Wished | Stage::Validated => {}
        }
        Ok(())
    }

    async fn fix(&self, cx: &RunContext<'_>, failure: &GateFailure, bench: &mut Bench) -> Outcome<()> {
        if failure.has("clean") {
            bench.artifacts.run(cx, &Fixer).await?;
        }
        bench.report = Some(bench.artifacts.run(cx, &Validator).await?.outputs.0);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trouble {
    /// The fixer doesn't get it done.
    Unfixable,
    /// A service that the agents need does not do its work.
    Service,
    Other,
}

/// What a person can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Choice {
    LeaveOut,
    Accept,
    Stop,
}

struct Rules;

impl RecoveryTable for Rules {
    type Trouble = Trouble;
    type Fixer = ();
    type Choice = Choice;
    type Subject = ();
    type Error = DeliveryError;

    fn row(&self, trouble: Trouble) -> Row<(), Choice> {
        match trouble {
            Trouble::Unfixable => Row::ask(
                "The fixer doesn't get on. What now?",
                [
                    (Choice::LeaveOut, "Leave out what is unclear, and begin again"),
                    (Choice::Accept, "Take it as it is"),
                    (Choice::Stop, "Stop"),
                ],
            ),
            Trouble::Service => Row::retry(2),
            Trouble::Other => Row::give_up(),
        }
    }

    fn classify(&self, failure: &Failure<DeliveryError>) -> Trouble {
        match failure.category() {
            Category::Dependency | Category::Timeout | Category::RateLimited => Trouble::Service,
            _ => Trouble::Other,
        }
    }

    async fn fix(&self, _: &RunContext<'_>, (): (), _: &Incident<Trouble, DeliveryError>, (): &mut ()) -> Outcome<()> {
        Ok(())
    }
}
