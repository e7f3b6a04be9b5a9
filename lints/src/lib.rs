//! The lints of the `baton` linter: one file each, each a function from the project to findings.
//!
//! A lint is one file here, one folder in `fixtures/` and one line in [`LINTS`]. The file's
//! module documentation is the rule's page: `explain`, the book and the catalogue all read it.
//! Nothing here touches the world; what a lint may ask is in [`baton_core::link::Project`].

pub mod business_logic_in_orchestrator;
pub mod bypassed_orchestrator;
pub mod concrete_dependency;
pub mod contract;
pub mod core_imports_shell;
pub mod does_not_parse;
pub mod error_strategy_in_core;
pub mod faulty_suppression;
pub mod implicit_core_interface;
pub mod impure_core;
pub mod missing_recreation_test;
pub mod mixed_errors;
pub mod nondeterministic_orchestration;
pub mod stateful_orchestrator;
pub mod swallowed_error;
pub mod task_in_constructor;
#[cfg(test)]
mod testing;
pub mod too_many_dependencies;
pub mod transaction_outside_owner;
pub mod unassigned_module;
pub mod unbounded_shutdown;
pub mod undeclared_cross_domain_import;
pub mod unlinked_file;
pub mod unmet_requirement;
pub mod unregistered_operation;
pub mod unstoppable_task;

use baton_core::lint::Lint;

/// Every lint, sorted by name.
pub static LINTS: &[&Lint] = &[
    &business_logic_in_orchestrator::LINT,
    &bypassed_orchestrator::LINT,
    &concrete_dependency::LINT,
    &contract::LINT,
    &core_imports_shell::LINT,
    &does_not_parse::LINT,
    &error_strategy_in_core::LINT,
    &faulty_suppression::LINT,
    &implicit_core_interface::LINT,
    &impure_core::LINT,
    &missing_recreation_test::LINT,
    &mixed_errors::LINT,
    &nondeterministic_orchestration::LINT,
    &stateful_orchestrator::LINT,
    &swallowed_error::LINT,
    &task_in_constructor::LINT,
    &too_many_dependencies::LINT,
    &transaction_outside_owner::LINT,
    &unassigned_module::LINT,
    &unbounded_shutdown::LINT,
    &undeclared_cross_domain_import::LINT,
    &unlinked_file::LINT,
    &unmet_requirement::LINT,
    &unregistered_operation::LINT,
    &unstoppable_task::LINT,
];

/// The lint of that name.
pub fn find(name: &str) -> Option<&'static Lint> {
    LINTS.iter().copied().find(|lint| lint.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_the_fixed_headings_and_every_lint_its_place() {
        let names: Vec<_> = LINTS.iter().map(|lint| lint.name).collect();
        assert!(names.is_sorted(), "{names:?}");
        for lint in LINTS {
            let page = lint.page();
            let headings: Vec<_> = page
                .lines()
                .filter(|line| line.trim_start_matches('#').starts_with(' ') && line.starts_with('#'))
                .collect();
            let title = format!("# {}", lint.name);
            let expected =
                [title.as_str(), "## What it does", "## Why", "## Bad", "## Good", "## Options", "## Limits"];
            assert_eq!(headings, expected, "{}", lint.name);
            for option in lint.options {
                assert!(page.contains(&format!("`{}`", option.name)), "{} leaves out `{}`", lint.name, option.name);
            }
        }
    }
}
