//! The module trees: which file is which module of which crate.
//!
//! Follows the reference, "Modules" and "The path attribute": a file's children lie beside it if
//! it is a crate root, a `mod.rs` or was named by `#[path]`, else in the folder of its stem.

use super::edge::both;
use super::roles::{Role, RoleKind};
use super::{Content, File};
use crate::config::Pattern;
use crate::facts::types::last_segment;
use crate::facts::{FileFacts, Include, Item, ItemKind, ModuleItem, ScopeId};
use crate::manifest::{DependencyKind, Edition, Package, TargetKind, Workspace};
use crate::source::{FileId, Place};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

/// How many parts an included file is where other included files include it: each of them may do so twice, and then
/// their number doubles with each file. Any of the parts is judged by the same text.
const MOST_NESTED_PARTS: usize = 16;

/// The number of a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrateId(pub u32);

/// The number of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

/// One target of a package.
#[derive(Debug)]
pub struct Crate {
    /// Its name in code.
    pub name: String,
    /// The package it belongs to.
    pub package: String,
    /// The folder of its package.
    pub dir: String,
    /// What cargo makes of it.
    pub kind: TargetKind,
    /// The edition its paths follow.
    pub edition: Edition,
    /// Its root module.
    pub root: ModuleId,
    /// The crates that its code can name.
    pub externs: FxHashMap<SmolStr, ExternCrate>,
    /// The crates of this project that its code uses when nobody tests it, sorted.
    pub siblings: Vec<CrateId>,
}

/// What the name of a crate stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternCrate {
    /// A crate of this project.
    Sibling(CrateId),
    /// A package from outside, by its real name.
    Outside(SmolStr),
}

/// A module.
#[derive(Debug)]
pub struct Module {
    /// Its name; the crate's for a root.
    pub name: SmolStr,
    /// Its path in the crate, `domain::book`; empty for the root.
    pub path: String,
    /// The crate.
    pub krate: CrateId,
    /// The module that declares it.
    pub parent: Option<ModuleId>,
    /// The module that includes its file, which it is a part of then: it sees the names there, and they see its own.
    pub included_in: Option<ModuleId>,
    /// The file that holds its contents.
    pub file: FileId,
    /// Which part of the file.
    pub scope: ScopeId,
    /// Its role.
    pub role: Option<Role>,
    /// Whether it is test code.
    pub test: bool,
    /// Under which `cfg` it exists, those of the modules around it included; empty if under any.
    pub cfg: SmolStr,
    /// The modules it declares, in source order; one name may come several times, under different `cfg`s.
    pub children: Vec<(SmolStr, ModuleId)>,
}

impl Module {
    /// The kind of its role.
    pub fn role_kind(&self) -> Option<RoleKind> {
        self.role.map(|role| role.kind)
    }

    /// Whether its role is of that kind.
    pub fn has_role(&self, kind: RoleKind) -> bool {
        self.role_kind() == Some(kind)
    }

    /// Whether it is core code that is judged.
    pub fn is_core(&self) -> bool {
        !self.test && self.has_role(RoleKind::Core)
    }

    /// Whether it is code that is judged and that no built-in role claims.
    pub fn is_neutral(&self) -> bool {
        !self.test && self.role_kind().is_none_or(|kind| kind == RoleKind::Other)
    }

    /// Whether the core must not know it.
    pub fn is_outer(&self) -> bool {
        self.role_kind().is_some_and(RoleKind::is_outer)
    }
}

/// A module declaration that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFault {
    /// The declaration.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

pub(super) struct Tree {
    pub(super) crates: Vec<Crate>,
    pub(super) modules: Vec<Module>,
    pub(super) faults: Vec<TreeFault>,
}

