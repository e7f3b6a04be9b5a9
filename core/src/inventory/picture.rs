//! The picture of a folder: its files, and by role what they import.

use super::model::FileEntry;
use crate::graph::{Arrow, Group, Grouping, View, Violation, Violations, is_standard, role_name};
use crate::link::{Project, Target};
use crate::report::Report;
use crate::source::{FileId, Place};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// How many files a picture shows one by one. With more of them, nobody sees anything: those of a folder
/// below become one, and then also the folder's own.
const MOST_FILES: usize = 24;
/// What stands for code without a role.
const NO_ROLE: &str = "no role";

/// What a box of the picture stands for; the folder's own come first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Own(String),
    Role(String),
    Package(SmolStr),
}

/// Draws the members of a folder. Packages from outside are shown where a rule is broken.
pub(super) fn picture(project: &Project, report: &Report, folder: &str, members: &[&FileEntry]) -> View {
    let drawn: Vec<&FileEntry> = members.iter().copied().filter(|file| !file.only_modules).collect();
    let own = drawn.iter().filter(|file| file.folder == folder).count();
    let key = |file: &&FileEntry| of_file(folder, file, drawn.len(), own);
    let shown: BTreeMap<&str, Key> = drawn.iter().map(|file| (file.path.as_str(), key(file))).collect();
    let violations = Violations::new(report);
    let mut roles: BTreeMap<Key, BTreeSet<Option<String>>> = BTreeMap::new();
    for file in &drawn {
        roles.entry(shown[file.path.as_str()].clone()).or_default().insert(file.role.clone());
    }
    let mut arrows: Arrows = BTreeMap::new();
    let ids = (0..project.files.len() as u32).map(FileId);
    let own = ids.filter(|id| shown.contains_key(project.file(*id).path.as_str()));
    let edges = own.flat_map(|id| project.edges_in(id));
    for edge in edges.filter(|edge| !edge.test && !project.module(edge.from).test) {
        let Some(from) = shown.get(project.file(project.module(edge.from).file).path.as_str()) else { continue };
        let broken = violations.of(edge);
        // A re-export that must not be used is what the arrow is about.
        let reexport = broken.and_then(|broken| broken.reexport).map(Target::Module);
        let to = end(project, reexport.as_ref().unwrap_or(&edge.to), &shown, broken.is_some());
        let Some(to) = to else { continue };
        if *from == to {
            continue;
        }
        if let Key::Role(role) = &to {
            roles.entry(to.clone()).or_default().insert(Some(role.clone()).filter(|role| role != NO_ROLE));
        }
        if let Key::Package(package) = &to {
            let role = role_name(project, project.roles.crate_role(package)).map(str::to_owned);
            roles.entry(to.clone()).or_default().insert(role);
        }
        let places = arrows.entry((from.clone(), to)).or_default();
        places.entry(edge.place).or_insert_with(|| (edge.path.clone(), broken.map(|broken| broken.rule)));
    }
    finish(roles, &arrows)
}

/// The box of one of the folder's files: itself, or the folder that it lies in where there are too many.
/// `files` are all of them, `own` those that lie directly in it.
fn of_file(folder: &str, file: &FileEntry, files: usize, own: usize) -> Key {
    let start = if folder == "." { 0 } else { folder.len() + 1 };
    let inside = &file.path[start..];
    match inside.split_once('/') {
        Some((below, _)) if files > MOST_FILES => Key::Own(format!("{below}/")),
        None if own > MOST_FILES => Key::Own(format!("{}/", folder.rsplit('/').next().unwrap_or(folder))),
        _ => Key::Own(inside.to_owned()),
    }
}

fn end(project: &Project, to: &Target, shown: &BTreeMap<&str, Key>, is_broken: bool) -> Option<Key> {
    let module = match to {
        Target::Module(module) => *module,
        Target::Item(item) => item.module,
        Target::Outside(package, _) => {
            return (is_broken && !is_standard(package)).then(|| Key::Package(package.clone()));
        }
        Target::Unknown => return None,
    };
    let file = project.file(project.module(module).file);
    let role = || Key::Role(role_name(project, project.module(module).role).unwrap_or(NO_ROLE).to_owned());
    Some(shown.get(file.path.as_str()).cloned().unwrap_or_else(role))
}

/// What each box names of each other: the places, each with the path that stands there and the rule that it breaks.
type Arrows = BTreeMap<(Key, Key), BTreeMap<Place, (SmolStr, Option<&'static str>)>>;

fn finish(roles: BTreeMap<Key, BTreeSet<Option<String>>>, arrows: &Arrows) -> View {
    let numbers: BTreeMap<&Key, usize> = roles.keys().zip(0..).collect();
    let drawn = arrows.iter().filter_map(|((from, to), places)| {
        let broken = places.iter().filter_map(|(&place, (_, rule))| Some(Violation { place, rule: (*rule)? }));
        let violations: Vec<Violation> = broken.collect();
        let sample = violations.first().map(|violation| violation.place).or_else(|| places.keys().next().copied())?;
        let path = places.get(&sample)?.0.clone();
        Some(Arrow { from: numbers[from], to: numbers[to], places: places.len(), sample, path, violations })
    });
    let arrows = drawn.collect();
    let groups = roles.into_iter().map(|(key, mut roles)| {
        let role = if roles.len() == 1 { roles.pop_first().flatten() } else { None };
        let (name, outside, neighbour) = match key {
            Key::Own(name) => (name, false, false),
            Key::Role(name) => (name, false, true),
            Key::Package(package) => (package.to_string(), true, true),
        };
        Group { name, outside, neighbour, modules: 1, role }
    });
    View { by: Grouping::Folder, groups: groups.collect(), arrows }
}
