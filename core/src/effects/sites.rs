//! The places where code touches the world, or calls code that may.
//!
//! What paths name is known from names alone; what methods, `Self::` and names without a path mean,
//! the types of the body tell. They cost more, so they are asked only of functions in which a word may
//! matter, and of code without a role that the core was found to call.

use super::cells::changing;
use super::is_passable;
use super::table::{self, Effect, Effects};
use crate::facts::body::{Body, Expr, ExprId};
use crate::facts::{Function, ImportKind, Item, ItemKind, PathKind, PathUse};
use crate::link::{FunctionRef, ItemRef, ModuleId, Project, Space, Target};
use crate::source::Span;
use crate::types::{Callee, Types};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeMap;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Does {
    /// It touches the world.
    Effect(Effect),
    /// It uses a function, static, constant or macro that has no role; of what is no function the
    /// number is 0.
    Uses(FunctionRef),
}

/// A place that matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// Where.
    pub span: Span,
    /// What stands there.
    pub does: Does,
}

/// Finds the places. Answers are remembered, so ask one and the same.
#[derive(Debug)]
pub struct Sites<'p> {
    project: &'p Project,
    effects: &'p Effects,
    types: Types<'p>,
    /// The names of the methods of code without a role of which the bodies are known.
    methods: FxHashSet<&'p str>,
    /// What lone names mean in a module.
    lone: FxHashMap<(ModuleId, SmolStr, PathKind), Option<Does>>,
}

/// Places by where they begin: what a path and the types of the body say of the same is one.
#[derive(Default)]
struct Found(BTreeMap<u32, Site>);

impl Found {
    fn add(&mut self, span: Span, does: Does) {
        self.0.entry(span.start).or_insert(Site { span, does });
    }
}

impl<'p> Sites<'p> {
    /// Looks for what `effects` says.
    pub fn new(project: &'p Project, effects: &'p Effects) -> Self {
        let types = Types::new(project);
        Self { project, effects, types, methods: methods(project), lone: FxHashMap::default() }
    }

    /// What all code of a module does, outside of test code.
    pub fn of_module(&mut self, module: ModuleId) -> Vec<Site> {
        let project = self.project;
        let scope = project.scope(module);
        let mut found = self.of_paths(module, &scope.paths);
        let is_crate_of_effects = self.names_effects(module);
        for (index, item) in scope.items.iter().enumerate().filter(|(_, item)| !item.test) {
            let at = ItemRef { module, index: index as u32 };
            self.add_own(at, item, &mut found);
            let lone = self.lone_names(module, item);
            for (number, function) in item.kind.functions().enumerate().filter(|(_, function)| !function.test) {
                let Some(body) = &function.body else { continue };
                if is_crate_of_effects || self.may_matter(body, &lone) {
                    self.add_body(FunctionRef { item: at, index: number as u32 }, body, &mut found);
                }
            }
        }
        sites(found)
    }

    /// What a function without a role does, or a static, constant or macro.
    pub fn of_node(&mut self, node: FunctionRef) -> Vec<Site> {
        let project = self.project;
        let item = project.item(node.item);
        let paths = item.paths.start as usize..item.paths.end as usize;
        let paths = project.scope(node.item.module).paths.get(paths).unwrap_or_default();
        let mut found = match (project.function(node), &item.kind) {
            (Some(function), _) => {
                let inside: Vec<PathUse> =
                    paths.iter().filter(|used| function.span.contains(used.span)).cloned().collect();
                let mut found = self.of_paths(node.item.module, &inside);
                if let Some(body) = &function.body {
                    self.add_body(node, body, &mut found);
                }
                found
            }
            (None, ItemKind::MacroRules(rules)) => self.of_paths(node.item.module, &rules.paths),
            _ => self.of_paths(node.item.module, paths),
        };
        self.add_own(node.item, item, &mut found);
        sites(found)
    }

    fn of_paths(&mut self, module: ModuleId, paths: &[PathUse]) -> Found {
        let mut found = Found::default();
        for used in paths.iter().filter(|used| !used.test) {
            if let Some(does) = self.of_path(module, used) {
                found.add(used.span, does);
            }
        }
        found
    }

    /// What an item does by being what it is: a static that can change, a function of an `extern` block.
    fn add_own(&self, at: ItemRef, item: &Item, found: &mut Found) {
        let effect = match &item.kind {
            ItemKind::Static(_) => self.shared_state(at).and_then(|what| self.effects.state(what)),
            ItemKind::Function(function) if is_foreign(self.project, at, function) => {
                self.effects.foreign(format_smolstr!("extern fn {}", function.name))
            }
            _ => None,
        };
        if let Some(effect) = effect {
            found.add(item.name_span, Does::Effect(effect));
        }
    }

