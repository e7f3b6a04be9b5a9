//! # unbounded-shutdown
//!
//! ## What it does
//!
//! Reports clean-up code of an orchestrator that waits for a task, a thread or an answer with no limit of
//! time. Clean-up is a function called `shutdown`, `stop`, `close`, `cleanup`, `drain`, `terminate`,
//! `teardown` or `dispose`, also with more words such as `graceful_shutdown`, `stop_all` and
//! `shutdown_and_wait`, and `drop`; with what it calls of the orchestrator's own code.
//!
//! Waiting is: `.await` on a `JoinHandle` or on the receiver of a channel, `join()` on a thread, `join_next`
//! and `join_all` on a `JoinSet`, `wait` on a `TaskTracker`, `join_all` on a list of handles.
//!
//! A limit is: `timeout(…)` around it, a branch of a `select!` that sleeps, or a call of `abort`,
//! `abort_all`, `abort_handle`, `is_finished` or `recv_timeout` that stands above it in the same function.
//!
//! ## Why
//!
//! A shutdown that waits for one stuck task never ends. Whoever runs the process kills it then, and
//! everything that stands behind the wait is never cleaned up.
//!
//! ## Bad
//!
//! ```rust,ignore
//! pub async fn shutdown(self) {
//!     self.stop.cancel();
//!     self.worker.await.ok();
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! pub async fn shutdown(mut self) {
//!     self.stop.cancel();
//!     if timeout(self.patience, &mut self.worker).await.is_err() {
//!         self.worker.abort();
//!     }
//! }
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! Whether a limit is short enough is not judged. A wait is only known where the types are: of fields,
//! parameters and calls that the linter can follow. A limit that the caller of the clean-up sets is not
//! seen, except where the caller is part of the same orchestrator's clean-up; nor is one that another
//! type's function sets inside. A function that waits for the signal to stop, such as `wait_for_shutdown`
//! or `shutdown_signal`, is no clean-up.

use baton_core::facts::body::Body;
use baton_core::finding::{Finding, Hop, Level};
use baton_core::link::{FunctionRef, Orchestrator, Project};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::{Place, Span};
use baton_core::tasks;
use baton_core::types::{Callee, Types};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The lint.
pub static LINT: Lint = Lint {
    name: "unbounded-shutdown",
    level: Level::Warn,
    summary: "The clean-up of an orchestrator waits with no limit of time.",
    source: include_str!("unbounded_shutdown.rs"),
    options: &[],
    check: Check::Whole(check),
};

/// The words for clean-up. Where several words make one, they are joined.
const CLEANUP: &[&str] = &["cleanup", "close", "dispose", "drain", "drop", "shutdown", "stop", "teardown", "terminate"];

/// Words that may stand beside those, and speak of the whole rather than of one thing in it.
const BESIDE: &[&str] = &[
    "all",
    "and",
    "async",
    "everything",
    "force",
    "fully",
    "graceful",
    "gracefully",
    "inner",
    "join",
    "now",
    "services",
    "tasks",
    "threads",
    "wait",
    "workers",
];

fn check(project: &Project, _: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    let mut search = Search { project, types: Types::new(project) };
    // Two ways to clean up that share a helper wait in one place.
    let mut found: BTreeMap<Place, Finding> = BTreeMap::new();
    for (orchestrator, function) in project.orchestrator_code() {
        if !project.function(function).is_some_and(|declared| is_cleanup(&declared.name)) {
            continue;
        }
        verdict.judged += 1;
        for waited in search.waits(orchestrator, function) {
            found.entry(waited.place).or_insert_with(|| search.finding(function, waited));
        }
    }
    verdict.findings = found.into_values().collect();
    verdict
}

/// Whether a function's name says that it cleans up.
fn is_cleanup(name: &str) -> bool {
    let joined = name.replace("shut_down", "shutdown").replace("clean_up", "cleanup").replace("tear_down", "teardown");
    let words: Vec<&str> = joined.split('_').filter(|word| !word.is_empty()).collect();
    words.iter().any(|word| CLEANUP.contains(word))
        && !matches!(words.first(), Some(&"wait"))
        && words.iter().all(|word| CLEANUP.contains(word) || BESIDE.contains(word))
}

/// A wait with no limit, and the calls that lead there.
struct Waited {
    place: Place,
    what: &'static str,
    hops: Vec<Hop>,
}

struct Search<'p> {
    project: &'p Project,
    types: Types<'p>,
}

