//! What paths in expressions and patterns mean.

use super::{Argument, Ty, Walk};
use crate::facts::body::ExprId;
use crate::facts::types::last_segment;
use crate::facts::{ItemKind, PathType};
use crate::link::{FunctionRef, ItemRef, Space, Target};
use crate::source::Span;
use crate::types::lower::{Site, own_parameters};
use crate::types::methods::{Callee, Found, Via};
use crate::types::outside::{Library, package};
use smol_str::{SmolStr, format_smolstr};

/// What a path means as a value.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    /// A variable, constant or static.
    Value(Ty),
    /// A function.
    Function(Found),
    /// A struct or variant.
    Shape(Shape),
    /// Something of an outside crate of which only the path is known.
    Outside(SmolStr, SmolStr),
    Unknown,
}

/// A struct, or a variant by its number, with its arguments.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) item: ItemRef,
    pub(super) variant: Option<u32>,
    pub(super) arguments: Vec<Ty>,
}

impl Walk<'_, '_> {
    /// The type of a path that stands for itself.
    pub(super) fn path(&mut self, id: ExprId, path: &str, expected: &Ty) -> Ty {
        let meaning = self.meaning(id, path);
        let asked = std::mem::take(&mut self.out.of_constant);
        self.use_all(id, asked);
        match &meaning {
            Meaning::Value(ty) => return ty.clone(),
            Meaning::Unknown => return Ty::Unknown,
            Meaning::Shape(shape) if self.types.fields_of(shape.item, shape.variant).is_empty() => {
                self.note_constructor(id, shape);
                return self.made(shape).merged(expected);
            }
            _ => {}
        }
        // A function that is passed on: what it will be called with says what it returns.
        let wanted = match self.types.callable(expected) {
            Some(Ty::Function(wanted)) => wanted.parameters.clone(),
            // What lies outside may be a constant as well.
            _ if matches!(meaning, Meaning::Outside(..)) => {
                self.call_meaning(id, meaning, &[], &[], &Ty::Unknown);
                return Ty::Unknown;
            }
            _ => self.own_parameters(&meaning),
        };
        let arguments: Vec<Argument> = wanted.iter().cloned().map(Argument::Known).collect();
        let yielded = match self.types.callable(expected) {
            // A trait that the result has to have is not its type.
            Some(Ty::Function(wanted)) if !matches!(wanted.output, Ty::Impl(_)) => wanted.output.clone(),
            _ => Ty::Unknown,
        };
        let explicit = self.explicit(id);
        let output = self.call_meaning(id, meaning, &explicit, &arguments, &yielded);
        Ty::function(wanted, output)
    }

