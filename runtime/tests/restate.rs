//! The same orchestrators on a real Restate server, which is killed with SIGKILL in the middle of runs, and so is the
//! process that serves them.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

#[path = "../examples/agents/src/main.rs"]
#[expect(dead_code, reason = "the example has an engine of its own")]
mod agents;
#[path = "restate/server.rs"]
mod server;

use agents::delivery::Delivery;
use baton_runtime::{
    Attempt, Category, Escalation, FolderArtifacts, Kind, Layer, MemoryEngine, Orchestrator, Payload, PendingDecision,
    RetryPolicy, RunContext, RunError, Runtime, SimpleError, StepError, Undo, restate,
};
use serde::{Deserialize, Serialize};
use server::{Place, eventually, server};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const FOLDER: &str = "BATON_RESTATE_FOLDER";
const SERVE: &str = "child_that_serves";

/// How long an effect takes, so that there is a middle to be killed in.
const PACE: Duration = Duration::from_millis(100);

#[derive(Serialize, Deserialize)]
struct Order {
    number: String,
    /// Whether the carrier refuses the parcel, so that all has to be undone.
    refused: bool,
}

struct Checkout {
    effects: PathBuf,
}

type Error = RunError<SimpleError>;
type Done = Result<String, StepError<SimpleError>>;

impl Checkout {
    fn write(&self, line: &str) {
        let mut file = OpenOptions::new().append(true).create(true).open(&self.effects).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    async fn act(&self, order: &Order, what: &str) -> Done {
        self.write(&format!("{} {what}", order.number));
        tokio::time::sleep(PACE).await;
        Ok(format!("{what} {}", order.number))
    }

    async fn prepare(&self, cx: RunContext<'_>, order: &Order, parts: [&'static str; 2]) -> Result<(), Error> {
        for part in parts {
            cx.step(part).run(|_| self.act(order, part)).await?;
        }
        Ok(())
    }

    fn reverse(&self, order: &Order, what: &'static str) -> impl Fn(Undo<String>) -> Reversed + use<> {
        let (effects, number) = (self.effects.clone(), order.number.clone());
        move |_| {
            let this = Self { effects: effects.clone() };
            let order = Order { number: number.clone(), refused: true };
            Box::pin(async move { this.act(&order, what).await.map(|_| ()) })
        }
    }
}

type Reversed = std::pin::Pin<Box<dyn Future<Output = Result<(), StepError<SimpleError>>> + Send>>;

impl Orchestrator for Checkout {
    const NAME: &'static str = "checkout";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = Order;
    type Output = String;
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, order: Order) -> Result<String, RunError<SimpleError>> {
        let order = &order;
        let reserve = cx.step("reserve").compensate(self.reverse(order, "release"));
        reserve.run(|_| self.act(order, "reserve")).await?;
        let charge = cx.step("charge").compensate(self.reverse(order, "refund"));
        let receipt = charge.run(|_| self.act(order, "charge")).await?;
        let asked = cx.now().await?;
        cx.sleep(PACE).await?;
        let prepare = cx.parallel("prepare");
        let prepare = prepare.branch("parcel", |cx| self.prepare(cx, order, ["pack", "label"]));
        prepare.branch("letter", |cx| self.prepare(cx, order, ["write", "print"])).run().await?;
        let retry = RetryPolicy::default().initial_interval(Duration::from_millis(10)).maximum_attempts(3);
        let ship = cx.step("ship").retry(retry).run(|attempt: Attempt| async move {
            self.act(order, &format!("ship {}", attempt.number)).await?;
            match (order.refused, attempt.number) {
                (true, _) => Err(StepError::Terminal(SimpleError::new(Category::Dependency, "the carrier refuses"))),
                (false, 1) => Err(StepError::Retryable(SimpleError::new(Category::Dependency, "busy"))),
                (false, _) => Ok(()),
            }
        });
        ship.await?;
        assert!(cx.now().await? > asked, "times are recorded");
        Ok(receipt)
    }
}