impl Search<'_> {
    /// What a clean-up waits for with no limit, itself or through its orchestrator's code.
    fn waits(&mut self, orchestrator: &Orchestrator, cleanup: FunctionRef) -> Vec<Waited> {
        let project = self.project;
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([cleanup]);
        let mut queue = VecDeque::from([(cleanup, Vec::new())]);
        while let Some((function, hops)) = queue.pop_front() {
            let Some(body) = project.function(function).and_then(|declared| declared.body.as_ref()) else { continue };
            let types = self.types.of_body(function);
            let place = |span: Span| project.place(function.item.module, span);
            let spawned = tasks::spawned(body, types);
            // A task that the clean-up spawns does not keep it waiting.
            let is_free = |span: Span| is_limited(body, span) || spawned.iter().any(|work| work.contains(span));
            for wait in tasks::waits(body, types) {
                let span = body.node(wait.at).span;
                if !is_free(span) {
                    found.push(Waited { place: place(span), what: wait.what, hops: hops.clone() });
                }
            }
            for (id, node) in body.nodes() {
                let Some(Callee::Function(called)) = types.callee(id) else { continue };
                if orchestrator.code.contains(called) && !is_free(node.span) && seen.insert(*called) {
                    let (from, to) = (project.function_path(function), project.function_path(*called));
                    let hop = Hop { from, to, place: place(node.span) };
                    queue.push_back((*called, hops.iter().cloned().chain([hop]).collect()));
                }
            }
        }
        found
    }

    fn finding(&self, cleanup: FunctionRef, waited: Waited) -> Finding {
        let path = self.project.function_path(cleanup);
        let through = waited.hops.last().map(|hop| format!(" in `{}`", hop.to)).unwrap_or_default();
        let what = waited.what;
        Finding {
            rule: LINT.name,
            level: None,
            message: format!("the clean-up `{path}` waits for {what}{through} with no limit of time"),
            help: help(what).to_owned(),
            place: waited.place,
            item: path,
            evidence: Vec::new(),
            chain: waited.hops,
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        }
    }
}

fn help(what: &str) -> &'static str {
    match what {
        tasks::THREAD => {
            "let the thread say on a channel that it is done, wait for that with `recv_timeout`, and join it then"
        }
        _ => "put a `timeout` around the wait, and abort or report what is not done by then",
    }
}

