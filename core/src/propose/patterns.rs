//! From files to the patterns of roles, in an order in which the last that matches gives each file its role.

use super::units::{name, parent};
use super::{Claim, Claims, Place, Survey};
use crate::config::{Pattern, PatternKind};
use crate::link::RoleKind;
use crate::source::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// From how many folders of the same kind on one pattern stands for all of them.
const SEVERAL: usize = 3;

/// A role with its places.
pub(super) struct Group {
    pub kind: RoleKind,
    pub places: Vec<Place>,
}

/// The roles of the files, in order.
pub(super) fn groups(survey: &Survey<'_>, claims: &Claims) -> Vec<Group> {
    let mut units: BTreeMap<(RoleKind, &str), Vec<FileId>> = BTreeMap::new();
    for (id, claim) in claims {
        units.entry((claim.kind, claim.unit.as_str())).or_default().push(*id);
    }
    let mut rounds: Vec<BTreeMap<RoleKind, Vec<Place>>> = Vec::new();
    for (&(kind, unit), files) in &units {
        let around = units.keys().filter(|(other, around)| *other != kind && is_below(unit, around));
        // Roles stand in the order core, shell, orchestrator: what lies in a later one needs another round.
        let late = usize::from(around.into_iter().any(|(other, _)| *other > kind));
        while rounds.len() <= late {
            rounds.push(BTreeMap::new());
        }
        let why = files.iter().filter_map(|id| claims.get(id)).map(|claim: &Claim| claim.why.clone()).next();
        let patterns = patterns(survey, unit, files);
        let place = Place { patterns, unit: unit.to_owned(), files: files.len(), why: why.unwrap_or_default() };
        rounds[late].entry(kind).or_default().push(place);
    }
    let roles = rounds.into_iter().flatten();
    roles.map(|(kind, places)| Group { kind, places: joined(survey, claims, kind, places) }).collect()
}

fn is_below(unit: &str, around: &str) -> bool {
    unit.strip_prefix(around).is_some_and(|rest| rest.starts_with('/'))
}

/// The patterns of one unit: its folder, its file, or both. Of a package the sources, if all lie there.
fn patterns(survey: &Survey<'_>, unit: &str, files: &[FileId]) -> Vec<String> {
    let paths: Vec<&str> = files.iter().map(|id| survey.looks[id].path).collect();
    let own = format!("{unit}.rs");
    let mut patterns = Vec::new();
    if paths.contains(&own.as_str()) {
        patterns.push(escaped(&own));
    }
    let inside = |folder: &str| paths.iter().filter(|path| path.starts_with(folder)).count();
    let rest = paths.len() - patterns.len();
    let is_package = survey.workspace.packages.iter().any(|package| package.dir == unit);
    let sources = format!("{unit}/src/");
    if rest > 0 && is_package && inside(&sources) == rest {
        patterns.push(format!("{}/src/**", escaped(unit)));
    } else if rest == 1 && inside(&format!("{unit}/mod.rs")) == 1 && survey.units.files(unit).len() > paths.len() {
        patterns.push(format!("{}/mod.rs", escaped(unit)));
    } else if rest > 0 {
        patterns.push(format!("{}/**", escaped(unit)));
    }
    patterns
}

/// A path as a pattern that means just that.
fn escaped(path: &str) -> String {
    let mut text = String::new();
    for letter in path.chars() {
        match letter {
            '*' | '?' | '[' | ']' | '{' | '}' => text.extend(['[', letter, ']']),
            _ => text.push(letter),
        }
    }
    text
}

/// Places that differ in one folder's name alone become one, if the pattern with a `*` there takes no
/// file of another role.
fn joined(survey: &Survey<'_>, claims: &Claims, kind: RoleKind, places: Vec<Place>) -> Vec<Place> {
    let mut families: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (number, place) in places.iter().enumerate() {
        let [only] = place.patterns.as_slice() else { continue };
        for family in starred(only) {
            families.entry(family).or_default().insert(number);
        }
    }
    let mut families: Vec<_> = families.into_iter().filter(|(_, members)| members.len() >= SEVERAL).collect();
    // Of two patterns for the same folders the one that says more of them counts.
    let says = |family: &str| {
        let plain = family.split('/').filter(|part| !part.starts_with('*')).count();
        (plain, family.split('/').filter(|part| *part == "*").count())
    };
    families.sort_by_cached_key(|(family, members)| std::cmp::Reverse((members.len(), says(family))));
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut all: Vec<Place> = Vec::new();
    for (family, members) in families {
        let members: BTreeSet<usize> = members.difference(&taken).copied().collect();
        if members.len() < SEVERAL || !fits(survey, claims, kind, &family) {
            continue;
        }
        let files = members.iter().map(|number| places[*number].files).sum();
        let first = members.first().map(|number| &places[*number]);
        let why = first.map(|place| format!("{}, as in `{}`", place.why, place.unit)).unwrap_or_default();
        all.push(Place { patterns: vec![family.clone()], unit: family, files, why });
        taken.extend(members);
    }
    all.extend(places.into_iter().enumerate().filter(|(number, _)| !taken.contains(number)).map(|(_, place)| place));
    all.sort_by(|a, b| a.patterns.cmp(&b.patterns));
    all
}

/// The pattern with a `*` for each of its parts in turn, and with `**` for what stands before its last
/// parts. The last part stays: it is what says the role.
fn starred(pattern: &str) -> Vec<String> {
    let parts: Vec<&str> = pattern.split('/').collect();
    let last = parts.len() - if parts.ends_with(&["**"]) { 2 } else { 1 };
    let mut families = Vec::new();
    for at in 0..last {
        if parts[at] != "src" {
            let mut other = parts.clone();
            other[at] = "*";
            families.push(other.join("/"));
        }
    }
    for from in 1..last {
        for to in from + 1..=last {
            let whole = [&parts[..from], &["**"], &parts[to..]].concat();
            families.push(whole.join("/"));
        }
    }
    families
}

/// Whether a pattern takes only files that have the role, or have one that overrules it, or have none but are
/// bare.
fn fits(survey: &Survey<'_>, claims: &Claims, kind: RoleKind, text: &str) -> bool {
    let Ok(pattern) = Pattern::new(PatternKind::Path, text, Span::default()) else { return false };
    survey.looks.iter().filter(|(_, look)| pattern.matches(look.path)).all(|(id, look)| match claims.get(id) {
        Some(claim) => claim.kind >= kind,
        None => look.bare,
    })
}

/// The folders that hold files without a role, with how many, the fullest first.
pub(super) fn left(survey: &Survey<'_>, claims: &Claims) -> Vec<(String, usize)> {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, look) in &survey.looks {
        if !claims.contains_key(id) && !look.bare {
            *folders.entry(parent(look.path)).or_default() += 1;
        }
    }
    let mut folders: Vec<(String, usize)> =
        folders.into_iter().map(|(folder, files)| (folder.to_owned(), files)).collect();
    folders.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| name(&a.0).cmp(name(&b.0))));
    folders
}