/// A step whose result has as many bytes as are asked for.
struct Large {
    effects: PathBuf,
}

impl Orchestrator for Large {
    const NAME: &'static str = "large";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = usize;
    type Output = usize;
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, size: usize) -> Result<usize, Error> {
        let this = Checkout { effects: self.effects.clone() };
        let order = &Order { number: "large".to_owned(), refused: false };
        let draw = cx.step("draw").run(|_| async {
            this.act(order, "draw").await?;
            Ok::<_, StepError<SimpleError>>("x".repeat(size))
        });
        draw.await.map(|drawn| drawn.len())
    }
}

/// Not a test by itself: the process that serves. Without the environment it passes and does nothing.
#[test]
fn child_that_serves() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let port: u16 = std::env::var("BATON_RESTATE_PORT").unwrap().parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let builder = Runtime::builder().engine(MemoryEngine::new());
        let builder = builder.register(Checkout { effects: folder.join("effects") }).unwrap();
        let builder = builder.register(Large { effects: folder.join("effects") }).unwrap();
        let store = FolderArtifacts::open(folder.join("artifacts")).await.unwrap();
        let delivery = Delivery::new(agents::team::graph().unwrap(), Arc::new(store));
        let runtime = builder.register(delivery).unwrap().build().unwrap();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        restate::serve(&runtime, listener, std::future::pending()).await;
    });
}

fn order(number: &str, refused: bool) -> String {
    format!(r#"{{"orchestrator": "checkout", "input": {{"number": "{number}", "refused": {refused}}}}}"#)
}

/// What a run does where nothing goes wrong around it.
fn expected(refused: bool) -> Vec<&'static str> {
    let mut expected = vec!["reserve", "charge", "pack", "write", "label", "print", "ship 1"];
    expected.extend(if refused { ["refund", "release"].as_slice() } else { ["ship 2"].as_slice() });
    expected
}

/// Nothing is missing, and a kill has at most the step in flight repeated. `ship` has two attempts in one step, which count
/// anew after a restart.
fn check(place: &Place, run: &str, refused: bool, kills: usize) {
    let effects = effects_of(place, run);
    let expected = expected(refused);
    assert!(effects.iter().all(|effect| expected.contains(&effect.as_str())), "{run}: {effects:?}");
    let mut repeated = Vec::new();
    for what in &expected {
        let times = effects.iter().filter(|effect| effect == what).count();
        assert!(times >= 1, "{run}: `{what}` is missing: {effects:?}");
        if *what != "ship 2" {
            repeated.extend(std::iter::repeat_n(*what, times - 1));
        }
    }
    assert!(repeated.len() <= kills, "{run}: {repeated:?} after {kills} kills: {effects:?}");
}

