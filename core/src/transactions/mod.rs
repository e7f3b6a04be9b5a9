//! Where code begins, commits and rolls back transactions.
//!
//! A call is one by its name and by what it is called on: a type of a database's crate, a port or
//! type of the project that is made for it, a variable that holds a transaction. Where the type is
//! not known, the file has to name a database's crate, or the call has to speak of a transaction
//! that the same function ends. A statement of SQL that is executed is known by its first words.

mod words;

pub use words::Verb;
pub(crate) use words::are_mentioned;

use crate::facts::body::{Body, Expr, ExprId, LiteralKind, PatternId, PatternKind};
use crate::facts::types::last_segment;
use crate::facts::{ItemKind, Type, TypeKind};
use crate::link::{FunctionRef, ItemRef, Project, Space, Target};
use crate::source::Span;
use crate::types::{BodyTypes, Callee, Ty, Types};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// A place that begins or ends a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What it does.
    pub verb: Verb,
    /// The call.
    pub span: Span,
    /// What is called, as people say it: `begin`, or the statement.
    pub what: String,
}

/// What a function does with transactions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What it begins and ends, in the order of the text.
    pub operations: Vec<Operation>,
    /// Calls of what the caller passed in, between the beginning and the end of a transaction that
    /// they are not given.
    pub foreign: Vec<Span>,
}

/// Whether a function is a transaction's own: `begin` of a unit of work, `with_transaction` of a
/// pool. It has to begin and end what it stands for, and who calls it does so.
pub fn is_operation(name: &str) -> bool {
    words::verb(name).is_some()
}

/// Whether a body may hold an operation: a look at the names alone, before anybody asks for types.
pub fn may_operate(body: &Body) -> bool {
    body.nodes().any(|(_, node)| match &node.expr {
        Expr::MethodCall(_, name, arguments) => {
            words::verb(name).is_some() || (words::takes_statement(name) && is_statement(body, arguments))
        }
        Expr::Call(callee, arguments) => match body.expr(*callee) {
            Expr::Path(path) => {
                let name = last_segment(path);
                words::verb(name).is_some() || (words::takes_statement(name) && is_statement(body, arguments))
            }
            _ => false,
        },
        Expr::Macro(path, arguments) => words::takes_statement(last_segment(path)) && is_statement(body, arguments),
        _ => false,
    })
}

fn is_statement(body: &Body, arguments: &[ExprId]) -> bool {
    statement(body, arguments).is_some()
}

/// What a function begins and ends; nothing where it has no body.
pub fn of_function<'p>(project: &'p Project, types: &mut Types<'p>, function: FunctionRef) -> Found {
    let Some(declared) = project.function(function) else { return Found::default() };
    let Some(body) = &declared.body else { return Found::default() };
    let mut search = Search {
        project,
        body,
        types: types.of_body(function),
        names_database: names_database(project, function),
        ends: ends(body),
        held: BTreeSet::new(),
        found: Found::default(),
    };
    search.walk();
    let parameters = declared.parameters.iter().map(|parameter| &parameter.name).filter(|name| !name.is_empty());
    search.foreign(&parameters.collect::<Vec<_>>());
    search.found
}

/// Whether the module of a function names a crate that has transactions.
fn names_database(project: &Project, function: FunctionRef) -> bool {
    let mut edges = project.edges_in(project.module(function.item.module).file).iter().filter(|edge| !edge.test);
    edges.any(|edge| matches!(&edge.to, Target::Outside(package, _) if words::is_database(package)))
}

fn ends(body: &Body) -> bool {
    body.nodes().any(|(_, node)| match &node.expr {
        Expr::MethodCall(_, name, arguments) => {
            matches!(words::verb_with(name, arguments.len()), Some(Verb::Commit | Verb::RollBack))
        }
        _ => false,
    })
}

struct Search<'p> {
    project: &'p Project,
    body: &'p Body,
    types: &'p BodyTypes,
    names_database: bool,
    /// Whether something is committed or rolled back, whatever that may be.
    ends: bool,
    /// The variables that hold a transaction.
    held: BTreeSet<SmolStr>,
    found: Found,
}

