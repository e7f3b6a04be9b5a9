//! What `cargo modules dependencies` prints: a graph of items, for Graphviz.

use super::Pair;
use std::collections::{BTreeMap, BTreeSet};

/// The graph that was printed.
#[derive(Debug, Default)]
pub(super) struct Dot {
    /// The names of all crates that were read, outside ones among them.
    pub(super) crates: BTreeSet<String>,
    /// The paths of all modules, crates among them.
    pub(super) modules: BTreeSet<String>,
    /// The paths of all structs, unions, enums and traits.
    pub(super) types: BTreeSet<String>,
    /// The paths of all items, modules and types among them.
    pub(super) items: BTreeSet<String>,
    /// Which item uses which.
    uses: BTreeSet<Pair>,
}

/// Reads of the printed graph what lies in `krate`. Each line is one node or one edge and ends in a
/// comment that says of which kind; all others are left out.
pub(super) fn parse(text: &str, krate: &str) -> Dot {
    let is_inside = |path: &str| path.split("::").next() == Some(krate);
    let mut dot = Dot::default();
    for line in text.lines() {
        let Some((code, comment)) = line.trim().rsplit_once("// ") else { continue };
        let mut quoted = comment.split('"');
        let (kind, what) = (quoted.nth(1).unwrap_or_default(), quoted.next().unwrap_or_default().trim());
        let mut names = code.split('"');
        let Some(first) = names.nth(1) else { continue };
        dot.crates.extend(first.split("::").next().map(str::to_owned));
        if !is_inside(first) {
            continue;
        }
        match what {
            "node" => {
                dot.items.insert(first.to_owned());
                match kind {
                    "crate" | "mod" => drop(dot.modules.insert(first.to_owned())),
                    "struct" | "union" | "enum" | "trait" | "unsafe trait" => drop(dot.types.insert(first.to_owned())),
                    _ => {}
                }
            }
            "edge" if kind == "uses" => {
                if let Some(second) = names.nth(1).filter(|name| is_inside(name)) {
                    dot.uses.insert((first.to_owned(), second.to_owned()));
                }
            }
            _ => {}
        }
    }
    dot
}

impl Dot {
    /// The edges between modules, each with the uses of items that make it up.
    pub(super) fn pairs(&self) -> BTreeMap<Pair, Vec<Pair>> {
        let mut pairs: BTreeMap<Pair, Vec<Pair>> = BTreeMap::new();
        for (from, to) in &self.uses {
            let (Some(source), Some(target)) = (self.module_of(from), self.module_of(to)) else { continue };
            if source != target {
                let uses = pairs.entry((source.to_owned(), target.to_owned())).or_default();
                uses.push((from.clone(), to.clone()));
            }
        }
        pairs
    }

    /// The module that an item stands in, or the module itself.
    pub(super) fn module_of<'a>(&self, item: &'a str) -> Option<&'a str> {
        around(item).find(|path| self.modules.contains(*path))
    }

    /// The type or trait that an associated item belongs to.
    pub(super) fn type_of<'a>(&self, item: &'a str) -> Option<&'a str> {
        around(item).skip(1).find(|path| self.types.contains(*path))
    }
}

/// A path, and what it stands in, from the inside out.
pub(super) fn around(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |inner| inner.rsplit_once("::").map(|(outer, _)| outer))
}
