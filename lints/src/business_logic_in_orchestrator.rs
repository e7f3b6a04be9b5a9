//! # business-logic-in-orchestrator
//!
//! ## What it does
//!
//! Reports where an orchestrator decides or calculates what belongs to the core. Control flow alone
//! proves nothing: what counts is what an expression does with a value, and where the value comes from.
//!
//! | evidence | strength |
//! |---|---|
//! | arithmetic on domain data, also in arguments, closures and macros, `+=` | strong |
//! | comparison of domain data with a literal, a constant, a setting, the clock or other domain data, to decide | strong |
//! | aggregation of domain data: sums, the best of several, `filter` and `sort` by a rule | strong |
//! | a decision table: a `match` on domain data that yields values, and maps not just kind to kind | strong |
//! | writing a field of a domain value | strong |
//! | an error that is made because of a field of a domain value | strong |
//! | a number or length of time that is chosen here and given to the core, or chosen by what is known of the domain | strong |
//! | an error that is made because of a core predicate of an entity, or because a list from a port is empty | weak |
//! | a comparison that is only stored, a default that means something, a written time of record | weak |
//! | branches on `Option` and `Result`, `?`, retries, timeouts, compensation, dispatch, mapping, logs, metrics, leaving early with nothing chosen | none |
//!
//! Domain data is what a core type, a request or the result of a port holds. What a function of the core
//! said is a decision of the core: branching on it is integration, calculating with it is not. Attempts,
//! delays, deadlines, indexes, pages, settings, lengths for progress and what is only logged are
//! technical. The orchestrator's own helpers, and private functions of its module that it calls, are
//! judged like the orchestrator. There is one finding for each decision, with each piece of evidence; one
//! with weak evidence alone is a warning. `--explain-finding` shows where each value came from.
//!
//! ## Why
//!
//! A rule that stands between two calls of a port can only be tested with both of them, and is written
//! a second time where the next orchestrator needs it. In the core it is a function of its inputs.
//!
//! ## Bad
//!
//! ```rust,ignore
//! let order = self.orders.find(id).await?;
//! if order.total > 10_000 {
//!     return Err(CheckoutError::NeedsApproval);
//! }
//! self.payments.charge(order.customer, order.total - order.discount).await?;
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! let order = self.orders.find(id).await?;
//! let amount = checkout::amount_due(&order)?;
//! self.payments.charge(order.customer, amount).await?;
//! ```
//!
//! ## Options
//!
//! - `technical`: more names of variables, fields and functions that are technical, with `*`; none by default.
//! - `weak`: what becomes of decisions with weak evidence alone, `"warn"` (the default) or `"allow"`.
//!
//! ## Limits
//!
//! Types are known as far as the project's signatures and a table of the standard library tell; what is
//! of unknown type and origin is not judged. A name may say that something is technical, so a domain
//! value called `delay` passes. Arguments of macros that are not expressions, such as those of `json!`
//! and `select!`, are not seen, nor is text that is put together or taken apart. What a public function
//! of a module without a role works out is taken as data, and not looked into. Whether a table maps or
//! decides is told by its form: a `match` that gives each kind of one type a kind of its own of another
//! is taken for mapping.

use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{EdgeKind, FunctionRef, ModuleId, Orchestrator, Project, RoleKind, Target};
use baton_core::lint::{Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::provenance::logic::{Decision, Strength, decisions};
use baton_core::provenance::{Owner, Provenance, Technical};
use baton_core::source::Place;
use baton_core::types::Types;
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "business-logic-in-orchestrator",
    level: Level::Deny,
    summary: "An orchestrator decides or calculates what belongs to the core.",
    source: include_str!("business_logic_in_orchestrator.rs"),
    options: &[
        OptionSpec {
            name: "technical",
            default: OptionDefault::Texts(&[]),
            summary: "More names of variables, fields and functions that are technical, with `*`.",
        },
        OptionSpec {
            name: "weak",
            default: OptionDefault::Choice(&["warn", "allow"]),
            summary: "What becomes of decisions with weak evidence alone.",
        },
    ],
    check,
};

