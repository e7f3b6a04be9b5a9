//! The packages that the `crates` of a role name: outside ones, and none of the project's own.

use super::{Module, Project};
use crate::config::{Config, ConfigError, Pattern, RoleRule, unmatched as unmatched_patterns};
use crate::manifest::{Dependency, Package, Workspace};

/// The outside packages that the project depends on, and the standard library's, sorted by name.
pub(super) fn outside(workspace: &Workspace) -> Vec<&str> {
    let is_own = |dependency: &Dependency| {
        dependency.path.as_ref().is_some_and(|dir| workspace.packages.iter().any(|package| package.dir == *dir))
    };
    let dependencies = workspace.packages.iter().flat_map(|package| &package.dependencies);
    let outside = dependencies.filter(|dependency| !is_own(dependency));
    let mut names: Vec<&str> =
        outside.map(|dependency| dependency.package.as_str()).chain(["std", "core", "alloc"]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The errors of the `crates` of a role that match no outside package, or that mean one of the project.
pub(super) fn unmatched(
    project: &Project,
    workspace: &Workspace,
    outside: &[&str],
    rule: &RoleRule,
    config: &Config,
) -> Vec<ConfigError> {
    let what = "outside package that the project depends on";
    let of_pattern = |pattern: &Pattern| match meant(project, workspace, outside, rule, pattern) {
        Some(package) => vec![error(config, pattern, package)],
        None => unmatched_patterns(&config.path, what, [pattern], outside),
    };
    rule.crates.iter().flat_map(of_pattern).collect()
}

/// The package of the project that a pattern of `crates` means, if that would say nothing about the package's code: the
/// pattern matches no outside package, or it is a plain name, and some code of the package has another role, which others
/// of the project use.
fn meant<'w>(
    project: &Project,
    workspace: &'w Workspace,
    outside: &[&str],
    rule: &RoleRule,
    pattern: &Pattern,
) -> Option<&'w Package> {
    let package = workspace.packages.iter().find(|package| pattern.matches(&package.name))?;
    let is_outside = outside.iter().any(|name| pattern.matches(name));
    let of_rule = |module: &Module| {
        module
            .role
            .is_some_and(|role| project.roles.rules.get(role.rule as usize).is_some_and(|own| own.name == rule.name))
    };
    let is_left_out =
        |module: &Module| project.krate(module.krate).dir == package.dir && !module.test && !of_rule(module);
    // Who depends on the package of that name from a registry, means that one.
    let mut dependencies = workspace.packages.iter().flat_map(|package| &package.dependencies);
    let is_used = dependencies.any(|dependency| dependency.path.as_ref() == Some(&package.dir));
    let says_nothing = || is_used && project.modules.iter().any(is_left_out);
    (!is_outside || (!pattern.text.contains('*') && says_nothing())).then_some(package)
}

/// The error of such a pattern.
fn error(config: &Config, pattern: &Pattern, package: &Package) -> ConfigError {
    let dir = if package.dir.is_empty() { "src" } else { &package.dir };
    ConfigError {
        message: format!("`{}` in `crates` means `{}`, a package of the project", pattern.text, package.name),
        help: format!("`crates` speaks of outside packages: write `paths = [\"{dir}\"]` for this one"),
        span: pattern.span,
        path: config.path.clone(),
    }
}
