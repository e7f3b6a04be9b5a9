//! Types as values: resolved, cheap to clone, comparable, printable.

use crate::link::ItemRef;
use smol_str::SmolStr;
use std::fmt;
use std::sync::Arc;

/// A type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ty {
    /// Nobody knows, and nothing may be concluded from it.
    #[default]
    Unknown,
    /// `!`: what a `return` is.
    Never,
    /// `u32`, `str`, `bool`; a number whose type nothing says is `{integer}` or `{float}`.
    Primitive(SmolStr),
    /// A struct or enum of the project.
    Item(Arc<Named>),
    /// A type of an outside crate.
    Outside(Arc<Outside>),
    /// `&T`, `&mut T`: facts do not tell the two apart.
    Reference(Arc<Ty>),
    /// `*const T`, `*mut T`
    Pointer(Arc<Ty>),
    /// `(A, B)`; the unit type is the empty one.
    Tuple(Arc<[Ty]>),
    /// `[T]`, `[T; N]`
    List(Arc<Ty>),
    /// `dyn A + B`
    Dyn(Arc<[Bound]>),
    /// `impl A + B`, also what an `async fn` returns
    Impl(Arc<[Bound]>),
    /// A type parameter of an item or function, or the `Self` of a trait.
    Parameter(Arc<Parameter>),
    /// An associated type of something that is not known any closer: `T::Item`.
    Associated(Arc<Associated>),
    /// A function or closure.
    Function(Arc<Callable>),
}

/// A struct or enum of the project with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Named {
    /// The item.
    pub item: ItemRef,
    /// Its name.
    pub name: SmolStr,
    /// Its type arguments, one for each parameter.
    pub arguments: Vec<Ty>,
}

/// A type of an outside crate with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Outside {
    /// The package; `std` also stands for `core` and `alloc`.
    pub package: SmolStr,
    /// The path in it: `option::Option`.
    pub path: SmolStr,
    /// Its type arguments.
    pub arguments: Vec<Ty>,
}

/// A trait.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trait {
    /// A trait of the project, with its name.
    Item(ItemRef, SmolStr),
    /// A trait of an outside crate: package and path.
    Outside(SmolStr, SmolStr),
}

/// A trait with its arguments and the associated types that it fixes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bound {
    /// The trait.
    pub of: Trait,
    /// Its type arguments; for `Fn(A) -> B` the parameters.
    pub arguments: Vec<Ty>,
    /// Its associated types; for `Fn(A) -> B` the result as `Output`.
    pub bindings: Vec<(SmolStr, Ty)>,
}

/// A type parameter: who declares it, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Parameter {
    /// The item.
    pub owner: ItemRef,
    /// Which function of the item declares it, if not the item itself does.
    pub function: Option<u32>,
    /// Its name; `Self` for the one that implements a trait.
    pub name: SmolStr,
}

/// An associated type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Associated {
    /// Whose.
    pub of: Ty,
    /// Of which trait, where that is said.
    pub in_trait: Option<Trait>,
    /// Its name.
    pub name: SmolStr,
}

/// What a function or closure takes and returns.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Callable {
    /// Its parameters.
    pub parameters: Vec<Ty>,
    /// Its result.
    pub output: Ty,
}

impl Ty {
    /// The type `()`.
    pub fn unit() -> Self {
        Self::Tuple(Arc::new([]))
    }

    /// A type that the language itself has.
    pub fn primitive(name: &str) -> Self {
        Self::Primitive(name.into())
    }

    /// `&T`
    #[must_use]
    pub fn reference(inner: Self) -> Self {
        Self::Reference(Arc::new(inner))
    }

    /// A type of the standard library.
    pub fn std(path: &str, arguments: Vec<Self>) -> Self {
        Self::Outside(Arc::new(Outside { package: SmolStr::new_static("std"), path: path.into(), arguments }))
    }

    /// Something that has the trait `path` of the standard library, with one associated type.
    pub fn that_is(path: &str, name: &str, value: Self) -> Self {
        let of = Trait::Outside(SmolStr::new_static("std"), path.into());
        Self::Impl(Arc::new([Bound { of, arguments: Vec::new(), bindings: vec![(name.into(), value)] }]))
    }

    /// What an `async` function or block yields before it is awaited.
    #[must_use]
    pub fn future(output: Self) -> Self {
        Self::that_is("future::Future", "Output", output)
    }

    /// A function or closure.
    pub fn function(parameters: Vec<Self>, output: Self) -> Self {
        Self::Function(Arc::new(Callable { parameters, output }))
    }

