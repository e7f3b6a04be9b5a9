//! Orchestrators: the types and free functions that receive collaborators and sequence them.
//!
//! A role says where to look and may say which items; elsewhere an item is one for what it is:
//! it receives ports and has operations. A name alone makes nothing an orchestrator.

mod constructors;
mod helpers;
pub(super) mod known;
mod nature;
mod others;
mod ports;

use super::Project;
use super::marks::Mark;
use super::names::{ItemRef, Target};
use super::roles::{Role as FileRole, RoleKind};
use crate::config::{Pattern, RoleRule};
use crate::facts::body::Expr;
use crate::facts::{Function, ImplItem, Item, ItemKind, StructItem, Type, TypeKind, Visibility};
use crate::runs;
use crate::source::{Place, Span};
pub(super) use constructors::is_opaque;
use constructors::{from_fields, receive, widest};
use nature::{Context, Member, Nature, Natures};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, SmolStrBuilder};
use std::ops::Range;

/// A function: the item that holds it, and its position there if that is an `impl` or a trait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionRef {
    /// The free function, the `impl` or the trait.
    pub item: ItemRef,
    /// The position among the functions of an `impl` or trait; 0 for a free function.
    pub index: u32,
}

/// An orchestrator.
#[derive(Clone, Debug)]
pub struct Orchestrator {
    /// The struct or function.
    pub item: ItemRef,
    /// Its path without the crate.
    pub path: String,
    /// Its name's place.
    pub name_place: Place,
    /// From its definition to the end of its last `impl` in the same file.
    pub place: Place,
    /// Whether it is a free function.
    pub is_function: bool,
    /// The layer that an `orchestrator` attribute declares, or the constant of the runtime crate's trait.
    pub layer: Option<SmolStr>,
    /// How it works, as that trait's constant says it.
    pub kind: Option<SmolStr>,
    /// How it is made; a function has one, itself.
    pub constructors: Vec<Constructor>,
    /// Which of the constructors receives the most collaborators, if there is one.
    pub widest: Option<usize>,
    /// The collaborators of that constructor; where none receives any, those that the fields hold.
    pub collaborators: Vec<Collaborator>,
    /// What it does: its methods apart from constructors.
    pub operations: Vec<Operation>,
    /// All code that counts as its own: its functions, and those that help them. Helpers are the private
    /// functions of its module that they call; in a module whose role is to coordinate also the others,
    /// those of modules inside, and the methods that it gives to types of data, where types tell that they
    /// are called. What receives behaviour is none.
    pub code: Vec<FunctionRef>,
    /// The part of it that no orchestrator before this one shares: what helps several is judged once.
    pub own_code: Vec<FunctionRef>,
}

/// A way in which an orchestrator is made.
#[derive(Clone, Debug)]
pub struct Constructor {
    /// The function's name, or what stands in for one.
    pub name: String,
    /// The function, if it is one.
    pub function: Option<FunctionRef>,
    /// Whether the caller hands in what it receives.
    pub injects: bool,
    /// Its name's place.
    pub place: Place,
    /// What it receives.
    pub collaborators: Vec<Collaborator>,
}

/// Something with behaviour that an orchestrator receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collaborator {
    /// The parameter or field.
    pub name: SmolStr,
    /// The trait or type, without wrappers.
    pub shown: SmolStr,
    /// Why it counts.
    pub why: String,
    /// The parameter or field.
    pub place: Place,
    /// The place of its type.
    pub ty: Span,
    /// The bundle that it came in, if it came in one.
    pub bundle: Option<SmolStr>,
    /// Whether it observes: logs, counts, traces.
    pub telemetry: bool,
    /// Whether it is a trait rather than a concrete type.
    pub port: Option<Target>,
    /// Whether it is a type of another crate.
    pub outside: bool,
    /// The argument of a `#[cfg]` on the parameter; empty if there is none.
    pub cfg: SmolStr,
}

/// A method of an orchestrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name.
    pub name: SmolStr,
    /// The function.
    pub function: FunctionRef,
    /// Whether others can call it.
    pub visible: bool,
    /// The fields that it uses, itself or through other methods of the type, sorted.
    pub fields: Vec<SmolStr>,
}

