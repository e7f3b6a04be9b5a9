//! What some code adds to types that are not its own, and how code looks that may use it.
//!
//! An `impl` block is used without being named: by a method, an operator, a `?`. Only an item that
//! says one of its words can do so, and typing bodies is dear, so all others are passed over.

use super::names::{ItemRef, Target};
use super::{CrateId, ModuleId, Project};
use crate::facts::body::{Body, Expr};
use crate::facts::types::last_segment;
use crate::facts::{Bound, Field, Function, Generics, ImplItem, Item, ItemKind, PathType, Type, TypeKind, Value};
use crate::lexer::words;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// `impl` blocks that are used without being named.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    blocks: BTreeSet<ItemRef>,
}

impl Extensions {
    /// The blocks of outer modules for types that are not outer, in the crates that the core sees.
    pub(super) fn of_the_shell(project: &Project, visible: &BTreeSet<CrateId>) -> Self {
        let outer = |module: ModuleId| project.module(module).is_outer();
        let modules =
            project.modules().filter(|(id, module)| outer(*id) && !module.test && visible.contains(&module.krate));
        let blocks = modules.flat_map(|(id, _)| blocks_in(project, id));
        let adds = |block: &ItemRef| match self_type(project, *block) {
            Some(Target::Item(of)) => !outer(of.module),
            _ => true,
        };
        Self { blocks: blocks.filter(adds).collect() }
    }

    /// Adds blocks. Says whether one of them is new.
    pub(super) fn add(&mut self, blocks: impl Iterator<Item = ItemRef>) -> bool {
        let known = self.blocks.len();
        self.blocks.extend(blocks);
        self.blocks.len() > known
    }

    /// How code looks that may use one of them.
    pub(super) fn triggers(&self, project: &Project) -> Triggers {
        let mut triggers = Triggers::default();
        for &block in &self.blocks {
            if let ItemKind::Impl(inner) = &project.item(block).kind {
                triggers.add(project, block.module, inner);
            }
        }
        triggers.add_asking(project, &self.blocks);
        triggers
    }
}

/// The `impl` blocks of a module that are no test code.
pub(super) fn blocks_in(project: &Project, module: ModuleId) -> impl Iterator<Item = ItemRef> {
    let items = project.scope(module).items.iter().enumerate();
    let is_block = |item: &Item| matches!(item.kind, ItemKind::Impl(_)) && !item.test;
    items.filter(move |(_, item)| is_block(item)).map(move |(index, _)| ItemRef { module, index: index as u32 })
}

/// The traits, with what they convert into, that a function may ask for because of a block.
fn asked_by(project: &Project, block: ItemRef) -> Vec<(&str, &str)> {
    let ItemKind::Impl(inner) = &project.item(block).kind else { return Vec::new() };
    let Some(of_trait) = &inner.of_trait else { return Vec::new() };
    let of = inner.self_type.referent().path().map_or("", PathType::last);
    match of_trait.last() {
        "From" => vec![("From", ""), ("Into", of)],
        "TryFrom" => vec![("TryFrom", ""), ("TryInto", of)],
        "Display" => vec![("Display", ""), ("ToString", "")],
        name => vec![(name, "")],
    }
}

/// The items of a module whose declarations have bounds, apart from functions.
fn items_with_bounds(project: &Project, module: ModuleId) -> impl Iterator<Item = ItemRef> {
    let items = project.scope(module).items.iter().enumerate();
    let bounded = items.filter(|(_, item)| !item.test && bounds_in(&item.kind).next().is_some());
    bounded.map(move |(index, _)| ItemRef { module, index: index as u32 })
}

/// What the declaration of a type, trait or block asks of its parameters, and a trait of who has it.
fn bounds_in(kind: &ItemKind) -> impl Iterator<Item = &Bound> {
    let (generics, of_trait) = match kind {
        ItemKind::Struct(declared) => (Some(&declared.generics), None),
        ItemKind::Enum(declared) => (Some(&declared.generics), None),
        ItemKind::Trait(declared) => (Some(&declared.generics), Some(declared)),
        ItemKind::Impl(block) => (Some(&block.generics), None),
        _ => (None, None),
    };
    let supertraits = of_trait
        .into_iter()
        .flat_map(|declared| declared.supertraits.iter().chain(declared.types.iter().flat_map(|(_, bounds)| bounds)));
    generics.into_iter().flat_map(bounds_of_generics).chain(supertraits)
}

