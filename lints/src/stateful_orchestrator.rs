//! # stateful-orchestrator
//!
//! ## What it does
//!
//! Reports what outlives a call in an orchestrator: fields with interior mutability (`Mutex`,
//! `RwLock`, `Cell`, atomics, `OnceCell`, concurrent maps, caches), fields that `&mut self` methods
//! assign, collections that they change, and statics that its code writes. One finding per field or
//! static, with each place that writes it.
//!
//! ## Why
//!
//! The pattern asks that an orchestrator can be recreated at any point. What it keeps between calls
//! is lost then, differs between instances, and makes the order of calls matter.
//!
//! ## Bad
//!
//! ```rust,ignore
//! pub struct Checkout {
//!     orders: Arc<dyn Orders>,
//!     retries: Mutex<HashMap<OrderId, u32>>,
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! pub struct Checkout {
//!     orders: Arc<dyn Orders>,
//!     retries: Arc<dyn RetryStore>,
//! }
//! ```
//!
//! The state lives behind a port, and each call receives what it needs as a parameter.
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! Not state: injected collaborators, even behind a lock, and a trait object behind a lock that no
//! constructor is seen to make; a cell that is filled once with a collaborator; a lock around `()`;
//! semaphores and tokens for shutdown; a shared `AtomicBool` that is called as one stops by it, which
//! nothing here makes or writes; locals. An orchestrator marked
//! `#[baton::orchestrator(layer = "infrastructure")]` may keep signals for shutdown. State inside a
//! field's own type is not looked for, the types of other crates are known by their names alone, and
//! a `&mut self` method that changes nothing is not reported.

use baton_core::effects::{CellType, interior};
use baton_core::facts::body::{Body, Expr, ExprId, Node, PatternKind};
use baton_core::facts::types::last_segment;
use baton_core::facts::{Field, ItemKind, PathType, Receiver, StructItem, Type, TypeKind};
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{FunctionRef, ItemRef, ModuleId, Orchestrator, Project, Space, Target};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::{Place, Span};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The lint.
pub static LINT: Lint = Lint {
    name: "stateful-orchestrator",
    level: Level::Deny,
    summary: "An orchestrator keeps state between calls.",
    source: include_str!("stateful_orchestrator.rs"),
    options: &[],
    check: Check::Whole(check),
};

fn check(project: &Project, _: &Options) -> Verdict {
    let mut findings = Vec::new();
    for orchestrator in &project.orchestrators {
        if let ItemKind::Struct(fields) = &project.item(orchestrator.item).kind {
            findings.extend(field_findings(project, orchestrator, fields));
        }
        findings.extend(static_findings(project, orchestrator));
    }
    Verdict { judged: project.orchestrators.len(), findings }
}

fn field_findings(project: &Project, orchestrator: &Orchestrator, fields: &StructItem) -> Vec<Finding> {
    let writes = writes(project, orchestrator, fields);
    let judged = fields.fields.iter().filter_map(|field| {
        let mut written = writes.get(&field.name).cloned().unwrap_or_default();
        let why = match interior(project, orchestrator.item.module, &field.ty) {
            Some(cell) if !is_exempt(project, orchestrator, field, &cell) => {
                written.extend(cell_writes(project, orchestrator, field));
                format!("`{}` can change through a shared reference", cell.name)
            }
            _ if !written.is_empty() => "methods change it".to_owned(),
            _ => return None,
        };
        let place = project.place(orchestrator.item.module, field.span);
        let subject = format!("field `{}`", field.name);
        Some(finding(orchestrator, &subject, &why, place, written))
    });
    judged.collect()
}

fn finding(orchestrator: &Orchestrator, subject: &str, why: &str, place: Place, evidence: Vec<Evidence>) -> Finding {
    Finding {
        rule: LINT.name,
        level: None,
        message: format!("`{}` keeps state between calls in {subject}: {why}", orchestrator.path),
        help: "pass it as a parameter, or keep it behind a port that a restart does not lose".to_owned(),
        place,
        item: orchestrator.path.clone(),
        evidence,
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

fn is_exempt(project: &Project, orchestrator: &Orchestrator, field: &Field, cell: &CellType<'_>) -> bool {
    let collaborator = orchestrator.collaborators.iter().any(|one| one.name == field.name);
    let injected = orchestrator
        .constructors
        .iter()
        .any(|constructor| constructor.injects && constructor.collaborators.iter().any(|one| one.name == field.name));
    let only_guards = cell.inner.is_some_and(|inner| matches!(&inner.kind, TypeKind::Tuple(parts) if parts.is_empty()));
    let lazy = cell.is_filled_once() && (collaborator || holds_trait(cell.inner));
    let signal = orchestrator.layer.as_deref() == Some("infrastructure") && is_signal(field, cell);
    // A trait object behind a lock is a collaborator that whoever made it has locked.
    let locked = || {
        let port = cell.inner.is_some_and(|inner| matches!(inner.kind, TypeKind::Dyn(_)));
        port && !is_made(project, orchestrator, field, cell)
    };
    // A flag to stop by that somebody else made and sets is a signal, wherever the orchestrator stands.
    let watched = || {
        let flag = cell.name == "AtomicBool" && is_signal(field, cell);
        flag && is_shared(&field.ty)
            && !is_made(project, orchestrator, field, cell)
            && cell_writes(project, orchestrator, field).is_empty()
    };
    injected || only_guards || lazy || signal || locked() || watched()
}

/// Whether a constructor makes the cell that a field holds.
fn is_made(project: &Project, orchestrator: &Orchestrator, field: &Field, cell: &CellType<'_>) -> bool {
    let name = &project.item(orchestrator.item).name;
    let is_itself = |path: &str| last_segment(path) == "Self" || last_segment(path) == name;
    orchestrator.constructors.iter().filter_map(|constructor| constructor.function).any(|function| {
        let Some(body) = project.function(function).and_then(|function| function.body.as_ref()) else { return false };
        let literals = body.nodes().filter_map(|(_, node)| match &node.expr {
            Expr::Struct(path, values, _) if is_itself(path) => values.iter().find(|(name, _)| *name == field.name),
            _ => None,
        });
        let values: Vec<ExprId> = literals.map(|(_, value)| *value).collect();
        sources(body, values).into_iter().any(|span| makes_cell(project, function.item.module, body, span, cell))
    })
}

/// Where values come from: their own places, and those of the values of local variables that they name.
fn sources(body: &Body, values: Vec<ExprId>) -> Vec<Span> {
    let mut spans: Vec<Span> = values.into_iter().map(|value| body.node(value).span).collect();
    let mut next = 0;
    while let Some(&span) = spans.get(next) {
        next += 1;
        let inside = |id: ExprId| span.contains(body.node(id).span);
        let is_named = |name: &SmolStr| {
            body.nodes().any(|(id, node)| inside(id) && matches!(&node.expr, Expr::Path(path) if path == name))
        };
        let lets = body.nodes().filter_map(|(id, node)| match &node.expr {
            Expr::Let(pattern, Some(value), _) if !inside(id) => match &body.pattern(*pattern).kind {
                PatternKind::Binding(name, _) if is_named(name) => Some(body.node(*value).span),
                _ => None,
            },
            _ => None,
        });
        let more: Vec<Span> = lets.filter(|value| !spans.contains(value)).collect();
        spans.extend(more);
    }
    spans
}

/// Whether a place of a body calls an associated function of a cell's type, as in `Mutex::new(…)`.
fn makes_cell(project: &Project, module: ModuleId, body: &Body, place: Span, cell: &CellType<'_>) -> bool {
    body.nodes().any(|(_, node)| {
        let Expr::Call(callee, _) = &node.expr else { return false };
        let Expr::Path(path) = body.expr(*callee) else { return false };
        let Some((ty, _)) = path.rsplit_once("::").filter(|_| place.contains(node.span)) else { return false };
        match project.names().type_item(module, ty) {
            Target::Outside(_, path) => last_segment(&path) == cell.name,
            _ => last_segment(ty) == cell.name,
        }
    })
}

/// Whether a cell holds a trait object: a collaborator whatever the trait is.
fn holds_trait(ty: Option<&Type>) -> bool {
    ty.is_some_and(|ty| match &ty.kind {
        TypeKind::Dyn(_) => true,
        TypeKind::Reference(inner) => holds_trait(Some(inner)),
        TypeKind::Path(path) => path.arguments.iter().any(|inner| holds_trait(Some(inner))),
        _ => false,
    })
}

/// Whether a field only points at what it holds, as `&T` and `Arc<T>` do.
fn is_shared(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Reference(_) => true,
        TypeKind::Path(path) => matches!(path.last(), "Arc" | "Rc"),
        _ => false,
    }
}

/// A flag or handle by which an infrastructure orchestrator stops.
fn is_signal(field: &Field, cell: &CellType<'_>) -> bool {
    let handle = |ty: &Type| {
        ty.path().is_some_and(|path| {
            let inner = path.arguments.first().and_then(Type::path).unwrap_or(path);
            matches!(last_segment(&inner.path), "JoinHandle" | "JoinSet" | "AbortHandle" | "bool")
        })
    };
    let named = ["shutdown", "stop", "cancel", "running"].iter().any(|word| field.name.contains(word));
    cell.inner.is_some_and(handle) || (named && cell.name == "AtomicBool")
}

/// The methods by which the standard collections, and `Option`, change.
const CHANGES: &[&str] = &[
    "append",
    "clear",
    "dedup",
    "drain",
    "entry",
    "extend",
    "extend_from_slice",
    "fill",
    "first_mut",
    "get_mut",
    "get_or_insert",
    "get_or_insert_with",
    "insert",
    "insert_str",
    "iter_mut",
    "last_mut",
    "pop",
    "pop_back",
    "pop_first",
    "pop_front",
    "pop_last",
    "push",
    "push_back",
    "push_front",
    "push_str",
    "remove",
    "replace",
    "resize",
    "retain",
    "reverse",
    "rotate_left",
    "rotate_right",
    "sort",
    "sort_by",
    "sort_by_key",
    "sort_unstable",
    "split_off",
    "swap",
    "swap_remove",
    "take",
    "truncate",
    "values_mut",
];

const COLLECTIONS: &[&str] = &[
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "HashMap",
    "HashSet",
    "IndexMap",
    "IndexSet",
    "LinkedList",
    "Option",
    "SmallVec",
    "String",
    "Vec",
    "VecDeque",
];

/// Values that nobody borrows as `&mut` but to change them.
const PLAIN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
    "usize",
];

/// The code of an orchestrator in which `self` is itself: what helps it may be methods of other types.
fn own_methods(project: &Project, orchestrator: &Orchestrator) -> impl Iterator<Item = FunctionRef> {
    let blocks: Vec<ItemRef> = project.impls(orchestrator.item).map(|(block, _)| block).collect();
    orchestrator.code.iter().copied().filter(move |function| blocks.contains(&function.item))
}

/// The places in `&mut self` methods that change each field.
fn writes(project: &Project, orchestrator: &Orchestrator, fields: &StructItem) -> BTreeMap<SmolStr, Vec<Evidence>> {
    let mut writes: BTreeMap<SmolStr, Vec<Evidence>> = BTreeMap::new();
    for reference in own_methods(project, orchestrator) {
        let Some(function) = project.function(reference) else { continue };
        let Some(body) = &function.body else { continue };
        if function.receiver != Some(Receiver::Mutable) {
            continue;
        }
        for (id, node) in body.nodes() {
            let Some(name) = written_field(project, orchestrator, fields, body, id) else { continue };
            writes.entry(name).or_default().push(Evidence {
                kind: "write",
                place: project.place(reference.item.module, node.span),
                why: format!("`{}` changes it", function.name),
            });
        }
    }
    writes
}

/// The places that write a field with interior mutability.
fn cell_writes(project: &Project, orchestrator: &Orchestrator, field: &Field) -> Vec<Evidence> {
    let mut found = Vec::new();
    for reference in own_methods(project, orchestrator) {
        let Some(function) = project.function(reference) else { continue };
        for (_, node) in function.body.iter().flat_map(Body::nodes) {
            let (Expr::MethodCall(receiver, method, _), Some(body)) = (&node.expr, &function.body) else { continue };
            let own = body.self_field(*receiver).is_some_and(|(name, direct)| direct && *name == field.name);
            if own && CELL_WRITES.contains(&method.as_str()) {
                let place = project.place(reference.item.module, node.span);
                found.push(Evidence { kind: "write", place, why: format!("`{}` writes it", function.name) });
            }
        }
    }
    found
}

/// The field that an expression changes, if it changes one.
fn written_field(
    project: &Project,
    orchestrator: &Orchestrator,
    fields: &StructItem,
    body: &Body,
    id: ExprId,
) -> Option<SmolStr> {
    let field = |name: &SmolStr| fields.fields.iter().find(|field| field.name == *name);
    let injected = |name: &SmolStr| orchestrator.collaborators.iter().any(|one| one.name == *name);
    match body.expr(id) {
        Expr::Assign(_, target, _) => body.self_field(*target).map(|(name, _)| name.clone()),
        Expr::MethodCall(receiver, method, _) => {
            let (name, direct) = body.self_field(*receiver)?;
            let declared = field(name).filter(|_| !injected(name))?;
            let collection = declared.ty.path().is_some_and(|path| COLLECTIONS.contains(&path.last()));
            let changes = (collection || !direct) && CHANGES.contains(&method.as_str());
            let own = direct && changes_itself(project, orchestrator.item, declared, method);
            (changes || own).then(|| name.clone())
        }
        Expr::Reference(true, inner) => {
            let (name, _) = body.self_field(*inner)?;
            let declared = field(name).filter(|_| !injected(name))?;
            let data = |path: &PathType| COLLECTIONS.contains(&path.last()) || PLAIN.contains(&path.path.as_str());
            declared.ty.path().is_some_and(data).then(|| name.clone())
        }
        _ => None,
    }
}

/// Whether the field's type is one of the project whose method takes `&mut self`.
fn changes_itself(project: &Project, owner: ItemRef, field: &Field, method: &str) -> bool {
    let Some(path) = field.ty.path() else { return false };
    let Target::Item(item) = project.names().type_item(owner.module, &path.path) else { return false };
    project.impls(item).any(|(_, block)| {
        block.functions.iter().any(|function| function.name == method && function.receiver == Some(Receiver::Mutable))
    })
}

/// The methods by which values with interior mutability are written.
const CELL_WRITES: &[&str] = &[
    "borrow_mut",
    "clear",
    "compare_exchange",
    "compare_exchange_weak",
    "fetch_add",
    "fetch_and",
    "fetch_max",
    "fetch_min",
    "fetch_or",
    "fetch_sub",
    "fetch_update",
    "fetch_xor",
    "get_mut",
    "insert",
    "lock",
    "push",
    "remove",
    "replace",
    "rcu",
    "set",
    "store",
    "swap",
    "take",
    "try_lock",
    "try_write",
    "update",
    "with_borrow_mut",
    "write",
];

fn static_findings(project: &Project, orchestrator: &Orchestrator) -> Vec<Finding> {
    let mut written: BTreeMap<Place, (ItemRef, Vec<Evidence>)> = BTreeMap::new();
    for &reference in &orchestrator.code {
        for (item, place) in static_writes(project, reference) {
            let declared = project.place(item.module, project.item(item).name_span);
            let function = project.function(reference).map(|function| function.name.clone()).unwrap_or_default();
            let evidence = Evidence { kind: "write", place, why: format!("`{function}` writes it") };
            written.entry(declared).or_insert((item, Vec::new())).1.push(evidence);
        }
    }
    let findings = written.into_iter().map(|(declared, (item, evidence))| {
        // A static of another file is somebody else's line: the finding stands where it is written.
        let own = declared.file == orchestrator.place.file;
        let place = if own { declared } else { evidence.first().map_or(declared, |first| first.place) };
        let subject = format!("the static `{}`", project.item(item).name);
        finding(orchestrator, &subject, "it outlives every instance", place, evidence)
    });
    findings.collect()
}

/// The statics that a function writes, with the places.
fn static_writes(project: &Project, reference: FunctionRef) -> Vec<(ItemRef, Place)> {
    let module = reference.item.module;
    let Some(body) = project.function(reference).and_then(|function| function.body.as_ref()) else { return Vec::new() };
    let mut found = Vec::new();
    for (_, node) in body.nodes() {
        if let Some(item) = written_static(project, module, body, node) {
            found.push((item, project.place(module, node.span)));
        }
    }
    found
}

fn written_static(project: &Project, module: ModuleId, body: &Body, node: &Node) -> Option<ItemRef> {
    let (target, method) = match &node.expr {
        Expr::MethodCall(receiver, method, _) => (*receiver, Some(method.as_str())),
        Expr::Assign(_, target, _) => (*target, None),
        _ => return None,
    };
    let path = root_path(body, target)?;
    // Statics are written in capitals; what is not is a local.
    if !last_segment(path).starts_with(char::is_uppercase) {
        return None;
    }
    let Target::Item(item) = project.names().resolve(module, path, Space::Values).target else { return None };
    let ItemKind::Static(declared) = &project.item(item).kind else { return None };
    let has_interior = interior(project, item.module, &declared.ty).is_some();
    let changes = match method {
        None => declared.mutable,
        Some("with") => declared.thread_local && has_interior && writes_within(body, node.span),
        Some(method) => CELL_WRITES.contains(&method) && (declared.mutable || has_interior),
    };
    changes.then_some(item)
}

/// Whether the closure of `LOCAL.with(|local| …)` writes rather than reads.
fn writes_within(body: &Body, call: Span) -> bool {
    body.nodes().any(|(_, node)| match &node.expr {
        Expr::MethodCall(_, method, _) => call.contains(node.span) && CELL_WRITES.contains(&method.as_str()),
        _ => false,
    })
}

/// The path at the root of `PATH`, `PATH.field`, `*PATH`, `PATH[i]`.
fn root_path(body: &Body, id: ExprId) -> Option<&SmolStr> {
    match body.expr(id) {
        Expr::Path(path) => Some(path),
        Expr::Field(base, _) | Expr::Index(base, _) | Expr::Unary(_, base) => root_path(body, *base),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, piece};
    use expect_test::{Expect, expect};

    /// Ports and values for the orchestrators below.
    const AROUND: &str = "
        //- dependencies tokio tokio-util dashmap
        //- src/core/ports.rs
        pub trait Orders { fn find(&self); fn add(&mut self); }
        pub trait Stock { fn take(&self); }
        pub struct Money(u64);
        impl Money { pub fn add(&mut self, other: u64) { self.0 += other; } pub fn get(&self) -> u64 { self.0 } }
    ";

    /// What is said about `code` in the folder of orchestrators.
    #[track_caller]
    fn says(code: &str, expected: &Expect) {
        let imports = "use crate::core::ports::*;\nuse std::{cell::*, sync::{*, atomic::*}, collections::*};";
        let code = piece(code);
        check(&LINT, &format!("{AROUND}//- src/app/checkout.rs\n{imports}\n{code}"), expected);
    }

    #[test]
    fn a_lock_by_another_name_is_one_and_another_type_by_the_name_of_a_lock_is_none() {
        says(
            "
            use std::sync::Mutex as Guarded;
            use tokio::sync::Semaphore as RwLock;
            pub struct Buy { orders: Arc<dyn Orders>, seen: Guarded<u32>, limit: RwLock }
            impl Buy { pub fn new(orders: Arc<dyn Orders>) -> Self { todo!() } pub fn run(&self) { self.orders.find() } }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Buy { orders: Arc<dyn Orders>, seen: Guarded<u32>, limit: RwLock }
                                                          ^^^^^^^^^^^^^^^^^^ `app::checkout::Buy` keeps state between calls in field `seen`: `Mutex` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    /// What is said about an orchestrator that receives `orders` and has these fields besides.
    #[track_caller]
    fn fields(fields: &str, expected: &Expect) {
        let fields = piece(fields);
        let methods =
            "pub fn new(orders: Arc<dyn Orders>) -> Self { todo!() } pub fn run(&self) { self.orders.find() }";
        says(
            &format!("pub struct Checkout {{ orders: Arc<dyn Orders>,\n{fields}}}\nimpl Checkout {{ {methods} }}"),
            expected,
        );
    }

    /// What is said about an orchestrator that receives `orders` and has this method and some plain fields.
    #[track_caller]
    fn method(method: &str, expected: &Expect) {
        let fields =
            ["orders: Box<dyn Orders>,", "count: u64,", "names: Vec<String>,", "last: Option<u64>,", "total: Money,"];
        let (fields, method) = (fields.join("\n"), piece(method));
        let new = "pub fn new(orders: Box<dyn Orders>) -> Self { todo!() }";
        says(&format!("pub struct Checkout {{\n{fields}\n}}\nimpl Checkout {{ {new}\n{method}}}"), expected);
    }

    #[test]
    fn fields_that_change_through_a_shared_reference() {
        fields(
            "
            one: Mutex<u64>, two: Arc<RwLock<Vec<u64>>>, three: Cell<u8>, four: RefCell<String>,
            five: AtomicU64, six: Arc<AtomicBool>, seven: OnceCell<String>, eight: LazyLock<u64>,
            nine: dashmap::DashMap<u64, u64>, ten: moka::sync::Cache<u64, u64>, eleven: lru::LruCache<u64, u64>,
            twelve: Option<tokio::sync::Mutex<u64>>, thirteen: (u8, std::sync::Mutex<u8>), fourteen: [Cell<u8>; 2],
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                one: Mutex<u64>, two: Arc<RwLock<Vec<u64>>>, three: Cell<u8>, four: RefCell<String>,
                ^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `one`: `Mutex` can change through a shared reference
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `two`: `RwLock` can change through a shared reference
                                                             ^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `three`: `Cell` can change through a shared reference
                                                                              ^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `four`: `RefCell` can change through a shared reference
                five: AtomicU64, six: Arc<AtomicBool>, seven: OnceCell<String>, eight: LazyLock<u64>,
                ^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `five`: `AtomicU64` can change through a shared reference
                                 ^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `six`: `AtomicBool` can change through a shared reference
                                                       ^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `seven`: `OnceCell` can change through a shared reference
                                                                                ^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `eight`: `LazyLock` can change through a shared reference
                nine: dashmap::DashMap<u64, u64>, ten: moka::sync::Cache<u64, u64>, eleven: lru::LruCache<u64, u64>,
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `nine`: `DashMap` can change through a shared reference
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `ten`: `Cache` can change through a shared reference
                                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `eleven`: `LruCache` can change through a shared reference
                twelve: Option<tokio::sync::Mutex<u64>>, thirteen: (u8, std::sync::Mutex<u8>), fourteen: [Cell<u8>; 2],
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `twelve`: `Mutex` can change through a shared reference
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `thirteen`: `Mutex` can change through a shared reference
                                                                                               ^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `fourteen`: `Cell` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn fields_that_hold_no_state() {
        fields(
            "
            name: String, table: HashMap<u8, u8>, limit: u64, list: Arc<[u8]>, mutex: MutexLike, money: Money,
            guard: tokio::sync::Mutex<()>, gates: Arc<tokio::sync::Semaphore>,
            token: tokio_util::sync::CancellationToken, stop: tokio::sync::watch::Receiver<bool>,
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn an_alias_does_not_hide_a_lock() {
        says(
            "
            type Shared<T> = Arc<Mutex<T>>;
            type Seen = Shared<u64>;
            type Plain<T> = Arc<T>;
            type Circle = Vec<Round>;
            type Round = Circle;
            pub struct Checkout { orders: Box<dyn Orders>, all: Shared<u64>, seen: Seen, plain: Plain<u64>, no: Circle }
            impl Checkout {
                pub fn new(orders: Box<dyn Orders>) -> Self { todo!() }
                pub fn run(&self) { self.orders.find() }
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Box<dyn Orders>, all: Shared<u64>, seen: Seen, plain: Plain<u64>, no: Circle }
                                                               ^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `all`: `Mutex` can change through a shared reference
                                                                                 ^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `seen`: `Mutex` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn a_type_of_the_project_that_is_called_like_a_lock_is_none() {
        let code = "
            //- src/app/checkout.rs
            use crate::core::ports::*;
            pub struct Cell { row: u8 }
            pub struct Checkout { orders: Box<dyn Orders>, corner: Cell, all: Vec<std::cell::Cell<u8>> }
            impl Checkout {
                pub fn new(orders: Box<dyn Orders>) -> Self { todo!() }
                pub fn run(&self) { self.orders.find() }
            }
        ";
        check(
            &LINT,
            &format!("{AROUND}{code}"),
            &expect![[r#"
            //- src/app/checkout.rs
            pub struct Checkout { orders: Box<dyn Orders>, corner: Cell, all: Vec<std::cell::Cell<u8>> }
                                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `all`: `Cell` can change through a shared reference
            help: pass it as a parameter, or keep it behind a port that a restart does not lose
        "#]],
        );
    }

    #[test]
    fn injected_collaborators_may_sit_behind_a_lock() {
        says(
            "
            pub struct Checkout { orders: Arc<Mutex<dyn Orders>>, stock: RwLock<Box<dyn Stock>>, seen: Arc<Mutex<u64>> }
            impl Checkout {
                pub fn new(orders: Arc<Mutex<dyn Orders>>, stock: RwLock<Box<dyn Stock>>, seen: Arc<Mutex<u64>>) -> Self {
                    Self { orders, stock, seen }
                }
                pub fn run(&self) { self.orders.lock().find() }
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Arc<Mutex<dyn Orders>>, stock: RwLock<Box<dyn Stock>>, seen: Arc<Mutex<u64>> }
                                                                                                     ^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `seen`: `Mutex` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn a_port_behind_a_lock_is_a_collaborator_also_where_nobody_hands_it_in() {
        says(
            "
            pub struct Checkout { orders: Arc<dyn Orders>, stock: Arc<Mutex<dyn Stock>>, seen: Arc<Mutex<u64>> }
            impl Checkout { pub fn run(&self) { self.orders.find() } }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Arc<dyn Orders>, stock: Arc<Mutex<dyn Stock>>, seen: Arc<Mutex<u64>> }
                                                                                             ^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `seen`: `Mutex` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn a_lock_around_a_trait_object_is_state_where_a_constructor_makes_it() {
        says(
            "
            pub struct Checkout { orders: Arc<dyn Orders>, made: Arc<Mutex<dyn Stock>>, given: Arc<Mutex<dyn Stock>>, local: Arc<Mutex<dyn Stock>> }
            impl Checkout {
                pub fn new(orders: Arc<dyn Orders>, stock: Arc<Mutex<dyn Stock>>) -> Self {
                    let memory = Mutex::new(Memory::default());
                    let local = Arc::new(memory);
                    Self { orders, made: Arc::new(Mutex::new(Memory::default())), given: Arc::clone(&stock), local }
                }
                pub fn run(&self) { self.orders.find() }
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Arc<dyn Orders>, made: Arc<Mutex<dyn Stock>>, given: Arc<Mutex<dyn Stock>>, local: Arc<Mutex<dyn Stock>> }
                                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `made`: `Mutex` can change through a shared reference
                                                                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `local`: `Mutex` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn what_a_helping_method_of_another_type_writes_is_its_own_field() {
        says(
            "
            pub struct Checkout { orders: Arc<dyn Orders>, done: u64 }
            impl Checkout {
                pub fn new(orders: Arc<dyn Orders>) -> Self { Self { orders, done: 0 } }
                pub fn run(&self) { let mut progress = Progress::default(); progress.note(); self.orders.find() }
            }
            #[derive(Default)]
            pub struct Progress { done: u64 }
            impl Progress { fn note(&mut self) { self.done += 1; } }
            ",
            &expect![""],
        );
    }

    #[test]
    fn a_lock_that_the_constructor_makes_around_a_collaborator_is_not_injected() {
        says(
            "
            pub struct Checkout { orders: Arc<dyn Orders>, late: Mutex<Vec<Arc<dyn Stock>>> }
            impl Checkout {
                pub fn new(orders: Arc<dyn Orders>) -> Self { Self { orders, late: Mutex::default() } }
                pub fn run(&self) { self.orders.find() }
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Arc<dyn Orders>, late: Mutex<Vec<Arc<dyn Stock>>> }
                                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `late`: `Mutex` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn a_cell_filled_once_with_a_collaborator_is_no_state_and_one_with_a_value_is() {
        fields(
            "
            stock: OnceLock<Arc<dyn Stock>>,
            other: tokio::sync::OnceCell<Box<dyn std::any::Any>>,
            rates: OnceLock<Vec<u64>>,
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                rates: OnceLock<Vec<u64>>,
                ^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `rates`: `OnceLock` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn fields_that_methods_assign() {
        method(
            "pub fn run(&mut self) {
                self.count += 1;
                self.last = Some(1);
                *self.names = Vec::new();
            }",
            &expect![[r#"
                //- src/app/checkout.rs
                count: u64,
                ^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `count`: methods change it
                                self.count += 1;
                                --------------- `run` changes it
                names: Vec<String>,
                ^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `names`: methods change it
                                *self.names = Vec::new();
                                ------------------------ `run` changes it
                last: Option<u64>,
                ^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `last`: methods change it
                                self.last = Some(1);
                                ------------------- `run` changes it
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn collections_and_values_that_methods_change() {
        method(
            "pub fn run(&mut self) {
                self.names.push(String::new());
                self.last.take();
                self.total.add(1);
                fill(&mut self.names);
            }",
            &expect![[r#"
                //- src/app/checkout.rs
                names: Vec<String>,
                ^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `names`: methods change it
                                self.names.push(String::new());
                                ------------------------------ `run` changes it
                                fill(&mut self.names);
                                     --------------- `run` changes it
                last: Option<u64>,
                ^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `last`: methods change it
                                self.last.take();
                                ---------------- `run` changes it
                total: Money,
                ^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `total`: methods change it
                                self.total.add(1);
                                ----------------- `run` changes it
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn what_a_method_only_reads_or_changes_in_a_local_is_no_state() {
        method(
            "pub fn run(&mut self, mut given: Vec<u64>) -> u64 {
                let mut count = self.count;
                count += 1;
                let mut names = self.names.clone();
                names.push(String::new());
                given.push(self.total.get());
                self.names.iter().take(2);
                self.orders.add();
                count
            }",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn a_setter_on_the_way_to_the_finished_value_is_no_method() {
        method(
            "pub fn with_count(mut self, count: u64) -> Self { self.count = count; self }
            pub fn run(&self) { self.orders.find() }",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn a_private_method_and_a_trait_of_another_file_count_as_its_code() {
        let code = "
            //- src/app/checkout.rs
            use crate::core::ports::*;
            pub struct Checkout { orders: Box<dyn Orders>, pub(super) count: u64, once: u64 }
            impl Checkout {
                pub fn new(orders: Box<dyn Orders>) -> Self { todo!() }
                pub fn run(&mut self) { self.note(); }
                fn note(&mut self) { self.once = 1; }
            }
            //- src/app/more.rs
            impl Iterator for super::checkout::Checkout {
                fn next(&mut self) { self.count += 1; }
            }
        ";
        check(
            &LINT,
            &format!("{AROUND}{code}"),
            &expect![[r#"
            //- src/app/checkout.rs
            pub struct Checkout { orders: Box<dyn Orders>, pub(super) count: u64, once: u64 }
                                                                      ^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `count`: methods change it
            //- src/app/more.rs
                fn next(&mut self) { self.count += 1; }
                                     --------------- `next` changes it
            //- src/app/checkout.rs
            pub struct Checkout { orders: Box<dyn Orders>, pub(super) count: u64, once: u64 }
                                                                                  ^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `once`: methods change it
                fn note(&mut self) { self.once = 1; }
                                     ------------- `note` changes it
            help: pass it as a parameter, or keep it behind a port that a restart does not lose
        "#]],
        );
    }

    #[test]
    fn statics_that_its_code_writes() {
        says(
            "
            static SEEN: AtomicU64 = AtomicU64::new(0);
            static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());
            static mut LAST: u64 = 0;
            thread_local! { static DEPTH: Cell<u8> = const { Cell::new(0) }; }
            static READ: AtomicU64 = AtomicU64::new(0);
            static TABLE: [u8; 2] = [1, 2];
            static UNUSED: Mutex<u64> = Mutex::new(0);
            pub fn check_out(orders: &dyn Orders) {
                SEEN.fetch_add(1, Ordering::Relaxed);
                NAMES.lock().unwrap().push(String::new());
                unsafe { LAST = 2 };
                DEPTH.with(|depth| depth.set(1));
                let total = READ.load(Ordering::Relaxed) + TABLE.len() as u64;
                helper();
            }
            fn helper() { SEEN.store(0, Ordering::Relaxed); }
            fn stranger() { UNUSED.lock(); }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                static SEEN: AtomicU64 = AtomicU64::new(0);
                       ^^^^ `app::checkout::check_out` keeps state between calls in the static `SEEN`: it outlives every instance
                    SEEN.fetch_add(1, Ordering::Relaxed);
                    ------------------------------------ `check_out` writes it
                fn helper() { SEEN.store(0, Ordering::Relaxed); }
                              -------------------------------- `helper` writes it
                static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());
                       ^^^^^ `app::checkout::check_out` keeps state between calls in the static `NAMES`: it outlives every instance
                    NAMES.lock().unwrap().push(String::new());
                    ------------ `check_out` writes it
                static mut LAST: u64 = 0;
                           ^^^^ `app::checkout::check_out` keeps state between calls in the static `LAST`: it outlives every instance
                    unsafe { LAST = 2 };
                             -------- `check_out` writes it
                thread_local! { static DEPTH: Cell<u8> = const { Cell::new(0) }; }
                                       ^^^^^ `app::checkout::check_out` keeps state between calls in the static `DEPTH`: it outlives every instance
                    DEPTH.with(|depth| depth.set(1));
                    -------------------------------- `check_out` writes it
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn a_static_of_another_file_is_reported_where_it_is_written() {
        let code = "
            //- src/core/limits.rs
            pub static LIMIT: AtomicU64 = AtomicU64::new(0);
            //- src/app/checkout.rs
            use crate::core::{ports::*, limits::LIMIT};
            pub fn check_out(orders: &dyn Orders) { LIMIT.store(1, Ordering::Relaxed); }
            pub fn look(orders: &dyn Orders) { LIMIT.load(Ordering::Relaxed); }
        ";
        check(
            &LINT,
            &format!("{AROUND}{code}"),
            &expect![[r#"
            //- src/app/checkout.rs
            pub fn check_out(orders: &dyn Orders) { LIMIT.store(1, Ordering::Relaxed); }
                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::check_out` keeps state between calls in the static `LIMIT`: it outlives every instance
                                                    --------------------------------- `check_out` writes it
            help: pass it as a parameter, or keep it behind a port that a restart does not lose
        "#]],
        );
    }

    #[test]
    fn an_orchestrator_of_the_infrastructure_may_keep_what_it_stops_by() {
        let code = |attribute: &str| {
            format!(
                "
                {attribute}
                pub struct Supervisor {{
                    orders: Arc<dyn Orders>,
                    shutdown: AtomicBool,
                    tasks: Mutex<Vec<tokio::task::JoinHandle<()>>>,
                    seen: Mutex<u64>,
                }}
                impl Supervisor {{
                    pub fn new(orders: Arc<dyn Orders>) -> Self {{ todo!() }}
                    pub fn run(&self) {{ self.orders.find() }}
                }}
                "
            )
        };
        says(
            &code("#[baton::orchestrator(layer = \"infrastructure\")]"),
            &expect![[r#"
                //- src/app/checkout.rs
                    seen: Mutex<u64>,
                    ^^^^^^^^^^^^^^^^ `app::checkout::Supervisor` keeps state between calls in field `seen`: `Mutex` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
        says(
            &code("#[baton::orchestrator(layer = \"application\")]"),
            &expect![[r#"
                //- src/app/checkout.rs
                    shutdown: AtomicBool,
                    ^^^^^^^^^^^^^^^^^^^^ `app::checkout::Supervisor` keeps state between calls in field `shutdown`: `AtomicBool` can change through a shared reference
                    tasks: Mutex<Vec<tokio::task::JoinHandle<()>>>,
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Supervisor` keeps state between calls in field `tasks`: `Mutex` can change through a shared reference
                    seen: Mutex<u64>,
                    ^^^^^^^^^^^^^^^^ `app::checkout::Supervisor` keeps state between calls in field `seen`: `Mutex` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn a_flag_to_stop_by_that_is_only_watched_is_a_signal() {
        says(
            "
            pub struct Checkout<'a> {
                orders: Arc<dyn Orders>,
                stop: &'a AtomicBool,
                cancelled: Arc<AtomicBool>,
                shutdown: Arc<AtomicBool>,
                stopped: Arc<AtomicBool>,
                busy: &'a AtomicBool,
            }
            impl<'a> Checkout<'a> {
                pub fn new(orders: Arc<dyn Orders>, stop: &'a AtomicBool, cancelled: Arc<AtomicBool>, shutdown: Arc<AtomicBool>, busy: &'a AtomicBool) -> Self {
                    Self { orders, stop, cancelled, shutdown, stopped: Arc::new(AtomicBool::new(false)), busy }
                }
                pub fn run(&self) {
                    if self.stop.load(Ordering::Relaxed) || self.cancelled.load(Ordering::Relaxed) { return; }
                    self.shutdown.store(true, Ordering::Relaxed);
                    self.orders.find()
                }
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    shutdown: Arc<AtomicBool>,
                    ^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `shutdown`: `AtomicBool` can change through a shared reference
                        self.shutdown.store(true, Ordering::Relaxed);
                        -------------------------------------------- `run` writes it
                    stopped: Arc<AtomicBool>,
                    ^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `stopped`: `AtomicBool` can change through a shared reference
                    busy: &'a AtomicBool,
                    ^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `busy`: `AtomicBool` can change through a shared reference
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn state_of_what_is_no_orchestrator_is_none_of_this_rule() {
        let code = "
            //- src/shell/cache.rs
            use crate::core::ports::*;
            pub struct Cache { orders: Arc<dyn Orders>, seen: Mutex<u64> }
            impl Cache { pub fn new(orders: Arc<dyn Orders>) -> Self { todo!() } pub fn run(&self) {} }
            //- src/app/parts.rs
            pub struct Progress { seen: Mutex<u64> }
            impl Progress { pub fn step(&self) { *self.seen.lock() += 1; } }
        ";
        check(&LINT, &format!("{AROUND}{code}"), &expect![[r#""#]]);
    }

    #[test]
    fn test_code_may_write_what_it_likes() {
        method(
            "pub fn run(&self) { self.orders.find() }
            #[cfg(test)]
            fn poke(&mut self) { self.count = 1; }",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn a_static_that_is_only_read_or_filled_once_is_none_and_one_behind_a_lazy_lock_is() {
        says(
            "
            thread_local! { static DEPTH: Cell<u8> = const { Cell::new(0) }; static MORE: RefCell<u8> = RefCell::new(1); }
            static TABLE: OnceLock<Vec<u64>> = OnceLock::new();
            static LAZY: LazyLock<Mutex<Vec<u64>>> = LazyLock::new(|| Mutex::new(Vec::new()));
            pub fn check_out(orders: &dyn Orders) {
                let depth = DEPTH.with(|depth| depth.get());
                MORE.with(|more| *more.borrow_mut() += 1);
                let table = TABLE.get_or_init(Vec::new);
                LAZY.lock().unwrap().push(1);
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                thread_local! { static DEPTH: Cell<u8> = const { Cell::new(0) }; static MORE: RefCell<u8> = RefCell::new(1); }
                                                                                        ^^^^ `app::checkout::check_out` keeps state between calls in the static `MORE`: it outlives every instance
                    MORE.with(|more| *more.borrow_mut() += 1);
                    ----------------------------------------- `check_out` writes it
                static LAZY: LazyLock<Mutex<Vec<u64>>> = LazyLock::new(|| Mutex::new(Vec::new()));
                       ^^^^ `app::checkout::check_out` keeps state between calls in the static `LAZY`: it outlives every instance
                    LAZY.lock().unwrap().push(1);
                    ----------- `check_out` writes it
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }

    #[test]
    fn borrows_that_can_only_mean_a_change() {
        method(
            "pub fn run(&mut self) {
                std::mem::replace(&mut self.count, 1);
                let last = &mut self.last;
                for name in self.names.iter_mut() { name.clear() }
                self.names[0] = String::new();
                let orders = &mut self.orders;
                let names = &self.names;
            }",
            &expect![[r#"
                //- src/app/checkout.rs
                count: u64,
                ^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `count`: methods change it
                                std::mem::replace(&mut self.count, 1);
                                                  --------------- `run` changes it
                names: Vec<String>,
                ^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `names`: methods change it
                                for name in self.names.iter_mut() { name.clear() }
                                            --------------------- `run` changes it
                                self.names[0] = String::new();
                                ----------------------------- `run` changes it
                last: Option<u64>,
                ^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` keeps state between calls in field `last`: methods change it
                                let last = &mut self.last;
                                           -------------- `run` changes it
                help: pass it as a parameter, or keep it behind a port that a restart does not lose
            "#]],
        );
    }
}
