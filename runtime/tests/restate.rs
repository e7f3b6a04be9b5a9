//! The same orchestrators on a real Restate server, which is killed with SIGKILL in the middle of runs, and so is the
//! process that serves them.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "restate/server.rs"]
mod server;

use baton_runtime::{
    Attempt, Category, Kind, Layer, MemoryEngine, Orchestrator, RetryPolicy, RunContext, RunError, Runtime,
    SimpleError, StepError, Undo, restate,
};
use serde::{Deserialize, Serialize};
use server::{Place, server};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
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

/// Not a test by itself: the process that serves. Without the environment it passes and does nothing.
#[test]
fn child_that_serves() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let port: u16 = std::env::var("BATON_RESTATE_PORT").unwrap().parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let builder = Runtime::builder().engine(MemoryEngine::new());
        let runtime = builder.register(Checkout { effects: folder.join("effects") }).unwrap().build().unwrap();
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
