//! Every `impl` block of the project and of the table, found by the type it is for and by method.

use super::lower::Site;
use super::outside::Library;
use super::questions::{Answer, Question};
use super::ty::{Bound, Trait, Ty};
use super::unify::Substitution;
use super::{Functions, Types};
use crate::facts::{Function, ImplItem, ItemKind, TraitItem};
use crate::link::{FunctionRef, ItemRef};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeSet;
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
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) item: ItemRef,
    head: Head,
    pub(super) self_type: Ty,
    pub(super) of_trait: Option<Bound>,
}

/// The `impl` blocks by what they are for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Impls {
    pub(super) blocks: Vec<Block>,
    by_head: FxHashMap<Head, Vec<u32>>,
    by_trait: FxHashMap<(Head, Trait), Vec<u32>>,
    /// The functions of the blocks by name, where they were looked up in advance: many ask for those of
    /// outside types.
    by_function: FxHashMap<Head, FxHashMap<SmolStr, Vec<(u32, FunctionRef)>>>,
}

/// Where the numbers of blocks for the project's own types begin: each reader reads them for itself.
const OWN: u32 = 1 << 31;

impl Impls {
    fn add(&mut self, block: Block) {
        let number = self.blocks.len() as u32;
        if let Some(bound) = &block.of_trait {
            self.by_trait.entry((block.head.clone(), bound.of.clone())).or_default().push(number);
        }
        self.by_head.entry(block.head.clone()).or_default().push(number);
        self.blocks.push(block);
    }
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
    /// Finds the `impl` blocks for outside types, those of the project and those of the table. Blocks for
    /// the project's own types are read when a type is asked about.
    pub(super) fn index(&mut self) -> Arc<Impls> {
        for block in self.project.outside_impls().chain(self.library.impls()) {
            if let Some(block) = self.read(block) {
                // Nobody else holds it yet, so nothing is copied.
                Arc::make_mut(&mut self.shared).add(block);
            }
        }
        let mut shared = std::mem::take(&mut self.shared);
        let mut by_function: FxHashMap<Head, FxHashMap<SmolStr, Vec<_>>> = FxHashMap::default();
        for (number, block) in shared.blocks.iter().enumerate() {
            let of_head = by_function.entry(block.head.clone()).or_default();
            for name in self.names_in(block) {
                let functions = self.functions_in(block, name).into_iter().map(|function| (number as u32, function));
                of_head.entry(name.clone()).or_default().extend(functions);
            }
        }
        Arc::make_mut(&mut shared).by_function = by_function;
        shared
    }

    /// Reads the blocks for a type of the project, unless that has been done.
    fn read_own(&mut self, head: &Head) {
        let &Head::Item(item) = head else { return };
        if !self.read.insert(item) {
            return;
        }
        let project = self.project;
        for (block, _) in project.impls(item).filter(|(block, _)| !project.module(block.module).test) {
            if let Some(block) = self.read(block) {
                self.own.add(block);
            }
        }
    }

    fn read(&mut self, item: ItemRef) -> Option<Block> {
        let block = self.impl_block(item)?;
        let self_type = self.self_type(item)?;
        let head = Head::of(&self_type)?;
        let of_trait = match &block.of_trait {
            Some(written) => match self.lower_bound(Site::item(item), written) {
                Some(bound) => Some(bound),
                // Nobody knows which functions the trait has, so the block's own are all there are.
                None => Some(Bound { of: unknown_trait(written.last()), arguments: Vec::new(), bindings: Vec::new() }),
            },
            None => None,
        };
        Some(Block { item, head, self_type, of_trait })
    }

    /// The block of that number.
    pub(super) fn block(&self, number: u32) -> &Block {
        match number.checked_sub(OWN) {
            Some(number) => &self.own.blocks[number as usize],
            None => &self.shared.blocks[number as usize],
        }
    }