    /// How a static can change, if it can.
    fn shared_state(&self, at: ItemRef) -> Option<SmolStr> {
        let ItemKind::Static(declared) = &self.project.item(at).kind else { return None };
        if declared.mutable {
            return Some("static mut".into());
        }
        changing(self.project, at.module, &declared.ty).map(|cell| format_smolstr!("static {}", cell.name))
    }

    fn of_path(&mut self, module: ModuleId, used: &PathUse) -> Option<Does> {
        let counts = match used.kind {
            PathKind::Expression | PathKind::Macro | PathKind::MacroArgument => true,
            PathKind::Attribute => used.path.contains("::"),
            _ => false,
        };
        if !counts || (!used.path.contains("::") && used.kind != PathKind::Macro) {
            return None;
        }
        self.meaning(module, &used.path, used.kind, used.span)
    }

    /// What a path does that is called or passed on.
    fn meaning(&self, module: ModuleId, path: &SmolStr, kind: PathKind, place: Span) -> Option<Does> {
        let names = self.project.names();
        if kind == PathKind::Macro
            && let Some(item) = names.macro_item(module, path, place)
        {
            return self.uses(FunctionRef { item, index: 0 });
        }
        let space = if kind == PathKind::Macro { Space::Macros } else { Space::Values };
        let resolved = names.resolve_at(module, path, space, place);
        match resolved.target {
            Target::Outside(package, path) => self.of_outside(&package, &path),
            Target::Item(item) => self.of_item(item, resolved.member.as_deref()),
            Target::Module(_) => None,
            Target::Unknown if kind == PathKind::Macro && !path.contains("::") => {
                self.effects.of_macro(path).or_else(|| self.of_glob(module, path)).map(Does::Effect)
            }
            Target::Unknown => self.of_glob(module, path).map(Does::Effect),
        }
    }

    fn of_item(&self, item: ItemRef, member: Option<&str>) -> Option<Does> {
        match (&self.project.item(item).kind, member) {
            (ItemKind::Function(_) | ItemKind::Static(_) | ItemKind::Constant(_), None) => {
                self.uses(FunctionRef { item, index: 0 })
            }
            (ItemKind::Alias(alias), Some(member)) => {
                let path = &alias.ty.path()?.path;
                match self.project.names().type_item(item.module, path) {
                    Target::Outside(package, path) => self.of_outside(&package, &format_smolstr!("{path}::{member}")),
                    Target::Item(meant) if meant != item => self.associated(meant, member),
                    _ => None,
                }
            }
            (ItemKind::Struct(_) | ItemKind::Enum(_), Some(member)) => self.associated(item, member),
            _ => None,
        }
    }

    /// What something of an outside package does. A package that counts as shell is a matter of
    /// dependencies, whatever it does.
    fn of_outside(&self, package: &SmolStr, path: &SmolStr) -> Option<Does> {
        let role = self.project.target_role(&Target::Outside(package.clone(), path.clone()));
        let effect = self.effects.of(package, path)?;
        (!role.is_some_and(|role| role.kind.is_outer())).then_some(Does::Effect(effect))
    }

    /// The function `Type::name`.
    fn associated(&self, of: ItemRef, name: &str) -> Option<Does> {
        self.project.impls(of).find_map(|(item, block)| {
            let index = block.functions.iter().position(|function| function.name == name && !function.test)?;
            self.uses(FunctionRef { item, index: index as u32 })
        })
    }

    fn uses(&self, node: FunctionRef) -> Option<Does> {
        is_passable(self.project, node).then_some(Does::Uses(node))
    }

    /// What a name does that a glob import of an outside crate brings in.
    fn of_glob(&self, module: ModuleId, path: &str) -> Option<Effect> {
        let imports = self.project.scope(module).imports.iter().enumerate();
        let mut globs = imports.filter(|(_, import)| import.kind == ImportKind::Glob && !import.test);
        globs.find_map(|(index, _)| match self.project.names().import(module, index).target {
            Target::Outside(package, _) => self.effects.of_glob(&package, path),
            _ => None,
        })
    }

