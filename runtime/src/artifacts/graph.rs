//! Which artifacts there are, what each is made from, and which agents make them: checked before anything runs.

use super::agent::Agent;
use super::key::{ArtifactKey, ArtifactSet, ArtifactValue, Slot};
use crate::error::RuntimeError;
use crate::id::Name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use thiserror::Error;

/// Which artifacts there are, and which others each is made from. It has no cycle.
///
/// A dependency is what makes an artifact stale when it changes. An agent may read more than that: a fixer that reads a
/// report to make new code doesn't make code depend on reports.
///
/// ```
/// use baton_runtime::{ArtifactGraph, ArtifactKey};
///
/// const PLAN: ArtifactKey<String> = ArtifactKey::new("plan");
/// const CODE: ArtifactKey<String> = ArtifactKey::new("code");
///
/// let graph = ArtifactGraph::builder().artifact(PLAN, []).artifact(CODE, [PLAN.name()]).build()?;
/// assert_eq!(graph.order(), ["plan", "code"]);
///
/// let circle = ArtifactGraph::builder().artifact(PLAN, [CODE.name()]).artifact(CODE, [PLAN.name()]).build();
/// assert_eq!(circle.unwrap_err().to_string(), "the artifacts depend on each other: code → plan → code");
/// # Ok::<_, baton_runtime::GraphErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct ArtifactGraph {
    nodes: BTreeMap<&'static str, Node>,
    order: Vec<&'static str>,
}

#[derive(Clone, Debug)]
struct Node {
    slot: Slot,
    dependencies: Vec<&'static str>,
}

/// What an agent reads and makes.
#[derive(Clone, Debug)]
pub(super) struct Contract {
    pub(super) agent: &'static str,
    pub(super) inputs: Vec<Slot>,
    pub(super) outputs: Vec<Slot>,
}

impl Contract {
    pub(super) fn of<A: Agent>() -> Self {
        let (inputs, outputs) = (A::Inputs::slots(&A::INPUTS), A::Outputs::slots(&A::OUTPUTS));
        Self { agent: A::NAME, inputs, outputs }
    }

    pub(super) fn reads(&self, name: &str) -> bool {
        self.inputs.iter().any(|input| input.name == name)
    }

    pub(super) fn makes(&self, name: &str) -> bool {
        self.outputs.iter().any(|output| output.name == name)
    }
}

impl ArtifactGraph {
    /// A graph without artifacts, to which they are added.
    pub fn builder() -> ArtifactGraphBuilder {
        ArtifactGraphBuilder::default()
    }

    /// The names of all artifacts, each after those that it depends on, and by name where that leaves a choice.
    pub fn order(&self) -> &[&'static str] {
        &self.order
    }

    /// What an artifact depends on, as it was declared; nothing if there is no such artifact.
    pub fn dependencies(&self, artifact: &str) -> &[&'static str] {
        self.nodes.get(artifact).map_or(&[], |node| &node.dependencies)
    }

    /// The declared name and type of a key.
    pub(super) fn declared(&self, slot: Slot) -> Result<(), RuntimeError> {
        self.fault(slot).map_or(Ok(()), |fault| Err(RuntimeError::Build(fault.to_string())))
    }

    fn fault(&self, slot: Slot) -> Option<GraphError> {
        match self.nodes.get(slot.name) {
            None => Some(GraphError::Unknown { artifact: slot.name, by: "a key".to_owned() }),
            Some(node) if node.slot.content != slot.content => {
                Some(GraphError::Type { artifact: slot.name, declared: node.slot.type_name, used: slot.type_name })
            }
            Some(_) => None,
        }
    }

    /// Everything that is wrong with what an agent says of itself.
    pub(super) fn faults(&self, contract: &Contract) -> Vec<GraphError> {
        let Contract { agent, inputs, outputs } = contract;
        let by = || format!("agent `{agent}`");
        let mut faults = Vec::new();
        if Name::from(*agent).check().is_err() {
            faults.push(GraphError::Name((*agent).to_owned()));
        }
        for slots in [inputs, outputs] {
            let mut seen = BTreeSet::new();
            for slot in slots {
                if !seen.insert(slot.name) {
                    faults.push(GraphError::Twice { agent, artifact: slot.name });
                }
                faults.extend(self.fault(*slot).map(|fault| match fault {
                    GraphError::Unknown { artifact, .. } => GraphError::Unknown { artifact, by: by() },
                    fault => fault,
                }));
            }
        }
        for output in outputs {
            // What is not read anew stands in the version that is revised.
            let known = |dependency: &&&str| contract.reads(dependency) || contract.makes(dependency);
            if !contract.reads(output.name) {
                let unread = self.dependencies(output.name).iter().filter(|dependency| !known(dependency));
                faults.extend(unread.map(|dependency| GraphError::Unread { agent, artifact: output.name, dependency }));
            }
        }
        faults
    }
}

/// Collects what an [`ArtifactGraph`] is made of.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ArtifactGraphBuilder {
    nodes: Vec<Node>,
    contracts: Vec<Contract>,
}

impl ArtifactGraphBuilder {
    /// Adds an artifact, with the names of those that it depends on.
    pub fn artifact<T: ArtifactValue>(
        self,
        key: ArtifactKey<T>,
        dependencies: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        self.node(key.slot(), dependencies.into_iter().collect())
    }

