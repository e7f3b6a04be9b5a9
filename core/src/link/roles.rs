//! Roles: which part of the architecture a file or module belongs to.
//!
//! The configuration says so, or else the names of folders do: the names that people who write
//! about clean, hexagonal and functional-core architectures use.

use super::names::Target;
use super::packages;
use super::tree::{Module, ModuleId};
use super::{Content, File, Project};
use crate::config::{Config, ConfigError, Pattern, RoleRule, Source, unmatched as unmatched_patterns};
use crate::facts::ItemKind;
use crate::manifest::Workspace;
use crate::parse::Need;
use crate::{runs, transactions};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What a role means to the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleKind {
    /// Business rules, pure.
    Core,
    /// What touches the world.
    Shell,
    /// What sequences the core and the shell.
    Orchestrator,
    /// Where calls come in.
    Entry,
    /// A role of the project's own, for contracts.
    Other,
}

/// A role that a file or module has: its kind, and which rule of the table gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role {
    /// What it means.
    pub kind: RoleKind,
    /// The position of the `[[role]]` in the configuration; 0 where roles are inferred.
    pub rule: u32,
}

/// A role that was inferred from a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InferredRole {
    /// The role's name.
    pub role: &'static str,
    /// The folder, relative to the project root.
    pub folder: String,
    /// How many files have the role because of it.
    pub files: usize,
}

/// The roles of a project and where they come from.
#[derive(Debug)]
pub struct RoleTable {
    /// The roles of the configuration, in its order; empty where roles are inferred.
    pub rules: Vec<RoleRule>,
    /// What was inferred, sorted; empty where the configuration declares roles.
    pub inferred: Vec<InferredRole>,
    /// Whether the configuration declares no role.
    pub is_inferred: bool,
    /// Whether the project itself declares orchestrators: a preset may do so for projects that have none.
    expects_orchestrators: bool,
    /// Packages called `core` that hold shell code: libraries of everything, not the core.
    mixed: BTreeSet<String>,
    /// Files called `core.rs` or `shell.rs` with no other layer beside them: a part of something, or
    /// what starts programs.
    alone: BTreeSet<String>,
    /// Whether the configuration says of folders what holds in them.
    has_folders: bool,
    /// The files in which operations are registered.
    registries: Vec<Pattern>,
}

impl RoleKind {
    /// The kinds that the rules know.
    pub(crate) const ALL: [Self; 4] = [Self::Core, Self::Shell, Self::Orchestrator, Self::Entry];

    /// The kind of the role of that name.
    pub fn from_name(name: &str) -> Self {
        match name {
            "core" => Self::Core,
            "shell" => Self::Shell,
            "orchestrator" => Self::Orchestrator,
            "entry" => Self::Entry,
            _ => Self::Other,
        }
    }

    /// The name of a built-in role.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Shell => "shell",
            Self::Orchestrator => "orchestrator",
            Self::Entry => "entry",
            Self::Other => "other",
        }
    }

    /// Whether the core must not reach it.
    pub const fn is_outer(self) -> bool {
        matches!(self, Self::Shell | Self::Orchestrator | Self::Entry)
    }
}

impl RoleTable {
    pub(super) fn new(config: &Config, files: &[File]) -> Self {
        let is_inferred = config.roles.is_empty();
        let mut table = Self {
            rules: config.roles.clone(),
            inferred: Vec::new(),
            is_inferred,
            expects_orchestrators: config
                .roles
                .iter()
                .any(|rule| rule.name == "orchestrator" && config.preset_at(rule.span).is_none()),
            mixed: BTreeSet::new(),
            alone: BTreeSet::new(),
            has_folders: !config.folders.is_empty(),
            registries: config.registries.iter().flat_map(|registry| registry.paths.clone()).collect(),
        };
        if !is_inferred {
            return table;
        }
        table.mixed = files.iter().filter_map(|file| mixed_package(&file.path)).map(str::to_owned).collect();
        table.alone = lone_files(files);
        let mut folders: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        for (kind, folder) in files.iter().filter_map(|file| table.infer(&file.path)) {
            *folders.entry((kind.name(), folder.to_owned())).or_default() += 1;
        }
        let inferred = folders.into_iter().map(|((role, folder), files)| InferredRole { role, folder, files });
        table.inferred = inferred.collect();
        table
    }

