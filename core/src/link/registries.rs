//! Registries of operations: what is an operation, and what a registry names.

use super::names::{ItemRef, Space, Target};
use super::{ModuleId, Project};
use crate::config::{Config, ConfigError, Pattern, RegistryRule, unmatched as unmatched_patterns};
use crate::facts::{Item, ItemKind, Visibility};
use crate::source::{FileId, Place};
use std::collections::{BTreeMap, BTreeSet};

/// The registries of the configuration.
#[derive(Debug, Default)]
pub(super) struct Registries {
    path: String,
    rules: Vec<RegistryRule>,
}

/// A registry, and what it should hold.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Its files, as people say them.
    pub shown: String,
    /// Its files, test code apart.
    pub files: BTreeSet<FileId>,
    /// The operations, each with the first place in the registry that names it.
    pub operations: Vec<(ItemRef, Option<Place>)>,
}

impl Registries {
    pub(super) fn new(config: &Config) -> Self {
        Self { path: config.path.clone(), rules: config.registries.clone() }
    }
}

impl Project {
    /// The registries that the configuration declares, with the operations of each.
    pub fn registries(&self) -> Vec<Registry> {
        self.registries.rules.iter().map(|rule| registry(self, rule)).collect()
    }
}

fn registry(project: &Project, rule: &RegistryRule) -> Registry {
    let named = named(project, rule);
    let operations = operations(project, rule).into_iter().map(|item| (item, named.get(&item).copied())).collect();
    let files = modules(project, |path| any(&rule.paths, path)).map(|module| project.module(module).file).collect();
    Registry { shown: rule.shown(), files, operations }
}

/// The modules whose files some patterns match, test code apart; of a crate that several targets compile
/// the first.
fn modules<'p>(project: &'p Project, matches: impl Fn(&str) -> bool + 'p) -> impl Iterator<Item = ModuleId> + 'p {
    let mut seen = BTreeSet::new();
    let own = project.modules().filter(|(_, module)| !module.test);
    own.filter(move |(_, module)| matches(&project.file(module.file).path) && seen.insert((module.file, module.scope)))
        .map(|(id, _)| id)
}

fn any(patterns: &[Pattern], candidate: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(candidate))
}

/// Whether a file may hold operations. The registry's own items are none.
fn may_hold(rule: &RegistryRule, path: &str) -> bool {
    (rule.operations.is_empty() || any(&rule.operations, path)) && !any(&rule.paths, path)
}

fn operations(project: &Project, rule: &RegistryRule) -> Vec<ItemRef> {
    let mut found = Vec::new();
    for module in modules(project, |path| may_hold(rule, path)) {
        for (index, item) in project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
            let at = ItemRef { module, index: index as u32 };
            if is_operation(project, rule, at, item) {
                found.push(at);
            }
        }
    }
    found
}

fn is_operation(project: &Project, rule: &RegistryRule, at: ItemRef, item: &Item) -> bool {
    match &item.kind {
        ItemKind::Struct(_) | ItemKind::Enum(_) => {
            any(&rule.types, &item.name)
                || (!rule.traits.is_empty()
                    && project
                        .impls(at)
                        .any(|(_, block)| block.of_trait.as_ref().is_some_and(|of| any(&rule.traits, of.last()))))
        }
        ItemKind::Function(_) => any(&rule.functions, &item.name),
        _ => false,
    }
}

/// What the code of a registry names, with the first place each.
fn named(project: &Project, rule: &RegistryRule) -> BTreeMap<ItemRef, Place> {
    let mut found: BTreeMap<ItemRef, Place> = BTreeMap::new();
    for module in modules(project, |path| any(&rule.paths, path)) {
        let scope = project.scope(module);
        let paths = scope.paths.iter().filter(|used| !used.test);
        let mut targets: Vec<(Target, Place)> = paths
            .map(|used| {
                let resolved = project.names().resolve_at(module, &used.path, Space::of(used.kind), used.span);
                (resolved.target, project.place(module, used.span))
            })
            .collect();
        // What is imported is used, or the compiler complains; what is handed on need not be.
        for (index, import) in scope.imports.iter().enumerate() {
            if !import.test && import.visibility == Visibility::Private {
                targets.push((project.names().import(module, index).target, project.place(module, import.span)));
            }
        }
        targets.sort_by_key(|(_, place)| *place);
        for (target, place) in targets {
            let Target::Item(item) = target else { continue };
            let meant = match &project.item(item).kind {
                ItemKind::Alias(_) => project.names().type_item(item.module, &project.item(item).name),
                _ => Target::Item(item),
            };
            if let Target::Item(item) = meant {
                found.entry(item).or_insert(place);
            }
        }
    }
    found
}

/// Patterns of registries that match nothing, and registries without an operation.
pub(super) fn unmatched(project: &Project) -> Vec<ConfigError> {
    let Registries { path, rules } = &project.registries;
    if rules.is_empty() {
        return Vec::new();
    }
    let files: Vec<&str> = project.files.iter().map(|file| file.path.as_str()).collect();
    let mut errors = Vec::new();
    for rule in rules {
        let before = errors.len();
        errors.extend(unmatched_patterns(path, "file", rule.paths.iter().chain(&rule.operations), &files));
        if errors.len() == before {
            errors.extend(unmatched_selectors(project, path, rule));
        }
        if errors.len() == before && operations(project, rule).is_empty() {
            errors.push(ConfigError {
                message: "no item is an operation of this registry".to_owned(),
                help: "all that the patterns match is test code, or stands in the registry itself".to_owned(),
                span: rule.span,
                path: path.clone(),
            });
        }
    }
    errors.sort_by_key(|error| error.span);
    errors
}

fn unmatched_selectors(project: &Project, path: &str, rule: &RegistryRule) -> Vec<ConfigError> {
    let (mut types, mut traits, mut functions) = (Vec::new(), Vec::new(), Vec::new());
    for module in modules(project, |path| may_hold(rule, path)) {
        for (index, item) in project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
            match &item.kind {
                ItemKind::Struct(_) | ItemKind::Enum(_) => {
                    types.push(item.name.as_str());
                    let blocks = project.impls(ItemRef { module, index: index as u32 });
                    traits.extend(blocks.filter_map(|(_, block)| Some(block.of_trait.as_ref()?.last())));
                }
                ItemKind::Function(_) => functions.push(item.name.as_str()),
                _ => {}
            }
        }
    }
    let mut errors = unmatched_patterns(path, "type in those files", &rule.types, &types);
    errors.extend(unmatched_patterns(path, "trait that a type in those files implements", &rule.traits, &traits));
    errors.extend(unmatched_patterns(path, "free function in those files", &rule.functions, &functions));
    errors
}
