//! Whether a type is a collaborator: something with behaviour that is injected.
//!
//! A type is judged by what the project's own sources say of it: a trait with methods, a struct
//! that holds collaborators, works asynchronously or touches the world. Only where the sources are
//! outside the project does its name count.

use super::super::Project;
use super::super::names::{ItemRef, Names, Space, Target};
use super::super::tree::ModuleId;
use super::constructors::parts;
use super::known;
use crate::facts::types::{last_segment, segments, split_first};
use crate::facts::{Bound, Field, Generics, ItemKind, PathType, StructItem, TraitItem, Type, TypeKind, Visibility};
use crate::source::{Place, Span};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// What a parameter or field is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// Data.
    Value,
    /// Something that acts.
    Collaborator(Role),
    /// A struct that only hands collaborators on, by its visible fields.
    Bundle(ItemRef, Vec<Member>),
}

/// Why something is a collaborator, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Role {
    /// The trait or type, without wrappers.
    pub(super) name: SmolStr,
    /// Why it counts.
    pub(super) why: String,
    /// Whether it is a port: a trait of the project, or of another crate.
    pub(super) port: Option<Target>,
    /// Whether it observes: logs, counts, traces.
    pub(super) telemetry: bool,
    /// Whether it is a type of another crate.
    pub(super) outside: bool,
}

/// A collaborator in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) name: SmolStr,
    pub(super) role: Role,
    pub(super) place: Place,
    pub(super) ty: Span,
}

/// The parameters in force at a type, with the module that its paths are relative to.
pub(super) struct Context<'a> {
    pub(super) module: ModuleId,
    pub(super) generics: Vec<&'a Generics>,
    /// Bounds that an `impl` puts on the parameters of its struct, under the struct's names.
    pub(super) extra: Vec<(SmolStr, &'a Bound)>,
}

impl<'a> Context<'a> {
    pub(super) fn plain(module: ModuleId) -> Self {
        Self { module, generics: Vec::new(), extra: Vec::new() }
    }

    fn is_parameter(&self, name: &str) -> bool {
        self.generics.iter().any(|generics| generics.has(name))
    }

    fn bounds(&self, name: &str) -> Vec<&'a Bound> {
        let mut bounds = Vec::new();
        for generics in &self.generics {
            let of_parameter = generics.parameters.iter().filter(|(parameter, _)| parameter == name);
            bounds.extend(of_parameter.flat_map(|(_, bounds)| bounds));
            let clauses = generics.predicates.iter();
            let clauses = clauses.filter(|(ty, _)| ty.path().is_some_and(|path| path.path == name));
            bounds.extend(clauses.flat_map(|(_, bounds)| bounds));
        }
        bounds.extend(self.extra.iter().filter(|(parameter, _)| parameter == name).map(|(_, bound)| bound));
        bounds
    }
}

/// Judges types, and remembers what it found of the project's structs.
pub(super) struct Natures<'a> {
    pub(super) project: &'a Project,
    pub(super) names: Names<'a>,
    known: FxHashMap<ItemRef, Option<Nature>>,
    /// The type parameters whose bounds are being followed: two may be bound by each other.
    followed: Vec<SmolStr>,
}