    fn numbers<'a>(&'a self, list: impl Fn(&'a Impls) -> Option<&'a Vec<u32>>) -> impl Iterator<Item = u32> {
        let own = list(&self.own).into_iter().flatten().map(|number| number + OWN);
        own.chain(list(&self.shared).into_iter().flatten().copied())
    }

    /// The functions `name` of blocks for that head, and those that their traits add.
    pub(super) fn functions_of(&mut self, head: &Head, name: &str) -> Functions {
        let key = (head.clone(), SmolStr::from(name));
        if let Some(known) = self.functions.get(&key) {
            return Arc::clone(known);
        }
        self.read_own(head);
        let own = self.own.by_head.get(head).into_iter().flatten().flat_map(|number| {
            let functions = self.functions_in(&self.own.blocks[*number as usize], name);
            functions.into_iter().map(move |function| (number + OWN, function))
        });
        let shared = self.shared.by_function.get(head).and_then(|functions| functions.get(name));
        let found: Functions = own.chain(shared.into_iter().flatten().copied()).collect();
        self.functions.insert(key, Arc::clone(&found));
        found
    }

    /// The functions `name` of a block, one for each `cfg`, or that of its trait.
    fn functions_in(&self, block: &Block, name: &str) -> Vec<FunctionRef> {
        let all = |item, functions: &[Function]| {
            let named = functions.iter().enumerate().filter(|(_, function)| function.name == name);
            named.map(|(index, _)| FunctionRef { item, index: index as u32 }).collect::<Vec<_>>()
        };
        let own = self.impl_block(block.item).map(|inner| all(block.item, &inner.functions)).unwrap_or_default();
        if !own.is_empty() {
            return own.into_iter().filter(|own| self.function(*own).is_some_and(|function| !function.test)).collect();
        }
        self.trait_in(block).map(|(item, declared)| all(item, &declared.functions)).unwrap_or_default()
    }

    /// The names of the functions of a block and of its trait, each once.
    fn names_in(&self, block: &Block) -> BTreeSet<&'p SmolStr> {
        let own = self.impl_block(block.item).map(|inner| &inner.functions);
        let of_trait = self.trait_in(block).map(|(_, declared)| &declared.functions);
        own.into_iter().chain(of_trait).flatten().map(|function| &function.name).collect()
    }

    /// The trait of a block, if its declaration is known.
    fn trait_in(&self, block: &Block) -> Option<(ItemRef, &'p TraitItem)> {
        let declaration = block.of_trait.as_ref().and_then(|bound| self.declaration(&bound.of))?;
        Some((declaration, self.trait_item(declaration)?))
    }

    pub(super) fn impl_block(&self, item: ItemRef) -> Option<&'p ImplItem> {
        match &self.item(item)?.kind {
            ItemKind::Impl(block) => Some(block),
            _ => None,
        }
    }

    /// The blocks for a type, those for all types last.
    pub(super) fn blocks_of(&mut self, ty: &Ty) -> Vec<u32> {
        let Some(head) = Head::of(ty) else { return Vec::new() };
        self.read_own(&head);
        let mut heads = vec![head, Head::Any];
        heads.dedup();
        heads.iter().flat_map(|head| self.numbers(|impls| impls.by_head.get(head))).collect()
    }

    /// The blocks that give a type a trait, those for all types last. Their bounds may not hold.
    pub(super) fn blocks_with(&mut self, ty: &Ty, of: &Trait) -> Vec<u32> {
        let Some(head) = Head::of(ty) else { return Vec::new() };
        self.read_own(&head);
        let mut keys = vec![(head, of.clone()), (Head::Any, of.clone())];
        keys.dedup();
        keys.iter().flat_map(|key| self.numbers(|impls| impls.by_trait.get(key))).collect()
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
        let block = self.block(number);
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
        let item = self.block(number).item;
        (!Library::has(item)).then_some(item)
    }
}

fn unknown_trait(name: &str) -> Trait {
    Trait::Outside(SmolStr::default(), name.into())
}
