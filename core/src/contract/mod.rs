//! Contracts: who may import whom, by what a project declares as `[[contract]]`.
//!
//! A contract is judged once the project is linked, because what a member names and whether an
//! exception is needed depend on all imports. What is wrong with a contract itself is an error of
//! the configuration; what the code does against it is an [`Outcome`] that the lint `contract` tells.

mod acyclic;
mod imports;
mod judge;
mod members;
mod places;
mod question;
#[cfg(test)]
mod tests;
mod view;

use crate::config::{ConfigError, ContractRule};
use crate::finding::{BrokenImport, Hop, Level};
use crate::link::{ModuleId, Project};
use crate::source::Place;
use imports::Imports;
use members::Members;
use std::sync::Arc;

/// The contracts of a project.
#[derive(Debug, Default)]
pub struct Contracts {
    /// The configuration's file, relative to the project root.
    pub path: String,
    /// The contracts as they are declared, in the order of the file.
    pub rules: Vec<ContractRule>,
    /// What came of each that is not off.
    pub outcomes: Vec<Outcome>,
}

/// What came of one contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its name.
    pub contract: String,
    /// Its level, if it has one of its own.
    pub level: Option<Level>,
    /// How many imports were looked at.
    pub judged: usize,
    /// What breaks it, in the order of modules.
    pub breaches: Vec<Breach>,
}

/// What breaks a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// An import that is to be cut.
    Import(Box<Import>),
    /// A module that lacks an import.
    Missing {
        /// The module.
        module: ModuleId,
        /// What it has to import.
        required: String,
        /// Whether an indirect import would do.
        indirect: bool,
    },
}

/// An import that is to be cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Why.
    pub why: Why,
    /// The import.
    pub cut: Cut,
    /// Whether it leads from the one to the other by itself.
    pub direct: bool,
    /// The shortest chain that it makes possible, with a place for each hop.
    pub chain: Vec<Hop>,
    /// The modules whose chains lead over it, that of [`Import::chain`] first; empty for a cycle.
    pub roots: Vec<Root>,
    /// The member at the beginning of the chain, as the contract names it.
    pub from: String,
    /// The member at its end.
    pub to: String,
}

/// A module that reaches what it must not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    /// Its name.
    pub name: Arc<str>,
    /// Where it sets out.
    pub place: Place,
}

/// All that one module imports of another, or of one outside package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Who imports.
    pub from: String,
    /// What is imported.
    pub to: String,
    /// Each place, in order; never empty.
    pub places: Vec<Place>,
    /// The same with what is imported there, which is a part of what `to` stands for.
    pub imports: Vec<BrokenImport>,
}

/// Why an import is to be cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A lower layer reaches a higher one.
    Upwards,
    /// A member of a layer reaches an independent one of the same layer.
    Sideways,
    /// What is above a closed layer reaches what is below it. The layer's text.
    Past(String),
    /// The contract forbids it.
    Forbidden,
    /// Only others may import it: their names.
    Protected(Vec<String>),
    /// The members are independent.
    Independent,
    /// The members import each other in a circle.
    Cycle(Arc<Cycle>),
}

/// The members that import each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// How many.
    pub members: usize,
    /// What to cut so that no circle is left: from which member, to which, and at how many places.
    pub cuts: Vec<(String, String, usize)>,
    /// Whether there is certainly no set of fewer places.
    pub is_exact: bool,
}

/// Who may import whom, found once for all contracts of a project.
pub struct Judging<'a>(Members<'a>);

/// What came of one contract, and what is wrong with the contract itself.
#[derive(Debug)]
pub struct Judged {
    /// `None` for a contract that is off.
    outcome: Option<Outcome>,
    errors: Vec<ConfigError>,
}

impl<'a> Judging<'a> {
    /// Looks at the imports and the names of a linked project.
    pub(crate) fn new(project: &'a Project) -> Self {
        Self(Members::new(Imports::new(project), &project.contracts.path))
    }

    /// Judges one contract, apart from all others.
    pub fn judge(&self, rule: &ContractRule) -> Judged {
        judge::judge(rule, &self.0)
    }
}

/// What came of all contracts that are not off, in the order in which they were judged; and what is wrong with
/// contracts: a member that stands for nothing, an exception that excuses nothing, a contract that judged nothing.
pub(crate) fn outcomes(judged: Vec<Judged>) -> (Vec<Outcome>, Vec<ConfigError>) {
    let (outcomes, errors): (Vec<_>, Vec<_>) = judged.into_iter().map(|one| (one.outcome, one.errors)).unzip();
    let mut errors: Vec<ConfigError> = errors.into_iter().flatten().collect();
    errors.sort_by_key(|error| error.span);
    errors.dedup();
    (outcomes.into_iter().flatten().collect(), errors)
}