/// Builds the trees of all targets, and marks which files they reach.
pub(super) fn build(files: &mut [File], workspace: &Workspace, exclude: &[Pattern]) -> Tree {
    let by_path = files.iter().enumerate().map(|(number, file)| (file.path.clone(), FileId(number as u32))).collect();
    mark_packaged(files, workspace);
    let declaring = declaring_macros(files);
    let mut builder = Builder {
        by_path,
        exclude,
        declaring,
        files,
        crates: Vec::new(),
        modules: Vec::new(),
        includes: Vec::new(),
        faults: Vec::new(),
    };
    for package in &workspace.packages {
        for target in &package.targets {
            builder.target(package, target);
        }
    }
    builder.include();
    let Builder { mut crates, modules, faults, files, .. } = builder;
    name_externs(&mut crates, workspace);
    for file in files.iter_mut().filter(|file| !file.linked) {
        file.test = is_test_path(&file.path) || file.facts().is_some_and(|facts| facts.test);
    }
    Tree { crates, modules, faults }
}

/// A file belongs to the package with the longest folder that holds it.
fn mark_packaged(files: &mut [File], workspace: &Workspace) {
    for file in files {
        file.packaged = workspace.packages.iter().any(|package| is_inside(&file.path, &package.dir));
    }
}

fn is_inside(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a path lies in one of the folders that cargo keeps for tests.
pub(super) fn is_test_path(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "benches" | "examples"))
}

struct Builder<'a> {
    by_path: FxHashMap<String, FileId>,
    exclude: &'a [Pattern],
    /// The names of macros that declare modules.
    declaring: FxHashSet<SmolStr>,
    files: &'a mut [File],
    crates: Vec<Crate>,
    modules: Vec<Module>,
    /// The included files, each with the module that includes it.
    includes: Vec<Inclusion>,
    faults: Vec<TreeFault>,
}

/// An `include!` of a file that was read.
struct Inclusion {
    module: ModuleId,
    file: FileId,
    test: bool,
    cfg: SmolStr,
    home: Home,
}

/// Where a module's children are looked for.
#[derive(Clone, Default)]
struct Home {
    /// The folder of files for `mod name;`.
    dir: String,
    /// The folder that a `#[path]` is relative to.
    path_base: String,
    /// Which files are open, outermost first: a module that names one of them would never end.
    open: Vec<FileId>,
}

