//! # error-strategy-in-core
//!
//! ## What it does
//!
//! Reports code with the role core that decides what to do about the failure of something outside:
//!
//! - *retry*: a loop that tries the same call until it succeeds;
//! - *fallback*: where a port fails, another call of a port takes its place: in `or_else`,
//!   `unwrap_or_else` and the like, or in the `Err` arm of a `match`;
//! - *compensation*: where a port fails, another call of a port makes up for it and the function ends;
//! - a *circuit breaker*: an enum with the states `Open`, `Closed` and `HalfOpen`;
//! - crates for these, such as `backoff`, `backon`, `tokio-retry` and `failsafe`.
//!
//! A port is a trait that no core type implements, or one that the shell implements; what is awaited and
//! functions that were passed in count like one. A pure function that is tried with one input after another
//! is none: it calculates. So are defaults, `or_else` on what is at hand, and errors that are turned into
//! others.
//!
//! ## Why
//!
//! Whether to try again depends on who asks, how long they can wait and what else went wrong, which the
//! core does not know. Buried there, two layers retry the same call and three tries become nine.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/core/rates.rs
//! pub async fn rate(source: &dyn Rates) -> Result<Rate, Error> {
//!     for _ in 0..3 {
//!         if let Ok(rate) = source.fetch().await { return Ok(rate); }
//!     }
//!     Err(Error::NoRate)
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/core/rates.rs
//! pub fn is_usable(rate: &Rate, now: Time) -> bool { now < rate.valid_until }
//! ```
//!
//! The orchestrator fetches, tries again, and asks the core what the result is worth.
//!
//! ## Options
//!
//! - `crates`: further crates that exist for such strategies. None by default. One that no package of the
//!   project depends on is an error.
//!
//! ## Limits
//!
//! Not seen are: strategies that are spread over several functions; loops that count attempts in a field
//! of another type; recursion; what macros generate. A delay that the core calculates from a number
//! of attempts, and a policy that is plain data, are not reported. What a port is, is told by its
//! implementations in the project, so a trait of the core that nobody implements counts as one. Ports whose
//! names speak of logs, metrics or traces are none. Test code is not judged.

use baton_core::config::means;
use baton_core::facts::body::{Arm, Body, Expr, ExprId, LoopKind, PatternId, PatternKind};
use baton_core::facts::types::last_segment;
use baton_core::facts::{Function, ItemKind};
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{FunctionRef, ItemRef, ModuleId, Project, Space, Target};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::source::{Place, Span};
use baton_core::types::{BodyTypes, Callee, Types};
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "error-strategy-in-core",
    level: Level::Warn,
    summary: "The core retries, falls back or compensates when something outside fails.",
    source: include_str!("error_strategy_in_core.rs"),
    options: &[OptionSpec {
        name: "crates",
        default: OptionDefault::Crates(&[]),
        summary: "Further crates that exist for error strategies.",
    }],
    check: Check::Whole(check),
};

/// Crates that exist for such strategies.
const CRATES: &[&str] = &[
    "again",
    "backoff",
    "backon",
    "exponential-backoff",
    "failsafe",
    "recloser",
    "reqwest-retry",
    "retry",
    "retry-policies",
    "stubborn-io",
    "tokio-retry",
    "tokio-retry2",
    "tryhard",
];

const RETRY: &str = "tries a call again until it succeeds";
const FALLBACK: &str = "falls back to another call where one fails";
const COMPENSATION: &str = "calls a port to make up for the failure of another";

/// Words that name attempts.
const ATTEMPTS: &[&str] = &["attempt", "backoff", "retr", "tries"];

/// Words in the names of ports that only watch.
const WATCHERS: &[&str] = &["Log", "Metric", "Observer", "Telemetry", "Trace"];

/// Methods that take over where something failed.
const TAKING_OVER: &[&str] = &["map_or_else", "or", "or_else", "unwrap_or", "unwrap_or_else"];