impl<'a> Natures<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self { project, names: project.names(), known: FxHashMap::default(), followed: Vec::new() }
    }

    /// What a type is. `name` is what the parameter or field is called.
    pub(super) fn of(&mut self, ty: &Type, name: &str, context: &Context<'_>) -> Nature {
        match &ty.kind {
            TypeKind::Reference(inner) | TypeKind::Pointer(inner) | TypeKind::List(inner) => {
                self.of(inner, name, context)
            }
            TypeKind::Dyn(bounds) | TypeKind::Impl(bounds) => {
                let bounds: Vec<&Bound> = bounds.iter().collect();
                self.of_bounds(&bounds, name, context)
            }
            TypeKind::Function(..) => Nature::Collaborator(Role {
                name: "fn".into(),
                why: "a function pointer carries behaviour".to_owned(),
                port: None,
                telemetry: false,
                outside: false,
            }),
            TypeKind::Tuple(parts) => {
                let natures = parts.iter().map(|part| self.of(part, name, context));
                natures.into_iter().find(|nature| *nature != Nature::Value).unwrap_or(Nature::Value)
            }
            TypeKind::Projection(itself, associated) => {
                let parameter = itself.path().map_or("", |path| path.path.as_str());
                self.of_associated(parameter, associated, name, context)
            }
            TypeKind::Path(path) => self.of_path(path, name, context),
            TypeKind::Unknown => Nature::Value,
        }
    }

    fn of_path(&mut self, path: &PathType, name: &str, context: &Context<'_>) -> Nature {
        if !path.path.contains("::") && context.is_parameter(&path.path) {
            if self.followed.contains(&path.path) {
                return Nature::Value;
            }
            self.followed.push(path.path.clone());
            let nature = self.of_bounds(&context.bounds(&path.path), name, context);
            self.followed.pop();
            return nature;
        }
        let (first, associated) = split_first(&path.path);
        if !associated.is_empty() && (first == "Self" || context.is_parameter(first)) {
            return self.of_associated(first, associated, name, context);
        }
        // An alias may hide the pointers and arguments that say what it is.
        if let Target::Item(item) = self.names.resolve(context.module, &path.path, Space::Types).target
            && let ItemKind::Alias(_) = &self.project.item(item).kind
        {
            // What it wraps may come from outside: `type Shared<T> = Arc<Mutex<T>>`.
            let natures = path.arguments.iter().map(|inner| self.of(inner, name, context)).collect::<Vec<_>>();
            return match self.of_declaration(item) {
                Nature::Value => natures.into_iter().find(|nature| *nature != Nature::Value).unwrap_or(Nature::Value),
                nature => nature,
            };
        }
        let target = self.names.type_item(context.module, &path.path);
        if let Target::Item(item) = target {
            return self.of_item(item, path, context);
        }
        let last = path.last();
        if known::WRAPPERS.contains(&last) {
            // The value of a map is its last argument; the others have one.
            return match path.arguments.last().map(|inner| (inner, self.of(inner, name, context))) {
                // A register of what runs, each entry with its own parties, is state.
                Some((inner, Nature::Bundle(..))) if known::is_register(last, inner) => Nature::Value,
                Some((_, nature)) => nature,
                None => Nature::Value,
            };
        }
        if known::is_channel(last) {
            return of_channel(path, name, &target);
        }
        of_outside(last, &target)
    }

    fn of_associated(&mut self, parameter: &str, associated: &str, name: &str, context: &Context<'_>) -> Nature {
        for bound in context.bounds(parameter) {
            if let Target::Item(item) = self.names.type_item(context.module, &bound.path)
                && let ItemKind::Trait(declared) = &self.project.item(item).kind
                && let Some((_, bounds)) = declared.types.iter().find(|(known, _)| known == associated)
            {
                let bounds: Vec<&Bound> = bounds.iter().collect();
                return self.of_bounds(&bounds, name, &Context::plain(item.module));
            }
        }
        of_projection(associated)
    }

    fn of_bounds(&mut self, bounds: &[&Bound], name: &str, context: &Context<'_>) -> Nature {
        for bound in bounds {
            let last = bound.last();
            if known::is_function_trait(last) {
                return Nature::Collaborator(Role {
                    name: last.into(),
                    why: "a closure carries behaviour".to_owned(),
                    port: None,
                    telemetry: false,
                    outside: false,
                });
            }
            match self.names.type_item(context.module, &bound.path) {
                Target::Item(item) => {
                    if let Some(role) = self.of_trait(item) {
                        return Nature::Collaborator(role);
                    }
                }
                // `impl Into<Arc<dyn Port>>` hands over a port.
                _ if matches!(last, "Into" | "AsRef" | "Borrow" | "Deref") => {
                    let inner = bound.arguments.first().map(|inner| self.of(inner, name, context));
                    if let Some(nature) = inner.filter(|nature| *nature != Nature::Value) {
                        return nature;
                    }
                }
                target => {
                    if !known::is_value_trait(last) {
                        let port = matches!(target, Target::Outside(..)).then_some(target);
                        return Nature::Collaborator(Role {
                            name: last.into(),
                            why: format!("`{last}`, a trait of another crate"),
                            port,
                            telemetry: known::is_telemetry_name(last),
                            outside: false,
                        });
                    }
                }
            }
        }
        Nature::Value
    }

    /// A trait of the project is a port if it, or one it extends, has methods on `self`.
    fn of_trait(&self, item: ItemRef) -> Option<Role> {
        let ItemKind::Trait(declared) = &self.project.item(item).kind else { return None };
        if !self.has_methods(item, declared, 0) {
            return None;
        }
        let name = self.project.item(item).name.clone();
        let why = format!("`{name}`, a port of this project");
        let telemetry = known::is_telemetry_name(&name);
        Some(Role { name, why, port: Some(Target::Item(item)), telemetry, outside: false })
    }

    fn has_methods(&self, item: ItemRef, declared: &TraitItem, depth: u8) -> bool {
        // Associated functions without `self` are behaviour as well: `Clock::now()`.
        !declared.functions.is_empty()
            || (depth < 8
                && declared.supertraits.iter().any(|bound| match self.names.type_item(item.module, &bound.path) {
                    Target::Item(parent) => match &self.project.item(parent).kind {
                        ItemKind::Trait(inner) => self.has_methods(parent, inner, depth + 1),
                        _ => false,
                    },
                    _ => !known::is_value_trait(bound.last()),
                }))
    }

    /// What a type of the project is, with the arguments that it has at this place.
    fn of_item(&mut self, item: ItemRef, path: &PathType, context: &Context<'_>) -> Nature {
        let declared = self.of_declaration(item);
        let ItemKind::Struct(fields) = &self.project.item(item).kind else { return declared };
        let mut members = match &declared {
            Nature::Collaborator(_) => return declared,
            Nature::Bundle(_, members) => members.clone(),
            Nature::Value => Vec::new(),
        };
        let before = members.len();
        for field in &fields.fields {
            let argument = parameter_of(&field.ty, &fields.generics).and_then(|at| path.arguments.get(at));
            let Some(argument) = argument.filter(|_| !members.iter().any(|member| member.name == field.name)) else {
                continue;
            };
            if let Nature::Collaborator(role) = self.of(argument, &field.name, context) {
                let place = self.project.place(item.module, field.span);
                members.push(Member { name: field.name.clone(), role, place, ty: field.ty.span });
            }
        }
        if members.len() == before {
            return declared;
        }
        members.sort_by_key(|member| member.place);
        self.holding(item, fields, members)
    }

    /// What a type of the project is by its declaration, whatever its arguments are.
    pub(super) fn of_declaration(&mut self, item: ItemRef) -> Nature {
        if let Some(known) = self.known.get(&item) {
            // A type that holds itself adds nothing to what it is.
            return known.clone().unwrap_or(Nature::Value);
        }
        self.known.insert(item, None);
        let nature = self.judge_item(item);
        self.known.insert(item, Some(nature.clone()));
        nature
    }

    fn judge_item(&mut self, item: ItemRef) -> Nature {
        let declared = self.project.item(item);
        let name = declared.name.clone();
        match &declared.kind {
            ItemKind::Alias(alias) => {
                let context = Context { generics: vec![&alias.generics], ..Context::plain(item.module) };
                self.of(&alias.ty, &name, &context)
            }
            ItemKind::Struct(fields) => {
                let held = self.collaborators_of(item, fields);
                // A `ContextBuilder` that asks the stores it holds is no value, whatever its name.
                if known::is_value_name(&name) && (held.is_empty() || !self.acts_itself(item)) {
                    return Nature::Value;
                }
                if !held.is_empty() {
                    return self.holding(item, fields, held);
                }
                self.behaviour(item, &name).map_or(Nature::Value, |why| acting(&name, why))
            }
            ItemKind::Enum(choices) => {
                let context = Context { generics: vec![&choices.generics], ..Context::plain(item.module) };
                let mut fields = choices.variants.iter().flat_map(|variant| &variant.fields);
                let acts = fields.any(|field| self.of(&field.ty, &field.name, &context) != Nature::Value);
                if acts { acting(&name, format!("`{name}` is one of several collaborators")) } else { Nature::Value }
            }
            // A trait in the place of a type, as before 2021.
            ItemKind::Trait(_) => self.of_trait(item).map_or(Nature::Value, Nature::Collaborator),
            _ => Nature::Value,
        }
    }

    /// What a struct is that holds collaborators: a bundle if all of them are in plain sight.
    fn holding(&self, item: ItemRef, fields: &StructItem, held: Vec<Member>) -> Nature {
        let visible = |member: &Member| {
            let field = fields.fields.iter().find(|field| field.name == member.name);
            // What came out of a bundle inside is as visible as the bundle's field was.
            field.is_none_or(|field| field.visibility != Visibility::Private)
        };
        if held.iter().all(visible) && !self.acts_itself(item) {
            return Nature::Bundle(item, held);
        }
        let name = &self.project.item(item).name;
        let first = held.first().map_or("", |member| member.role.name.as_str());
        acting(name, format!("`{name}` holds a collaborator itself: `{first}`"))
    }

    /// Whether a struct does more than hand on what it holds: it has asynchronous methods, or
    /// stands for a port.
    fn acts_itself(&self, item: ItemRef) -> bool {
        let waits =
            |function: &crate::facts::Function| function.is_async && !function.test && function.receiver.is_some();
        self.project.impls(item).any(|(_, block)| block.functions.iter().any(waits))
            || self.ports_of(item).any(|port| self.is_port(port))
    }

    /// The traits of the project that a type implements.
    pub(super) fn ports_of(&self, item: ItemRef) -> impl Iterator<Item = ItemRef> {
        self.project.impls(item).filter_map(|(block, inner)| {
            let of_trait = inner.of_trait.as_ref()?;
            match self.names.type_item(block.module, &of_trait.path) {
                Target::Item(port) => Some(port),
                _ => None,
            }
        })
    }

    /// The collaborators that a struct's fields hold.
    pub(super) fn collaborators_of(&mut self, item: ItemRef, fields: &StructItem) -> Vec<Member> {
        let extra = self.bounds_of_impls(item, &fields.generics);
        let context = Context { module: item.module, generics: vec![&fields.generics], extra };
        let mut held = Vec::new();
        for field in &fields.fields {
            held.extend(self.member(field, &context));
        }
        held
    }

    fn member(&mut self, field: &Field, context: &Context<'_>) -> Vec<Member> {
        let mut held = Vec::new();
        for ty in parts(&field.ty) {
            match self.of(ty, &field.name, context) {
                Nature::Value => {}
                Nature::Collaborator(role) => {
                    let place = self.project.place(context.module, field.span);
                    held.push(Member { name: field.name.clone(), role, place, ty: ty.span });
                }
                Nature::Bundle(_, members) => held.extend(members),
            }
        }
        held
    }

    /// The bounds that the `impl` blocks of a struct put on its parameters, under its own names.
    pub(super) fn bounds_of_impls(&self, item: ItemRef, generics: &Generics) -> Vec<(SmolStr, &'a Bound)> {
        let mut bounds = Vec::new();
        for (_, block) in self.project.impls(item) {
            let Some(path) = block.self_type.referent().path() else { continue };
            for ((parameter, _), argument) in generics.parameters.iter().zip(&path.arguments) {
                let Some(local) = argument.path() else { continue };
                let of_parameter = block.generics.parameters.iter().filter(|(name, _)| *name == local.path);
                bounds.extend(of_parameter.flat_map(|(_, bounds)| bounds).map(|bound| (parameter.clone(), bound)));
                let clauses = block.generics.predicates.iter();
                let clauses = clauses.filter(|(ty, _)| ty.path().is_some_and(|path| path.path == local.path));
                bounds.extend(clauses.flat_map(|(_, bounds)| bounds).map(|bound| (parameter.clone(), bound)));
            }
        }
        bounds
    }

    /// Why a struct without collaborators acts all the same: by what its methods do.
    fn behaviour(&self, item: ItemRef, name: &str) -> Option<String> {
        let mut methods = false;
        for (block, inner) in self.project.impls(item) {
            if let Some(of_trait) = &inner.of_trait
                && let Target::Item(port) = self.names.type_item(block.module, &of_trait.path)
                && self.is_port(port)
            {
                return Some(format!("`{name}` implements the port `{}`", of_trait.last()));
            }
            if inner.of_trait.as_ref().is_some_and(|of_trait| known::is_conversion_trait(of_trait.last())) {
                continue;
            }
            for function in inner.functions.iter().filter(|function| function.receiver.is_some() && !function.test) {
                methods = true;
                if function.is_async {
                    return Some(format!(
                        "`{name}::{}` is asynchronous: it waits for something outside",
                        function.name
                    ));
                }
                if let Some(effect) = self.effect_within(self.project.place(block.module, function.span)) {
                    return Some(format!("`{name}::{}` touches the world: `{effect}`", function.name));
                }
            }
        }
        let data = match &self.project.item(item).kind {
            ItemKind::Struct(fields) => !fields.fields.is_empty(),
            _ => true,
        };
        let acts = methods && (known::is_actor_name(name) || !data);
        acts.then(|| format!("`{name}` is injected for what its methods do"))
    }

    /// Whether a trait of the project is one that adapters implement: asynchronous, implemented in
    /// the shell, or named as ports are.
    pub(super) fn is_port(&self, item: ItemRef) -> bool {
        let declared = self.project.item(item);
        let ItemKind::Trait(inner) = &declared.kind else { return false };
        let is_async = |function: &crate::facts::Function| {
            function.is_async
                || matches!(&function.output, Some(Type { kind: TypeKind::Impl(bounds), .. })
                    if bounds.iter().any(|bound| bound.last() == "Future"))
        };
        let module = &self.project.module(item.module).path;
        inner.functions.iter().any(is_async)
            || declared.attributes.iter().any(|attribute| last_segment(&attribute.path) == "async_trait")
            || segments(module).any(|part| matches!(part, "port" | "ports"))
            || ["Repository", "Gateway", "Port", "Client", "Store", "Storage", "Notifier", "Publisher", "Provider"]
                .iter()
                .any(|ending| declared.name.ends_with(ending))
    }

    /// Whether a method of a type touches the world by itself.
    pub(super) fn touches_world(&self, item: ItemRef) -> bool {
        let mut blocks = self.project.impls(item);
        blocks.any(|(block, inner)| {
            let mut functions = inner.functions.iter().filter(|function| !function.test);
            functions.any(|function| self.effect_within(self.project.place(block.module, function.span)).is_some())
        })
    }

    /// The first path inside a place that touches the world by itself.
    fn effect_within(&self, place: Place) -> Option<SmolStr> {
        self.project.edges.inside(place).iter().find_map(|edge| match &edge.to {
            Target::Outside(package, path) => {
                let effect = known::is_effect(package, path) || self.project.roles.is_shell_crate(package);
                effect.then(|| edge.path.clone())
            }
            _ => None,
        })
    }
}