impl Search<'_> {
    /// Twice, because the arms of a `match` come before it: by then it is known what they bind.
    fn walk(&mut self) {
        for _ in 0..2 {
            self.found.operations.clear();
            for (id, node) in self.body.nodes() {
                if let Some((verb, what)) = self.operation(id, &node.expr) {
                    self.found.operations.push(Operation { verb, span: node.span, what });
                }
                match &node.expr {
                    Expr::Let(pattern, Some(value), _) | Expr::LetCondition(pattern, value) if self.begins(*value) => {
                        self.hold(*pattern);
                    }
                    Expr::Match(value, arms) if self.begins(*value) => {
                        for arm in arms {
                            self.hold(arm.pattern);
                        }
                    }
                    _ => {}
                }
            }
        }
        self.found.operations.sort_by_key(|operation| operation.span);
    }

    /// Notes the variable that a pattern binds, also in `Ok(tx)`.
    fn hold(&mut self, pattern: PatternId) {
        match &self.body.pattern(pattern).kind {
            PatternKind::Binding(name, _) => drop(self.held.insert(name.clone())),
            PatternKind::TupleStruct(_, parts) if parts.len() == 1 => self.hold(parts[0]),
            _ => {}
        }
    }

    /// Whether a value is a transaction that was just begun, behind `?`, `.await` and what takes
    /// it out of a `Result`.
    fn begins(&self, value: ExprId) -> bool {
        let span = self.body.node(value).span;
        match self.body.expr(value) {
            Expr::Try(inner) | Expr::Await(inner) | Expr::Reference(_, inner) | Expr::Typed(inner, _) => {
                self.begins(*inner)
            }
            Expr::MethodCall(inner, ..) | Expr::Match(inner, _) => self.is_begin(span) || self.begins(*inner),
            Expr::Call(..) => self.is_begin(span),
            _ => false,
        }
    }

    fn is_begin(&self, span: Span) -> bool {
        self.found.operations.iter().any(|operation| operation.span == span && operation.verb == Verb::Begin)
    }

    fn operation(&self, id: ExprId, expr: &Expr) -> Option<(Verb, String)> {
        let (name, arguments) = match expr {
            Expr::MethodCall(_, name, arguments) => (name.as_str(), arguments),
            Expr::Call(callee, arguments) => match self.body.expr(*callee) {
                Expr::Path(path) => (last_segment(path), arguments),
                _ => return None,
            },
            Expr::Macro(path, arguments) => (last_segment(path), arguments),
            _ => return None,
        };
        if words::takes_statement(name)
            && let Some((verb, text)) = statement(self.body, arguments)
        {
            return Some((verb, text));
        }
        if matches!(expr, Expr::Macro(..)) {
            return None;
        }
        let receiver = match expr {
            Expr::MethodCall(receiver, ..) => Some(*receiver),
            _ => None,
        };
        // `Transaction::commit(tx)` is `tx.commit()`.
        let given = arguments.len() - usize::from(receiver.is_none() && !arguments.is_empty());
        let verb = match self.types.callee(id) {
            Some(Callee::Function(function) | Callee::Trait { function, .. }) => {
                words::verb(name).filter(|_| is_own(self.project, *function))
            }
            Some(Callee::Outside(package, _)) => words::verb_with(name, given).filter(|_| words::is_database(package)),
            Some(Callee::Constructor(..)) => None,
            Some(Callee::Value | Callee::Unknown) | None => {
                let receiver = receiver?;
                let speaks = self.names_database || (self.ends && words::says_transaction(name));
                let known = self.is_held(receiver) || (speaks && !self.is_elsewhere(receiver));
                words::verb_with(name, given).filter(|_| known)
            }
        }?;
        Some((verb, name.to_owned()))
    }

    /// Whether a receiver is a variable that holds a transaction.
    fn is_held(&self, receiver: ExprId) -> bool {
        match self.body.expr(receiver) {
            Expr::Path(path) => self.held.contains(path),
            Expr::Reference(_, inner) | Expr::Unary(_, inner) => self.is_held(*inner),
            _ => false,
        }
    }

    /// Whether the type of a receiver is known, and none that has transactions.
    fn is_elsewhere(&self, receiver: ExprId) -> bool {
        match self.types.ty(receiver).referent() {
            Ty::Unknown => false,
            Ty::Outside(outside) => !words::is_database(&outside.package),
            _ => true,
        }
    }

    /// Looks for calls of what was passed in.
    fn foreign(&mut self, parameters: &[&SmolStr]) {
        let begun = |verb| matches!(verb, Verb::Begin);
        let Some(start) = self.found.operations.iter().find(|operation| begun(operation.verb)).map(|one| one.span.end)
        else {
            return;
        };
        let last = self.found.operations.iter().rfind(|operation| operation.verb == Verb::Commit);
        let Some(end) = last.map(|operation| operation.span.start) else { return };
        let calls = self.body.nodes().filter(|(_, node)| start <= node.span.start && node.span.end <= end);
        let calls = calls.filter_map(|(_, node)| match &node.expr {
            Expr::Call(callee, _) => match self.body.expr(*callee) {
                Expr::Path(path) if parameters.contains(&path) => Some(node.span),
                _ => None,
            },
            _ => None,
        });
        let foreign: Vec<Span> = calls.filter(|span| !self.is_given(*span)).collect();
        self.found.foreign = foreign;
    }

    /// Whether a call gets the transaction.
    fn is_given(&self, call: Span) -> bool {
        let mut inside = self.body.nodes().filter(|(_, node)| call.contains(node.span));
        inside.any(|(_, node)| matches!(&node.expr, Expr::Path(path) if self.held.contains(path)))
    }
}

