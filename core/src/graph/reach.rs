//! Which code leads out of what lies between two layers, and by which shortest way.
//!
//! Items, or whole modules, are the nodes and what they use are the links. All that the roots reach is
//! looked at once, and the distances are found backwards from the ways out: a breadth-first search from
//! many goals, so the cost grows with the code that is reached and not with the number of roots.
//! What a crate cannot see, it does not reach: an `impl` block of a crate that it does not depend
//! on. So each crate that has roots is searched for itself.

use crate::facts::ItemKind;
use crate::link::{CrateId, Hops, ItemRef, ModuleId, Project, Target, Use};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grain {
    /// Items: of a module that is used, only what the used item itself names counts.
    #[default]
    Items,
    /// Modules: all that a module names counts for whoever uses anything of it.
    Modules,
}

/// An item or a whole module that is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// An item.
    Item(ItemRef),
    /// A module.
    Module(ModuleId),
}

impl Node {
    /// The module that it is, or lies in.
    pub const fn module(self) -> ModuleId {
        match self {
            Self::Item(item) => item.module,
            Self::Module(module) => module,
        }
    }

    /// The same as what a path may lead to.
    pub const fn target(self) -> Target {
        match self {
            Self::Item(item) => Target::Item(item),
            Self::Module(module) => Target::Module(module),
        }
    }
}

impl Grain {
    /// What is to be followed of what a path leads to.
    pub const fn node(self, target: &Target) -> Option<Node> {
        match (self, target) {
            (Self::Items, Target::Item(item)) => Some(Node::Item(*item)),
            (Self::Modules, Target::Item(item)) => Some(Node::Module(item.module)),
            (Self::Modules, Target::Module(module)) => Some(Node::Module(*module)),
            (Self::Items, Target::Module(_)) | (_, Target::Outside(..) | Target::Unknown) => None,
        }
    }
}

/// The next step on the shortest way out, for every node that has one, by the crate that asks.
#[derive(Debug, Default)]
pub struct Reach {
    grain: Grain,
    steps: BTreeMap<CrateId, BTreeMap<Node, Step>>,
}

#[derive(Debug)]
struct Step {
    distance: u32,
    by: Use,
}

/// One hop of a way out: the item or module, and what it uses.
pub type Hop<'a> = (Node, &'a Use);

/// What each node uses, as far as anyone asked.
type Uses = BTreeMap<Node, Vec<Use>>;

impl Reach {
    /// Follows what the `roots` use, each with the crate that it is asked for, through everything that
    /// `is_passable` accepts, to the uses for which `leaves` holds. Of several shortest ways the first
    /// in the order of the places is kept.
    pub fn new(
        project: &Project,
        grain: Grain,
        roots: impl IntoIterator<Item = (CrateId, Node)>,
        is_passable: impl Fn(Node) -> bool,
        leaves: impl Fn(&Use) -> bool,
    ) -> Self {
        let mut by_crate: BTreeMap<CrateId, Vec<Node>> = BTreeMap::new();
        for (krate, root) in roots {
            by_crate.entry(krate).or_default().push(root);
        }
        let mut uses = Uses::new();
        let mut steps = BTreeMap::new();
        for (krate, roots) in by_crate {
            let visible = project.visible_crates(krate);
            let is_seen = |module: ModuleId| visible.contains(&project.module(module).krate);
            let sees = |node: Node| is_seen(node.module()) && is_passable(node);
            let reached = reached(project, grain, roots, sees, &mut uses);
            let leaves = |by: &Use| Grain::Modules.node(&by.to).is_none_or(|to| is_seen(to.module())) && leaves(by);
            steps.insert(krate, self::steps(grain, &uses, &reached, leaves));
        }
        Self { grain, steps }
    }

    /// The shortest way out from `root` for code of a crate, its last hop being the one that leaves;
    /// `None` if there is none.
    pub fn way(&self, from: CrateId, root: Node) -> Option<Vec<Hop<'_>>> {
        let steps = self.steps.get(&from)?;
        let mut way = Vec::new();
        let mut at = root;
        loop {
            let Step { distance, by } = steps.get(&at)?;
            way.push((at, by));
            if *distance == 1 {
                return Some(way);
            }
            at = self.grain.node(&by.to)?;
        }
    }
}

/// What some nodes reach, themselves included.
fn reached(
    project: &Project,
    grain: Grain,
    roots: Vec<Node>,
    is_passable: impl Fn(Node) -> bool,
    uses: &mut Uses,
) -> BTreeSet<Node> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<Node> = roots.into_iter().filter(|root| is_passable(*root)).collect();
    while let Some(node) = open.pop() {
        if reached.insert(node) {
            let uses = uses.entry(node).or_insert_with(|| uses_of(project, node));
            let next = uses.iter().filter_map(|by| grain.node(&by.to));
            open.extend(next.filter(|next| is_passable(*next)));
        }
    }
    reached
}

/// What a node uses, in the order of the places. Of a module that is all that stands in it, the bodies of
/// its macros and the modules whose re-exports it goes through included.
fn uses_of(project: &Project, node: Node) -> Vec<Use> {
    let module = match node {
        Node::Item(item) => return project.uses(item),
        Node::Module(module) => module,
    };
    let mut uses = Vec::new();
    for edge in project.edges_in(project.module(module).file).iter().filter(|edge| edge.from == module && !edge.test) {
        let passed = edge.through().iter().map(|(passed, _)| Target::Module(*passed));
        uses.extend(passed.map(|to| Use { to, place: edge.place, through: Hops::new() }));
        uses.push(Use { to: edge.to.clone(), place: edge.place, through: edge.through().into() });
    }
    for (index, item) in project.scope(module).items.iter().enumerate() {
        if matches!(item.kind, ItemKind::MacroRules(_)) && !item.test {
            uses.extend(project.uses(ItemRef { module, index: index as u32 }));
        }
    }
    uses.sort_by_key(|one| one.place);
    uses
}

fn steps(grain: Grain, uses: &Uses, reached: &BTreeSet<Node>, leaves: impl Fn(&Use) -> bool) -> BTreeMap<Node, Step> {
    let mut users: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
    let mut steps = BTreeMap::new();
    let mut queue = VecDeque::new();
    for &node in reached {
        let Some(uses) = uses.get(&node) else { continue };
        if let Some(by) = uses.iter().find(|by| leaves(by)) {
            steps.insert(node, Step { distance: 1, by: by.clone() });
            queue.push_back(node);
        }
        for next in uses.iter().filter_map(|by| grain.node(&by.to)) {
            users.entry(next).or_default().push(node);
        }
    }
    while let Some(at) = queue.pop_front() {
        let distance = steps.get(&at).map_or(0, |step| step.distance) + 1;
        for &user in users.get(&at).into_iter().flatten() {
            if steps.contains_key(&user) {
                continue;
            }
            let nearest = |by: &&Use| {
                grain.node(&by.to).and_then(|next| steps.get(&next)).is_some_and(|step| step.distance + 1 == distance)
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
