//! Domains: the parts of a project that know nothing of each other, and where they do.

use super::Project;
use super::edge::Edge;
use super::names::Target;
use super::tree::ModuleId;
use crate::config::{Config, ConfigError, Domains as DomainRules};
use crate::source::Place;
use std::collections::BTreeSet;

/// The number of a domain, in the order of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainId(pub u32);

/// The domains of a project and what the configuration says of them.
#[derive(Debug, Default)]
pub(super) struct Domains {
    /// The configuration's file.
    path: String,
    rules: Option<DomainRules>,
    /// The names, sorted.
    names: Vec<String>,
    /// The domain of each file, in the order of the files.
    of_file: Vec<Option<DomainId>>,
}

/// A place where code names a domain that it is no part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing<'a> {
    /// The domain of the code; `None` outside of all.
    pub from: Option<DomainId>,
    /// The domain that it names.
    pub to: DomainId,
    /// How it does.
    pub edge: &'a Edge,
    /// The module of the other domain whose re-export the path leads through, where it ends elsewhere.
    pub via: Option<ModuleId>,
}

impl Domains {
    pub(super) fn new(config: &Config) -> Self {
        let path = config.path.clone();
        Self { path, rules: config.domains.clone(), ..Self::default() }
    }
}

impl Project {
    /// Whether the configuration declares domains.
    pub const fn has_domains(&self) -> bool {
        self.domains.rules.is_some()
    }

    /// The names of the domains, sorted; a [`DomainId`] is a position in it.
    pub fn domain_names(&self) -> &[String] {
        &self.domains.names
    }

    /// The name of a domain.
    pub fn domain_name(&self, id: DomainId) -> &str {
        &self.domains.names[id.0 as usize]
    }

    /// The domain of that name.
    pub fn domain(&self, name: &str) -> Option<DomainId> {
        self.domains.names.iter().position(|known| known == name).map(|at| DomainId(at as u32))
    }

    /// The domain that a module belongs to.
    pub fn domain_of(&self, module: ModuleId) -> Option<DomainId> {
        *self.domains.of_file.get(self.module(module).file.0 as usize)?
    }

    /// Whether the configuration lets code of one domain name the other.
    pub fn may_cross(&self, from: DomainId, to: DomainId) -> bool {
        let (from, to) = (self.domain_name(from), self.domain_name(to));
        let mut allowed = self.domains.rules.iter().flat_map(|rules| &rules.allow);
        allowed.any(|allowed| allowed.allows(from, to))
    }

    /// Every place outside of test code that names a domain from outside of it, sorted. A place that
    /// several targets compile is one.
    pub fn crossings(&self) -> Vec<Crossing<'_>> {
        if !self.has_domains() {
            return Vec::new();
        }
        let mut seen: BTreeSet<(Place, DomainId)> = BTreeSet::new();
        let mut found = Vec::new();
        for edge in self.edges.iter().filter(|edge| !edge.test) {
            let from = self.domain_of(edge.from);
            let end = match &edge.to {
                Target::Module(module) => Some(*module),
                Target::Item(item) => Some(item.module),
                Target::Outside(..) | Target::Unknown => None,
            };
            let named = end.map(|module| (module, None));
            let through = edge.reexports().iter().map(|&(module, _)| (module, Some(module)));
            for (module, via) in named.into_iter().chain(through) {
                let Some(to) = self.domain_of(module).filter(|to| Some(*to) != from) else { continue };
                if seen.insert((edge.place, to)) {
                    found.push(Crossing { from, to, edge, via });
                }
            }
        }
        found
    }
}

/// Gives every file its domain, and says what is wrong with the configuration of them.
pub(super) fn assign(project: &mut Project, config: &Config) -> Vec<ConfigError> {
    let Some(rules) = &config.domains else { return Vec::new() };
    let files: Vec<&str> = project.files.iter().map(|file| file.path.as_str()).collect();
    let errors = rules.faults(&config.path, &files);
    let of_file: Vec<Option<&str>> = files.iter().map(|file| rules.domain_of(file)).collect();
    let names: BTreeSet<&str> = of_file.iter().copied().flatten().collect();
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let number = |name: &str| names.iter().position(|known| known == name).map(|at| DomainId(at as u32));
    let of_file = of_file.into_iter().map(|name| name.and_then(number)).collect();
    project.domains.of_file = of_file;
    project.domains.names = names;
    errors
}

/// What the configuration allows and no code does.
pub(super) fn unused(project: &Project) -> Vec<ConfigError> {
    let allowed = project.domains.rules.iter().flat_map(|rules| &rules.allow);
    let mut allowed = allowed.peekable();
    if allowed.peek().is_none() {
        return Vec::new();
    }
    let crossings = project.crossings();
    let used: BTreeSet<(&str, &str)> = crossings
        .iter()
        .filter_map(|crossing| Some((project.domain_name(crossing.from?), project.domain_name(crossing.to))))
        .collect();
    let unused = allowed.filter(|allowed| !used.iter().any(|(from, to)| allowed.allows(from, to)));
    let errors = unused.map(|allowed| ConfigError {
        message: format!("no code of {} names `{}`", allowed.whose(), allowed.to.0),
        help: "remove the section: what it allows is not there".to_owned(),
        span: allowed.span,
        path: project.domains.path.clone(),
    });
    errors.collect()
}