fn bounds_of_generics(generics: &Generics) -> impl Iterator<Item = &Bound> {
    let own = generics.parameters.iter().flat_map(|(_, bounds)| bounds);
    own.chain(generics.predicates.iter().flat_map(|(_, bounds)| bounds))
}

/// What a function asks of its own parameters.
fn bounds_of(function: &Function) -> impl Iterator<Item = &Bound> {
    let passed = function.parameters.iter().flat_map(|parameter| abstracted(&parameter.ty));
    bounds_of_generics(&function.generics).chain(passed)
}

/// The fields of a type.
fn fields_of(kind: &ItemKind) -> impl Iterator<Item = &Field> {
    let (own, variants): (&[_], &[_]) = match kind {
        ItemKind::Struct(declared) => (&declared.fields, &[]),
        ItemKind::Enum(declared) => (&[], &declared.variants),
        _ => (&[], &[]),
    };
    own.iter().chain(variants.iter().flat_map(|variant| &variant.fields))
}

/// The bounds of a type that is known by these, also in a pointer or a list.
fn abstracted(ty: &Type) -> &[Bound] {
    match &ty.kind {
        TypeKind::Impl(bounds) | TypeKind::Dyn(bounds) => bounds,
        TypeKind::Reference(inner) | TypeKind::List(inner) => abstracted(inner),
        TypeKind::Path(path) => path.arguments.last().map_or(&[], abstracted),
        _ => &[],
    }
}

/// What a block is for; `None` for a parameter, and for what no path names.
pub(super) fn self_type(project: &Project, block: ItemRef) -> Option<Target> {
    let declared = project.item(block);
    let ItemKind::Impl(inner) = &declared.kind else { return None };
    let path = inner.self_type.referent().path().filter(|path| !inner.generics.has(&path.path))?;
    Some(project.names().type_item_at(block.module, &path.path, declared.span))
}

/// The words and marks of which code has one that uses a block.
#[derive(Debug, Default)]
pub(crate) struct Triggers {
    words: FxHashSet<SmolStr>,
    /// Fields that hold objects.
    fields: FxHashSet<SmolStr>,
    /// `?`, which converts errors.
    tries: bool,
    /// A macro call, which may format something.
    calls: bool,
    /// An operator, a loop, a dereference: any code may use it.
    any: bool,
}

impl Triggers {
    fn add(&mut self, project: &Project, module: ModuleId, block: &ImplItem) {
        self.words.extend(block.functions.iter().map(|function| function.name.clone()));
        self.words.extend(block.constants.iter().map(|(name, _)| name.clone()));
        let Some(of_trait) = &block.of_trait else { return };
        self.words.insert(of_trait.last().into());
        match project.names().type_item(module, &of_trait.path) {
            Target::Item(item) => {
                if let ItemKind::Trait(declared) = &project.item(item).kind {
                    self.words.extend(declared.functions.iter().map(|function| function.name.clone()));
                    self.words.extend(declared.constants.iter().map(|(name, _)| name.clone()));
                }
            }
            Target::Outside(package, path) => {
                if matches!(package.as_str(), "std" | "core" | "alloc") {
                    self.add_standard(last_segment(&path));
                }
            }
            _ => self.add_standard(of_trait.last()),
        }
    }

