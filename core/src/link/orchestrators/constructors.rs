//! How an orchestrator gets its collaborators: constructors, setters, derives.

use super::super::names::{ItemRef, Target};
use super::super::tree::ModuleId;
use super::nature::{Context, Natures};
use super::others::derives;
use super::{Constructor, FunctionRef};
use crate::facts::body::Expr;
use crate::facts::types::last_segment;
use crate::facts::{Function, ImplItem, ItemKind, Parameter, PathType, Receiver, StructItem, Type, TypeKind};

/// The ways in which a struct is made, in source order of the `impl` blocks.
pub(super) fn constructors(natures: &mut Natures<'_>, item: ItemRef, fields: &StructItem) -> Vec<Constructor> {
    let mut found = Vec::new();
    let mut setters = Vec::new();
    let blocks: Vec<(ItemRef, &ImplItem)> = natures.project.impls(item).collect();
    for (block, inner) in blocks {
        let conversion = inner.of_trait.as_ref().is_some_and(|path| matches!(path.last(), "From" | "TryFrom"));
        if inner.of_trait.is_some() && !conversion {
            continue;
        }
        for (index, function) in inner.functions.iter().enumerate() {
            if function.test || !makes(natures, item, block.module, function) {
                continue;
            }
            let context = Context {
                module: block.module,
                generics: vec![&function.generics, &inner.generics],
                extra: natures.bounds_of_impls(item, &fields.generics),
            };
            let reference = FunctionRef { item: block, index: index as u32 };
            let constructor = receive(natures, function, reference, &context);
            match function.receiver {
                None => found.push(constructor),
                Some(Receiver::Value) => setters.push(constructor),
                Some(_) => {}
            }
        }
    }
    found.extend(free_constructors(natures, item));
    if found.is_empty()
        && let Some(injects) = derived(natures, item)
    {
        found.push(Constructor { injects, ..from_fields(natures, item, fields, "a derived constructor") });
    }
    add_setters(&mut found, setters);
    found
}

/// The struct's fields as if they were the parameters of a constructor.
pub(super) fn from_fields(natures: &mut Natures<'_>, item: ItemRef, fields: &StructItem, what: &str) -> Constructor {
    let place = natures.project.place(item.module, natures.project.item(item).name_span);
    let members = natures.collaborators_of(item, fields);
    let collaborators =
        members.into_iter().map(|member| super::collaborator(natures.project, member, None, "")).collect();
    Constructor { name: what.to_owned(), function: None, injects: false, place, collaborators }
}

/// The parts of a tuple, each of which may be a collaborator; else the type itself.
pub(super) fn parts(ty: &Type) -> impl Iterator<Item = &Type> {
    match &ty.kind {
        TypeKind::Tuple(parts) => parts.as_slice(),
        _ => std::slice::from_ref(ty),
    }
    .iter()
}

/// What a function receives: its parameters that are collaborators, bundles taken apart.
pub(super) fn receive(
    natures: &mut Natures<'_>,
    function: &Function,
    reference: FunctionRef,
    context: &Context<'_>,
) -> Constructor {
    let project = natures.project;
    let mut collaborators = Vec::new();
    let received = function.parameters.iter().flat_map(|one| parts(&one.ty).map(move |ty| (one, ty)));
    for (parameter, ty) in received {
        let nature = natures.of(ty, &parameter.name, context);
        let place = project.place(context.module, parameter.span);
        let Parameter { name, cfg, .. } = parameter;
        collaborators.extend(super::from_nature(project, nature, name, place, ty.span, cfg));
    }
    let place = project.place(context.module, function.name_span);
    Constructor { name: function.name.to_string(), function: Some(reference), injects: true, place, collaborators }
}

