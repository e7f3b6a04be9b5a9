//! # faulty-suppression
//!
//! ## What it does
//!
//! A suppression asks the linter not to say what a rule finds at one place, and says why:
//!
//! ```rust,ignore
//! // baton: allow(impure-core, reason = "ids are opaque here")
//! let id = Uuid::new_v4();
//!
//! #[cfg_attr(any(), baton::allow(mixed_errors, reason = "the driver's error is the domain's here"))]
//! pub enum StoreError { /* … */ }
//! ```
//!
//! A comment covers the item or statement that follows, or its own line where code stands in front of it. An
//! attribute covers what it stands on; with `#![…]` it covers the module or file that it stands in. A comment
//! with `allow-file` covers the file. What counts is where a finding begins.
//!
//! Reported is a suppression that names no rule, names one that does not exist, or gives no reason; one that
//! is not written as above; and one that nothing needs, because what it covers does not break the rule. The
//! last is asked only of rules that are on.
//!
//! ## Why
//!
//! A suppression without a reason cannot be questioned. One with a slip in it does nothing and looks as if it
//! did. One that nothing needs any more hides the next finding of that rule at that place.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // baton: allow(impure-cor)
//! fn price(quantity: u32) -> u32 { quantity * 3 }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // baton: allow(impure-core, reason = "ids are opaque here")
//! fn new_id() -> Uuid { Uuid::new_v4() }
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! What a suppression covers is told by tokens, so inside of a macro's arguments it may be less or more than a
//! statement. In a file that does not parse, suppressions are not read. A suppression of `does-not-parse`
//! therefore covers nothing: exclude the file under `[source]`.

use baton_core::config::suggestion;
use baton_core::facts::{Suppression, SuppressionFault};
use baton_core::finding::{Finding, Level};
use baton_core::link::Project;
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::policy::FAULTY;
use baton_core::source::{FileId, Place};

/// The lint. Suppressions that nothing needs are found by the policy, which knows what all lints said.
pub static LINT: Lint = Lint {
    name: FAULTY,
    level: Level::Deny,
    summary: "A suppression is misspelt, gives no reason, or suppresses nothing.",
    source: include_str!("faulty_suppression.rs"),
    options: &[],
    check: Check::Whole(check),
};

const FORM: &str =
    "write `// baton: allow(rule, reason = \"…\")`, or `baton::allow(rule, reason = \"…\")` in an attribute";

fn check(project: &Project, _: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    for (number, file) in project.files.iter().enumerate() {
        let suppressions = file.facts().map_or(&[][..], |facts| facts.suppressions.as_slice());
        verdict.judged += suppressions.len();
        let id = FileId(number as u32);
        verdict.findings.extend(suppressions.iter().filter_map(|one| judge(Place::new(id, one.span), one)));
    }
    verdict
}

fn judge(place: Place, suppression: &Suppression) -> Option<Finding> {
    let rule = suppression.rule.as_str();
    let names = || crate::LINTS.iter().map(|lint| lint.name);
    let (message, help) = match suppression.fault {
        Some(SuppressionFault::Unreadable) => ("this is no suppression that can be read".to_owned(), FORM.to_owned()),
        None if !names().any(|name| name == rule) => {
            let help = suggestion(rule, names())
                .map_or("`baton rules` lists all rules".to_owned(), |meant| format!("did you mean `{meant}`?"));
            (format!("there is no rule `{rule}`"), help)
        }
        Some(SuppressionFault::NoReason) => (format!("nothing says why `{rule}` is suppressed here"), FORM.to_owned()),
        None => return None,
    };
    Some(Finding {
        rule: LINT.name,
        level: None,
        message,
        help,
        place,
        item: String::new(),
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    })
}

#[cfg(test)]
mod tests {

    use super::LINT;
    use crate::testing::{check, judged};
    use expect_test::expect;

    #[test]
    fn suppressions_that_say_too_little_or_what_is_not() {
        check(
            &LINT,
            r#"
            //- src/core/a.rs
            // baton: allow(impure-core)
            pub fn one() {}
            // baton: allow(impure-cor, reason = "a slip")
            pub fn two() {}
            // baton: alow(impure-core, reason = "a slip")
            pub fn three() {}
            #[cfg_attr(any(), baton::allow(impure_core))]
            pub fn four() {}
            // baton: allow(impure-core, reason = "ids are opaque")
            pub fn five() {}
            // Ask baton: allow or deny?
            pub fn six() {}
            "#,
            &expect![[r#"
                //- src/core/a.rs
                // baton: allow(impure-core)
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ nothing says why `impure-core` is suppressed here
                // baton: allow(impure-cor, reason = "a slip")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ there is no rule `impure-cor`
                // baton: alow(impure-core, reason = "a slip")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is no suppression that can be read
                #[cfg_attr(any(), baton::allow(impure_core))]
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ nothing says why `impure-core` is suppressed here
                help: did you mean `impure-core`?
                help: write `// baton: allow(rule, reason = "…")`, or `baton::allow(rule, reason = "…")` in an attribute
            "#]],
        );
    }

    #[test]
    fn each_suppression_is_judged() {
        let code =
            "//- src/core/a.rs\n// baton: allow(impure-core, reason = \"a\")\nfn a() {}\n// baton: allow(x)\nfn b() {}";
        assert_eq!(judged(&LINT, code), 2);
    }
}
