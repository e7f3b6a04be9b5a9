//! Proposes roles for a project that declares none, each with what speaks for it.
//!
//! Names of folders come first, then what the code uses from outside, then who knows whom. Where these
//! say nothing, nothing is proposed: a role that is wrong costs more than one that is missing. Nothing
//! here knows a project by name.

mod coordinate;
mod layers;
mod look;
mod names;
mod patterns;
mod units;

use crate::link::{Project, RoleKind};
use crate::manifest::{DependencyKind, Package, TargetKind, Workspace};
use crate::source::{FileId, Span};
use look::Look;
use std::collections::{BTreeMap, BTreeSet};
use units::{Units, is_in, parent, unit_of};

/// What a project may declare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The roles, in the order in which they have to stand.
    pub roles: Vec<ProposedRole>,
    /// The folders with files that no role claims, and how many files; the fullest first.
    pub left: Vec<(String, usize)>,
    /// How many files could have a role.
    pub files: usize,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedRole {
    /// Its name.
    pub name: &'static str,
    /// Where it holds.
    pub places: Vec<Place>,
    /// The outside packages that count as part of it.
    pub crates: Vec<String>,
    /// Which types are orchestrators; empty for all that receive collaborators.
    pub types: Vec<String>,
    /// The orchestrators that were found there, by their paths.
    pub orchestrators: Vec<String>,
}

/// A part of a project, and why it has its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The patterns for it.
    pub patterns: Vec<String>,
    /// The folder or file, without `.rs`.
    pub unit: String,
    /// How many files it stands for.
    pub files: usize,
    /// What speaks for the role.
    pub why: String,
}

/// What is known of one file: its role, the folder that has it, and why.
#[derive(Clone, Debug)]
struct Claim {
    kind: RoleKind,
    unit: String,
    why: String,
}

type Claims = BTreeMap<FileId, Claim>;

/// A project with everything that its files show.
struct Survey<'p> {
    project: &'p Project,
    workspace: &'p Workspace,
    looks: BTreeMap<FileId, Look<'p>>,
    units: Units,
}

/// Proposes roles. The project is one that was linked without any configuration, with the bodies of
/// its functions.
pub fn propose(project: &Project, workspace: &Workspace) -> Proposal {
    let looks = look::looks(project, workspace);
    let units = Units::new(&looks);
    let survey = Survey { project, workspace, looks, units };
    let mut claims = Claims::new();
    layers::claim(&survey, &mut claims);
    coordinate::claim(&survey, &mut claims);
    widen(&mut claims);
    let mut roles: Vec<ProposedRole> = patterns::groups(&survey, &claims)
        .into_iter()
        .map(|group| ProposedRole {
            name: group.kind.name(),
            places: group.places,
            crates: Vec::new(),
            types: Vec::new(),
            orchestrators: Vec::new(),
        })
        .collect();
    if let Some(shell) = roles.iter_mut().find(|role| role.name == RoleKind::Shell.name()) {
        shell.crates = outer_crates(workspace);
    }
    Proposal { roles, left: patterns::left(&survey, &claims), files: survey.looks.len() }
}

impl Proposal {
    /// The proposal as a look at the project that was linked with it leaves it: places whose types
    /// receive nothing hold no orchestrator, and where all orchestrators have names of a kind, these
    /// names say which types are meant.
    #[must_use]
    pub fn settled(mut self, project: &Project) -> Self {
        let orchestrator = RoleKind::Orchestrator.name();
        for role in self.roles.iter_mut().filter(|role| role.name == orchestrator) {
            let held = |place: &Place| coordinate::held(project, place);
            role.places.retain(|place| !held(place).is_empty());
            let types: Option<BTreeSet<String>> = role
                .places
                .iter()
                .map(|place| coordinate::types(&held(place)))
                .try_fold(BTreeSet::new(), |all, types| Some(all.into_iter().chain(types?).collect()));
            role.types = types.unwrap_or_default().into_iter().collect();
            role.orchestrators = role.places.iter().flat_map(held).map(|one| one.path.clone()).collect();
        }
        self.roles.retain(|role| !role.places.is_empty() || !role.crates.is_empty());
        self
    }

    /// The proposal without what a reader of its text found wrong: the pattern, crate or name of a role that
    /// stands at one of those places. `None` where nothing stands there that could be left out.
    pub fn without(mut self, text: &str, wrong: &[Span]) -> Option<Self> {
        let texts = wrong.iter().filter_map(|span| text.get(span.start as usize..span.end as usize));
        let texts: BTreeSet<&str> = texts.map(|text| text.trim_matches('"')).collect();
        let size = |proposal: &Self| {
            proposal
                .roles
                .iter()
                .map(|role| 1 + role.places.len() + role.crates.len() + role.types.len())
                .sum::<usize>()
        };
        let before = size(&self);
        self.roles.retain(|role| !texts.contains(role.name));
        for role in &mut self.roles {
            role.places.retain(|place| !place.patterns.iter().any(|pattern| texts.contains(pattern.as_str())));
            role.crates.retain(|name| !texts.contains(name.as_str()));
            role.types.retain(|pattern| !texts.contains(pattern.as_str()));
        }
        self.roles.retain(|role| !role.places.is_empty() || !role.crates.is_empty());
        (size(&self) < before).then_some(self)
    }

    /// Whether it proposes anything.
    pub const fn is_empty(&self) -> bool {
        self.roles.is_empty()
    }
}

