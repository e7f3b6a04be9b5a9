//! Which folders are the core, and which the shell.

use super::look::Look;
use super::names;
use super::units::{is_in, name, parent, unit_of};
use super::{Claim, Claims, Survey};
use crate::link::{RoleKind, is_strong};
use crate::manifest::{Dependency, DependencyKind, Package, TargetKind};
use crate::source::FileId;
use std::collections::BTreeSet;

/// From which share of files that touch the world a folder is the shell, whatever it is called.
const MOSTLY: (usize, usize) = (3, 5);
/// Up to which share of such files a folder whose name says little may be the core.
const HARDLY: (usize, usize) = (1, 3);
/// How many files a folder has to have before their share says anything.
const ENOUGH: usize = 3;

/// Says of files which layer they are, from the plainest sign to the faintest.
pub(super) fn claim(survey: &Survey<'_>, claims: &mut Claims) {
    by_name(survey, claims);
    by_package(survey, claims);
    let roots: BTreeSet<&str> = survey.source_roots().collect();
    for root in &roots {
        outer_below(survey, claims, root, &roots);
    }
    around_the_core(survey, claims, &roots);
    ports(survey, claims);
    rules_by_name(survey, claims, &roots);
    beside_the_core(survey, claims, &roots);
}

/// What the names of folders say. A name such as `core` counts where the code agrees.
fn by_name(survey: &Survey<'_>, claims: &mut Claims) {
    for (id, look) in &survey.looks {
        let Some((kind, folder)) = survey.project.roles.suggested(look.path) else { continue };
        let why = format!("`{}` is a name for it", name(unit_of(folder)));
        claims.insert(*id, Claim { kind, unit: unit_of(folder).to_owned(), why });
    }
    let faint = |claim: &Claim| claim.kind == RoleKind::Core && !is_strong(name(&claim.unit));
    let units: BTreeSet<String> =
        claims.values().filter(|claim| faint(claim)).map(|claim| claim.unit.clone()).collect();
    for unit in units {
        let files: Vec<FileId> = claims.iter().filter(|(_, claim)| claim.unit == unit).map(|(id, _)| *id).collect();
        if !is_share(survey.touching(&files), files.len(), HARDLY, false) {
            claims.retain(|_, claim| claim.unit != unit);
        }
    }
}

/// Whether `some` of `all` are at least (or, if not `least`, at most) that share.
fn is_share(some: usize, all: usize, (of, in_all): (usize, usize), least: bool) -> bool {
    if least { some * in_all >= all * of } else { some * in_all <= all * of }
}

/// Packages that are part of the shell as a whole.
fn by_package(survey: &Survey<'_>, claims: &mut Claims) {
    for package in survey.packages() {
        let files = survey.units.files(&package.dir);
        let kinds: BTreeSet<RoleKind> = files.iter().filter_map(|id| Some(claims.get(id)?.kind)).collect();
        if kinds.iter().any(|kind| *kind != RoleKind::Shell) {
            continue;
        }
        let Some(why) = outer_package(survey, claims, package, files) else { continue };
        claim_unit(survey, claims, &package.dir, RoleKind::Shell, &why);
    }
}

/// Why a package is part of the shell, if it is.
fn outer_package(survey: &Survey<'_>, claims: &Claims, package: &Package, files: &[FileId]) -> Option<String> {
    let name_of = name(&package.dir);
    let says = names::is_outer(name_of);
    let is_program = is_program(package);
    if is_program && names::is_programs(name(parent(&package.dir))) {
        return Some(format!("a program in `{}`", parent(&package.dir)));
    }
    let does = survey.outer(claims, files);
    if says && let Some(does) = &does {
        return Some(format!("`{name_of}` is a name for it, and it {does}"));
    }
    let inward = calls_inward(survey, claims, package);
    if says && (is_program || inward) {
        return Some(format!("`{name_of}` is a name for it, and it calls others"));
    }
    if let (true, true, true, Some(does)) = (is_program, inward, survey.delivers(files), does) {
        return Some(format!("a program that calls the inner packages, and it {does}"));
    }
    mostly_outer(survey, claims, files)
}

