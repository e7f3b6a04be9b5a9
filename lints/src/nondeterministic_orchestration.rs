//! # nondeterministic-orchestration
//!
//! ## What it does
//!
//! Judges functions that are given the `RunContext` of the crate `baton-runtime`: bodies of orchestrators, and what
//! helps them. Such a body runs again from its beginning when a run is resumed. Its operations hand back what they
//! recorded then, and all the rest is done again, so it has to come out the same. Reported is
//!
//! - what touches the world outside of a step: the clock, randomness, the environment, files, the network, a
//!   collaborator that is awaited, a task that is spawned; also in a function of the same module or without a role
//!   that is called there;
//! - an operation in a loop over a `HashMap` or `HashSet`, or in a closure that is called for each of its entries: they
//!   come in another order each time;
//! - a context that is used inside of what a step records, or in a task;
//! - a step, value, note or decision whose name is calculated, or that another one of the same function has;
//! - an operation that nobody awaits: it does nothing;
//! - a step with `Effect::AtMostOnce` that has no `compensate`, in a function that neither asks anybody (`decision`) nor
//!   looks for what is unfinished (`Unfinished`, `OutcomeUnknown`): nobody decides what happens when its outcome is
//!   unknown.
//!
//! ## Why
//!
//! A run is resumed by doing its body again and handing back what is recorded. If the second time goes another way, the
//! records belong to other steps: a payment is made twice, or the run stops for good with a changed definition. Tests
//! seldom see it, because it takes a crash.
//!
//! ## Bad
//!
//! ```rust,ignore
//! async fn orchestrate(&self, cx: &RunContext<'_>, order: Order) -> Result<Receipt, RunError<CheckoutError>> {
//!     let due = SystemTime::now() + WEEK;
//!     let paid = self.payments.charge(&order).await?;
//!     cx.step(format!("mail {}", order.id)).run(async |_| self.mail.send(due, &paid).await).await
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! async fn orchestrate(&self, cx: &RunContext<'_>, order: Order) -> Result<Receipt, RunError<CheckoutError>> {
//!     let due = cx.now().await? + WEEK;
//!     let paid = cx.step("charge").run(async |_| self.payments.charge(&order).await).await?;
//!     cx.step("mail").run(async |_| self.mail.send(due, &paid).await).await
//! }
//! ```
//!
//! ## Options
//!
//! - `allow`, default `[]`: Paths that are fine outside of a step, such as `uuid::Uuid::new_v4`; a `*` at the end stands for any rest.
//!
//! ## Limits
//!
//! What outside code does is told by the table of `impure-core`; what is not in it counts as harmless. Logging is. A call
//! of a collaborator counts where it is awaited on a field of the orchestrator. A name that is the same in two branches
//! of an `if` or `match` is fine, and so is one that a loop uses again. Steps of a pipeline are known to the builder, and
//! are not judged. Test code is not judged.

use baton_core::effects::{Does, Effect, Effects, Site, Sites, Ways};
use baton_core::facts::body::{Body, Expr, ExprId, LiteralKind, LoopKind, PatternKind};
use baton_core::facts::types::last_segment;
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{FunctionRef, Orchestrator, Project};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::runs::{self, Operation};
use baton_core::source::{Place, Span};
use baton_core::types::{BodyTypes, Callee, Ty, Types};
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "nondeterministic-orchestration",
    level: Level::Deny,
    summary: "A body that runs again when its run is resumed does not do the same again.",
    source: include_str!("nondeterministic_orchestration.rs"),
    options: &[OptionSpec {
        name: "allow",
        default: OptionDefault::Paths(&[]),
        summary: "Paths that are fine outside of a step, such as `uuid::Uuid::new_v4`; a `*` at the end stands for any rest.",
    }],
    check: Check::Whole(check),
};

