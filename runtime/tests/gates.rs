//! Gates let through what passes, mend what doesn't, and count their fixes over every crash.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;
mod parts;

use baton_runtime::{
    Category, Engine, Gate, GateFailure, GateSide, GatedMachine, Gates, Interrupt, MemoryEngine, RetryPolicy,
    RunContext, RunError, RunId, RunOptions, Runtime, SimpleError, StepError, Transition,
};
use common::{Scripted, World};
use parts::{Crashes, block_on};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Stage {
    Draft,
    Review,
    Done,
}

/// What a fix does: mends a check, breaks one, or fails.
#[derive(Clone, Copy, Debug)]
enum Fix {
    Mend(usize),
    Break(usize),
    Fail,
}

const CHECKS: [&str; 4] = ["a", "b", "c", "d"];

/// Two gates over eight flags: four are asked on the way out of a draft, four on the way into a review.
#[derive(Clone)]
struct Healing {
    fixes: Vec<Fix>,
    maximum: u32,
    world: World,
    crashes: Crashes,
}

impl Healing {
    fn new(fixes: &[Fix], maximum: u32) -> Self {
        Self { fixes: fixes.to_vec(), maximum, world: World::default(), crashes: Crashes::none() }
    }

    fn gate(&self, name: &'static str, offset: usize) -> Gate<Vec<bool>> {
        let gate = Gate::new(name).maximum_fixes(self.maximum);
        CHECKS.iter().enumerate().fold(gate, |gate, (at, check)| {
            gate.check(check, move |flags: &Vec<bool>| if flags[offset + at] { Ok(()) } else { Err("it is off") })
        })
    }
}

impl Gates for Healing {
    type State = Stage;
    type Subject = Vec<bool>;
    type Error = SimpleError;

    fn exit(&self, stage: Stage) -> Gate<Vec<bool>> {
        if stage == Stage::Draft { self.gate("out", 0) } else { Gate::open() }
    }

    fn entry(&self, stage: Stage) -> Gate<Vec<bool>> {
        if stage == Stage::Review { self.gate("in", 4) } else { Gate::open() }
    }

    fn allows(&self, from: Stage, to: Stage) -> bool {
        !(from == Stage::Draft && to == Stage::Done)
    }

    async fn fix(
        &self,
        cx: &RunContext<'_>,
        failure: &GateFailure,
        flags: &mut Vec<bool>,
    ) -> Result<(), RunError<SimpleError>> {
        let fix = self.fixes.get(failure.fixes as usize).copied().unwrap_or(Fix::Fail);
        let offset = if failure.side == GateSide::Exit { 0 } else { 4 };
        let step = cx.step("fix").retry(RetryPolicy::never()).compensate({
            let world = self.world.clone();
            move |_| {
                world.note("undo");
                async { Ok::<(), StepError<SimpleError>>(()) }
            }
        });
        let mended: (usize, bool) = step
            .run(async |_| {
                self.crashes.point().await;
                self.world.note("fix");
                self.crashes.point().await;
                match fix {
                    Fix::Mend(at) => Ok((offset + at, true)),
                    Fix::Break(at) => Ok((offset + at, false)),
                    Fix::Fail => Err(StepError::OutcomeUnknown(SimpleError::new(Category::Dependency, "no fixer"))),
                }
            })
            .await?;
        flags[mended.0] = mended.1;
        Ok(())
    }
}

fn runtime(engine: &MemoryEngine, healing: &Healing, flags: &[bool]) -> Runtime {
    let (healing, flags) = (healing.clone(), flags.to_vec());
    let body = Scripted::new(move |cx, _| {
        let (healing, mut flags) = (healing.clone(), flags.clone());
        Box::pin(async move {
            let mut machine = GatedMachine::new(&healing, Stage::Draft);
            let made = machine.transition(cx, Stage::Review, &mut flags).await?;
            assert_eq!(machine.state() == Stage::Review, matches!(made, Transition::Moved { .. }));
            Ok(told(&made))
        })
    });
    Runtime::builder().engine(engine.clone()).register(body).unwrap().build().unwrap()
}

fn told(made: &Transition<Stage>) -> String {
    match made {
        Transition::Moved { from, to, fixes } => format!("{from:?} to {to:?} after {fixes}"),
        Transition::Escalated(failure) => failure.to_string(),
    }
}

fn options() -> RunOptions {
    RunOptions::new().run_id(RunId::new("r").unwrap())
}

#[test]
fn a_gate_that_is_mended_moves_the_machine() {
    block_on(async {
        let healing = Healing::new(&[Fix::Fail, Fix::Mend(1)], 3);
        let (engine, flags) = (MemoryEngine::new(), [true, false, true, true, true, true, true, true]);
        let runtime = runtime(&engine, &healing, &flags);
        assert_eq!(runtime.run_with::<Scripted>(options(), 0).await.unwrap(), "Draft to Review after 2");
        assert_eq!(healing.world.take(), ["fix", "undo", "fix"], "what the failed fix did is undone");
    });
}

#[test]
fn a_gate_that_cannot_be_mended_is_escalated_with_what_failed() {
    block_on(async {
        let healing = Healing::new(&[Fix::Mend(0), Fix::Break(0), Fix::Fail], 3);
        let (engine, flags) = (MemoryEngine::new(), [true, true, true, true, false, true, false, true]);
        let escalated = runtime(&engine, &healing, &flags).run_with::<Scripted>(options(), 0).await.unwrap();
        let expected =
            "gate `in` after 3 of 3 fixes: a: it is off; c: it is off; the last fix failed: step `fix`: no fixer";
        assert_eq!(escalated, expected);
        assert_eq!(healing.world.count("fix"), 3);
    });
}

