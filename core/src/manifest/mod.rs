//! Cargo workspaces, read from their manifests: packages, targets, dependencies, features.
//!
//! [`read`] takes the text of every `Cargo.toml` of a tree and the list of its `.rs` files, and
//! answers what `cargo metadata --no-deps` would, without running it: no files are opened here, no
//! registry is asked, no lock file is needed, and a manifest that cargo would stop at is judged by
//! where it stands. A fault in a manifest that belongs to the workspace is a [`ManifestError`];
//! the same fault in a package that no workspace lists, which is often test data broken on
//! purpose, is a notice.
//!
//! What is absent: versions, registries, profiles, lints and the rest of what a manifest may say.
//! None of it decides which file is part of which crate, so none of it is checked.

mod dependencies;
mod described;
mod document;
mod fault;
mod features;
mod files;
mod members;
mod model;
mod package;
mod paths;
mod targets;
#[cfg(test)]
mod tests;
mod tree;

pub use model::{
    Dependency, DependencyKind, Described, Edition, ManifestError, Package, Target, TargetKind, Workspace,
};

use fault::Faults;
use files::Files;
use members::Membership;
use package::Draft;
use std::collections::BTreeMap;
use tree::Tree;

/// Reads the packages of a tree.
///
/// `manifests` maps the path of every `Cargo.toml` of the tree, relative to the project root and
/// with `/`, to its text; `rust_files` lists every `.rs` file in the same spelling.
///
/// # Errors
///
/// Every fault in a manifest of the root workspace that leaves open which code belongs to which
/// crate, sorted by path and place.
pub fn read(manifests: &BTreeMap<String, String>, rust_files: &[String]) -> Result<Workspace, Vec<ManifestError>> {
    let mut faults = Faults::default();
    let tree = Tree::parse(manifests, &mut faults);
    let files = Files::new(rust_files);
    let declared: Vec<_> = tree.numbers().map(|at| dependencies::declared(&tree, at, &mut faults)).collect();
    let membership = Membership::resolve(&tree, &declared, &mut faults);
    let drafts = tree
        .numbers()
        .zip(declared)
        .filter_map(|(at, declared)| package::draft(&tree, at, declared, &files, membership.includes(at), &mut faults));
    let drafts: Vec<Draft> = drafts.collect();
    membership.refuse_name_clashes(&tree, &drafts, &mut faults);
    let notices = faults.settle(&tree, &membership)?;
    Ok(Workspace { packages: package::finish(drafts), notices })
}
