//! Who belongs to which workspace.

use super::dependencies::Declared;
use super::document::Node;
use super::fault::{Faults, nearest};
use super::package::Draft;
use super::paths;
use super::tree::Tree;
use globset::{GlobBuilder, GlobMatcher};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The workspaces of a tree and their members.
pub(super) struct Membership {
    workspaces: Vec<BTreeSet<usize>>,
    included: Vec<bool>,
}

impl Membership {
    /// Finds the members of every workspace. The workspace of the project root counts as the
    /// project; where the root has no manifest, every topmost manifest's does.
    pub(super) fn resolve(tree: &Tree<'_>, declared: &[Vec<Declared>], faults: &mut Faults) -> Self {
        let mut included = vec![false; declared.len()];
        let tops: BTreeSet<usize> = tree.topmost().map(|top| tree.root_of(top).unwrap_or(top)).collect();
        let mut workspaces = Vec::new();
        for root in tree.numbers() {
            let is_top = tops.contains(&root);
            if !is_top && tree.document(root).workspace().is_none() {
                continue;
            }
            let members = members(tree, root, declared, faults);
            if is_top {
                included[root] = true;
                for &member in &members {
                    included[member] = true;
                }
            }
            workspaces.push(members);
        }
        for top in tree.topmost() {
            included[top] = true;
        }
        Self { workspaces, included }
    }

    /// Whether the manifest belongs to the project's own workspace.
    pub(super) fn includes(&self, at: usize) -> bool {
        self.included[at]
    }

    /// Reports each package whose workspace has another of the same name.
    pub(super) fn refuse_name_clashes(&self, tree: &Tree<'_>, drafts: &[Draft], faults: &mut Faults) {
        for members in &self.workspaces {
            let mut first: FxHashMap<&str, usize> = FxHashMap::default();
            for draft in drafts.iter().filter(|draft| members.contains(&draft.at)) {
                let name = draft.package.name.as_str();
                let holder = *first.entry(name).or_insert(draft.at);
                if holder == draft.at {
                    continue;
                }
                let other = tree.document(holder).path;
                let message = format!("the package name `{name}` is taken by `{other}` in the same workspace");
                let help = "rename one of the two, or take one out of the workspace with `exclude`".to_owned();
                faults.fault(draft.at, draft.name_span, message, help);
            }
        }
    }
}

/// The members of the workspace at `root`: its own package, those it lists, and every package in
/// the tree that one of them depends on by path.
///
/// A package without a `[workspace]` section is taken for a workspace as well: cargo would not
/// call its path dependencies members, but they are the project's code no less.
fn members(tree: &Tree<'_>, root: usize, declared: &[Vec<Declared>], faults: &mut Faults) -> BTreeSet<usize> {
    let mut waiting = listed(tree, root, faults);
    if tree.document(root).package().is_some() {
        waiting.push(root);
    }
    let mut members = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        let dir = tree.document(next).dir;
        if tree.excludes(root, dir) || !members.insert(next) {
            continue;
        }
        let paths = declared[next].iter().filter(|declared| !declared.patched);
        let paths = paths.filter_map(|declared| declared.dependency.path.as_deref());
        waiting.extend(paths.filter_map(|path| tree.at_dir(path)).filter(|&found| joins(tree, root, found)));
    }
    members
}

/// Whether a package that a member depends on by path is drawn into the workspace.
fn joins(tree: &Tree<'_>, root: usize, found: usize) -> bool {
    let document = tree.document(found);
    let independent = found != root && document.workspace().is_some();
    !independent && (paths::within(document.dir, tree.document(root).dir) || tree.root_of(found) == Some(root))
}

/// The manifests that `[workspace] members` lists.
fn listed(tree: &Tree<'_>, root: usize, faults: &mut Faults) -> Vec<usize> {
    let document = tree.document(root);
    let patterns = document.workspace().and_then(|workspace| workspace.get("members"));
    let mut found = Vec::new();
    for item in patterns.into_iter().flat_map(Node::items) {
        let Some(pattern) = item.text() else { continue };
        let path = paths::join(document.dir, pattern);
        if paths::is_outside(&path) {
            let message = format!("the member `{pattern}` lies outside the project and is left out");
            faults.notice(root, item.span(), message);
            continue;
        }
        let before = found.len();
        match tree.at_dir(&path) {
            Some(member) => found.push(member),
            None if is_glob(&path) => {
                let Some(glob) = matcher(&path) else { continue };
                found.extend(tree.numbers().filter(|&at| glob.is_match(tree.document(at).dir)));
            }
            None => {}
        }
        if found.len() == before {
            refuse_member(tree, root, item, &path, faults);
        }
    }
    found
}

fn refuse_member(tree: &Tree<'_>, root: usize, item: Node<'_>, path: &str, faults: &mut Faults) {
    let dirs = tree.numbers().map(|at| tree.document(at).dir).filter(|dir| !dir.is_empty());
    let (message, help) = if is_glob(path) {
        let message = format!("the member pattern `{path}` matches no folder with a `Cargo.toml`");
        (message, "correct the pattern or remove it".to_owned())
    } else {
        let message = format!("the member `{path}` has no `Cargo.toml`");
        match nearest(path, dirs) {
            Some(near) => (message, format!("did you mean `{near}`?")),
            None => (message, "correct the path, remove it, or add the manifest".to_owned()),
        }
    };
    faults.fault(root, item.span(), message, help);
}

/// Whether a member is a pattern.
pub(super) fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// The pattern as cargo reads it: `*` stays within a folder, and braces are plain characters.
pub(super) fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let pattern = pattern.replace('{', "[{]").replace('}', "[}]");
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build().ok()?;
    Some(glob.compile_matcher())
}
