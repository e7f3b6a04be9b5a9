//! Items of every kind: names, signatures, scopes.

use super::check_with;
use super::{facts, show};
use crate::facts::{Function, Item, ItemKind, ModuleItem, Receiver, Scope, Visibility};
use crate::source::Span;
use expect_test::{Expect, expect};

#[track_caller]
fn check(text: &str, expected: &Expect) {
    check_with(text, |scope: &Scope| scope.items.iter().map(item).collect(), expected);
}

fn item(item: &Item) -> (Span, String) {
    let mut out = vec![visibility(&item.visibility) + &kind(&item.kind)];
    if !item.docs.is_empty() {
        out.push(format!("// {}", item.docs));
    }
    out.extend(item.attributes.iter().map(|attribute| format!("#[{}({})]", attribute.path, attribute.arguments)));
    if item.block.is_some() {
        out.push("in a body".to_owned());
    }
    (item.name_span, out.join(" "))
}

fn kind(kind: &ItemKind) -> String {
    match kind {
        ItemKind::Module(module) => module_item(module),
        ItemKind::Struct(inner) => format!("struct{} {}", show::generics(&inner.generics), show::fields(&inner.fields)),
        ItemKind::Enum(inner) => {
            let variants: Vec<_> =
                inner.variants.iter().map(|one| format!("{}{}", one.name, show::fields(&one.fields))).collect();
            format!("enum{} {}", show::generics(&inner.generics), variants.join(" | "))
        }
        ItemKind::Trait(inner) => {
            let types: Vec<_> =
                inner.types.iter().map(|(name, bounds)| format!("{name}: {}", show::bounds(bounds))).collect();
            let above = show::bounds(&inner.supertraits);
            let functions = functions(&inner.functions);
            format!("trait{} above [{above}] types {types:?} {functions}", show::generics(&inner.generics))
        }
        ItemKind::Impl(inner) => {
            let of_trait =
                inner.of_trait.as_ref().map_or_else(String::new, |path| format!("{} for ", show::path(path)));
            let types: Vec<_> = inner.types.iter().map(|(name, ty)| format!("{name} = {}", show::ty(ty))).collect();
            let functions = functions(&inner.functions);
            let generics = show::generics(&inner.generics);
            format!("impl{generics} {of_trait}{} types {types:?} {functions}", show::ty(&inner.self_type))
        }
        ItemKind::Function(inner) => function(inner),
        ItemKind::Constant(ty) => format!("const {}", show::ty(ty)),
        ItemKind::Static(inner) => {
            let mutable = if inner.mutable { " mut" } else { "" };
            let thread = if inner.thread_local { " of a thread" } else { "" };
            format!("static{mutable}{thread} {}", show::ty(&inner.ty))
        }
        ItemKind::Alias(inner) => format!("alias{} {}", show::generics(&inner.generics), show::ty(&inner.ty)),
        ItemKind::MacroRules(inner) => {
            let exported = if inner.exported { " exported" } else { "" };
            let paths: Vec<_> = inner.paths.iter().map(|named| named.path.as_str()).collect();
            format!("macro{exported} {paths:?} declares {:?}", inner.declares)
        }
        ItemKind::Include(file) => format!("include of {} from the package: {}", file.path, file.from_package),
        ItemKind::MacroCall(call) => {
            format!("call of {} with {:?} declares {:?}", call.path, call.names, call.declares)
        }
    }
}

fn visibility(visibility: &Visibility) -> String {
    match visibility {
        Visibility::Private => String::new(),
        Visibility::Public => "pub ".to_owned(),
        Visibility::Restricted(path) => format!("pub({path}) "),
    }
}

fn module_item(module: &ModuleItem) -> String {
    let inline = module.inline.map_or_else(|| "file".to_owned(), |scope| format!("scope {}", scope.0));
    let default = if module.default_path { "" } else { " only" };
    let paths: Vec<_> = module
        .paths
        .iter()
        .map(|named| format!("{:?}{}", named.path, if named.test { " in tests" } else { "" }))
        .collect();
    format!("mod {inline}{default} [{}]", paths.join(", "))
}

fn functions(functions: &[Function]) -> String {
    let functions: Vec<_> = functions.iter().map(|one| format!("{} {}", one.name, function(one))).collect();
    format!("[{}]", functions.join("; "))
}

fn function(function: &Function) -> String {
    let asynchronous = if function.is_async { "async " } else { "" };
    let receiver = match function.receiver {
        None => "",
        Some(Receiver::Value) => "self ",
        Some(Receiver::Shared) => "&self ",
        Some(Receiver::Mutable) => "&mut self ",
    };
    let parameters: Vec<_> =
        function.parameters.iter().map(|one| format!("{}: {}", one.name, show::ty(&one.ty))).collect();
    let output = function.output.as_ref().map_or_else(String::new, |ty| format!(" -> {}", show::ty(ty)));
    let body = if function.body.is_some() { "" } else { " without a body" };
    let generics = show::generics(&function.generics);
    format!("{asynchronous}fn{generics} {receiver}({}){output}{body}", parameters.join(", "))
}

