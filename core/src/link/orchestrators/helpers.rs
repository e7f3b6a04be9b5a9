//! What helps an orchestrator: functions and methods that its code calls and that count as its own.

use super::super::Project;
use super::super::names::{ItemRef, Space, Target};
use super::super::roles::RoleKind;
use super::super::tree::ModuleId;
use super::nature::{Nature, Natures};
use super::{FunctionRef, Orchestrator};
use crate::facts::body::{Body, Expr};
use crate::facts::types::last_segment;
use crate::facts::{Function, ImplItem, ItemKind, Type, TypeKind, Visibility};
use crate::types::{Callee, Types};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::ops::Range;

/// The code of some of all orchestrators, with what helps each.
pub(super) fn all_code(natures: &mut Natures<'_>, all: &[Orchestrator], some: Range<usize>) -> Vec<Vec<FunctionRef>> {
    let orchestrators = all.iter().map(|one| one.item).collect();
    let mut helpers = Helpers { project: natures.project, types: None, methods: FxHashMap::default(), orchestrators };
    let some = all.get(some).unwrap_or_default();
    let code = some.iter().map(|one| {
        let mut code = one.code.clone();
        helpers.add(natures, one.item.module, &mut code);
        code
    });
    code.collect()
}

struct Helpers<'p> {
    project: &'p Project,
    /// Made for the first body that calls what is named like a method that helps: most call none.
    types: Option<Types<'p>>,
    methods: FxHashMap<ModuleId, Methods>,
    orchestrators: FxHashSet<ItemRef>,
}

/// The methods that a module gives to types without behaviour.
#[derive(Default)]
struct Methods {
    names: FxHashSet<SmolStr>,
    functions: FxHashSet<FunctionRef>,
}

impl<'p> Helpers<'p> {
    /// Adds the functions that the code calls, directly or through each other: the private ones of the module,
    /// and where the module's role is to coordinate all that receive nothing, also those of modules inside and
    /// the methods that the module gives to other types.
    fn add(&mut self, natures: &mut Natures<'p>, module: ModuleId, code: &mut Vec<FunctionRef>) {
        let coordinates = self.project.module(module).has_role(RoleKind::Orchestrator);
        if coordinates && !self.methods.contains_key(&module) {
            let methods = self.methods_of(natures, module);
            self.methods.insert(module, methods);
        }
        let mut known: FxHashSet<FunctionRef> = code.iter().copied().collect();
        let mut next = 0;
        while next < code.len() {
            let at = code[next];
            next += 1;
            let called = self.free(at, module, coordinates).into_iter().chain(self.methods_called(at, module));
            code.extend(called.filter(|helper| known.insert(*helper)));
        }
    }

