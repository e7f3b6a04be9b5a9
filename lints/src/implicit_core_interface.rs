//! # implicit-core-interface
//!
//! ## What it does
//!
//! Reports functions and methods with the role core that others may call and whose signatures do not say
//! what they work on:
//!
//! - an input or output that may be anything: `serde_json::Value` and its like, `dyn Any`, and maps of
//!   them with strings as keys, also inside of `Option`, `Vec` and `Result` and behind aliases;
//! - a parameter `&mut T`: what is changed is neither returned nor the function's own.
//!
//! `&mut self` is fine, and so is `&mut` of the type whose method it is, of what only a trait describes,
//! `&mut impl Rng`, of `Formatter` and the like, and of the types of outside crates apart from collections:
//! a transaction, a digest or a builder is there to be written to. Signatures that a trait dictates are
//! judged at the trait. One function is one finding.
//!
//! ## Why
//!
//! A core is understood by its signatures: what goes in, what comes out. A map of anything moves the
//! checks that the compiler would do into every function that reads it, and a changed argument is a
//! result that no signature shows.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/core/price.rs
//! pub fn discount(order: &serde_json::Value, cart: &mut Cart) { cart.total -= order["rate"].as_u64().unwrap_or(0); }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/core/price.rs
//! pub fn discounted(order: &Order, cart: Cart) -> Cart { Cart { total: cart.total - order.rate, ..cart } }
//! ```
//!
//! ## Options
//!
//! - `allow`: types that are fine, such as `"serde_json::Value"` or `"domain::ledger::Ledger"`, as a whole
//!   or by their end; a `*` at the end stands for any rest, and a crate for all of it. None by default.
//!   What the project neither declares nor names is an error.
//! - `mutable`: whether parameters `&mut T` are reported; `true` by default.
//! - `text_maps`: whether maps from strings to strings are reported too; `false` by default, because
//!   labels and translations are such maps.
//!
//! ## Limits
//!
//! Not seen are: fields of types that a signature names; types that wrap a value of any form; a `&mut`
//! inside of another type, such as `Option<&mut T>`; text that holds JSON. Only functions that are `pub` or
//! `pub(crate)` are judged, also where their module is private. Test code is not.

use baton_core::config::means;
use baton_core::facts::types::last_segment;
use baton_core::facts::{Function, ItemKind, Parameter, PathType, Type, TypeKind, Visibility};
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{FunctionRef, ItemRef, ModuleId, Project, Space, Target};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::source::{Place, Span};

/// The lint.
pub static LINT: Lint = Lint {
    name: "implicit-core-interface",
    level: Level::Warn,
    summary: "A signature of the core does not say what the function works on.",
    source: include_str!("implicit_core_interface.rs"),
    options: &[
        OptionSpec {
            name: "allow",
            default: OptionDefault::Paths(&[]),
            summary: "Types that are fine, by their paths.",
        },
        OptionSpec {
            name: "mutable",
            default: OptionDefault::Switch(true),
            summary: "Whether parameters `&mut T` are reported.",
        },
        OptionSpec {
            name: "text_maps",
            default: OptionDefault::Switch(false),
            summary: "Whether maps from strings to strings are reported.",
        },
    ],
    check: Check::Whole(check),
};

/// Types whose values may be anything, by package and last name.
const ANYTHING: &[(&str, &str)] = &[
    ("bson", "Bson"),
    ("bson", "Document"),
    ("ciborium", "Value"),
    ("mongodb", "Bson"),
    ("mongodb", "Document"),
    ("prost_types", "Any"),
    ("prost_types", "Struct"),
    ("rmpv", "Value"),
    ("ron", "Value"),
    ("serde_cbor", "Value"),
    ("serde_json", "Map"),
    ("serde_json", "RawValue"),
    ("serde_json", "Value"),
    ("serde_value", "Value"),
    ("serde_yaml", "Mapping"),
    ("serde_yaml", "Value"),
    ("serde_yml", "Value"),
    ("simd_json", "OwnedValue"),
    ("sonic_rs", "Value"),
    ("toml", "Table"),
    ("toml", "Value"),
];

