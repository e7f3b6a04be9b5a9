//! The dependencies that a manifest declares, with what they inherit from the workspace filled in.

use super::document::{Document, Entry, Node};
use super::fault::{Faults, nearest};
use super::model::{Dependency, DependencyKind};
use super::paths;
use super::tree::Tree;

/// One declared dependency, before the name its code goes by is known.
pub(super) struct Declared {
    /// The key in the manifest.
    pub(super) key: String,
    /// Whether `package = …` gave it a name of the manifest's choosing.
    pub(super) renamed: bool,
    /// Whether the path stands in a `[patch]`: such a package is used, but not drawn into the workspace.
    pub(super) patched: bool,
    /// The dependency, its crate named after the key.
    pub(super) dependency: Dependency,
}

/// Each table, under its present and its old name.
const TABLES: [(DependencyKind, &[&str]); 3] = [
    (DependencyKind::Normal, &["dependencies"]),
    (DependencyKind::Dev, &["dev-dependencies", "dev_dependencies"]),
    (DependencyKind::Build, &["build-dependencies", "build_dependencies"]),
];

/// All dependencies of manifest `at`: for all platforms first, then platform by platform.
pub(super) fn declared(tree: &Tree<'_>, at: usize, faults: &mut Faults) -> Vec<Declared> {
    let document = tree.document(at);
    let Some(whole) = document.node().filter(|_| document.package().is_some()) else {
        return Vec::new();
    };
    let platforms = document.get("target").into_iter().flat_map(Node::entries);
    let scopes = std::iter::once((None, whole)).chain(platforms.map(|entry| (Some(entry.key), entry.value)));
    let mut found = Vec::new();
    for (platform, scope) in scopes {
        for (kind, names) in TABLES {
            for entry in scope.get_any(names).into_iter().flat_map(Node::entries) {
                found.push(one(tree, at, entry, (kind, platform), faults));
            }
        }
    }
    found
}

fn one(
    tree: &Tree<'_>,
    at: usize,
    entry: Entry<'_>,
    (kind, platform): (DependencyKind, Option<&str>),
    faults: &mut Faults,
) -> Declared {
    // The workspace's entry says what the package is and where; this one only whether it is optional.
    let source = if entry.value.is_inherited() { inherited(tree, at, entry, faults) } else { Some((at, entry.value)) };
    let rename = source.and_then(|(_, value)| value.text_of("package"));
    let package = rename.unwrap_or(entry.key);
    let own = source.and_then(|(home, value)| Some(paths::join(tree.document(home).dir, value.text_of("path")?)));
    if let (Some((home, value)), Some(path)) = (source, &own) {
        absent(tree, home, entry.key, value, path, faults);
    }
    let patch = if own.is_none() { source.and_then(|(_, value)| patched(tree, at, package, value)) } else { None };
    Declared {
        key: entry.key.to_owned(),
        renamed: rename.is_some(),
        patched: patch.is_some(),
        dependency: Dependency {
            crate_name: entry.key.replace('-', "_"),
            package: package.to_owned(),
            kind,
            optional: entry.value.flag_of("optional") == Some(true),
            path: own.or(patch),
            target_cfg: platform.map(str::to_owned),
        },
    }
}

/// Says that there is no package where a path leads, which stands in the manifest `home`. It may be there for cargo:
/// in a submodule, or in a folder that the project leaves out.
fn absent(tree: &Tree<'_>, home: usize, key: &str, value: Node<'_>, path: &str, faults: &mut Faults) {
    if tree.at_dir(path).is_some() {
        return;
    }
    let place = if paths::is_outside(path) { "lies outside the project" } else { "has no `Cargo.toml` there" };
    let message = format!("the dependency `{key}` in `{path}` {place}, and counts as a package from outside");
    faults.notice(home, value.get("path").unwrap_or(value).span(), message);
}

/// The workspace's entry for an inherited dependency, with the number of the workspace's manifest.
fn inherited<'t>(tree: &'t Tree<'_>, at: usize, entry: Entry<'_>, faults: &mut Faults) -> Option<(usize, Node<'t>)> {
    let key = entry.key;
    let Some(root) = tree.root_of(at) else {
        orphan(at, entry, faults);
        return None;
    };
    let document: &Document<'_> = tree.document(root);
    let table = document.workspace().and_then(|workspace| workspace.get("dependencies"));
    let found = table.and_then(|table| table.get(key));
    if found.is_none() {
        let known = table.into_iter().flat_map(Node::entries).map(|known| known.key);
        let help = match nearest(key, known) {
            Some(near) => {
                format!("did you mean `{near}`? Or add `{key}` to `[workspace.dependencies]` there")
            }
            None => format!("add `{key}` to `[workspace.dependencies]` there, or write its version here"),
        };
        let message = format!("the workspace in `{}` defines no dependency `{key}`", document.path);
        faults.fault(at, entry.key_span, message, help);
    }
    found.map(|value| (root, value))
}

/// Reports a value that is inherited from a workspace where there is none.
pub(super) fn orphan(at: usize, entry: Entry<'_>, faults: &mut Faults) {
    let key = entry.key;
    let message = format!("`{key}` is inherited from a workspace, but this package is in none");
    let help = "add the package to the `members` of a workspace, or write the value here".to_owned();
    faults.fault(at, entry.key_span, message, help);
}

/// The folder that the workspace puts in the place of a package from crates.io. What a workspace
/// patches in that way lies in the tree, and code that uses it uses the tree's.
fn patched(tree: &Tree<'_>, at: usize, package: &str, value: Node<'_>) -> Option<String> {
    if value.get_any(&["git", "registry"]).is_some() {
        return None;
    }
    let root = tree.document(tree.root_of(at).unwrap_or(at));
    let patches = root.get("patch")?.get("crates-io")?;
    let patch = patches.entries().find(|patch| patch.value.text_of("package").unwrap_or(patch.key) == package)?;
    Some(paths::join(root.dir, patch.value.text_of("path")?))
}