fn effects_of(place: &Place, run: &str) -> Vec<String> {
    let effects = place.effects();
    effects.iter().filter_map(|line| line.strip_prefix(&format!("{run} "))).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_checkout_runs_on_a_server_and_is_undone_where_it_fails() {
    let Some(server) = server() else { return };
    let place = Place::start(server, FOLDER, SERVE).await;
    place.begin("good", &order("good", false)).await;
    place.begin("bad", &order("bad", true)).await;
    assert_eq!(place.ended("good").await, r#"{"completed":"charge good"}"#);
    let bad = place.ended("bad").await;
    assert!(bad.starts_with(r#"{"failed":"#) && bad.contains("the carrier refuses"), "{bad}");
    for (run, refused) in [("good", false), ("bad", true)] {
        assert_eq!(effects_of(&place, run), expected(refused), "{run}");
    }
}

/// Kills one of the two in the middle of runs, again and again, each time a little later.
async fn kill_in_the_middle(mut kill: impl AsyncFnMut(&mut Place)) {
    let Some(server) = server() else { return };
    let mut place = Place::start(server, FOLDER, SERVE).await;
    let runs: Vec<_> = (0..6).map(|number| (format!("run-{number}"), number % 2 == 1)).collect();
    for (run, refused) in &runs {
        place.begin(run, &order(run, *refused)).await;
    }
    let places = ["reserve", "pack", "ship 1", "refund"];
    for what in places {
        place.effect(&format!("run-1 {what}")).await;
        kill(&mut place).await;
    }
    for (run, refused) in &runs {
        let ended = place.ended(run).await;
        let end = if *refused { r#"{"failed":"#.to_owned() } else { format!(r#"{{"completed":"charge {run}"}}"#) };
        assert!(ended.starts_with(&end), "{run}: {ended}");
        check(&place, run, *refused, places.len());
    }
}

#[tokio::test]
async fn a_server_that_is_killed_in_the_middle_of_runs_goes_on_with_all_of_them() {
    kill_in_the_middle(async |place| {
        place.kill_server();
        place.start_server().await;
    })
    .await;
}

#[tokio::test]
async fn a_service_that_is_killed_in_the_middle_of_runs_is_called_again_for_all_of_them() {
    kill_in_the_middle(async |place| {
        place.kill_service();
        place.start_service(FOLDER, SERVE);
    })
    .await;
}

/// How long the others may take to end all runs without one of them. It was 13 s at most, on two cores.
const TAKEN_OVER: Duration = Duration::from_secs(45);

/// Takes half a minute and three servers: `cargo test -p baton-runtime --features restate --test restate -- --ignored`.
#[tokio::test]
#[ignore = "three servers at once"]
async fn of_three_servers_with_two_copies_each_may_be_killed_and_runs_end_without_it() {
    let Some(server) = server() else { return };
    let mut place = Place::start_nodes(3, server, FOLDER, SERVE).await;
    for node in 0..3 {
        let begun = std::time::Instant::now();
        let runs: Vec<_> = (0..6).map(|number| (format!("run-{node}-{number}"), number % 2 == 1)).collect();
        for (run, refused) in &runs[..5] {
            place.begin(run, &order(run, *refused)).await;
        }
        place.effect(&format!("run-{node}-0 pack")).await;
        place.kill_node(node);
        let (late, refused) = &runs[5];
        place.begin(late, &order(late, *refused)).await;
        for (run, refused) in &runs {
            let ended = place.ended(run).await;
            assert!(ended.starts_with(if *refused { r#"{"failed":"# } else { r#"{"completed":"# }), "{run}: {ended}");
            // The lead of a run may move twice, which interrupts it twice: away from the server that is lost, and again
            // where one has come back or the others are too busy to answer each other in time.
            check(&place, run, *refused, 2);
        }
        let took = begun.elapsed();
        eprintln!("without node {node}, {} runs ended after {took:?}", runs.len());
        assert!(took < TAKEN_OVER, "the others took {took:?} to take over");
        place.start_node(node).await;
        // Until it is among the others again.
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}

#[tokio::test]
async fn agents_ask_a_person_through_a_server_that_is_killed_before_the_answer_and_after_it() {
    let Some(server) = server() else { return };
    let mut place = Place::start(server, FOLDER, SERVE).await;
    let wish = r#"{"feature": "edit the user's profile", "parts": ["load profile", "save profile", "show picture", "the usual?"]}"#;
    place.begin("profile", &format!(r#"{{"orchestrator": "delivery", "input": {wish}}}"#)).await;
    let asked = async |place: &Place| {
        eventually("the question", || {
            let (_, body) = place.ask("profile", "pending", "").ok().filter(|(status, _)| *status == 200)?;
            serde_json::from_str::<Vec<PendingDecision>>(&body).unwrap().pop()
        })
        .await
    };
    let pending = asked(&place).await;
    place.kill_server();
    place.kill_service();
    place.start_service(FOLDER, SERVE);
    place.start_server().await;
    assert_eq!(asked(&place).await, pending);
    let escalation: Escalation<Payload> = pending.question.decode().unwrap();
    assert_eq!(escalation.failure, "gate `code` after 3 of 3 fixes: clean: `the_usual?` is not finished");

    let unknown = r#"{"decision": "99/nothing", "answer": null}"#;
    assert_eq!(place.ask("profile", "answer", unknown).unwrap().0, 404);
    let choice = escalation.options[0].choice.as_json();
    let answer = format!(r#"{{"decision": "{}", "answer": {choice}}}"#, pending.id);
    assert_eq!(place.ask("profile", "answer", &answer).unwrap().0, 200);
    place.kill_server();
    place.start_server().await;
    let ended = place.ended("profile").await;
    assert!(ended.starts_with(r#"{"completed":{"history":["#) && ended.ends_with(r#""left":[]}}"#), "{ended}");
    let versions = |name: &str| ended.matches(&format!("\"`{name}`")).count();
    assert_eq!((versions("plan"), versions("code"), versions("report")), (2, 8, 8), "{ended}");
    assert_eq!(place.ask("profile", "answer", &answer).unwrap().0, 409, "the first answer counts");
}

#[tokio::test]
async fn a_result_that_is_too_large_is_told_and_its_step_not_repeated() {
    let Some(server) = server() else { return };
    let place = Place::start(server, FOLDER, SERVE).await;
    let size = 33 * 1024 * 1024;
    place.begin("large", &format!(r#"{{"orchestrator": "large", "input": {size}}}"#)).await;
    let told = eventually("the reason", || place.failure("large")).await;
    assert!(told.contains("is 34603017 bytes of JSON, and Restate takes 33488896: keep the content in"), "{told}");
    assert!(told.contains("step `draw`"), "{told}");
    eventually("another try", || place.failure("large").filter(|now| *now != told)).await;
    assert_eq!(effects_of(&place, "large"), ["draw"]);
    place.begin("less", r#"{"orchestrator": "large", "input": 33488000}"#).await;
    assert_eq!(place.ended("less").await, r#"{"completed":33488000}"#);
}

#[tokio::test]
async fn a_run_that_is_cancelled_at_the_server_ends_where_it_is_and_its_id_is_taken() {
    let Some(server) = server() else { return };
    let place = Place::start(server, FOLDER, SERVE).await;
    let begun: serde_json::Value = serde_json::from_str(&place.begin("off", &order("off", false)).await).unwrap();
    place.effect("off charge").await;
    let (status, body) = place.cancel(begun["invocationId"].as_str().unwrap());
    assert_eq!(status, 202, "{body}");
    let ended = place.ended("off").await;
    assert!(ended.contains("the run was cancelled; nothing of it was undone"), "{ended}");
    assert_eq!(effects_of(&place, "off"), ["reserve", "charge"]);
    let again: serde_json::Value = serde_json::from_str(&place.begin("off", &order("off", false)).await).unwrap();
    assert_eq!((&again["status"], &again["invocationId"]), (&"PreviouslyAccepted".into(), &begun["invocationId"]));
}

#[tokio::test]
async fn what_cannot_be_begun_is_refused_at_once() {
    let Some(server) = server() else { return };
    let place = Place::start(server, FOLDER, SERVE).await;
    let (status, body) = place.ask("some", "run", r#"{"orchestrator": "nobody", "input": null}"#).unwrap();
    assert!(status == 400 && body.contains("no orchestrator `nobody` is registered"), "{status} {body}");
    let (status, body) = place.ask("some%20run", "run", &order("some", false)).unwrap();
    assert!(status == 400 && body.contains("`some run` is no run id"), "{status} {body}");
    let (status, body) = place.ask("other", "run", r#"{"orchestrator": "checkout", "inputs": null}"#).unwrap();
    assert!(status == 400 && body.contains("inputs"), "{status} {body}");
}