/// Whether a package is nothing but programs.
fn is_program(package: &Package) -> bool {
    package.library().is_none() && package.targets.iter().any(|target| target.kind == TargetKind::Bin)
}

/// Whether a package uses others that hold the core or orchestrators.
fn calls_inward(survey: &Survey<'_>, claims: &Claims, package: &Package) -> bool {
    let used = |other: &&Package| {
        let uses =
            |dependency: &Dependency| dependency.kind == DependencyKind::Normal && dependency.package == other.name;
        other.dir != package.dir && package.dependencies.iter().any(uses)
    };
    let inner = |other: &Package| {
        let kinds = survey.units.files(&other.dir).iter().filter_map(|id| Some(claims.get(id)?.kind));
        kinds.into_iter().any(|kind| matches!(kind, RoleKind::Core | RoleKind::Orchestrator))
    };
    survey.workspace.packages.iter().filter(used).any(inner)
}

/// Why files are the shell by what most of them use. The file system alone says little: much code reads a file.
fn mostly_outer(survey: &Survey<'_>, claims: &Claims, files: &[FileId]) -> Option<String> {
    let own: Vec<FileId> = files.iter().copied().filter(|id| !survey.looks[id].bare).collect();
    let strong = own.iter().filter(|id| survey.looks[*id].is_strong()).count();
    let is_most = own.len() >= ENOUGH && is_share(strong, own.len(), MOSTLY, true) && !survey.coordinates(files);
    let does = survey.outer(claims, &own).filter(|_| is_most)?;
    Some(format!("it {does}, in {strong} of {} files", own.len()))
}

/// Gives a unit and all in it that has no role yet.
fn claim_unit(survey: &Survey<'_>, claims: &mut Claims, unit: &str, kind: RoleKind, why: &str) {
    for id in survey.units.files(unit) {
        claims.entry(*id).or_insert_with(|| Claim { kind, unit: unit.to_owned(), why: why.to_owned() });
    }
}

/// Folders of the shell below `folder`: by their name where the code agrees, or by the code alone.
fn outer_below(survey: &Survey<'_>, claims: &mut Claims, folder: &str, roots: &BTreeSet<&str>) {
    let children: Vec<&str> = survey.units.children(folder).filter(|unit| !roots.contains(unit)).collect();
    for unit in children {
        let files = survey.units.files(unit);
        let free: Vec<FileId> = files.iter().copied().filter(|id| !claims.contains_key(id)).collect();
        if free.is_empty() {
            continue;
        }
        let named = || {
            let does = survey.outer(claims, &free).filter(|_| names::is_outer(name(unit)))?;
            Some(format!("`{}` is a name for it, and it {does}", name(unit)))
        };
        let why = if free.len() < files.len() { None } else { named().or_else(|| mostly_outer(survey, claims, &free)) };
        match why {
            Some(why) => claim_unit(survey, claims, unit, RoleKind::Shell, &why),
            None => outer_below(survey, claims, unit, roots),
        }
    }
}

/// A folder that holds the core, and besides only what is as pure and coordinates nothing, is the core.
fn around_the_core(survey: &Survey<'_>, claims: &mut Claims, roots: &BTreeSet<&str>) {
    let units: Vec<&str> = survey.units.all().filter(|unit| !roots.contains(unit)).collect();
    for unit in units {
        let files = survey.units.files(unit);
        let is_core = |id: &FileId| claims.get(id).is_some_and(|claim| claim.kind == RoleKind::Core);
        let outside = |id: &FileId| claims.get(id).is_some_and(|claim| !is_in(&claim.unit, unit) || claim.unit == unit);
        let core = files.iter().filter(|id| is_core(id)).count();
        let others = files.iter().any(|id| !is_core(id));
        let holds_root = roots.iter().any(|root| is_in(root, unit));
        if core == 0 || !others || holds_root || files.iter().any(outside) {
            continue;
        }
        let fits = |id: &FileId| {
            let kind = claims.get(id).map(|claim| (claim.kind, is_strong(name(&claim.unit))));
            survey.looks[id].world.is_empty()
                && !matches!(kind, Some((RoleKind::Shell, _) | (RoleKind::Orchestrator, true)))
        };
        if core * 2 >= files.len() && files.iter().all(fits) && !survey.coordinates(files) {
            let why = format!("{core} of {} files lie in folders of the core, and the others are as pure", files.len());
            for id in files {
                claims.insert(*id, Claim { kind: RoleKind::Core, unit: unit.to_owned(), why: why.clone() });
            }
        }
    }
}