fn check(project: &Project, options: &Options) -> Verdict {
    let mut verdict = Verdict { judged: 0, findings: crates(project, options) };
    verdict.findings.extend(breakers(project));
    let ports = Ports::new(project);
    let mut types = Types::new(project);
    for function in project.functions().into_iter().filter(|one| project.module(one.item.module).is_core()) {
        let Some(declared) = project.function(function) else { continue };
        let Some(body) = &declared.body else { continue };
        verdict.judged += 1;
        if !may_matter(body) {
            continue;
        }
        let known = types.of_body(function);
        let code = Code { project, function, declared, body, known, ports: &ports };
        verdict.findings.extend(code.findings());
    }
    verdict
}

/// One finding for each module and crate that exists for a strategy.
fn crates(project: &Project, options: &Options) -> Vec<Finding> {
    let is_added = |package: &str| options.texts("crates").iter().any(|added| means(added, &package.replace('-', "_")));
    let is_meant = |package: &str| CRATES.contains(&package) || is_added(package);
    let mut places: BTreeMap<(ModuleId, String), Vec<Place>> = BTreeMap::new();
    let mut first = BTreeMap::new();
    for edge in project.edges.iter().filter(|edge| !edge.test && project.module(edge.from).is_core()) {
        if let Target::Outside(package, _) = &edge.to
            && is_meant(package)
            && *first.entry(edge.place).or_insert(edge.from) == edge.from
        {
            places.entry((edge.from, package.to_string())).or_default().push(edge.place);
        }
    }
    let findings = places.into_iter().map(|((module, package), places)| {
        let path = project.module_path(module);
        let message = format!("core module `{path}` uses `{package}`, which is there to try again");
        let more = places[1..].iter().map(|place| (*place, format!("uses `{package}`")));
        finding(message, places[0], path, more.collect())
    });
    findings.collect()
}

/// The enums of the core that are the states of a circuit breaker.
fn breakers(project: &Project) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for (module, _) in project.modules().filter(|(_, module)| module.is_core()) {
        for (index, item) in project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
            let ItemKind::Enum(declared) = &item.kind else { continue };
            let has = |name: &str| declared.variants.iter().any(|variant| variant.name == name);
            let place = project.place(module, item.name_span);
            if has("Open") && has("Closed") && has("HalfOpen") && seen.insert(place) {
                let path = project.item_path(ItemRef { module, index: index as u32 });
                findings.push(finding(
                    format!("`{path}` has the states of a circuit breaker"),
                    place,
                    path,
                    Vec::new(),
                ));
            }
        }
    }
    findings
}