/// The first argument that is a statement, with what it does and its first line.
fn statement(body: &Body, arguments: &[ExprId]) -> Option<(Verb, String)> {
    arguments.iter().find_map(|argument| match body.expr(*argument) {
        Expr::Literal(LiteralKind::Text, text) => {
            let verb = words::statement(text)?;
            let plain = words::first_statement(text).trim_end_matches(['"', '#']).trim();
            Some((verb, plain.split([';', '\n']).next().unwrap_or_default().to_owned()))
        }
        Expr::MethodCall(text, _, none) if none.is_empty() => statement(body, &[*text]),
        Expr::Reference(_, text) => statement(body, &[*text]),
        Expr::Path(name) => statement(body, &[text_of(body, name, body.node(*argument).span)?]),
        _ => None,
    })
}

/// The literal that a variable holds at a place, if nothing else in the function has that name: what the one `let`
/// before it gives.
fn text_of(body: &Body, name: &SmolStr, place: Span) -> Option<ExprId> {
    let is_it =
        |pattern: PatternId| matches!(&body.pattern(pattern).kind, PatternKind::Binding(bound, _) if bound == name);
    if body.patterns().filter(|pattern| is_it(*pattern)).count() != 1 {
        return None;
    }
    let is_assigned = |expr: &Expr| match expr {
        Expr::Assign(_, left, _) => matches!(body.expr(*left), Expr::Path(path) if path == name),
        _ => false,
    };
    if body.nodes().any(|(_, node)| is_assigned(&node.expr)) {
        return None;
    }
    let before = body.nodes().filter(|(_, node)| node.span.end <= place.start);
    let mut given = before.filter_map(|(_, node)| match &node.expr {
        Expr::Let(pattern, value, _) if is_it(*pattern) => Some((node.span, *value)),
        _ => None,
    });
    let (given, value) = given.next()?;
    let is_left = |block: Span| block.contains(given) && !block.contains(place);
    if body.nodes().any(|(_, node)| matches!(node.expr, Expr::Block(..)) && is_left(node.span)) {
        return None;
    }
    let plain = |value| if let Expr::Typed(inner, _) = body.expr(value) { *inner } else { value };
    value.map(plain).filter(|value| matches!(body.expr(*value), Expr::Literal(LiteralKind::Text, _)))
}

/// Whether a function of the project begins or ends a transaction by what it belongs to: a unit of
/// work, a type or trait that can also roll back, or one that hands out a database's types.
fn is_own(project: &Project, function: FunctionRef) -> bool {
    let Some(declared) = project.function(function) else { return false };
    let types = declared.parameters.iter().map(|parameter| &parameter.ty).chain(&declared.output);
    let mut types = types.into_iter();
    if types.any(|ty| holds_database(project, function, ty)) {
        return true;
    }
    let item = project.item(function.item);
    let (name, names) = match &item.kind {
        ItemKind::Trait(declared) => {
            (item.name.clone(), declared.functions.iter().map(|function| function.name.clone()).collect())
        }
        ItemKind::Impl(block) => {
            let own = block.self_type.referent().path();
            let target = own.map(|path| project.names().type_item(function.item.module, &path.path));
            let name = own.map(|path| SmolStr::from(path.last())).unwrap_or_default();
            match target {
                Some(Target::Item(target)) => (name, functions_of(project, target)),
                _ => (name, block.functions.iter().map(|function| function.name.clone()).collect()),
            }
        }
        _ => return false,
    };
    words::is_unit_of_work(&name) || {
        let has = |verb| names.iter().any(|name| words::verb(name) == Some(verb));
        has(Verb::RollBack) && (has(Verb::Commit) || has(Verb::Begin))
    }
}

fn functions_of(project: &Project, item: ItemRef) -> Vec<SmolStr> {
    project.impls(item).flat_map(|(_, block)| block.functions.iter().map(|function| function.name.clone())).collect()
}

/// Whether a type is one of a database's crate, or has one inside.
fn holds_database(project: &Project, function: FunctionRef, ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Reference(inner) | TypeKind::Pointer(inner) | TypeKind::List(inner) => {
            holds_database(project, function, inner)
        }
        TypeKind::Tuple(parts) => parts.iter().any(|part| holds_database(project, function, part)),
        TypeKind::Path(path) => {
            let target = project.names().resolve_at(function.item.module, &path.path, Space::Types, path.span).target;
            let own = matches!(&target, Target::Outside(package, path) if words::is_database(package) && !path.ends_with("Error"));
            own || path.arguments.iter().any(|argument| holds_database(project, function, argument))
        }
        TypeKind::Dyn(bounds) | TypeKind::Impl(bounds) => {
            let mut arguments =
                bounds.iter().flat_map(|bound| bound.arguments.iter().chain(bound.bindings.iter().map(|(_, ty)| ty)));
            arguments.any(|argument| holds_database(project, function, argument))
        }
        _ => false,
    }
}
