//! Recovery tables: attempts are counted by the kind of trouble and over crashes, and a person has the last word.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;
mod parts;

use baton_runtime::{
    Category, Effect, Escalation, Failure, Incident, MemoryEngine, Payload, Recovered, RecoveryLoop, RecoveryTable,
    RetryPolicy, Row, RunContext, RunError, RunId, RunOptions, Runtime, RuntimeError, SimpleError, StepError,
};
use common::{Scripted, World};
use parts::{Crashes, block_on};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trouble {
    Build,
    Contract,
    Request,
}

const TROUBLES: [Trouble; 3] = [Trouble::Build, Trouble::Contract, Trouble::Request];

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Choice {
    Skip,
    Restart,
    Never,
}

/// What a test says of one row.
#[derive(Clone, Copy, Debug)]
struct Said {
    fixes: bool,
    attempts: u32,
    asks: bool,
}

#[derive(Clone)]
struct Rules {
    rows: [Said; 3],
    /// Whether each fix works, in the order in which they are made; those after the last one do.
    fixes: Vec<bool>,
    world: World,
    crashes: Crashes,
}

impl Rules {
    fn new(rows: [Said; 3], fixes: &[bool]) -> Self {
        Self { rows, fixes: fixes.to_vec(), world: World::default(), crashes: Crashes::none() }
    }
}

impl RecoveryTable for Rules {
    type Trouble = Trouble;
    type Fixer = Trouble;
    type Choice = Choice;
    type Subject = usize;
    type Error = SimpleError;

    fn row(&self, trouble: Trouble) -> Row<Trouble, Choice> {
        let Said { fixes, attempts, asks } = self.rows[trouble as usize];
        let row = if fixes { Row::fix(trouble, attempts) } else { Row::retry(attempts) };
        if asks {
            row.then_ask("what now?", [(Choice::Skip, "Leave it"), (Choice::Restart, "Begin again")])
        } else {
            row
        }
    }

    fn classify(&self, failure: &Failure<SimpleError>) -> Trouble {
        TROUBLES.into_iter().find(|trouble| failure.to_string().contains(&format!("{trouble:?}"))).unwrap()
    }

    async fn fix(
        &self,
        cx: &RunContext<'_>,
        fixer: Trouble,
        incident: &Incident<Trouble, SimpleError>,
        made: &mut usize,
    ) -> Result<(), RunError<SimpleError>> {
        assert_eq!(fixer, incident.trouble);
        let works = self.fixes.get(*made).copied().unwrap_or(true);
        *made += 1;
        let step = cx.step("fix").retry(RetryPolicy::never());
        step.run(async |_| {
            self.crashes.point().await;
            self.world.note(format!("fix {fixer:?} {}", incident.attempt));
            self.crashes.point().await;
            if works { Ok(()) } else { Err(StepError::Terminal(SimpleError::new(Category::Dependency, "no fixer"))) }
        })
        .await
    }
}

/// Something that fails as it is told, and works in the end.
fn runtime(engine: &MemoryEngine, rules: &Rules, script: &[Trouble]) -> Runtime {
    let (rules, script) = (rules.clone(), script.to_vec());
    let body = Scripted::new(move |cx, _| {
        let (rules, script) = (rules.clone(), script.clone());
        Box::pin(async move {
            let (mut recovery, mut made) = (RecoveryLoop::new(&rules), 0);
            let mut tries = 0;
            loop {
                let step = cx.step("build").effect(Effect::ReadOnly);
                let trouble = script.get(tries).copied();
                let built = step.run(async |_| {
                    rules.crashes.point().await;
                    match trouble {
                        Some(trouble) => Err(SimpleError::new(Category::Validation, format!("{trouble:?}")))?,
                        None => Ok(()),
                    }
                });
                tries += 1;
                let Err(error) = built.await else { return Ok(format!("built after {tries}")) };
                match recovery.handle(cx, error, &mut made).await? {
                    Recovered::Again => {}
                    Recovered::Chosen(choice) => return Ok(format!("{choice:?} after {tries}")),
                }
            }
        })
    });
    Runtime::builder().engine(engine.clone()).register(body).unwrap().build().unwrap()
}