/// Free functions of the same module that make the struct: by what they return, or by a literal
/// of it behind an `impl Trait`.
fn free_constructors(natures: &mut Natures<'_>, item: ItemRef) -> Vec<Constructor> {
    let project = natures.project;
    let name = &project.item(item).name;
    let mut found = Vec::new();
    for (index, candidate) in project.scope(item.module).items.iter().enumerate() {
        let ItemKind::Function(function) = &candidate.kind else { continue };
        if candidate.test {
            continue;
        }
        let literal = function.body.iter().flat_map(crate::facts::Body::nodes).any(|(_, node)| match &node.expr {
            Expr::Struct(path, ..) => last_segment(path) == name,
            _ => false,
        });
        let hidden = function.output.as_ref().is_some_and(is_opaque) && literal;
        if hidden || makes(natures, item, item.module, function) {
            let context = Context { generics: vec![&function.generics], ..Context::plain(item.module) };
            let reference = FunctionRef { item: ItemRef { module: item.module, index: index as u32 }, index: 0 };
            found.push(receive(natures, function, reference, &context));
        }
    }
    found
}

/// Whether a function returns a trait without saying which type implements it.
pub(in crate::link) fn is_opaque(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Impl(bounds) => bounds.iter().all(|bound| bound.last() != "Future"),
        TypeKind::Dyn(_) => true,
        TypeKind::Path(path) => path.arguments.iter().any(is_opaque),
        _ => false,
    }
}

/// Whether a function returns the struct, also in `Result`, `Option`, `Arc`, `Box` and a future.
fn makes(natures: &Natures<'_>, item: ItemRef, module: ModuleId, function: &Function) -> bool {
    function.output.as_ref().is_some_and(|ty| returns(natures, item, module, ty))
}

fn returns(natures: &Natures<'_>, item: ItemRef, module: ModuleId, ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Path(path) => returns_path(natures, item, module, path),
        TypeKind::Impl(bounds) => {
            bounds.iter().flat_map(|bound| &bound.bindings).any(|(_, ty)| returns(natures, item, module, ty))
        }
        TypeKind::Tuple(parts) => parts.iter().any(|part| returns(natures, item, module, part)),
        _ => false,
    }
}

fn returns_path(natures: &Natures<'_>, item: ItemRef, module: ModuleId, path: &PathType) -> bool {
    if path.path == "Self" {
        return true;
    }
    if last_segment(&path.path) == natures.project.item(item).name
        && natures.names.type_item(module, &path.path) == Target::Item(item)
    {
        return true;
    }
    let carries =
        matches!(path.last(), "Result" | "Option" | "Arc" | "Rc" | "Box" | "Pin") || path.last().ends_with("Result");
    carries && path.arguments.first().is_some_and(|inner| returns(natures, item, module, inner))
}

/// Whether a derive makes a constructor or a builder of all fields, and if so whether the caller fills
/// them.
fn derived(natures: &Natures<'_>, item: ItemRef) -> Option<bool> {
    let attributes = &natures.project.item(item).attributes;
    let builder = attributes.iter().any(|attribute| last_segment(&attribute.path) == "builder");
    if builder || derives(attributes, &["new", "TypedBuilder", "Builder", "Constructor"]) {
        return Some(true);
    }
    derives(attributes, &["Default"]).then_some(false)
}

/// What setters like `with_clock(self, …) -> Self` add to every constructor, each collaborator once.
fn add_setters(constructors: &mut [Constructor], setters: Vec<Constructor>) {
    for setter in setters {
        for collaborator in setter.collaborators {
            for constructor in constructors.iter_mut() {
                let known = constructor.collaborators.iter().any(|other| other.shown == collaborator.shown);
                if !known {
                    constructor.collaborators.push(collaborator.clone());
                }
            }
        }
    }
}

/// The constructor that receives the most, the first of several.
pub(super) fn widest(constructors: &[Constructor]) -> Option<usize> {
    let count = |constructor: &Constructor| constructor.collaborators.len();
    let most = constructors.iter().map(count).max()?;
    constructors.iter().position(|constructor| count(constructor) == most)
}
