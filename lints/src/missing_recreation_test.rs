//! # missing-recreation-test
//!
//! ## What it does
//!
//! Reports orchestrators that no test makes twice. It judges tests, so it is the one rule that reads
//! them. A test makes an orchestrator twice if it calls its associated functions or helpers that make
//! it at least two times, or once in a loop, or if it hands it to `assert_recreatable` of the runtime.
//!
//! It is asked for once a project has begun: as soon as there is a test that is for that, by the runtime's
//! check or by a name with `recreat`, `restart`, `rebuil` or `anew` in it, every other orchestrator needs a test
//! that makes it twice as well. With `demand = true` it is asked for in any case. Until then nothing is
//! judged.
//!
//! ## Why
//!
//! The pattern asks that an orchestrator can be made again at any point without losing the state of
//! the work, and that tests prove it. A test that makes one orchestrator, works with it and checks the
//! result would pass as well if half of the state were in the orchestrator.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // tests/checkout.rs, a test
//! async fn an_order_is_paid() {
//!     let checkout = Checkout::new(orders());
//!     checkout.reserve(1).await;
//!     assert!(checkout.pay(1).await.is_ok());
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // tests/checkout.rs, a test
//! async fn a_recreated_checkout_goes_on() {
//!     let orders = orders();
//!     Checkout::new(orders.clone()).reserve(1).await;
//!     assert!(Checkout::new(orders).pay(1).await.is_ok());
//! }
//! ```
//!
//! ## Options
//!
//! - `demand`, by default `false`: whether every orchestrator needs such a test, also where the project has
//!   none yet.
//!
//! ## Limits
//!
//! Tests are not parsed: all that is known of them is which names they call. Two orchestrators that have
//! nothing to do with each other count as made twice, and what happens between is not looked at. Not
//! seen are: orchestrators that are made by a method of a fixture, by a macro, by code outside of
//! tests in another crate's binary, or under a name that a test's body imports. Helpers are
//! followed, also associated functions of the tests' own types, four calls deep. Orchestrators that
//! are functions keep nothing and are not judged.

use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{MadeByTests, Orchestrator, Project};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};

/// The lint.
pub static LINT: Lint = Lint {
    name: "missing-recreation-test",
    level: Level::Warn,
    summary: "No test makes an orchestrator twice.",
    source: include_str!("missing_recreation_test.rs"),
    options: &[OptionSpec {
        name: "demand",
        default: OptionDefault::Switch(false),
        summary: "whether such tests are asked for where the project has none yet",
    }],
    check: Check::Whole(check),
};

fn check(project: &Project, options: &Options) -> Verdict {
    let made = project.made_by_tests();
    if !options.switch("demand") && !made.values().any(|one| one.proven) {
        return Verdict::default();
    }
    let judged = project.orchestrators.iter().filter_map(|one| Some((one, made.get(&one.item)?)));
    let missing = judged.clone().filter(|(_, made)| !made.twice);
    let findings = missing.map(|(one, made)| finding(one, made)).collect();
    Verdict { judged: judged.count(), findings }
}

fn finding(orchestrator: &Orchestrator, made: &MadeByTests) -> Finding {
    let evidence = made.first.map(|place| Evidence { kind: "test", place, why: "this test makes it once".to_owned() });
    let message = match evidence {
        Some(_) => format!("no test makes `{}` twice", orchestrator.path),
        None => format!("no test makes `{}`", orchestrator.path),
    };
    Finding {
        rule: LINT.name,
        level: None,
        message,
        help: "write a test that works with it, makes it anew over the same collaborators and goes on; or hand it to `assert_recreatable`".to_owned(),
        place: orchestrator.name_place,
        item: orchestrator.path.clone(),
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

    /// A project with two orchestrators, and tests of the first one.
    fn project(tests: &str) -> String {
        let around = "
            //- src/core/ports.rs
            pub trait Orders { fn find(&self); }
            //- src/app/cancel.rs
            use crate::core::ports::Orders;
            pub struct Cancel { orders: Box<dyn Orders> }
            impl Cancel { pub fn new(orders: Box<dyn Orders>) -> Self { Self { orders } } pub fn run(&self) { self.orders.find() } }
            #[cfg(test)]
            mod tests {
                use super::*;
                #[test] fn a_recreated_one_goes_on() { Cancel::new(orders()).run(); Cancel::new(orders()).run(); }
            }
            //- src/app/checkout.rs
            use crate::core::ports::Orders;
            pub struct Checkout { orders: Box<dyn Orders> }
            impl Checkout {
                pub fn new(orders: Box<dyn Orders>) -> Self { Self { orders } }
                pub fn run(&self) { self.orders.find() }
                pub fn rate() -> u8 { 1 }
            }
            pub fn close(orders: &dyn Orders) { orders.find() }
        ";
        format!("{}\n#[cfg(test)]\nmod tests {{\nuse super::*;\n{}}}", piece(around), piece(tests))
    }

    #[track_caller]
    fn says(tests: &str, expected: &Expect) {
        check(&LINT, &project(tests), expected);
    }

    #[test]
    fn an_orchestrator_that_no_test_makes_twice() {
        says(
            "
            #[test] fn one() { Checkout::new(orders()).run(); }
            #[test] fn other() { let made = Checkout::new(orders()); made.run(); made.new(); }
            fn helper() { Checkout::new(orders()); Checkout::new(orders()); }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Box<dyn Orders> }
                           ^^^^^^^^ no test makes `app::checkout::Checkout` twice
                #[test] fn one() { Checkout::new(orders()).run(); }
                           --- this test makes it once
                help: write a test that works with it, makes it anew over the same collaborators and goes on; or hand it to `assert_recreatable`
            "#]],
        );
        says(
            "",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Box<dyn Orders> }
                           ^^^^^^^^ no test makes `app::checkout::Checkout`
                help: write a test that works with it, makes it anew over the same collaborators and goes on; or hand it to `assert_recreatable`
            "#]],
        );
    }

    #[test]
    fn ways_to_make_it_twice() {
        for test in [
            "#[test] fn a() { let first = Checkout::new(orders()); drop(first); let second = Checkout::new(orders()); }",
            "#[tokio::test] async fn a() { let first = Checkout { orders: orders() }; Checkout::new(orders()).run(); }",
            "#[test] fn a() { for _ in 0..2 { Checkout::new(orders()).run(); } }",
            "#[test] fn a() { let make = || Checkout::new(orders()); make().run(); make().run(); }",
            "#[test] fn a() { make().run(); make().run(); } fn make() -> Checkout { inner() } fn inner() -> Checkout { Checkout::new(orders()) }",
            "#[test] fn a() { Around::new(); Around::new(); } struct Around(Checkout); impl Around { fn new() -> Self { Self::with(1) } fn with(_: u8) -> Self { Self(Checkout::new(orders())) } }",
            "#[test] fn a() { baton_runtime::testing::assert_recreatable(|| Checkout::new(orders())); }",
            "#[test] fn a() { assert_recreatable(Checkout::new); }",
        ] {
            says(test, &expect![""]);
        }
    }

    #[test]
    fn a_project_begins_with_one_such_test() {
        let begun = project("");
        let before = begun.replace("a_recreated_one_goes_on", "one_goes_on");
        assert_eq!((judged(&LINT, &before), judged(&LINT, &begun)), (0, 2), "functions are not judged");
        let demanded = format!("//- baton.toml\nversion = 1\n[rules]\nmissing-recreation-test.demand = true\n{before}");
        assert_eq!(judged(&LINT, &demanded), 2);
    }
}