fn check(project: &Project, options: &Options) -> Verdict {
    let mut types = Types::new(project);
    let functions = runs::functions(project, &mut types);
    if functions.is_empty() {
        return Verdict::default();
    }
    let effects = Effects::new(false, &[], options.texts("allow"));
    let mut sites = Sites::new(project, &effects);
    let owners: BTreeMap<FunctionRef, &Orchestrator> =
        project.orchestrator_code().into_iter().map(|(orchestrator, function)| (function, orchestrator)).collect();
    let mut findings = Vec::new();
    for &function in &functions {
        let Some(body) = project.function(function).and_then(|declared| declared.body.as_ref()) else { continue };
        let known = types.of_body(function);
        let run = Run {
            project,
            function,
            body,
            types: known,
            contexts: runs::contexts(project, body, known),
            operations: runs::operations(project, body, known),
        };
        run.effects(&mut sites, &functions, &mut findings);
        run.collaborators(owners.get(&function).copied(), &mut findings);
        run.order(&mut findings);
        run.inside(&mut findings);
        run.names(&mut findings);
        run.fates(&mut findings);
        run.unknown_outcomes(&mut findings);
    }
    Verdict { judged: functions.len(), findings }
}

/// A function that works in a run.
struct Run<'p> {
    project: &'p Project,
    function: FunctionRef,
    body: &'p Body,
    types: &'p BodyTypes,
    /// Where it names the context.
    contexts: Vec<ExprId>,
    operations: Vec<Operation>,
}

