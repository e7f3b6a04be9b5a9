//! What code does with the runs of the runtime crate: which functions work in a run, which calls in them are
//! operations of it, and which parts of those are recorded.
//!
//! The body of an orchestrator runs again from its beginning whenever a run is resumed. What an operation records is
//! handed back then, and everything else is done again. So the two have to be told apart: what is inside of a step may
//! touch the world, and what is outside has to come out the same.

use crate::facts::body::{Body, Expr, ExprId, PatternKind};
use crate::facts::types::last_segment;
use crate::facts::{ImportKind, Type};
use crate::link::{FunctionRef, ItemRef, ModuleId, Project, Target};
use crate::source::Span;
use crate::types::{BodyTypes, Ty, Types};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The crate, as code spells it.
const RUNTIME: &str = "baton_runtime";
/// The type that a body works through.
const CONTEXT: &str = "RunContext";
/// The trait of those that have runs.
const ORCHESTRATOR: &str = "Orchestrator";

/// The methods that take what is recorded, at the end of an operation or on the way there.
const RECORDING: [&str; 4] = ["run", "compensate", "value", "note"];
/// The methods of a context that take a name.
const NAMED: [&str; 4] = ["step", "value", "note", "decision"];
/// The methods that do nothing until what they return is awaited.
const AWAITED: [&str; 8] = ["run", "now", "uuid", "value", "note", "sleep", "decision", "child"];

/// Whether a text may hold code that works in a run.
pub(crate) fn are_mentioned(text: &str) -> bool {
    text.contains(CONTEXT)
}

/// One use of a context: a method of it, and those that are called on what that returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The calls, the one on the context first.
    pub calls: Vec<ExprId>,
    /// Their names.
    pub names: Vec<SmolStr>,
    /// The name that is recorded, if it has one.
    pub name: Option<ExprId>,
    /// What is recorded: the parts that are not done again.
    pub recorded: Vec<Span>,
    /// Whether it does nothing until it is awaited.
    pub is_future: bool,
}

/// The functions outside of test code that work in a run: those that are given its context, in the order of modules.
/// The runtime's own are left out.
pub fn functions(project: &Project, types: &mut Types<'_>) -> Vec<FunctionRef> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (module, _) in project.modules().filter(|(_, module)| !module.test) {
        if is_runtime(&project.krate(project.module(module).krate).package) {
            continue;
        }
        let names = names_of_context(project, module);
        for (index, item) in project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
            let item_ref = ItemRef { module, index: index as u32 };
            for (number, function) in item.kind.functions().enumerate().filter(|(_, function)| !function.test) {
                let reference = FunctionRef { item: item_ref, index: number as u32 };
                let mut given = (0..).zip(&function.parameters).filter(|(_, one)| may_be_context(&one.ty, &names));
                let is_given = given.any(|(at, _)| is_context(project, &types.parameter(reference, at)));
                if is_given && seen.insert(project.place(module, function.name_span)) {
                    found.push(reference);
                }
            }
        }
    }
    found
}

/// How a module calls the context.
fn names_of_context(project: &Project, module: ModuleId) -> Vec<SmolStr> {
    let imports = project.scope(module).imports.iter().filter(|import| import.kind != ImportKind::Glob);
    let renamed = imports.filter(|import| last_segment(&import.path) == CONTEXT).filter_map(|one| one.name.clone());
    renamed.chain([SmolStr::new_static(CONTEXT)]).collect()
}

fn may_be_context(ty: &Type, names: &[SmolStr]) -> bool {
    ty.referent().path().is_some_and(|path| names.iter().any(|name| name == path.last()))
}

/// Whether a type is the context of a run, or a reference to one.
fn is_context(project: &Project, ty: &Ty) -> bool {
    match ty.referent() {
        Ty::Outside(outside) => is_runtime(&outside.package) && last_segment(&outside.path) == CONTEXT,
        Ty::Item(named) => named.name == CONTEXT && is_own(project, named.item),
        _ => false,
    }
}

/// Whether an item is one of the runtime, in a project that holds it.
fn is_own(project: &Project, item: ItemRef) -> bool {
    is_runtime(&project.krate(project.module(item.module).krate).package)
}