    /// Whether nothing is known of it.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether something is known of it, and all of its parts are.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Never | Self::Primitive(_) | Self::Parameter(_) => true,
            Self::Item(named) => named.arguments.iter().all(Self::is_known),
            Self::Outside(outside) => outside.arguments.iter().all(Self::is_known),
            Self::Reference(inner) | Self::Pointer(inner) | Self::List(inner) => inner.is_known(),
            Self::Tuple(parts) => parts.iter().all(Self::is_known),
            Self::Dyn(bounds) | Self::Impl(bounds) => bounds.iter().all(Bound::is_known),
            Self::Associated(associated) => associated.of.is_known(),
            Self::Function(function) => function.parameters.iter().all(Self::is_known) && function.output.is_known(),
        }
    }

    /// The type behind any references.
    pub fn referent(&self) -> &Self {
        match self {
            Self::Reference(inner) => inner.referent(),
            _ => self,
        }
    }

    /// The path and arguments, if it is a type of the standard library.
    pub fn as_std(&self) -> Option<(&str, &[Self])> {
        match self {
            Self::Outside(outside) if outside.package == "std" => Some((&outside.path, &outside.arguments)),
            _ => None,
        }
    }

    /// What a reference, a tuple, a list or a collection of the standard library holds: such a type is
    /// compared and shown by these.
    pub(super) fn held(&self) -> &[Self] {
        match self {
            Self::Reference(inner) | Self::List(inner) => std::slice::from_ref(inner),
            Self::Tuple(parts) => parts,
            _ => match self.as_std() {
                Some(("option::Option" | "result::Result" | "vec::Vec" | "boxed::Box", held)) => held,
                Some((path, held)) if path.starts_with("collections::") => held,
                _ => &[],
            },
        }
    }

    /// Whether it is the type of the standard library at `path`.
    pub fn is_std(&self, path: &str) -> bool {
        self.as_std().is_some_and(|(own, _)| own == path)
    }

    /// The item, if it is a type of the project.
    pub fn item(&self) -> Option<ItemRef> {
        match self {
            Self::Item(named) => Some(named.item),
            _ => None,
        }
    }

    /// Whether it is a number of any size.
    pub fn is_number(&self) -> bool {
        self.is_integer() || self.is_float()
    }

    pub(super) fn is_integer(&self) -> bool {
        matches!(self, Self::Primitive(name) if name == "{integer}" || (name.starts_with(['u', 'i']) && name != "str"))
    }

    pub(super) fn is_float(&self) -> bool {
        matches!(self, Self::Primitive(name) if matches!(name.as_str(), "f32" | "f64" | "{float}"))
    }

    /// Whether the two may be one type: what one leaves open, the other may say.
    pub(super) fn is_open_number(&self) -> bool {
        matches!(self, Self::Primitive(name) if name.starts_with('{'))
    }

    /// Whether it is known, down to each number in it.
    pub(super) fn is_settled(&self) -> bool {
        self.is_known() && !self.has_open_number()
    }

    fn has_open_number(&self) -> bool {
        match self {
            Self::Item(named) => named.arguments.iter().any(Self::has_open_number),
            Self::Outside(outside) => outside.arguments.iter().any(Self::has_open_number),
            Self::Reference(inner) | Self::Pointer(inner) | Self::List(inner) => inner.has_open_number(),
            Self::Tuple(parts) => parts.iter().any(Self::has_open_number),
            _ => self.is_open_number(),
        }
    }

    /// This type, with what it leaves open taken from another that must be the same.
    #[must_use]
    pub fn merged(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Never, Self::Unknown) => Self::Never,
            (Self::Unknown | Self::Never, _) => other.clone(),
            (Self::Primitive(_), Self::Primitive(_)) if self.is_open_number() && other.is_number() => other.clone(),
            (Self::Item(a), Self::Item(b)) if a.item == b.item => {
                let arguments = merge_all(&a.arguments, &b.arguments);
                Self::Item(Arc::new(Named { arguments, ..Named::clone(a) }))
            }
            (Self::Outside(a), Self::Outside(b)) if a.path == b.path && a.package == b.package => {
                let arguments = merge_all(&a.arguments, &b.arguments);
                Self::Outside(Arc::new(Outside { arguments, ..Outside::clone(a) }))
            }
            (Self::Reference(a), Self::Reference(b)) => Self::reference(a.merged(b)),
            (Self::List(a), Self::List(b)) => Self::List(Arc::new(a.merged(b))),
            (Self::Tuple(a), Self::Tuple(b)) if a.len() == b.len() => Self::Tuple(merge_all(a, b).into()),
            (Self::Function(a), Self::Function(b)) if a.parameters.len() == b.parameters.len() => {
                Self::function(merge_all(&a.parameters, &b.parameters), a.output.merged(&b.output))
            }
            (Self::Impl(a), Self::Impl(b)) if a.len() == b.len() => {
                Self::Impl(a.iter().zip(b.iter()).map(|(a, b)| a.merged(b)).collect())
            }
            _ => self.clone(),
        }
    }
}