/// `T::Repository` where no bound of `T` is known that declares it.
fn of_projection(associated: &str) -> Nature {
    if known::is_actor_name(associated) {
        return acting(associated, format!("`{associated}`, an associated type that a trait supplies"));
    }
    Nature::Value
}

/// The position of the parameter that a field's type is, behind pointers and containers.
fn parameter_of(ty: &Type, generics: &Generics) -> Option<usize> {
    match &ty.kind {
        TypeKind::Reference(inner) | TypeKind::List(inner) => parameter_of(inner, generics),
        TypeKind::Path(path) if path.arguments.is_empty() => {
            generics.parameters.iter().position(|(parameter, _)| *parameter == path.path)
        }
        TypeKind::Path(path) if known::WRAPPERS.contains(&path.last()) => {
            path.arguments.last().and_then(|inner| parameter_of(inner, generics))
        }
        _ => None,
    }
}

fn acting(name: &str, why: String) -> Nature {
    let telemetry = known::is_telemetry_name(name);
    Nature::Collaborator(Role { name: name.into(), why, port: None, telemetry, outside: false })
}

fn outside(name: &str, why: String) -> Nature {
    match acting(name, why) {
        Nature::Collaborator(role) => Nature::Collaborator(Role { outside: true, ..role }),
        other => other,
    }
}