fn check(project: &Project, options: &Options) -> Verdict {
    let technical = Technical::new(options.texts("technical"));
    let weak = options.word("weak") == "warn";
    let mut types = Types::new(project);
    // A function of a module may help several orchestrators, and is judged once.
    let mut found: BTreeMap<Place, Finding> = BTreeMap::new();
    for orchestrator in &project.orchestrators {
        let core = nearest_core(project, orchestrator.item.module);
        for of in provenances(project, &mut types, orchestrator, &technical) {
            for decision in decisions(&of) {
                if weak || decision.strength() == Strength::Strong {
                    let finding = finding(&of, orchestrator, &decision, core.as_deref());
                    found.entry(finding.place).or_insert(finding);
                }
            }
        }
    }
    Verdict { judged: project.orchestrators.len(), findings: found.into_values().collect() }
}

/// Looks at all code of an orchestrator; at its private functions with what it passes to them.
fn provenances<'p>(
    project: &'p Project,
    types: &mut Types<'p>,
    orchestrator: &Orchestrator,
    technical: &'p Technical,
) -> Vec<Provenance<'p>> {
    let mut owner = Owner::new(project, orchestrator, technical);
    let code: Vec<FunctionRef> = orchestrator.code.clone();
    let mut looked: BTreeMap<FunctionRef, Provenance<'p>> = BTreeMap::new();
    for function in &code {
        if let Some(of) = Provenance::of_function(&owner, types, *function) {
            owner.learn(&of);
            looked.insert(*function, of);
        }
    }
    for function in code.iter().filter(|function| owner.knows_better(**function)) {
        if let Some(of) = Provenance::of_function(&owner, types, *function) {
            looked.insert(*function, of);
        }
    }
    looked.into_values().collect()
}

fn finding(of: &Provenance<'_>, orchestrator: &Orchestrator, decision: &Decision, core: Option<&str>) -> Finding {
    let module = of.function.item.module;
    let place = |span| of.project.place(module, span);
    let strong = decision.strength() == Strength::Strong;
    let kinds: BTreeSet<&str> = decision.evidence.iter().map(|one| one.kind).collect();
    let does: Vec<&str> = kinds.iter().map(|kind| does(kind)).collect();
    let evidence = decision.evidence.iter().map(|one| {
        let weak = if one.strength == Strength::Weak { " (weak)" } else { "" };
        Evidence { kind: one.kind, place: place(one.span), why: format!("{}{weak}", one.why) }
    });
    Finding {
        rule: LINT.name,
        level: (!strong).then_some(Level::Warn),
        message: format!("`{}` {} in `{}`", orchestrator.path, does.join(", "), of.declared.name),
        help: help(core),
        place: place(decision.span),
        item: orchestrator.path.clone(),
        evidence: evidence.collect(),
        chain: Vec::new(),
    }
}

/// What an orchestrator does that has evidence of that kind.
fn does(kind: &str) -> &'static str {
    match kind {
        "aggregation" => "aggregates domain data",
        "arithmetic" => "calculates",
        "comparison" => "compares domain data",
        "constant" => "chooses a value of the domain",
        "default" => "chooses a default",
        "guard" => "decides by domain data",
        "table" => "holds a decision table",
        "write" => "writes into a domain value",
        _ => "decides",
    }
}

fn help(core: Option<&str>) -> String {
    match core {
        Some(core) => format!("make it a function of the core, for instance in `{core}`, and call that"),
        None => "make it a function of the core, which takes the data and returns the decision, and call that".to_owned(),
    }
}

/// The module of the core that a module uses most, the first by name among equals.
fn nearest_core(project: &Project, module: ModuleId) -> Option<String> {
    let file = project.module(module).file;
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for edge in project.edges_in(file).iter().filter(|edge| edge.kind != EdgeKind::Call) {
        let to = match edge.to {
            Target::Module(to) => to,
            Target::Item(item) => item.module,
            _ => continue,
        };
        if project.module(to).role.is_some_and(|role| role.kind == RoleKind::Core) {
            *used.entry(project.module_path(to)).or_default() += 1;
        }
    }
    used.into_iter().rev().max_by_key(|(_, times)| *times).map(|(path, _)| path)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::check;
    use expect_test::expect;

    #[test]
    fn what_breaks_the_rule_is_reported_and_its_near_miss_is_not() {
        check(
            &LINT,
            "
            //- src/core/a.rs
            pub fn breaks_the_rule() {}
            pub fn nearly_breaks_it() {}
            ",
            &expect![[r#"
                //- src/core/a.rs
                pub fn breaks_the_rule() {}
                       ^^^^^^^^^^^^^^^ say what is wrong
                help: say what to do instead
            "#]],
        );
    }
}
