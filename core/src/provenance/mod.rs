//! Where the values in an orchestrator's code come from.
//!
//! What may be done with a value depends on its origin: an orchestrator may count attempts, but not
//! money. [`Provenance::of_function`] goes through a body once from top to bottom, and again
//! where a loop assigns, and says of each expression which [`Origin`] its value has and by which [`Step`]s it came:
//! through bindings, patterns, closures, iterator chains, `?`, `.await` and the arguments of macros.
//! Types and callees come from [`Types`](crate::types::Types). Nothing is guessed from a name but one
//! thing: what is called an attempt, a delay or a page is [`Origin::Technical`].
//!
//! [`logic`] says what of it is business logic.
//!
//! # Limits
//!
//! - A private helper's parameters have the origins of the arguments that the orchestrator's own code
//!   passes; what others pass is data.
//! - Two variables of one name in different arms of `p | q` are one.
//! - The arguments of macros that are not expressions, as in `json!`, are not seen.

mod bind;
mod calls;
mod context;
pub mod logic;
mod methods;
mod returns;
mod technical;
mod walk;

pub use context::{Fate, Outcome};
pub use technical::Technical;

use crate::facts::body::{Body, ExprId, PatternId};
use crate::facts::types::last_segment;
use crate::facts::{Function, ItemKind, Type, TypeKind, Visibility};
use crate::link::{FunctionRef, ItemRef, Orchestrator, Project, RoleKind, Target};
use crate::source::Span;
use crate::types::{BodyTypes, Ty, Types};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::fmt;

/// Where a value comes from: what an orchestrator may do with it depends on nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody knows, and nothing may be concluded from it.
    #[default]
    Unknown,
    /// A collaborator, or the orchestrator itself.
    Collaborator,
    /// An error that something else made.
    Failure,
    /// Whether something holds, as this code has just found out.
    Test,
    /// Written down in place: a literal, a variant, what is put together from such.
    Literal,
    /// A named constant.
    Constant,
    /// A setting of the orchestrator: a field that is no collaborator, a parameter of its constructor.
    Configuration,
    /// The clock.
    Clock,
    /// How many there are of something.
    Size,
    /// Attempts, delays, deadlines, indexes, pages, identifiers that are made here, the world's own types.
    Technical,
    /// What a function of the core said.
    Decision,
    /// A whole thing that a port or a helper returned: whether it is there is no secret.
    Received,
    /// Domain data: a part of something received or of the request, a value of the core.
    Domain,
}

/// The value of an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// Where it comes from.
    pub origin: Origin,
    /// The last step on its way, if there is one.
    pub step: Option<StepId>,
}

/// A step: its number among those of the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepId(u32);

/// One step on the way of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it happens.
    pub span: Span,
    /// What happens there.
    pub way: Way,
    /// The step before.
    pub from: Option<StepId>,
}

/// What can happen to a value on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is a parameter of the function.
    Parameter(SmolStr),
    /// Someone who was called passes it to a closure, or a pattern takes it out.
    Bound(SmolStr),
    /// It is that field of what was there before.
    Field(SmolStr),
    /// A setting of the orchestrator.
    Setting(SmolStr),
    /// A port or another part of the shell returned it.
    Port(SmolStr),
    /// A function of the core returned it.
    Core(SmolStr),
    /// A function of the orchestrator's own code returned it.
    Helper(SmolStr),
    /// A constant.
    Constant(SmolStr),
    /// The clock said it.
    Clock,
    /// It is calculated.
    Calculated,
}

impl fmt::Display for Way {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(name) => write!(out, "`{name}` is what the caller passes"),
            Self::Bound(name) => write!(out, "`{name}` holds it, or a part of it"),
            Self::Field(name) => write!(out, "`{name}` is a part of it"),
            Self::Setting(name) => write!(out, "`{name}` is a field of the orchestrator"),
            Self::Port(name) => write!(out, "`{name}` returns it from outside of the core"),
            Self::Core(name) => write!(out, "`{name}` of the core returns it"),
            Self::Helper(name) => write!(out, "`{name}` returns it"),
            Self::Constant(name) => write!(out, "`{name}` is a constant"),
            Self::Clock => write!(out, "the clock is asked"),
            Self::Calculated => write!(out, "it is calculated"),
        }
    }
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name.
    pub name: SmolStr,
    /// What it holds.
    pub value: Value,
    /// The pattern that binds it; `None` for a parameter.
    pub pattern: Option<PatternId>,
    /// The expression whose value, or a part of it, it holds.
    pub from: Option<ExprId>,
    /// Where it is named.
    pub uses: Vec<ExprId>,
}