/// Finds the orchestrators, sorted by place; one that several targets compile is one. What helps them is found later.
pub(super) fn find(project: &Project) -> Vec<Orchestrator> {
    let mut natures = Natures::new(project);
    let mut found = Vec::new();
    for (id, module) in project.modules().filter(|(_, module)| !module.test) {
        let search = Search::new(project, module.role);
        for (index, item) in project.scope(id).items.iter().enumerate() {
            if item.test {
                continue;
            }
            let at = ItemRef { module: id, index: index as u32 };
            match &item.kind {
                ItemKind::Struct(fields) => found.extend(search.of_struct(&mut natures, at, item, fields)),
                ItemKind::Function(function) => found.extend(search.of_function(&mut natures, at, item, function)),
                _ => {}
            }
        }
    }
    found.sort_by_key(|orchestrator| orchestrator.place);
    found.dedup_by_key(|orchestrator| orchestrator.place);
    drop_adapters(&natures, &mut found);
    found
}

/// The code of some of the orchestrators that were found, with what helps each.
pub(super) fn code_of(project: &Project, some: Range<usize>) -> Vec<Vec<FunctionRef>> {
    let mut natures = Natures::new(project);
    helpers::all_code(&mut natures, &project.orchestrators, some)
}

/// Gives the orchestrators their code, in their order.
pub(super) fn give_code(project: &mut Project, code: impl IntoIterator<Item = Vec<FunctionRef>>) {
    for (one, code) in project.orchestrators.iter_mut().zip(code) {
        one.code = code;
    }
    share_code(&mut project.orchestrators);
}

/// Says of code that helps several orchestrators that it is the first one's.
fn share_code(found: &mut [Orchestrator]) {
    let mut seen = FxHashSet::default();
    for orchestrator in found {
        orchestrator.own_code = orchestrator.code.iter().copied().filter(|function| seen.insert(*function)).collect();
    }
}

/// An adapter stays one wherever it stands: it implements what an orchestrator receives, and has
/// only outside crates to work with.
fn drop_adapters(natures: &Natures<'_>, found: &mut Vec<Orchestrator>) {
    let project = natures.project;
    let is_coordinating = |one: &&Orchestrator| project.module(one.item.module).has_role(RoleKind::Orchestrator);
    let ports = |some: &mut dyn Iterator<Item = &Orchestrator>| -> FxHashSet<ItemRef> {
        some.flat_map(|one| &one.collaborators).filter_map(Collaborator::own_port).collect()
    };
    let received = ports(&mut found.iter());
    let received_by_role = ports(&mut found.iter().filter(is_coordinating));
    found.retain(|one| {
        let role = project.module(one.item.module).role;
        let chosen = is_declared(project, one.item) || Search::new(project, role).selected.is_some();
        let outside = one.collaborators.iter().all(|collaborator| collaborator.outside);
        let implements =
            |received: &FxHashSet<ItemRef>| natures.ports_of(one.item).any(|port| received.contains(&port));
        // Where a role says who coordinates, whoever serves them from a module without a role is an adapter.
        let serves = role.is_none() && implements(&received_by_role);
        chosen || !((outside && implements(&received)) || serves)
    });
}

impl Collaborator {
    /// The trait of the project that it is.
    fn own_port(&self) -> Option<ItemRef> {
        match self.port {
            Some(Target::Item(port)) => Some(port),
            _ => None,
        }
    }
}

/// What is looked for in a module, by its role.
struct Search<'a> {
    kind: Option<RoleKind>,
    /// The rule that says which items are meant, if it says so.
    selected: Option<&'a RoleRule>,
}

impl<'a> Search<'a> {
    fn new(project: &'a Project, role: Option<FileRole>) -> Self {
        let rule = role.and_then(|role| project.roles.rule(role));
        let selected = rule.filter(|rule| rule.selects_items());
        Self { kind: role.map(|role| role.kind), selected }
    }

    fn of_struct(
        &self,
        natures: &mut Natures<'_>,
        at: ItemRef,
        item: &Item,
        fields: &StructItem,
    ) -> Option<Orchestrator> {
        let marked = is_declared(natures.project, at);
        if !marked && !self.may_hold(natures, at, item, fields) {
            return None;
        }
        let orchestrator = build_struct(natures, at, item, fields);
        let has_operations = !orchestrator.operations.is_empty();
        let receives = !orchestrator.collaborators.is_empty();
        let is_one = match (marked || self.selected.is_some(), self.kind) {
            (true, _) => has_operations || !orchestrator.constructors.is_empty(),
            (false, Some(RoleKind::Orchestrator)) => {
                has_operations && receives && !others::is_data(natures.project, item, &orchestrator)
            }
            (false, _) if !has_operations || only_hands_on(natures, fields, &orchestrator) => false,
            (false, None) if others::is_other(natures, at, item, &orchestrator) => false,
            // Outside the folders of orchestrators only ports prove what a type is, and a type that
            // stands for the port that it receives decorates it.
            (false, _) => {
                let ports: Vec<ItemRef> =
                    orchestrator.collaborators.iter().filter_map(Collaborator::own_port).collect();
                ports.iter().any(|port| natures.is_port(*port))
                    && !natures.ports_of(at).any(|implemented| ports.contains(&implemented))
            }
        };
        is_one.then_some(orchestrator)
    }

