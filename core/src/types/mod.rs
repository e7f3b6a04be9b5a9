//! What type something has, as far as signatures tell.
//!
//! Fields, parameters, results and local variables get their types from what the project itself
//! writes down: the fields of structs, the signatures of functions, the bounds of parameters. Of
//! the standard library and a few well-known crates there is a table of signatures (`outside/std.txt`).
//! This is no type checker. It goes through a body once, from top to bottom, takes what it meets
//! for right, and what it cannot tell is [`Ty::Unknown`]: nothing is guessed.
//!
//! [`Types::of_body`] says of one function what type each of its expressions and bindings has,
//! which function each call means, and which `impl` blocks are used without being named: those of
//! operators, of `?`, of `for`, of `*` and of `{}` in format strings. Method calls are resolved as
//! the language does: receivers are dereferenced step by step, inherent methods go before those of
//! traits, and where several traits have one, the trait in scope is meant.
//!
//! Bodies may nest as deeply as files may, so ask on a thread with
//! [`STACK_BYTES`](crate::parse::STACK_BYTES) of stack.
//!
//! # Limits
//!
//! - A type is fixed where it is introduced. What only a later use would fix (`let mut a =
//!   Vec::new();`, then a push through a reference) stays open; a later method call on the variable
//!   itself does fix it.
//! - Facts do not tell `&T` from `&mut T`, nor `[T]` from `[T; N]`. They have no labels: a
//!   `break 'outer value` counts for the innermost loop.
//! - `self: Arc<Self>` counts as `self`.
//! - That a place is changed is told by an assignment, by `&mut` and by methods that take `&mut self`, not by a
//!   coercion or a pattern.
//! - What a macro of the project or of a crate makes is not known, apart from its name; derives are
//!   known by name. Test code is left out, and so are its `impl` blocks.
//! - Whether an `impl` block with bounds is for a type is told by the traits of the bounds; their
//!   arguments and associated types are not compared.
//! - Of what happens inside of outside functions a few uses are known: by the bounds in the table, such as the
//!   `IntoIterator` of `zip`, and by the names of the functions, such as the `Ord` that a `sort` needs, the `Default` of
//!   `unwrap_or_default` and the `Hash` of the keys of a map. A copy is known only where a list repeats a value, and in
//!   `copied` and `Cell::get`.
//! - Outside types have the methods that the table lists. All others have a [`Callee`] by path, and
//!   results that are not known.
//! - An expression of unknown type takes on the type that its place asks for, `let a: T = f();`. The
//!   language may have converted it there, as in `&String` to `&str`.
//! - Bodies exist where files were parsed with [`Need::Bodies`](crate::parse::Need::Bodies).

mod bodies;
mod body;
mod bounds;
mod declared;
mod implicit;
mod impls;
mod lower;
mod methods;
mod outside;
mod questions;
mod traits;
mod ty;
mod unify;

pub(crate) use bodies::Bodies;
pub use body::BodyTypes;
pub use implicit::ImplicitUse;
pub(crate) use implicit::uses as implicit_uses;
pub use methods::Callee;
pub use ty::{Associated, Bound, Callable, Named, Outside, Parameter, Trait, Ty};

use crate::facts::{Field, Function, Item, ItemKind, Value};
use crate::link::{FunctionRef, ItemRef, ModuleId, Project, Space, Target, TraitScopes};
use crate::source::Span;
use impls::Head;
pub(crate) use impls::Impls;
use lower::Site;
use methods::Signature;
use outside::Library;
use questions::Questions;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::sync::{Arc, LazyLock};
use unify::Substitution;

/// How many aliases, bounds or dereferences may lead to each other: more is a cycle that the compiler would reject.
const MOST_LEVELS: u32 = 24;

