//! What one source file says, apart from any parser: the facts that every later step reads.
//!
//! Facts are owned, `Send` and serialisable, and no type of the parser is in them: a second
//! language is a second front end that yields the same facts. Paths are kept as the text the
//! author wrote, `a::b::C`, without generic arguments; a leading `::` is kept.
//!
//! Nothing here is resolved: a fact says which name stands where, and
//! [`link`](crate::link) says what the name means.

pub mod body;
pub mod types;

pub use body::Body;
pub use types::{Bound, Generics, PathType, Type, TypeKind};

use crate::source::Span;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::ops::Range;

/// The facts of one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// The file's top level, then the contents of each inline module.
    pub scopes: Vec<Scope>,
    /// Whether the whole file is test code, by an inner `#![cfg(test)]`.
    pub test: bool,
    /// Whether it has the bodies of its functions as trees, and every name in them.
    pub bodies: bool,
    /// The comments that say something to whoever reads the code, in the order of the text; none
    /// where there are no bodies.
    pub remarks: Vec<Remark>,
    /// What the bodies of test code make, in the order of the text.
    pub tests: Vec<TestBody>,
    /// What it asks the linter not to say, in the order of the text.
    pub suppressions: Vec<Suppression>,
    /// The names of the items that stand in `quote!`, sorted: a macro may make them where it is called.
    pub quoted: Vec<SmolStr>,
}

/// A comment or attribute that asks the linter not to say something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suppression {
    /// The comment or attribute.
    pub span: Span,
    /// What it covers: findings that begin there.
    pub scope: Span,
    /// The rule, with `-`.
    pub rule: SmolStr,
    /// Why; empty where that is not said.
    pub reason: String,
    /// What is wrong with it.
    pub fault: Option<SuppressionFault>,
}

/// What is wrong with a suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SuppressionFault {
    /// It is not written as suppressions are.
    Unreadable,
    /// It does not say why.
    NoReason,
}

/// What the body of a function of test code makes, off its tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestBody {
    /// Between its braces.
    pub span: Span,
    /// The paths that are called or belong to a type, each with how often it is called.
    pub names: Vec<(SmolStr, u32)>,
    /// Whether it has a loop, or calls a closure of its own several times: what is called once there may
    /// be called more often.
    pub repeats: bool,
}

/// A comment in plain words. Documentation is none, nor is what speaks to the linter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The comment.
    pub span: Span,
    /// The line of code that it explains: its own, or the next one where it stands alone and speaks
    /// of failing or of what need not be. Else the comment itself, because it says only what is done.
    pub about: Span,
}

/// A module's contents: their number among the scopes of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The file's top level.
    pub const ROOT: Self = Self(0);
}

/// The contents of a module: a file's top level, or what stands between a module's braces.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// The first paragraph of the module's documentation; empty if there is none.
    pub docs: String,
    /// The items, in source order; those of function bodies too, with [`Item::block`] set.
    pub items: Vec<Item>,
    /// What `use` and `extern crate` bring in, one entry per leaf.
    pub imports: Vec<Import>,
    /// The other places where the module's code names something.
    pub paths: Vec<PathUse>,
    /// The paths that begin at a type in angle brackets; the type and its trait are among the other paths too.
    pub qualified: Vec<QualifiedPath>,
    /// The paths from `crate` and `::name` in what its macros quote: they begin in the crate of whoever calls them.
    pub handed: Vec<PathUse>,
    /// The values of its constants and statics that may use what they do not name, where there are bodies; none of
    /// test code.
    pub values: Vec<Value>,
}

/// The value of a constant or static, free or associated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// The number of the item that it stands in.
    pub item: u32,
    /// The name of the constant or static.
    pub name: SmolStr,
    /// Its type.
    pub ty: Type,
    /// What it is.
    pub body: Body,
}

/// One leaf of a `use` declaration, or an `extern crate`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// What is imported, from the root of the declaration: `crate::a::B`. Without the `*` of a glob.
    pub path: SmolStr,
    /// The name that it binds; `None` for a glob and for `as _`.
    pub name: Option<SmolStr>,
    /// Which form it has.
    pub kind: ImportKind,
    /// Who may see it: anything but private makes a re-export of it.
    pub visibility: Visibility,
    /// The leaf's own tokens.
    pub span: Span,
    /// The block in which it holds, if it stands in a function body.
    pub block: Option<Span>,
    /// Whether it is test code, by its own attributes or a parent's.
    pub test: bool,
    /// The argument of a `#[cfg]` on it; empty if there is none.
    pub cfg: SmolStr,
}

/// The forms of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportKind {
    /// `use a::b;`
    Name,
    /// `use a::*;`
    Glob,
    /// `extern crate a;`
    ExternCrate,
}

/// Who may see an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visibility {
    /// Only its module and the modules inside.
    #[default]
    Private,
    /// The crate, or the modules under a path: `pub(crate)`, `pub(in a::b)`, `pub(super)`.
    Restricted(SmolStr),
    /// Everybody.
    Public,
}

