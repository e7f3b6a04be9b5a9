//! Types with interior mutability: what they hold can change through a shared reference.

use crate::facts::types::last_segment;
use crate::facts::{ItemKind, PathType, Type, TypeKind};
use crate::link::{ItemRef, ModuleId, Project, Space, Target};
use smol_str::SmolStr;

/// A type with interior mutability, and what is inside it.
#[derive(Clone, Debug)]
pub struct CellType<'a> {
    /// Its own name, whatever the module calls it.
    pub name: SmolStr,
    /// What it holds.
    pub inner: Option<&'a Type>,
    /// Where what it holds is written.
    module: ModuleId,
}

const LOCKS: &[&str] =
    &["Mutex", "RwLock", "Cell", "RefCell", "UnsafeCell", "ArcSwap", "ArcSwapOption", "ReentrantMutex"];
const FILLED_ONCE: &[&str] = &["OnceCell", "OnceLock", "OnceBox", "LazyCell", "LazyLock"];
const CONCURRENT: &[&str] =
    &["DashMap", "DashSet", "LruCache", "TtlCache", "TimedCache", "SegQueue", "ArrayQueue", "SkipMap", "ThreadLocal"];

impl<'a> CellType<'a> {
    /// Whether it is filled once and is the same ever after.
    pub fn is_filled_once(&self) -> bool {
        FILLED_ONCE.contains(&self.name.as_str())
    }

    /// The first part of what it holds that has interior mutability.
    pub fn inside(&self, project: &'a Project) -> Option<Self> {
        interior(project, self.module, self.inner?)
    }
}

/// The first part of a type with interior mutability, looking through pointers, containers and aliases.
pub fn interior<'a>(project: &'a Project, module: ModuleId, ty: &'a Type) -> Option<CellType<'a>> {
    Look { project, module, aliases: 0 }.interior(ty)
}

/// How something of that type can change under those who share it: what is filled once cannot.
pub fn changing<'a>(project: &'a Project, module: ModuleId, ty: &'a Type) -> Option<CellType<'a>> {
    let mut cell = interior(project, module, ty)?;
    while cell.is_filled_once() {
        cell = cell.inside(project)?;
    }
    Some(cell)
}

/// Where a type stands, and through how many aliases it was reached.
#[derive(Clone, Copy)]
struct Look<'a> {
    project: &'a Project,
    module: ModuleId,
    aliases: u8,
}

impl<'a> Look<'a> {
    fn interior(self, ty: &'a Type) -> Option<CellType<'a>> {
        match &ty.kind {
            TypeKind::Reference(inner) | TypeKind::List(inner) => self.interior(inner),
            TypeKind::Tuple(parts) => parts.iter().find_map(|part| self.interior(part)),
            TypeKind::Path(path) => self.of_path(path),
            _ => None,
        }
    }

    fn of_path(self, path: &'a PathType) -> Option<CellType<'a>> {
        // It says something about a type and holds nothing.
        if path.last() == "PhantomData" {
            return None;
        }
        let own = match self.project.names().resolve(self.module, &path.path, Space::Types).target {
            Target::Item(item) => match &self.project.item(item).kind {
                ItemKind::Alias(alias) => self.through(item).and_then(|inside| inside.interior(&alias.ty)),
                // A type of the project that is called like one of these is another.
                _ => None,
            },
            // An outside type goes by its own name, whatever this module calls it.
            Target::Outside(_, outside) if !outside.is_empty() => self.cell(path, last_segment(&outside), true),
            _ => self.cell(path, path.last(), path.path.contains("::")),
        };
        own.or_else(|| path.arguments.iter().find_map(|inner| self.interior(inner)))
    }

    /// Behind an alias; nothing where aliases lead in a circle, which no compiler accepts.
    fn through(self, alias: ItemRef) -> Option<Self> {
        (self.aliases < 16).then(|| Self { module: alias.module, aliases: self.aliases + 1, ..self })
    }

    /// The type of a path that is one of those with interior mutability.
    fn cell(self, path: &'a PathType, name: &str, outside: bool) -> Option<CellType<'a>> {
        let known = [LOCKS, FILLED_ONCE, CONCURRENT].iter().any(|names| names.contains(&name))
            || is_atomic(name)
            || (name == "Cache" && outside);
        known.then(|| CellType { name: name.into(), inner: path.arguments.last(), module: self.module })
    }
}

fn is_atomic(name: &str) -> bool {
    name.strip_prefix("Atomic").is_some_and(|rest| {
        matches!(rest, "Bool" | "Ptr" | "Cell" | "Usize" | "Isize")
            || rest.strip_prefix(['U', 'I']).is_some_and(|bits| matches!(bits, "8" | "16" | "32" | "64" | "128"))
    })
}
