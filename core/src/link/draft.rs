//! Linking in steps, so that the work on modules can be done side by side.

use super::domains::{self, Domains};
use super::edge::{Edge, Edges};
use super::edges::{self, ModuleLinks};
use super::extensions::{Extensions, Triggers};
use super::folders::{self, Folders};
use super::handed;
use super::mentions::{self, Mentions};
use super::names::{Hops, ItemRef, Tables, Target};
use super::registries::{self, Registries};
use super::roles::{self, RoleTable};
use super::uses::Use;
use super::{File, FunctionRef, ModuleId, Project, SourceFile, closer, orchestrators, tree};
use crate::config::{Config, ConfigError, ContractRule};
use crate::contract::{self, Contracts, Judged, Judging};
use crate::facts::FileFacts;
use crate::manifest::Workspace;
use crate::source::FileId;
use crate::types::{self, ImplicitUse};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;

/// A project whose names can be resolved and whose edges are still to be found. Finding them is
/// most of the work of linking, and each module's are found apart from all others'.
#[derive(Debug)]
pub struct Draft(Project);

impl Draft {
    /// Builds module trees, roles and name tables. `files` must be sorted by path.
    ///
    /// # Errors
    ///
    /// Where the configuration names something that does not exist: a pattern that matches nothing.
    pub fn new(files: Vec<SourceFile>, workspace: &Workspace, config: &Config) -> Result<Self, Vec<ConfigError>> {
        let mut files: Vec<File> = files.into_iter().map(File::new).collect();
        let roles = RoleTable::new(config, &files);
        for file in &mut files {
            file.role = roles.of_file(&file.path);
        }
        let tree = tree::build(&mut files, workspace, &config.exclude);
        let mut project = Project {
            files,
            crates: tree.crates,
            modules: tree.modules,
            edges: Edges::default(),
            orchestrators: Vec::new(),
            faults: tree.faults,
            roles,
            contracts: Contracts { path: config.path.clone(), rules: config.contracts.clone(), outcomes: Vec::new() },
            unresolved: BTreeMap::new(),
            domains: Domains::new(config),
            folders: Folders::new(config),
            registries: Registries::new(config),
            mentions: Mentions::new(config, workspace),
            tables: Tables::default(),
            impls: FxHashMap::default(),
            outside_impls: Vec::new(),
            implicit: FxHashMap::default(),
            type_blocks: OnceLock::new(),
            bodies: types::Bodies::default(),
            empty: FileFacts::default(),
            is_judged_by_foreign_config: config.is_foreign,
        };
        roles::assign(&mut project);
        let mut errors = roles::unmatched(&project, workspace, config);
        errors.extend(domains::assign(&mut project, config));
        errors.extend(folders::unmatched(&project));
        errors.sort_by_key(|error| error.span);
        if !errors.is_empty() && !config.is_foreign {
            return Err(errors);
        }
        project.tables = Tables::new(&project);
        Ok(Self(project))
    }

    /// The files of which only an outline was read, and whose bodies the rules for the core ask for:
    /// the core reaches them through code without a role. Empty where all is known.
    /// `text` yields the texts of files.
    pub fn to_be_read_closer<'a>(&'a mut self, text: &'a dyn Fn(FileId) -> &'a str) -> BTreeSet<FileId> {
        if !closer::is_asked(&self.0) && !closer::is_asked_for_effects(&self.0) {
            return BTreeSet::new();
        }
        self.0.impls = edges::impls_of_all(&self.0);
        closer::files(&self.0, text)
    }

    /// The files again, to make another draft of.
    pub fn into_files(self) -> Vec<SourceFile> {
        self.0.files.into_iter().map(|File { path, content, .. }| SourceFile { path, content }).collect()
    }

    /// The modules, each to be asked for its edges.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = ModuleId> + use<> {
        (0..self.0.modules.len() as u32).map(ModuleId)
    }

    /// What one module names.
    pub fn links_of(&self, module: ModuleId) -> ModuleLinks {
        edges::of_module(&self.0, module)
    }

    /// The project with the edges between its modules, given what every module names, in the order of
    /// [`Draft::modules`].
    pub fn join(self, links: Vec<ModuleLinks>) -> Joined {
        let mut project = self.0;
        let joined = edges::join(&project, links);
        (project.edges, project.unresolved) = (joined.edges, joined.unresolved);
        (project.impls, project.outside_impls) = (joined.impls, joined.outside_impls);
        project.implicit = joined.added;
        handed::add(&mut project);
        let triggers = triggers(&project);
        project.bodies = types::Bodies::of_modules(project.modules.len(), !triggers.is_empty());
        project.orchestrators = orchestrators::find(&project);
        Joined { project, triggers }
    }
}