    /// The lone names in an item that matter: imported functions, and macros.
    fn lone_names(&mut self, module: ModuleId, item: &'p Item) -> FxHashMap<&'p str, Does> {
        let paths = item.paths.start as usize..item.paths.end as usize;
        let used = self.project.scope(module).paths.get(paths).unwrap_or_default();
        let lone = used.iter().filter(|used| !used.test && !used.path.contains("::"));
        let mut names = FxHashMap::default();
        for used in lone.filter(|used| matches!(used.kind, PathKind::Expression | PathKind::Macro)) {
            let key = (module, used.path.clone(), used.kind);
            if !self.lone.contains_key(&key) {
                let does = self.meaning(module, &used.path, used.kind, used.span);
                self.lone.insert(key.clone(), does);
            }
            let does = self.lone.get(&key).cloned().flatten();
            names.extend(does.map(|does| (used.path.as_str(), does)));
        }
        names
    }

    /// Whether a module names a crate of which nearly everything touches the world: its values have
    /// methods of any name.
    fn names_effects(&self, module: ModuleId) -> bool {
        let edges = self.project.edges_in(self.project.module(module).file);
        edges.iter().filter(|edge| edge.from == module && !edge.test).any(|edge| match &edge.to {
            Target::Outside(package, _) => table::is_of_effects(package),
            _ => false,
        })
    }

    /// Whether the types of a body may say more than its paths.
    fn may_matter(&self, body: &Body, lone: &FxHashMap<&str, Does>) -> bool {
        body.nodes().any(|(_, node)| match &node.expr {
            Expr::MethodCall(_, name, _) => table::is_method(name) || self.methods.contains(name.as_str()),
            Expr::Path(path) | Expr::Macro(path, _) | Expr::OpaqueMacro(path) => lone.contains_key(path.as_str()),
            _ => false,
        })
    }

    /// Adds what the types of a body tell.
    fn add_body(&mut self, function: FunctionRef, body: &Body, found: &mut Found) {
        let module = function.item.module;
        let known = self.types.of_body(function);
        for (id, node) in body.nodes() {
            let (at, callee) = match &node.expr {
                Expr::Call(callee, _) => (*callee, known.callee(id)),
                Expr::MethodCall(..) | Expr::Path(_) => (id, known.callee(id)),
                Expr::Macro(path, _) | Expr::OpaqueMacro(path) => {
                    if let Some(does) = self.meaning(module, path, PathKind::Macro, node.span) {
                        found.add(Span::new(node.span.start, node.span.start + path.len() as u32), does);
                    }
                    continue;
                }
                _ => continue,
            };
            let does = match callee {
                Some(Callee::Outside(package, path)) => self.of_outside(package, path),
                Some(Callee::Function(called)) => self.uses(*called),
                Some(Callee::Unknown) => self.of_unknown(module, body, at),
                _ => None,
            };
            if let Some(does) = does {
                found.add(place_of(body, at), does);
            }
        }
        self.add_statics(module, body, found);
    }

    /// A name without a path that nothing declares may be one that a glob brings in.
    fn of_unknown(&self, module: ModuleId, body: &Body, at: ExprId) -> Option<Does> {
        match body.expr(at) {
            Expr::Path(path) if !path.contains("::") => self.of_glob(module, path).map(Does::Effect),
            _ => None,
        }
    }

    /// Adds the statics that a body names without a path: they are values, and nothing calls them.
    fn add_statics(&self, module: ModuleId, body: &Body, found: &mut Found) {
        for (_, node) in body.nodes() {
            let Expr::Path(path) = &node.expr else { continue };
            if path.contains("::") || !path.starts_with(|first: char| first.is_uppercase()) {
                continue;
            }
            if let Target::Item(item) = self.project.names().resolve_at(module, path, Space::Values, node.span).target
                && matches!(self.project.item(item).kind, ItemKind::Static(_))
                && let Some(does) = self.uses(FunctionRef { item, index: 0 })
            {
                found.add(node.span, does);
            }
        }
    }
}

/// Whether an item of code without a role may touch the world, as far as names and words tell.
pub(crate) fn may_touch(project: &Project, at: ItemRef, text: &str, effects: &Effects) -> bool {
    let item = project.item(at);
    if let ItemKind::Static(declared) = &item.kind
        && (declared.mutable || changing(project, at.module, &declared.ty).is_some())
    {
        return true;
    }
    let names = |target: &Target| match target {
        Target::Outside(package, path) => effects.of(package, path).is_some() || table::is_of_effects(package),
        _ => false,
    };
    table::is_mentioned(text) || project.uses(at).iter().any(|used| names(&used.to))
}

/// Whether a free function stands in an `extern` block: it is the only one without a body.
fn is_foreign(project: &Project, at: ItemRef, function: &Function) -> bool {
    let file = project.file(project.module(at.module).file);
    function.body.is_none() && !function.test && file.facts().is_some_and(|facts| facts.bodies)
}

/// Where a call is shown: at the path, or at the name of the method.
fn place_of(body: &Body, at: ExprId) -> Span {
    let node = body.node(at);
    match &node.expr {
        // The receiver has a place of its own.
        Expr::MethodCall(receiver, ..) => {
            Span::new((body.node(*receiver).span.end + 1).min(node.span.end), node.span.end)
        }
        _ => node.span,
    }
}

fn sites(found: Found) -> Vec<Site> {
    found.0.into_values().collect()
}

/// The names of the methods of code without a role of which the bodies are known.
fn methods(project: &Project) -> FxHashSet<&str> {
    let neutral = project.modules().filter(|(_, module)| module.is_neutral());
    let read = neutral.filter(|(_, module)| project.file(module.file).facts().is_some_and(|facts| facts.bodies));
    let items = read.flat_map(|(id, _)| &project.scope(id).items).filter(|item| !item.test);
    items.flat_map(|item| item.kind.functions()).map(|function| function.name.as_str()).collect()
}