/// Whether a function is the runtime's own, in a project that holds it: what that does outside of a step is its business.
pub fn is_of_runtime(project: &Project, function: FunctionRef) -> bool {
    is_own(project, function.item)
}

fn is_runtime(package: &str) -> bool {
    package == RUNTIME || package.replace('-', "_") == RUNTIME
}

/// Whether a trait, as a module names it, is that of orchestrators whose runs are resumed.
pub(crate) fn is_orchestrator_trait(project: &Project, module: ModuleId, path: &str) -> bool {
    let may_be = |path: &str| last_segment(path) == ORCHESTRATOR;
    let renamed = || project.names().imports_of(module, path).any(|import| may_be(&import.path));
    if !may_be(path) && !renamed() {
        return false;
    }
    match project.names().type_item(module, path) {
        Target::Outside(package, path) => is_runtime(&package) && may_be(&path),
        Target::Item(item) => may_be(&project.item(item).name) && is_own(project, item),
        _ => false,
    }
}

/// The variables, fields and parameters in a body that are a context.
pub fn contexts(project: &Project, body: &Body, types: &BodyTypes) -> Vec<ExprId> {
    let is_name = |expr: &Expr| matches!(expr, Expr::Path(_) | Expr::Field(..));
    let named = body.nodes().filter(|(_, node)| is_name(&node.expr));
    named.filter(|(id, _)| is_context(project, types.ty(*id))).map(|(id, _)| id).collect()
}

/// The uses of contexts in a body, in the order of the text. A step that is kept in a variable first is
/// one use with what is called on that.
pub fn operations(project: &Project, body: &Body, types: &BodyTypes) -> Vec<Operation> {
    let mut found = Vec::new();
    for (id, node) in body.nodes() {
        if let Expr::MethodCall(receiver, ..) = node.expr
            && is_context(project, types.ty(receiver))
        {
            found.push(operation(body, id));
        }
    }
    found
}

/// The operation that begins with a call on a context.
fn operation(body: &Body, first: ExprId) -> Operation {
    let mut operation =
        Operation { calls: Vec::new(), names: Vec::new(), name: None, recorded: Vec::new(), is_future: false };
    let mut next = Some(first);
    while let Some(call) = next {
        let Expr::MethodCall(_, name, arguments) = body.expr(call) else { break };
        let skipped = usize::from(NAMED.contains(&name.as_str()) && operation.calls.is_empty());
        if skipped > 0 {
            operation.name = arguments.first().copied();
        }
        if RECORDING.contains(&name.as_str()) {
            operation.recorded.extend(arguments.iter().skip(skipped).map(|argument| body.node(*argument).span));
        }
        operation.is_future = AWAITED.contains(&name.as_str());
        operation.calls.push(call);
        operation.names.push(name.clone());
        next = called_on(body, call).or_else(|| called_on_variable(body, call));
    }
    operation
}

/// The method call on what an expression returns.
fn called_on(body: &Body, value: ExprId) -> Option<ExprId> {
    let mut calls = body.nodes().skip(value.index() + 1);
    calls.find(|(_, node)| matches!(node.expr, Expr::MethodCall(receiver, ..) if receiver == value)).map(|(id, _)| id)
}

/// The method call on the variable that holds what an expression returns.
fn called_on_variable(body: &Body, value: ExprId) -> Option<ExprId> {
    let mut rest = body.nodes().skip(value.index() + 1);
    let variable = rest.find_map(|(_, node)| match &node.expr {
        Expr::Let(pattern, Some(bound), _) if *bound == value => match &body.pattern(*pattern).kind {
            PatternKind::Binding(name, None) => Some(name),
            _ => None,
        },
        _ => None,
    })?;
    let is_variable = |id: ExprId| matches!(body.expr(id), Expr::Path(name) if name == variable);
    rest.find(|(_, node)| matches!(node.expr, Expr::MethodCall(receiver, ..) if is_variable(receiver)))
        .map(|(id, _)| id)
}

impl Operation {
    /// The call that is made last.
    pub fn last(&self) -> Option<ExprId> {
        self.calls.last().copied()
    }

    /// Whether one of the calls has a name.
    pub fn calls(&self, name: &str) -> bool {
        self.names.iter().any(|called| called == name)
    }
}
