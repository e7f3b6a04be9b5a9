//! The targets of a package: those its manifest declares, and those its folders imply.

use super::described::described;
use super::document::{Document, Node};
use super::fault::Faults;
use super::files::Files;
use super::model::{Described, Edition, Target, TargetKind};
use super::paths;
use crate::source::Span;

/// What is known of a package when its targets are looked for.
pub(super) struct Site<'s> {
    /// The number of the manifest.
    pub(super) at: usize,
    /// The manifest.
    pub(super) document: &'s Document<'s>,
    /// Its package section.
    pub(super) section: Node<'s>,
    /// The name of the package.
    pub(super) name: &'s str,
    /// The edition of the package.
    pub(super) edition: Edition,
    /// The files of the tree.
    pub(super) files: &'s Files<'s>,
}

/// One kind of target that a package may have many of.
struct Shelf {
    kind: TargetKind,
    section: &'static str,
    switch: &'static str,
    folder: &'static str,
}

const SHELVES: [Shelf; 4] = [
    Shelf { kind: TargetKind::Bin, section: "bin", switch: "autobins", folder: "src/bin" },
    Shelf { kind: TargetKind::Example, section: "example", switch: "autoexamples", folder: "examples" },
    Shelf { kind: TargetKind::Test, section: "test", switch: "autotests", folder: "tests" },
    Shelf { kind: TargetKind::Bench, section: "bench", switch: "autobenches", folder: "benches" },
];

/// A target by the name and the place the manifest or the folder gives it.
struct Root {
    name: String,
    path: String,
    described: Described,
}

/// All targets of a package, sorted.
pub(super) fn find(site: &Site<'_>, faults: &mut Faults) -> Vec<Target> {
    let library = library(site, faults);
    let has_library = library.is_some();
    let mut targets: Vec<Target> = library.into_iter().chain(build_scripts(site, faults)).collect();
    for shelf in &SHELVES {
        targets.extend(shelved(site, shelf, has_library, faults));
    }
    targets.sort_unstable();
    targets.dedup();
    targets
}

impl Site<'_> {
    fn path(&self, path: &str) -> String {
        paths::join(self.document.dir, path)
    }

    fn existing(&self, path: &str) -> Option<String> {
        Some(self.path(path)).filter(|path| self.files.has(path))
    }

    /// The path of a declared target, unless its file is missing, which is reported.
    fn declared(&self, kind: TargetKind, value: Node<'_>, faults: &mut Faults) -> Option<String> {
        let path = self.path(value.text()?);
        if self.files.has(&path) {
            return Some(path);
        }
        let is_rust = std::path::Path::new(&path).extension().is_some_and(|extension| extension == "rs");
        if paths::is_outside(&path) || !is_rust {
            let message = format!("the root file `{path}` of the {} is outside what is read", kind.name());
            faults.notice(self.at, value.span(), message);
        } else {
            let message = format!("the root file `{path}` of the {} does not exist", kind.name());
            self.refuse(kind, value.span(), message, faults);
        }
        None
    }

    /// Reports a missing root file. A library or a program decides what the code is; without an
    /// example or a test the rest can still be judged.
    fn refuse(&self, kind: TargetKind, span: Span, message: String, faults: &mut Faults) {
        if matches!(kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::Bin) {
            let help = "correct `path`, add the file, or remove the target; \
                        a file that is ignored or generated is not seen";
            faults.fault(self.at, span, message, help.to_owned());
        } else {
            faults.notice(self.at, span, message);
        }
    }
}

fn library(site: &Site<'_>, faults: &mut Faults) -> Option<Target> {
    let standard = site.existing("src/lib.rs");
    let section = site.document.get("lib").filter(|section| section.is_table());
    let Some(section) = section else {
        let wanted = site.section.flag_of("autolib") != Some(false);
        let root = standard.filter(|_| wanted)?;
        return Some(target(TargetKind::Lib, &crate_name(site.name), root, None));
    };
    let kind = if is_proc_macro(section) { TargetKind::ProcMacro } else { TargetKind::Lib };
    let name = crate_name(section.text_of("name").unwrap_or(site.name));
    let root = if let Some(path) = section.get("path") {
        site.declared(kind, path, faults)
    } else {
        let legacy = || site.existing(&format!("src/{name}.rs")).filter(|_| site.edition == Edition::E2015);
        let root = standard.or_else(legacy);
        if root.is_none() {
            let message = format!("the {} has no file `{}`", kind.name(), site.path("src/lib.rs"));
            site.refuse(kind, section.span(), message, faults);
        }
        root
    };
    Some(target(kind, &name, root?, Some(section)))
}

/// A target of that name as cargo knows it.
fn target(kind: TargetKind, name: &str, root: String, section: Option<Node<'_>>) -> Target {
    Target { kind, name: crate_name(name), root, described: described(kind, name.to_owned(), section) }
}