fn merge_all(ours: &[Ty], theirs: &[Ty]) -> Vec<Ty> {
    let more = theirs.get(ours.len()..).unwrap_or_default();
    let both =
        ours.iter().enumerate().map(|(at, ty)| theirs.get(at).map_or_else(|| ty.clone(), |other| ty.merged(other)));
    both.chain(more.iter().cloned()).collect()
}

impl Trait {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Item(_, name) => name,
            Self::Outside(_, path) => crate::facts::types::last_segment(path),
        }
    }

    /// Whether it is the trait of the standard library at `path`.
    pub fn is_std(&self, path: &str) -> bool {
        matches!(self, Self::Outside(package, own) if package == "std" && own == path)
    }

    /// Whether it is one of functions and closures.
    pub fn is_function(&self) -> bool {
        let known = matches!(self.name(), "Fn" | "FnMut" | "FnOnce" | "AsyncFn" | "AsyncFnMut" | "AsyncFnOnce");
        known && matches!(self, Self::Outside(..))
    }
}

impl Bound {
    fn is_known(&self) -> bool {
        self.arguments.iter().all(Ty::is_known) && self.bindings.iter().all(|(_, ty)| ty.is_known())
    }

    fn merged(&self, other: &Self) -> Self {
        if self.of != other.of || self.bindings.len() != other.bindings.len() {
            return self.clone();
        }
        let pairs = self.bindings.iter().zip(&other.bindings);
        let bindings = pairs.map(|((name, a), (_, b))| (name.clone(), a.merged(b))).collect();
        Self { of: self.of.clone(), arguments: merge_all(&self.arguments, &other.arguments), bindings }
    }

    /// The associated type of that name.
    pub fn binding(&self, name: &str) -> Option<&Ty> {
        self.bindings.iter().find(|(bound, _)| bound == name).map(|(_, ty)| ty)
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("?"),
            Self::Never => f.write_str("!"),
            Self::Primitive(name) => f.write_str(name),
            Self::Item(named) => write_path(f, &named.name, &named.arguments),
            Self::Outside(outside) => {
                write_path(f, crate::facts::types::last_segment(&outside.path), &outside.arguments)
            }
            Self::Reference(inner) => match &**inner {
                Self::Dyn(bounds) | Self::Impl(bounds) if bounds.len() > 1 => write!(f, "&({inner})"),
                _ => write!(f, "&{inner}"),
            },
            Self::Pointer(inner) => write!(f, "*{inner}"),
            Self::Tuple(parts) if parts.len() == 1 => write!(f, "({},)", parts[0]),
            Self::Tuple(parts) => {
                f.write_str("(")?;
                write_list(f, parts, ", ")?;
                f.write_str(")")
            }
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::Dyn(bounds) => {
                f.write_str("dyn ")?;
                write_list(f, bounds, " + ")
            }
            Self::Impl(bounds) => {
                f.write_str("impl ")?;
                write_list(f, bounds, " + ")
            }
            Self::Parameter(parameter) => f.write_str(&parameter.name),
            Self::Associated(associated) => match &associated.in_trait {
                Some(of) if !matches!(associated.of, Self::Parameter(_)) => {
                    write!(f, "<{} as {}>::{}", associated.of, of.name(), associated.name)
                }
                _ => write!(f, "{}::{}", associated.of, associated.name),
            },
            Self::Function(function) => {
                f.write_str("fn(")?;
                write_list(f, &function.parameters, ", ")?;
                f.write_str(")")?;
                write_output(f, &function.output)
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.of.name())?;
        if self.of.is_function() {
            f.write_str("(")?;
            write_list(f, &self.arguments, ", ")?;
            f.write_str(")")?;
            return self.binding("Output").map_or(Ok(()), |output| write_output(f, output));
        }
        if self.arguments.is_empty() && self.bindings.is_empty() {
            return Ok(());
        }
        f.write_str("<")?;
        write_list(f, &self.arguments, ", ")?;
        for (at, (name, ty)) in self.bindings.iter().enumerate() {
            let comma = if at > 0 || !self.arguments.is_empty() { ", " } else { "" };
            write!(f, "{comma}{name} = {ty}")?;
        }
        f.write_str(">")
    }
}

fn write_path(f: &mut fmt::Formatter<'_>, name: &str, arguments: &[Ty]) -> fmt::Result {
    f.write_str(name)?;
    if arguments.is_empty() {
        return Ok(());
    }
    f.write_str("<")?;
    write_list(f, arguments, ", ")?;
    f.write_str(">")
}

fn write_output(f: &mut fmt::Formatter<'_>, output: &Ty) -> fmt::Result {
    if *output == Ty::unit() { Ok(()) } else { write!(f, " -> {output}") }
}

fn write_list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, list: &[T], between: &str) -> fmt::Result {
    for (at, one) in list.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        write!(f, "{one}")?;
    }
    Ok(())
}