    fn body(&self, function: FunctionRef) -> Option<&'p Body> {
        self.project.function(function)?.body.as_ref()
    }

    /// The free functions that a function names and that help.
    fn free(&self, at: FunctionRef, module: ModuleId, coordinates: bool) -> Vec<FunctionRef> {
        let project = self.project;
        let named = self.body(at).into_iter().flat_map(Body::nodes).filter_map(|(_, node)| {
            let Expr::Path(path) = &node.expr else { return None };
            if !starts_like_function(path) {
                return None;
            }
            let target = project.names().resolve_at(at.item.module, path, Space::Values, node.span).target;
            let Target::Item(item) = target else { return None };
            let ItemKind::Function(function) = &project.item(item).kind else { return None };
            let private = function.visibility == Visibility::Private && item.module == module;
            let own = coordinates && is_inside(project, item.module, module) && !receives(function);
            ((private || own) && !function.test).then_some(FunctionRef { item, index: 0 })
        });
        named.collect()
    }

    /// The methods of other types that a function calls and that help. A name alone says little, `push`
    /// and `from` are those of many types: the type of the receiver has to be known.
    fn methods_called(&mut self, at: FunctionRef, module: ModuleId) -> Vec<FunctionRef> {
        let (Some(body), Some(methods)) = (self.body(at), self.methods.get(&module)) else { return Vec::new() };
        let is_path = |expr: &Expr| matches!(expr, Expr::Path(path) if methods.names.contains(last_segment(path)));
        let is_named = |expr: &Expr| match expr {
            Expr::Call(callee, _) => is_path(body.expr(*callee)),
            Expr::MethodCall(_, name, _) => methods.names.contains(name),
            expr => is_path(expr),
        };
        let calls: Vec<_> = body.nodes().filter(|(_, node)| is_named(&node.expr)).map(|(id, _)| id).collect();
        if calls.is_empty() {
            return Vec::new();
        }
        let types = self.types.get_or_insert_with(|| Types::new(self.project)).of_body(at);
        let called = calls.into_iter().filter_map(|id| match types.callee(id) {
            Some(Callee::Function(function)) if methods.functions.contains(function) => Some(*function),
            _ => None,
        });
        called.collect()
    }

    /// The methods that a module gives to types that have no behaviour themselves: those of a type that
    /// holds data, and those of a trait of its own for a type of the core.
    fn methods_of(&self, natures: &mut Natures<'_>, module: ModuleId) -> Methods {
        let mut methods = Methods::default();
        for (index, item) in self.project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
            let ItemKind::Impl(block) = &item.kind else { continue };
            if block.functions.is_empty() || !self.is_for_data(natures, module, block) {
                continue;
            }
            let at = ItemRef { module, index: index as u32 };
            let functions = block.functions.iter().enumerate();
            for (number, function) in
                functions.filter(|(_, function)| !function.test && !function.is_async && !receives(function))
            {
                methods.names.insert(function.name.clone());
                methods.functions.insert(FunctionRef { item: at, index: number as u32 });
            }
        }
        methods
    }

    /// Whether a block gives steps to a type that neither is an orchestrator nor has behaviour.
    fn is_for_data(&self, natures: &mut Natures<'_>, module: ModuleId, block: &ImplItem) -> bool {
        let given = block.of_trait.as_ref().is_some_and(|path| GIVEN.contains(&path.last()));
        let named = block.self_type.path().map(|path| self.project.names().type_item(module, &path.path));
        let Some(Target::Item(item)) = named.filter(|_| !given) else { return false };
        let holds_data = match &self.project.item(item).kind {
            ItemKind::Struct(fields) => natures.collaborators_of(item, fields).is_empty(),
            ItemKind::Enum(_) => natures.of_declaration(item) == Nature::Value,
            _ => false,
        };
        holds_data && !self.orchestrators.contains(&item) && !natures.ports_of(item).any(|port| natures.is_port(port))
    }
}

/// Traits whose functions say how a thing is shown, made empty or ended. They are no steps of whoever uses
/// the thing, also where they are called by name.
const GIVEN: &[&str] = &["Debug", "Default", "Deserialize", "Display", "Drop", "Error", "Serialize"];

/// Whether a module is another one or stands inside of it.
fn is_inside(project: &Project, module: ModuleId, outer: ModuleId) -> bool {
    std::iter::successors(Some(module), |at| project.module(*at).parent).any(|at| at == outer)
}

/// Whether a function takes behaviour, and so may be an orchestrator by itself.
fn receives(function: &Function) -> bool {
    fn is_behaviour(ty: &Type) -> bool {
        match &ty.kind {
            TypeKind::Dyn(_) | TypeKind::Impl(_) | TypeKind::Function(..) => true,
            TypeKind::Reference(inner) => is_behaviour(inner),
            TypeKind::Path(path) => path.arguments.iter().any(is_behaviour),
            _ => false,
        }
    }
    !function.generics.parameters.is_empty() || function.parameters.iter().any(|parameter| is_behaviour(&parameter.ty))
}

fn starts_like_function(path: &str) -> bool {
    path != "self" && last_segment(path).starts_with(|first: char| first.is_lowercase() || first == '_')
}
