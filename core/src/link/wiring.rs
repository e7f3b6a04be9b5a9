//! What a composition root does with adapters: it makes them, hands them on, starts and stops them.
//!
//! Told by what a function returns and by the words of its name, because nothing else says whether
//! `create_pool` and `create_user` do the same kind of thing.

use super::names::{ItemRef, Target};
use super::orchestrators::is_opaque;
use super::orchestrators::known::{is_effect, is_inert, is_value_name};
use super::tree::ModuleId;
use super::{FunctionRef, Project};
use crate::facts::{ItemKind, Type, TypeKind};

/// How deeply structs are looked into for a type that touches the world.
const MOST_FIELDS: u32 = 3;

/// The first words of functions that make something, or set up what a program needs.
const MAKES: &[&str] = &[
    "bind",
    "build",
    "builder",
    "configure",
    "connect",
    "default",
    "from",
    "init",
    "initialise",
    "initialize",
    "install",
    "make",
    "new",
    "open",
    "setup",
    "try",
    "with",
];

/// The last words of functions that make or keep a part of the program, rather than its data.
const PARTS: &[&str] = &[
    "app",
    "client",
    "config",
    "connection",
    "container",
    "cors",
    "layer",
    "listener",
    "logger",
    "logging",
    "metrics",
    "middleware",
    "migrations",
    "pool",
    "router",
    "routes",
    "runtime",
    "scheduler",
    "server",
    "settings",
    "signal",
    "state",
    "telemetry",
    "tracing",
    "worker",
    "workers",
];

/// The first words of functions that ask for data or change it, whatever they return.
const ASKS: &[&str] = &[
    "add", "all", "by", "count", "delete", "exists", "fetch", "find", "get", "insert", "list", "query", "read",
    "remove", "save", "search", "select", "send", "store", "update", "upsert", "write",
];

/// The names of functions that start, stop and watch over something.
const LIFE: &[&str] = &[
    "close",
    "health",
    "health_check",
    "join",
    "listen",
    "migrate",
    "ping",
    "ready",
    "run",
    "serve",
    "shutdown",
    "spawn",
    "start",
    "stop",
    "wait",
];

/// The first words of methods that hand out the thing itself or what is inside.
const HANDS: &[&str] = &["as", "boxed", "clone", "handle", "inner", "into", "to"];

impl Project {
    /// Whether a function makes something or hands it on: a constructor, a setter, a conversion, a
    /// part of the program.
    pub fn makes(&self, function: FunctionRef) -> bool {
        let Some(declared) = self.function(function) else { return false };
        let (first, last) = words(&declared.name);
        let own = declared.output.as_ref().is_some_and(|output| self.returns_own(function, output));
        if own && !ASKS.contains(&first) {
            return true;
        }
        if declared.receiver.is_some() {
            // `set_mode(&mut self, …)` is `with_mode(self, …) -> Self`.
            let sets = first == "set" && !declared.is_async && declared.output.is_none();
            if sets || matches!(first, "build" | "make" | "connect") {
                return true;
            }
            let part = PARTS.contains(&last) && declared.parameters.is_empty();
            return HANDS.contains(&first) || (part && !ASKS.contains(&first));
        }
        let opaque = !declared.is_async && declared.output.as_ref().is_some_and(is_opaque);
        MAKES.contains(&first) || PARTS.contains(&last) || opaque
    }

    /// Whether a function starts, stops or watches over a part of the program.
    pub fn keeps_alive(&self, function: FunctionRef) -> bool {
        let Some(declared) = self.function(function) else { return false };
        let (first, last) = words(&declared.name);
        LIFE.contains(&declared.name.as_str()) || (LIFE.contains(&first) && PARTS.contains(&last))
    }

    /// Whether a function belongs to the implementation of a trait.
    pub fn is_of_trait(&self, function: FunctionRef) -> bool {
        matches!(&self.item(function.item).kind, ItemKind::Impl(block) if block.of_trait.is_some())
    }