/// What is known about one body.
#[derive(Debug)]
pub struct Provenance<'p> {
    /// The project.
    pub project: &'p Project,
    /// The function.
    pub function: FunctionRef,
    /// Its declaration.
    pub declared: &'p Function,
    /// Its body.
    pub body: &'p Body,
    /// The types of its expressions.
    pub types: &'p BodyTypes,
    /// Which names are technical.
    pub technical: &'p Technical,
    values: Vec<Value>,
    steps: Vec<Step>,
    locals: Vec<Local>,
    named: FxHashMap<ExprId, usize>,
    parents: Vec<Option<ExprId>>,
    /// The variables that hold an expression's value or parts of it.
    bound: FxHashMap<ExprId, Vec<usize>>,
    /// What becomes of each variable, as far as it is known yet.
    fates: Vec<Option<Fate>>,
    /// The origins of what is passed to the functions of the same code.
    passed: Vec<(FunctionRef, Vec<Origin>)>,
}

/// What of an orchestrator the search through its bodies has to know.
#[derive(Debug)]
pub struct Owner<'p> {
    project: &'p Project,
    item: ItemRef,
    technical: &'p Technical,
    collaborators: FxHashSet<SmolStr>,
    /// Those that come in a bundle, with their types: a parameter that is called like one may be anything.
    bundled: FxHashMap<SmolStr, SmolStr>,
    code: FxHashSet<FunctionRef>,
    /// What is passed to private functions, by position.
    passed: FxHashMap<FunctionRef, Vec<Origin>>,
}

impl<'p> Owner<'p> {
    /// Of an orchestrator.
    pub fn new(project: &'p Project, orchestrator: &Orchestrator, technical: &'p Technical) -> Self {
        let collaborators = orchestrator.constructors.iter().flat_map(|constructor| &constructor.collaborators);
        let collaborators: Vec<_> = collaborators.chain(&orchestrator.collaborators).collect();
        let bundled = collaborators.iter().filter(|one| one.bundle.is_some());
        Self {
            project,
            item: orchestrator.item,
            technical,
            bundled: bundled.map(|one| (one.name.clone(), one.shown.clone())).collect(),
            collaborators: collaborators.iter().map(|one| one.name.clone()).collect(),
            code: orchestrator.code.iter().copied().collect(),
            passed: FxHashMap::default(),
        }
    }

    /// Whether a parameter of that name and type hands a collaborator on.
    fn hands_on(&self, name: &str, ty: &Type) -> bool {
        self.collaborators.contains(name) && self.bundled.get(name).is_none_or(|shown| names_type(ty, shown))
    }

    /// Whether a type that is declared beside orchestrators keeps track of a run: it is called so, or it
    /// begins empty. What is read from outside is a request, also where it may be left out.
    fn tracks_run(&self, function: FunctionRef, ty: &Type) -> bool {
        let path = ty.referent().path().map(|path| path.path.as_str()).unwrap_or_default();
        let Target::Item(item) = self.project.names().type_item(function.item.module, path) else { return false };
        let declared = self.project.item(item);
        let derives = |name: &str| {
            let mut lists = declared.attributes.iter().filter(|attribute| attribute.path == "derive");
            lists.any(|list| list.arguments.split(',').any(|one| last_segment(one.trim()) == name))
        };
        let starts_empty = derives("Default") && !derives("Deserialize");
        self.project.module(item.module).has_role(RoleKind::Orchestrator)
            && (technical::is_progress(&declared.name) || starts_empty)
    }

    /// What `self` is in a function: the orchestrator, a value of the core that a helper belongs to, or
    /// something else that helps.
    fn of_self(&self, function: FunctionRef) -> Origin {
        let ItemKind::Impl(block) = &self.project.item(function.item).kind else { return Origin::Collaborator };
        let path = block.self_type.referent().path().map(|path| path.path.as_str()).unwrap_or_default();
        match self.project.names().type_item(function.item.module, path) {
            Target::Item(item) if item == self.item => Origin::Collaborator,
            Target::Item(item) if self.project.module(item.module).is_core() => Origin::Received,
            Target::Item(_) if !self.project.module(function.item.module).has_role(RoleKind::Orchestrator) => {
                Origin::Collaborator
            }
            Target::Item(_) => Origin::Unknown,
            _ => Origin::Collaborator,
        }
    }

    /// Notes what a function passes to others, so that they can be looked at with that.
    pub fn learn(&mut self, from: &Provenance<'_>) {
        for (callee, origins) in &from.passed {
            let known = self.passed.entry(*callee).or_insert_with(|| vec![Origin::Unknown; origins.len()]);
            for (known, origin) in known.iter_mut().zip(origins) {
                *known = stronger(*known, *origin);
            }
        }
    }

    /// Whether what was learned says more of a function's parameters than its declaration.
    pub fn knows_better(&self, function: FunctionRef) -> bool {
        (0..self.passed.get(&function).map_or(0, Vec::len)).any(|at| self.origin_of_parameter(function, at).is_some())
    }

    /// Where a parameter comes from, if the function is called by the same code and by nobody else.
    fn origin_of_parameter(&self, function: FunctionRef, position: usize) -> Option<Origin> {
        let declared = self.project.function(function)?;
        let private = declared.visibility == Visibility::Private;
        let passed = self.passed.get(&function)?.get(position).copied()?;
        (private && passed != Origin::Unknown).then_some(passed)
    }
}