    /// The role that a path's folders suggest, but for the name of a package that holds everything.
    fn infer<'p>(&self, path: &'p str) -> Option<(RoleKind, &'p str)> {
        let found = infer(path).filter(|(_, folder)| !self.mixed.contains(*folder));
        // What the folders around such a file say holds.
        if found.is_some() && self.alone.contains(path) { infer(&path[..=path.rfind('/')?]) } else { found }
    }

    /// The role that the names of a path's folders suggest, with the folder that decides; whatever a
    /// configuration says.
    pub(crate) fn suggested<'p>(&self, path: &'p str) -> Option<(RoleKind, &'p str)> {
        self.infer(path)
    }

    /// The roles that a configuration declares, before any file is known.
    pub fn of_config(config: &Config) -> Self {
        Self::new(config, &[])
    }

    /// How much of a file the rules will ask for. Test code and files without a role are judged by
    /// no role's rules; the core, orchestrators and entry points by what their bodies say. What entry
    /// points call is followed through files without a role. Where roles are told by module, every
    /// file may have any. Of a registry every name counts.
    pub fn need(&self, path: &str) -> Need {
        let registers = self.registries.iter().any(|pattern| pattern.matches(path));
        if registers || self.rules.iter().any(|rule| !rule.modules.is_empty()) {
            return Need::Bodies;
        }
        match self.of_file(path) {
            Some(_) if super::tree::is_test_path(path) => Need::Outline,
            Some(role) if matches!(role.kind, RoleKind::Core | RoleKind::Orchestrator | RoleKind::Entry) => {
                Need::Bodies
            }
            Some(_) => Need::Names,
            None if self.has_entry() && !super::tree::is_test_path(path) => Need::Bodies,
            None => Need::Outline,
        }
    }

    fn has_entry(&self) -> bool {
        self.rules.iter().any(|rule| RoleKind::from_name(&rule.name) == RoleKind::Entry)
    }

    /// How much of a file with that text the rules will ask for: of one that may begin or end
    /// transactions also where, and of one with procedural macros which of its functions they lead to.
    pub fn need_in(&self, path: &str, text: &str) -> Need {
        let has_macros = text.contains("proc_macro");
        let need = self.need(path).max(if has_macros { Need::Names } else { Need::Outline });
        // Whoever works in a run of the runtime crate is judged whatever the role.
        if need < Need::Bodies && runs::are_mentioned(text) && !super::tree::is_test_path(path) {
            return Need::Bodies;
        }
        // Where nothing is declared, only the shell is asked who owns transactions.
        if self.is_inferred && !self.has_folders && self.of_file(path).is_none() {
            return need;
        }
        let operates = || !super::tree::is_test_path(path) && transactions::are_mentioned(text);
        if need < Need::Bodies && operates() { Need::Bodies } else { need }
    }

    /// The role of a file by its path.
    pub fn of_file(&self, path: &str) -> Option<Role> {
        if self.is_inferred {
            return self.infer(path).map(|(kind, _)| Role { kind, rule: 0 });
        }
        self.last(|rule| rule.paths.iter().any(|pattern| pattern.matches(path)))
    }

    /// The name of a role.
    pub fn name(&self, role: Role) -> &str {
        self.rule(role).map_or(role.kind.name(), |rule| &rule.name)
    }

    /// The rule of a role; `None` where roles are inferred.
    pub fn rule(&self, role: Role) -> Option<&RoleRule> {
        self.rules.get(role.rule as usize)
    }

    /// Whether an outside package counts as shell.
    pub fn is_shell_crate(&self, package: &str) -> bool {
        self.crate_role(package).is_some_and(|role| role.kind.is_outer())
    }

    /// The role of an outside package.
    pub fn crate_role(&self, package: &str) -> Option<Role> {
        self.last(|rule| rule.crates.iter().any(|pattern| pattern.matches(package)))
    }

    fn last(&self, matches: impl Fn(&RoleRule) -> bool) -> Option<Role> {
        let (number, rule) = self.rules.iter().enumerate().rfind(|(_, rule)| matches(rule))?;
        Some(Role { kind: RoleKind::from_name(&rule.name), rule: number as u32 })
    }
}