/// How code looks that may use an `impl` block which leads out of the core, without naming it.
fn triggers(project: &Project) -> Triggers {
    if !closer::is_asked(project) {
        return Triggers::default();
    }
    let visible = closer::visible(project);
    let mut extensions = Extensions::of_the_shell(project, &visible);
    let is_read = |block: &ItemRef| project.file(project.module(block.module).file).has_bodies();
    extensions.add(project.foreign_blocks(&visible).filter(is_read));
    extensions.triggers(project)
}

/// A project whose modules are joined, and whose bodies are still to be asked: what they call, where the rules for the
/// core want to know, and which of them help an orchestrator. Each module and each orchestrator is asked apart from all
/// others.
#[derive(Debug)]
pub struct Joined {
    project: Project,
    triggers: Triggers,
}

/// What the bodies of some modules use without naming it.
#[derive(Debug, Default)]
pub struct Calls(BTreeSet<ImplicitUse>);

/// The code of some orchestrators.
#[derive(Debug)]
pub struct Code(Vec<Vec<FunctionRef>>);

impl Joined {
    /// The modules to be asked what they call: core and neutral ones that may lead to the shell by a
    /// method, an operator or a conversion. Mostly there are none.
    pub fn modules(&self) -> Vec<ModuleId> {
        if self.triggers.is_empty() {
            return Vec::new();
        }
        let project = &self.project;
        let visible = closer::visible(project);
        let asked = project.modules().filter(|(_, module)| closer::may_lead_out(project, module, &visible));
        asked.map(|(id, _)| id).collect()
    }

    /// What some of the modules call.
    pub fn calls_of(&self, modules: &[ModuleId]) -> Calls {
        if modules.is_empty() {
            return Calls::default();
        }
        Calls(types::implicit_uses(&self.project, modules, &self.triggers))
    }

    /// How many orchestrators there are, to be asked which code is theirs.
    pub fn orchestrator_count(&self) -> usize {
        self.project.orchestrators.len()
    }

    /// Which code is that of some of the orchestrators.
    pub fn code_of(&self, some: Range<usize>) -> Code {
        Code(orchestrators::code_of(&self.project, some))
    }

    /// The project with all of its edges, given what its modules call and the code of all orchestrators, in
    /// their order.
    ///
    /// # Errors
    ///
    /// Where the configuration allows what no code does.
    pub fn finish(self, calls: Vec<Calls>, code: Vec<Code>) -> Result<Unjudged, Vec<ConfigError>> {
        let mut project = self.project;
        orchestrators::give_code(&mut project, code.into_iter().flat_map(|code| code.0));
        let mut edges = Vec::new();
        let calls: BTreeSet<ImplicitUse> = calls.into_iter().flat_map(|calls| calls.0).collect();
        for ImplicitUse { from, place, to, name } in calls {
            let target = Target::Item(to);
            if !edges::is_part_of(&project, from.module, to.module) {
                edges.push(Edge::implicit(from, target.clone(), place, name));
            }
            project.implicit.entry(from).or_default().push(Use { to: target, place, through: Hops::new() });
        }
        project.edges.extend(edges);
        let mut errors = domains::unused(&project);
        errors.extend(registries::unmatched(&project));
        errors.extend(mentions::unmatched(&project));
        if !errors.is_empty() && !project.is_judged_by_foreign_config {
            errors.sort_by_key(|error| error.span);
            return Err(errors);
        }
        Ok(Unjudged(project))
    }
}

/// A project whose contracts are still to be judged, each apart from all others.
#[derive(Debug)]
pub struct Unjudged(Project);

impl Unjudged {
    /// The contracts of the configuration.
    pub fn contracts(&self) -> &[ContractRule] {
        &self.0.contracts.rules
    }

    /// What all of them are judged by.
    pub fn judging(&self) -> Judging<'_> {
        Judging::new(&self.0)
    }

    /// The project, given what came of every contract, in the order of [`Unjudged::contracts`].
    ///
    /// # Errors
    ///
    /// Where a contract speaks of what does not exist, judges nothing, or excuses what breaks nothing.
    pub fn settle(self, judged: Vec<Judged>) -> Result<Project, Vec<ConfigError>> {
        let mut project = self.0;
        let (outcomes, errors) = contract::outcomes(judged);
        if !errors.is_empty() && !project.is_judged_by_foreign_config {
            return Err(errors);
        }
        project.contracts.outcomes = outcomes;
        Ok(project)
    }
}