    /// Whether a struct of such a module can be an orchestrator at all.
    fn may_hold(&self, natures: &Natures<'_>, at: ItemRef, item: &Item, fields: &StructItem) -> bool {
        match (self.selected, self.kind) {
            (Some(rule), _) => selects_type(natures, rule, at, item),
            (None, Some(RoleKind::Orchestrator)) => true,
            // A port is a trait object or a parameter; most structs have neither.
            (None, Some(RoleKind::Core) | None) => fields.fields.iter().any(|field| has_trait(&field.ty, fields)),
            (None, Some(_)) => false,
        }
    }

    fn of_function(
        &self,
        natures: &mut Natures<'_>,
        at: ItemRef,
        item: &Item,
        function: &Function,
    ) -> Option<Orchestrator> {
        let marked = is_marked(item);
        let named = match self.selected {
            Some(rule) => any(&rule.functions, &item.name),
            None => {
                // A private function belongs to whoever calls it.
                self.kind == Some(RoleKind::Orchestrator) && function.visibility != Visibility::Private
            }
        };
        if !marked && !named {
            return None;
        }
        let reference = FunctionRef { item: at, index: 0 };
        let context = Context { generics: vec![&function.generics], ..Context::plain(at.module) };
        let received = receive(natures, function, reference, &context);
        let makes_something = function.output.as_ref().is_some_and(is_opaque);
        let is_one = marked || self.selected.is_some() || (!received.collaborators.is_empty() && !makes_something);
        is_one.then(|| build_function(natures, at, item, received))
    }
}

/// Whether a type holds a trait object or one of the struct's parameters.
fn has_trait(ty: &Type, owner: &StructItem) -> bool {
    match &ty.kind {
        TypeKind::Dyn(_) => true,
        TypeKind::Reference(inner) | TypeKind::List(inner) => has_trait(inner, owner),
        TypeKind::Path(path) => {
            owner.generics.has(&path.path) || path.arguments.iter().any(|argument| has_trait(argument, owner))
        }
        _ => false,
    }
}

/// Whether a rule's `types`, `traits` or `attributes` select a type.
fn selects_type(natures: &Natures<'_>, rule: &RoleRule, at: ItemRef, item: &Item) -> bool {
    any(&rule.types, &item.name)
        || item.attributes.iter().any(|attribute| any(&rule.attributes, &attribute.path))
        || (!rule.traits.is_empty()
            && natures
                .project
                .impls(at)
                .any(|(_, block)| block.of_trait.as_ref().is_some_and(|path| any(&rule.traits, path.last()))))
}

fn any(patterns: &[Pattern], name: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(name))
}

/// `#[baton::orchestrator]`
fn is_marked(item: &Item) -> bool {
    Mark::of(&item.attributes).is_some()
}

/// Whether an item says that it is an orchestrator: by its mark, or by the trait of the runtime crate.
fn is_declared(project: &Project, at: ItemRef) -> bool {
    is_marked(project.item(at)) || run_block(project, at).is_some()
}

/// The block by which a type becomes an orchestrator of the runtime crate.
fn run_block(project: &Project, at: ItemRef) -> Option<&ImplItem> {
    let mut blocks = project.impls(at).filter(|(block, _)| !project.item(*block).test);
    let is_trait = |block: ItemRef, inner: &ImplItem| {
        inner.of_trait.as_ref().is_some_and(|path| runs::is_orchestrator_trait(project, block.module, &path.path))
    };
    blocks.find(|(block, inner)| is_trait(*block, inner)).map(|(_, inner)| inner)
}

/// What a constant of the runtime crate's trait says: `LAYER`, `KIND`.
fn chosen(project: &Project, at: ItemRef, constant: &str) -> Option<SmolStr> {
    let (_, value) = run_block(project, at)?.chosen.iter().find(|(name, _)| name == constant)?;
    Some(snake_case(value))
}

