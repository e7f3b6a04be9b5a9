//! The example with the operations, as a process, and its crashes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../examples/coordinator/src/main.rs"]
#[expect(dead_code, reason = "the test makes what its `main` makes")]
mod application;
mod example;

use application::desk::Desk;
use application::publish::Publish;
use application::services::{Index, Pages};
use application::site::{Answer, Operation, Page, SiteError};
use application::withdraw::Withdraw;
use baton_runtime::testing::{Case, Scenario, crash_sweep};
use baton_runtime::{Lazy, RunError, Runtime};
use example::Example;
use expect_test::expect;
use std::io;
use std::sync::Arc;
use tempfile::TempDir;

const COORDINATOR: Example = Example("coordinator");

#[test]
fn a_dependency_is_made_when_it_is_needed_and_once() {
    expect![[r#"
        list
          desk: list
        → no pages
        publish guide
          publish: write
          (opening the index)
          publish: index
        → it is found by 5 words
        publish guide
          publish: write failed
        → no: step `write`: there is a page `guide` already
        list
          desk: list
        → pages: guide
        withdraw guide
          withdraw: look
          withdraw: forget
          withdraw: remove
        → it is gone
        withdraw guide
          withdraw: look
        → no: there is no page `guide`
        exit code 0
    "#]]
    .assert_eq(&COORDINATOR.run(&[]));
}

#[test]
fn without_the_dependency_the_rest_works_and_nothing_is_left_half_done() {
    let said = COORDINATOR.run(&["--no-index"]);
    let answers: Vec<_> = said.lines().filter(|line| !line.starts_with(' ')).collect();
    expect![[r#"
        list
        → no pages
        publish guide
        → no: step `index`: the dependency `index` is missing: its server does not answer (after 3 attempts)
        publish guide
        → no: step `index`: the dependency `index` is missing: its server does not answer (after 3 attempts)
        list
        → no pages
        withdraw guide
        → no: there is no page `guide`
        withdraw guide
        → no: there is no page `guide`
        exit code 0"#]]
    .assert_eq(&answers.join("\n"));
}

#[test]
fn what_is_missing_is_told_beforehand() {
    expect![[r#"
          (opening the index)
        the dependency `index` is missing: its server does not answer
        exit code 1
    "#]]
    .assert_eq(&COORDINATOR.run(&["--no-index", "--verify"]));
}

fn scenario() -> Scenario<TempDir> {
    let build = |world: &TempDir| {
        let pages = Arc::new(Pages::new(world.path().to_owned()));
        let index = Arc::new(Lazy::new("index", || async { Ok::<_, io::Error>(Index::default()) }));
        let builder = Runtime::builder().register(Publish::new(Arc::clone(&pages), Arc::clone(&index)))?;
        builder.register(Withdraw::new(Arc::clone(&pages), index))?.register(Desk::new(pages))
    };
    let world = || {
        let world = tempfile::tempdir().unwrap();
        let pages = Pages::new(world.path().to_owned());
        pages.write(&Page { name: "old".to_owned(), text: "text".to_owned() }, "before").unwrap();
        world
    };
    Scenario::new(world, build)
}

#[tokio::test]
async fn a_crash_changes_no_answer() {
    let page = Page { name: "new".to_owned(), text: "two words".to_owned() };
    let operations = [
        (Operation::Publish(page), Answer::Published(2), &["new", "old"][..]),
        (Operation::Withdraw("old".to_owned()), Answer::Withdrawn, &[]),
        (Operation::List, Answer::Pages(vec!["old".to_owned()]), &["old"]),
    ];
    for (operation, expected, left) in operations {
        let check = |case: &Case, world: &TempDir, result: Result<Answer, RunError<SiteError>>| {
            let answer = result.unwrap_or_else(|error| panic!("{case}: {error}"));
            assert_eq!(answer, expected, "{case}");
            assert_eq!(Pages::new(world.path().to_owned()).names().unwrap(), left, "{case}");
        };
        assert!(crash_sweep::<Desk, _>(&scenario(), &operation, check).await.unwrap() >= 3);
    }
}
