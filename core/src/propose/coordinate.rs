//! Which files hold orchestrators.

use super::names;
use super::units::{is_in, name, unit_of};
use super::{Claim, Claims, Place, Survey};
use crate::config::{Pattern, PatternKind};
use crate::facts::ItemKind;
use crate::link::{Orchestrator, Project, RoleKind, is_strong};
use crate::source::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};

type Found<'p> = BTreeMap<FileId, Vec<&'p Orchestrator>>;

/// Says of files that they hold orchestrators: folders that are called so and hold some, services in
/// the core that receive ports, and what is called a coordinator and receives something.
pub(super) fn claim(survey: &Survey<'_>, claims: &mut Claims) {
    let found = found(survey);
    let named = named(survey);
    for unit in outermost(claims) {
        narrow(survey, claims, &unit, &found, &named);
    }
    in_the_core(claims, &found, survey);
    elsewhere(claims, &found, &named, survey);
}

/// The orchestrators that receive something, by file; without those that stand where calls come in.
fn found<'p>(survey: &Survey<'p>) -> Found<'p> {
    let mut found = Found::new();
    for orchestrator in &survey.project.orchestrators {
        let file = orchestrator.place.file;
        let delivers = survey.looks.get(&file).is_none_or(|look| look.delivers);
        if !orchestrator.collaborators.is_empty() && !delivers {
            found.entry(file).or_default().push(orchestrator);
        }
    }
    found
}

/// Files with a type whose name says that it coordinates, wherever it stands. Whether it does, the
/// next look says.
fn named(survey: &Survey<'_>) -> BTreeMap<FileId, String> {
    let mut named = BTreeMap::new();
    for (id, module) in survey.project.modules().filter(|(_, module)| !module.test) {
        if survey.looks.get(&module.file).is_none_or(|look| look.delivers) {
            continue;
        }
        let items = &survey.project.scope(id).items;
        let says = |name: &str| names::coordinator(name).is_some_and(names::is_sure_coordinator);
        let types = items.iter().filter(|item| !item.test && matches!(item.kind, ItemKind::Struct(_)));
        if let Some(item) = types.into_iter().find(|item| says(&item.name)) {
            named.entry(module.file).or_insert_with(|| item.name.to_string());
        }
    }
    named
}

/// The units of orchestrators that lie in no other.
fn outermost(claims: &Claims) -> Vec<String> {
    let units: BTreeSet<&str> = coordinating(claims).map(|(_, claim)| claim.unit.as_str()).collect();
    let inside = |unit: &str| units.iter().any(|other| *other != unit && is_in(unit, other));
    units.iter().filter(|unit| !inside(unit)).map(|unit| (*unit).to_owned()).collect()
}

fn coordinating(claims: &Claims) -> impl Iterator<Item = (&FileId, &Claim)> {
    claims.iter().filter(|(_, claim)| claim.kind == RoleKind::Orchestrator)
}

/// Leaves of a folder of orchestrators what holds them: a folder inside that is called so too, or
/// single files where the name of the folder says little and few do.
fn narrow(survey: &Survey<'_>, claims: &mut Claims, unit: &str, found: &Found<'_>, named: &BTreeMap<FileId, String>) {
    let files: Vec<(FileId, String)> = coordinating(claims)
        .filter(|(_, claim)| is_in(&claim.unit, unit))
        .map(|(id, claim)| (*id, claim.unit.clone()))
        .collect();
    let holding: Vec<&(FileId, String)> =
        files.iter().filter(|(id, _)| found.contains_key(id) || named.contains_key(id)).collect();
    let is_type = |id: &FileId| found.get(id).is_none_or(|all| all.iter().any(|one| !one.is_function));
    let only_functions = names::is_service(name(unit)) && !holding.iter().any(|(id, _)| is_type(id));
    if holding.is_empty() || only_functions {
        // A role of orchestrators without any would be an error, and there is nothing to judge.
        claims.retain(|id, _| !files.iter().any(|(file, _)| file == id));
        return;
    }
    let inner = |own: &str| own != unit && is_strong(name(own)) && survey.units.files(own).len() > 1;
    if holding.iter().all(|(_, own)| inner(own)) {
        claims.retain(|id, _| !files.iter().any(|(file, own)| file == id && !inner(own)));
        return;
    }
    let full = files.iter().filter(|(id, _)| !survey.looks[id].bare).count();
    if is_strong(name(unit)) || holding.len() * 2 >= full {
        return;
    }
    let holding: BTreeSet<FileId> = holding.iter().map(|(id, _)| *id).collect();
    claims.retain(|id, _| holding.contains(id) || !files.iter().any(|(file, _)| file == id));
    for id in holding {
        let what = found.get(&id).map_or_else(|| named[&id].clone(), |all| shown(all));
        claim_file(survey, claims, id, &format!("{what} coordinates there"));
    }
}