/// A channel that carries work is a collaborator, one that says "stop" is not.
fn of_channel(path: &PathType, name: &str, target: &Target) -> Nature {
    let carried = path.arguments.first();
    let signal = carried.is_some_and(|ty| match &ty.kind {
        TypeKind::Tuple(parts) => parts.is_empty(),
        TypeKind::Path(path) => path.path == "bool",
        _ => false,
    });
    let of_state = |path: &str| path.contains("watch::") || path.contains("oneshot::");
    let state = of_state(&path.path) || matches!(target, Target::Outside(_, path) if of_state(path));
    if signal || state || known::is_shutdown_name(name) {
        return Nature::Value;
    }
    acting(path.last(), "a channel that hands work to another part".to_owned())
}

fn of_outside(name: &str, target: &Target) -> Nature {
    let (package, path) = match target {
        Target::Outside(package, path) => (package.as_str(), path.as_str()),
        // Not resolved: a glob of an outside crate, or a type that a macro makes.
        _ => ("", ""),
    };
    if known::is_value_name(name) {
        return Nature::Value;
    }
    match package {
        "std" | "core" | "alloc" | "tokio" | "async-std" | "futures" | "tokio-util" => {
            if known::is_acting_std_type(path) {
                return outside(name, format!("`{name}` touches the world"));
            }
            Nature::Value
        }
        // What only holds values in this process is state, and what a driver is told is data.
        package if known::is_cache(package) || known::is_inert(package, name) => Nature::Value,
        package if known::is_infrastructure(package) => {
            outside(name, format!("`{name}` of `{package}` talks to something outside the process"))
        }
        "" if known::is_actor_name(name) => acting(name, format!("`{name}` is named for what it does")),
        _ if known::is_actor_name(name) => outside(name, format!("`{name}` is named for what it does")),
        _ => Nature::Value,
    }
}