/// Types that are there to be written to or drawn from.
const CAPABILITIES: &[&str] = &["Context", "DefaultHasher", "Formatter", "Hasher", "SmallRng", "StdRng", "ThreadRng"];

/// Ends of the names of collections, whichever crate they are of.
const COLLECTIONS: &[&str] = &["Map", "Set", "Vec"];

const MAPS: &[&str] = &["BTreeMap", "DashMap", "FxHashMap", "HashMap", "IndexMap", "AHashMap"];

fn check(project: &Project, options: &Options) -> Verdict {
    let judge = Judge { project, options };
    let mut verdict = Verdict::default();
    for function in project.functions().into_iter().filter(|one| project.module(one.item.module).is_core()) {
        let Some(declared) = project.function(function).filter(|declared| is_open(project, function, declared)) else {
            continue;
        };
        verdict.judged += 1;
        verdict.findings.extend(judge.function(function, declared));
    }
    verdict
}

/// Whether others may call a function, and no trait dictates what it looks like.
fn is_open(project: &Project, function: FunctionRef, declared: &Function) -> bool {
    let item = project.item(function.item);
    let visibility = match &item.kind {
        ItemKind::Impl(block) if block.of_trait.is_some() => return false,
        ItemKind::Trait(_) => &item.visibility,
        _ => &declared.visibility,
    };
    let is_wide = match visibility {
        Visibility::Public => true,
        Visibility::Restricted(to) => to == "crate",
        Visibility::Private => false,
    };
    is_wide && item.block.is_none()
}

struct Judge<'a> {
    project: &'a Project,
    options: &'a Options,
}

