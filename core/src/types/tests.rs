//! Types, on projects written as one text: `//- path` begins a file.
//!
//! A test shows the functions whose names begin with `show`, with what is known of each line
//! behind it.

mod callees;
mod conversions;
mod expressions;
mod generics;
mod near_misses;
mod needs;
mod outside;
mod signatures;
mod uses;

use super::outside::Library;
use super::{BodyTypes, Callee, Trait, Types};
use crate::config::{self, Config};
use crate::facts::body::{Body, Expr, PatternKind};
use crate::facts::{Function, ItemKind};
use crate::link::{Content, FunctionRef, ItemRef, Project, SourceFile, link};
use crate::manifest;
use crate::parse::{Need, Parsed, parse_file};
use crate::source::{LineIndex, Span};
use expect_test::{Expect, expect};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// The manifest of a fixture that has none.
const MANIFEST: &str = "[package]\nname = \"app\"\nedition = \"2021\"\n[dependencies]\ntokio = \"1\"\nanyhow = \"1\"\nsqlx = \"1\"\nfutures = \"1\"\nparking_lot = \"1\"\nserde_json = \"1\"\nchrono = \"1\"\n";

/// The files of a fixture.
fn files(fixture: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut current = "src/lib.rs";
    for line in fixture.lines().skip_while(|line| line.is_empty()) {
        if let Some(path) = line.strip_prefix("//- ") {
            current = path;
        } else {
            let text = files.entry(current.to_owned()).or_default();
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}

/// Links a fixture.
fn project(files: &BTreeMap<String, String>) -> Project {
    let mut manifests = BTreeMap::from([("Cargo.toml".to_owned(), MANIFEST.to_owned())]);
    let (own, sources): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| path.ends_with("Cargo.toml"));
    manifests.extend(own.into_iter().map(|(path, text)| (path.clone(), text.clone())));
    let paths: Vec<String> = sources.iter().map(|(path, _)| (*path).clone()).collect();
    let workspace = manifest::read(&manifests, &paths).unwrap();
    let parsed = sources.into_iter().map(|(path, text)| {
        let content = match parse_file(text, &LineIndex::new(text), Need::Bodies) {
            Parsed::Facts(facts) => Content::Facts(Arc::new(facts)),
            Parsed::Generated => Content::Generated,
            Parsed::Failed(failure) => Content::Failed(failure),
        };
        assert!(matches!(content, Content::Facts(_)), "{path} does not parse: {content:?}");
        SourceFile { path: path.clone(), content }
    });
    link(parsed.collect(), &workspace, &config_of(files)).unwrap().with_uses()
}

fn config_of(files: &BTreeMap<String, String>) -> Config {
    files.get("baton.toml").map_or_else(Config::default, |text| config::parse("baton.toml", text, &[]).unwrap())
}

/// Every function with a body.
fn functions(project: &Project) -> Vec<(FunctionRef, &Function)> {
    let mut found = Vec::new();
    for (module, _) in project.modules() {
        for (index, item) in project.scope(module).items.iter().enumerate() {
            let item_ref = ItemRef { module, index: index as u32 };
            let inner: &[Function] = match &item.kind {
                ItemKind::Function(function) => std::slice::from_ref(function),
                ItemKind::Impl(block) => &block.functions,
                ItemKind::Trait(declared) => &declared.functions,
                _ => &[],
            };
            let with_refs = inner.iter().enumerate();
            found.extend(with_refs.map(|(at, function)| (FunctionRef { item: item_ref, index: at as u32 }, function)));
        }
    }
    found.retain(|(_, function)| function.body.is_some());
    found
}

/// What a test says of places in a body.
type Notes<'a> = &'a dyn Fn(&Project, &Body, &BodyTypes) -> Vec<(Span, String)>;

/// Compares the functions that begin with `show`, with notes behind their lines, with `expected`.
#[track_caller]
fn annotated(fixture: &str, notes: Notes<'_>, expected: &Expect) {
    let files = files(fixture);
    let project = project(&files);
    let mut types = Types::new(&project);
    let mut out = String::new();
    for (function_ref, function) in functions(&project) {
        let (Some(body), true) = (&function.body, function.name.starts_with("show")) else { continue };
        let text = &files[&project.file(project.module(function_ref.item.module).file).path];
        let found = types.of_body(function_ref);
        let mut said = notes(&project, body, found);
        said.sort();
        let mut start = text[..function.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let indented = text[start..].len() - text[start..].trim_start().len();
        while start < function.span.end as usize {
            let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
            let here = said.iter().filter(|(span, _)| (start..end).contains(&(span.start as usize)));
            let here: Vec<&str> = here.map(|(_, note)| note.as_str()).collect();
            let line = text[start..end].get(indented..).unwrap_or_default().trim_end();
            let note = if here.is_empty() { String::new() } else { format!(" // {}", here.join(", ")) };
            writeln!(out, "{line}{note}").unwrap();
            start = end + 1;
        }
    }
    assert!(!out.is_empty(), "no function begins with `show`");
    expected.assert_eq(&out);
}

/// Shows the type of each variable.
#[track_caller]
fn variables(fixture: &str, expected: &Expect) {
    let notes = |_: &Project, body: &Body, found: &BodyTypes| {
        let mut notes = Vec::new();
        for id in body.patterns() {
            let pattern = body.pattern(id);
            if let (PatternKind::Binding(name, _), Some(ty)) = (&pattern.kind, found.binding(id)) {
                notes.push((pattern.span, format!("{name}: {ty}")));
            }
        }
        notes
    };
    annotated(fixture, &notes, expected);
}

/// Shows what each call calls.
#[track_caller]
fn calls(fixture: &str, expected: &Expect) {
    let notes = |project: &Project, body: &Body, found: &BodyTypes| {
        let calls = body.nodes().filter(|(_, node)| matches!(node.expr, Expr::Call(..) | Expr::MethodCall(..)));
        let named = calls.map(|(id, node)| {
            let callee = found.callee(id).map_or_else(|| "nothing".to_owned(), |callee| shown(project, callee));
            (Span::new(node.span.start, node.span.end), callee)
        });
        named.collect()
    };
    annotated(fixture, &notes, expected);
}

/// Shows which `impl` blocks are used without being named.
#[track_caller]
fn used(fixture: &str, expected: &Expect) {
    let notes = |project: &Project, body: &Body, found: &BodyTypes| {
        let used = found.uses().iter().map(|(id, block)| {
            let ItemKind::Impl(inner) = &project.item(*block).kind else { panic!("only blocks are used") };
            let of_trait = inner.of_trait.as_ref().map_or("", |path| path.last());
            let for_type = inner.self_type.referent().path().map_or("?", |path| path.last());
            (body.node(*id).span, format!("{of_trait} for {for_type} in {}", project.module_path(block.module)))
        });
        used.collect()
    };
    annotated(fixture, &notes, expected);
}

/// A callee as short text.
fn shown(project: &Project, callee: &Callee) -> String {
    let function = |function: &FunctionRef| {
        let name = &project.function(*function).unwrap().name;
        match &project.item(function.item).kind {
            ItemKind::Impl(block) => {
                let of_trait = block.of_trait.as_ref().map_or(String::new(), |path| format!("{} for ", path.last()));
                let for_type = block.self_type.referent().path().map_or("?", |path| path.last());
                format!("{of_trait}{for_type}::{name}")
            }
            ItemKind::Trait(_) => format!("{}::{name}", project.item(function.item).name),
            _ => project.path_in(function.item.module, name),
        }
    };
    match callee {
        Callee::Function(called) => function(called),
        Callee::Trait { function: called, receiver } => format!("port {} on {receiver}", function(called)),
        Callee::Outside(package, path) => format!("{package} {path}"),
        Callee::Constructor(item, None) => format!("new {}", project.item(*item).name),
        Callee::Constructor(item, Some(variant)) => format!("new {}::{variant}", project.item(*item).name),
        Callee::Value => "a value".to_owned(),
        Callee::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn the_table_of_outside_types_is_read_and_names_only_what_it_has() {
    let empty = project(&files("pub fn nothing() {}\n"));
    let types = Types::new(&empty);
    let library = Library::standard();
    assert!(library.find("std", "option::Option").is_some());
    assert!(types.shared.blocks.len() > 200, "only {} blocks are known", types.shared.blocks.len());
    let unknown = types.shared.blocks.iter().filter_map(|block| match &block.of_trait {
        Some(bound) if matches!(&bound.of, Trait::Outside(package, _) if package.is_empty()) => Some(bound.to_string()),
        _ => None,
    });
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(library.faults(), Vec::<String>::new());
}

#[test]
fn the_types_of_a_body_are_worked_out_once_for_all_who_ask() {
    let project = project(&files("pub fn show(a: u8) -> u8 { let b = a; b }\n"));
    let (function, _) = functions(&project)[0];
    let first = Types::new(&project).of_body(function);
    assert!(std::ptr::eq(first, Types::new(&project).of_body(function)));
}

#[test]
fn a_path_is_remembered_for_where_it_means_the_same() {
    variables(
        "
        pub struct Price { pub net: u8 }
        pub fn make() -> Price { Price { net: 1 } }
        pub fn show_module() { let a = make(); }
        pub fn show_block() {
            fn make() -> bool { true }
            let a = make();
            { let b = make(); }
        }
        pub fn show_module_again() { let a = make(); }
        ",
        &expect![[r#"
            pub fn show_module() { let a = make(); } // a: Price
            pub fn show_block() {
                fn make() -> bool { true }
                let a = make(); // a: bool
                { let b = make(); } // b: bool
            }
            pub fn show_module_again() { let a = make(); } // a: Price
        "#]],
    );
}