fn id() -> RunId {
    RunId::new("r").unwrap()
}

async fn run(runtime: &Runtime) -> Result<String, RunError<SimpleError>> {
    runtime.run_with::<Scripted>(RunOptions::new().run_id(id()), 0).await
}

const TABLE: [Said; 3] = [
    Said { fixes: true, attempts: 2, asks: true },
    Said { fixes: false, attempts: 1, asks: false },
    Said { fixes: false, attempts: 0, asks: true },
];

#[test]
fn kinds_that_take_turns_do_not_renew_each_other() {
    block_on(async {
        use Trouble::{Build, Contract};
        let rules = Rules::new(TABLE, &[]);
        let ends = run(&runtime(&MemoryEngine::new(), &rules, &[Build, Contract, Build])).await.unwrap();
        assert_eq!(ends, "built after 4");
        let failed =
            run(&runtime(&MemoryEngine::new(), &rules, &[Build, Contract, Build, Contract])).await.unwrap_err();
        assert_eq!(failed.to_string(), "step `build`: Contract", "the failure itself, which nobody is asked about");
        assert_eq!(rules.world.take(), ["fix Build 1", "fix Build 2"].repeat(2));
    });
}

#[test]
fn an_attempt_that_the_process_died_in_is_counted_once() {
    block_on(async {
        let (engine, rules) = (MemoryEngine::new(), Rules::new(TABLE, &[]));
        // One point in the build, two in a fix: each execution but the last ends in the first fix, before or after its
        // effect.
        for crash in [1, 0, 1] {
            rules.crashes.after(crash);
            let dropped = runtime(&engine, &rules, &[Trouble::Build; 2]);
            assert!(rules.crashes.execute(run(&dropped)).await.is_none());
        }
        let built = run(&runtime(&engine, &rules, &[Trouble::Build; 2])).await.unwrap();
        assert_eq!(built, "built after 3", "two attempts are all there are");
        assert_eq!(rules.world.take(), ["fix Build 1", "fix Build 1", "fix Build 2"]);
    });
}

#[test]
fn a_person_is_asked_durably_and_until_the_answer_is_one_of_the_options() {
    block_on(async {
        let rules = Rules::new(TABLE, &[true, false]);
        let engine = MemoryEngine::new();
        let script = [Trouble::Build; 2];
        assert!(run(&runtime(&engine, &rules, &script)).await.unwrap_err().is_interrupted());
        for (answer, refused) in [("\"Never\"", None), ("7", Some("\"Never\"")), ("\"Restart\"", Some("7"))] {
            // Another runtime each time, as after a restart.
            let runtime = runtime(&engine, &rules, &script);
            let pending = runtime.inspect(&id()).await.unwrap().pending.pop().unwrap();
            let asked: Escalation<Choice> = pending.question.decode().unwrap();
            assert_eq!(asked.refused.as_ref().map(Payload::as_json), refused);
            assert_eq!((asked.attempts, asked.failure.as_str()), (2, "step `build`: Build"));
            assert_eq!(asked.last_fix.as_deref(), Some("step `fix`: no fixer"));
            let labels: Vec<_> = asked.options.iter().map(|option| option.label.as_str()).collect();
            assert_eq!((asked.question.as_str(), &labels[..]), ("what now?", &["Leave it", "Begin again"][..]));
            let answer = Payload::from_json(answer.to_owned()).unwrap();
            runtime.decide(&id(), &pending.id, &answer).await.unwrap();
            if let Ok(said) = run(&runtime).await {
                assert_eq!((said.as_str(), refused), ("Restart after 2", Some("7")));
            }
        }
        assert_eq!(run(&runtime(&engine, &rules, &script)).await.unwrap(), "Restart after 2");
        assert_eq!(rules.world.take(), ["fix Build 1", "fix Build 2"], "asking again repeats nothing");
    });
}

