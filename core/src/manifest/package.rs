//! One package from its manifest.

use super::dependencies::{Declared, orphan};
use super::document::{Document, Entry, Node};
use super::fault::{Faults, nearest};
use super::features;
use super::files::Files;
use super::model::{Edition, Package};
use super::targets::{self, Site};
use super::tree::Tree;
use crate::source::Span;
use rustc_hash::FxHashMap;

/// A package whose dependencies still go by the names of their keys.
pub(super) struct Draft {
    /// The number of the manifest.
    pub(super) at: usize,
    /// Where the package is named.
    pub(super) name_span: Span,
    /// The package, without dependencies.
    pub(super) package: Package,
    declared: Vec<Declared>,
}

/// The package of manifest `at`, if it has one with a name.
pub(super) fn draft(
    tree: &Tree<'_>,
    at: usize,
    declared: Vec<Declared>,
    files: &Files<'_>,
    member: bool,
    faults: &mut Faults,
) -> Option<Draft> {
    let document = tree.document(at);
    let Some(section) = document.package() else {
        refuse_empty(document, at, faults);
        return None;
    };
    check_inherited(tree, at, section, faults);
    let Some(named) = section.get("name").filter(|name| name.text().is_some_and(|text| !text.is_empty())) else {
        let (span, message, help) = match section.get("name") {
            Some(name) => (name.span(), "the package's name is no text, or empty", "write `name = \"…\"`"),
            None => (section.span(), "the package has no name", "add `name = \"…\"` to the `[package]` section"),
        };
        faults.fault(at, span, message.to_owned(), help.to_owned());
        return None;
    };
    let name = named.text().unwrap_or_default();
    let edition = edition(tree, at, section, faults);
    let package = Package {
        name: name.to_owned(),
        manifest: document.path.to_owned(),
        version: version(tree, at, section),
        dir: document.dir.to_owned(),
        edition,
        member,
        targets: targets::find(&Site { at, document, section, name, edition, files }, faults),
        dependencies: Vec::new(),
        features: features::names(document, &declared),
    };
    Some(Draft { at, name_span: named.span(), package, declared })
}

/// Names each dependency as code does: as the manifest renamed it, else after the library that it
/// leads to in the tree, else after its key.
pub(super) fn finish(mut drafts: Vec<Draft>) -> Vec<Package> {
    let libraries = drafts.iter().filter_map(|Draft { package, .. }| {
        Some(((package.dir.clone(), package.name.clone()), package.library()?.name.clone()))
    });
    let libraries: FxHashMap<(String, String), String> = libraries.collect();
    for draft in &mut drafts {
        for Declared { renamed, mut dependency, .. } in std::mem::take(&mut draft.declared) {
            if let (false, Some(path)) = (renamed, &dependency.path)
                && let Some(library) = libraries.get(&(path.clone(), dependency.package.clone()))
            {
                dependency.crate_name.clone_from(library);
            }
            draft.package.dependencies.push(dependency);
        }
    }
    drafts.into_iter().map(|draft| draft.package).collect()
}

fn refuse_empty(document: &Document<'_>, at: usize, faults: &mut Faults) {
    if document.is_readable() && document.workspace().is_none() {
        let message = "the manifest has neither a `[package]` nor a `[workspace]` section".to_owned();
        let help = "add the section that is meant, or delete the file".to_owned();
        faults.fault(at, Span::default(), message, help);
    }
}

/// Checks that the workspace defines what the package section and the lints take over from it.
fn check_inherited(tree: &Tree<'_>, at: usize, section: Node<'_>, faults: &mut Faults) {
    check_lints(tree, at, faults);
    for entry in section.entries().filter(|entry| entry.key != "metadata" && entry.value.is_inherited()) {
        let Some(root) = tree.root_of(at) else {
            orphan(at, entry, faults);
            continue;
        };
        let root = tree.document(root);
        let offered = root.workspace().and_then(|workspace| workspace.get("package"));
        if offered.and_then(|offered| offered.get(entry.key)).is_none() {
            let known = offered.into_iter().flat_map(Node::entries).map(|known| known.key);
            refuse_inherited(root, at, entry, nearest(entry.key, known), faults);
        }
    }
}

fn check_lints(tree: &Tree<'_>, at: usize, faults: &mut Faults) {
    let whole = tree.document(at).node().into_iter().flat_map(Node::entries);
    for entry in whole.filter(|entry| entry.key == "lints" && entry.value.is_inherited()) {
        let Some(root) = tree.root_of(at) else {
            orphan(at, entry, faults);
            continue;
        };
        let root = tree.document(root);
        if root.workspace().and_then(|workspace| workspace.get("lints")).is_none() {
            let message = format!("the workspace in `{}` defines no lints", root.path);
            let help = "add `[workspace.lints]` there, or remove `lints` here".to_owned();
            faults.fault(at, entry.key_span, message, help);
        }
    }
}

fn refuse_inherited(root: &Document<'_>, at: usize, entry: Entry<'_>, near: Option<&str>, faults: &mut Faults) {
    let key = entry.key;
    let message = format!("the workspace in `{}` defines no `{key}` for packages", root.path);
    let help = match near {
        Some(near) => {
            format!("it has `{near}`: did you mean that? Or add `{key}` to `[workspace.package]` there")
        }
        None => format!("add `{key}` to `[workspace.package]` there, or write the value here"),
    };
    faults.fault(at, entry.key_span, message, help);
}

/// The version that the package or its workspace says. Without one, cargo builds the package and never publishes it.
fn version(tree: &Tree<'_>, at: usize, section: Node<'_>) -> String {
    let inherited = || inherited(tree, at, "version").and_then(Node::text);
    section.text_of("version").or_else(inherited).unwrap_or("0.0.0").to_owned()
}

/// What the workspace says of a key for the packages that take it over.
fn inherited<'t>(tree: &'t Tree<'_>, at: usize, key: &str) -> Option<Node<'t>> {
    tree.document(tree.root_of(at)?).workspace()?.get("package")?.get(key)
}

fn edition(tree: &Tree<'_>, at: usize, section: Node<'_>, faults: &mut Faults) -> Edition {
    let Some(own) = section.get("edition") else {
        return Edition::default();
    };
    let value = if own.is_inherited() {
        match inherited(tree, at, "edition") {
            Some(value) => value,
            // Reported with the other values that the workspace does not define.
            None => return Edition::default(),
        }
    } else {
        own
    };
    value.text().and_then(Edition::from_year).unwrap_or_else(|| {
        let message = format!("the edition is none of the known ones; read as {}", Edition::E2024.year());
        faults.notice(at, own.span(), message);
        Edition::E2024
    })
}
