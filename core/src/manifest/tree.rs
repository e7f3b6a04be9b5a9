//! All manifests of the tree, and which workspace each belongs under.

use super::document::{Document, Node};
use super::fault::Faults;
use super::members::{is_glob, matcher};
use super::paths;
use crate::source::Span;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// All manifests, numbered in the order of their paths.
pub(super) struct Tree<'a> {
    documents: Vec<Document<'a>>,
    by_dir: FxHashMap<&'a str, usize>,
    roots: Vec<Option<usize>>,
}

impl<'a> Tree<'a> {
    /// Parses all manifests and finds the workspace above each.
    pub(super) fn parse(manifests: &'a BTreeMap<String, String>, faults: &mut Faults) -> Self {
        let mut documents = Vec::with_capacity(manifests.len());
        for (number, (path, text)) in manifests.iter().enumerate() {
            let (document, error) = Document::parse(path, text);
            // The character that stands for bytes which are no text: nothing behind it was read.
            if let Some(before) = text.strip_suffix(char::REPLACEMENT_CHARACTER) {
                let (at, help) = (before.len() as u32, "save the manifest as UTF-8".to_owned());
                faults.fault(number, Span::new(at, at), "this is not UTF-8 text".to_owned(), help);
            } else if let Some(error) = error {
                let message = format!("this is not valid TOML: {}", error.message);
                let help = "correct the manifest; cargo cannot read it either".to_owned();
                faults.fault(number, error.span, message, help);
            }
            documents.push(document);
        }
        let by_dir = documents.iter().enumerate().map(|(at, document)| (document.dir, at)).collect();
        let mut tree = Self { documents, by_dir, roots: Vec::new() };
        tree.roots = tree.numbers().map(|at| tree.find_root(at)).collect();
        tree
    }

    /// The numbers of all manifests.
    pub(super) fn numbers(&self) -> Range<usize> {
        0..self.documents.len()
    }

    /// The manifest of that number.
    pub(super) fn document(&self, at: usize) -> &Document<'a> {
        &self.documents[at]
    }

    /// The number of the manifest in that folder.
    pub(super) fn at_dir(&self, dir: &str) -> Option<usize> {
        self.by_dir.get(dir).copied()
    }

    /// The workspace that the manifest takes its inherited values from: itself if it has one.
    pub(super) fn root_of(&self, at: usize) -> Option<usize> {
        self.roots[at]
    }

    /// The manifests that no other manifest lies above.
    pub(super) fn topmost(&self) -> impl Iterator<Item = usize> {
        self.numbers().filter(|&at| !paths::above(self.documents[at].dir).any(|dir| self.at_dir(dir).is_some()))
    }

    /// Whether the workspace at `root` keeps the folder `dir` out. `exclude` holds plain paths, no
    /// globs, and a member that is listed by its plain path wins over it: so cargo has it.
    pub(super) fn excludes(&self, root: usize, dir: &str) -> bool {
        let document = self.document(root);
        let covers = |key| {
            let paths = document.workspace().and_then(|workspace| workspace.get(key)).into_iter();
            let mut paths = paths.flat_map(Node::items).filter_map(Node::text);
            paths.any(|path| paths::within(dir, &paths::join(document.dir, path)))
        };
        covers("exclude") && !covers("members")
    }

    fn find_root(&self, at: usize) -> Option<usize> {
        let document = self.document(at);
        if document.workspace().is_some() {
            return Some(at);
        }
        if let Some(pointer) = pointer(document) {
            return self.at_dir(&pointer);
        }
        let above = paths::above(document.dir).filter_map(|dir| self.at_dir(dir)).filter_map(|above| {
            let ancestor = self.document(above);
            if ancestor.workspace().is_some() {
                return (!self.excludes(above, document.dir)).then_some(above);
            }
            self.at_dir(&pointer(ancestor)?)
        });
        // Cargo asks the roots that it has loaded already before it looks for one upwards, and it has
        // loaded the one from whose list of members it comes to the package.
        let above: Vec<usize> = above.collect();
        above.iter().find(|&&root| self.lists(root, document.dir)).or(above.first()).copied()
    }

    /// Whether the workspace at `root` lists the folder `dir` among its members.
    fn lists(&self, root: usize, dir: &str) -> bool {
        let document = self.document(root);
        let patterns = document.workspace().and_then(|workspace| workspace.get("members")).into_iter();
        let mut paths = patterns.flat_map(Node::items).filter_map(Node::text);
        paths.any(|pattern| {
            let path = paths::join(document.dir, pattern);
            path == dir || is_glob(&path) && matcher(&path).is_some_and(|glob| glob.is_match(dir))
        })
    }
}

/// The folder that `package.workspace` names.
fn pointer(document: &Document<'_>) -> Option<String> {
    let path = document.package()?.text_of("workspace")?;
    Some(paths::join(document.dir, path))
}