/// Counts what lies in a folder of the same role to that folder, unless another role lies between.
fn widen(claims: &mut Claims) {
    let units: BTreeSet<(RoleKind, String)> = claims.values().map(|claim| (claim.kind, claim.unit.clone())).collect();
    for claim in claims.values_mut() {
        let mut around = parent(&claim.unit).to_owned();
        while !around.is_empty() {
            let kinds = RoleKind::ALL.into_iter().filter(|kind| units.contains(&(*kind, around.clone())));
            match kinds.collect::<Vec<_>>().as_slice() {
                [] => {}
                [kind] if *kind == claim.kind => claim.unit.clone_from(&around),
                _ => break,
            }
            around = parent(&around).to_owned();
        }
    }
}

/// The packages that the project depends on in earnest and that stand for the world outside.
fn outer_crates(workspace: &Workspace) -> Vec<String> {
    let dependencies = workspace.packages.iter().flat_map(|package| &package.dependencies);
    let is_own = |name: &str| workspace.packages.iter().any(|package| package.name == name);
    let used = dependencies.filter(|dependency| dependency.kind == DependencyKind::Normal && dependency.path.is_none());
    let names: BTreeSet<&str> = used
        .map(|dependency| dependency.package.as_str())
        .filter(|name| look::is_outer(name) && !is_own(name))
        .collect();
    names.into_iter().map(str::to_owned).collect()
}

impl<'p> Survey<'p> {
    /// The folders that hold the roots of libraries and programs.
    fn source_roots(&self) -> impl Iterator<Item = &'p str> {
        let targets = self.workspace.packages.iter().flat_map(|package| &package.targets);
        let built =
            targets.filter(|target| matches!(target.kind, TargetKind::Lib | TargetKind::Bin | TargetKind::ProcMacro));
        built.map(|target| parent(&target.root))
    }

    /// The packages below the project's root, if there are several.
    fn packages(&self) -> impl Iterator<Item = &'p Package> {
        let several = self.workspace.packages.len() > 1;
        self.workspace.packages.iter().filter(move |package| several && !package.dir.is_empty())
    }

    /// How many of the files touch the world.
    fn touching(&self, files: &[FileId]) -> usize {
        files.iter().filter(|id| !self.looks[id].world.is_empty()).count()
    }

    /// Whether any of the files receives calls from outside.
    fn delivers(&self, files: &[FileId]) -> bool {
        files.iter().any(|id| self.looks[id].delivers)
    }

    /// What the files do that only the shell does: what of the world they use, or what they implement that
    /// the inner layers declare; the most frequent first.
    fn outer(&self, claims: &Claims, files: &[FileId]) -> Option<String> {
        let (mut uses, mut serves) = (BTreeMap::new(), BTreeMap::new());
        let inner = |file: &FileId| {
            let kind = claims.get(file).map(|claim| claim.kind);
            matches!(kind, Some(RoleKind::Core | RoleKind::Orchestrator))
        };
        for look in files.iter().map(|id| &self.looks[id]) {
            look.world.iter().for_each(|name| *uses.entry(name.as_str()).or_default() += 1);
            let declared = look.implements.iter().filter(|(file, _)| inner(file));
            declared.for_each(|(_, name)| *serves.entry(name.as_str()).or_default() += 1);
        }
        match (uses.is_empty(), serves.is_empty()) {
            (false, _) => Some(format!("uses {}", most(&uses))),
            (true, false) => Some(format!("implements {}", most(&serves))),
            (true, true) => None,
        }
    }

    /// Whether an orchestrator was found in one of the files.
    fn coordinates(&self, files: &[FileId]) -> bool {
        self.project.orchestrators.iter().any(|one| files.contains(&one.place.file))
    }

    /// The files outside of a unit that know one inside.
    fn users(&self, unit: &str) -> impl Iterator<Item = FileId> {
        let inside = self.units.files(unit);
        let outside = self.looks.iter().filter(move |(_, look)| !is_in(unit_of(look.path), unit));
        outside.filter(move |(_, look)| look.knows.iter().any(|known| inside.contains(known))).map(|(id, _)| *id)
    }

    /// Whether anything outside of a unit knows it.
    fn is_used(&self, unit: &str) -> bool {
        self.users(unit).next().is_some()
    }
}

/// The three that are counted most often.
fn most(counts: &BTreeMap<&str, usize>) -> String {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), **name));
    let shown: Vec<String> = counts.iter().take(3).map(|(name, _)| format!("`{name}`")).collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_refuses_is_left_out_and_nothing_else() {
        let place = |pattern: &str| Place {
            patterns: vec![pattern.to_owned()],
            unit: pattern.to_owned(),
            files: 1,
            why: String::new(),
        };
        let role = |name, patterns: &[&str], crates: &[&str]| ProposedRole {
            name,
            places: patterns.iter().map(|pattern| place(pattern)).collect(),
            crates: crates.iter().map(|&name| name.to_owned()).collect(),
            types: Vec::new(),
            orchestrators: Vec::new(),
        };
        let roles = vec![role("core", &["a/**", "b/**"], &[]), role("shell", &["c/**"], &["sqlx"])];
        let proposal = Proposal { roles, ..Proposal::default() };
        let text = "name = \"shell\"\npaths = [\"a/**\", \"c/**\"]";
        let at = |part: &str| {
            let start = text.find(part).unwrap() as u32;
            Span::new(start, start + part.len() as u32)
        };
        let left = proposal.clone().without(text, &[at("\"a/**\"")]).unwrap();
        assert_eq!(left.roles, [role("core", &["b/**"], &[]), role("shell", &["c/**"], &["sqlx"])]);
        let left = proposal.clone().without(text, &[at("\"c/**\""), at("\"shell\"")]).unwrap();
        assert_eq!(left.roles, [role("core", &["a/**", "b/**"], &[])]);
        assert_eq!(proposal.without(text, &[at("paths")]), None);
    }
}