#[test]
fn no_way_is_escalated_and_a_person_can_forgive() {
    block_on(async {
        let body = Scripted::new(|cx, _| {
            Box::pin(async move {
                let (healing, mut flags) = (Healing::new(&[Fix::Fail], 1), vec![true; 8]);
                let mut machine = GatedMachine::new(&healing, Stage::Draft);
                let away = machine.transition(cx, Stage::Done, &mut flags).await?;
                assert_eq!(told(&away), "gate `way` after 0 of 0 fixes: way: there is none from Draft to Done");
                flags[0] = false;
                let first = machine.transition(cx, Stage::Review, &mut flags).await?;
                assert!(matches!(&first, Transition::Escalated(failure) if failure.has("a") && !failure.has("b")));
                let Transition::Escalated(second) = machine.transition(cx, Stage::Review, &mut flags).await? else {
                    panic!("it moved")
                };
                assert_eq!((second.fixes, machine.fixes("out")), (1, 1), "what is used up stays used up");
                let mended: bool = cx.decision("mend it yourself?", &second).await?;
                machine.forgive("out");
                flags[0] = mended;
                let _ = machine.transition(cx, Stage::Review, &mut flags).await?;
                let _ = machine.transition(cx, Stage::Done, &mut flags).await?;
                Ok(format!("{:?}", machine.moves().iter().map(|made| made.to).collect::<Vec<_>>()))
            })
        });
        let runtime = Runtime::builder().engine(MemoryEngine::new()).register(body).unwrap().build().unwrap();
        let waits = runtime.run_with::<Scripted>(options(), 0).await.unwrap_err();
        let RunError::Interrupted(Interrupt::Suspended(pending)) = waits else { panic!("{waits}") };
        assert_eq!(pending.question.decode::<GateFailure>().unwrap().gate, "out");
        let run = RunId::new("r").unwrap();
        runtime.decide(&run, &pending.id, &true).await.unwrap();
        assert_eq!(runtime.resume::<Scripted>(&run).await.unwrap(), "[Review, Done]");
    });
}

#[test]
fn a_fix_that_the_process_died_in_is_counted_once() {
    block_on(async {
        let healing = Healing::new(&[Fix::Mend(0), Fix::Mend(1)], 2);
        let (engine, flags) = (MemoryEngine::new(), [false, false, true, true, true, true, true, true]);
        // Two points in each fix: after the effect of the first, before that of the second, and after it.
        for crash in [1, 2, 1] {
            healing.crashes.after(crash);
            let dropped = runtime(&engine, &healing, &flags);
            assert!(healing.crashes.execute(dropped.run_with::<Scripted>(options(), 0)).await.is_none());
        }
        let again = runtime(&engine, &healing, &flags).run_with::<Scripted>(options(), 0).await.unwrap();
        assert_eq!(again, "Draft to Review after 2", "three crashes cost no attempt");
        let entries = engine.inspect(&RunId::new("r").unwrap()).await.unwrap().entries;
        assert_eq!(entries, 3 + 2 + 2 + 1 + 1, "three verdicts, two fixes of two records, the other gate, one move");
    });
}

/// What the gates should say, without a runtime.
fn model(mut flags: Vec<bool>, fixes: &[Fix], maximum: u32) -> (bool, u32, u32) {
    let (mut counted, mut made) = (0, 0);
    for offset in [0, 4] {
        let mut used = 0;
        while flags[offset..offset + 4].contains(&false) {
            if used == maximum {
                return (false, used, made);
            }
            match fixes.get(used as usize) {
                Some(Fix::Mend(at)) => flags[offset + at] = true,
                Some(Fix::Break(at)) => flags[offset + at] = false,
                Some(Fix::Fail) | None => {}
            }
            used += 1;
            made += 1;
        }
        counted += used;
    }
    (true, counted, made)
}

fn any_fix() -> impl Strategy<Value = Fix> {
    prop_oneof![4 => (0..4_usize).prop_map(Fix::Mend), 1 => (0..4_usize).prop_map(Fix::Break), 1 => Just(Fix::Fail)]
}

proptest! {
    #[test]
    fn any_gates_under_any_crashes_say_what_the_model_says(
        flags in prop::collection::vec(prop::bool::weighted(0.7), 8),
        fixes in prop::collection::vec(any_fix(), 0..5),
        maximum in 0..5_u32,
        crashes in prop::collection::vec(0..6_u32, 0..5),
    ) {
        let healing = Healing::new(&fixes, maximum);
        let engine = MemoryEngine::new();
        let (moved, fixes_told, fixes_made) = model(flags.clone(), &fixes, maximum);
        let (said, crashed) = block_on(async {
            let mut crashed = 0;
            for crash in crashes {
                healing.crashes.after(crash);
                let runtime = runtime(&engine, &healing, &flags);
                match healing.crashes.execute(runtime.run_with::<Scripted>(options(), 0)).await {
                    Some(result) => return (result.unwrap(), crashed),
                    None => crashed += 1,
                }
            }
            healing.crashes.after(u32::MAX);
            (runtime(&engine, &healing, &flags).run_with::<Scripted>(options(), 0).await.unwrap(), crashed)
        });
        if moved {
            prop_assert_eq!(said, format!("Draft to Review after {fixes_told}"));
        } else {
            prop_assert!(said.contains(&format!("after {fixes_told} of {maximum} fixes")), "{}", said);
        }
        let effects = healing.world.count("fix");
        prop_assert!((fixes_made as usize..=fixes_made as usize + crashed).contains(&effects), "{} effects", effects);
    }
}
