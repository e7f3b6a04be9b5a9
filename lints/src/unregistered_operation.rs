//! # unregistered-operation
//!
//! ## What it does
//!
//! Where a registry is declared, reports operations that it does not name. `[[registry]]` says which files
//! the registry is, and which items are operations:
//!
//! ```toml
//! [[registry]]
//! paths = ["src/app/registry.rs"]        # where operations are registered
//! operations = ["src/app/operations"]    # the files that hold them; without it all files
//! traits = ["Operation"]                 # the types there that implement one of these traits
//! types = ["*Operation"]                 # the types there of such a name
//! functions = ["run_*"]                  # the free functions there of such a name
//! ```
//!
//! One of `types`, `traits` and `functions` is needed, and a pattern that matches nothing is an error. An
//! operation is registered where the code of the registry names it, through whatever alias, re-export
//! or glob: in a list, in a `match`, as a variant's type, by one of its functions. A `pub use` alone hands
//! it on and registers nothing.
//!
//! Without a `[[registry]]` nothing is judged.
//!
//! ## Why
//!
//! An operation that is written but not registered is dead code that looks alive: nobody can call it, it is
//! missing from lists, permissions and documentation that are made from the registry, and no
//! test of the registry notices.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/app/operations/refund.rs
//! impl Operation for Refund { /* … */ }
//!
//! // src/app/registry.rs
//! pub fn registry() -> Registry {
//!     Registry::new().with(Cancel)
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/app/registry.rs
//! pub fn registry() -> Registry {
//!     Registry::new().with(Cancel).with(Refund)
//! }
//! ```
//!
//! ## Options
//!
//! None. Registries are declared in `[[registry]]`.
//!
//! ## Limits
//!
//! Whatever names an operation in the registry's files counts, so one that is only mentioned in a
//! signature there is taken for registered. What registers itself, by an attribute or a macro such as
//! `inventory::submit!`, is not seen, nor is a lone name in a macro of the registry that does not read as
//! expressions. A trait that a derive or a macro implements is not seen either. Traits are told by
//! their names, and enum variants are no operations of their own. Test code is neither registry nor
//! operation.

use baton_core::facts::ItemKind;
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{ItemRef, Project, Registry};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::Place;

/// The lint.
pub static LINT: Lint = Lint {
    name: "unregistered-operation",
    level: Level::Deny,
    summary: "An operation is not in the registry that is declared for it.",
    source: include_str!("unregistered_operation.rs"),
    options: &[],
    check: Check::Whole(check),
};

fn check(project: &Project, _: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    for registry in project.registries() {
        verdict.judged += registry.operations.len();
        let missing = registry.operations.iter().filter(|(_, place)| place.is_none());
        verdict.findings.extend(missing.map(|(operation, _)| finding(project, &registry, *operation)));
    }
    verdict
}

