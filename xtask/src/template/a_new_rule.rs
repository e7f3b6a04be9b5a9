//! # a-new-rule
//!
//! ## What it does
//!
//! Nothing yet: this page and the lint below it are a scaffold. Say here, in one paragraph, what is
//! reported and what is not.
//!
//! ## Why
//!
//! Say what goes wrong in a project that breaks the rule.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // Code that the lint reports.
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // The same code as it should be.
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! The lint is not written: it judges nothing, whatever the project holds.

use baton_core::finding::Level;
use baton_core::link::Project;
use baton_core::lint::{Check, Lint, Options, Verdict};

/// The lint.
pub static LINT: Lint = Lint {
    name: "a-new-rule",
    level: Level::Allow,
    summary: "Not written yet: it judges nothing.",
    source: include_str!("a_new_rule.rs"),
    options: &[],
    check: Check::Whole(check),
};

/// Judges nothing and says so: a lint that counts what it has not looked at would call it clean.
fn check(_: &Project, _: &Options) -> Verdict {
    Verdict { judged: 0, findings: Vec::new() }
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