impl Builder<'_> {
    fn target(&mut self, package: &Package, target: &crate::manifest::Target) {
        let Some(&file) = self.by_path.get(&target.root) else { return };
        let krate = CrateId(self.crates.len() as u32);
        let test = matches!(target.kind, TargetKind::Test | TargetKind::Bench | TargetKind::Example);
        self.crates.push(Crate {
            name: target.name.clone(),
            package: package.name.clone(),
            dir: package.dir.clone(),
            kind: target.kind,
            edition: package.edition,
            root: ModuleId(self.modules.len() as u32),
            externs: FxHashMap::default(),
            siblings: Vec::new(),
        });
        let dir = parent_dir(&target.root).to_owned();
        let home = Home { path_base: dir.clone(), dir, open: vec![file] };
        let name = target.name.as_str().into();
        let seed = Seed { name, path: String::new(), parent: None, included_in: None, test, cfg: SmolStr::default() };
        self.module(krate, seed, file, ScopeId::ROOT, &home);
    }

    /// Adds a module and everything below it.
    fn module(&mut self, krate: CrateId, seed: Seed, file: FileId, scope: ScopeId, home: &Home) -> ModuleId {
        let id = ModuleId(self.modules.len() as u32);
        let whole_file = scope == ScopeId::ROOT;
        let entry = &mut self.files[file.0 as usize];
        let test = seed.test || (whole_file && entry.facts().is_some_and(|facts| facts.test));
        if whole_file {
            // A file that several targets use is test code only if all of them say so.
            entry.test = test && (entry.test || !entry.linked);
            entry.linked = true;
        }
        self.modules.push(Module {
            name: seed.name,
            path: seed.path,
            krate,
            parent: seed.parent,
            included_in: seed.included_in,
            file,
            scope,
            role: None,
            test,
            cfg: seed.cfg,
            children: Vec::new(),
        });
        for declared in self.declarations(file, scope) {
            self.declared(krate, id, test, file, home, &declared);
        }
        for (included, by_test, cfg) in included(self.files[file.0 as usize].facts(), scope) {
            let path = included_path(&self.crates[krate.0 as usize], &self.files[file.0 as usize].path, &included);
            if let Some(&file) = self.by_path.get(&path).filter(|file| !home.open.contains(file)) {
                let test = test || by_test;
                self.includes.push(Inclusion { module: id, file, test, cfg, home: home.clone() });
            }
        }
        id
    }

    /// Adds the included files to the modules that include them. One that is a module by itself is judged as that.
    /// A file is one part of a module, by whatever way it is included there: parts of parts would have no end.
    fn include(&mut self) {
        let is_module: Vec<bool> = self.files.iter().map(|file| file.linked).collect();
        let mut known = FxHashSet::default();
        let mut nested: FxHashMap<(FileId, bool), usize> = FxHashMap::default();
        // An included file may include others.
        let mut next = 0;
        while let Some(inclusion) = self.includes.get_mut(next) {
            next += 1;
            let Inclusion { module, file, test, ref cfg, ref mut home } = *inclusion;
            if is_module[file.0 as usize] {
                continue;
            }
            let outer = &self.modules[module.0 as usize];
            let cfg = both(&outer.cfg, cfg);
            if !known.insert((file, whole_module(&self.modules, module), test, cfg.clone())) {
                continue;
            }
            if is_in_part(&self.modules, module) {
                let parts = nested.entry((file, test)).or_default();
                *parts += 1;
                if *parts > MOST_NESTED_PARTS {
                    continue;
                }
            }
            let included = &self.files[file.0 as usize].path;
            // The modules of an included file lie beside it, as `expand_include` of the compiler says.
            let dir = parent_dir(included).to_owned();
            let mut home = Home { path_base: dir.clone(), dir, open: std::mem::take(&mut home.open) };
            home.open.push(file);
            let file_name = included.rsplit('/').next().unwrap_or(included);
            let name: SmolStr = file_name.strip_suffix(".rs").unwrap_or(file_name).into();
            let path = if outer.path.is_empty() { name.to_string() } else { format!("{}::{name}", outer.path) };
            let krate = outer.krate;
            let seed = Seed { name, path, parent: Some(module), included_in: Some(module), test, cfg };
            self.module(krate, seed, file, ScopeId::ROOT, &home);
        }
    }

    /// The modules that a scope declares. Copied, because files are marked while they are followed.
    fn declarations(&self, file: FileId, scope: ScopeId) -> Vec<Declared> {
        let Content::Facts(facts) = &self.files[file.0 as usize].content else { return Vec::new() };
        declarations(facts, scope, &self.declaring)
    }

    fn declared(
        &mut self,
        krate: CrateId,
        parent: ModuleId,
        test: bool,
        file: FileId,
        home: &Home,
        declared: &Declared,
    ) {
        let Module { path: parent_path, cfg, .. } = &self.modules[parent.0 as usize];
        let path = if parent_path.is_empty() {
            declared.name.to_string()
        } else {
            format!("{parent_path}::{}", declared.name)
        };
        let cfg = both(cfg, &declared.cfg);
        let test = test || declared.test;
        let seed = Seed { name: declared.name.clone(), path, parent: Some(parent), included_in: None, test, cfg };
        if let Some(scope) = declared.module.inline {
            // `#[path]` on an inline module names the folder of its children.
            let part = declared.module.paths.first().map_or(declared.name.as_str(), |named| named.path.as_str());
            let base = if declared.module.paths.is_empty() { &home.dir } else { &home.path_base };
            let dir = join(base, part);
            let home = Home { path_base: dir.clone(), dir, open: home.open.clone() };
            let child = self.module(krate, seed, file, scope, &home);
            self.modules[parent.0 as usize].children.push((declared.name.clone(), child));
            return;
        }
        let found = self.module_files(home, declared);
        if found.is_empty() {
            self.missing(file, home, declared);
        }
        for (child_file, home, test) in found {
            if home.open.contains(&child_file) {
                self.cycle(file, child_file, declared);
                continue;
            }
            let mut home = home;
            home.open.push(child_file);
            let seed = Seed { test: seed.test || test, ..seed.clone() };
            let child = self.module(krate, seed, child_file, ScopeId::ROOT, &home);
            self.modules[parent.0 as usize].children.push((declared.name.clone(), child));
        }
    }

    /// The files that `mod name;` may mean, with where their own children lie, and whether only test builds use them.
    fn module_files(&self, home: &Home, declared: &Declared) -> Vec<(FileId, Home, bool)> {
        let mut found = Vec::new();
        let mut add = |path: String, dir: String, test: bool| {
            if let Some(&file) = self.by_path.get(&path) {
                let path_base = parent_dir(&path).to_owned();
                found.push((file, Home { dir, path_base, open: home.open.clone() }, test));
            }
        };
        for named in &declared.module.paths {
            let path = join(&home.path_base, &named.path);
            let dir = parent_dir(&path).to_owned();
            add(path, dir, named.test);
        }
        if declared.module.default_path {
            let stem = join(&home.dir, &declared.name);
            add(format!("{stem}.rs"), stem.clone(), false);
            add(format!("{stem}/mod.rs"), stem, false);
        }
        found
    }

    fn missing(&mut self, file: FileId, home: &Home, declared: &Declared) {
        // Under a `cfg` the file may be made by a build, or exist on another platform only.
        if declared.conditional {
            return;
        }
        let named = declared.module.paths.iter().map(|named| join(&home.path_base, &named.path));
        let mut possible: Vec<_> = named.clone().collect();
        if declared.module.default_path {
            let stem = join(&home.dir, &declared.name);
            possible.extend([format!("{stem}.rs"), format!("{stem}/mod.rs")]);
        }
        // What the configuration excludes is not missing: nobody wants it read.
        if possible.iter().any(|path| self.exclude.iter().any(|pattern| pattern.matches(path))) {
            return;
        }
        let looked = if declared.module.default_path {
            let stem = join(&home.dir, &declared.name);
            format!("neither {stem}.rs nor {stem}/mod.rs is there")
        } else {
            format!("{} is not there", named.collect::<Vec<_>>().join(", "))
        };
        self.faults.push(TreeFault {
            place: Place::new(file, declared.span),
            message: format!("module `{}` has no file: {looked}", declared.name),
            help: "add the file or remove the declaration; a file that git ignores is not read".to_owned(),
        });
    }

    fn cycle(&mut self, file: FileId, target: FileId, declared: &Declared) {
        let path = &self.files[target.0 as usize].path;
        self.faults.push(TreeFault {
            place: Place::new(file, declared.span),
            message: format!(
                "module `{}` is {path} again, which it is part of: the module tree has no end",
                declared.name
            ),
            help: "let the `#[path]` name another file".to_owned(),
        });
    }
}