/// The interfaces that the core declares belong to it.
fn ports(survey: &Survey<'_>, claims: &mut Claims) {
    let has_core = claims.values().any(|claim| claim.kind == RoleKind::Core);
    let units: Vec<&str> = survey.units.all().filter(|unit| matches!(name(unit), "ports" | "port")).collect();
    for unit in units {
        let files = survey.units.files(unit);
        let is_free = files.iter().all(|id| !claims.contains_key(id));
        if has_core && is_free && is_share(survey.touching(files), files.len(), HARDLY, false) {
            claim_unit(survey, claims, unit, RoleKind::Core, "interfaces that the core declares");
        }
    }
}

/// Where no folder is called after the core, names that often mean it count, if the code is pure and used.
fn rules_by_name(survey: &Survey<'_>, claims: &mut Claims, roots: &BTreeSet<&str>) {
    if claims.values().any(|claim| claim.kind == RoleKind::Core) {
        return;
    }
    let units = survey.units.all().filter(|unit| names::is_inner(name(unit)) && roots.contains(parent(unit)));
    for unit in units.collect::<Vec<_>>() {
        let files = survey.units.files(unit);
        if files.iter().filter(|id| !survey.looks[*id].bare).count() < 2 {
            continue;
        }
        let is_free = files.iter().all(|id| !claims.contains_key(id));
        if is_free && files.iter().all(|id| survey.looks[id].pure) && survey.is_used(unit) && !survey.coordinates(files)
        {
            let why = format!("`{}` may be a name for it, and its code is pure", name(unit));
            claim_unit(survey, claims, unit, RoleKind::Core, &why);
        }
    }
}

/// Folders beside the core that know it, are known by it or by who coordinates, and are as pure.
fn beside_the_core(survey: &Survey<'_>, claims: &mut Claims, roots: &BTreeSet<&str>) {
    let kind_of = |claims: &Claims, id: &FileId| claims.get(id).map(|claim| claim.kind);
    let homes: BTreeSet<String> = claims
        .values()
        .filter(|claim| claim.kind == RoleKind::Core)
        .map(|claim| parent(&claim.unit).to_owned())
        .filter(|home| roots.contains(home.as_str()))
        .collect();
    for home in homes {
        let beside: Vec<&str> = survey.units.children(&home).collect();
        for unit in beside {
            let files = survey.units.files(unit);
            let is_free = files.iter().all(|id| !claims.contains_key(id));
            let is_pure = files.iter().all(|id| survey.looks[id].world.is_empty());
            if !is_free || !is_pure || names::is_common(name(unit)) || survey.coordinates(files) {
                continue;
            }
            let knows =
                |look: &Look<'_>| look.knows.iter().filter_map(|known| kind_of(claims, known)).collect::<Vec<_>>();
            let known: Vec<RoleKind> = files.iter().flat_map(|id| knows(&survey.looks[id])).collect();
            let users: Vec<RoleKind> = survey.users(unit).filter_map(|id| kind_of(claims, &id)).collect();
            let inward = known.contains(&RoleKind::Core) && !known.iter().any(|kind| kind.is_outer());
            let is_needed = users.iter().any(|kind| matches!(kind, RoleKind::Core | RoleKind::Orchestrator));
            if inward && is_needed {
                let why = "pure, knows the core, and is used by the core or by who coordinates";
                claim_unit(survey, claims, unit, RoleKind::Core, why);
            }
        }
    }
}
