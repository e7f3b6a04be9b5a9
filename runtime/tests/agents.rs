//! The example with the agents, end to end: a person who goes away is asked again, and no agent works twice.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../examples/agents/main.rs"]
#[expect(dead_code, reason = "the test calls what its `main` calls")]
mod agents;

use baton_runtime::{Engine, LocalEngine, Payload, RunId};
use std::io;

async fn records(state: &std::path::Path) -> usize {
    let run = RunId::new("profile").unwrap();
    LocalEngine::open(state.join("runs")).unwrap().inspect(&run).await.unwrap().entries
}

#[tokio::test]
async fn a_person_who_goes_away_is_asked_again_and_no_agent_works_twice() {
    let state = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let gone = agents::run(state.path(), |_| Err(io::Error::other("gone"))).await;
        assert_eq!(gone.unwrap_err().to_string(), "gone");
        let noted = 1 + 1 + 1 + 2 + 2; // the wish, the planner, a gate, two moves, the coder and the validator
        let fixes = 4 + 3 * 3; // what the gate said, and each fix with its two agents
        assert_eq!(records(state.path()).await, noted + fixes + 1, "and the question");
    }
    let answers = |escalation: &baton_runtime::Escalation<Payload>| {
        assert_eq!(escalation.failure, "gate `code` after 3 of 3 fixes: clean: `the_usual?` is not finished");
        Ok(escalation.options[0].choice.clone())
    };
    let delivered = agents::run(state.path(), answers).await.unwrap();
    assert_eq!(delivered.left, [""; 0]);
    let versions = |name: &str| delivered.history.iter().filter(|line| line.starts_with(&format!("`{name}`"))).count();
    assert_eq!((versions("plan"), versions("code"), versions("report")), (2, 8, 8));

    // What is over stays over.
    let again = agents::run(state.path(), |_| Err(io::Error::other("asked"))).await.unwrap();
    assert_eq!(again.history, delivered.history);
}

#[tokio::test]
async fn a_person_can_take_it_as_it_is_or_stop() {
    for (option, end) in [(1, "1 left"), (2, "stopped, because somebody said so: edit the user's profile")] {
        let state = tempfile::tempdir().unwrap();
        let ended = agents::run(state.path(), |escalation| Ok(escalation.options[option].choice.clone())).await;
        let said = ended.map_or_else(|error| error.to_string(), |done| format!("{} left", done.left.len()));
        assert_eq!(said, end);
    }
}