/// How much a folder's name says.
enum Hint {
    /// It says the role, whatever the folders around it say.
    Strong(RoleKind),
    /// It says the role where no folder around it does.
    Weak(RoleKind),
}

fn hint(folder: &str) -> Option<Hint> {
    use RoleKind::{Core, Orchestrator, Shell};
    let hint = match underscored(folder).as_ref() {
        "domain" | "entities" => Hint::Strong(Core),
        "core" => Hint::Weak(Core),
        "shell" | "infrastructure" | "infra" | "adapters" | "outbound" | "inbound" | "persistence" => {
            Hint::Strong(Shell)
        }
        "application" | "use_cases" | "usecases" | "use_case" | "usecase" | "orchestrators" | "orchestrator"
        | "command_handlers" => Hint::Strong(Orchestrator),
        // A domain has services, and a core has workflows, that are rules and not coordination.
        "services" | "service" | "workflows" | "workflow" => Hint::Weak(Orchestrator),
        _ => return None,
    };
    Some(hint)
}

/// A name as Rust writes it. Every folder of every file is asked for, and few hold a `-`.
fn underscored(folder: &str) -> Cow<'_, str> {
    if folder.contains('-') { folder.replace('-', "_").into() } else { folder.into() }
}

/// What the name of a package says by its end, as in `shop_domain` and `shop-infra`.
fn package_hint(folder: &str) -> Option<Hint> {
    let name = underscored(folder);
    let (_, end) = name.split_once('_')?;
    let is_end = |known: &str| end.strip_suffix(known).is_some_and(|front| front.is_empty() || front.ends_with('_'));
    let is = |ends: &[&str]| ends.iter().any(|known| is_end(known));
    if is(&["domain"]) {
        Some(Hint::Strong(RoleKind::Core))
    } else if is(&["infra", "infrastructure", "adapters", "persistence"]) {
        Some(Hint::Strong(RoleKind::Shell))
    } else {
        is(&["usecases", "use_cases"]).then_some(Hint::Strong(RoleKind::Orchestrator))
    }
}

/// Whether a folder or file of that name has its role whatever stands around it.
pub(crate) fn is_strong(name: &str) -> bool {
    matches!(hint(name), Some(Hint::Strong(_)))
}

