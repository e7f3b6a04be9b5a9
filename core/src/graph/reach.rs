//! Which items lead out of the code between two layers, and by which shortest way.
//!
//! Items are the nodes and what they use are the links. All items that the roots reach are looked
//! at once, and the distances are found backwards from the ways out: a breadth-first search from
//! many goals, so the cost grows with the code that is reached and not with the number of roots.

use crate::link::{ItemRef, Project, Target, Use};
use std::collections::{BTreeMap, VecDeque};

/// The next step on the shortest way out, for every item that has one.
#[derive(Debug, Default)]
pub struct Reach {
    steps: BTreeMap<ItemRef, Step>,
}

#[derive(Debug)]
struct Step {
    distance: u32,
    by: Use,
}

/// One hop of a way out: the item, and what it uses.
pub type Hop<'a> = (ItemRef, &'a Use);

impl Reach {
    /// Follows what the `roots` use through every item that `is_passable` accepts, to the uses for
    /// which `leaves` holds. Of several shortest ways the first in the order of the places is kept.
    pub fn new(
        project: &Project,
        roots: impl IntoIterator<Item = ItemRef>,
        is_passable: impl Fn(ItemRef) -> bool,
        leaves: impl Fn(&Use) -> bool,
    ) -> Self {
        let mut uses: BTreeMap<ItemRef, Vec<Use>> = BTreeMap::new();
        let mut open: Vec<ItemRef> = roots.into_iter().filter(|root| is_passable(*root)).collect();
        while let Some(item) = open.pop() {
            if uses.contains_key(&item) {
                continue;
            }
            let found = project.uses(item);
            open.extend(found.iter().filter_map(item_of).filter(|next| is_passable(*next)));
            uses.insert(item, found);
        }
        Self { steps: steps(&uses, leaves) }
    }

    /// The shortest way out from `root`, its last hop being the one that leaves; `None` if there is none.
    pub fn way(&self, root: ItemRef) -> Option<Vec<Hop<'_>>> {
        let mut way = Vec::new();
        let mut at = root;
        loop {
            let Step { distance, by } = self.steps.get(&at)?;
            way.push((at, by));
            if *distance == 1 {
                return Some(way);
            }
            at = item_of(by)?;
        }
    }
}

fn item_of(by: &Use) -> Option<ItemRef> {
    match by.to {
        Target::Item(item) => Some(item),
        _ => None,
    }
}

fn steps(uses: &BTreeMap<ItemRef, Vec<Use>>, leaves: impl Fn(&Use) -> bool) -> BTreeMap<ItemRef, Step> {
    let mut users: BTreeMap<ItemRef, Vec<ItemRef>> = BTreeMap::new();
    let mut steps = BTreeMap::new();
    let mut queue = VecDeque::new();
    for (&item, uses) in uses {
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
