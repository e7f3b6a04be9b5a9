//! Types, bounds and generic parameters as the source writes them.

use crate::source::Span;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TypeKind {
    /// `a::B<C>`
    Path(PathType),
    /// `&T`, `&mut T`
    Reference(Box<Type>),
    /// `*const T`
    Pointer(Box<Type>),
    /// `(A, B)`; the unit type is the empty one.
    Tuple(Vec<Type>),
    /// `[T]`, `[T; N]`
    List(Box<Type>),
    /// `dyn A + B`
    Dyn(Vec<Bound>),
    /// `impl A + B`
    Impl(Vec<Bound>),
    /// `fn(A) -> B`: what it takes and what it returns; the unit type where nothing is written.
    Function(Vec<Type>, Box<Type>),
    /// `<T as Trait>::Name`, `<T>::Name`
    Projection(Box<Type>, SmolStr),
    /// `_`, `!`, a macro, or syntax that the parser does not know: nothing may be concluded from it.
    Unknown,
}

/// A path with the generic arguments of its last segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathType {
    /// The path as written, without arguments.
    pub path: SmolStr,
    /// The path's own tokens.
    pub span: Span,
    /// The type arguments of the last segment that has any; for `Fn(A) -> B` the parameters.
    pub arguments: Vec<Type>,
    /// The associated types it binds, `Iterator<Item = T>`; for `Fn(A) -> B` the result as `Output`.
    pub bindings: Vec<(SmolStr, Type)>,
}

/// A bound. Lifetimes and relaxed bounds (`?Sized`) are left out.
pub type Bound = PathType;

/// The parameters of an item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Generics {
    /// Type parameters with the bounds in the angle brackets; a constant parameter has none.
    pub parameters: Vec<(SmolStr, Vec<Bound>)>,
    /// The predicates of the `where` clause.
    pub predicates: Vec<(Type, Vec<Bound>)>,
    /// What stands for type parameters that have a default.
    pub defaults: Vec<(SmolStr, Type)>,
}

impl Generics {
    /// Whether there is a parameter of that name.
    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(parameter, _)| parameter == name)
    }

    /// Every bound that the parameter `name` has, in angle brackets or `where`.
    pub fn bounds<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Bound> {
        let own = self.parameters.iter().filter(move |(parameter, _)| parameter == name);
        let clauses = self.predicates.iter().filter(move |(ty, _)| ty.path().is_some_and(|path| path.path == name));
        own.flat_map(|(_, bounds)| bounds).chain(clauses.flat_map(|(_, bounds)| bounds))
    }
}

impl Type {
    /// The path, if the type is one.
    pub fn path(&self) -> Option<&PathType> {
        match &self.kind {
            TypeKind::Path(path) => Some(path),
            _ => None,
        }
    }

    /// The type behind any references.
    pub fn referent(&self) -> &Self {
        match &self.kind {
            TypeKind::Reference(inner) => inner.referent(),
            _ => self,
        }
    }
}

impl PathType {
    /// The last segment.
    pub fn last(&self) -> &str {
        last_segment(&self.path)
    }
}

/// The last segment of a path. In a path no colon stands alone, and looking for one is much quicker.
pub fn last_segment(path: &str) -> &str {
    // Names are short, and every rule asks: a plain search is the quickest.
    path.bytes().rposition(|byte| byte == b':').map_or(path, |colon| &path[colon + 1..])
}

/// The names of a path. As in [`last_segment`], one colon is looked for, and every second part lies between two.
pub fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split(':').step_by(2)
}

/// The first name of a path, and the rest without the colons between them.
pub fn split_first(path: &str) -> (&str, &str) {
    let Some(colon) = path.bytes().position(|byte| byte == b':') else { return (path, "") };
    let rest = &path[colon + 1..];
    (&path[..colon], rest.strip_prefix(':').unwrap_or(rest))
}