/// The role that a path's folders suggest, with the folder that decides: the innermost that says a
/// role strongly, but for a domain inside an outer layer, which is that layer's side of it.
fn infer(path: &str) -> Option<(RoleKind, &str)> {
    // The build script of a package is part of no layer.
    if path.ends_with("/build.rs") && !path.contains("src/") {
        return None;
    }
    let mut found: Option<(RoleKind, usize)> = None;
    // Folders above `src` name packages: they count where nothing inside says more, and a folder of
    // services is one of programs there.
    let mut outer: Option<(RoleKind, usize)> = None;
    let above = path.rsplit_once("/src/").map_or(0, |(above, _)| above.len());
    let mut before = "";
    let mut start = 0;
    for part in path.split('/') {
        let end = start + part.len();
        let name = part.strip_suffix(".rs").unwrap_or(part);
        if part == "src" {
            outer = found.take().or(outer);
        }
        let of_package = || (end == above).then(|| package_hint(name)).flatten();
        match hint(name).or_else(of_package) {
            // A file of that name tells of one workflow, most often of its data.
            Some(Hint::Weak(RoleKind::Orchestrator)) if part == "workflow.rs" => {}
            // `ports/outbound` holds the interfaces that the core declares, not their adapters.
            Some(_) if matches!(before, "ports" | "port") => {}
            Some(Hint::Strong(RoleKind::Core)) if found.is_some_and(|(kind, _)| kind.is_outer()) => {}
            Some(Hint::Strong(kind)) => found = Some((kind, end)),
            Some(Hint::Weak(RoleKind::Orchestrator)) if end <= above => {}
            Some(Hint::Weak(kind)) if found.or(outer).is_none() => found = Some((kind, end)),
            _ => {}
        }
        before = part;
        start = end + 1;
    }
    found.or(outer).map(|(kind, end)| (kind, &path[..end]))
}

/// The folder of the package that a file of the shell lies in, if only its name says `core`.
fn mixed_package(path: &str) -> Option<&str> {
    let (package, _) = path.rsplit_once("/src/")?;
    let is_shell = infer(path).is_some_and(|(kind, folder)| kind == RoleKind::Shell && folder.len() > package.len());
    (is_shell && package.rsplit('/').next() == Some("core")).then_some(package)
}

/// Files called `core.rs` or `shell.rs` in folders where nothing else is called like a layer: neither what
/// stands beside them nor a folder with their own modules, which is one as it is with a `mod.rs`.
fn lone_files(files: &[File]) -> BTreeSet<String> {
    let is_lone = |path: &str| {
        let Some((folder, name @ ("core.rs" | "shell.rs"))) = path.rsplit_once('/') else { return false };
        // At the top a core is one, a shell may still be that of the system.
        if name == "core.rs" && folder.rsplit('/').next() == Some("src") {
            return false;
        }
        let mut others = files.iter().filter(|file| file.path != path);
        !others.any(|file| beside(&file.path, folder).and_then(hint).is_some())
    };
    files.iter().filter(|file| is_lone(&file.path)).map(|file| file.path.clone()).collect()
}

/// The module in a folder that a path belongs to.
fn beside<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let name = path.strip_prefix(folder)?.strip_prefix('/')?.split('/').next()?;
    Some(name.strip_suffix(".rs").unwrap_or(name))
}

/// Gives every module its role: its file's, or that of a later rule that names the module.
pub(super) fn assign(project: &mut Project) {
    let by_module = project.roles.rules.iter().any(|rule| !rule.modules.is_empty());
    for number in 0..project.modules.len() {
        let id = ModuleId(number as u32);
        let of_file = project.file(project.module(id).file).role;
        let of_module = if by_module { named_role(project, id) } else { None };
        let later = |a: Role, b: Role| if a.rule >= b.rule { a } else { b };
        project.modules[number].role = match (of_file, of_module) {
            (Some(file), Some(module)) => Some(later(module, file)),
            (file, module) => module.or(file),
        };
        // What a file without a role says, the module says that includes it, for all modules in the file.
        if project.modules[number].role.is_none()
            && let Some(outer) = around_in_included(project, project.module(id))
        {
            project.modules[number].role = project.module(outer).role;
        }
    }
}

/// The module around one that stands in an included file.
fn around_in_included(project: &Project, module: &Module) -> Option<ModuleId> {
    let mut at = module;
    while at.included_in.is_none() {
        at = project.module(at.parent?);
        if at.file != module.file {
            return None;
        }
    }
    module.parent
}

fn named_role(project: &Project, id: ModuleId) -> Option<Role> {
    let path = crate_path(project, id);
    project.roles.last(|rule| rule.modules.iter().any(|pattern| pattern.matches(&path)))
}