/// `BusinessLogic` as the runtime crate writes it into its records: `business_logic`.
fn snake_case(name: &str) -> SmolStr {
    let mut snake = SmolStrBuilder::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        letter.to_lowercase().for_each(|letter| snake.push(letter));
    }
    snake.finish()
}

/// Whether a type only hands on what it holds in plain sight: none of its operations uses that.
fn only_hands_on(natures: &mut Natures<'_>, fields: &StructItem, orchestrator: &Orchestrator) -> bool {
    let Nature::Bundle(..) = natures.of_declaration(orchestrator.item) else { return false };
    let context = Context { generics: vec![&fields.generics], ..Context::plain(orchestrator.item.module) };
    let used = |name: &SmolStr| orchestrator.operations.iter().any(|operation| operation.fields.contains(name));
    let mut used = fields.fields.iter().filter(|field| used(&field.name));
    used.all(|field| natures.of(&field.ty, &field.name, &context) == Nature::Value)
}

fn build_struct(natures: &mut Natures<'_>, at: ItemRef, item: &Item, fields: &StructItem) -> Orchestrator {
    let project = natures.project;
    let constructors = constructors::constructors(natures, at, fields);
    let widest = widest(&constructors);
    let received = widest.map(|widest| constructors[widest].collaborators.clone()).unwrap_or_default();
    let collaborators = if received.is_empty() { held(natures, at, fields, widest.is_some()) } else { received };
    let makers: FxHashSet<FunctionRef> = constructors.iter().filter_map(|constructor| constructor.function).collect();
    let operations = operations(natures, at, &makers);
    let code: Vec<FunctionRef> = natures
        .project
        .impls(at)
        .flat_map(|(block, inner)| {
            let functions = inner.functions.iter().enumerate().filter(|(_, function)| !function.test);
            functions.map(move |(index, _)| FunctionRef { item: block, index: index as u32 })
        })
        .collect();
    let place = whole_place(natures, at, item);
    Orchestrator {
        item: at,
        path: project.item_path(at),
        name_place: project.place(at.module, item.name_span),
        place,
        is_function: false,
        layer: layer(item).or_else(|| chosen(project, at, "LAYER")),
        kind: chosen(project, at, "KIND"),
        constructors,
        widest,
        collaborators,
        operations,
        code,
        own_code: Vec::new(),
    }
}

/// What the fields hold, where nothing is injected: what a constructor makes by itself is a
/// dependency all the same. What it only collects, or keeps behind a lock, is state.
fn held(natures: &mut Natures<'_>, at: ItemRef, fields: &StructItem, constructed: bool) -> Vec<Collaborator> {
    let held = fields.fields.iter().filter(|field| !constructed || !is_kept(&field.ty));
    let held = StructItem { generics: fields.generics.clone(), fields: held.cloned().collect() };
    from_fields(natures, at, &held, "its fields").collaborators
}

/// Whether a type collects values or lets them change.
fn is_kept(ty: &Type) -> bool {
    ty.path().is_some_and(|path| {
        matches!(
            path.last(),
            "Vec" | "VecDeque" | "HashMap" | "BTreeMap" | "IndexMap" | "Mutex" | "RwLock" | "RefCell" | "Cell"
        ) || path.arguments.iter().any(is_kept)
    })
}

fn build_function(natures: &Natures<'_>, at: ItemRef, item: &Item, received: Constructor) -> Orchestrator {
    let project = natures.project;
    let function = FunctionRef { item: at, index: 0 };
    Orchestrator {
        item: at,
        path: project.item_path(at),
        name_place: project.place(at.module, item.name_span),
        place: project.place(at.module, item.span),
        is_function: true,
        layer: layer(item),
        kind: None,
        collaborators: received.collaborators.clone(),
        operations: vec![Operation { name: item.name.clone(), function, visible: true, fields: Vec::new() }],
        constructors: vec![received],
        widest: Some(0),
        code: vec![function],
        own_code: Vec::new(),
    }
}

/// The `layer = "…"` of an `orchestrator` attribute.
fn layer(item: &Item) -> Option<SmolStr> {
    Mark::of(&item.attributes)?.layer
}

fn whole_place(natures: &Natures<'_>, at: ItemRef, item: &Item) -> Place {
    let project = natures.project;
    let file = project.module(at.module).file;
    let blocks = natures.project.impls(at).filter(|(block, _)| project.module(block.module).file == file);
    let end = blocks.map(|(block, _)| project.item(block).span.end).fold(item.span.end, u32::max);
    Place::new(file, Span::new(item.span.start, end))
}