impl Judge<'_> {
    fn function(&self, function: FunctionRef, declared: &Function) -> Option<Finding> {
        let module = function.item.module;
        let mut faults = Vec::new();
        let mut note = |span: Span, why: String, help: &'static str| faults.push((span, why, help));
        for parameter in &declared.parameters {
            if let Some((span, what)) = self.in_type(module, &parameter.ty) {
                note(span, format!("takes {what}"), "take a type that says what is in it, and let the shell convert");
            } else if let Some(what) = self.changed(function.item, declared, parameter) {
                note(
                    parameter.ty.span,
                    format!("changes the `{what}` that it is given"),
                    "take the value and return the new one, or make it a method with `&mut self`",
                );
            }
        }
        if let Some((span, what)) = declared.output.as_ref().and_then(|output| self.in_type(module, output)) {
            note(span, format!("returns {what}"), "return a type that says what is in it, and let the shell convert");
        }
        let place = |span: Span| -> Place { self.project.place(module, span) };
        let (span, why, help) = faults.first()?;
        let path = self.project.function_path(function);
        let more = faults[1..].iter();
        let more = more.map(|(span, why, _)| Evidence { kind: "signature", place: place(*span), why: why.clone() });
        Some(Finding {
            rule: LINT.name,
            level: None,
            message: format!("`{path}` {why}"),
            help: (*help).to_owned(),
            place: place(*span),
            item: path,
            evidence: more.collect(),
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        })
    }

    /// The type of a parameter that is there to be changed, if it is the business of someone else.
    fn changed(&self, owner: ItemRef, function: &Function, parameter: &Parameter) -> Option<String> {
        if !parameter.mutable || !self.options.switch("mutable") {
            return None;
        }
        let TypeKind::Reference(inner) = &parameter.ty.kind else { return None };
        let path = match &inner.kind {
            TypeKind::Path(path) => path,
            TypeKind::List(_) => return Some("slice".to_owned()),
            // Of what only a trait describes, nothing is known but what the trait allows.
            _ => return None,
        };
        let first = path.path.split("::").next().unwrap_or_default();
        let item = self.project.item(owner);
        let is_parameter = function.generics.has(first) || generics_have(&item.kind, first);
        if first == "Self" || is_parameter || CAPABILITIES.contains(&path.last()) {
            return None;
        }
        let target = self.project.names().type_item(owner.module, &path.path);
        if is_handle(&target) {
            return None;
        }
        let own = match &item.kind {
            ItemKind::Impl(block) => block.self_type.path().map(|own| &own.path),
            _ => None,
        };
        if own.is_some_and(|own| {
            own == &path.path
                || self.project.names().type_item(owner.module, own) == target && target != Target::Unknown
        }) {
            return None;
        }
        let shown = match &target {
            Target::Item(_) | Target::Outside(..) => self.project.shown(owner.module, &target),
            _ => path.path.to_string(),
        };
        (!self.is_allowed(&shown)).then(|| path.last().to_owned())
    }

    /// The first part of a type that may be anything, and how it is called.
    fn in_type(&self, module: ModuleId, ty: &Type) -> Option<(Span, String)> {
        self.look(module, ty, 0)
    }

    fn look(&self, module: ModuleId, ty: &Type, aliases: u8) -> Option<(Span, String)> {
        match &ty.kind {
            TypeKind::Reference(inner) | TypeKind::List(inner) => self.look(module, inner, aliases),
            TypeKind::Tuple(parts) => parts.iter().find_map(|part| self.look(module, part, aliases)),
            TypeKind::Impl(bounds) => {
                bounds.iter().flat_map(|bound| &bound.bindings).find_map(|(_, ty)| self.look(module, ty, aliases))
            }
            TypeKind::Dyn(bounds) => {
                let is_any = |bound: &PathType| {
                    self.path_of(module, bound)
                        .is_some_and(|path| matches!(path.as_str(), "std::any::Any" | "core::any::Any"))
                };
                let found = bounds.iter().any(is_any) && !self.is_allowed("dyn Any");
                found.then(|| (ty.span, "`dyn Any`, which may be anything".to_owned()))
            }
            TypeKind::Path(path) => self.of_path(module, path, aliases),
            _ => None,
        }
    }

    fn of_path(&self, module: ModuleId, path: &PathType, aliases: u8) -> Option<(Span, String)> {
        if let Target::Item(item) = self.project.names().resolve(module, &path.path, Space::Types).target
            && let ItemKind::Alias(alias) = &self.project.item(item).kind
            && aliases < 8
        {
            let (_, what) = self.look(item.module, &alias.ty, aliases + 1)?;
            return Some((path.span, what));
        }
        let outside = self.path_of(module, path);
        if let Some(outside) = outside.filter(|outside| is_anything(outside) && !self.is_allowed(outside)) {
            return Some((path.span, format!("`{outside}`, which may be anything")));
        }
        let inner = path.arguments.iter().find_map(|inner| self.look(module, inner, aliases));
        if !MAPS.contains(&path.last()) {
            return inner;
        }
        let [key, value, ..] = path.arguments.as_slice() else { return inner };
        if !is_text(key) {
            return inner;
        }
        let of_texts = self.options.switch("text_maps") && is_text(value);
        let what = inner.map(|(_, what)| what).or_else(|| of_texts.then(|| "strings".to_owned()))?;
        Some((path.span, format!("a map with strings as keys of {what}")))
    }

    /// The path of a type of an outside crate, with the crate in front.
    fn path_of(&self, module: ModuleId, path: &PathType) -> Option<String> {
        match self.project.names().resolve(module, &path.path, Space::Types).target {
            Target::Outside(package, path) => Some(format!("{}::{path}", package.replace('-', "_"))),
            _ => None,
        }
    }

    fn is_allowed(&self, path: &str) -> bool {
        self.options.texts("allow").iter().any(|allowed| means(allowed, path))
    }
}

/// Whether a type is another crate's and no collection: most of those are transactions, digests and builders, which
/// cannot be used but through `&mut`.
fn is_handle(target: &Target) -> bool {
    match target {
        Target::Outside(package, path) => {
            let is_collection = COLLECTIONS.iter().any(|end| path.ends_with(end));
            !matches!(package.as_str(), "std" | "core" | "alloc") && !is_collection
        }
        _ => false,
    }
}

fn generics_have(kind: &ItemKind, name: &str) -> bool {
    match kind {
        ItemKind::Impl(block) => block.generics.has(name),
        ItemKind::Trait(declared) => declared.generics.has(name),
        _ => false,
    }
}

fn is_anything(path: &str) -> bool {
    let package = path.split("::").next().unwrap_or_default();
    ANYTHING.contains(&(package, last_segment(path)))
}