    pub(super) fn node(mut self, slot: Slot, dependencies: Vec<&'static str>) -> Self {
        self.nodes.push(Node { slot, dependencies });
        self
    }

    /// Adds an agent, so that what it reads and makes is checked with the rest. One that isn't added is checked when it
    /// runs.
    pub fn agent<A: Agent>(mut self) -> Self {
        self.contracts.push(Contract::of::<A>());
        self
    }

    /// The graph. Nothing can be added to it.
    ///
    /// # Errors
    /// Everything that is wrong with it: names that are none or are there twice, dependencies and keys that are unknown
    /// or of another type, agents that don't read what their output depends on, and cycles.
    pub fn build(self) -> Result<ArtifactGraph, GraphErrors> {
        let mut errors = Vec::new();
        let mut nodes = BTreeMap::new();
        for node in self.nodes {
            let name = node.slot.name;
            if Name::from(name).check().is_err() {
                errors.push(GraphError::Name(name.to_owned()));
            }
            if nodes.insert(name, node).is_some() {
                errors.push(GraphError::Duplicate(name));
            }
        }
        for node in nodes.values() {
            let by = || format!("`{}`", node.slot.name);
            let unknown = node.dependencies.iter().filter(|dependency| !nodes.contains_key(*dependency));
            errors.extend(unknown.map(|artifact| GraphError::Unknown { artifact, by: by() }));
        }
        let (order, cycles) = sort(&nodes);
        errors.extend(cycles.into_iter().map(GraphError::Cycle));
        let graph = ArtifactGraph { nodes, order };
        let mut agents = BTreeSet::new();
        for contract in &self.contracts {
            if !agents.insert(contract.agent) {
                errors.push(GraphError::Duplicate(contract.agent));
            }
            errors.extend(graph.faults(contract));
        }
        if errors.is_empty() { Ok(graph) } else { Err(GraphErrors { errors }) }
    }
}

/// The nodes in an order in which each comes after its dependencies, and the cycles that keep the others out of it: Kahn's
/// algorithm, which is begun again without a cycle once one is found.
fn sort(nodes: &BTreeMap<&'static str, Node>) -> (Vec<&'static str>, Vec<Vec<&'static str>>) {
    let (mut order, mut cycles) = (Vec::new(), Vec::new());
    let mut left: BTreeSet<_> = nodes.keys().copied().collect();
    let dependencies = |name: &str| nodes.get(name).map_or(&[][..], |node| &node.dependencies);
    loop {
        let waits = |name: &str| dependencies(name).iter().any(|dependency| left.contains(dependency));
        let ready: Option<&str> = left.iter().copied().find(|name| !waits(name));
        if let Some(name) = ready {
            left.remove(name);
            order.push(name);
            continue;
        }
        // Each that is left waits for another one that is left, so this comes to where it was.
        let Some(mut at) = left.first().copied() else { return (order, cycles) };
        let mut way = Vec::new();
        while !way.contains(&at) {
            way.push(at);
            let Some(next) = dependencies(at).iter().copied().find(|dependency| left.contains(dependency)) else {
                break;
            };
            at = next;
        }
        let cycle = way.split_off(way.iter().position(|name| *name == at).unwrap_or_default());
        for name in &cycle {
            left.remove(name);
        }
        cycles.push(cycle);
    }
}

/// Everything that is wrong with an [`ArtifactGraph`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GraphErrors {
    /// At least one.
    pub errors: Vec<GraphError>,
}

impl fmt::Display for GraphErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.errors.iter().enumerate() {
            if at > 0 {
                formatter.write_str("; ")?;
            }
            error.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for GraphErrors {}

impl From<GraphErrors> for RuntimeError {
    fn from(errors: GraphErrors) -> Self {
        Self::Build(errors.to_string())
    }
}

/// Something that is wrong with an [`ArtifactGraph`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// A text cannot be a name.
    #[error("`{0}` is no name: 1 to 128 bytes, without control characters and `/`")]
    Name(String),
    /// Two artifacts or two agents have one name.
    #[error("there are two of the name `{0}`")]
    Duplicate(&'static str),
    /// An artifact is named that wasn't added.
    #[error("{by} names `{artifact}`, which is no artifact of this graph")]
    Unknown {
        /// Which.
        artifact: &'static str,
        /// What names it.
        by: String,
    },
    /// A key has another type than the artifact of its name.
    #[error("artifact `{artifact}` is a `{declared}`, and a key of that name is a `{used}`")]
    Type {
        /// Which.
        artifact: &'static str,
        /// The type that it was added with.
        declared: &'static str,
        /// The type of the key.
        used: &'static str,
    },
    /// An agent names an artifact twice among its inputs or outputs.
    #[error("agent `{agent}` names `{artifact}` twice")]
    Twice {
        /// Which agent.
        agent: &'static str,
        /// Which artifact.
        artifact: &'static str,
    },
    /// An agent makes an artifact without reading what it depends on, so nobody could tell when it is stale.
    #[error("agent `{agent}` makes `{artifact}`, which depends on `{dependency}`, and reads neither of them")]
    Unread {
        /// Which agent.
        agent: &'static str,
        /// What it makes.
        artifact: &'static str,
        /// What it doesn't read.
        dependency: &'static str,
    },
    /// Artifacts depend on each other.
    #[error("the artifacts depend on each other: {}{}", .0.iter().fold(String::new(), |way, name| way + name + " → "), .0.first().copied().unwrap_or_default())]
    Cycle(Vec<&'static str>),
}