#[test]
fn what_is_no_failure_is_handed_on_and_trouble_without_a_step_can_be_escalated() {
    block_on(async {
        let body = Scripted::new(|cx, _| {
            Box::pin(async move {
                let rules = Rules::new(TABLE, &[]);
                let mut recovery = RecoveryLoop::new(&rules);
                let broken = RunError::Runtime(RuntimeError::Engine("gone".to_owned()));
                let handed_on = recovery.handle(cx, broken, &mut 0).await.unwrap_err();
                assert!(matches!(handed_on, RunError::Runtime(RuntimeError::Engine(_))));
                assert_eq!(recovery.escalate(cx, Trouble::Contract, "odd").await?, None);
                Ok(format!("{:?}", recovery.escalate(cx, Trouble::Request, "unclear").await?))
            })
        });
        let runtime = Runtime::builder().engine(MemoryEngine::new()).register(body).unwrap().build().unwrap();
        let _ = run(&runtime).await;
        let pending = runtime.inspect(&id()).await.unwrap().pending.pop().unwrap();
        assert_eq!(pending.question.decode::<Escalation<Payload>>().unwrap().failure, "unclear");
        runtime.decide(&id(), &pending.id, &Choice::Skip).await.unwrap();
        assert_eq!(run(&runtime).await.unwrap(), "Some(Skip)");
    });
}

/// What the table should come to, and how many fixes that takes.
fn model(rows: [Said; 3], fixes: &[bool], script: &[Trouble]) -> (String, usize) {
    let (mut used, mut made) = ([0; 3], 0);
    for (at, trouble) in script.iter().enumerate() {
        let row = rows[*trouble as usize];
        loop {
            if used[*trouble as usize] == row.attempts {
                let end = if row.asks { format!("asked after {}", at + 1) } else { format!("{trouble:?}") };
                return (end, made);
            }
            used[*trouble as usize] += 1;
            if !row.fixes {
                break;
            }
            made += 1;
            if fixes.get(made - 1).copied().unwrap_or(true) {
                break;
            }
        }
    }
    (format!("built after {}", script.len() + 1), made)
}

fn any_row() -> impl Strategy<Value = Said> {
    (any::<bool>(), 0..4_u32, any::<bool>()).prop_map(|(fixes, attempts, asks)| Said { fixes, attempts, asks })
}

proptest! {
    #[test]
    fn any_table_under_any_crashes_comes_to_what_the_model_says(
        rows in [any_row(), any_row(), any_row()],
        fixes in prop::collection::vec(any::<bool>(), 0..6),
        script in prop::collection::vec(prop::sample::select(&TROUBLES[..]), 0..7),
        crashes in prop::collection::vec(0..8_u32, 0..5),
    ) {
        let rules = Rules::new(rows, &fixes);
        let engine = MemoryEngine::new();
        let (expected, made) = model(rows, &fixes, &script);
        let (said, crashed) = block_on(async {
            let mut crashed = 0;
            for crash in crashes {
                rules.crashes.after(crash);
                match rules.crashes.execute(run(&runtime(&engine, &rules, &script))).await {
                    Some(_) => break,
                    None => crashed += 1,
                }
            }
            rules.crashes.after(u32::MAX);
            (run(&runtime(&engine, &rules, &script)).await, crashed)
        });
        match said {
            Ok(said) => prop_assert_eq!(said, expected),
            Err(RunError::Failed(failure)) => prop_assert_eq!(failure.error().unwrap().message.clone(), expected),
            Err(error) => {
                let tries = expected.strip_prefix("asked after ");
                prop_assert!(error.is_interrupted() && tries.is_some(), "{error} instead of {expected}");
                // With an answer it ends.
                let end = block_on(async {
                    let runtime = runtime(&engine, &rules, &script);
                    let pending = runtime.inspect(&id()).await.unwrap().pending.pop().unwrap();
                    runtime.decide(&id(), &pending.id, &Choice::Skip).await.unwrap();
                    run(&runtime).await.unwrap()
                });
                prop_assert_eq!(end, format!("Skip after {}", tries.unwrap()));
            }
        }
        let effects = rules.world.take().len();
        prop_assert!((made..=made + crashed).contains(&effects), "{effects} fixes for {made}");
        let attempts = rows.iter().map(|row| row.attempts as usize).sum::<usize>();
        prop_assert!(made <= attempts, "no more than the rows allow together");
    }
}