impl<'p> Provenance<'p> {
    /// Looks at one function of an orchestrator's code; `None` where it has no body, or one that
    /// neither decides nor calculates nor passes anything to functions of its own.
    pub fn of_function(owner: &Owner<'p>, types: &mut Types<'p>, function: FunctionRef) -> Option<Self> {
        let declared = owner.project.function(function)?;
        let body = declared.body.as_ref().filter(|body| !body.is_empty() && logic::may_hold(body))?;
        let types = types.of_body(function);
        Some(walk::of(owner, function, declared, body, types))
    }

    /// The value of an expression.
    pub fn value(&self, id: ExprId) -> Value {
        self.values.get(id.index()).copied().unwrap_or_default()
    }

    /// The variable that a path names.
    pub fn local(&self, id: ExprId) -> Option<&Local> {
        self.named.get(&id).and_then(|number| self.locals.get(*number))
    }

    /// The variables that hold an expression's value or parts of it.
    pub fn bound_from(&self, id: ExprId) -> impl Iterator<Item = &Local> {
        self.bound.get(&id).into_iter().flatten().map(|number| &self.locals[*number])
    }

    /// The expression around another.
    pub fn parent(&self, id: ExprId) -> Option<ExprId> {
        self.parents.get(id.index()).copied().flatten()
    }

    /// The steps by which a value came, the first one first.
    pub fn way(&self, value: Value) -> Vec<&Step> {
        let mut steps = Vec::new();
        let mut at = value.step;
        while let Some(step) = at.and_then(|id| self.steps.get(id.0 as usize)) {
            steps.push(step);
            at = step.from;
        }
        steps.reverse();
        steps
    }

    /// What an expression's type is to an orchestrator.
    pub fn nature(&self, id: ExprId) -> Nature {
        Nature::of(self.project, self.types.ty(id))
    }
}

/// What a type is to an orchestrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A number.
    Number,
    /// `bool`
    Flag,
    /// A string or character.
    Text,
    /// A moment: of the standard library, `chrono`, `time`, `jiff`.
    Moment,
    /// A length of time.
    Period,
    /// A struct or enum of the core.
    Core,
    /// A struct or enum of the project that is none of the core's.
    Own,
    /// What the world is made of: files, sockets, handles, clients, locks.
    Technical,
    /// An error.
    Failure,
    /// Something else.
    Other,
}

impl Nature {
    /// What a type is, behind references and smart pointers.
    pub fn of(project: &Project, ty: &Ty) -> Self {
        match ty {
            Ty::Reference(inner) => Self::of(project, inner),
            Ty::Primitive(name) if name == "bool" => Self::Flag,
            Ty::Primitive(name) if matches!(name.as_str(), "str" | "char") => Self::Text,
            Ty::Primitive(_) => Self::Number,
            Ty::Item(named) if technical::is_failure(&named.name) => Self::Failure,
            Ty::Item(named) if technical::is_signal(&named.name) => Self::Technical,
            Ty::Item(named) => {
                if project.module(named.item.module).has_role(RoleKind::Core) {
                    Self::Core
                } else {
                    Self::Own
                }
            }
            Ty::Outside(outside) => match (outside.path.as_str(), outside.arguments.as_slice()) {
                // Several errors are an error.
                ("vec::Vec", [inner]) if Self::of(project, inner) == Self::Failure => Self::Failure,
                ("boxed::Box" | "sync::Arc" | "rc::Rc" | "borrow::Cow", [inner, ..]) => Self::of(project, inner),
                ("string::String", _) => Self::Text,
                _ => technical::of_outside(&outside.package, &outside.path),
            },
            _ => Self::Other,
        }
    }

    /// Whether a type is a list of values of the core, also in tuples.
    pub fn holds_core(project: &Project, ty: &Ty) -> bool {
        let core = |inner: &Ty| match inner.referent() {
            Ty::Tuple(parts) => parts.iter().any(|part| Self::of(project, part) == Self::Core),
            inner => Self::of(project, inner) == Self::Core,
        };
        matches!(ty.referent(), Ty::Outside(outside)
            if outside.path == "vec::Vec" && outside.arguments.first().is_some_and(core))
    }

    /// Whether it can be calculated with or compared by size.
    pub const fn is_scalar(self) -> bool {
        matches!(self, Self::Number | Self::Text | Self::Moment | Self::Period)
    }
}

impl Value {
    const fn new(origin: Origin) -> Self {
        Self { origin, step: None }
    }

    /// The value of something that is made of both.
    fn joined(self, other: Self) -> Self {
        if stronger(self.origin, other.origin) == self.origin { self } else { other }
    }
}

/// Whether a type is one of that name or a trait object, also behind pointers.
fn names_type(ty: &Type, name: &str) -> bool {
    match &ty.kind {
        TypeKind::Reference(inner) => names_type(inner, name),
        TypeKind::Dyn(_) | TypeKind::Impl(_) => true,
        TypeKind::Path(path) => path.last() == name || path.arguments.iter().any(|inner| names_type(inner, name)),
        _ => false,
    }
}

/// What decides about something that is made of two.
fn stronger(one: Origin, other: Origin) -> Origin {
    one.max(other)
}
