//! Agents: what reads artifacts and makes others.

use super::error::ArtifactError;
use super::key::ArtifactSet;
use crate::effect::Effect;
use crate::error::{DomainError, StepError};
use crate::retry::RetryPolicy;
use crate::step::Attempt;
use std::future::Future;
use std::time::Duration;

/// Reads artifacts and makes others: a model, a generator, a person at a form.
///
/// [`Artifacts::run`](crate::Artifacts::run) calls it. It sees what it declared and nothing else, and what it returns is
/// committed as a whole or not at all.
///
/// ```
/// use baton_runtime::{Agent, ArtifactKey, Attempt, SimpleError, StepError};
///
/// const PLAN: ArtifactKey<String> = ArtifactKey::new("plan");
/// const CODE: ArtifactKey<Vec<String>> = ArtifactKey::new("code");
///
/// struct Coder;
///
/// impl Agent for Coder {
///     const NAME: &'static str = "coder";
///     const INPUTS: (ArtifactKey<String>,) = (PLAN,);
///     const OUTPUTS: (ArtifactKey<Vec<String>>,) = (CODE,);
///     type Inputs = (String,);
///     type Outputs = (Vec<String>,);
///     type Error = SimpleError;
///
///     async fn run(&self, (plan,): &(String,), _: &Attempt) -> Result<(Vec<String>,), StepError<SimpleError>> {
///         Ok((plan.lines().map(|line| format!("fn {line}() {{}}")).collect(),))
///     }
/// }
/// ```
pub trait Agent: Send + Sync {
    /// What it is called: the name of its step, and of the producer in the provenance of what it makes.
    const NAME: &'static str;
    /// What it reads. Each has to be there and fresh, except for one that it also makes: to make that anew is what it is
    /// for.
    const INPUTS: <Self::Inputs as ArtifactSet>::Keys;
    /// What it makes. Nobody else makes new versions of these meanwhile.
    const OUTPUTS: <Self::Outputs as ArtifactSet>::Keys;
    /// What it does to the world besides.
    const EFFECT: Effect = Effect::Idempotent;
    /// After this time others may make what it makes, and what it brings is not committed any more: ten minutes, if nothing
    /// is said.
    const LEASE: Duration = Duration::from_secs(600);

    /// The contents that it reads.
    type Inputs: ArtifactSet;
    /// The contents that it makes.
    type Outputs: ArtifactSet;
    /// How it fails.
    type Error: DomainError + From<ArtifactError>;

    /// Does the work, as one attempt of a step.
    fn run(
        &self,
        inputs: &Self::Inputs,
        attempt: &Attempt,
    ) -> impl Future<Output = Result<Self::Outputs, StepError<Self::Error>>> + Send;

    /// Whether what it made may be committed. Everything may if nothing is said.
    ///
    /// # Errors
    /// Why not. [`StepError::Retryable`] lets it try again.
    fn validate(&self, inputs: &Self::Inputs, outputs: &Self::Outputs) -> Result<(), StepError<Self::Error>> {
        let _ = (inputs, outputs);
        Ok(())
    }

    /// When it is tried again.
    fn retry(&self) -> RetryPolicy {
        RetryPolicy::default()
    }

    /// How long an attempt may take; as long as it does, if nothing is said.
    fn timeout(&self) -> Option<Duration> {
        None
    }
}
