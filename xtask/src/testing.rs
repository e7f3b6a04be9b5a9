//! Stands in for the module of this name in the lints, which the template's test calls.

use baton_core::lint::Lint;
use expect_test::Expect;

/// Compares nothing: the template's lint is not written, and its test is there to fail until it is.
pub(crate) fn check(lint: &'static Lint, project: &str, _: &Expect) {
    assert!(lint.source.contains("fn check") && project.contains("//- "));
}