impl Run<'_> {
    fn finding(&self, span: Span, message: &str, help: String) -> Finding {
        let path = self.project.function_path(self.function);
        Finding {
            rule: LINT.name,
            level: None,
            message: format!("`{path}` {message}"),
            help,
            place: self.place(span),
            item: path,
            evidence: Vec::new(),
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        }
    }

    fn place(&self, span: Span) -> Place {
        self.project.place(self.function.item.module, span)
    }

    fn span(&self, id: ExprId) -> Span {
        self.body.node(id).span
    }

    /// Whether a place is in what an operation records.
    fn is_recorded(&self, span: Span) -> bool {
        self.operations.iter().flat_map(|operation| &operation.recorded).any(|part| part.contains(span))
    }

    /// Whether a part of the body uses the context.
    fn uses_context(&self, part: Span) -> bool {
        self.contexts.iter().any(|context| part.contains(self.span(*context)))
    }

    /// What touches the world outside of a step, by itself or through what it calls.
    fn effects(&self, sites: &mut Sites<'_>, in_runs: &[FunctionRef], findings: &mut Vec<Finding>) {
        let mut all = sites.of_node(self.function);
        all.extend(self.helpers(in_runs));
        let mut seen = BTreeSet::new();
        let is_of_runtime =
            |site: &Site| matches!(site.does, Does::Uses(node) if runs::is_of_runtime(self.project, node));
        for site in all.into_iter().filter(|site| !self.is_recorded(site.span) && !is_of_runtime(site)) {
            let (effect, end) = match &site.does {
                Does::Effect(effect) => (effect.clone(), None),
                Does::Uses(node) => {
                    let ways = Ways::new(sites, [*node]);
                    let way = ways.way(self.project, *node);
                    let Some((place, effect)) = Ways::end(&way) else { continue };
                    (effect.clone(), Some((place, *node)))
                }
            };
            if seen.insert(site.span) {
                findings.push(self.outside_of_a_step(&site, &effect, end));
            }
        }
    }

    /// Calls of functions of the same module that work in no run themselves.
    fn helpers(&self, in_runs: &[FunctionRef]) -> Vec<Site> {
        let calls = self.body.nodes().filter_map(|(id, node)| match self.types.callee(id) {
            Some(Callee::Function(called)) if called.item.module == self.function.item.module => {
                Some(Site { span: node.span, does: Does::Uses(*called) })
            }
            _ => None,
        });
        calls.filter(|site| !matches!(&site.does, Does::Uses(called) if in_runs.contains(called))).collect()
    }

    fn outside_of_a_step(&self, site: &Site, effect: &Effect, end: Option<(Place, FunctionRef)>) -> Finding {
        let through = end.map_or(String::new(), |(_, node)| {
            let name = self.project.function(node).map_or("", |function| function.name.as_str());
            format!(" through `{name}`")
        });
        let message = format!("{} outside of a step{through}: `{}`", effect.kind.does, effect.what);
        let help = match effect.kind.name {
            "clock" => "ask the run: `cx.now()` is recorded",
            "randomness" => "ask the run: `cx.uuid()` and `cx.value(\"name\", || …)` are recorded",
            "environment" => "record it: `cx.value(\"name\", || …)`, or pass it in when the orchestrator is made",
            "async runtime" | "threads" => {
                "wait with `cx.sleep`, run steps side by side through the context, and start background work in `start`"
            }
            _ => "do it in a step: `cx.step(\"name\").run(async |_| …)`",
        };
        let mut finding = self.finding(site.span, &message, help.to_owned());
        finding.evidence.extend(end.map(|(place, _)| Evidence {
            kind: "effect",
            place,
            why: format!("{} here", effect.kind.does),
        }));
        finding
    }

    /// Collaborators that are awaited outside of a step.
    fn collaborators(&self, owner: Option<&Orchestrator>, findings: &mut Vec<Finding>) {
        let Some(owner) = owner else { return };
        for (id, node) in self.body.nodes() {
            let Expr::Await(call) = node.expr else { continue };
            let (Some(field), false) = (self.called_field(call), self.is_recorded(node.span)) else { continue };
            let collaborator = owner.collaborators.iter().find(|one| one.name == field && !one.telemetry);
            if collaborator.is_some() && !self.uses_context(self.span(id)) {
                let message = format!("awaits `{field}` outside of a step");
                let help = "do it in a step: `cx.step(\"name\").run(async |_| …)`; else it is done again when the run is resumed";
                findings.push(self.finding(node.span, &message, help.to_owned()));
            }
        }
    }

    /// The field of the orchestrator on which a call is made, directly or on what a call of it returned. What is made
    /// when it is first asked for is not called by being asked for.
    fn called_field(&self, call: ExprId) -> Option<&str> {
        let Expr::MethodCall(receiver, ..) = self.body.expr(call) else { return None };
        let mut at = *receiver;
        loop {
            at = match self.body.expr(at) {
                Expr::MethodCall(inner, ..)
                | Expr::Reference(_, inner)
                | Expr::Unary(_, inner)
                | Expr::Try(inner)
                | Expr::Await(inner) => *inner,
                Expr::Field(of, name) if matches!(self.body.expr(*of), Expr::Path(path) if path == "self") => {
                    let is_lazy = |ty: &Ty| matches!(ty.referent(), Ty::Outside(outside) if last_segment(&outside.path) == "Lazy");
                    let is_asked_for = at == *receiver && is_lazy(self.types.ty(at));
                    return (!is_asked_for).then_some(name);
                }
                _ => return None,
            };
        }
    }

    /// Operations that come in the order of a table without one.
    fn order(&self, findings: &mut Vec<Finding>) {
        for (_, node) in self.body.nodes() {
            let (source, inside) = match &node.expr {
                Expr::Loop(LoopKind::For(_, source), inside) => (*source, vec![*inside]),
                Expr::MethodCall(receiver, _, arguments) => (*receiver, arguments.clone()),
                _ => continue,
            };
            let each =
                inside.into_iter().filter(|part| matches!(self.body.expr(*part), Expr::Closure(..) | Expr::Block(..)));
            let uses_context = each.map(|part| self.span(part)).any(|part| self.uses_context(part));
            let Some(table) = uses_context.then(|| self.unordered(source)).flatten() else { continue };
            let message =
                format!("takes the order of its operations from a `{table}`, which has another one each time");
            let ordered = if table == "HashSet" { "BTreeSet" } else { "BTreeMap" };
            let help = format!("use a `{ordered}`, or sort the entries before");
            findings.push(self.finding(self.span(source), &message, help));
        }
    }

    /// The kind of table whose entries an expression yields, if they come in no order.
    fn unordered(&self, source: ExprId) -> Option<&'static str> {
        const KEEPS: [&str; 16] = [
            "iter",
            "iter_mut",
            "into_iter",
            "keys",
            "values",
            "values_mut",
            "into_keys",
            "into_values",
            "drain",
            "map",
            "filter",
            "filter_map",
            "cloned",
            "copied",
            "enumerate",
            "zip",
        ];
        let name = match self.types.ty(source).referent() {
            Ty::Outside(outside) => last_segment(&outside.path).to_owned(),
            _ => String::new(),
        };
        match (name.as_str(), self.body.expr(source)) {
            ("HashMap", _) => Some("HashMap"),
            ("HashSet", _) => Some("HashSet"),
            (_, Expr::MethodCall(receiver, name, _)) if KEEPS.contains(&name.as_str()) => self.unordered(*receiver),
            (_, Expr::Reference(_, inner)) => self.unordered(*inner),
            _ => None,
        }
    }

    /// Contexts that are used inside of what is recorded.
    fn inside(&self, findings: &mut Vec<Finding>) {
        for operation in &self.operations {
            let used = self.contexts.iter().map(|context| self.span(*context));
            let mut used = used.filter(|span| operation.recorded.iter().any(|part| part.contains(*span)));
            let Some(span) = used.next() else { continue };
            let name = self.literal(operation).map_or(String::new(), |name| format!(" `{name}`"));
            let first = operation.names.first().map_or("step", |name| name.as_str());
            let message = format!("uses its context inside of the {first}{name}");
            let help = "take what it needs before the step, or make it an operation of its own behind it: what a step does is not done again, so nothing in it would be recorded";
            findings.push(self.finding(span, &message, help.to_owned()));
        }
    }

    /// The literal that an operation is named by, without its quotes.
    fn literal(&self, operation: &Operation) -> Option<&str> {
        match self.body.expr(operation.name?) {
            Expr::Literal(LiteralKind::Text, text) => Some(text.trim_matches('"')),
            _ => None,
        }
    }

    /// Names that are calculated, or stand twice.
    fn names(&self, findings: &mut Vec<Finding>) {
        let mut known: Vec<(&str, &str, Span)> = Vec::new();
        for operation in &self.operations {
            let (Some(name), Some(kind)) = (operation.name, operation.names.first()) else { continue };
            let span = self.span(name);
            let Some(literal) = self.literal(operation) else {
                if !self.is_constant(name) {
                    let message = format!("calculates the name of a {kind}");
                    let help = "write the name as a literal or a constant: what is recorded is told apart by its place, and known by its name";
                    findings.push(self.finding(span, &message, help.to_owned()));
                }
                continue;
            };
            let same = known
                .iter()
                .find(|(other, text, at)| other == kind && *text == literal && !self.are_alternatives(*at, span));
            if let Some((.., first)) = same {
                let message = format!("has two operations `{kind}` named `{literal}`");
                let help = "give each a name of its own: progress, logs and idempotency keys show it".to_owned();
                let mut finding = self.finding(span, &message, help);
                let why = "the first is here".to_owned();
                finding.evidence.push(Evidence { kind: "name", place: self.place(*first), why });
                findings.push(finding);
            }
            known.push((kind, literal, span));
        }
    }

    fn is_constant(&self, name: ExprId) -> bool {
        let is_upper =
            |path: &str| last_segment(path).chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        matches!(self.body.expr(name), Expr::Path(path) if is_upper(path))
    }

    /// Whether only one of two places is ever reached: they stand in two branches.
    fn are_alternatives(&self, one: Span, other: Span) -> bool {
        self.body.nodes().any(|(_, node)| {
            let branches: Vec<Span> = match &node.expr {
                Expr::If(_, yes, Some(no)) => vec![self.span(*yes), self.span(*no)],
                Expr::Match(_, arms) => arms.iter().map(|arm| self.span(arm.body)).collect(),
                _ => return false,
            };
            let of = |span: Span| branches.iter().position(|branch| branch.contains(span));
            matches!((of(one), of(other)), (Some(one), Some(other)) if one != other)
        })
    }

    /// Operations that nobody awaits.
    fn fates(&self, findings: &mut Vec<Finding>) {
        for operation in &self.operations {
            let Some(last) = operation.last().filter(|last| self.is_dropped(*last)) else { continue };
            let Some(first) = operation.names.first() else { continue };
            let is_step = first == "step";
            if !operation.is_future && !is_step {
                continue;
            }
            let what = self.literal(operation).map_or_else(|| first.to_string(), |name| format!("{first} `{name}`"));
            let message = format!("does not await the {what}, so it does nothing");
            let help = if operation.is_future { "add `.await`" } else { "add `.run(async |_| …).await`" };
            findings.push(self.finding(self.span(last), &message, help.to_owned()));
        }
    }

    /// Whether what an expression returns is dropped.
    fn is_dropped(&self, id: ExprId) -> bool {
        self.body.nodes().any(|(_, node)| match &node.expr {
            Expr::Block(statements, yields) => {
                let yielded = *yields && statements.last() == Some(&id);
                statements.contains(&id) && !yielded
            }
            Expr::Let(pattern, Some(value), _) => {
                *value == id && matches!(self.body.pattern(*pattern).kind, PatternKind::Wild)
            }
            _ => false,
        })
    }

    /// Steps that are not repeated, of which nobody decides what becomes of them if they were begun and not ended.
    fn unknown_outcomes(&self, findings: &mut Vec<Finding>) {
        const ANSWERS: [&str; 2] = ["Unfinished", "OutcomeUnknown"];
        let names_answer = |path: &str| path.split("::").any(|name| ANSWERS.contains(&name));
        let in_patterns = self.body.patterns().any(|pattern| match &self.body.pattern(pattern).kind {
            PatternKind::Path(path) | PatternKind::TupleStruct(path, _) | PatternKind::Struct(path, _) => {
                names_answer(path)
            }
            _ => false,
        });
        let in_code =
            || self.body.nodes().any(|(_, node)| matches!(&node.expr, Expr::Path(path) if names_answer(path)));
        let asks = self.operations.iter().any(|operation| operation.calls("decision"));
        if asks || in_patterns || in_code() {
            return;
        }
        for operation in &self.operations {
            let Some(effect) = self.at_most_once(operation).filter(|_| !operation.calls("compensate")) else {
                continue;
            };
            let name = self.literal(operation).map_or(String::new(), |name| format!(" `{name}`"));
            let message = format!("does not say what becomes of the step{name} if it began and its outcome is unknown");
            let help = "undo it with `compensate`, or match on the unfinished step and ask a person with `cx.decision`";
            findings.push(self.finding(self.span(effect), &message, help.to_owned()));
        }
    }

    /// Where an operation says that it is not repeated.
    fn at_most_once(&self, operation: &Operation) -> Option<ExprId> {
        operation.calls.iter().find_map(|call| match self.body.expr(*call) {
            Expr::MethodCall(_, name, arguments) if name == "effect" => arguments.first().copied().filter(
                |effect| matches!(self.body.expr(*effect), Expr::Path(path) if last_segment(path) == "AtMostOnce"),
            ),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const AROUND: &str = "
        //- dependencies baton-runtime tokio rand
        //- src/core/ports.rs
        pub struct Paid;
        pub trait Payments { async fn charge(&self, cents: u64) -> Result<Paid, u8>; }
    ";

    /// A project with an orchestrator that has these methods.
    fn orchestrator(code: &str) -> String {
        let code = piece(code);
        let imports = "use crate::core::ports::*;\nuse baton_runtime::{Effect, Kind, Layer, Lazy, Orchestrator, RunContext, RunError};\nuse std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};\nuse std::sync::Arc;\nuse std::time::SystemTime;";
        let head = "pub struct Checkout { payments: Arc<dyn Payments>, fraud: Lazy<Arc<dyn Payments>> }\nimpl Checkout { pub fn new(payments: Arc<dyn Payments>, fraud: Lazy<Arc<dyn Payments>>) -> Self { Self { payments, fraud } } }";
        let body = "impl Orchestrator for Checkout {\nconst NAME: &'static str = \"checkout\";\nconst LAYER: Layer = Layer::Domain;\nconst KIND: Kind = Kind::Sequential;\ntype Input = u64;\ntype Output = ();\ntype Error = u8;\nasync fn orchestrate(&self, cx: &RunContext<'_>, cents: u64) -> Result<(), RunError<u8>> {";
        format!(
            "{AROUND}//- src/app/checkout.rs\n{imports}\n{head}\n{body}\n{code}\nOk(())\n}}\n}}\nfn today() -> u64 {{ SystemTime::now().elapsed().map_or(0, |age| age.as_secs()) }}\nfn double(cents: u64) -> u64 {{ cents * 2 }}"
        )
    }

    #[track_caller]
    fn says(code: &str, expected: &Expect) {
        check(&LINT, &orchestrator(code), expected);
    }

    #[test]
    fn what_touches_the_world_belongs_into_a_step() {
        says(
            "
            let at = SystemTime::now();
            let key = std::env::var(\"KEY\");
            let dice = rand::random::<u8>();
            let day = today();
            tokio::spawn(async { double(1) });
            let paid = self.payments.charge(cents).await;
            let checked = self.fraud.get().await?.charge(1).await;
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                let at = SystemTime::now();
                         ^^^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` reads the clock outside of a step: `std::time::SystemTime::now`
                let key = std::env::var("KEY");
                          ^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` reads the environment outside of a step: `std::env::var`
                let dice = rand::random::<u8>();
                           ^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` draws random values outside of a step: `rand::random`
                let day = today();
                          ^^^^^^^ `app::checkout::Checkout::orchestrate` reads the clock outside of a step through `today`: `std::time::SystemTime::now`
                fn today() -> u64 { SystemTime::now().elapsed().map_or(0, |age| age.as_secs()) }
                                    --------------- reads the clock here
                tokio::spawn(async { double(1) });
                ^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` uses an async runtime outside of a step: `tokio::spawn`
                let paid = self.payments.charge(cents).await;
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` awaits `payments` outside of a step
                let checked = self.fraud.get().await?.charge(1).await;
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` awaits `fraud` outside of a step
                help: ask the run: `cx.now()` is recorded
                help: ask the run: `cx.uuid()` and `cx.value("name", || …)` are recorded
                help: do it in a step: `cx.step("name").run(async |_| …)`; else it is done again when the run is resumed
                help: record it: `cx.value("name", || …)`, or pass it in when the orchestrator is made
                help: wait with `cx.sleep`, run steps side by side through the context, and start background work in `start`
            "#]],
        );
        says(
            "
            let at = cx.now().await?;
            let day = cx.value(\"day\", || today()).await?;
            let fraud = self.fraud.get().await?;
            let twice = double(cents);
            let paid = cx.step(\"charge\").compensate(async |_, _| { SystemTime::now(); }).run(async |_| self.payments.charge(SystemTime::now()).await).await?;
            self.unwind(cx).await?;
            tracing::info!(\"paid\");
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn tables_without_an_order_give_none_to_operations() {
        says(
            "
            let open: HashMap<u8, u64> = HashMap::new();
            let names: HashSet<u8> = HashSet::new();
            for (id, amount) in &open { cx.step(\"charge\").run(async |_| Ok(amount)).await?; }
            for id in names.iter().filter(|id| **id > 1) { self.pay(cx, id).await?; }
            join_all(open.values().map(|amount| cx.step(\"pay\").run(async |_| Ok(amount)))).await;
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                for (id, amount) in &open { cx.step("charge").run(async |_| Ok(amount)).await?; }
                                    ^^^^^ `app::checkout::Checkout::orchestrate` takes the order of its operations from a `HashMap`, which has another one each time
                for id in names.iter().filter(|id| **id > 1) { self.pay(cx, id).await?; }
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` takes the order of its operations from a `HashSet`, which has another one each time
                join_all(open.values().map(|amount| cx.step("pay").run(async |_| Ok(amount)))).await;
                         ^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` takes the order of its operations from a `HashMap`, which has another one each time
                help: use a `BTreeMap`, or sort the entries before
                help: use a `BTreeSet`, or sort the entries before
            "#]],
        );
        says(
            "
            let open: HashMap<u8, u64> = HashMap::new();
            let sorted: BTreeMap<u8, u64> = BTreeMap::new();
            for (id, amount) in &sorted { cx.step(\"charge\").run(async |_| Ok(amount)).await?; }
            for amount in open.values() { double(*amount); }
            let ids: BTreeSet<u8> = open.keys().copied().collect();
            for id in ids { self.pay(cx, id).await?; }
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn a_context_stays_outside_of_what_is_recorded() {
        says(
            "
            cx.step(\"charge\").run(async |_| { cx.step(\"mail\").run(async |_| Ok(())).await }).await?;
            cx.value(\"depth\", || cx.depth()).await?;
            let inner = cx.clone();
            cx.step(\"stock\").run(async |_| self.pay(&inner, 1).await).await?;
            let depth = cx.depth();
            cx.step(\"log\").run(async |attempt| Ok(depth + attempt.number)).await?;
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                cx.step("charge").run(async |_| { cx.step("mail").run(async |_| Ok(())).await }).await?;
                                                  ^^ `app::checkout::Checkout::orchestrate` uses its context inside of the step `charge`
                cx.value("depth", || cx.depth()).await?;
                                     ^^ `app::checkout::Checkout::orchestrate` uses its context inside of the value `depth`
                cx.step("stock").run(async |_| self.pay(&inner, 1).await).await?;
                                                         ^^^^^ `app::checkout::Checkout::orchestrate` uses its context inside of the step `stock`
                help: take what it needs before the step, or make it an operation of its own behind it: what a step does is not done again, so nothing in it would be recorded
            "#]],
        );
    }

    #[test]
    fn names_are_literals_and_each_stands_once() {
        says(
            "
            const LAST: &str = \"last\";
            cx.step(format!(\"charge {cents}\")).run(async |_| Ok(())).await?;
            cx.step(\"mail\").run(async |_| Ok(())).await?;
            cx.step(\"mail\").run(async |_| Ok(())).await?;
            cx.note(\"mail\", || async { 1 }).await?;
            if cents > 1 { cx.step(\"much\").run(async |_| Ok(())).await? } else { cx.step(\"much\").run(async |_| Ok(())).await? }
            cx.step(LAST).run(async |_| Ok(())).await?;
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                cx.step(format!("charge {cents}")).run(async |_| Ok(())).await?;
                        ^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` calculates the name of a step
                cx.step("mail").run(async |_| Ok(())).await?;
                        ^^^^^^ `app::checkout::Checkout::orchestrate` has two operations `step` named `mail`
                cx.step("mail").run(async |_| Ok(())).await?;
                        ------ the first is here
                help: give each a name of its own: progress, logs and idempotency keys show it
                help: write the name as a literal or a constant: what is recorded is told apart by its place, and known by its name
            "#]],
        );
    }

    #[test]
    fn operations_are_awaited() {
        says(
            "
            cx.step(\"charge\").run(async |_| Ok(()));
            let _ = cx.sleep(1);
            cx.step(\"mail\");
            let later = cx.step(\"stock\").run(async |_| Ok(()));
            let step = cx.step(\"log\");
            step.run(async |_| Ok(())).await?;
            tokio::join!(later, cx.step(\"tax\").run(async |_| Ok(())));
            cx.cancellation();
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                cx.step("charge").run(async |_| Ok(()));
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` does not await the step `charge`, so it does nothing
                let _ = cx.sleep(1);
                        ^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` does not await the sleep, so it does nothing
                cx.step("mail");
                ^^^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` does not await the step `mail`, so it does nothing
                help: add `.await`
                help: add `.run(async |_| …).await`
            "#]],
        );
    }

    #[test]
    fn somebody_decides_about_what_is_not_repeated() {
        says(
            "cx.step(\"charge\").effect(Effect::AtMostOnce).run(async |_| Ok(())).await?;",
            &expect![[r#"
            //- src/app/checkout.rs
            cx.step("charge").effect(Effect::AtMostOnce).run(async |_| Ok(())).await?;
                                     ^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::orchestrate` does not say what becomes of the step `charge` if it began and its outcome is unknown
            help: undo it with `compensate`, or match on the unfinished step and ask a person with `cx.decision`
        "#]],
        );
        for fine in [
            "cx.step(\"charge\").effect(Effect::AtMostOnce).compensate(async |_, _| Ok(())).run(async |_| Ok(())).await?;",
            "cx.step(\"charge\").effect(Effect::Idempotent).run(async |_| Ok(())).await?;",
            "if let Err(RunError::Failed(Cause::Unfinished)) = cx.step(\"charge\").effect(Effect::AtMostOnce).run(async |_| Ok(())).await { undo(); }",
            "let done = cx.step(\"charge\").effect(Effect::AtMostOnce).run(async |_| Ok(())).await; cx.decision::<u8>(\"charged\", &done).await?;",
        ] {
            says(fine, &expect![[""]]);
        }
    }

    #[test]
    fn the_runtime_in_the_same_workspace_is_not_followed() {
        let code = "
            //- Cargo.toml
            [workspace]
            members = [\"app\", \"runtime\"]
            //- runtime/Cargo.toml
            [package]
            name = \"baton-runtime\"
            edition = \"2024\"
            //- runtime/src/lib.rs
            pub struct RunContext;
            impl RunContext {
                pub fn step(&self, name: &str) -> Step { Step }
                fn own(&self, cx: &RunContext) { std::time::SystemTime::now(); }
            }
            pub struct Step;
            impl Step { pub async fn run<F>(self, work: F) { std::time::SystemTime::now(); } }
            //- app/Cargo.toml
            [package]
            name = \"app\"
            edition = \"2024\"
            [dependencies]
            baton-runtime = { path = \"../runtime\" }
            //- app/src/lib.rs
            use baton_runtime::RunContext;
            pub async fn pay(cx: &RunContext) { cx.step(\"charge\").run(async || ()).await; std::env::var(\"KEY\"); }
        ";
        check(
            &LINT,
            code,
            &expect![[r#"
            //- app/src/lib.rs
            pub async fn pay(cx: &RunContext) { cx.step("charge").run(async || ()).await; std::env::var("KEY"); }
                                                                                          ^^^^^^^^^^^^^ `pay` reads the environment outside of a step: `std::env::var`
            help: record it: `cx.value("name", || …)`, or pass it in when the orchestrator is made
        "#]],
        );
    }

    #[test]
    fn only_who_works_in_a_run_is_judged() {
        let code = "
            //- dependencies baton-runtime
            //- src/app/a.rs
            use baton_runtime::RunContext as Cx;
            pub async fn pay(cx: &Cx<'_>) { std::env::var(\"KEY\"); }
            pub async fn free() { std::env::var(\"KEY\"); }
            #[cfg(test)] mod tests { async fn pay(cx: &super::Cx<'_>) {} }
            //- src/app/b.rs
            pub struct RunContext;
            pub async fn pay(cx: &RunContext) { std::env::var(\"KEY\"); }
            //- src/other.rs
            pub async fn neutral(cx: &baton_runtime::RunContext<'_>) { std::env::var(\"KEY\"); }
        ";
        check(
            &LINT,
            code,
            &expect![[r#"
            //- src/app/a.rs
            pub async fn pay(cx: &Cx<'_>) { std::env::var("KEY"); }
                                            ^^^^^^^^^^^^^ `app::a::pay` reads the environment outside of a step: `std::env::var`
            //- src/other.rs
            pub async fn neutral(cx: &baton_runtime::RunContext<'_>) { std::env::var("KEY"); }
                                                                       ^^^^^^^^^^^^^ `other::neutral` reads the environment outside of a step: `std::env::var`
            help: record it: `cx.value("name", || …)`, or pass it in when the orchestrator is made
        "#]],
        );
        assert_eq!(judged(&LINT, code), 2);
    }
}
