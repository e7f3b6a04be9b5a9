//! # too-many-dependencies
//!
//! ## What it does
//!
//! Counts what each orchestrator receives, and reports those with more than four collaborators. A
//! collaborator is something with behaviour that is injected: a port (`Arc<dyn T>`, a generic
//! parameter bound by a trait, `impl T`), a concrete adapter, a client, a pool, a clock, another
//! orchestrator, a closure or function pointer. Numbers, texts, paths, durations, ids, enums,
//! configuration values and signals for shutdown are not.
//!
//! The widest constructor counts; setters like `with_clock(self, …)` add to it; derived
//! constructors and builders count as the struct's fields; a function counts its parameters. A
//! struct that only hands collaborators on by visible fields counts as what it holds. Where no
//! constructor receives any collaborator, those that the fields hold count.
//!
//! ## Why
//!
//! An orchestrator with many collaborators does several jobs. The pattern sets the limit at four,
//! logger included, because a sequence over more than four parties is no longer read at a glance.
//!
//! ## Bad
//!
//! ```rust,ignore
//! impl Checkout {
//!     pub fn new(
//!         orders: Arc<dyn Orders>,
//!         stock: Arc<dyn Stock>,
//!         payments: Arc<dyn Payments>,
//!         invoices: Arc<dyn Invoices>,
//!         mail: Arc<dyn Mail>,
//!     ) -> Self { /* … */ }
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! impl Checkout {
//!     pub fn new(orders: Arc<dyn Orders>, stock: Arc<dyn Stock>, payments: Arc<dyn Payments>) -> Self { /* … */ }
//! }
//!
//! impl Billing {
//!     pub fn new(invoices: Arc<dyn Invoices>, mail: Arc<dyn Mail>) -> Self { /* … */ }
//! }
//! ```
//!
//! ## Options
//!
//! - `max`: how many collaborators are allowed. Default 4.
//! - `count_telemetry`: whether loggers and metrics count. Default true, as in the pattern's own
//!   example.
//!
//! ## Limits
//!
//! Types of outside crates are judged by their package and name, because their sources are not
//! read. A type that a macro makes up is judged by its name alone. What a service locator hands
//! out at run time is not seen.

use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{Collaborator, Orchestrator, Project};
use baton_core::lint::{Lint, OptionDefault, OptionSpec, Options, Verdict};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "too-many-dependencies",
    level: Level::Deny,
    summary: "An orchestrator receives more collaborators than one job needs.",
    source: include_str!("too_many_dependencies.rs"),
    options: &[
        OptionSpec { name: "max", default: OptionDefault::Number(4), summary: "how many collaborators are allowed" },
        OptionSpec {
            name: "count_telemetry",
            default: OptionDefault::Switch(true),
            summary: "whether loggers and metrics count",
        },
    ],
    check,
};

fn check(project: &Project, options: &Options) -> Verdict {
    let max = options.number("max") as usize;
    let telemetry = options.switch("count_telemetry");
    let findings = project.orchestrators.iter().filter_map(|orchestrator| {
        let counted = orchestrator.collaborators.iter();
        let counted: Vec<_> = counted.filter(|collaborator| telemetry || !collaborator.telemetry).collect();
        (counted.len() > max).then(|| finding(orchestrator, &counted, max))
    });
    Verdict { judged: project.orchestrators.len(), findings: findings.collect() }
}

fn finding(orchestrator: &Orchestrator, counted: &[&Collaborator], max: usize) -> Finding {
    let name = &orchestrator.path;
    let constructor = orchestrator.widest.map(|widest| &orchestrator.constructors[widest]);
    let by = match constructor {
        _ if orchestrator.is_function => String::new(),
        Some(constructor) if !constructor.collaborators.is_empty() => format!(" through `{}`", constructor.name),
        _ => " in its fields".to_owned(),
    };
    Finding {
        rule: LINT.name,
        message: format!("`{name}` receives {} collaborators{by}, more than {max}", counted.len()),
        help: help(orchestrator),
        place: orchestrator.name_place,
        item: name.clone(),
        evidence: counted.iter().enumerate().map(|(number, collaborator)| evidence(number + 1, collaborator)).collect(),
        chain: Vec::new(),
    }
}

fn evidence(number: usize, collaborator: &Collaborator) -> Evidence {
    let Collaborator { shown, why, bundle, cfg, .. } = collaborator;
    let from = bundle.as_ref().map(|bundle| format!(", in the bundle `{bundle}`")).unwrap_or_default();
    let only = if cfg.is_empty() { String::new() } else { format!(", under cfg({cfg})") };
    Evidence { kind: "collaborator", place: collaborator.place, why: format!("{number}: `{shown}`{from}{only}: {why}") }
}

/// What to do: where the operations fall into groups that share no collaborator, the split is known.
fn help(orchestrator: &Orchestrator) -> String {
    let groups = groups(orchestrator);
    if groups.len() < 2 {
        return "split it by operation, or put what always goes together behind one port".to_owned();
    }
    let parts: Vec<String> = groups
        .iter()
        .map(|group| {
            let operations: Vec<_> = group.operations.iter().map(|name| format!("`{name}`")).collect();
            let fields: Vec<_> = group.fields.iter().map(|name| format!("`{name}`")).collect();
            format!("{} with {}", operations.join(", "), fields.join(", "))
        })
        .collect();
    format!("its operations share no collaborator, so it is {} orchestrators: {}", groups.len(), parts.join("; "))
}

struct Group {
    operations: Vec<SmolStr>,
    fields: BTreeSet<SmolStr>,
}

/// The operations grouped by the collaborators they share, directly or through a third.
fn groups(orchestrator: &Orchestrator) -> Vec<Group> {
    let collaborators: BTreeSet<&SmolStr> = orchestrator.collaborators.iter().map(|one| &one.name).collect();
    let mut groups: Vec<Group> = Vec::new();
    for operation in &orchestrator.operations {
        let used = operation.fields.iter().filter(|field| collaborators.contains(field));
        let mut joined = Group { operations: vec![operation.name.clone()], fields: used.cloned().collect() };
        if joined.fields.is_empty() {
            continue;
        }
        let (touching, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| !group.fields.is_disjoint(&joined.fields));
        for group in touching.into_iter().rev() {
            joined.operations.splice(0..0, group.operations);
            joined.fields.extend(group.fields);
        }
        groups = apart;
        groups.push(joined);
    }
    groups
}