fn is_text(ty: &Type) -> bool {
    match &ty.referent().kind {
        TypeKind::Path(path) => match path.last() {
            "String" | "str" | "SmolStr" | "CompactString" => true,
            "Cow" | "Arc" | "Rc" | "Box" => path.arguments.iter().any(is_text),
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const MANIFEST: &str = "
        //- dependencies serde_json toml rand
    ";

    /// What is said about `code` as a core module.
    #[track_caller]
    fn core(code: &str, expected: &Expect) {
        check(&LINT, &format!("{MANIFEST}//- src/core/price.rs\n{}", piece(code)), expected);
    }

    /// The same with options.
    #[track_caller]
    fn core_with(options: &str, code: &str, expected: &Expect) {
        let config = format!("//- baton.toml\nversion = 1\nrules.implicit-core-interface = {{ {options} }}\n");
        check(&LINT, &format!("{MANIFEST}{config}//- src/core/price.rs\n{}", piece(code)), expected);
    }

    #[test]
    fn inputs_and_outputs_that_may_be_anything() {
        core(
            "
            use serde_json::{self as json, Value};
            use std::any::Any;
            use std::collections::{BTreeMap, HashMap};
            type Bag = HashMap<String, Value>;
            pub fn one(order: &Value) -> Option<json::Value> { None }
            pub fn two(order: Box<dyn Any + Send>) {}
            pub fn three(order: &HashMap<String, Box<dyn Any>>, by: BTreeMap<&str, Vec<Value>>) {}
            pub fn four(bag: &Bag) -> Result<toml::Table, u8> { Err(1) }
            pub(crate) fn five() -> impl Iterator<Item = Value> { std::iter::empty() }
            pub trait Port { fn load(&self, id: u8) -> Value; }
            pub struct Price;
            impl Price { pub fn of(&self, order: HashMap<u8, Value>) {} }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn one(order: &Value) -> Option<json::Value> { None }
                                   ^^^^^ `core::price::one` takes `serde_json::Value`, which may be anything
                                                    ----------- returns `serde_json::Value`, which may be anything
                pub fn two(order: Box<dyn Any + Send>) {}
                                      ^^^^^^^^^^^^^^ `core::price::two` takes `dyn Any`, which may be anything
                pub fn three(order: &HashMap<String, Box<dyn Any>>, by: BTreeMap<&str, Vec<Value>>) {}
                                     ^^^^^^^ `core::price::three` takes a map with strings as keys of `dyn Any`, which may be anything
                                                                        -------- takes a map with strings as keys of `serde_json::Value`, which may be anything
                pub fn four(bag: &Bag) -> Result<toml::Table, u8> { Err(1) }
                                  ^^^ `core::price::four` takes a map with strings as keys of `serde_json::Value`, which may be anything
                                                 ----------- returns `toml::Table`, which may be anything
                pub(crate) fn five() -> impl Iterator<Item = Value> { std::iter::empty() }
                                                             ^^^^^ `core::price::five` returns `serde_json::Value`, which may be anything
                pub trait Port { fn load(&self, id: u8) -> Value; }
                                                           ^^^^^ `core::price::Port::load` returns `serde_json::Value`, which may be anything
                impl Price { pub fn of(&self, order: HashMap<u8, Value>) {} }
                                                                 ^^^^^ `core::price::Price::of` takes `serde_json::Value`, which may be anything
                help: return a type that says what is in it, and let the shell convert
                help: take a type that says what is in it, and let the shell convert
            "#]],
        );
    }

    #[test]
    fn inputs_and_outputs_that_say_what_they_are() {
        core(
            "
            use std::collections::HashMap;
            pub struct Value(u8);
            pub trait Any {}
            pub struct Order { extra: serde_json::Value }
            pub fn own(value: &Value, any: &dyn Any) -> Option<Value> { None }
            pub fn map(by: &HashMap<String, Order>, names: HashMap<String, String>, n: HashMap<String, u64>) {}
            pub fn text(order: &str) -> Result<Order, serde_json::Error> { serde_json::from_str(order) }
            fn private(order: &serde_json::Value) {}
            pub fn body() { fn inner(order: &serde_json::Value) {} let value: serde_json::Value = 1.into(); }
            impl serde_json::value::Index for Order { fn index(&self, value: &serde_json::Value) {} }
            #[cfg(test)]
            pub fn tested(order: &serde_json::Value) {}
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn arguments_that_are_changed() {
        core(
            "
            pub struct Cart { total: u64 }
            pub struct Log(Vec<u8>);
            pub fn discount(cart: &mut Cart, rate: u64) { cart.total -= rate; }
            pub fn sort(prices: &mut [u64], log: &mut Vec<u8>) { prices.sort(); }
            impl Cart { pub fn write(&self, log: &mut Log) {} }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn discount(cart: &mut Cart, rate: u64) { cart.total -= rate; }
                                      ^^^^^^^^^ `core::price::discount` changes the `Cart` that it is given
                pub fn sort(prices: &mut [u64], log: &mut Vec<u8>) { prices.sort(); }
                                    ^^^^^^^^^^ `core::price::sort` changes the `slice` that it is given
                                                     ------------ changes the `Vec` that it is given
                impl Cart { pub fn write(&self, log: &mut Log) {} }
                                                     ^^^^^^^^ `core::price::Cart::write` changes the `Log` that it is given
                help: take the value and return the new one, or make it a method with `&mut self`
            "#]],
        );
    }

    #[test]
    fn arguments_that_are_changed_and_meant_to_be() {
        core(
            "
            use std::fmt::{self, Formatter};
            pub struct Cart { total: u64 }
            impl Cart {
                pub fn add(&mut self, net: u64) { self.total += net; }
                pub fn merge(&self, into: &mut Cart, other: &mut Self) {}
                pub fn show(&self, out: &mut Formatter<'_>) -> fmt::Result { Ok(()) }
            }
            pub fn roll(rng: &mut impl rand::Rng, other: &mut dyn rand::RngCore) -> u8 { 1 }
            pub fn fill<W: fmt::Write>(out: &mut W) {}
            pub fn read(cart: &Cart, mut total: u64) -> u64 { total += cart.total; total }
            fn helper(cart: &mut Cart) {}
            pub trait Store { type Tx; fn save(&self, tx: &mut Self::Tx); }
            impl fmt::Display for Cart { fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result { Ok(()) } }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn only_the_core_is_judged() {
        check(
            &LINT,
            "
            //- src/core/price.rs
            pub fn price(net: u64) -> u64 { net }
            //- src/shell/web.rs
            pub fn handle(body: std::collections::HashMap<String, Box<dyn std::any::Any>>, cart: &mut Vec<u8>) {}
            //- src/util.rs
            pub fn fill(cart: &mut Vec<u8>) {}
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn options_allow_types_and_ask_for_more() {
        let code = "
            use std::any::Any;
            use std::collections::HashMap;
            pub struct Ledger;
            pub fn one(order: &serde_json::Value, any: &dyn Any) {}
            pub fn two(ledger: &mut Ledger, list: &mut Vec<u8>) {}
            pub fn three(labels: HashMap<String, String>) {}
        ";
        core_with(
            r#"allow = ["serde_json::Value", "dyn Any", "core::price::Ledger"]"#,
            code,
            &expect![[r#"
            //- src/core/price.rs
            pub fn two(ledger: &mut Ledger, list: &mut Vec<u8>) {}
                                                  ^^^^^^^^^^^^ `core::price::two` changes the `Vec` that it is given
            help: take the value and return the new one, or make it a method with `&mut self`
        "#]],
        );
        core_with(
            r#"allow = ["serde_json::Value", "dyn Any"], mutable = false, text_maps = true"#,
            code,
            &expect![[r#"
                //- src/core/price.rs
                pub fn three(labels: HashMap<String, String>) {}
                                     ^^^^^^^ `core::price::three` takes a map with strings as keys of strings
                help: take a type that says what is in it, and let the shell convert
            "#]],
        );
    }

    #[test]
    fn functions_that_others_may_call_are_counted() {
        let text = "
            //- src/core/price.rs
            pub fn price() {}
            fn helper() {}
            pub trait Port { fn load(&self); }
            impl Port for u8 { fn load(&self) {} }
        ";
        assert_eq!(judged(&LINT, text), 2);
    }
}