fn finding(project: &Project, registry: &Registry, operation: ItemRef) -> Finding {
    let path = project.item_path(operation);
    let item = project.item(operation);
    let example: Option<(ItemRef, Place)> =
        registry.operations.iter().find_map(|(item, place)| Some((*item, (*place)?)));
    let evidence = example.map(|(other, place)| {
        let why = format!("`{}` is registered here", project.item(other).name);
        Evidence { kind: "registered", place, why }
    });
    let what = if let ItemKind::Function(_) = item.kind { "its name" } else { "the type" };
    Finding {
        rule: LINT.name,
        level: None,
        message: format!("the operation `{path}` is not in the registry {}", registry.shown),
        help: format!(
            "register it there: {what} has to stand in the registry's code; or remove it, if nobody is to call it"
        ),
        place: project.place(operation.module, item.name_span),
        item: path,
        evidence: evidence.into_iter().collect(),
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

    /// A project whose registry says `declared` of operations and has this code.
    fn project(declared: &str, code: &str) -> String {
        let operations = "
            //- src/app/operation.rs
            pub trait Operation { fn run(&self); }
            //- src/app/operations/refund.rs
            use crate::app::operation::Operation;
            pub struct Refund;
            impl Operation for Refund { fn run(&self) {} }
            pub struct Helper;
            //- src/app/operations/cancel.rs
            pub struct Cancel { id: u8 }
            impl crate::app::operation::Operation for Cancel { fn run(&self) {} }
            pub type Abandon = Cancel;
            pub fn run_all() {}
            fn run_one() {}
            #[cfg(test)]
            mod tests { struct Fake; impl crate::app::operation::Operation for Fake { fn run(&self) {} } }
        ";
        format!(
            "//- baton.toml\nversion = 1\n[[registry]]\npaths = [\"src/app/registry.rs\"]\n{declared}\n{operations}\n//- src/app/registry.rs\n{}",
            piece(code)
        )
    }

    const BY_TRAIT: &str = "traits = [\"Operation\"]";

    #[track_caller]
    fn says(declared: &str, code: &str, expected: &Expect) {
        check(&LINT, &project(declared, code), expected);
    }

    #[test]
    fn an_operation_that_the_registry_does_not_name() {
        says(
            BY_TRAIT,
            "
            use super::operation::Operation;
            pub use super::operations::refund::Refund;
            pub fn all() -> Vec<Box<dyn Operation>> { vec![Box::new(super::operations::cancel::Cancel { id: 1 })] }
            #[cfg(test)]
            mod tests { fn a() { super::Refund; } }
            ",
            &expect![[r#"
                //- src/app/operations/refund.rs
                pub struct Refund;
                           ^^^^^^ the operation `app::operations::refund::Refund` is not in the registry `src/app/registry.rs`
                //- src/app/registry.rs
                pub fn all() -> Vec<Box<dyn Operation>> { vec![Box::new(super::operations::cancel::Cancel { id: 1 })] }
                                                                        --------------------------------- `Cancel` is registered here
                help: register it there: the type has to stand in the registry's code; or remove it, if nobody is to call it
            "#]],
        );
    }

    #[test]
    fn every_way_to_name_it_registers_it() {
        for code in [
            "use super::operations::{cancel::Cancel, refund::Refund}; pub enum All { A(Refund), B(Cancel) }",
            "use super::operations::{cancel::*, refund::*}; pub fn all() { vec![Box::new(Refund), Box::new(Abandon { id: 1 })]; }",
            "use super::operations::{cancel::Abandon as A, refund}; pub fn all() { register!(refund::Refund => A); }",
            "pub use super::operations::refund::Refund; pub fn all() { super::operations::cancel::Cancel::run(); let a = Refund; }",
        ] {
            says(BY_TRAIT, code, &expect![""]);
        }
    }

    #[test]
    fn operations_are_told_by_trait_by_type_and_by_function() {
        assert_eq!(judged(&LINT, &project(BY_TRAIT, "")), 2);
        assert_eq!(judged(&LINT, &project("types = [\"C*\", \"*d\"]", "")), 2, "tests have none");
        assert_eq!(judged(&LINT, &project("functions = [\"run_*\"]\noperations = [\"src/app/operations\"]", "")), 2);
        assert_eq!(judged(&LINT, "//- src/app/a.rs\npub struct A;"), 0, "no registry is declared");
        says(
            "functions = [\"run_*\"]",
            "pub fn all() { super::operations::cancel::run_all(); }",
            &expect![[r#"
            //- src/app/operations/cancel.rs
            fn run_one() {}
               ^^^^^^^ the operation `app::operations::cancel::run_one` is not in the registry `src/app/registry.rs`
            //- src/app/registry.rs
            pub fn all() { super::operations::cancel::run_all(); }
                           ---------------------------------- `run_all` is registered here
            help: register it there: its name has to stand in the registry's code; or remove it, if nobody is to call it
        "#]],
        );
    }
}