    /// Adds the functions that ask for a trait which one of the blocks gives: whoever calls one uses the block.
    fn add_asking(&mut self, project: &Project, blocks: &BTreeSet<ItemRef>) {
        let mut given: FxHashSet<(&str, &str)> = blocks.iter().flat_map(|block| asked_by(project, *block)).collect();
        if given.is_empty() {
            return;
        }
        self.add_bounded(project, &mut given);
        self.add_aliases(project);
        let names: FxHashSet<&str> = given.iter().map(|(of_trait, _)| *of_trait).collect();
        for (id, module) in project.modules().filter(|(_, module)| !module.test) {
            if module.is_outer() {
                continue;
            }
            for item in &project.scope(id).items {
                // What is put into a field becomes an object.
                let is_object = |bound: &Bound| given.contains(&(bound.last(), ""));
                for field in fields_of(&item.kind).filter(|field| abstracted(&field.ty).iter().any(is_object)) {
                    self.words.insert(item.name.clone());
                    self.fields.insert(field.name.clone());
                }
            }
            for function in project.scope(id).items.iter().flat_map(|item| item.kind.functions()) {
                let mut bounds = bounds_of(function);
                // What a conversion is asked into is said by the argument; all else is the same for all.
                let is_given = |bound: &Bound| {
                    let into = bound.arguments.first().and_then(Type::path).map_or("", PathType::last);
                    let into = if matches!(bound.last(), "Into" | "TryInto") { into } else { "" };
                    // What `Self` or a parameter is, the call says.
                    let is_open = into == "Self" || function.generics.has(into);
                    given.contains(&(bound.last(), into)) || (is_open && names.contains(bound.last()))
                };
                if bounds.any(is_given) {
                    self.words.insert(function.name.clone());
                }
            }
        }
    }