fn claim_file(survey: &Survey<'_>, claims: &mut Claims, id: FileId, why: &str) {
    let unit = unit_of(survey.looks[&id].path).to_owned();
    claims.insert(id, Claim { kind: RoleKind::Orchestrator, unit, why: why.to_owned() });
}

/// The first of several orchestrators, with its collaborators.
fn shown(all: &[&Orchestrator]) -> String {
    let Some(first) = all.first() else { return String::new() };
    let name = first.path.rsplit("::").next().unwrap_or_default();
    let received: Vec<String> = first.collaborators.iter().take(3).map(|one| format!("`{}`", one.shown)).collect();
    format!("`{name}` receives {} and", received.join(", "))
}

/// A service of the core that receives ports coordinates, wherever it stands.
fn in_the_core(claims: &mut Claims, found: &Found<'_>, survey: &Survey<'_>) {
    for (id, all) in found {
        let is_core = claims.get(id).is_some_and(|claim| claim.kind == RoleKind::Core);
        let types: Vec<&Orchestrator> = all.iter().copied().filter(|one| !one.is_function).collect();
        if is_core && !types.is_empty() {
            claim_file(survey, claims, *id, &format!("{} coordinates, in a folder of the core", shown(&types)));
        }
    }
}

/// What is called a coordinator and stands in no folder of any layer.
fn elsewhere(claims: &mut Claims, found: &Found<'_>, named: &BTreeMap<FileId, String>, survey: &Survey<'_>) {
    let is_free = |claims: &Claims, id: &FileId| !claims.contains_key(id);
    for (id, all) in found.iter().filter(|(id, _)| survey.looks.contains_key(id)) {
        let coordinates = |one: &&&Orchestrator| {
            let name = one.path.rsplit("::").next().unwrap_or_default();
            let plain = names::coordinator(name).is_some_and(names::is_plain_coordinator);
            !one.is_function && plain && one.collaborators.len() > 1
        };
        let types: Vec<&Orchestrator> = all.iter().filter(coordinates).copied().collect();
        if is_free(claims, id) && !types.is_empty() {
            claim_file(survey, claims, *id, &format!("{} is called a coordinator", shown(&types)));
        }
    }
    for (id, type_name) in named {
        if is_free(claims, id) {
            claim_file(survey, claims, *id, &format!("`{type_name}` is called a coordinator, and receives something"));
        }
    }
}

/// The orchestrators in a place that receive something.
pub(super) fn held<'p>(project: &'p Project, place: &Place) -> Vec<&'p Orchestrator> {
    let patterns: Vec<Pattern> =
        place.patterns.iter().filter_map(|text| Pattern::new(PatternKind::Path, text, Span::default()).ok()).collect();
    let lies_there = |one: &&Orchestrator| {
        let file = project.file(one.place.file);
        let is_coordinating = file.role.is_some_and(|role| role.kind == RoleKind::Orchestrator);
        is_coordinating && patterns.iter().any(|pattern| pattern.matches(&file.path))
    };
    let receives = |one: &&Orchestrator| !one.collaborators.is_empty();
    project.orchestrators.iter().filter(lies_there).filter(receives).collect()
}

/// The patterns of the names of orchestrators: the suffixes by which they say what they are, if all types
/// have one, or if some have one that means nothing else; others are helpers then. `None` where names do
/// not tell.
pub(super) fn types(all: &[&Orchestrator]) -> Option<BTreeSet<String>> {
    let types = all.iter().filter(|one| !one.is_function);
    let types: Vec<&str> = types.map(|one| one.path.rsplit("::").next().unwrap_or_default()).collect();
    let patterns: BTreeSet<String> = types.iter().filter_map(|name| names::pattern(name)).collect();
    let all_say = types.iter().all(|name| names::pattern(name).is_some());
    let is_sure = |name: &&str| names::coordinator(name).is_some_and(names::is_sure_coordinator);
    (!types.is_empty() && (all_say || types.iter().any(is_sure))).then_some(patterns)
}
