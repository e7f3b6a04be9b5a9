//! Every `impl` block of the project and of the table, found by the type it is for and by method.

use super::Types;
use super::lower::Site;
use super::outside::Library;
use super::questions::{Answer, Question};
use super::ty::{Bound, Trait, Ty};
use super::unify::Substitution;
use crate::facts::{ImplItem, ItemKind};
use crate::link::{FunctionRef, ItemRef};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::sync::Arc;

/// What is left of a type without arguments and references: what its `impl` blocks are found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Head {
    Item(ItemRef),
    Outside(SmolStr, SmolStr),
    Primitive(SmolStr),
    Pointer,
    Tuple,
    List,
    Function,
    Dyn(Trait),
    /// Any type: the block is for a parameter.
    Any,
}

/// An `impl` block.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) item: ItemRef,
    pub(super) self_type: Ty,
    pub(super) of_trait: Option<Bound>,
}

/// The `impl` blocks by what they are for, and their functions by name.
#[derive(Debug, Default)]
pub(super) struct Impls {
    pub(super) blocks: Vec<Block>,
    by_head: FxHashMap<Head, Vec<u32>>,
    by_trait: FxHashMap<(Head, Trait), Vec<u32>>,
    /// The functions of the blocks, and those that traits add to them.
    pub(super) functions: FxHashMap<(Head, SmolStr), Vec<(u32, FunctionRef)>>,
}

impl Head {
    pub(super) fn of(ty: &Ty) -> Option<Self> {
        Some(match ty {
            Ty::Unknown | Ty::Never => return None,
            Ty::Item(named) => Self::Item(named.item),
            Ty::Outside(outside) => Self::Outside(outside.package.clone(), outside.path.clone()),
            Ty::Primitive(name) => Self::Primitive(match name.as_str() {
                "{integer}" => SmolStr::new_static("i32"),
                "{float}" => SmolStr::new_static("f64"),
                _ => name.clone(),
            }),
            Ty::Reference(inner) => return Self::of(inner),
            Ty::Pointer(_) => Self::Pointer,
            Ty::Tuple(_) => Self::Tuple,
            Ty::List(_) => Self::List,
            Ty::Function(_) => Self::Function,
            Ty::Dyn(bounds) => Self::Dyn(bounds.first()?.of.clone()),
            Ty::Impl(_) | Ty::Parameter(_) | Ty::Associated(_) => Self::Any,
        })
    }
}

impl<'p> Types<'p> {
    /// Finds every `impl` block that is no test code.
    pub(super) fn index(&mut self) {
        let project = self.project;
        for (id, module) in project.modules() {
            if module.test {
                continue;
            }
            for (index, item) in project.scope(id).items.iter().enumerate() {
                if !item.test && matches!(item.kind, ItemKind::Impl(_)) {
                    self.add(ItemRef { module: id, index: index as u32 });
                }
            }
        }
        let library = self.library;
        for block in library.impls() {
            self.add(block);
        }
    }

    fn add(&mut self, item: ItemRef) {
        let Some(block) = self.impl_block(item) else { return };
        let Some(self_type) = self.self_type(item) else { return };
        let Some(head) = Head::of(&self_type) else { return };
        let of_trait = match &block.of_trait {
            Some(written) => match self.lower_bound(Site::item(item), written) {
                Some(bound) => Some(bound),
                // Nobody knows which functions the trait has, so the block's own are all there are.
                None => Some(Bound { of: unknown_trait(written.last()), arguments: Vec::new(), bindings: Vec::new() }),
            },
            None => None,
        };
        let number = self.impls.blocks.len() as u32;
        self.impls.by_head.entry(head.clone()).or_default().push(number);
        if let Some(bound) = &of_trait {
            self.impls.by_trait.entry((head.clone(), bound.of.clone())).or_default().push(number);
        }
        let mut add = |name: &SmolStr, item, index: usize| {
            let function = FunctionRef { item, index: index as u32 };
            self.impls.functions.entry((head.clone(), name.clone())).or_default().push((number, function));
        };
        for (index, function) in block.functions.iter().enumerate() {
            if !function.test {
                add(&function.name, item, index);
            }
        }
        let declaration = of_trait.as_ref().and_then(|bound| self.declaration(&bound.of));
        if let Some(declaration) = declaration
            && let Some(ItemKind::Trait(declared)) = self.item(declaration).map(|item| &item.kind)
        {
            let own = |name: &SmolStr| block.functions.iter().any(|function| function.name == *name);
            for (index, function) in declared.functions.iter().enumerate().filter(|(_, function)| !own(&function.name))
            {
                let function_ref = FunctionRef { item: declaration, index: index as u32 };
                let key = (head.clone(), function.name.clone());
                self.impls.functions.entry(key).or_default().push((number, function_ref));
            }
        }
        self.impls.blocks.push(Block { item, self_type, of_trait });
    }

