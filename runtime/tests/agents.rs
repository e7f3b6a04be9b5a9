//! The example with the agents, end to end: a person who goes away is asked again, and no agent works twice.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../examples/agents/src/main.rs"]
#[expect(dead_code, reason = "the test calls what its `main` calls")]
mod agents;

use agents::delivery::{Delivered, Delivery, DeliveryError};
use agents::feature::Wish;
use agents::team::graph;
use baton_runtime::testing::{Case, Scenario, crash_sweep, fail_each_step};
use baton_runtime::{
    Engine, Escalation, LocalEngine, MemoryArtifacts, Payload, PendingDecision, RunError, RunId, Runtime,
};
use std::io;
use std::sync::Arc;

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
    let answers = |escalation: &Escalation<Payload>| {
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

fn scenario() -> Scenario<MemoryArtifacts> {
    let build = |store: &MemoryArtifacts| {
        let delivery = Delivery::new(graph()?, Arc::new(store.clone()));
        Runtime::builder().register(delivery)
    };
    let first = |pending: &PendingDecision| {
        let escalation: Escalation<Payload> = pending.question.decode().ok()?;
        escalation.options.into_iter().next().map(|option| option.choice)
    };
    Scenario::new(MemoryArtifacts::new, build).answer(first)
}

fn wish() -> Wish {
    Wish { feature: "search".to_owned(), parts: ["find it", "which?"].map(str::to_owned).to_vec() }
}

#[tokio::test]
async fn a_crash_at_any_boundary_changes_nothing_of_what_is_delivered() {
    let undisturbed = std::cell::OnceCell::new();
    let check = |case: &Case, store: &MemoryArtifacts, result: Result<Delivered, RunError<DeliveryError>>| {
        let delivered = result.unwrap_or_else(|error| panic!("{case}: {error}"));
        let expected = undisturbed.get_or_init(|| (delivered.clone(), store.len()));
        assert_eq!((&delivered, store.len()), (&expected.0, expected.1), "{case}");
        assert_eq!(delivered.left, [""; 0], "{case}");
    };
    let cases = crash_sweep::<Delivery, _>(&scenario(), &wish(), check).await.unwrap();
    assert_eq!(cases, 3 * 33, "three for each agent, verdict, fix and move");
    let (delivered, _) = undisturbed.get().unwrap();
    assert_eq!(delivered.history.iter().filter(|line| line.starts_with("`code`")).count(), 6, "{delivered:?}");
}

#[tokio::test]
async fn an_agent_that_fails_fails_the_delivery_or_uses_up_a_fix() {
    let check = |case: &Case, _: &MemoryArtifacts, result: Result<Delivered, RunError<DeliveryError>>| match result {
        Ok(delivered) => assert_eq!(delivered.left, [""; 0], "{case}"),
        Err(error) => assert!(error.to_string().starts_with("step `"), "{case}: {error}"),
    };
    assert!(fail_each_step::<Delivery, _>(&scenario(), &wish(), check).await.unwrap() > 20);
}
