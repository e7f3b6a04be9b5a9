//! The example with the payment, as processes: what fails is undone, and a crash charges nobody twice.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../examples/checkout/src/main.rs"]
#[expect(dead_code, reason = "the test makes what its `main` makes")]
mod application;
mod example;

use application::checkout::Checkout;
use application::order::{CheckoutError, Order, Sale};
use application::shop::Shop;
use baton_runtime::testing::{Case, Scenario, crash_sweep, fail_each_step};
use baton_runtime::{RunError, Runtime};
use example::Example;
use expect_test::expect;
use std::fs;
use std::sync::Arc;
use tempfile::TempDir;

const CHECKOUT: Example = Example("checkout");

#[test]
fn where_one_courier_does_not_go_another_one_does() {
    expect![[r"
        step 1 of 4, reserve: done
        step 2 of 4, charge: done
        step 3 of 4, bicycle: failed
        step 3 of 4, van: done
        step 4 of 4, mail: done
        sold to the island for 2100 cents

        what happened outside:
        order-island/0/reserve  warehouse: 2 pieces are put aside
        order-island/1/charge  bank: 21.00 are charged
        order-island/2.2.0/van  courier: a van is on its way
        order-island/3/mail  mail: a receipt goes to the island
        exit code 0
    "]]
    .assert_eq(&CHECKOUT.run(&["--to", "island"]));
}

#[test]
fn what_fails_is_undone_in_reverse() {
    expect![[r"
        step 1 of 4, reserve: done
        step 2 of 4, charge: done
        step 3 of 4, bicycle: failed
        step 3 of 4, van: failed
        charge: undone
        reserve: undone
        not sold: step `van`: the van doesn't go to the moon

        what happened outside:
        order-moon/0/reserve  warehouse: 2 pieces are put aside
        order-moon/1/charge  bank: 21.00 are charged
        order-moon/1/charge:undo  bank: 21.00 are given back
        order-moon/0/reserve:undo  warehouse: they are back on the shelf
        exit code 1
    "]]
    .assert_eq(&CHECKOUT.run(&["--to", "moon"]));
}

#[test]
fn a_second_process_goes_on_where_the_first_one_crashed() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    expect![[r"
        step 1 of 4, reserve: done
        killed by a signal
    "]]
    .assert_eq(&CHECKOUT.run(&[state, "--crash"]));
    expect![[r"
        step 1 of 4, reserve: was done before
        step 2 of 4, charge: done
        step 3 of 4, bicycle: done
        step 4 of 4, mail: done
        sold to the city for 2100 cents

        what happened outside:
        order-city/0/reserve  warehouse: 2 pieces are put aside
        order-city/1/charge  bank: 21.00 are charged
        -  bank: order-city/1/charge again, nothing is done
        order-city/2.0.0/bicycle  courier: a bicycle is on its way
        order-city/3/mail  mail: a receipt goes to the city
        exit code 0
    "]]
    .assert_eq(&CHECKOUT.run(&[state]));
}

#[test]
fn what_makes_no_sense_is_told() {
    expect![[r"
        usage: checkout [STATE] [--to PLACE] [--crash]
        exit code 2
    "]]
    .assert_eq(&CHECKOUT.run(&["--to"]));
}

fn scenario() -> Scenario<TempDir> {
    let build = |world: &TempDir| {
        let shop = Arc::new(Shop::new(world.path().join("book"), false));
        Runtime::builder().register(Checkout::new(shop).unwrap())
    };
    Scenario::new(|| tempfile::tempdir().unwrap(), build)
}

/// How often something happened outside, repetitions that did nothing aside.
fn happened(world: &TempDir, what: &str) -> usize {
    let book = fs::read_to_string(world.path().join("book")).unwrap_or_default();
    book.lines().filter(|line| !line.starts_with('-') && line.contains(what)).count()
}

#[tokio::test]
async fn nobody_pays_twice_or_for_nothing() {
    let check = |case: &Case, world: &TempDir, result: Result<Sale, RunError<CheckoutError>>| {
        assert!(result.is_ok(), "{case}: {result:?}");
        let times = ["put aside", "charged", "is on its way", "receipt"].map(|what| happened(world, what));
        assert_eq!(times, [1, 1, 1, 1], "{case}");
    };
    let order = Order { to: "city".to_owned(), pieces: 2 };
    assert!(crash_sweep::<Checkout, _>(&scenario(), &order, check).await.unwrap() >= 12);

    let check = |case: &Case, world: &TempDir, result: Result<Sale, RunError<CheckoutError>>| {
        if result.is_err() {
            assert_eq!(happened(world, "charged"), happened(world, "given back"), "{case}");
            assert_eq!(happened(world, "on its way"), happened(world, "turns round"), "{case}");
        }
    };
    assert!(fail_each_step::<Checkout, _>(&scenario(), &order, check).await.unwrap() >= 8);
}