/// Answers what types things have. Answers are remembered, so ask one and the same.
#[derive(Debug)]
pub struct Types<'p> {
    project: &'p Project,
    library: &'static Library,
    /// The `impl` blocks for outside types.
    shared: Arc<Impls>,
    /// The blocks for the project's own types, as far as they were asked about.
    own: Impls,
    read: FxHashSet<ItemRef>,
    /// The functions of blocks that were asked for.
    functions: FxHashMap<(Head, SmolStr), Functions>,
    signatures: FxHashMap<FunctionRef, Arc<Signature>>,
    fields: FxHashMap<(ItemRef, Option<u32>), Fields>,
    selves: FxHashMap<ItemRef, Ty>,
    /// What paths lead to that stand in no block with names of its own.
    targets: FxHashMap<(ModuleId, Space), FxHashMap<SmolStr, Target>>,
    scopes: TraitScopes,
    questions: Questions,
    /// How many aliases and bounds are being followed.
    depth: u32,
    /// The blocks that the bound which is being followed has led to, with what their parameters are.
    taken: Vec<(u32, Substitution)>,
    /// What holds in the code that is being looked at because its head asks for it, and which type for.
    carried: Vec<(Ty, Bound)>,
}

/// Functions of one name, each with the block that gives it to a type.
type Functions = Arc<[(u32, FunctionRef)]>;

/// The fields of a struct or variant, with their types.
type Fields = Arc<[(SmolStr, Ty)]>;

/// A method of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// What is called.
    pub callee: Callee,
    /// The type it is found on, behind references and pointers.
    pub receiver: Ty,
    /// What it returns, with what the receiver says filled in; a future if it is `async`.
    pub output: Ty,
}

impl<'p> Types<'p> {
    /// Finds out which `impl` blocks of a project are for outside types, unless someone has before.
    /// Everything else is found when asked for.
    pub fn new(project: &'p Project) -> Self {
        let mut types = Self {
            project,
            library: Library::standard(),
            shared: Arc::default(),
            own: Impls::default(),
            read: FxHashSet::default(),
            functions: FxHashMap::default(),
            signatures: FxHashMap::default(),
            fields: FxHashMap::default(),
            selves: FxHashMap::default(),
            targets: FxHashMap::default(),
            scopes: TraitScopes::default(),
            questions: Questions::default(),
            depth: 0,
            taken: Vec::new(),
            carried: Vec::new(),
        };
        types.shared = Arc::clone(project.type_blocks(|| types.index()));
        types
    }

    /// The type of a field of a struct, in terms of the struct's parameters.
    pub fn field(&mut self, item: ItemRef, name: &str) -> Ty {
        let fields = self.fields_of(item, None);
        fields.iter().find(|(own, _)| own == name).map(|(_, ty)| ty.clone()).unwrap_or_default()
    }

    /// The type of the field `name` of a value, also behind references and pointers.
    pub fn field_of(&mut self, ty: &Ty, name: &str) -> Ty {
        self.find_field(ty, name).0
    }

    /// The type of a parameter of a function, by its position behind `self`.
    pub fn parameter(&mut self, function: FunctionRef, position: usize) -> Ty {
        let signature = self.signature(function);
        signature.and_then(|signature| signature.parameters.get(position).cloned()).unwrap_or_default()
    }

    /// What a function returns when it is called: a future if it is `async`.
    pub fn output(&mut self, function: FunctionRef) -> Ty {
        self.signature(function).map(|signature| signature.output.clone()).unwrap_or_default()
    }

    /// What a future is once it is awaited, also behind `Pin` and `Box`; unknown for everything else.
    pub fn awaited(&mut self, ty: &Ty) -> Ty {
        let found = self.project(ty, Some(&traits::standard("future::Future")), "Output");
        match found {
            Ty::Unknown => self.project(ty, Some(&traits::standard("future::IntoFuture")), "Output"),
            found => found,
        }
    }

    /// What a `for` loop over a value yields.
    pub fn iterated(&mut self, ty: &Ty) -> Ty {
        self.project(ty, Some(&traits::standard("iter::IntoIterator")), "Item")
    }

    /// The method `name` of a value, as code in module `from` that passes `arguments` arguments finds it.
    pub fn method(&mut self, ty: &Ty, name: &str, arguments: usize, from: ModuleId) -> Option<Method> {
        let found = self.find_method(ty, name, arguments, from)?;
        let signature = self.signature(found.function)?;
        let substitution = self.begin(&found);
        let output = self.closed(&signature.output, &substitution);
        Some(Method { callee: self.callee(&found), receiver: found.self_type, output })
    }

