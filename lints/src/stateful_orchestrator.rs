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
//! Not state: injected collaborators, even behind a lock; a cell that is filled once with a
//! collaborator; a lock around `()`; semaphores and tokens for shutdown; locals. An orchestrator
//! with `layer = "infrastructure"` may keep signals for shutdown. State inside the types of other
//! crates is seen by their names alone, and a `&mut self` method that changes nothing is not reported.

use baton_core::facts::body::{Body, Expr, ExprId};
use baton_core::facts::types::last_segment;
use baton_core::facts::{Field, ItemKind, Receiver, StructItem, Type, TypeKind};
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{FunctionRef, ItemRef, Orchestrator, Project, Space, Target};
use baton_core::lint::{Lint, Options, Verdict};
use baton_core::source::Place;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The lint.
pub static LINT: Lint = Lint {
    name: "stateful-orchestrator",
    level: Level::Deny,
    summary: "An orchestrator keeps state between calls.",
    source: include_str!("stateful_orchestrator.rs"),
    options: &[],
    check,
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
        let written = writes.get(&field.name).map_or(&[][..], Vec::as_slice);
        let why = match interior(&field.ty) {
            Some(cell) if !is_exempt(orchestrator, field, &cell) => {
                format!("`{}` can change through a shared reference", cell.name)
            }
            _ if !written.is_empty() => "methods change it".to_owned(),
            _ => return None,
        };
        let place = project.place(orchestrator.item.module, field.span);
        let subject = format!("field `{}`", field.name);
        Some(finding(orchestrator, &subject, &why, place, written.to_vec()))
    });
    judged.collect()
}

fn finding(orchestrator: &Orchestrator, subject: &str, why: &str, place: Place, evidence: Vec<Evidence>) -> Finding {
    Finding {
        rule: LINT.name,
        message: format!("`{}` keeps state between calls in {subject}: {why}", orchestrator.path),
        help: "pass it as a parameter, or keep it behind a port that a restart does not lose".to_owned(),
        place,
        item: orchestrator.path.clone(),
        evidence,
        chain: Vec::new(),
    }
}

/// A type with interior mutability, and what is inside it.
struct CellType<'a> {
    name: &'a str,
    inner: Option<&'a Type>,
}

const LOCKS: &[&str] =
    &["Mutex", "RwLock", "Cell", "RefCell", "UnsafeCell", "ArcSwap", "ArcSwapOption", "ReentrantMutex"];
const FILLED_ONCE: &[&str] = &["OnceCell", "OnceLock", "OnceBox", "LazyCell", "LazyLock"];
const CONCURRENT: &[&str] =
    &["DashMap", "DashSet", "LruCache", "TtlCache", "TimedCache", "SegQueue", "ArrayQueue", "SkipMap", "ThreadLocal"];

/// The first part of a type with interior mutability, looking through pointers and containers.
fn interior(ty: &Type) -> Option<CellType<'_>> {
    match &ty.kind {
        TypeKind::Reference(inner) | TypeKind::List(inner) => interior(inner),
        TypeKind::Tuple(parts) => parts.iter().find_map(interior),
        TypeKind::Path(path) => {
            let name = path.last();
            let cell = LOCKS.contains(&name)
                || FILLED_ONCE.contains(&name)
                || CONCURRENT.contains(&name)
                || is_atomic(name)
                || (name == "Cache" && path.path.contains("::"));
            if cell {
                return Some(CellType { name, inner: path.arguments.last() });
            }
            path.arguments.iter().find_map(interior)
        }
        _ => None,
    }
}

fn is_atomic(name: &str) -> bool {
    name.strip_prefix("Atomic").is_some_and(|rest| {
        matches!(rest, "Bool" | "Ptr" | "Cell" | "Usize" | "Isize")
            || rest.strip_prefix(['U', 'I']).is_some_and(|bits| matches!(bits, "8" | "16" | "32" | "64" | "128"))
    })
}

fn is_exempt(orchestrator: &Orchestrator, field: &Field, cell: &CellType<'_>) -> bool {
    let collaborator = orchestrator.collaborators.iter().any(|one| one.name == field.name);
    let injected = orchestrator.constructors.iter().any(|constructor| {
        constructor.function.is_some() && constructor.collaborators.iter().any(|one| one.name == field.name)
    });
    let only_guards = cell.inner.is_some_and(|inner| matches!(&inner.kind, TypeKind::Tuple(parts) if parts.is_empty()));
    let lazy = FILLED_ONCE.contains(&cell.name) && (collaborator || holds_trait(cell.inner));
    let signal = orchestrator.layer.as_deref() == Some("infrastructure") && is_signal(field, cell);
    injected || only_guards || lazy || signal
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
    "get_or_insert",
    "get_or_insert_with",
    "insert",
    "insert_str",
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

/// The places in `&mut self` methods that change each field.
fn writes(project: &Project, orchestrator: &Orchestrator, fields: &StructItem) -> BTreeMap<SmolStr, Vec<Evidence>> {
    let mut writes: BTreeMap<SmolStr, Vec<Evidence>> = BTreeMap::new();
    for &reference in &orchestrator.code {
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
            let collection = declared.ty.path().is_some_and(|path| COLLECTIONS.contains(&path.last()));
            collection.then(|| name.clone())
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

/// The methods by which statics with interior mutability are written.
const STATIC_WRITES: &[&str] = &[
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
        let (target, method) = match &node.expr {
            Expr::MethodCall(receiver, method, _) => (*receiver, Some(method.as_str())),
            Expr::Assign(_, target, _) => (*target, None),
            _ => continue,
        };
        if let Some(item) = written_static(project, module, body, target, method) {
            found.push((item, project.place(module, node.span)));
        }
    }
    found
}

fn written_static(
    project: &Project,
    module: baton_core::link::ModuleId,
    body: &Body,
    target: ExprId,
    method: Option<&str>,
) -> Option<ItemRef> {
    let path = root_path(body, target)?;
    // Statics are written in capitals; what is not is a local.
    if !last_segment(path).starts_with(char::is_uppercase) {
        return None;
    }
    let Target::Item(item) = project.names().resolve(module, path, Space::Values).target else { return None };
    let ItemKind::Static(declared) = &project.item(item).kind else { return None };
    let changes = match method {
        None => declared.mutable,
        Some("with") => declared.thread_local && interior(&declared.ty).is_some(),
        Some(method) => STATIC_WRITES.contains(&method) && (declared.mutable || interior(&declared.ty).is_some()),
    };
    changes.then_some(item)
}

/// The path at the root of `PATH`, `PATH.field`, `*PATH`, `PATH[i]`.
fn root_path(body: &Body, id: ExprId) -> Option<&SmolStr> {
    match body.expr(id) {
        Expr::Path(path) => Some(path),
        Expr::Field(base, _) | Expr::Index(base, _) | Expr::Unary(_, base) => root_path(body, *base),
        _ => None,
    }
}