    /// The trait of the project that a function implements.
    pub fn implemented(&self, function: FunctionRef) -> Option<ItemRef> {
        match &self.item(function.item).kind {
            ItemKind::Impl(block) => self.named(function, &block.of_trait.as_ref()?.path),
            _ => None,
        }
    }

    /// The type or trait that a function belongs to.
    pub fn owner(&self, function: FunctionRef) -> Option<ItemRef> {
        match &self.item(function.item).kind {
            ItemKind::Trait(_) => Some(function.item),
            ItemKind::Impl(block) => self.named(function, &block.self_type.referent().path()?.path),
            _ => None,
        }
    }

    /// Whether a function touches the world by itself: its code or its signature names files, the
    /// network, processes or a crate that does, or it takes something and works on a value that holds
    /// such a type.
    pub fn touches_world(&self, function: FunctionRef) -> bool {
        let Some(declared) = self.function(function) else { return false };
        let edges = self.edges_in(self.module(function.item.module).file).iter();
        let mut own = edges.filter(|edge| !edge.test && declared.span.contains(edge.place.span));
        if own.any(|edge| self.is_world(&edge.to)) {
            return true;
        }
        let mut types = declared.parameters.iter().map(|parameter| &parameter.ty).chain(&declared.output);
        if types.any(|ty| self.holds_world(function.item.module, ty, MOST_FIELDS)) {
            return true;
        }
        let owner = self.owner(function).filter(|_| declared.receiver.is_some() && !declared.parameters.is_empty());
        owner.is_some_and(|owner| self.item_holds_world(owner, MOST_FIELDS))
    }

    /// Whether a target touches the world: not what a crate that does has for mere values, such as
    /// addresses, requests and errors.
    pub fn is_world(&self, target: &Target) -> bool {
        let Target::Outside(package, path) = target else { return false };
        let name = path.split("::").find(|part| part.starts_with(char::is_uppercase)).unwrap_or_default();
        let value = is_value_name(name) || is_inert(package, name);
        !value && (is_effect(package, path) || self.roles.is_shell_crate(package))
    }

    fn holds_world(&self, module: ModuleId, ty: &Type, depth: u32) -> bool {
        match &ty.kind {
            TypeKind::Reference(inner) | TypeKind::List(inner) => self.holds_world(module, inner, depth),
            TypeKind::Tuple(parts) => parts.iter().any(|part| self.holds_world(module, part, depth)),
            TypeKind::Path(path) => {
                let target = self.names().type_item(module, &path.path);
                let own = self.is_world(&target);
                let fields = matches!(target, Target::Item(item) if self.item_holds_world(item, depth));
                own || fields || path.arguments.iter().any(|inner| self.holds_world(module, inner, depth))
            }
            _ => false,
        }
    }

    fn item_holds_world(&self, item: ItemRef, depth: u32) -> bool {
        let ItemKind::Struct(declared) = &self.item(item).kind else { return false };
        depth > 0 && declared.fields.iter().any(|field| self.holds_world(item.module, &field.ty, depth - 1))
    }

    fn named(&self, function: FunctionRef, path: &str) -> Option<ItemRef> {
        match self.names().type_item(function.item.module, path) {
            Target::Item(item) => Some(item),
            _ => None,
        }
    }

    /// Whether a function returns the type that it belongs to, also in `Result`, `Arc` and the like.
    fn returns_own(&self, function: FunctionRef, output: &Type) -> bool {
        match &output.kind {
            TypeKind::Path(path) => {
                let own = || self.owner(function).is_some_and(|owner| self.named(function, &path.path) == Some(owner));
                let inner = path.arguments.first().filter(|_| path.last() != "Vec");
                path.path == "Self" || own() || inner.is_some_and(|inner| self.returns_own(function, inner))
            }
            TypeKind::Reference(inner) => self.returns_own(function, inner),
            TypeKind::Tuple(parts) => parts.iter().any(|part| self.returns_own(function, part)),
            _ => false,
        }
    }
}

/// The first and the last word of a name.
fn words(name: &str) -> (&str, &str) {
    let first = name.split('_').find(|word| !word.is_empty()).unwrap_or(name);
    (first, name.rsplit('_').next().unwrap_or(name))
}