/// What is known of a module before its file is.
#[derive(Clone)]
struct Seed {
    name: SmolStr,
    path: String,
    parent: Option<ModuleId>,
    included_in: Option<ModuleId>,
    test: bool,
    cfg: SmolStr,
}

/// A `mod` item.
struct Declared {
    name: SmolStr,
    module: ModuleItem,
    span: crate::source::Span,
    test: bool,
    conditional: bool,
    cfg: SmolStr,
}

fn declarations(facts: &FileFacts, scope: ScopeId, declaring: &FxHashSet<SmolStr>) -> Vec<Declared> {
    let declared = |item: &Item, name: &SmolStr, module: ModuleItem, conditional: bool| Declared {
        name: name.clone(),
        module,
        span: item.name_span,
        test: item.test,
        cfg: item.attribute("cfg").map(|cfg| cfg.arguments.clone()).unwrap_or_default(),
        conditional,
    };
    let items = facts.scope(scope).items.iter();
    let modules = items.flat_map(|item| match &item.kind {
        ItemKind::Module(module) => {
            let conditional = item.attribute("cfg").or_else(|| item.attribute("cfg_attr")).is_some();
            vec![declared(item, &item.name, module.clone(), conditional)]
        }
        // Any of the names may be a module's: those that have a file are.
        ItemKind::MacroCall(call) if declaring.contains(last_segment(&call.path)) => {
            let module = ModuleItem { inline: None, paths: Vec::new(), default_path: true };
            call.names.iter().map(|name| declared(item, name, module.clone(), true)).collect()
        }
        _ => Vec::new(),
    });
    modules.collect()
}

