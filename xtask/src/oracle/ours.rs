//! What Baton finds: the edges between the modules of one crate.

use super::Pair;
use crate::Refusal;
use crate::project::parsed;
use baton_core::config;
use baton_core::link::{self, Crate, CrateId, Edge, ModuleId, Project, Target};
use baton_core::manifest::TargetKind;
use std::collections::{BTreeMap, BTreeSet};

/// Code with a role is asked for what its globs bring in, too.
const CONFIGURATION: &str = "version = 1\n[[role]]\nname = \"measured\"\npaths = [\"**\"]\n";

/// Links a project, given as its manifests and Rust files.
///
/// # Errors
///
/// A manifest is wrong.
pub(super) fn link(sources: BTreeMap<String, String>) -> Result<Project, Refusal> {
    let (workspace, files) = parsed(sources)?;
    let refused = |errors: Vec<config::ConfigError>| {
        Refusal(errors.first().map(|error| error.message.clone()).unwrap_or_default())
    };
    let config = config::parse("baton.toml", CONFIGURATION, &[]).map_err(refused)?;
    link::link(files, &workspace, &config).map_err(refused)
}

/// The edges of one crate.
pub(super) struct Ours<'a> {
    pub(super) project: &'a Project,
    pub(super) krate: CrateId,
    /// For two modules the places where the first names the second.
    pub(super) pairs: BTreeMap<Pair, Vec<&'a Edge>>,
    /// The edges of test code, and the modules of that, which are compared with nothing.
    pub(super) test_pairs: BTreeSet<Pair>,
    pub(super) test_modules: BTreeSet<String>,
    /// The modules by their paths; there may be one for each `cfg`.
    pub(super) modules: BTreeMap<String, Vec<ModuleId>>,
}

impl<'a> Ours<'a> {
    /// The edges of the library of `package`, or of its first binary.
    ///
    /// # Errors
    ///
    /// It has neither.
    pub(super) fn new(project: &'a Project, package: &str) -> Result<Self, Refusal> {
        let is_kind = |krate: &Crate, library: bool| match krate.kind {
            TargetKind::Lib | TargetKind::ProcMacro => library,
            TargetKind::Bin => !library,
            _ => false,
        };
        let of_kind =
            |library| project.crates.iter().position(|krate| krate.package == package && is_kind(krate, library));
        let Some(number) = of_kind(true).or_else(|| of_kind(false)) else {
            return Err(Refusal(format!("the project has no package `{package}` with a library or binary")));
        };
        let krate = CrateId(number as u32);
        let mut ours = Self {
            project,
            krate,
            pairs: BTreeMap::new(),
            test_pairs: BTreeSet::new(),
            test_modules: BTreeSet::new(),
            modules: BTreeMap::new(),
        };
        for (id, module) in project.modules().filter(|(_, module)| module.krate == krate) {
            let path = ours.path(id);
            if module.test {
                ours.test_modules.insert(path);
            } else {
                ours.modules.entry(path).or_default().push(id);
            }
        }
        let is_own = |module: ModuleId| project.module(module).krate == krate;
        for edge in project.edges.iter() {
            let Some(to) = target_module(edge).filter(|to| is_own(*to) && is_own(edge.from)) else { continue };
            let pair = (ours.path(edge.from), ours.path(to));
            if edge.test || [edge.from, to].iter().any(|module| project.module(*module).test) {
                ours.test_pairs.insert(pair);
            } else if pair.0 != pair.1 {
                ours.pairs.entry(pair).or_default().push(edge);
            }
        }
        Ok(ours)
    }

    /// The name of the crate.
    pub(super) fn krate_name(&self) -> &'a str {
        &self.project.krate(self.krate).name
    }

    /// The arguments that choose the same target for `cargo-modules`.
    pub(super) fn target(&self) -> Vec<String> {
        let krate = self.project.krate(self.krate);
        match krate.kind {
            TargetKind::Bin => vec!["--bin".to_owned(), krate.name.clone()],
            _ => vec!["--lib".to_owned()],
        }
    }

    /// The path of a module with its crate.
    pub(super) fn path(&self, module: ModuleId) -> String {
        let krate = &self.project.krate(self.krate).name;
        let path = &self.project.module(module).path;
        if path.is_empty() { krate.clone() } else { format!("{krate}::{path}") }
    }

    /// Where the first place of an edge is, and how many more there are.
    pub(super) fn places(&self, pair: &Pair) -> String {
        let edges = self.pairs.get(pair).map_or(&[][..], Vec::as_slice);
        let Some(first) = edges.first() else { return String::new() };
        let path = &self.project.file(first.place.file).path;
        let kinds: BTreeSet<String> = edges.iter().map(|edge| format!("{:?}", edge.kind)).collect();
        let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
        format!("`{}` in {path}, byte {}; {} in all: {kinds}", first.path, first.place.span.start, edges.len())
    }
}

/// The module that an edge leads to.
fn target_module(edge: &Edge) -> Option<ModuleId> {
    match &edge.to {
        Target::Module(module) => Some(*module),
        Target::Item(item) => Some(item.module),
        Target::Outside(..) | Target::Unknown => None,
    }
}
