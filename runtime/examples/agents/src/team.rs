//! The agents, and what they hand to each other.

use super::delivery::DeliveryError;
use super::feature::{self, Code, Plan, Report, Wish};
use baton_runtime::{Agent, ArtifactGraph, ArtifactKey, Attempt, GraphErrors, StepError};

pub(crate) const WISH: ArtifactKey<Wish> = ArtifactKey::new("wish");
pub(crate) const PLAN: ArtifactKey<Plan> = ArtifactKey::new("plan");
pub(crate) const CODE: ArtifactKey<Code> = ArtifactKey::new("code");
pub(crate) const REPORT: ArtifactKey<Report> = ArtifactKey::new("report");

type Outcome<T> = Result<T, StepError<DeliveryError>>;

/// What is made from what. The fixer reads reports to make code, and code doesn't depend on reports for that.
pub(crate) fn graph() -> Result<ArtifactGraph, GraphErrors> {
    ArtifactGraph::builder()
        .artifact(WISH, [])
        .artifact(PLAN, [WISH.name()])
        .artifact(CODE, [PLAN.name()])
        .artifact(REPORT, [CODE.name()])
        .agent::<Planner>()
        .agent::<Coder>()
        .agent::<Validator>()
        .agent::<Fixer>()
        .build()
}

pub(crate) struct Planner;

impl Agent for Planner {
    const NAME: &'static str = "planner";
    const INPUTS: (ArtifactKey<Wish>,) = (WISH,);
    const OUTPUTS: (ArtifactKey<Plan>,) = (PLAN,);
    type Inputs = (Wish,);
    type Outputs = (Plan,);
    type Error = DeliveryError;

    async fn run(&self, (wish,): &(Wish,), _: &Attempt) -> Outcome<(Plan,)> {
        Ok((feature::plan(wish),))
    }
}

pub(crate) struct Coder;

impl Agent for Coder {
    const NAME: &'static str = "coder";
    const INPUTS: (ArtifactKey<Plan>,) = (PLAN,);
    const OUTPUTS: (ArtifactKey<Code>,) = (CODE,);
    type Inputs = (Plan,);
    type Outputs = (Code,);
    type Error = DeliveryError;

    async fn run(&self, (plan,): &(Plan,), _: &Attempt) -> Outcome<(Code,)> {
        Ok((feature::write(plan),))
    }
}

pub(crate) struct Validator;

impl Agent for Validator {
    const NAME: &'static str = "validator";
    const INPUTS: (ArtifactKey<Code>,) = (CODE,);
    const OUTPUTS: (ArtifactKey<Report>,) = (REPORT,);
    type Inputs = (Code,);
    type Outputs = (Report,);
    type Error = DeliveryError;

    async fn run(&self, (code,): &(Code,), _: &Attempt) -> Outcome<(Report,)> {
        Ok((feature::inspect(code),))
    }
}

pub(crate) struct Fixer;

impl Agent for Fixer {
    const NAME: &'static str = "fixer";
    const INPUTS: (ArtifactKey<Code>, ArtifactKey<Report>) = (CODE, REPORT);
    const OUTPUTS: (ArtifactKey<Code>,) = (CODE,);
    type Inputs = (Code, Report);
    type Outputs = (Code,);
    type Error = DeliveryError;

    async fn run(&self, (code, report): &(Code, Report), _: &Attempt) -> Outcome<(Code,)> {
        Ok((feature::repair(code, report),))
    }
}