/// A place that names something by a path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathUse {
    /// The path as written.
    pub path: SmolStr,
    /// What the path stands for in the grammar.
    pub kind: PathKind,
    /// Where.
    pub span: Span,
    /// Whether it is test code, by its own attributes or a parent's.
    pub test: bool,
}

/// The grammatical places that hold a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PathKind {
    /// A value, or the callee of a call.
    Expression,
    /// A type.
    Type,
    /// A bound of a generic parameter, a supertrait, `dyn` or `impl`.
    Bound,
    /// A type or bound in what a type alias stands for, also an associated one of an `impl`.
    Alias,
    /// The trait of an `impl Trait for`.
    Impl,
    /// A pattern.
    Pattern,
    /// The name of a macro that is called.
    Macro,
    /// Something inside the arguments of a macro that are not known to be expressions.
    MacroArgument,
    /// An attribute, a derive, or a path inside an attribute's arguments.
    Attribute,
}

/// A path that begins at a type: `<T as Trait>::NAME`, `<T>::NAME`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualifiedPath {
    /// The type.
    pub ty: Type,
    /// The trait, where one is named.
    pub of_trait: Option<PathType>,
    /// The first name behind them.
    pub name: SmolStr,
    /// What the path stands for in the grammar.
    pub kind: PathKind,
    /// From the opening bracket to the last name.
    pub span: Span,
    /// Whether it is test code, by the attributes of what it stands in.
    pub test: bool,
}

/// An item: what has a name in a module, and `impl` blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its name; empty for an `impl`.
    pub name: SmolStr,
    /// The name's place; the keyword's for an `impl`.
    pub name_span: Span,
    /// From its first token after attributes to its last.
    pub span: Span,
    /// Who may see it.
    pub visibility: Visibility,
    /// Its attributes, documentation apart.
    pub attributes: Vec<Attribute>,
    /// The first paragraph of its documentation; empty if there is none.
    pub docs: String,
    /// Whether it is test code, by its own attributes or a parent's.
    pub test: bool,
    /// The block in which it is visible, if it stands in a function body.
    pub block: Option<Span>,
    /// Which of the module's [`Scope::paths`] stand in it, its attributes included.
    pub paths: Range<u32>,
    /// What it is.
    pub kind: ItemKind,
}

/// An attribute, apart from documentation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// `cfg`, `derive`, `tokio::test`.
    pub path: SmolStr,
    /// Its arguments as text, without the outer delimiters; empty if there are none.
    pub arguments: SmolStr,
}

/// The kinds of item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ItemKind {
    /// A module.
    Module(ModuleItem),
    /// A struct or union.
    Struct(StructItem),
    /// An enum.
    Enum(EnumItem),
    /// A trait.
    Trait(TraitItem),
    /// An implementation.
    Impl(ImplItem),
    /// A function.
    Function(Box<Function>),
    /// A constant.
    Constant(Type),
    /// A static, also one that `thread_local!` or `lazy_static!` declares.
    Static(StaticItem),
    /// `type A = B;`
    Alias(AliasItem),
    /// `macro_rules!`
    MacroRules(MacroItem),
    /// A macro call in the place of items, which may make up any; it has no name of its own.
    MacroCall(MacroCall),
    /// `include!`, of a file that is part of this one then.
    Include(Include),
}

impl ItemKind {
    /// The functions that it declares: itself, or those of its block.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        let (one, many) = match self {
            Self::Function(function) => (Some(&**function), &[][..]),
            Self::Impl(block) => (None, block.functions.as_slice()),
            Self::Trait(declared) => (None, declared.functions.as_slice()),
            _ => (None, &[][..]),
        };
        one.into_iter().chain(many)
    }
}

/// A module, with its contents where it is inline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModuleItem {
    /// The contents between the braces; `None` for `mod name;`.
    pub inline: Option<ScopeId>,
    /// The arguments of `#[path = "…"]`, also under `cfg_attr`: each is a file that may hold it.
    pub paths: Vec<ModulePath>,
    /// Whether some configuration uses the default file too: false only after a plain `#[path]`.
    pub default_path: bool,
}

/// A file that may hold a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulePath {
    /// As it is written.
    pub path: String,
    /// Whether it holds the module in test builds only, as under `cfg_attr(test, …)`.
    pub test: bool,
}

/// A struct.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StructItem {
    /// Its parameters.
    pub generics: Generics,
    /// Its fields; those of a tuple struct are named `0`, `1`, ….
    pub fields: Vec<Field>,
}

/// A field of a struct or variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its name, or its position.
    pub name: SmolStr,
    /// Its type.
    pub ty: Type,
    /// Who may see it.
    pub visibility: Visibility,
    /// Name and type, without attributes.
    pub span: Span,
    /// The argument of a `#[cfg]` on it; empty if there is none.
    pub cfg: SmolStr,
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnumItem {
    /// Its parameters.
    pub generics: Generics,
    /// Its variants.
    pub variants: Vec<Variant>,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name.
    pub name: SmolStr,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The variant, without attributes.
    pub span: Span,
}

