//! Which items lead out of the code between two layers, and by which shortest way.
//!
//! Items are the nodes and what they use are the links. All items that the roots reach are looked
//! at once, and the distances are found backwards from the ways out: a breadth-first search from
//! many goals, so the cost grows with the code that is reached and not with the number of roots.
//! What a crate cannot see, it does not reach: an `impl` block of a crate that it does not depend
//! on. So each crate that has roots is searched for itself.

use crate::link::{CrateId, ItemRef, Project, Target, Use};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The next step on the shortest way out, for every item that has one, by the crate that asks.
#[derive(Debug, Default)]
pub struct Reach {
    steps: BTreeMap<CrateId, BTreeMap<ItemRef, Step>>,
}

#[derive(Debug)]
struct Step {
    distance: u32,
    by: Use,
}

/// One hop of a way out: the item, and what it uses.
pub type Hop<'a> = (ItemRef, &'a Use);

/// What each item uses, as far as anyone asked.
type Uses = BTreeMap<ItemRef, Vec<Use>>;

impl Reach {
    /// Follows what the `roots` use, each with the crate that it is asked for, through every item that
    /// `is_passable` accepts, to the uses for which `leaves` holds. Of several shortest ways the first
    /// in the order of the places is kept.
    pub fn new(
        project: &Project,
        roots: impl IntoIterator<Item = (CrateId, ItemRef)>,
        is_passable: impl Fn(ItemRef) -> bool,
        leaves: impl Fn(&Use) -> bool,
    ) -> Self {
        let mut by_crate: BTreeMap<CrateId, Vec<ItemRef>> = BTreeMap::new();
        for (krate, root) in roots {
            by_crate.entry(krate).or_default().push(root);
        }
        let mut uses = Uses::new();
        let mut steps = BTreeMap::new();
        for (krate, roots) in by_crate {
            let visible = project.visible_crates(krate);
            let sees = |item: ItemRef| visible.contains(&project.module(item.module).krate) && is_passable(item);
            let reached = reached(project, roots, sees, &mut uses);
            let leaves = |by: &Use| {
                item_of(by).is_none_or(|item| visible.contains(&project.module(item.module).krate)) && leaves(by)
            };
            steps.insert(krate, self::steps(&uses, &reached, leaves));
        }
        Self { steps }
    }

    /// The shortest way out from `root` for code of a crate, its last hop being the one that leaves;
    /// `None` if there is none.
    pub fn way(&self, from: CrateId, root: ItemRef) -> Option<Vec<Hop<'_>>> {
        let steps = self.steps.get(&from)?;
        let mut way = Vec::new();
        let mut at = root;
        loop {
            let Step { distance, by } = steps.get(&at)?;
            way.push((at, by));
            if *distance == 1 {
                return Some(way);
            }
            at = item_of(by)?;
        }
    }
}

/// The items that some items reach, themselves included.
fn reached(
    project: &Project,
    roots: Vec<ItemRef>,
    is_passable: impl Fn(ItemRef) -> bool,
    uses: &mut Uses,
) -> BTreeSet<ItemRef> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<ItemRef> = roots.into_iter().filter(|root| is_passable(*root)).collect();
    while let Some(item) = open.pop() {
        if reached.insert(item) {
            let uses = uses.entry(item).or_insert_with(|| project.uses(item));
            open.extend(uses.iter().filter_map(item_of).filter(|next| is_passable(*next)));
        }
    }
    reached
}

fn item_of(by: &Use) -> Option<ItemRef> {
    match by.to {
        Target::Item(item) => Some(item),
        _ => None,
    }
}

fn steps(uses: &Uses, reached: &BTreeSet<ItemRef>, leaves: impl Fn(&Use) -> bool) -> BTreeMap<ItemRef, Step> {
    let mut users: BTreeMap<ItemRef, Vec<ItemRef>> = BTreeMap::new();
    let mut steps = BTreeMap::new();
    let mut queue = VecDeque::new();
    for &item in reached {
        let Some(uses) = uses.get(&item) else { continue };
        if let Some(by) = uses.iter().find(|by| leaves(by)) {
            steps.insert(item, Step { distance: 1, by: by.clone() });
            queue.push_back(item);
        }
        for next in uses.iter().filter_map(item_of) {
            users.entry(next).or_default().push(item);
        }
    }
    while let Some(at) = queue.pop_front() {
        let distance = steps.get(&at).map_or(0, |step| step.distance) + 1;
        for &user in users.get(&at).into_iter().flatten() {
            if steps.contains_key(&user) {
                continue;
            }
            let nearest = |by: &&Use| {
                item_of(by).and_then(|next| steps.get(&next)).is_some_and(|step| step.distance + 1 == distance)
            };
            if let Some(by) = uses.get(&user).and_then(|uses| uses.iter().find(nearest)) {
                let by = by.clone();
                steps.insert(user, Step { distance, by });
                queue.push_back(user);
            }
        }
    }
    steps
}