    /// The types that a path writes behind its last name.
    pub(super) fn explicit(&mut self, id: ExprId) -> Vec<Ty> {
        match self.body.written(id) {
            Some(written) if written.on_last => {
                written.types.iter().map(|ty| self.types.lower(self.site, ty)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn own_parameters(&mut self, meaning: &Meaning) -> Vec<Ty> {
        match meaning {
            Meaning::Function(found) => {
                let Some(signature) = self.types.signature(found.function) else { return Vec::new() };
                if !found.others.is_empty() {
                    return vec![Ty::Unknown; signature.receiver.iter().len() + signature.parameters.len()];
                }
                let substitution = self.types.begin(found);
                let all = signature.receiver.iter().chain(&signature.parameters);
                all.map(|ty| self.types.closed(ty, &substitution)).collect()
            }
            Meaning::Shape(shape) => self.fields(shape).into_iter().map(|(_, ty)| ty).collect(),
            _ => Vec::new(),
        }
    }

    /// What a path means.
    pub(super) fn meaning(&mut self, id: ExprId, path: &str) -> Meaning {
        if !path.contains("::")
            && let Some(local) = self.locals.iter().rev().find(|local| local.name == path)
        {
            return Meaning::Value(local.ty.clone());
        }
        let place = self.body.node(id).span;
        let written = self.body.written(id);
        if let Some(qualified) = written.and_then(|written| written.qualified.as_ref()) {
            let of = self.types.lower(self.site, qualified);
            return self.associated(&of, last_segment(path));
        }
        let Some((holder, name)) = path.rsplit_once("::") else { return self.named(path, place) };
        let arguments = match written {
            Some(written) if !written.on_last => written.types.clone(),
            _ => Vec::new(),
        };
        let arguments: Vec<Ty> = arguments.iter().map(|ty| self.types.lower(self.site, ty)).collect();
        self.member(holder, name, place, arguments).unwrap_or_else(|| self.named(path, place))
    }

    /// What `holder::name` means, if the holder is a type or trait.
    fn member(&mut self, holder: &str, name: &str, place: Span, arguments: Vec<Ty>) -> Option<Meaning> {
        let written = PathType { path: holder.into(), span: place, arguments: Vec::new(), bindings: Vec::new() };
        let first = holder.split("::").next().unwrap_or_default();
        if self.types.generic(self.site, first).is_some() {
            let of = self.types.lower_path(self.site, &written);
            return Some(self.associated(&of, name));
        }
        match self.types.target(self.module(), holder, place) {
            Target::Item(item) => match &self.types.item(item)?.kind {
                ItemKind::Trait(_) => self.types.of_trait_path(item, name, arguments).map(Meaning::Function),
                ItemKind::Struct(_) | ItemKind::Enum(_) | ItemKind::Alias(_) => {
                    let of = self.types.of_item(item, arguments);
                    Some(self.associated(&of, name))
                }
                _ => None,
            },
            Target::Outside(crate_name, path) => self.outside_member(&crate_name, &path, name, arguments),
            Target::Module(_) => None,
            Target::Unknown => {
                let of = self.types.lower_path(self.site, &written);
                match self.associated(&of, name) {
                    Meaning::Unknown => None,
                    found => Some(found),
                }
            }
        }
    }

    fn outside_member(&mut self, name: &str, path: &str, member: &str, arguments: Vec<Ty>) -> Option<Meaning> {
        let item = self.types.library.find(&package(name), path);
        match item.and_then(|item| Some((item, &self.types.item(item)?.kind))) {
            Some((item, ItemKind::Trait(_))) => {
                self.types.of_trait_path(item, member, arguments).map(Meaning::Function)
            }
            Some((item, ItemKind::Struct(_) | ItemKind::Enum(_) | ItemKind::Alias(_))) => {
                let of = self.types.of_item(item, arguments);
                Some(self.associated(&of, member))
            }
            _ if !last_segment(path).starts_with(|first: char| first.is_uppercase()) => None,
            _ => {
                let of = self.types.of_outside(name, path, arguments);
                Some(self.associated(&of, member))
            }
        }
    }

    /// What `Type::name` means.
    fn associated(&mut self, of: &Ty, name: &str) -> Meaning {
        if let Some((item, arguments)) = self.types.declared(of)
            && let Some(variant) = self.variant(item, name)
        {
            return Meaning::Shape(Shape { item, variant: Some(variant), arguments: arguments.to_vec() });
        }
        if let Some(found) = self.types.find_associated(of, name, self.module()) {
            return Meaning::Function(found);
        }
        if let Some(constant) = self.constant(of, name) {
            return Meaning::Value(constant);
        }
        let loud = name.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_');
        match of {
            Ty::Primitive(_) if loud && of.is_number() => Meaning::Value(of.clone()),
            Ty::Outside(outside) => {
                Meaning::Outside(outside.package.clone(), format_smolstr!("{}::{name}", outside.path))
            }
            _ => Meaning::Unknown,
        }
    }

    fn variant(&self, item: ItemRef, name: &str) -> Option<u32> {
        match &self.types.item(item)?.kind {
            ItemKind::Enum(declared) => {
                declared.variants.iter().position(|variant| variant.name == name).map(|at| at as u32)
            }
            _ => None,
        }
    }

    /// An associated constant.
    fn constant(&mut self, of: &Ty, name: &str) -> Option<Ty> {
        for number in self.types.blocks_of(of) {
            let item = self.types.block(number).item;
            let block = self.types.impl_block(item)?;
            if let Some((_, written)) = block.constants.iter().find(|(own, _)| own == name)
                && let Some(substitution) = self.types.fitted(number, of)
            {
                if self.is_asked_for_uses() {
                    self.types.asked_by_block(number, &substitution, &mut self.out.of_constant);
                }
                let ty = self.types.lower(Site::item(item), written);
                return Some(self.types.closed(&ty, &substitution));
            }
        }
        let bounds = self.types.all_bounds(of);
        for bound in bounds.iter() {
            let Some(declaration) = self.types.declaration(&bound.of) else { continue };
            let Some(declared) = self.types.trait_item(declaration) else { continue };
            if let Some((_, written)) = declared.constants.iter().find(|(own, _)| own == name) {
                let ty = self.types.lower(Site::item(declaration), written);
                let substitution = self.types.of_bound(declaration, of, bound);
                return Some(self.types.closed(&ty, &substitution));
            }
        }
        None
    }

    /// Whether a lone name is a constant, a unit struct or a variant.
    pub(super) fn is_declared(&mut self, name: &str, place: Span) -> bool {
        matches!(self.named(name, place), Meaning::Value(_) | Meaning::Shape(_))
    }

    /// What a path means that leads through modules only.
    fn named(&mut self, path: &str, place: Span) -> Meaning {
        let module = self.module();
        match self.types.resolved(module, path, Space::Values, place) {
            Target::Item(item) => self.item_meaning(item, path),
            Target::Outside(name, path) => self.outside_meaning(&name, &path),
            Target::Unknown if path == "Self" => match self.types.self_type(self.site.owner) {
                Some(of) => self.shape_of(&of).map_or(Meaning::Unknown, Meaning::Shape),
                None => Meaning::Unknown,
            },
            Target::Unknown => match self.types.library.prelude(path).cloned() {
                Some(path) => self.outside_meaning("std", &path),
                None => Meaning::Unknown,
            },
            Target::Module(_) => Meaning::Unknown,
        }
    }

    fn item_meaning(&mut self, item: ItemRef, path: &str) -> Meaning {
        let Some(declared) = self.types.item(item) else { return Meaning::Unknown };
        match &declared.kind {
            ItemKind::Function(_) => Meaning::Function(free(item)),
            ItemKind::Constant(ty) => Meaning::Value(self.types.lower(Site::item(item), ty)),
            ItemKind::Static(declared) => {
                let ty = self.types.lower(Site::item(item), &declared.ty);
                Meaning::Value(if declared.thread_local { Ty::std("thread::LocalKey", vec![ty]) } else { ty })
            }
            ItemKind::Struct(declared) => {
                let arguments = vec![Ty::Unknown; declared.generics.parameters.len()];
                Meaning::Shape(Shape { item, variant: None, arguments })
            }
            ItemKind::Enum(declared) => {
                let name = self.imported(path);
                let arguments = vec![Ty::Unknown; declared.generics.parameters.len()];
                match self.variant(item, &name) {
                    Some(variant) => Meaning::Shape(Shape { item, variant: Some(variant), arguments }),
                    None => Meaning::Unknown,
                }
            }
            ItemKind::Alias(_) => {
                let of = self.types.of_item(item, Vec::new());
                self.shape_of(&of).map_or(Meaning::Unknown, Meaning::Shape)
            }
            _ => Meaning::Unknown,
        }
    }

    /// The name of what a lone name imports: `B` after `use a::B as C` and `C`.
    fn imported(&self, path: &str) -> SmolStr {
        let imports = &self.types.project.scope(self.module()).imports;
        let named = imports.iter().find(|import| import.name.as_deref() == Some(path));
        last_segment(named.map_or(path, |import| &import.path)).into()
    }

    fn outside_meaning(&mut self, name: &str, path: &str) -> Meaning {
        let name = package(name);
        if let Some(item) = self.types.library.find(&name, path) {
            return self.item_meaning(item, path);
        }
        if let Some((holder, member)) = path.rsplit_once("::")
            && let Some(item) = self.types.library.find(&name, holder)
            && matches!(self.types.item(item).map(|item| &item.kind), Some(ItemKind::Enum(_)))
        {
            let of = self.types.of_item(item, Vec::new());
            return self.associated(&of, member);
        }
        Meaning::Outside(name, path.into())
    }

    fn shape_of(&self, ty: &Ty) -> Option<Shape> {
        let (item, arguments) = self.types.declared(ty)?;
        Some(Shape { item, variant: None, arguments: arguments.to_vec() })
    }

    /// The struct or variant that a path means, with the arguments of a value of it.
    pub(super) fn shape(&mut self, path: &str, place: Span, written: Vec<Ty>, value: &Ty) -> Option<Shape> {
        let found = match path.rsplit_once("::") {
            Some((holder, name)) => {
                self.member(holder, name, place, written.clone()).unwrap_or_else(|| self.named(path, place))
            }
            None => self.named(path, place),
        };
        let mut shape = if let Meaning::Shape(shape) = found {
            shape
        } else {
            // The name may be that of a parameter or an alias, which are no values.
            let written = PathType { path: path.into(), span: place, arguments: Vec::new(), bindings: Vec::new() };
            let of = self.types.lower_path(self.site, &written);
            self.shape_of(&of)?
        };
        if !written.is_empty() && written.len() == shape.arguments.len() {
            shape.arguments = written;
        }
        if let Some((item, arguments)) = self.types.declared(value)
            && item == shape.item
        {
            let merged = shape.arguments.iter().enumerate();
            shape.arguments = merged
                .map(|(at, own)| arguments.get(at).map_or_else(|| own.clone(), |other| own.merged(other)))
                .collect();
        }
        Some(shape)
    }

    /// The type that a constructor makes.
    pub(super) fn made(&mut self, shape: &Shape) -> Ty {
        self.types.of_item(shape.item, shape.arguments.clone())
    }

    /// The type that a constructor makes, in terms of its parameters, for filling in.
    pub(super) fn declared_type(&mut self, item: ItemRef) -> Ty {
        let arguments = self.types.generics_of(item).map(|generics| own_parameters(item, generics));
        self.types.of_item(item, arguments.unwrap_or_default())
    }

    pub(super) fn note_constructor(&mut self, id: ExprId, shape: &Shape) {
        let name = shape.variant.and_then(|number| match &self.types.item(shape.item)?.kind {
            ItemKind::Enum(declared) => Some(declared.variants.get(number as usize)?.name.clone()),
            _ => None,
        });
        let callee = if Library::has(shape.item) {
            let (package, path) = self.types.library.address(shape.item);
            let path = name.map_or_else(|| path.clone(), |name| format_smolstr!("{path}::{name}"));
            Callee::Outside(package, path)
        } else {
            Callee::Constructor(shape.item, name)
        };
        self.note(id, callee);
    }
}

/// A free function.
fn free(item: ItemRef) -> Found {
    Found::new(FunctionRef { item, index: 0 }, Ty::Unknown, Via::Path)
}