/// The names of the macros whose bodies declare modules by a variable.
fn declaring_macros(files: &[File]) -> FxHashSet<SmolStr> {
    let items = files.iter().filter_map(File::facts).flat_map(|facts| &facts.scopes).flat_map(|scope| &scope.items);
    let declares = |item: &&Item| matches!(&item.kind, ItemKind::MacroRules(rules) if rules.makes.modules);
    items.filter(declares).map(|item| item.name.clone()).collect()
}

/// The files that a scope includes, whether test code does so, and under which `cfg`.
fn included(facts: Option<&FileFacts>, scope: ScopeId) -> Vec<(Include, bool, SmolStr)> {
    let items = facts.map_or(&[][..], |facts| facts.scope(scope).items.as_slice());
    let included = items.iter().filter_map(|item| match &item.kind {
        ItemKind::Include(file) => {
            let cfg = item.attribute("cfg").map(|cfg| cfg.arguments.clone()).unwrap_or_default();
            Some((file.clone(), item.test, cfg))
        }
        _ => None,
    });
    included.collect()
}

/// The module that a module is a part of, itself if none includes its file.
pub(super) fn whole_module(modules: &[Module], module: ModuleId) -> ModuleId {
    let mut whole = module;
    while let Some(outer) = modules[whole.0 as usize].included_in {
        whole = outer;
    }
    whole
}

/// Whether a module is an included file or in one.
fn is_in_part(modules: &[Module], module: ModuleId) -> bool {
    let around = std::iter::successors(Some(module), |module| modules[module.0 as usize].parent);
    around.into_iter().any(|module| modules[module.0 as usize].included_in.is_some())
}

/// The path of an included file, relative to the project root.
pub(super) fn included_path(krate: &Crate, including: &str, included: &Include) -> String {
    join(if included.from_package { &krate.dir } else { parent_dir(including) }, &included.path)
}

/// The folder of a path, empty for the project root.
fn parent_dir(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// Joins a folder and a relative path, and resolves `.` and `..`.
fn join(dir: &str, path: &str) -> String {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    let path = path.replace('\\', "/");
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Gives each crate the names of the standard library, of its dependencies and of its own library.
fn name_externs(crates: &mut [Crate], workspace: &Workspace) {
    let libraries: FxHashMap<String, (SmolStr, CrateId)> = crates
        .iter()
        .enumerate()
        .filter(|(_, krate)| matches!(krate.kind, TargetKind::Lib | TargetKind::ProcMacro))
        .map(|(number, krate)| (krate.dir.clone(), (krate.name.as_str().into(), CrateId(number as u32))))
        .collect();
    let packages: FxHashMap<&str, &Package> =
        workspace.packages.iter().map(|package| (package.dir.as_str(), package)).collect();
    for (number, krate) in crates.iter_mut().enumerate() {
        for name in ["std", "core", "alloc", "proc_macro", "test"] {
            krate.externs.insert(name.into(), ExternCrate::Outside(name.into()));
        }
        for dependency in packages.get(krate.dir.as_str()).iter().flat_map(|package| &package.dependencies) {
            let sibling = dependency.path.as_ref().and_then(|dir| libraries.get(dir));
            let meaning = match sibling {
                Some((_, id)) => {
                    krate.siblings.extend(is_built(krate.kind, dependency.kind).then_some(*id));
                    ExternCrate::Sibling(*id)
                }
                None => ExternCrate::Outside(dependency.package.as_str().into()),
            };
            krate.externs.insert(dependency.crate_name.as_str().into(), meaning);
        }
        if let Some((name, id)) = libraries.get(&krate.dir)
            && id.0 as usize != number
            && krate.kind != TargetKind::BuildScript
        {
            krate.externs.insert(name.clone(), ExternCrate::Sibling(*id));
            krate.siblings.push(*id);
        }
        krate.siblings.sort_unstable();
        krate.siblings.dedup();
    }
}

/// Whether a target is built with dependencies of that kind when nobody tests it.
const fn is_built(target: TargetKind, dependency: DependencyKind) -> bool {
    match dependency {
        DependencyKind::Normal => !matches!(target, TargetKind::BuildScript),
        DependencyKind::Build => matches!(target, TargetKind::BuildScript),
        DependencyKind::Dev => matches!(target, TargetKind::Test | TargetKind::Example | TargetKind::Bench),
    }
}