#[test]
fn types_are_read_with_their_fields() {
    check(
        "pub struct Unit;
pub(crate) struct Tuple<T>(pub T, Vec<u8>);
struct Named<'a, T: Clone + 'a, const N: usize> where T: Send { a: &'a T, pub b: [T; N] }
union Either { a: u8, b: i8 }
enum Choice<T> { One, Two(T, u8), Three { a: T } }
type Short<T> = std::collections::HashMap<u8, T>;
",
        &expect![[r"
            pub struct Unit;
                       ^^^^ pub struct 
            pub(crate) struct Tuple<T>(pub T, Vec<u8>);
                              ^^^^^ pub(crate) struct<T: > {0: T, 1: Vec<u8>}
            struct Named<'a, T: Clone + 'a, const N: usize> where T: Send { a: &'a T, pub b: [T; N] }
                   ^^^^^ struct<T: Clone, N: , where T: Send> {a: &T, b: [T]}
            union Either { a: u8, b: i8 }
                  ^^^^^^ struct {a: u8, b: i8}
            enum Choice<T> { One, Two(T, u8), Three { a: T } }
                 ^^^^^^ enum<T: > One | Two{0: T, 1: u8} | Three{a: T}
            type Short<T> = std::collections::HashMap<u8, T>;
                 ^^^^^ alias<T: > std::collections::HashMap<u8, T>
        "]],
    );
}

#[test]
fn every_type_has_its_form() {
    check(
        "struct S {
    a: &'static mut dyn Port,
    b: Box<dyn Fn(u8) -> u16 + Send>,
    c: *const [u8],
    d: (u8, ()),
    e: fn(u8) -> u8,
    f: <T as Iterator>::Item,
    g: Option<impl Iterator<Item = u8> + ?Sized>,
    h: a::B<C>::D,
    i: !,
    j: (u8),
    k: mac!(),
}
",
        &expect![[r"
            struct S {
                   ^ struct {a: &dyn Port, b: Box<dyn Fn<u8, Output = u16> + Send>, c: *[u8], d: (u8, ()), e: fn, f: <T>::Item, g: Option<impl Iterator<Item = u8>>, h: a::B::D<C>, i: ?, j: u8, k: ?}
        "]],
    );
}

#[test]
fn functions_are_read_with_their_signatures() {
    check(
        "fn free() {}
pub async fn generic<T: Port>(port: &T, (a, b): (u8, u8), mut c: u8, _: u8) -> Result<u8, E> where T: Sync { Ok(1) }
extern \"C\" { fn foreign(x: u8) -> u8; static OUTSIDE: u8; }
impl<T> Trait<T> for S<T> {
    type Out = u8;
    const C: u8 = 1;
    fn value(self) {}
    fn shared(&self) {}
    fn mutable(&mut self) {}
    fn counted(self: Arc<Self>) {}
    fn pinned(self: Pin<&mut Self>) {}
    fn borrowed(self: &Self) {}
}
pub trait Port: Send + Sync { type Id: Clone; fn required(&self); fn provided(&self) {} }
",
        &expect![[r#"
            fn free() {}
               ^^^^ fn ()
            pub async fn generic<T: Port>(port: &T, (a, b): (u8, u8), mut c: u8, _: u8) -> Result<u8, E> where T: Sync { Ok(1) }
                         ^^^^^^^ pub async fn<T: Port, where T: Sync> (port: &T, : (u8, u8), c: u8, : u8) -> Result<u8, E>
            extern "C" { fn foreign(x: u8) -> u8; static OUTSIDE: u8; }
                            ^^^^^^^ fn (x: u8) -> u8 without a body
            impl<T> Trait<T> for S<T> {
            ^^^^ impl<T: > Trait<T> for S<T> types ["Out = u8"] [value fn self (); shared fn &self (); mutable fn &mut self (); counted fn self (); pinned fn &mut self (); borrowed fn &self ()]
            pub trait Port: Send + Sync { type Id: Clone; fn required(&self); fn provided(&self) {} }
                      ^^^^ pub trait above [Send + Sync] types ["Id: Clone"] [required fn &self () without a body; provided fn &self ()]
        "#]],
    );
}

#[test]
fn values_and_macros_are_items() {
    check(
        "const A: u8 = 1;
static B: Mutex<u8> = Mutex::new(1);
static mut C: u8 = 1;
const _: () = ();
macro_rules! local { () => { crate::a::b() } }
#[macro_export]
macro_rules! exported { ($x:expr) => { $crate::c::D::new($x); std::fs::read(\"x\") } }
",
        &expect![[r#"
            const A: u8 = 1;
                  ^ const u8
            static B: Mutex<u8> = Mutex::new(1);
                   ^ static Mutex<u8>
            static mut C: u8 = 1;
                       ^ static mut u8
            const _: () = ();
                  ^ const ()
            macro_rules! local { () => { crate::a::b() } }
                         ^^^^^ macro ["crate::a::b"] declares []
            macro_rules! exported { ($x:expr) => { $crate::c::D::new($x); std::fs::read("x") } }
                         ^^^^^^^^ macro exported ["crate::c::D::new", "std::fs::read"] declares [] #[macro_export()]
        "#]],
    );
}

#[test]
fn modules_are_scopes_and_items_of_bodies_know_their_block() {
    check(
        "mod file;
pub mod inline { struct A; mod nested { struct B; } }
#[path = \"other.rs\"]
mod elsewhere;
#[cfg_attr(unix, path = \"unix.rs\")]
#[cfg_attr(windows, path = \"windows.rs\")]
mod platform;
#[path = \"folder\"]
mod moved { mod inside; }
fn f() { struct C; fn g() { struct D; } mod h { struct E; } }
",
        &expect![[r#"
            mod file;
                ^^^^ mod file []
            pub mod inline { struct A; mod nested { struct B; } }
                    ^^^^^^ pub mod scope 1 []
                                    ^ struct 
                                           ^^^^^^ mod scope 2 []
                                                           ^ struct 
            mod elsewhere;
                ^^^^^^^^^ mod file only ["other.rs"] #[path("other.rs")]
            mod platform;
                ^^^^^^^^ mod file ["unix.rs", "windows.rs"] #[cfg_attr(unix, path = "unix.rs")] #[cfg_attr(windows, path = "windows.rs")]
            mod moved { mod inside; }
                ^^^^^ mod scope 3 only ["folder"] #[path("folder")]
                            ^^^^^^ mod file []
            fn f() { struct C; fn g() { struct D; } mod h { struct E; } }
               ^ fn ()
                            ^ struct  in a body
                                  ^ fn () in a body
                                               ^ struct  in a body
                                                        ^ mod scope 4 [] in a body
                                                                   ^ struct 
        "#]],
    );
}

#[test]
fn documentation_is_its_first_paragraph_and_attributes_are_text() {
    check(
        "/// Says one thing
/// in two lines.
///
/// And more.
#[derive(Clone, Debug)]
#[must_use = \"why\"]
#[a::b(c, d = \"e\")]
#[f]
#[doc(hidden)]
struct S;
/** A block. */
struct T;
",
        &expect![[r#"
            struct S;
                   ^ struct  // Says one thing in two lines. #[derive(Clone, Debug)] #[must_use("why")] #[a::b(c, d = "e")] #[f()]
            struct T;
                   ^ struct  // A block.
        "#]],
    );
    assert_eq!(facts("//! Of the file.\n//!\n//! Second.\nmod a { //! Of a.\n}").scopes[0].docs, "Of the file.");
    assert_eq!(facts("mod a { //! Of a.\n}").scopes[1].docs, "Of a.");
}

#[test]
fn a_parameter_may_take_apart_what_its_type_holds() {
    let parsed =
        facts("async fn show(State(app): State<App>, plain: u8, (a, b): (u8, u8), Json(Body { id }): Json<Body>) {}");
    let ItemKind::Function(function) = &parsed.scopes[0].items[0].kind else { panic!("{parsed:?}") };
    let names: Vec<_> = function.parameters.iter().map(|one| (one.name.as_str(), one.unwrapped.as_str())).collect();
    assert_eq!(names, [("", "app"), ("plain", ""), ("", ""), ("", "")]);
}

#[test]
fn documentation_belongs_to_what_follows_it() {
    let docs = |text: &str| -> Vec<String> {
        let scope = facts(text).scopes[0].clone();
        scope.items.into_iter().map(|item| format!("{}: {}", item.name, item.docs)).collect()
    };
    let text = "
/// Of a.
#[derive(Debug)]
/// More of a.
pub(crate) struct A { /// Of a field.
    x: u32 }
/** Of b. */ pub async unsafe fn b() {}
fn c() { /// Of an inner one.
    fn d() {} }
// No documentation.
//// Nor that.
const E: u8 = 1;
/// Of f,
// between,
#[doc = \"more\"]
#[macro_export] macro_rules! f { () => {} }
";
    assert_eq!(docs(text), ["A: Of a. More of a.", "b: Of b.", "d: Of an inner one.", "c: ", "E: ", "f: Of f, more"]);
}