    pub(super) fn impl_block(&self, item: ItemRef) -> Option<&'p ImplItem> {
        match &self.item(item)?.kind {
            ItemKind::Impl(block) => Some(block),
            _ => None,
        }
    }

    /// The blocks for a type, those for all types last.
    pub(super) fn blocks_of(&self, ty: &Ty) -> Vec<u32> {
        let Some(head) = Head::of(ty) else { return Vec::new() };
        let own = if head == Head::Any { None } else { self.impls.by_head.get(&head) };
        own.into_iter().chain(self.impls.by_head.get(&Head::Any)).flatten().copied().collect()
    }

    /// The blocks that give a type a trait, those for all types last. Their bounds may not hold.
    pub(super) fn blocks_with(&self, ty: &Ty, of: &Trait) -> Vec<u32> {
        let Some(head) = Head::of(ty) else { return Vec::new() };
        let own = if head == Head::Any { None } else { self.impls.by_trait.get(&(head, of.clone())) };
        own.into_iter().chain(self.impls.by_trait.get(&(Head::Any, of.clone()))).flatten().copied().collect()
    }

    /// The functions `name` of blocks for that head.
    pub(super) fn functions_of(&self, head: &Head, name: &str) -> Vec<(u32, FunctionRef)> {
        self.impls.functions.get(&(head.clone(), name.into())).cloned().unwrap_or_default()
    }

    /// The parameters of a block for a type, if the block is for that very type and its bounds hold.
    pub(super) fn fitted(&mut self, number: u32, ty: &Ty) -> Option<Arc<Substitution>> {
        let question = Question::Fits(number, ty.clone());
        match self.ask(question, Answer::Fits(None), |this| Answer::Fits(this.fit(number, ty))) {
            Answer::Fits(fit) => fit,
            _ => None,
        }
    }

    fn fit(&mut self, number: u32, ty: &Ty) -> Option<Arc<Substitution>> {
        let block = &self.impls.blocks[number as usize];
        let (item, declared) = (block.item, block.self_type.clone());
        let mut substitution = Substitution::new(&[(item, None)]);
        if !self.unify(&declared, ty, &mut substitution) {
            return None;
        }
        self.bounds_hold(item, &substitution).then(|| Arc::new(substitution))
    }

    fn bounds_hold(&mut self, block: ItemRef, substitution: &Substitution) -> bool {
        for (parameter, value) in substitution.values() {
            if parameter.owner != block {
                continue;
            }
            let bounds = self.bounds_of_parameter(parameter);
            for bound in bounds.iter() {
                // An outside type may have more than is known; for all others all of it is.
                let strange = matches!(value, Ty::Outside(outside) if outside.package != "std");
                if !self.holds(value, &bound.of).unwrap_or(!strange) {
                    return false;
                }
            }
        }
        true
    }

    /// Whether a block belongs to the project.
    pub(super) fn own_block(&self, number: u32) -> Option<ItemRef> {
        let item = self.impls.blocks.get(number as usize)?.item;
        (!Library::has(item)).then_some(item)
    }
}

fn unknown_trait(name: &str) -> Trait {
    Trait::Outside(SmolStr::default(), name.into())
}
