//! Which imports the findings are about.

use crate::link::{Edge, Lead, ModuleId, Project, Target};
use crate::report::Report;
use crate::source::Place;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The imports that are to be cut, by their places.
pub(crate) struct Violations<'r>(BTreeMap<Place, Vec<(&'r Target, &'static str)>>);

/// What an import breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The rule's name.
    pub(crate) rule: &'static str,
    /// The module whose re-export must not be used, where what it leads to may be imported.
    pub(crate) reexport: Option<ModuleId>,
}

impl<'r> Violations<'r> {
    pub(crate) fn new(report: &'r Report) -> Self {
        let mut by_place: BTreeMap<Place, Vec<_>> = BTreeMap::new();
        for finding in report.findings.iter().map(|judged| &judged.finding) {
            for import in &finding.imports {
                by_place.entry(import.place).or_default().push((&import.to, finding.rule));
            }
        }
        Self(by_place)
    }

    /// What an edge breaks: by what it leads to, or else by a re-export on its way.
    pub(crate) fn of(&self, edge: &Edge) -> Option<Broken> {
        let broken = self.0.get(&edge.place)?;
        let leads = || broken.iter().filter_map(|&(to, rule)| Some((edge.lead(to)?, rule)));
        let (lead, rule) = leads().find(|(lead, _)| *lead == Lead::Itself).or_else(|| leads().next())?;
        let reexport = match lead {
            Lead::Itself => None,
            Lead::Reexport(module, _) => Some(module),
        };
        Some(Broken { rule, reexport })
    }

    /// The packages from outside that must not be imported and are, by modules that `is_asked` accepts.
    pub(crate) fn packages(&self, project: &Project, is_asked: impl Fn(ModuleId) -> bool) -> BTreeSet<SmolStr> {
        let edges = self.0.keys().flat_map(|&place| project.edges.inside(place));
        let packages = edges.filter_map(|edge| match &edge.to {
            Target::Outside(package, _) if !edge.test && is_asked(edge.from) => {
                self.of(edge).filter(|broken| broken.reexport.is_none()).map(|_| package.clone())
            }
            _ => None,
        });
        packages.collect()
    }
}