fn is_proc_macro(section: Node<'_>) -> bool {
    let flag = section.get_any(&["proc-macro", "proc_macro"]).and_then(Node::flag);
    let mut kinds = section.get_any(&["crate-type", "crate_type"]).into_iter().flat_map(Node::items);
    flag == Some(true) || kinds.any(|kind| kind.text() == Some("proc-macro"))
}

fn build_scripts(site: &Site<'_>, faults: &mut Faults) -> Vec<Target> {
    let script = |root: String| {
        let name = format!("build-script-{}", paths::stem(&root));
        target(TargetKind::BuildScript, &name, root, None)
    };
    let value = site.section.get("build");
    match value {
        Some(value) if value.flag() == Some(false) => Vec::new(),
        Some(value) if value.text().is_some() || value.is_array() => {
            let paths = value.items().chain(value.text().map(|_| value));
            let roots: Vec<String> =
                paths.filter_map(|path| site.declared(TargetKind::BuildScript, path, faults)).collect();
            roots.into_iter().map(script).collect()
        }
        _ => site.existing("build.rs").map(script).into_iter().collect(),
    }
}

/// The targets of one shelf: the declared ones, then those that the folder implies and no
/// declaration speaks of.
fn shelved(site: &Site<'_>, shelf: &Shelf, has_library: bool, faults: &mut Faults) -> Vec<Target> {
    let implied = implied(site, shelf);
    let section = site.document.get(shelf.section).filter(|section| section.is_array());
    let switch = site.section.flag_of(shelf.switch);
    let discover = switch.unwrap_or(section.is_none() || site.edition > Edition::E2015);
    let mut roots = Vec::new();
    let mut names = Vec::new();
    let mut taken = Vec::new();
    for item in section.into_iter().flat_map(Node::items) {
        let path = item.text_of("path").map(|path| site.path(path));
        let Some(name) = item.text_of("name").or_else(|| item.text_of("path").map(paths::stem)) else {
            continue;
        };
        names.push(name);
        taken.extend(path);
        if let Some(path) = place(site, shelf, (item, name), &implied, has_library, faults) {
            let described = described(shelf.kind, name.to_owned(), Some(item));
            roots.push(Root { name: name.to_owned(), path, described });
        }
    }
    if discover {
        let free = |root: &Root| !names.contains(&root.name.as_str()) && !taken.contains(&root.path);
        roots.extend(implied.into_iter().filter(free));
    }
    let target =
        |Root { name, path, described }| Target { kind: shelf.kind, name: crate_name(&name), root: path, described };
    roots.into_iter().map(target).collect()
}

/// The targets that the shelf's folder implies, by their names.
fn implied(site: &Site<'_>, shelf: &Shelf) -> Vec<Root> {
    let root = |name: &str, path: String| {
        let described = described(shelf.kind, name.to_owned(), None);
        Root { name: name.to_owned(), path, described }
    };
    let mut roots = Vec::new();
    if shelf.kind == TargetKind::Bin
        && let Some(path) = site.existing("src/main.rs")
    {
        roots.push(root(site.name, path));
    }
    let found = site.files.roots_in(&site.path(shelf.folder)).into_iter();
    roots.extend(found.map(|(name, path)| root(name, path.to_owned())));
    roots
}

/// The root file of a declared target: where it says, else where its name is at home.
fn place(
    site: &Site<'_>,
    shelf: &Shelf,
    (item, name): (Node<'_>, &str),
    implied: &[Root],
    has_library: bool,
    faults: &mut Faults,
) -> Option<String> {
    if let Some(path) = item.get("path") {
        return site.declared(shelf.kind, path, faults);
    }
    if let Some(root) = implied.iter().find(|root| root.name == name) {
        return Some(root.path.clone());
    }
    let legacy = legacy(site, shelf.kind, name, has_library);
    if legacy.is_none() {
        let home = site.path(shelf.folder);
        let kind = shelf.kind.name();
        let message = format!("the {kind} `{name}` has no file `{home}/{name}.rs` or `{home}/{name}/main.rs`");
        let span = item.get("name").map_or(item.span(), Node::span);
        site.refuse(shelf.kind, span, message, faults);
    }
    legacy
}

/// The places that edition 2015 also looks in.
fn legacy(site: &Site<'_>, kind: TargetKind, name: &str, has_library: bool) -> Option<String> {
    if site.edition > Edition::E2015 {
        return None;
    }
    match kind {
        TargetKind::Bin => {
            let beside = if has_library { None } else { site.existing(&format!("src/{name}.rs")) };
            beside.or_else(|| site.existing("src/main.rs")).or_else(|| site.existing("src/bin/main.rs"))
        }
        TargetKind::Bench if name == "bench" => site.existing("src/bench.rs"),
        _ => None,
    }
}

fn crate_name(name: &str) -> String {
    name.replace('-', "_")
}