fn finding(message: String, place: Place, item: String, evidence: Vec<(Place, String)>) -> Finding {
    let evidence = evidence.into_iter().map(|(place, why)| Evidence { kind: "strategy", place, why });
    Finding {
        rule: LINT.name,
        level: None,
        message,
        help: "let the orchestrator decide what happens when something fails, and keep what does not depend on that"
            .to_owned(),
        place,
        item,
        evidence: evidence.collect(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

/// Whether a body has a form that a strategy may take; types cost more.
fn may_matter(body: &Body) -> bool {
    let has_error = || body.patterns().any(|id| names(body, id, "Err") || names(body, id, "Ok"));
    let takes_over = |expr: &Expr| match expr {
        Expr::MethodCall(_, name, _) => {
            TAKING_OVER.contains(&name.as_str()) || matches!(name.as_str(), "find_map" | "is_ok" | "is_err")
        }
        _ => false,
    };
    body.nodes().any(|(_, node)| takes_over(&node.expr)) || has_error()
}

/// Which traits are implemented where.
struct Ports {
    by_core: BTreeSet<ItemRef>,
    by_shell: BTreeSet<ItemRef>,
}

impl Ports {
    fn new(project: &Project) -> Self {
        let mut ports = Self { by_core: BTreeSet::new(), by_shell: BTreeSet::new() };
        for (id, module) in project.modules().filter(|(_, module)| !module.test) {
            for item in project.scope(id).items.iter().filter(|item| !item.test) {
                let ItemKind::Impl(block) = &item.kind else { continue };
                let Some(of_trait) = &block.of_trait else { continue };
                let target = project.names().resolve(id, &of_trait.path, Space::Types).target;
                if let Target::Item(of_trait) = target {
                    let known = if module.is_outer() { &mut ports.by_shell } else { &mut ports.by_core };
                    known.insert(of_trait);
                }
            }
        }
        ports
    }

    fn has(&self, project: &Project, of_trait: ItemRef) -> bool {
        let name = &project.item(of_trait).name;
        let watches = WATCHERS.iter().any(|word| name.contains(word));
        !watches && (self.by_shell.contains(&of_trait) || !self.by_core.contains(&of_trait))
    }
}

/// The body of one function.
struct Code<'a> {
    project: &'a Project,
    function: FunctionRef,
    declared: &'a Function,
    body: &'a Body,
    known: &'a BodyTypes,
    ports: &'a Ports,
}

impl Code<'_> {
    /// What the body does about failures: each place belongs to the outermost strategy around it.
    fn findings(&self) -> Vec<Finding> {
        let mut found: Vec<(Span, &'static str, Span)> = Vec::new();
        // Parents come behind their children.
        let nodes: Vec<ExprId> = self.body.nodes().map(|(id, _)| id).collect();
        for id in nodes.into_iter().rev() {
            let span = self.body.node(id).span;
            if found.iter().any(|(outer, ..)| outer.contains(span)) {
                continue;
            }
            let strategy = match self.body.expr(id) {
                Expr::Loop(kind, inside) => self.retried(kind, *inside).map(|tried| (RETRY, tried)),
                Expr::MethodCall(receiver, name, arguments) if name == "find_map" => {
                    self.retried_in_search(*receiver, arguments).map(|tried| (RETRY, tried))
                }
                Expr::MethodCall(receiver, name, arguments) if TAKING_OVER.contains(&name.as_str()) => {
                    self.taken_over(*receiver, arguments).map(|other| (FALLBACK, other))
                }
                Expr::Match(tried, arms) => self.handled(*tried, arms),
                Expr::If(condition, then, _) => self.handled_if(*condition, *then),
                _ => None,
            };
            found.extend(strategy.map(|(what, place)| (span, what, place)));
        }
        let path = self.project.function_path(self.function);
        let place = |span: Span| self.project.place(self.function.item.module, span);
        found.sort_unstable();
        let findings = found
            .into_iter()
            .map(|(_, what, at)| finding(format!("`{path}` {what}"), place(at), path.clone(), Vec::new()));
        findings.collect()
    }

    /// The call that a loop tries until it succeeds.
    fn retried(&self, kind: &LoopKind, inside: ExprId) -> Option<Span> {
        let around = self.body.node(inside).span;
        let counter = match kind {
            LoopKind::For(pattern, over) if matches!(self.body.expr(*over), Expr::Range(..)) => {
                Some(self.bound(*pattern))
            }
            // A list is gone through: each turn has an input of its own.
            LoopKind::For(..) => return None,
            LoopKind::While(condition) => {
                if let Some(tried) = self.failing(*condition) {
                    return self.outside_call(tried);
                }
                self.counted(*condition, around)
            }
            LoopKind::Forever => None,
        };
        let counts = || self.mentions(around, is_attempt);
        if counter.is_none() && !counts() {
            return None;
        }
        let uses_counter =
            |span: Span| counter.is_some_and(|name| !is_attempt(name) && self.mentions(span, |path| path == name));
        let tries = self.body.nodes().filter(|(_, node)| around.contains(node.span));
        let mut tried = tries.filter_map(|(id, _)| self.leaves_on_success(id));
        tried.find_map(|tried| self.outside_call(tried).filter(|_| !uses_counter(self.body.node(tried).span)))
    }

    /// The variable that a condition asks for and the loop counts up or down by a number.
    fn counted(&self, condition: ExprId, around: Span) -> Option<&str> {
        let asked = self.body.node(condition).span;
        let mut inside = self.body.nodes().filter(|(_, node)| around.contains(node.span));
        inside.find_map(|(_, node)| match &node.expr {
            Expr::Assign(Some(_), target, step) if matches!(self.body.expr(*step), Expr::Literal(..)) => {
                let Expr::Path(name) = self.body.expr(*target) else { return None };
                self.mentions(asked, |path| path == name).then_some(name.as_str())
            }
            _ => None,
        })
    }

    /// `(0..3).find_map(|_| rates.fetch().ok())`: a loop by another name.
    fn retried_in_search(&self, receiver: ExprId, arguments: &[ExprId]) -> Option<Span> {
        let [closure] = arguments else { return None };
        let Expr::Closure(parameters, inside) = self.body.expr(*closure) else { return None };
        let same = parameters.iter().all(|one| self.body.pattern(*one).kind == PatternKind::Wild);
        let turns = matches!(self.body.expr(receiver), Expr::Range(..));
        (turns && same).then(|| self.outside_call(*inside))?
    }

    /// What is tried, if an expression leaves the loop where that succeeds and goes on where it fails.
    fn leaves_on_success(&self, id: ExprId) -> Option<ExprId> {
        match self.body.expr(id) {
            Expr::Match(tried, arms) => {
                let of =
                    |name: &str| arms.iter().filter(move |arm| names(self.body, arm.pattern, name)).collect::<Vec<_>>();
                let (good, bad) = (of("Ok"), of("Err"));
                let goes_on =
                    bad.iter().any(|arm| arm.guard.is_some() || !self.leaves(arm.body) || self.continues(arm.body));
                let ends = !good.is_empty() && good.iter().all(|arm| self.leaves(arm.body));
                (ends && goes_on).then_some(*tried)
            }
            Expr::If(condition, then, otherwise) => {
                let tried = match self.body.expr(*condition) {
                    Expr::LetCondition(pattern, tried) if names(self.body, *pattern, "Ok") => *tried,
                    Expr::MethodCall(tried, name, _) if name == "is_ok" => *tried,
                    _ => return None,
                };
                let goes_on = otherwise.is_none_or(|otherwise| !self.leaves(otherwise));
                (self.leaves(*then) && goes_on).then_some(tried)
            }
            _ => None,
        }
    }

    /// What is tried in a condition that holds while it fails.
    fn failing(&self, condition: ExprId) -> Option<ExprId> {
        match self.body.expr(condition) {
            Expr::LetCondition(pattern, tried) if names(self.body, *pattern, "Err") => Some(*tried),
            Expr::MethodCall(tried, name, _) if name == "is_err" => Some(*tried),
            _ => None,
        }
    }

    /// Whether an expression always ends the loop or the function.
    fn leaves(&self, id: ExprId) -> bool {
        match self.body.expr(id) {
            Expr::Leave(..) => true,
            Expr::Block(statements, _) => statements.iter().any(|statement| self.leaves(*statement)),
            Expr::If(_, then, Some(otherwise)) => self.leaves(*then) && self.leaves(*otherwise),
            _ => false,
        }
    }

    /// Whether the next turn of a loop may begin in an expression.
    fn continues(&self, id: ExprId) -> bool {
        let around = self.body.node(id).span;
        self.body.nodes().any(|(_, node)| node.expr == Expr::Continue && around.contains(node.span))
    }

    /// The call of a port that a method takes over with, where another call failed.
    fn taken_over(&self, receiver: ExprId, arguments: &[ExprId]) -> Option<Span> {
        self.outside_call(receiver)?;
        arguments.iter().find_map(|argument| self.outside_call(*argument))
    }

    /// What the `Err` arm of a match does with the failure of a port.
    fn handled(&self, tried: ExprId, arms: &[Arm]) -> Option<(&'static str, Span)> {
        self.outside_call(tried)?;
        let is_value = |arm: &Arm| !matches!(self.body.expr(arm.body), Expr::Block(_, false)) && !self.leaves(arm.body);
        let yields = arms.iter().any(|arm| names(self.body, arm.pattern, "Ok") && is_value(arm));
        let failures = arms.iter().filter(|arm| names(self.body, arm.pattern, "Err")).map(|arm| arm.body);
        let mut failures = failures.filter_map(|arm| {
            let other = if yields { self.yielded_call(arm) } else { None };
            other.map(|other| (FALLBACK, other)).or_else(|| self.undoing(arm))
        });
        failures.next()
    }

    /// The same of `if let Err(error) = call { }`.
    fn handled_if(&self, condition: ExprId, then: ExprId) -> Option<(&'static str, Span)> {
        let tried = self.failing(condition)?;
        self.outside_call(tried)?;
        self.undoing(then)
    }

    /// The call of something outside whose result an expression yields.
    fn yielded_call(&self, id: ExprId) -> Option<Span> {
        match self.body.expr(id) {
            Expr::Block(statements, true) => self.yielded_call(*statements.last()?),
            Expr::If(_, then, Some(otherwise)) => self.yielded_call(*then).or_else(|| self.yielded_call(*otherwise)),
            Expr::Match(_, arms) => arms.iter().find_map(|arm| self.yielded_call(arm.body)),
            Expr::Await(_) | Expr::Try(_) | Expr::MethodCall(..) | Expr::Call(..) => self.outside_call(id),
            _ => None,
        }
    }

    /// The call of a port in code that ends with the failure of another.
    fn undoing(&self, id: ExprId) -> Option<(&'static str, Span)> {
        let around = self.body.node(id).span;
        let mut calls = self.body.nodes().filter(|(id, node)| around.contains(node.span) && self.is_port(*id));
        let (_, call) = calls.find(|_| self.leaves(id))?;
        Some((COMPENSATION, call.span))
    }

    /// The first call in an expression of something outside: a port, something awaited, or a function that
    /// was passed in.
    fn outside_call(&self, id: ExprId) -> Option<Span> {
        let around = self.body.node(id).span;
        let mut calls = self.body.nodes().filter(|(_, node)| around.contains(node.span));
        let found = calls.find(|(id, node)| match &node.expr {
            Expr::Await(inner) => !self.is_watcher(*inner),
            Expr::Call(callee, _) => self.is_passed(*callee) || self.is_port(*id),
            Expr::MethodCall(..) => self.is_port(*id),
            _ => false,
        });
        found.map(|(_, node)| node.span)
    }

    fn is_port(&self, call: ExprId) -> bool {
        match self.known.callee(call) {
            Some(Callee::Trait { function, .. }) => self.ports.has(self.project, function.item),
            _ => false,
        }
    }

    /// Whether what is awaited is a call of a port that only watches.
    fn is_watcher(&self, awaited: ExprId) -> bool {
        match self.known.callee(awaited) {
            Some(Callee::Trait { function, .. }) => {
                let name = &self.project.item(function.item).name;
                WATCHERS.iter().any(|word| name.contains(word))
            }
            _ => false,
        }
    }

    /// Whether a name is a parameter that can be called.
    fn is_passed(&self, callee: ExprId) -> bool {
        match self.body.expr(callee) {
            Expr::Path(path) => self.declared.parameters.iter().any(|parameter| parameter.name == *path),
            _ => false,
        }
    }

    /// Whether a path in a place is one of those asked for; of a field the name counts.
    fn mentions(&self, around: Span, is_meant: impl Fn(&str) -> bool) -> bool {
        self.body.nodes().filter(|(_, node)| around.contains(node.span)).any(|(_, node)| match &node.expr {
            Expr::Path(name) | Expr::Field(_, name) => is_meant(last_segment(name)),
            _ => false,
        })
    }

    /// The name that a pattern binds; empty for `_`.
    fn bound(&self, pattern: PatternId) -> &str {
        match &self.body.pattern(pattern).kind {
            PatternKind::Binding(name, _) => name,
            _ => "",
        }
    }
}

fn is_attempt(name: &str) -> bool {
    let name = name.to_lowercase();
    ATTEMPTS.iter().any(|word| name.contains(word))
}

/// Whether a pattern is that variant, or one of several that may be it.
fn names(body: &Body, pattern: PatternId, variant: &str) -> bool {
    match &body.pattern(pattern).kind {
        PatternKind::TupleStruct(path, _) | PatternKind::Path(path) => last_segment(path) == variant,
        PatternKind::Or(parts) => parts.iter().any(|part| names(body, *part, variant)),
        PatternKind::Reference(inner) => names(body, *inner, variant),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    /// A core with ports, and who implements them.
    const AROUND: &str = "
        //- dependencies backoff tokio-retry our-retry
        //- src/core/ports.rs
        pub trait Rates { fn fetch(&self) -> Result<u8, u8>; async fn load(&self, id: u8) -> Result<u8, u8>; fn find(&self) -> Option<u8>; }
        pub trait Logger { fn log(&self, text: &str); async fn warn(&self); }
        pub trait Rule { fn apply(&self, net: u8) -> Result<u8, u8>; }
        pub struct Flat;
        impl Rule for Flat { fn apply(&self, net: u8) -> Result<u8, u8> { Ok(net) } }
        //- src/shell/bank.rs
        pub struct Bank;
        impl crate::core::ports::Rates for Bank {}
    ";

    /// What is said about `code` as a core module.
    #[track_caller]
    fn core(code: &str, expected: &Expect) {
        let code = piece(code);
        check(&LINT, &format!("{AROUND}//- src/core/price.rs\nuse super::ports::*;\n{code}"), expected);
    }

    #[test]
    fn loops_that_try_a_call_until_it_succeeds() {
        core(
            "
            pub fn range(rates: &dyn Rates) -> Result<u8, u8> {
                for _ in 0..3 { if let Ok(rate) = rates.fetch() { return Ok(rate); } }
                Err(1)
            }
            pub async fn forever(rates: &impl Rates) -> Result<u8, u8> {
                let mut attempts = 0;
                loop {
                    match rates.load(1).await {
                        Ok(rate) => return Ok(rate),
                        Err(error) if attempts >= 3 => return Err(error),
                        Err(_) => attempts += 1,
                    }
                }
            }
            pub fn passed(call: impl Fn() -> Result<u8, u8>, max_retries: u8) -> u8 {
                let mut tried = 0;
                while tried < max_retries { if call().is_ok() { break; } tried += 1; if tried == max_retries { return 0; } }
                tried
            }
            pub fn failing(rates: &dyn Rates) -> u8 { while rates.fetch().is_err() {} while let Err(_) = rates.fetch() {} 1 }
            pub fn told(call: impl Fn(u8) -> Result<u8, u8>) -> Result<u8, u8> {
                for attempt in 0..3 {
                    match call(attempt) {
                        Ok(rate) => return Ok(rate),
                        Err(error) => { if attempt < 2 { continue; } return Err(error); }
                    }
                }
                Err(1)
            }
            pub fn matched(rates: &dyn Rates) -> Option<u8> {
                for attempt in 1..=3 {
                    let tried = match rates.fetch() { Ok(rate) => return Some(rate), Err(error) => { let wait = attempt * 2; error } };
                }
                None
            }
            pub fn down(call: impl Fn() -> Result<u8, u8>) -> Option<u8> {
                let mut left = 4;
                while left > 0 { if let Ok(rate) = call() { return Some(rate); } left -= 1; }
                (0..3).find_map(|_| call().ok())
            }
            pub fn each(call: impl Fn(u8) -> Result<u8, u8>, mut left: u8) -> Option<u8> {
                while left > 0 { if let Ok(rate) = call(left) { return Some(rate); } left -= 1; }
                (0..3).find_map(|one| call(one).ok())
            }
            ",
            &expect![[r#"
                //- src/core/price.rs
                    for _ in 0..3 { if let Ok(rate) = rates.fetch() { return Ok(rate); } }
                                                      ^^^^^^^^^^^^^ `core::price::range` tries a call again until it succeeds
                        match rates.load(1).await {
                              ^^^^^^^^^^^^^ `core::price::forever` tries a call again until it succeeds
                    while tried < max_retries { if call().is_ok() { break; } tried += 1; if tried == max_retries { return 0; } }
                                                   ^^^^^^ `core::price::passed` tries a call again until it succeeds
                pub fn failing(rates: &dyn Rates) -> u8 { while rates.fetch().is_err() {} while let Err(_) = rates.fetch() {} 1 }
                                                                ^^^^^^^^^^^^^ `core::price::failing` tries a call again until it succeeds
                                                                                                             ^^^^^^^^^^^^^ `core::price::failing` tries a call again until it succeeds
                        match call(attempt) {
                              ^^^^^^^^^^^^^ `core::price::told` tries a call again until it succeeds
                        let tried = match rates.fetch() { Ok(rate) => return Some(rate), Err(error) => { let wait = attempt * 2; error } };
                                          ^^^^^^^^^^^^^ `core::price::matched` tries a call again until it succeeds
                    while left > 0 { if let Ok(rate) = call() { return Some(rate); } left -= 1; }
                                                       ^^^^^^ `core::price::down` tries a call again until it succeeds
                    (0..3).find_map(|_| call().ok())
                                        ^^^^^^ `core::price::down` tries a call again until it succeeds
                help: let the orchestrator decide what happens when something fails, and keep what does not depend on that
            "#]],
        );
    }

    #[test]
    fn loops_that_go_through_something() {
        core(
            "
            const FORMATS: &[&str] = &[];
            fn parse(text: &str) -> Result<u8, u8> { Ok(1) }
            pub fn formats() -> Option<u8> { for format in FORMATS { if let Ok(date) = parse(format) { return Some(date); } } None }
            pub fn all(rates: &[Box<dyn Rates>]) -> Option<u8> { for one in rates { if let Ok(rate) = one.fetch() { return Some(rate); } } None }
            pub fn pure() -> u8 { for _ in 0..3 { if let Ok(date) = parse(\"a\") { return date; } } 1 }
            pub async fn by_number(rates: &dyn Rates) -> Option<u8> { for id in 0..3 { if let Ok(rate) = rates.load(id).await { return Some(rate); } } None }
            pub fn first(rates: &dyn Rates) -> Result<u8, u8> { for _ in 0..3 { match rates.fetch() { Ok(rate) => return Ok(rate), Err(error) => return Err(error) } } Err(1) }
            pub fn sum(rates: &dyn Rates) -> u8 { let mut sum = 0; for _ in 0..3 { if let Ok(rate) = rates.fetch() { sum += rate; } } sum }
            pub fn delay(attempt: u32) -> u64 { 100 * 2_u64.pow(attempt) }
            pub fn newton(mut x: f64) -> f64 { loop { match step(x) { Ok(next) => return next, Err(next) => x = next } } }
            fn step(x: f64) -> Result<f64, f64> { Ok(x) }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn calls_that_take_the_place_of_one_that_failed() {
        core(
            "
            pub struct Both<A, B> { first: A, second: B }
            impl<A: Rates, B: Rates> Both<A, B> {
                pub fn rate(&self) -> Result<u8, u8> { self.first.fetch().or_else(|_| self.second.fetch()) }
                pub fn cached(&self) -> Option<u8> { self.first.find().or_else(|| self.second.find()) }
                pub async fn matched(&self) -> Result<u8, u8> {
                    match self.first.load(1).await { Ok(rate) => Ok(rate), Err(_) => self.second.load(1).await }
                }
                pub fn undone(&self) -> Result<u8, u8> {
                    let rate = match self.first.fetch() { Ok(rate) => rate, Err(error) => { self.second.find(); return Err(error); } };
                    if let Err(error) = self.second.fetch() { self.first.find(); return Err(error); }
                    Ok(rate)
                }
            }
            ",
            &expect![[r#"
                //- src/core/price.rs
                    pub fn rate(&self) -> Result<u8, u8> { self.first.fetch().or_else(|_| self.second.fetch()) }
                                                                                          ^^^^^^^^^^^^^^^^^^^ `core::price::Both::rate` falls back to another call where one fails
                    pub fn cached(&self) -> Option<u8> { self.first.find().or_else(|| self.second.find()) }
                                                                                      ^^^^^^^^^^^^^^^^^^ `core::price::Both::cached` falls back to another call where one fails
                        match self.first.load(1).await { Ok(rate) => Ok(rate), Err(_) => self.second.load(1).await }
                                                                                         ^^^^^^^^^^^^^^^^^^^ `core::price::Both::matched` falls back to another call where one fails
                        let rate = match self.first.fetch() { Ok(rate) => rate, Err(error) => { self.second.find(); return Err(error); } };
                                                                                                ^^^^^^^^^^^^^^^^^^ `core::price::Both::undone` calls a port to make up for the failure of another
                        if let Err(error) = self.second.fetch() { self.first.find(); return Err(error); }
                                                                  ^^^^^^^^^^^^^^^^^ `core::price::Both::undone` calls a port to make up for the failure of another
                help: let the orchestrator decide what happens when something fails, and keep what does not depend on that
            "#]],
        );
    }

    #[test]
    fn what_is_calculated_or_said_where_something_failed() {
        core(
            "
            pub struct Price<R, L> { rates: R, log: L, fixed: Option<u8> }
            impl<R: Rates, L: Logger> Price<R, L> {
                pub fn default(&self) -> u8 { self.rates.fetch().unwrap_or_else(|_| self.fixed.unwrap_or(1)) }
                pub fn turned(&self) -> Result<u8, String> { self.rates.fetch().map_err(|error| error.to_string()) }
                pub fn plain(&self) -> Option<u8> { self.fixed.or_else(|| Some(2)).or(Some(3)) }
                pub fn said(&self) -> Result<u8, u8> { match self.rates.fetch() { Ok(rate) => Ok(rate), Err(error) => { self.log.log(\"no\"); Err(error) } } }
                pub async fn waits(&self) -> Result<u8, u8> { if let Err(error) = self.rates.load(1).await { self.log.warn().await; return Err(error); } Ok(1) }
                pub async fn noted(&self) { if let Err(_) = self.rates.load(1).await { self.rates.find(); } }
                pub fn both(&self) { match self.rates.fetch() { Ok(_) => {} Err(_) => { self.rates.find(); } } }
                pub fn ordered(&self) -> Option<u8> { match self.fixed { Some(rate) => Some(rate), None => self.rates.find() } }
            }
            pub fn rules(first: &dyn Rule, second: &dyn Rule) -> Result<u8, u8> { first.apply(1).or_else(|_| second.apply(1)) }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn crates_and_circuit_breakers() {
        core(
            "
            use backoff::ExponentialBackoff;
            use tokio_retry::Retry;
            pub fn policy() -> ExponentialBackoff { backoff::ExponentialBackoff::default() }
            pub enum Breaker { Open, Closed, HalfOpen }
            pub enum Door { Open, Closed, Locked }
            ",
            &expect![[r#"
                //- src/core/price.rs
                use backoff::ExponentialBackoff;
                             ^^^^^^^^^^^^^^^^^^ core module `core::price` uses `backoff`, which is there to try again
                pub fn policy() -> ExponentialBackoff { backoff::ExponentialBackoff::default() }
                                                        ------------------------------------ uses `backoff`
                use tokio_retry::Retry;
                                 ^^^^^ core module `core::price` uses `tokio-retry`, which is there to try again
                pub enum Breaker { Open, Closed, HalfOpen }
                         ^^^^^^^ `core::price::Breaker` has the states of a circuit breaker
                help: let the orchestrator decide what happens when something fails, and keep what does not depend on that
            "#]],
        );
        let config = "//- baton.toml\nversion = 1\nrules.error-strategy-in-core = { crates = [\"our-retry\"] }\n";
        check(
            &LINT,
            &format!("{AROUND}{config}//- src/core/price.rs\nuse our_retry::again;\n"),
            &expect![[r#"
            //- src/core/price.rs
            use our_retry::again;
                           ^^^^^ core module `core::price` uses `our-retry`, which is there to try again
            help: let the orchestrator decide what happens when something fails, and keep what does not depend on that
        "#]],
        );
    }

    #[test]
    fn only_the_core_is_judged_and_tests_are_not() {
        let text = format!(
            "{AROUND}
            //- src/app/quote.rs
            pub fn quote(rates: &dyn crate::core::ports::Rates) {{ while rates.fetch().is_err() {{}} }}
            //- src/core/price.rs
            pub fn price() {{}}
            #[cfg(test)]
            mod tests {{ fn load(rates: &dyn crate::core::ports::Rates) {{ while rates.fetch().is_err() {{}} }} }}
            "
        );
        check(&LINT, &text, &expect![[r#""#]]);
        assert_eq!(judged(&LINT, &text), 2);
    }
}
