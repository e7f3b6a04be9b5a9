//! # core-imports-shell
//!
//! ## What it does
//!
//! Reports each place where code with the role core names a module, an item or an outside crate
//! with the role shell, orchestrator or entry: `use` in every form, paths in expressions, types,
//! bounds, attributes and macro arguments, `impl Trait for`, renamed crates. A name that leads
//! through re-exports is followed to what it means, and the finding shows each hop.
//!
//! ## Why
//!
//! A core that knows its shell cannot be tested, reused or understood without it. All other
//! promises of the pattern stand on this one.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/core/price.rs
//! use crate::shell::db::PriceTable;
//!
//! pub fn price(order: &Order, table: &PriceTable) -> Money { table.lookup(order) }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/core/price.rs
//! pub fn price(order: &Order, rates: &Rates) -> Money { rates.of(order) }
//! ```
//!
//! The orchestrator asks the shell for the rates and hands them to the core.
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! Names are resolved without types and without macro expansion. Not seen are: a method whose
//! trait lives in the shell while the call names neither; paths that a procedural macro makes up;
//! what neutral code reaches in turn. Glob imports of outside crates say nothing about their names.
//! A `mod` declaration is no import. Test code is not judged.

use baton_core::facts::PathKind;
use baton_core::finding::{Finding, Hop, Level};
use baton_core::link::{Edge, EdgeKind, ItemRef, Project, RoleKind, Target};
use baton_core::lint::{Lint, Options, Verdict};
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "core-imports-shell",
    level: Level::Deny,
    summary: "Core code names the shell, an orchestrator or a crate that counts as shell.",
    source: include_str!("core_imports_shell.rs"),
    options: &[],
    check,
};

fn check(project: &Project, _: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    let mut seen = BTreeSet::new();
    for edge in project.edges.iter().filter(|edge| !edge.test && is_core(project, edge)) {
        // A file that several targets compile says the same thing once.
        if !seen.insert(edge.place) {
            continue;
        }
        verdict.judged += 1;
        verdict.findings.extend(judge(project, edge));
    }
    verdict
}

fn is_core(project: &Project, edge: &Edge) -> bool {
    project.module(edge.from).role.is_some_and(|role| role.kind == RoleKind::Core)
}

fn judge(project: &Project, edge: &Edge) -> Option<Finding> {
    // What a path passes through counts as well as where it ends.
    let passed = edge.through.iter().find_map(|(module, _)| {
        let role = project.module(*module).role?;
        role.kind.is_outer().then(|| (role.kind, format!("the re-export in `{}`", project.module_path(*module))))
    });
    let ends = || {
        let role = project.target_role(&edge.to)?;
        role.kind.is_outer().then(|| (role.kind, format!("`{}`", shown(project, &edge.to))))
    };
    let (kind, what) = ends().or(passed)?;
    let from = project.module_path(edge.from);
    Some(Finding {
        rule: LINT.name,
        message: format!("core module `{from}` {} {what}, which is {}", verb(edge.kind), role_name(kind)),
        help: help(kind, &edge.to),
        place: edge.place,
        item: from,
        evidence: Vec::new(),
        chain: chain(project, edge),
    })
}

fn verb(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Use => "imports",
        EdgeKind::Reexport => "re-exports",
        EdgeKind::Path(PathKind::Impl) => "implements",
        EdgeKind::Path(PathKind::Macro) => "calls the macro",
        EdgeKind::Path(_) => "names",
    }
}

fn role_name(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Orchestrator => "an orchestrator",
        RoleKind::Entry => "an entry point",
        _ => "shell",
    }
}

fn help(kind: RoleKind, target: &Target) -> String {
    match (kind, target) {
        (_, Target::Outside(package, _)) => {
            format!(
                "keep `{package}` in the shell: convert at the border, or declare a trait in the core that the shell implements"
            )
        }
        (RoleKind::Orchestrator | RoleKind::Entry, _) => {
            "let the caller pass in what is needed as a value: the core does not know who runs it".to_owned()
        }
        _ => "pass the value in as a parameter, or declare a trait in the core that the shell implements".to_owned(),
    }
}

/// What a path leads to, as people say it.
fn shown(project: &Project, target: &Target) -> String {
    match target {
        Target::Module(module) => project.module_path(*module),
        Target::Item(item) => item_name(project, *item),
        Target::Outside(package, path) if path.is_empty() => package.to_string(),
        Target::Outside(package, path) => format!("{package}::{path}"),
        Target::Unknown => "?".to_owned(),
    }
}

fn item_name(project: &Project, item: ItemRef) -> String {
    project.item_path(item)
}

/// The hops from the core to the target: one for a direct import, one more per re-export.
fn chain(project: &Project, edge: &Edge) -> Vec<Hop> {
    let mut hops = Vec::new();
    let mut from = project.module_path(edge.from);
    let mut place = edge.place;
    for (module, next) in &edge.through {
        let to = project.module_path(*module);
        hops.push(Hop { from, to: to.clone(), place });
        from = to;
        place = *next;
    }
    hops.push(Hop { from, to: shown(project, &edge.to), place });
    hops
}