/// A module's path with its crate's name, as patterns match it.
fn crate_path(project: &Project, id: ModuleId) -> String {
    let module = project.module(id);
    let krate = &project.krate(module.krate).name;
    if module.path.is_empty() { krate.clone() } else { format!("{krate}::{}", module.path) }
}

/// Patterns and roles of the configuration that stand for nothing.
pub(super) fn unmatched(project: &Project, workspace: &Workspace, config: &Config) -> Vec<ConfigError> {
    let files: Vec<&str> = project.files.iter().map(|file| file.path.as_str()).collect();
    let modules: Vec<String> = project.modules().map(|(id, _)| crate_path(project, id)).collect();
    let outside = packages::outside(workspace);
    let mut errors = Vec::new();
    for rule in &config.overrides {
        errors.extend(unmatched_patterns(&config.path, "file", &rule.paths, &files));
    }
    errors.extend(idle_presets(project, config));
    // A preset is for many projects: each has some of its folders.
    let own = config.roles.iter().enumerate().filter(|(_, rule)| config.preset_at(rule.span).is_none());
    for (number, rule) in own {
        let before = errors.len();
        let mut check = |what: &str, patterns: &[Pattern], candidates: &[&str]| {
            errors.extend(unmatched_patterns(&config.path, what, patterns, candidates));
        };
        check("file", &rule.paths, &files);
        let modules: Vec<&str> = modules.iter().map(String::as_str).collect();
        check("module", &rule.modules, &modules);
        if rule.selects_items() {
            let items = selectable(project, number as u32);
            check("type in those files", &rule.types, &borrowed(&items.types));
            check("free function in those files", &rule.functions, &borrowed(&items.functions));
            check("trait that a type in those files implements", &rule.traits, &borrowed(&items.traits));
            check("attribute in those files", &rule.attributes, &borrowed(&items.attributes));
        }
        errors.extend(packages::unmatched(project, workspace, &outside, rule, config));
        if errors.len() == before {
            errors.extend(without_code(project, number as u32, rule, config));
        }
    }
    errors.sort_by_key(|error| error.span);
    errors
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// Presets that declare roles of which none has code: the project has another layout.
fn idle_presets(project: &Project, config: &Config) -> Vec<ConfigError> {
    let presets: Vec<&Source> = config.sources.iter().filter(|source| source.is_preset()).collect();
    let idle = presets.into_iter().filter(|preset| {
        let is_of = |rule: &RoleRule| config.preset_at(rule.span).is_some_and(|source| source.base == preset.base);
        let roles: Vec<usize> = (0..config.roles.len()).filter(|number| is_of(&config.roles[*number])).collect();
        let has = |role: Option<Role>| role.is_some_and(|role| roles.contains(&(role.rule as usize)));
        !roles.is_empty() && !project.modules.iter().any(|module| has(module.role) && !module.test)
    });
    let errors = idle.map(|preset| ConfigError {
        message: format!("no role of `{}` has any code", preset.path),
        help: "the project has another layout: `baton init --stdout` proposes roles for it".to_owned(),
        span: preset.extended_at.unwrap_or_default(),
        path: config.path.clone(),
    });
    errors.collect()
}

/// A role stands for nothing if no module that can be judged has it: all its files belong to later
/// roles, are test code, say that they are generated, or are reached by no target. A role of the
/// project's own may be for tests, and a file that does not parse is a finding already.
fn without_code(project: &Project, number: u32, rule: &RoleRule, config: &Config) -> Option<ConfigError> {
    if rule.paths.is_empty() && rule.modules.is_empty() {
        return None;
    }
    let has = |role: Option<Role>| role.is_some_and(|role| role.rule == number);
    let free = RoleKind::from_name(&rule.name) == RoleKind::Other;
    let parsed = |module: &Module| project.file(module.file).facts().is_some() && (free || !module.test);
    let used = project.modules.iter().any(|module| has(module.role) && parsed(module))
        || project.files.iter().any(|file| has(file.role) && (free || matches!(file.content, Content::Failed(_))));
    let matched = || project.files.iter().any(|file| has(file.role));
    (!used).then(|| ConfigError {
        message: if matched() {
            format!(
                "role `{}` has no code to judge: what it matches is test code, generated, or in no target",
                rule.name
            )
        } else {
            format!("role `{}` has no code: every file it matches belongs to a later role", rule.name)
        },
        help: if matched() {
            "let it match code that a target compiles, or remove it".to_owned()
        } else {
            "the last role that matches a file wins; move this one down or narrow the others".to_owned()
        },
        span: rule.name_span,
        path: config.path.clone(),
    })
}

/// What `types`, `functions`, `traits` and `attributes` can select.
#[derive(Default)]
struct Selectable {
    types: Vec<String>,
    functions: Vec<String>,
    traits: Vec<String>,
    attributes: Vec<String>,
}

fn selectable(project: &Project, number: u32) -> Selectable {
    let mut found = Selectable::default();
    for (id, _) in project.modules().filter(|(_, module)| module.role.is_some_and(|role| role.rule == number)) {
        for item in &project.scope(id).items {
            found.attributes.extend(item.attributes.iter().map(|attribute| attribute.path.to_string()));
            match &item.kind {
                ItemKind::Struct(_) | ItemKind::Enum(_) => found.types.push(item.name.to_string()),
                ItemKind::Function(_) => found.functions.push(item.name.to_string()),
                ItemKind::Impl(block) => {
                    found.traits.extend(block.of_trait.iter().map(|path| path.last().to_owned()));
                }
                _ => {}
            }
        }
    }
    found
}

/// What a reader should know of the roles: from which folders they were inferred.
pub fn role_notices(project: &Project) -> Vec<String> {
    let table = &project.roles;
    if !table.is_inferred || table.inferred.is_empty() {
        return Vec::new();
    }
    let of_role = |name: &str| {
        let folders = table.inferred.iter().filter(|inferred| inferred.role == name);
        let folders: Vec<_> = folders.map(|inferred| format!("{} ({})", inferred.folder, inferred.files)).collect();
        (!folders.is_empty()).then(|| format!("{name} from {}", folders.join(", ")))
    };
    let parts: Vec<_> = ["core", "shell", "orchestrator"].into_iter().filter_map(of_role).collect();
    vec![format!("no roles are declared: they were inferred from the names of folders: {}", parts.join("; "))]
}

/// Why a run judged nothing, if that is so: no code has a role and no contract speaks of any, or the
/// role of orchestrators holds none.
pub fn unjudged(project: &Project) -> Option<String> {
    let by_contract = project.contracts.outcomes.iter().any(|outcome| outcome.judged > 0);
    let judged = by_contract || project.modules.iter().any(|module| module.role.is_some() && !module.test);
    if !judged && !project.has_domains() && project.orchestrators.is_empty() {
        let why = if project.files.is_empty() {
            "no Rust file was found"
        } else if project.roles.is_inferred {
            "no roles are declared, and no folder's name tells one"
        } else {
            "no file that was read has a role"
        };
        return Some(why.to_owned());
    }
    (project.roles.expects_orchestrators && project.orchestrators.is_empty())
        .then(|| "the role `orchestrator` is declared, but nothing there receives a collaborator".to_owned())
}

/// The role of what a path leads to.
pub(crate) fn of_target(project: &Project, target: &Target) -> Option<Role> {
    match target {
        Target::Module(module) => project.module(*module).role,
        Target::Item(item) => project.module(item.module).role,
        Target::Outside(package, _) => project.roles.crate_role(package),
        Target::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_called_core_that_holds_the_shell_is_not_the_core() {
        let mixed = |path| mixed_package(path);
        assert_eq!(mixed("core/src/persistence/sqlite.rs"), Some("core"));
        assert_eq!(mixed("crates/core/src/infrastructure/db.rs"), Some("crates/core"));
        assert_eq!(mixed("src/core/persistence/sqlite.rs"), None, "a folder of the sources");
        assert_eq!(mixed("adapters/core/src/db.rs"), None, "the shell is around it");
        assert_eq!(mixed("core/src/domain/price.rs"), None);
        let mixed = BTreeSet::from(["core".to_owned()]);
        let table = RoleTable {
            rules: Vec::new(),
            inferred: Vec::new(),
            is_inferred: true,
            expects_orchestrators: false,
            mixed,
            alone: BTreeSet::new(),
            has_folders: false,
            registries: Vec::new(),
        };
        let role = |path| table.infer(path).map(|(kind, _)| kind.name());
        assert_eq!(role("core/src/db.rs"), None);
        assert_eq!(role("core/src/domain/price.rs"), Some("core"));
        assert_eq!(role("core/src/persistence/sqlite.rs"), Some("shell"));
    }

    #[test]
    fn of_a_file_with_procedural_macros_calls_by_a_lone_name_are_asked_for() {
        let need = |text| RoleTable::of_config(&Config::default()).need_in("src/lib.rs", text);
        assert_eq!(need("use proc_macro::TokenStream;"), Need::Names);
        assert_eq!(need("use syn::Ident;"), Need::Outline);
    }

    #[test]
    fn transactions_are_looked_for_where_something_is_declared_or_in_the_shell() {
        let need = |configuration: &str, path| {
            let config = crate::config::parse("baton.toml", configuration, &[]).unwrap();
            RoleTable::of_config(&config).need_in(path, "tx.commit()")
        };
        assert_eq!(need("version = 1", "src/util.rs"), Need::Outline, "nobody asks");
        assert_eq!(need("version = 1", "src/infrastructure/db.rs"), Need::Bodies);
        let folder = "version = 1\n[[folder]]\npath = \"src/db\"\ntransaction = \"owner\"";
        assert_eq!(need(folder, "src/util.rs"), Need::Bodies);
        let role = "version = 1\n[[role]]\nname = \"core\"\npaths = [\"src/core\"]";
        assert_eq!(need(role, "src/util.rs"), Need::Bodies);
    }

    #[test]
    fn folders_say_their_role_and_the_nearest_strong_one_wins() {
        let role = |path| infer(path).map(|(kind, folder)| format!("{} from {folder}", kind.name()));
        let says = |path, expected: &str| assert_eq!(role(path).as_deref(), Some(expected), "{path}");
        says("src/domain/price.rs", "core from src/domain");
        says("crates/use-cases/src/lib.rs", "orchestrator from crates/use-cases");
        says("src/services/book.rs", "orchestrator from src/services");
        says("src/domain/services/price.rs", "core from src/domain");
        says("src/core/workflows/checkout.rs", "core from src/core");
        says("src/shell/orchestrators/checkout.rs", "orchestrator from src/shell/orchestrators");
        says("src/infrastructure/services/mail.rs", "shell from src/infrastructure");
        says("src/infrastructure/domain/user.rs", "shell from src/infrastructure");
        says("src/domain/user/infrastructure/db.rs", "shell from src/domain/user/infrastructure");
        says("application/src/domain/user.rs", "core from application/src/domain");
        says("domain/src/services/price.rs", "core from domain");
        assert_eq!(role("services/venues/src/main.rs"), None, "a folder of programs");
        says("src/domain.rs", "core from src/domain.rs");
        assert_eq!(role("src/ports/outbound/mail.rs"), None, "ports are interfaces");
        assert_eq!(role("services/venues/build.rs"), None, "a build script");
        assert_eq!(role("src/config/workflow.rs"), None, "the data of a workflow");
        says("src/config/workflow/run.rs", "orchestrator from src/config/workflow");
        assert_eq!(role("src/score/lib.rs"), None, "a whole name, not a part of one");
    }
}