/// The methods of a type that are not constructors, with the fields that each uses.
fn operations(natures: &Natures<'_>, at: ItemRef, makers: &FxHashSet<FunctionRef>) -> Vec<Operation> {
    let mut found = Vec::new();
    let mut calls: Vec<Vec<SmolStr>> = Vec::new();
    for (block, inner) in natures.project.impls(at) {
        for (index, function) in inner.functions.iter().enumerate() {
            let reference = FunctionRef { item: block, index: index as u32 };
            if function.test
                || function.receiver.is_none()
                || makers.contains(&reference)
                || is_setter(function, &natures.project.item(at).name)
            {
                continue;
            }
            let (fields, called) = uses(function);
            let visible = inner.of_trait.is_some() || function.visibility != Visibility::Private;
            found.push(Operation { name: function.name.clone(), function: reference, visible, fields });
            calls.push(called);
        }
    }
    share_fields(&mut found, &calls);
    found
}

/// `with_clock(self, …) -> Self`, or with the name of its type, makes a changed copy, and `build(self) -> Checkout` of a
/// builder makes what it was told: neither is an operation.
fn is_setter(function: &Function, own: &str) -> bool {
    let returns_self = |ty: &Type| ty.referent().path().is_some_and(|path| path.path == "Self" || path.path == own);
    let changed = function.receiver.is_some() && function.output.as_ref().is_some_and(returns_self);
    changed || (function.name == "build" && function.parameters.is_empty())
}

/// The fields of `self` that a function names, and the methods of `self` that it calls.
fn uses(function: &Function) -> (Vec<SmolStr>, Vec<SmolStr>) {
    let mut fields = Vec::new();
    let mut called = Vec::new();
    let Some(body) = &function.body else { return (fields, called) };
    for (_, node) in body.nodes() {
        match &node.expr {
            Expr::Field(base, name) if body.is_self(*base) => fields.push(name.clone()),
            Expr::MethodCall(receiver, name, _) if body.is_self(*receiver) => called.push(name.clone()),
            _ => {}
        }
    }
    fields.sort_unstable();
    fields.dedup();
    called.sort_unstable();
    called.dedup();
    (fields, called)
}

/// Adds to each operation the fields of the operations that it calls, to any depth.
fn share_fields(operations: &mut [Operation], calls: &[Vec<SmolStr>]) {
    let mut by_name: FxHashMap<SmolStr, Vec<usize>> = FxHashMap::default();
    for (number, operation) in operations.iter().enumerate() {
        by_name.entry(operation.name.clone()).or_default().push(number);
    }
    let called: Vec<Vec<usize>> = calls
        .iter()
        .enumerate()
        .map(|(caller, names)| {
            let named = names.iter().filter_map(|name| by_name.get(name)).flatten();
            named.copied().filter(|other| *other != caller).collect()
        })
        .collect();
    loop {
        let mut changed = false;
        for (caller, called) in called.iter().enumerate() {
            let more: Vec<SmolStr> =
                called.iter().flat_map(|other| operations[*other].fields.iter()).cloned().collect();
            let own = &mut operations[caller].fields;
            let before = own.len();
            own.extend(more);
            own.sort_unstable();
            own.dedup();
            changed |= own.len() > before;
        }
        if !changed {
            return;
        }
    }
}

/// What a parameter or field of that nature brings: nothing, itself, or what its bundle holds.
fn from_nature(
    project: &Project,
    nature: Nature,
    name: &SmolStr,
    place: Place,
    ty: Span,
    cfg: &SmolStr,
) -> Vec<Collaborator> {
    match nature {
        Nature::Value => Vec::new(),
        Nature::Collaborator(role) => {
            let member = Member { name: name.clone(), role, place, ty };
            vec![Collaborator { cfg: cfg.clone(), ..collaborator(project, member, None, "") }]
        }
        Nature::Bundle(bundle, members) => {
            members.into_iter().map(|member| collaborator(project, member, Some(bundle), cfg)).collect()
        }
    }
}

fn collaborator(project: &Project, member: Member, bundle: Option<ItemRef>, cfg: &str) -> Collaborator {
    let Member { name, role, place, ty } = member;
    Collaborator {
        name,
        shown: role.name,
        why: role.why,
        place,
        ty,
        bundle: bundle.map(|bundle| project.item(bundle).name.clone()),
        telemetry: role.telemetry,
        port: role.port,
        outside: role.outside,
        cfg: cfg.into(),
    }
}
