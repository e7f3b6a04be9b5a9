//! Paths that begin at a type in angle brackets: they depend on the `impl` block of the trait for the type.

use super::Project;
use super::edge::{Edge, EdgeKind, Named};
use super::edges::Owners;
use super::names::{ItemRef, Target};
use super::tree::ModuleId;
use super::uses::is_parameter;
use crate::facts::types::last_segment;
use crate::facts::{ImplItem, ItemKind, PathType, PathUse, QualifiedPath, Type, TypeKind};
use crate::source::Span;
use smol_str::{SmolStr, format_smolstr};

/// A place that names what an `impl` block of a trait declares for a type.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The edge to that block, once it is known.
    pub(super) edge: Edge,
    /// The name that the block declares.
    pub(super) name: SmolStr,
    /// The struct or enum, if the type is one of the project.
    pub(super) of_type: Option<ItemRef>,
    /// The trait, where one is named.
    pub(super) of_trait: Option<Target>,
    /// The position of the path in its module.
    pub(super) index: u32,
}

/// What the qualified paths of a module ask for. What begins at a parameter is whatever is put in for it.
pub(super) fn asked(project: &Project, from: ModuleId, owners: &Owners<'_>) -> Vec<Asked> {
    let paths = project.scope(from).qualified.iter().enumerate();
    paths.filter_map(|(index, path)| asked_by(project, from, owners, path, index as u32)).collect()
}

fn asked_by(project: &Project, from: ModuleId, owners: &Owners<'_>, path: &QualifiedPath, index: u32) -> Option<Asked> {
    let item = owners.around(path.span);
    let ty = self_type(project, item, &path.ty)?;
    let target = ty.referent().path().map(|written| target_of(project, from, written, path.span));
    if let (Some(Target::Unknown), Some(item), Some(written)) = (&target, item, ty.referent().path()) {
        let used = PathUse { path: written.path.clone(), kind: path.kind, span: path.span, test: path.test };
        if is_parameter(project.item(item), &used) {
            return None;
        }
    }
    let of_type = match target {
        Some(Target::Item(of)) if project.tables.is_extended(&project.item(of).name) => Some(of),
        // What is added to the other types of the project stands beside them, or is for all types.
        _ => None,
    };
    let of_trait = path.of_trait.as_ref().map(|of_trait| target_of(project, from, of_trait, path.span));
    if of_type.is_none() && !matches!(of_trait, Some(Target::Item(_))) {
        return None;
    }
    let before = ty.referent().path().or(path.of_trait.as_ref()).map_or("", PathType::last);
    let named = Named {
        path: &format_smolstr!("{before}::{}", path.name),
        kind: EdgeKind::Path(path.kind),
        place: project.place(from, path.span),
        test: path.test,
        item,
        cfg: "",
    };
    let edge = named.edge(project, from, Target::Unknown, &[]);
    Some(Asked { edge, name: path.name.clone(), of_type, of_trait, index })
}

/// The type, with that of the block in the place of `Self`; `None` for the `Self` of a trait.
fn self_type<'p>(project: &'p Project, item: Option<ItemRef>, ty: &'p Type) -> Option<&'p Type> {
    if ty.referent().path().is_none_or(|path| path.path != "Self") {
        return Some(ty);
    }
    match &project.item(item?).kind {
        ItemKind::Impl(block) => Some(&block.self_type),
        _ => None,
    }
}

fn target_of(project: &Project, module: ModuleId, path: &PathType, place: Span) -> Target {
    project.names().type_item_at(module, &path.path, place)
}

/// Whether a block may be the one that a qualified path asks for, by its trait and its type.
pub(super) fn may_be(project: &Project, asked: &Asked, block: ItemRef, inner: &ImplItem) -> bool {
    let from = asked.edge.from;
    let Some(path) = project.scope(from).qualified.get(asked.index as usize) else { return false };
    let (Some(of_trait), Some(ty)) = (&path.of_trait, self_type(project, asked.edge.item, &path.ty)) else {
        return false;
    };
    let likeness = Likeness { project, block, inner, from, place: path.span };
    inner.of_trait.as_ref().is_some_and(|own| likeness.of_paths(own, of_trait))
        && likeness.of_types(&inner.self_type, ty)
}

/// Compares what a block says with what stands somewhere else.
struct Likeness<'a> {
    project: &'a Project,
    block: ItemRef,
    inner: &'a ImplItem,
    from: ModuleId,
    place: Span,
}

impl Likeness<'_> {
    fn of_types(&self, own: &Type, other: &Type) -> bool {
        if own.path().is_some_and(|path| self.inner.generics.has(&path.path)) {
            return true;
        }
        match (&own.kind, &other.kind) {
            (TypeKind::Path(own), TypeKind::Path(other)) => self.of_paths(own, other),
            (TypeKind::Reference(own), TypeKind::Reference(other))
            | (TypeKind::Pointer(own), TypeKind::Pointer(other))
            | (TypeKind::List(own), TypeKind::List(other)) => self.of_types(own, other),
            (TypeKind::Tuple(own), TypeKind::Tuple(other)) => own.len() == other.len() && self.of_lists(own, other),
            (own, other) => std::mem::discriminant(own) == std::mem::discriminant(other),
        }
    }

    fn of_lists(&self, own: &[Type], other: &[Type]) -> bool {
        own.iter().zip(other).all(|(own, other)| self.of_types(own, other))
    }

    fn of_paths(&self, own: &PathType, other: &PathType) -> bool {
        let place = self.project.item(self.block).span;
        let meant = target_of(self.project, self.block.module, own, place);
        let same = match (meant, target_of(self.project, self.from, other, self.place)) {
            (Target::Item(own), Target::Item(other)) => own == other,
            (Target::Item(_), _) | (_, Target::Item(_)) => false,
            _ => last_segment(&own.path) == last_segment(&other.path),
        };
        same && self.of_lists(&own.arguments, &other.arguments)
    }
}
