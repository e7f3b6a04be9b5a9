//! # unassigned-module
//!
//! ## What it does
//!
//! Reports files that have no role. Off by default; a project that wants every folder to be
//! declared turns it on.
//!
//! ## Why
//!
//! A file without a role is judged by no role's rules. Where a team has decided that everything
//! belongs somewhere, a new folder must not slip through until somebody remembers it.
//!
//! ## Bad
//!
//! ```text
//! baton.toml     core = src/core/**, shell = src/shell/**
//! src/misc/x.rs  <- neither
//! ```
//!
//! ## Good
//!
//! ```toml
//! [[role]]
//! name = "tools"
//! paths = ["src/misc/**"]
//!
//! [rules]
//! unassigned-module = "deny"
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! Test code needs no role. A file whose modules all have a role by `modules` patterns has one.

use baton_core::finding::{Finding, Level};
use baton_core::link::Project;
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::{FileId, Place, Span};
use std::collections::BTreeMap;

/// The lint.
pub static LINT: Lint = Lint {
    name: "unassigned-module",
    level: Level::Allow,
    summary: "A file has no role, so no role's rules judge it.",
    source: include_str!("unassigned_module.rs"),
    options: &[],
    check: Check::Whole(check),
};

fn check(project: &Project, _: &Options) -> Verdict {
    // A file is assigned if each of its modules that is no test code has a role.
    let mut assigned: BTreeMap<FileId, bool> = BTreeMap::new();
    for (_, module) in project.modules().filter(|(_, module)| !module.test) {
        *assigned.entry(module.file).or_insert(true) &= module.role.is_some();
    }
    let unassigned = assigned.iter().filter(|&(_, assigned)| !assigned);
    let findings = unassigned.map(|(&file, _)| Finding {
        rule: LINT.name,
        level: None,
        message: "this file has no role".to_owned(),
        help: "add it to the `paths` of a `[[role]]`; a free name serves for what is neither core nor shell".to_owned(),
        place: Place::new(file, Span::default()),
        item: String::new(),
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    });
    Verdict { judged: assigned.len(), findings: findings.collect() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged};
    use expect_test::expect;

    #[test]
    fn a_file_without_a_role_is_reported_and_one_with_a_role_of_any_name_is_not() {
        check(
            &LINT,
            r#"
            //- baton.toml
            version = 1
            [[role]]
            name = "core"
            paths = ["src/core/**"]
            [[role]]
            name = "tools"
            paths = ["src/lib.rs", "src/tools/**"]
            //- src/core/price.rs
            //- src/tools/text.rs
            //- src/misc/x.rs
            "#,
            &expect![[r#"
                //- src/misc/x.rs

                ^ this file has no role
                help: add it to the `paths` of a `[[role]]`; a free name serves for what is neither core nor shell
            "#]],
        );
    }

    #[test]
    fn a_role_by_module_is_a_role_if_all_modules_of_the_file_have_one() {
        check(
            &LINT,
            r#"
            //- baton.toml
            version = 1
            [[role]]
            name = "root"
            paths = ["src/lib.rs"]
            [[role]]
            name = "core"
            modules = ["crate::price", "crate::tax::inner"]
            //- src/lib.rs
            mod price;
            mod tax;
            //- src/price.rs
            mod inner {}
            //- src/tax.rs
            mod inner {}
            "#,
            &expect![[r#"
                //- src/tax.rs
                mod inner {}
                ^ this file has no role
                help: add it to the `paths` of a `[[role]]`; a free name serves for what is neither core nor shell
            "#]],
        );
    }

    #[test]
    fn test_code_and_files_that_nothing_compiles_need_no_role() {
        let project = r#"
            //- baton.toml
            version = 1
            [[role]]
            name = "core"
            paths = ["src/lib.rs"]
            //- src/lib.rs
            #[cfg(test)]
            mod tests;
            //- src/tests.rs
            mod inner {}
            //- src/unlinked.rs
            //- tests/whole.rs
        "#;
        check(&LINT, project, &expect![[r#""#]]);
        assert_eq!(judged(&LINT, project), 1);
    }
}
