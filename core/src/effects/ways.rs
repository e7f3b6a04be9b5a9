//! From code without a role to the effects behind it, by the fewest calls.
//!
//! All that the roots reach is looked at once, and the distances are found backwards from the effects: a
//! breadth-first search from many goals, so the cost grows with the code that is reached and not with
//! the number of roots.

use super::sites::{Does, Site, Sites};
use super::table::Effect;
use crate::facts::ItemKind;
use crate::link::{FunctionRef, Project};
use crate::source::Place;
use std::collections::{BTreeMap, VecDeque};

/// The next step towards an effect, for everything that has one.
#[derive(Debug, Default)]
pub struct Ways {
    steps: BTreeMap<FunctionRef, Site>,
}

/// One hop of a way: the code, and the place in it that leads on.
type Hop<'a> = (FunctionRef, Place, &'a Does);

impl Ways {
    /// Follows calls from the roots to effects.
    pub fn new(sites: &mut Sites<'_>, roots: impl IntoIterator<Item = FunctionRef>) -> Self {
        let known = reached(sites, roots);
        let mut callers: BTreeMap<FunctionRef, Vec<(FunctionRef, &Site)>> = BTreeMap::new();
        let mut ways = Self::default();
        let mut open = VecDeque::new();
        for (&node, sites) in &known {
            for site in sites {
                match &site.does {
                    Does::Uses(called) => callers.entry(*called).or_default().push((node, site)),
                    Does::Effect(_) if ways.steps.contains_key(&node) => {}
                    Does::Effect(_) => {
                        ways.steps.insert(node, site.clone());
                        open.push_back(node);
                    }
                }
            }
        }
        while let Some(node) = open.pop_front() {
            for (caller, site) in callers.get(&node).into_iter().flatten() {
                if !ways.steps.contains_key(caller) {
                    ways.steps.insert(*caller, Site::clone(site));
                    open.push_back(*caller);
                }
            }
        }
        ways
    }

    /// The shortest way from `root` to an effect, the last hop being its place; empty if there is none.
    pub fn way<'a>(&'a self, project: &Project, root: FunctionRef) -> Vec<Hop<'a>> {
        let mut way = Vec::new();
        let mut at = root;
        while let Some(site) = self.steps.get(&at) {
            way.push((at, project.place(at.item.module, site.span), &site.does));
            match &site.does {
                Does::Uses(next) => at = *next,
                Does::Effect(_) => break,
            }
        }
        way
    }

    /// The effect at the end of a way.
    pub fn end<'a>(way: &[Hop<'a>]) -> Option<(Place, &'a Effect)> {
        match way.last()? {
            (_, place, Does::Effect(effect)) => Some((*place, effect)),
            _ => None,
        }
    }
}

/// Whether calls are followed into something: into code without a role, and into macros of the core, whose
/// bodies belong to those who call them.
pub(super) fn is_passable(project: &Project, node: FunctionRef) -> bool {
    let module = project.module(node.item.module);
    let item = project.item(node.item);
    let is_macro = matches!(item.kind, ItemKind::MacroRules(_));
    !item.test && (module.is_neutral() || (module.is_core() && is_macro))
}

/// Everything that the roots reach, with what it does.
fn reached(sites: &mut Sites<'_>, roots: impl IntoIterator<Item = FunctionRef>) -> BTreeMap<FunctionRef, Vec<Site>> {
    let mut known: BTreeMap<FunctionRef, Vec<Site>> = BTreeMap::new();
    let mut open: Vec<FunctionRef> = roots.into_iter().collect();
    while let Some(node) = open.pop() {
        if known.contains_key(&node) {
            continue;
        }
        let found = sites.of_node(node);
        open.extend(found.iter().filter_map(|site| match site.does {
            Does::Uses(next) => Some(next),
            Does::Effect(_) => None,
        }));
        known.insert(node, found);
    }
    known
}