    /// The types of everything in a function's body; empty where there is no body. They are worked out
    /// once for the whole project, whoever asks.
    pub fn of_body(&mut self, function: FunctionRef) -> &'p BodyTypes {
        static NONE: LazyLock<BodyTypes> = LazyLock::new(BodyTypes::default);
        let project = self.project;
        project.bodies().get(project, function, || body::of(self, function)).unwrap_or(&NONE)
    }

    /// The types of everything in the value of a constant or static of a module. They are not kept.
    pub(crate) fn of_value(&mut self, module: ModuleId, value: &'p Value) -> BodyTypes {
        body::of_value(self, ItemRef { module, index: value.item }, value)
    }

    /// What a path of a module of the project leads to. Few paths occur once, and few see the names of a block.
    fn resolved(&mut self, module: ModuleId, path: &str, space: Space, place: Span) -> Target {
        let names = self.project.names();
        let known = self.targets.get(&(module, space)).and_then(|known| known.get(path));
        if let Some(known) = known
            && names.is_outside_of_blocks(module, place)
        {
            return known.clone();
        }
        let target = names.resolve_at(module, path, space, place).target;
        if known.is_none() && names.is_outside_of_blocks(module, place) {
            self.targets.entry((module, space)).or_default().insert(path.into(), target.clone());
        }
        target
    }

    fn item(&self, item: ItemRef) -> Option<&'p Item> {
        if Library::has(item) { self.library.item(item) } else { Some(self.project.item(item)) }
    }

    fn function(&self, function: FunctionRef) -> Option<&'p Function> {
        match &self.item(function.item)?.kind {
            ItemKind::Function(free) => Some(free),
            ItemKind::Impl(block) => block.functions.get(function.index as usize),
            ItemKind::Trait(item) => item.functions.get(function.index as usize),
            _ => None,
        }
    }

    /// The fields of a struct, or of the variant of that number, in terms of the item's parameters.
    fn fields_of(&mut self, item: ItemRef, variant: Option<u32>) -> Fields {
        if let Some(known) = self.fields.get(&(item, variant)) {
            return Arc::clone(known);
        }
        let declared: &[Field] = match (self.item(item).map(|item| &item.kind), variant) {
            (Some(ItemKind::Struct(declared)), None) => &declared.fields,
            (Some(ItemKind::Enum(declared)), Some(number)) => {
                declared.variants.get(number as usize).map_or(&[], |variant| &variant.fields)
            }
            _ => &[],
        };
        let site = Site::item(item);
        let fields: Arc<[_]> = declared.iter().map(|field| (field.name.clone(), self.lower(site, &field.ty))).collect();
        self.fields.insert((item, variant), Arc::clone(&fields));
        fields
    }

    /// The parameters of a struct or enum, as a type of it says them.
    fn arguments_of(&self, item: ItemRef, arguments: &[Ty]) -> Substitution {
        match self.generics_of(item) {
            Some(generics) => Substitution::of_item(item, generics, arguments),
            None => Substitution::default(),
        }
    }

    /// The type of a field, and the `Deref` blocks on the way to it.
    fn find_field(&mut self, ty: &Ty, name: &str) -> (Ty, Vec<ItemRef>) {
        let mut at = ty.clone();
        let mut derefs = Vec::new();
        for _ in 0..MOST_LEVELS {
            if let Ty::Tuple(parts) = &at {
                let part = name.parse().ok().and_then(|position: usize| parts.get(position));
                return (part.cloned().unwrap_or_default(), derefs);
            }
            if let Some((item, arguments)) = self.declared(&at) {
                let fields = self.fields_of(item, None);
                if let Some((_, field)) = fields.iter().find(|(own, _)| own == name) {
                    let substitution = self.arguments_of(item, arguments);
                    return (self.closed(field, &substitution), derefs);
                }
            }
            let Some((next, block)) = self.dereferenced(&at) else { break };
            derefs.extend(block);
            at = next;
        }
        (Ty::Unknown, derefs)
    }
}

#[cfg(test)]
mod tests;
