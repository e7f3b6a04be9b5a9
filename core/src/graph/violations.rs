//! Which imports the findings are about.

use crate::link::{Edge, ModuleId, Project, Target};
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
        let rule_of = |to: &Target| broken.iter().find(|(other, _)| is_same(other, to)).map(|&(_, rule)| rule);
        if let Some(rule) = rule_of(&edge.to) {
            return Some(Broken { rule, reexport: None });
        }
        let mut through = edge.through().iter();
        through.find_map(|&(module, _)| {
            let rule = rule_of(&Target::Module(module))?;
            Some(Broken { rule, reexport: Some(module) })
        })
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

/// Whether both are one module or one package from outside.
fn is_same(one: &Target, other: &Target) -> bool {
    let module = |target: &Target| match target {
        Target::Module(module) => Some(*module),
        Target::Item(item) => Some(item.module),
        Target::Outside(..) | Target::Unknown => None,
    };
    match (one, other) {
        (Target::Outside(one, _), Target::Outside(other, _)) => one == other,
        _ => module(one).is_some_and(|one| module(other) == Some(one)),
    }
}
