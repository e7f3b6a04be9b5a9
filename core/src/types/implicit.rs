//! What function bodies use without naming it: methods, operators, conversions.
//!
//! `price.show()` depends on the `impl` that has `show`, wherever that stands, though no path says
//! so. The types of a body tell which one it is. A derive needs the same trait of the fields' types.

use super::outside::Library;
use super::{BodyTypes, Callee, Types, declared};
use crate::facts::body::{Body, Expr, ExprId};
use crate::facts::{Field, ItemKind, PathType, Type, TypeKind};
use crate::link::{CrateId, FunctionRef, ItemRef, ModuleId, Project, Target, Triggers};
use crate::source::{Place, Span};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// A place where an item uses an `impl` block, a trait or a function by what types say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImplicitUse {
    /// The item that the place stands in.
    pub from: ItemRef,
    /// Where.
    pub place: Place,
    /// What is used.
    pub to: ItemRef,
    /// The name of the method, or empty.
    pub name: SmolStr,
}

/// What the bodies of some modules use without naming it, sorted. Bodies that were not parsed say nothing.
/// Functions without a trigger use none of the blocks that are asked about, and are passed over.
pub(crate) fn uses(project: &Project, modules: &[ModuleId], triggers: &Triggers) -> BTreeSet<ImplicitUse> {
    let mut found = BTreeSet::new();
    let mut types = Types::new(project);
    for &module in modules {
        for (index, item) in project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
            let from = ItemRef { module, index: index as u32 };
            of_derives(project, from, &mut found);
            declared::uses(project, &mut types, from, triggers, &mut found);
            for (number, function) in item.kind.functions().enumerate() {
                if function.test || !triggers.in_function(function) {
                    continue;
                }
                let function_ref = FunctionRef { item: from, index: number as u32 };
                if let Some(body) = &function.body {
                    of_body(project, from, body, types.of_body(function_ref), &mut found);
                }
            }
        }
        for value in project.scope(module).values.iter().filter(|value| triggers.in_value(value)) {
            let from = ItemRef { module, index: value.item };
            of_body(project, from, &value.body, &types.of_value(module, value), &mut found);
        }
    }
    // What a crate cannot see, it does not use, whatever the types allow.
    let mut visible: FxHashMap<CrateId, BTreeSet<CrateId>> = FxHashMap::default();
    let krate = |item: ItemRef| project.module(item.module).krate;
    found.retain(|used| {
        let from = krate(used.from);
        visible.entry(from).or_insert_with(|| project.visible_crates(from)).contains(&krate(used.to))
    });
    found
}

fn project_kind(project: &Project, item: ItemRef) -> Option<&ItemKind> {
    (!Library::has(item)).then(|| &project.item(item).kind)
}

/// Types of the standard library that have what is derived only if what they hold has it; all but `Box` have `Default`
/// without.
const HOLDERS: &[&str] =
    &["BTreeMap", "BTreeSet", "Box", "HashMap", "HashSet", "LinkedList", "Option", "Result", "Vec", "VecDeque"];

/// The `impl` blocks that a derive needs for the types of the fields, and for what those hold.
fn of_derives(project: &Project, from: ItemRef, found: &mut BTreeSet<ImplicitUse>) {
    let item = project.item(from);
    let fields: &mut dyn Iterator<Item = &Field> = match &item.kind {
        ItemKind::Struct(declared) => &mut declared.fields.iter(),
        ItemKind::Enum(declared) => &mut declared.variants.iter().flat_map(|variant| &variant.fields),
        _ => return,
    };
    let is_enum = matches!(item.kind, ItemKind::Enum(_));
    let derives = item.attributes.iter().filter(|attribute| attribute.path == "derive");
    let derives: Vec<&str> = derives.flat_map(|derive| derive.arguments.split(',')).map(str::trim).collect();
    if derives.is_empty() {
        return;
    }
    let place = project.place(from.module, item.name_span);
    let mut open: Vec<(&Type, bool)> = fields.map(|field| (&field.ty, false)).collect();
    while let Some((ty, held)) = open.pop() {
        let path = match &ty.kind {
            TypeKind::Path(path) => path,
            TypeKind::Tuple(parts) => {
                open.extend(parts.iter().map(|part| (part, held)));
                continue;
            }
            TypeKind::List(element) => {
                open.push((element, held));
                continue;
            }
            _ => continue,
        };
        let Target::Item(of_field) = project.names().type_item(from.module, &path.path) else {
            if HOLDERS.contains(&path.last()) {
                open.extend(path.arguments.iter().map(|argument| (argument, held || path.last() != "Box")));
            }
            continue;
        };
        for (block, inner) in project.impls(of_field) {
            // One with arguments, such as `PartialEq<Row>`, is not what is derived.
            let of_trait = inner.of_trait.as_ref().filter(|of_trait| of_trait.arguments.is_empty()).map(PathType::last);
            // An empty collection is made without what it would hold, and an enum as a variant without fields.
            let is_needed = |name: &str| derives.contains(&name) && !((held || is_enum) && name == "Default");
            if block.module != of_field.module && of_trait.is_some_and(is_needed) {
                found.insert(ImplicitUse { from, place, to: block, name: SmolStr::default() });
            }
        }
    }
}

fn of_body(project: &Project, from: ItemRef, body: &Body, known: &BodyTypes, found: &mut BTreeSet<ImplicitUse>) {
    let mut note = |id: ExprId, to: ItemRef, name: &SmolStr| {
        if to != from && !Library::has(to) {
            let span = match body.expr(id) {
                // The receiver has a place of its own.
                Expr::MethodCall(receiver, ..) => Span::new(body.node(*receiver).span.end, body.node(id).span.end),
                _ => body.node(id).span,
            };
            found.insert(ImplicitUse { from, place: project.place(from.module, span), to, name: name.clone() });
        }
    };
    for (id, node) in body.nodes() {
        let name = match &node.expr {
            Expr::MethodCall(_, name, _) => name.clone(),
            _ => SmolStr::default(),
        };
        // A free function that is called by a path is named.
        if let Some(Callee::Function(function) | Callee::Trait { function, .. }) = known.callee(id)
            && !matches!(project_kind(project, function.item), Some(ItemKind::Function(_)))
        {
            note(id, function.item, &name);
        }
    }
    for &(id, block) in known.uses() {
        note(id, block, &SmolStr::default());
    }
}