/// Whether a wait ends after some time: by a limit around it, or because its task was aborted above.
fn is_limited(body: &Body, wait: Span) -> bool {
    let above = Span::new(0, wait.start);
    tasks::is_limited(body, wait, tasks::waits_for_time)
        || tasks::names_call(body, above, &|name| {
            name.starts_with("abort") || matches!(name, "is_finished" | "recv_timeout")
        })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::{LINT, is_cleanup};
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const AROUND: &str = "
        //- dependencies tokio tokio-util futures
        //- src/core/ports.rs
        pub trait Orders { async fn expire(&self); }
    ";

    /// A project with an orchestrator that has these methods.
    fn orchestrator(code: &str) -> String {
        let code = piece(code);
        let imports = "use crate::core::ports::*;\nuse std::{sync::Arc, time::Duration};\nuse tokio::{sync::{Mutex, mpsc, oneshot}, task::{JoinHandle, JoinSet}, time::{sleep, timeout}};\nuse tokio_util::task::TaskTracker;";
        let fields = "orders: Arc<dyn Orders>, worker: JoinHandle<()>, thread: Option<std::thread::JoinHandle<()>>, tasks: JoinSet<()>, tracker: TaskTracker, handles: Mutex<Vec<JoinHandle<()>>>, done: oneshot::Receiver<()>, events: mpsc::Receiver<u8>";
        format!(
            "{AROUND}//- src/app/expiry.rs\n{imports}\npub struct Expiry {{ {fields} }}\nimpl Expiry {{\n{code}\n}}"
        )
    }

    #[track_caller]
    fn says(code: &str, expected: &Expect) {
        check(&LINT, &orchestrator(code), expected);
    }

    #[test]
    fn waits_without_a_limit() {
        says(
            "
            pub async fn shutdown(mut self) {
                self.worker.await.ok();
                while let Some(one) = self.tasks.join_next().await {}
                self.tracker.wait().await;
                for handle in self.handles.lock().await.drain(..) { handle.await; }
                futures::future::join_all(std::mem::take(&mut *self.handles.lock().await)).await;
            }
            pub async fn stop(self) { self.done.await; }
            pub async fn close(&mut self) { (&mut self.worker).await; self.events.recv().await; }
            }
            impl Drop for Expiry {
                fn drop(&mut self) { if let Some(thread) = self.thread.take() { let _ = thread.join(); } }
            ",
            &expect![[r#"
                //- src/app/expiry.rs
                    self.worker.await.ok();
                    ^^^^^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::shutdown` waits for a task with no limit of time
                    while let Some(one) = self.tasks.join_next().await {}
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::shutdown` waits for its tasks with no limit of time
                    self.tracker.wait().await;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::shutdown` waits for its tasks with no limit of time
                    for handle in self.handles.lock().await.drain(..) { handle.await; }
                                                                        ^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::shutdown` waits for a task with no limit of time
                    futures::future::join_all(std::mem::take(&mut *self.handles.lock().await)).await;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::shutdown` waits for its tasks with no limit of time
                pub async fn stop(self) { self.done.await; }
                                          ^^^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::stop` waits for an answer with no limit of time
                pub async fn close(&mut self) { (&mut self.worker).await; self.events.recv().await; }
                                                ^^^^^^^^^^^^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::close` waits for a task with no limit of time
                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::close` waits for an answer with no limit of time
                    fn drop(&mut self) { if let Some(thread) = self.thread.take() { let _ = thread.join(); } }
                                                                                            ^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::drop` waits for a thread with no limit of time
                help: let the thread say on a channel that it is done, wait for that with `recv_timeout`, and join it then
                help: put a `timeout` around the wait, and abort or report what is not done by then
            "#]],
        );
    }

    #[test]
    fn waits_with_a_limit() {
        says(
            "
            pub async fn shutdown(mut self) {
                while let Ok(Some(one)) = timeout(Duration::from_secs(1), self.tasks.join_next()).await {}
                tokio::select! { _ = self.tracker.wait() => {} _ = sleep(Duration::from_secs(1)) => {} }
                tokio::time::timeout(Duration::from_secs(1), async { self.done.await }).await;
                if timeout(Duration::from_secs(1), &mut self.worker).await.is_err() { self.worker.abort(); }
            }
            pub async fn stop(mut self) { self.worker.abort(); self.worker.await.ok(); self.tasks.shutdown().await; }
            pub async fn close(&self) { tokio::spawn(async { self.worker.await }); self.orders.expire().await; }
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn what_the_cleanup_calls_belongs_to_it() {
        says(
            "
            pub async fn shutdown(self) { self.wait_for_worker().await; }
            pub async fn stop(self) { timeout(Duration::from_secs(1), self.join_thread()).await; }
            async fn wait_for_worker(self) { self.worker.await.ok(); }
            async fn join_thread(&self) { self.done.await; }
            pub async fn run(&self) { self.worker.await; }
            ",
            &expect![[r#"
                //- src/app/expiry.rs
                async fn wait_for_worker(self) { self.worker.await.ok(); }
                                                 ^^^^^^^^^^^^^^^^^ the clean-up `app::expiry::Expiry::shutdown` waits for a task in `app::expiry::Expiry::wait_for_worker` with no limit of time
                help: put a `timeout` around the wait, and abort or report what is not done by then
            "#]],
        );
    }

    #[test]
    fn names_say_what_cleans_up() {
        for name in ["stop", "shutdown", "graceful_shutdown", "stop_all", "clean_up", "shutdown_and_wait", "drop"] {
            assert!(is_cleanup(name), "{name}");
        }
        for name in ["run", "wait_for_shutdown", "shutdown_signal", "close_order", "drain_queue", "all"] {
            assert!(!is_cleanup(name), "{name}");
        }
        assert_eq!(judged(&LINT, &orchestrator("pub fn run(&self) { self.orders; } pub fn stop(&self) {}")), 1);
    }
}
