//! # unmet-requirement
//!
//! ## What it does
//!
//! Reports folders that lack what their contract requires. `[[folder]]` says what that is:
//!
//! ```toml
//! [[folder]]
//! path = "src/app/orchestrators"
//! requires = ["operation registry", "cross_domain declaration"]
//! ```
//!
//! - `operation registry`: a `[[registry]]` has its files in the folder, and names every operation.
//! - `cross_domain declaration`: each operation of the folder says which other domains it names, with
//!   `#[baton::orchestrator(cross_domain = […])]`, also under `cfg_attr`. An empty list is an answer too.
//!   Operations are the orchestrators of the folder, and what a registry counts as one.
//!
//! Either may have words of the project's own: `{ text = "every operation is registered", what = "operation
//! registry" }`. What is to be decided by a rule, `{ text = "…", rule = "impure-core" }`, or by a contract is
//! told by that rule or contract. All of it stands under "Missing" on the folder's page.
//!
//! ## Why
//!
//! What a folder should have and has not is what nobody sees in the code. A list of it that people keep by
//! hand is out of date after the next change; this one is decided each time.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/app/orchestrators/refund.rs
//! pub struct RefundOrchestrator { payments: Arc<dyn Payments> }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/app/orchestrators/refund.rs
//! #[baton::orchestrator(cross_domain = ["billing"])]
//! pub struct RefundOrchestrator { payments: Arc<dyn Payments> }
//! ```
//!
//! ## Options
//!
//! None. What a folder requires is said in `[[folder]]`.
//!
//! ## Limits
//!
//! That a declaration is there is all that is asked: whether it is right is the business of
//! `undeclared-cross-domain-import`. A folder without any operation does not meet a demand for declarations,
//! because then the contract speaks of nothing. What registries cannot see, `unregistered-operation` says.

use baton_core::finding::{Evidence, Finding, Level};
use baton_core::inventory::{UNMET, Unmet, unmet};
use baton_core::link::Project;
use baton_core::lint::{Check, Lint, Options, Verdict};

/// The lint.
pub static LINT: Lint = Lint {
    name: UNMET,
    level: Level::Warn,
    summary: "A folder lacks what its contract requires.",
    source: include_str!("unmet_requirement.rs"),
    options: &[],
    check: Check::Whole(check),
};

fn check(project: &Project, _: &Options) -> Verdict {
    let (judged, unmet) = unmet(project);
    Verdict { judged, findings: unmet.into_iter().map(finding).collect() }
}

fn finding(unmet: Unmet) -> Finding {
    let Unmet { folder, text, why, place, lacking } = unmet;
    let evidence = |place| Evidence { kind: "lacks", place, why: "this one".to_owned() };
    Finding {
        rule: LINT.name,
        level: None,
        message: format!("`{folder}` requires \u{201c}{text}\u{201d}: {why}"),
        help: "add what is missing, or take it out of `requires` if the folder does not need it".to_owned(),
        place,
        item: folder,
        evidence: lacking.into_iter().map(evidence).collect(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    /// A project whose folder of orchestrators requires something, with a registry if `registry` says so.
    fn project(requires: &str, registry: &str, code: &str) -> String {
        format!(
            "//- baton.toml\nversion = 1\n[[role]]\nname = \"orchestrator\"\npaths = [\"src/app/**\"]\n{registry}\n[[folder]]\npath = \"src/app\"\nrequires = [{requires}]\n//- src/core/ports.rs\npub trait Mail {{ fn send(&self); }}\npub trait Operation {{ fn run(&self); }}\n{}",
            piece(code)
        )
    }

    const REGISTRY: &str = "[[registry]]\npaths = [\"src/app/registry.rs\"]\ntraits = [\"Operation\"]";

    #[track_caller]
    fn says(requires: &str, registry: &str, code: &str, expected: &Expect) {
        check(&LINT, &project(requires, registry, code), expected);
    }

    #[test]
    fn operations_that_do_not_say_which_domains_they_name() {
        says(
            "\"cross_domain declaration\"",
            "",
            "
            //- src/app/orders.rs
            use crate::core::ports::Mail;
            pub struct Orders { mail: Box<dyn Mail> }
            impl Orders {
                pub fn new(mail: Box<dyn Mail>) -> Self { Self { mail } }
                pub fn run(&self) { self.mail.send(); }
            }
            #[cfg_attr(any(), baton::orchestrator(cross_domain = []))]
            pub struct Refunds { mail: Box<dyn Mail> }
            impl Refunds {
                pub fn new(mail: Box<dyn Mail>) -> Self { Self { mail } }
                pub fn run(&self) { self.mail.send(); }
            }
            ",
            &expect![[r#"
                //- src/app/orders.rs
                use crate::core::ports::Mail;
                ^ `src/app` requires “cross_domain declaration”: `Orders` does not declare it
                pub struct Orders { mail: Box<dyn Mail> }
                           ------ this one
                help: add what is missing, or take it out of `requires` if the folder does not need it
            "#]],
        );
        says(
            "{ text = \"each says what it crosses\", what = \"cross_domain declaration\" }",
            "",
            "
            //- src/app/orders.rs
            pub struct Order(u8);
            ",
            &expect![[r#"
                //- src/app/orders.rs
                pub struct Order(u8);
                ^ `src/app` requires “each says what it crosses”: there is no operation here that could declare anything
                help: add what is missing, or take it out of `requires` if the folder does not need it
            "#]],
        );
    }

    #[test]
    fn a_registry_that_is_not_there_or_not_complete() {
        let operations = "
            //- src/app/refund.rs
            pub struct Refund;
            impl crate::core::ports::Operation for Refund { fn run(&self) {} }
            //- src/app/registry.rs
        ";
        let with = |code: &str| format!("{}{}", piece(operations), code);
        says(
            "\"operation registry\"",
            "",
            &with("pub fn all() {}"),
            &expect![[r#"
            //- src/app/refund.rs
            pub struct Refund;
            ^ `src/app` requires “operation registry”: no `[[registry]]` of the configuration has its files here
            help: add what is missing, or take it out of `requires` if the folder does not need it
        "#]],
        );
        says(
            "\"operation registry\"",
            REGISTRY,
            &with("pub fn all() {}"),
            &expect![[r#"
            //- src/app/refund.rs
            pub struct Refund;
            ^ `src/app` requires “operation registry”: `Refund` is not in it
                       ------ this one
            help: add what is missing, or take it out of `requires` if the folder does not need it
        "#]],
        );
        says("\"operation registry\"", REGISTRY, &with("pub fn all() { super::refund::Refund; }"), &expect![[""]]);
    }

    #[test]
    fn only_what_no_rule_decides_is_judged_here() {
        let code = "//- src/app/orders.rs\npub struct Order(u8);";
        assert_eq!(judged(&LINT, &project("\"operation registry\"", "", code)), 1);
        assert_eq!(judged(&LINT, &project("{ text = \"a\", rule = \"unmet-requirement\" }", "", code)), 0);
        assert_eq!(judged(&LINT, "//- src/core/a.rs\npub fn a() {}"), 0);
    }
}
