//! Runs in numbers: each thing that happens is counted once, however often a run is resumed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;
mod parts;

use baton_runtime::{
    Category, MemoryEngine, MetricsObserver, RetryPolicy, RunId, RunOptions, Runtime, SimpleError, StepError,
};
use common::Scripted;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};
use parts::block_on;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Adds up what is counted.
#[derive(Clone, Default)]
struct Numbers(Arc<Mutex<BTreeMap<String, f64>>>);

struct One {
    numbers: Numbers,
    key: String,
}

impl One {
    fn add(&self, value: f64) {
        *self.numbers.0.lock().unwrap().entry(self.key.clone()).or_default() += value;
    }
}

impl CounterFn for One {
    #[expect(clippy::cast_precision_loss, reason = "the counts of a test are small")]
    fn increment(&self, value: u64) {
        self.add(value as f64);
    }

    fn absolute(&self, _: u64) {}
}

impl HistogramFn for One {
    fn record(&self, value: f64) {
        assert!((0.0..60.0).contains(&value), "{value}");
        self.add(1.0);
    }
}

impl Numbers {
    fn one(&self, key: &Key) -> Arc<One> {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(One { numbers: self.clone(), key: format!("{} {}", key.name(), labels.join(" ")) })
    }
}

impl Recorder for Numbers {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.one(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.one(key))
    }
}

#[test]
fn everything_is_counted_once() {
    let numbers = Numbers::default();
    with_local_recorder(&numbers, || {
        block_on(async {
            let body = Scripted::new(|cx, _| {
                Box::pin(async move {
                    let reserve = cx.step("reserve").compensate(|_| async { Ok::<(), StepError<SimpleError>>(()) });
                    reserve
                        .run(|attempt| async move {
                            if attempt.number == 1 {
                                Err(SimpleError::new(Category::Dependency, "down"))?;
                            }
                            Ok(())
                        })
                        .await?;
                    let _: bool = cx.decision("approve", &()).await?;
                    let charge = cx.step("charge").retry(RetryPolicy::never());
                    charge.run(|_| async { Err(SimpleError::new(Category::Conflict, "declined"))? }).await
                })
            });
            let builder = Runtime::builder().engine(MemoryEngine::new()).observer(MetricsObserver::new());
            let runtime = builder.register(body).unwrap().build().unwrap();
            let run = RunId::new("r").unwrap();
            let options = RunOptions::new().run_id(run.clone());
            assert!(runtime.run_with::<Scripted>(options, 0).await.unwrap_err().is_interrupted());
            let pending = runtime.inspect(&run).await.unwrap().pending.remove(0);
            runtime.decide(&run, &pending.id, &true).await.unwrap();
            assert!(runtime.resume::<Scripted>(&run).await.is_err());
        });
    });
    let said: Vec<_> = numbers.0.lock().unwrap().iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let expected = [
        "baton_executions_ended_total orchestrator=scripted ending=failed: 1",
        "baton_executions_ended_total orchestrator=scripted ending=interrupted: 1",
        "baton_executions_total orchestrator=scripted resumed=false: 1",
        "baton_executions_total orchestrator=scripted resumed=true: 1",
        "baton_step_duration_seconds orchestrator=scripted step=charge: 1",
        "baton_step_duration_seconds orchestrator=scripted step=reserve: 1",
        "baton_step_retries_total orchestrator=scripted step=reserve: 1",
        "baton_steps_total orchestrator=scripted step=charge outcome=failed: 1",
        "baton_steps_total orchestrator=scripted step=reserve outcome=ok: 1",
        "baton_suspensions_total orchestrator=scripted decision=approve: 1",
        "baton_undos_total orchestrator=scripted step=reserve outcome=ok: 1",
    ];
    assert_eq!(said, expected);
}