    /// Adds the types, traits and blocks whose declarations ask for a trait which is given. What such a block gives is
    /// given by it, too.
    fn add_bounded<'p>(&mut self, project: &'p Project, given: &mut FxHashSet<(&'p str, &'p str)>) {
        let modules = project.modules().filter(|(_, module)| !module.test && !module.is_outer());
        let all: Vec<ItemRef> = modules.flat_map(|(module, _)| items_with_bounds(project, module)).collect();
        let mut asking: FxHashMap<&str, Vec<ItemRef>> = FxHashMap::default();
        for &item in &all {
            for bound in bounds_in(&project.item(item).kind) {
                asking.entry(bound.last()).or_default().push(item);
            }
        }
        let mut open: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
        while let Some(name) = open.pop() {
            // Each name is looked at once, however long a chain of blocks asks for each other's.
            for item in asking.remove(name).into_iter().flatten() {
                let declared = project.item(item);
                match &declared.kind {
                    ItemKind::Impl(block) => {
                        self.add_block(project, item.module, block);
                        let more = asked_by(project, item);
                        open.extend(more.iter().map(|(name, _)| *name));
                        given.extend(more);
                    }
                    _ => {
                        self.words.insert(declared.name.clone());
                    }
                }
            }
        }
    }

    /// Adds the aliases of types that are among the words.
    fn add_aliases(&mut self, project: &Project) {
        for (id, _) in project.modules().filter(|(_, module)| !module.test && !module.is_outer()) {
            for item in &project.scope(id).items {
                if let ItemKind::Alias(alias) = &item.kind
                    && alias.ty.path().is_some_and(|path| self.has_word(path.last()))
                {
                    self.words.insert(item.name.clone());
                }
            }
        }
    }

    /// Adds what uses a block: the methods, and the type where that has functions which are no methods.
    fn add_block(&mut self, project: &Project, module: ModuleId, block: &ImplItem) {
        let methods = |functions: &[Function]| {
            let methods = functions.iter().filter(|function| function.receiver.is_some());
            methods.map(|function| function.name.clone()).collect::<Vec<_>>()
        };
        self.words.extend(methods(&block.functions));
        let of = block.self_type.referent().path().filter(|path| !block.generics.has(&path.path));
        self.words.extend(of.map(|path| SmolStr::from(path.last())));
        let Some(of_trait) = &block.of_trait else { return };
        self.words.insert(of_trait.last().into());
        if let Target::Item(item) = project.names().type_item(module, &of_trait.path)
            && let ItemKind::Trait(declared) = &project.item(item).kind
        {
            self.words.extend(methods(&declared.functions));
        }
    }

    /// Adds what uses a trait of the standard library.
    fn add_standard(&mut self, of_trait: &str) {
        let words: &[&str] = match of_trait {
            "From" | "Into" | "TryFrom" | "TryInto" => {
                self.tries = true;
                &["from", "into", "try_from", "try_into"]
            }
            "Display" => {
                self.calls = true;
                &["to_string"]
            }
            "Debug" => {
                self.calls = true;
                &["expect", "expect_err", "unwrap", "unwrap_err"]
            }
            "Binary" | "LowerExp" | "LowerHex" | "Octal" | "Pointer" | "UpperExp" | "UpperHex" => {
                self.calls = true;
                &[]
            }
            "FromStr" => &["parse"],
            "Default" => &["or_default", "partition", "take", "unwrap_or_default"],
            "FromIterator" => &["collect"],
            "Sum" => &["sum"],
            "Product" => &["product"],
            "Clone" => &[
                "clone_from",
                "cloned",
                "extend_from_slice",
                "fill",
                "into_owned",
                "make_mut",
                "resize",
                "to_mut",
                "to_owned",
                "to_vec",
                "unwrap_or_clone",
                "vec",
            ],
            "AsRef" => &["Path", "join", "with_extension", "with_file_name"],
            "Extend" => &["partition"],
            "Error" => {
                self.tries = true;
                &["cause", "description", "into", "source"]
            }
            "AsMut" | "BorrowMut" | "Send" | "Sync" | "ToString" | "Unpin" => &[],
            // Those of keys, of copies, and of what is lent: nearly any code may use them.
            _ => {
                self.any = true;
                &[]
            }
        };
        self.words.extend(words.iter().map(|word| SmolStr::new_static(word)));
    }

    /// Whether there is nothing to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && !self.any
    }

    /// Whether a text has one of them.
    pub(super) fn in_text(&self, text: &str) -> bool {
        self.any
            || (self.tries && text.contains('?'))
            || (self.calls && text.contains('!'))
            || (!self.words.is_empty()
                && words(text).any(|word| self.words.contains(word) || self.fields.contains(word)))
    }

    /// Whether a name is one of the words.
    pub(crate) fn has_word(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// Whether a function has one of them.
    pub(crate) fn in_function(&self, function: &Function) -> bool {
        self.any || function.body.as_ref().is_some_and(|body| self.in_body(body) || self.in_signature(function))
    }

    /// Whether the value of a constant or static has one of them.
    pub(crate) fn in_value(&self, value: &Value) -> bool {
        self.any || self.in_body(&value.body) || self.in_object(&value.ty)
    }

    /// Whether a function has to do with an object of one of the traits: a value becomes one without a word.
    fn in_signature(&self, function: &Function) -> bool {
        let passed = function.parameters.iter().map(|parameter| &parameter.ty);
        passed.chain(&function.output).any(|ty| self.in_object(ty))
            || function.output.as_ref().is_some_and(|ty| abstracted(ty).iter().any(|bound| self.has_word(bound.last())))
    }

    /// Whether a type has an object of one of the traits in it.
    fn in_object(&self, ty: &Type) -> bool {
        match &ty.kind {
            TypeKind::Dyn(bounds) => bounds.iter().any(|bound| self.words.contains(bound.last())),
            TypeKind::Path(path) => path.arguments.iter().any(|ty| self.in_object(ty)),
            TypeKind::Reference(inner) | TypeKind::List(inner) => self.in_object(inner),
            TypeKind::Tuple(parts) => parts.iter().any(|ty| self.in_object(ty)),
            _ => false,
        }
    }

    fn in_body(&self, body: &Body) -> bool {
        let annotated = body.annotations().any(|ty| self.in_object(ty));
        annotated
            || body.nodes().any(|(_, node)| match &node.expr {
                Expr::MethodCall(_, name, _) => self.words.contains(name),
                Expr::Field(_, name) => self.fields.contains(name),
                Expr::Path(path) | Expr::Struct(path, ..) => path.split("::").any(|name| self.words.contains(name)),
                Expr::Typed(_, ty) => self.in_object(ty),
                Expr::Try(_) => self.tries,
                Expr::Macro(path, _) | Expr::OpaqueMacro(path) => self.calls || self.has_word(last_segment(path)),
                _ => false,
            })
    }
}