/// A trait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraitItem {
    /// Its parameters.
    pub generics: Generics,
    /// What it extends.
    pub supertraits: Vec<Bound>,
    /// Its functions.
    pub functions: Vec<Function>,
    /// Its associated types, with their bounds.
    pub types: Vec<(SmolStr, Vec<Bound>)>,
    /// Its associated constants.
    pub constants: Vec<(SmolStr, Type)>,
}

/// An implementation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImplItem {
    /// Its parameters.
    pub generics: Generics,
    /// The trait, for `impl Trait for`.
    pub of_trait: Option<PathType>,
    /// What it implements or extends.
    pub self_type: Type,
    /// Whether that is `&mut T`, which [`TypeKind::Reference`] does not tell from `&T`.
    pub mutable: bool,
    /// Its functions.
    pub functions: Vec<Function>,
    /// Its associated types.
    pub types: Vec<(SmolStr, Type)>,
    /// Its associated constants.
    pub constants: Vec<(SmolStr, Type)>,
    /// Those of its constants that are a path, such as `Layer::Domain`, with the last name of that.
    pub chosen: Vec<(SmolStr, SmolStr)>,
}

/// A function, free or associated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Its name.
    pub name: SmolStr,
    /// The name's place.
    pub name_span: Span,
    /// From its first token after attributes to its last.
    pub span: Span,
    /// Who may see it.
    pub visibility: Visibility,
    /// Its attributes, documentation apart.
    pub attributes: Vec<Attribute>,
    /// Whether it is test code, by its own attributes or a parent's.
    pub test: bool,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Its parameters.
    pub generics: Generics,
    /// How it takes `self`, if it does.
    pub receiver: Option<Receiver>,
    /// The other parameters.
    pub parameters: Vec<Parameter>,
    /// What it returns; `None` for nothing.
    pub output: Option<Type>,
    /// What it does; `None` where there is no body, or nobody asked for it.
    pub body: Option<Body>,
}

/// The ways to take `self`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Receiver {
    /// `self`, also `self: Arc<Self>`.
    Value,
    /// `&self`
    Shared,
    /// `&mut self`
    Mutable,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name it binds; empty for a pattern of several names.
    pub name: SmolStr,
    /// The name that it binds to what its type holds: `app` in `State(app): State<App>`; else empty.
    pub unwrapped: SmolStr,
    /// Its type.
    pub ty: Type,
    /// Whether that is `&mut T`, which [`TypeKind::Reference`] does not tell from `&T`.
    pub mutable: bool,
    /// Name and type.
    pub span: Span,
    /// The argument of a `#[cfg]` on it; empty if there is none.
    pub cfg: SmolStr,
}

/// A static.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaticItem {
    /// Its type.
    pub ty: Type,
    /// Whether it is `static mut`.
    pub mutable: bool,
    /// Whether each thread has its own.
    pub thread_local: bool,
}

/// A type alias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AliasItem {
    /// Its parameters.
    pub generics: Generics,
    /// What it stands for.
    pub ty: Type,
}

/// A `macro_rules!` definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MacroItem {
    /// Whether `#[macro_export]` puts it at the crate's root.
    pub exported: bool,
    /// What its bodies name: paths, `$crate` as `crate`, and lone names that are called or look like
    /// types. What a call puts in for a `$variable` is not among them.
    pub paths: Vec<PathUse>,
    /// Those from `crate` without a `$` and from `::name`, which begin in the crate of whoever calls it.
    pub handed: Vec<PathUse>,
    /// The names of the items that its bodies declare.
    pub declares: Vec<SmolStr>,
    /// What its bodies make besides.
    pub makes: Makes,
}

/// What the bodies of a macro make of what they are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Makes {
    /// Items that are named by a `$variable`, and imports of such names.
    pub items: bool,
    /// Modules that are, `mod $name;`, whose files nothing else names.
    pub modules: bool,
    /// Implementations.
    pub impls: bool,
}

/// A file that is included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Include {
    /// Its path, relative to the folder of the including file.
    pub path: String,
    /// Whether the path is relative to the folder of the package instead.
    pub from_package: bool,
}

/// A macro call in the place of items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MacroCall {
    /// The macro's path.
    pub path: SmolStr,
    /// Every name in the arguments, sorted: the macro may make an item of each.
    pub names: Vec<SmolStr>,
    /// Those that stand behind the keyword of an item.
    pub declares: Vec<SmolStr>,
}

impl FileFacts {
    /// The scope of that number; an empty one if it belongs to another file.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        const STRANGER: &Scope = &Scope {
            docs: String::new(),
            items: Vec::new(),
            imports: Vec::new(),
            paths: Vec::new(),
            qualified: Vec::new(),
            handed: Vec::new(),
            values: Vec::new(),
        };
        self.scopes.get(id.0 as usize).unwrap_or(STRANGER)
    }

    /// Whether a comment explains a place: inside it, behind it, or in the line above.
    pub fn is_explained(&self, place: Span) -> bool {
        self.remarks.iter().any(|remark| {
            let touches = remark.about.start < place.end && place.start < remark.about.end;
            place.contains(remark.span) || touches
        })
    }
}

impl Item {
    /// The attribute of that path.
    pub fn attribute(&self, path: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.path == path)
    }
}
