//! The example that watches, as processes: what is called off can be gone on with, and the end is reported.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod example;

use example::Example;
use expect_test::expect;

const MONITORING: Example = Example("monitoring");

#[test]
fn a_repair_that_was_called_off_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    expect![[r"
        runs that were left over: 0 completed, 0 failed, 0 interrupted
        search: it doesn't answer
          drain: done
        the repair is called off: the run was cancelled
        shut down cleanly
          repair: in time
          watch: in time
        exit code 0
    "]]
    .assert_eq(&MONITORING.run(&[state]));
    let again = MONITORING.run(&[state]);
    let begins = again.lines().take(3).collect::<Vec<_>>().join("\n");
    expect![[r"
          drain: was done before
          restart: done
        runs that were left over: 1 completed, 0 failed, 0 interrupted"]]
    .assert_eq(&begins);
}

#[test]
fn a_task_that_ignores_the_shutdown_is_aborted_and_reported() {
    let said = MONITORING.run(&["--hang"]);
    let ends = said.lines().skip_while(|line| !line.starts_with("shut down")).collect::<Vec<_>>().join("\n");
    expect![[r"
        shut down, with trouble
          repair: in time
          watch: a task took too long and was aborted
        exit code 0"]]
    .assert_eq(&ends);
}
