//! # business-logic-in-orchestrator
//!
//! ## What it does
//!
//! Reports where an orchestrator decides or calculates what belongs to the core. Control flow alone
//! proves nothing: what counts is what an expression does with a value, and where the value comes from.
//!
//! | evidence | strength |
//! |---|---|
//! | arithmetic on domain data, also in arguments, closures and macros, `+=` | strong |
//! | comparison of domain data with a literal, a constant, a setting, the clock or other domain data, to decide, by an operator or a method such as `gt`, `eq` and `cmp` | strong |
//! | aggregation of domain data: sums, the best of several, `filter` and `sort` by a rule | strong |
//! | a decision table: a `match` on domain data that yields values, and maps not just kind to kind | strong |
//! | writing a field of a domain value | strong |
//! | an error that is made because of a field of a domain value, also where a branch leaves and only an error follows | strong |
//! | a number or length of time that is chosen here and given to the core, or chosen by what is known of the domain | strong |
//! | an error that is made because of a core predicate of an entity, or because a list from a port is empty | weak |
//! | passing over elements of a loop by a flag or kind of domain data | weak |
//! | a comparison that is only stored, a default that means something, a written time of record, acting by how a text of a core value looks | weak |
//! | branches on `Option` and `Result`, `?`, retries, timeouts, compensation, dispatch, mapping, logs, metrics, leaving early with nothing chosen, filling in a `…Dto` or `…Response` | none |
//!
//! Domain data is what a core type, a request or the result of a port holds. What a function of the core
//! said is a decision of the core: branching on it is integration, calculating with it is not. Attempts,
//! delays, deadlines, indexes, pages, settings, lengths for progress and what is only logged are
//! technical. The orchestrator's own helpers are judged like the orchestrator: private functions of its
//! module that it calls, and where the role of the module is `orchestrator` also public ones, those of
//! modules inside, and the methods that its module gives to other types, where it is known on what type
//! they are called, unless they receive behaviour themselves. There is one finding for each decision,
//! with each piece of evidence; one with weak evidence alone is a warning. `--explain-finding` shows
//! where each value came from.
//!
//! ## Why
//!
//! A rule that stands between two calls of a port can only be tested with both of them, and is written
//! a second time where the next orchestrator needs it. In the core it is a function of its inputs.
//!
//! ## Bad
//!
//! ```rust,ignore
//! let order = self.orders.find(id).await?;
//! if order.total > 10_000 {
//!     return Err(CheckoutError::NeedsApproval);
//! }
//! self.payments.charge(order.customer, order.total - order.discount).await?;
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! let order = self.orders.find(id).await?;
//! let amount = checkout::amount_due(&order)?;
//! self.payments.charge(order.customer, amount).await?;
//! ```
//!
//! ## Options
//!
//! - `technical`: more names of variables, fields and functions that are technical, with `*`; none by default.
//! - `weak`: what becomes of decisions with weak evidence alone, `"warn"` (the default) or `"allow"`.
//!
//! ## Limits
//!
//! Types are known as far as the project's signatures and a table of the standard library tell; what is
//! of unknown type and origin is not judged. A name may say that something is technical, so a domain
//! value called `delay` passes, and of the pairs that a port returns a number that is called `limit`.
//! Arguments of macros that are not expressions, such as those of `json!`
//! are not seen, nor is what the body of a macro of the project does, or text that is put together or
//! taken apart. What a function of another module works out is taken as data and not looked into, nor
//! are `impl` blocks of other modules for other types, and default methods of traits. Changes through a
//! `&mut` that was kept in a variable are not seen, and setters of the core are the core's. Numbers that
//! are given to a port are no constants of the core. Whether a table maps or decides is told by its form:
//! a `match` that gives each kind of one type a kind of its own of another is taken for mapping. Numbers
//! that are worked out to be shown count as calculated.
//!
//! Some things are passed over by what they look like:
//!
//! - A `&mut` parameter of a type that stands beside orchestrators, and is called `…Progress`, `…Stats`,
//!   `…Report` or the like, or derives `Default` and not `Deserialize`, keeps track of a run.
//! - A number that is called a status, or a code of a type that the shell declares, asked in which range it
//!   lies, is how a reply went.
//! - A flag called `ok`, `is_success`, `is_successful`, `success`, `succeeded`, `is_error` or `is_failure`
//!   tells how something went, unless it is one of a type of the core that is not called `…Result`,
//!   `…Outcome`, `…Output`, `…Reply` or `…Response`. Of what the caller hands in, it is judged where
//!   something is refused by it.
//! - `if n == 1` between two texts is how it is said, where one is put together or both share a word.
//! - A part that is moved out with `take()` is no change, unless the value it was taken from is passed on
//!   later without it.
//! - A variable that grows by one in each turn of a loop counts turns where it is asked about in that loop.
//! - A request that the caller hands in whole and that is taken apart, where everything else is an error,
//!   `if let Asked::Order { id } = asked { … } else { Err(…) }`, is dispatched. A kind without parts is judged.
//! - An order by the text by which an entry is known, `sort_by_key(|(name, _)| *name)`, serves the eye.
//! - A type of the core called as a signal to stop, such as `CancelToken` or `ShutdownSignal`, is technical.

use baton_core::finding::{Evidence, Finding, Level, Trail, TrailStep};
use baton_core::link::{EdgeKind, FunctionRef, ModuleId, Orchestrator, Project, Target};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::provenance::logic::{self, Decision, Strength, decisions};
use baton_core::provenance::{Owner, Provenance, Technical};
use baton_core::source::{Place, Span};
use baton_core::types::Types;
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "business-logic-in-orchestrator",
    level: Level::Deny,
    summary: "An orchestrator decides or calculates what belongs to the core.",
    source: include_str!("business_logic_in_orchestrator.rs"),
    options: &[
        OptionSpec {
            name: "technical",
            default: OptionDefault::Names(&[]),
            summary: "More names of variables, fields and functions that are technical, with `*`.",
        },
        OptionSpec {
            name: "weak",
            default: OptionDefault::Choice(&["warn", "allow"]),
            summary: "What becomes of decisions with weak evidence alone.",
        },
    ],
    check: Check::Orchestrators(check),
};

fn check(project: &Project, options: &Options, orchestrators: &[Orchestrator]) -> Verdict {
    let technical = Technical::new(options.texts("technical"));
    let weak = options.word("weak") == "warn";
    let mut types = Types::new(project);
    let mut found: BTreeMap<Place, Finding> = BTreeMap::new();
    for orchestrator in orchestrators {
        for of in provenances(project, &mut types, orchestrator, &technical) {
            for decision in decisions(&of) {
                if weak || decision.strength() == Strength::Strong {
                    let finding = finding(&of, orchestrator, &decision);
                    found.entry(finding.place).or_insert(finding);
                }
            }
        }
    }
    Verdict { judged: orchestrators.len(), findings: found.into_values().collect() }
}

/// Looks at code of an orchestrator; at its private functions with what it passes to them.
fn provenances<'p>(
    project: &'p Project,
    types: &mut Types<'p>,
    orchestrator: &Orchestrator,
    technical: &'p Technical,
) -> Vec<Provenance<'p>> {
    let mut owner = Owner::new(project, orchestrator, technical);
    let code = &orchestrator.own_code;
    let mut looked: BTreeMap<FunctionRef, Provenance<'p>> = BTreeMap::new();
    for function in code {
        if let Some(of) = Provenance::of_function(&owner, types, *function) {
            owner.learn(&of);
            looked.insert(*function, of);
        }
    }
    for function in code.iter().filter(|function| owner.knows_better(**function)) {
        if let Some(of) = Provenance::of_function(&owner, types, *function) {
            looked.insert(*function, of);
        }
    }
    looked.into_values().collect()
}

fn finding(of: &Provenance<'_>, orchestrator: &Orchestrator, decision: &Decision) -> Finding {
    let module = of.function.item.module;
    let place = |span| of.project.place(module, span);
    let strong = decision.strength() == Strength::Strong;
    let core = home(of, decision).or_else(|| nearest_core(of.project, orchestrator.item.module));
    let kinds: BTreeSet<&str> = decision.evidence.iter().map(|one| one.kind).collect();
    let does: Vec<&str> = kinds.iter().map(|kind| does(kind)).collect();
    let evidence = decision.evidence.iter().map(|one| {
        let weak = if one.strength == Strength::Weak { " (weak)" } else { "" };
        Evidence { kind: one.kind, place: place(one.span), why: format!("{}{weak}", one.why) }
    });
    Finding {
        rule: LINT.name,
        level: (!strong).then_some(Level::Warn),
        message: format!("`{}` {} in `{}`", orchestrator.path, does.join(", "), of.declared.name),
        help: help(core.as_deref()),
        place: place(decision.span),
        item: orchestrator.path.clone(),
        evidence: evidence.collect(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: decision.evidence.iter().map(|one| trail(of, one)).collect(),
        fix: None,
    }
}

/// The way of the value that makes something evidence.
fn trail(of: &Provenance<'_>, evidence: &logic::Evidence) -> Trail {
    let place = |span| of.project.place(of.function.item.module, span);
    let steps = of.way(evidence.value).into_iter();
    let mut steps: Vec<TrailStep> =
        steps.map(|step| TrailStep { place: place(step.span), what: step.way.to_string() }).collect();
    steps.push(TrailStep {
        place: place(evidence.span),
        what: format!("so it is {}", logic::noun(evidence.value.origin)),
    });
    Trail { place: place(evidence.span), why: evidence.why.clone(), steps }
}

/// What an orchestrator does that has evidence of that kind.
fn does(kind: &str) -> &'static str {
    match kind {
        "aggregation" => "aggregates domain data",
        "arithmetic" => "calculates",
        "comparison" => "compares domain data",
        "constant" => "chooses a value of the domain",
        "default" => "chooses a default",
        "guard" => "decides by domain data",
        "table" => "holds a decision table",
        "write" => "writes into a domain value",
        _ => "decides",
    }
}

fn help(core: Option<&str>) -> String {
    match core {
        Some(core) => format!("make it a function of the core, for instance in `{core}`, and call that"),
        None => {
            "make it a function of the core, which takes the data and returns the decision, and call that".to_owned()
        }
    }
}

/// The module of the core whose type the decision is about.
fn home(of: &Provenance<'_>, decision: &Decision) -> Option<String> {
    let inside = |span: Span| decision.evidence.iter().any(|one| one.span.contains(span));
    let types = of.body.nodes().filter(|(_, node)| inside(node.span)).map(|(id, _)| of.types.ty(id).referent());
    let modules = types.filter_map(|ty| Some(ty.item()?.module));
    let mut core = modules.filter(|module| of.project.module(*module).is_core() && holds_rules(of.project, *module));
    core.next().map(|module| of.project.module_path(module))
}

/// Whether rules could stand in a module: they stand neither among errors nor among ports.
fn holds_rules(project: &Project, module: ModuleId) -> bool {
    let name = project.module(module).name.to_ascii_lowercase();
    !["error", "repositor", "port", "interface", "gateway"].iter().any(|word| name.contains(word))
}

/// The module of the core that a module uses most, the first by name among equals.
fn nearest_core(project: &Project, module: ModuleId) -> Option<String> {
    let file = project.module(module).file;
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for edge in project.edges_in(file).iter().filter(|edge| edge.kind != EdgeKind::Call) {
        let to = match edge.to {
            Target::Module(to) => to,
            Target::Item(item) => item.module,
            _ => continue,
        };
        if project.module(to).is_core() && holds_rules(project, to) {
            *used.entry(project.module_path(to)).or_default() += 1;
        }
    }
    used.into_iter().rev().max_by_key(|(_, times)| *times).map(|(path, _)| path)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, evidence_kinds};
    use expect_test::expect;

    /// A shop: its core, its ports, and an orchestrator that has the functions of a test.
    const SHOP: &str = r#"
//- src/core/order.rs
use std::time::SystemTime;
#[derive(Clone)]
pub struct Order {
    pub id: u64, pub customer: u64, pub total: u64, pub discount: u64, pub items: Vec<Item>, pub status: Status,
    pub is_gift: bool, pub created_at: SystemTime, pub tier: Tier, pub email: String, pub coupon: Option<String>,
    pub attempts: u32, pub note: String, pub customer_id: u64, pub is_successful: bool, pub points: Option<u64>,
    pub ok: bool,
}
pub struct DeliveryResult { pub is_error: bool, pub http_status: u16, pub code: u16 }
#[derive(Clone)]
pub struct Item { pub price: u64, pub quantity: u64, pub in_stock: bool, pub weight: f64 }
#[derive(Clone, Copy, PartialEq)]
pub enum Status { Open, Paid, Shipped, Cancelled }
#[derive(Clone, Copy, PartialEq)]
pub enum Tier { Gold, Silver, Basic }
pub enum OrderError { NotFound, TooBig, Cancelled, Empty, Unavailable, NotAllowed }
impl Order {
    pub fn is_open(&self) -> bool { self.status == Status::Open && self.total > 0 }
    pub fn is_success(&self) -> bool { self.total > 0 }
    pub fn shown_total(&self) -> u64 { self.total }
    pub fn is_overdue(&self, now: SystemTime) -> bool { self.created_at < now && self.status == Status::Open }
}
pub struct Plan { pub steps: Vec<Step> }
pub struct Step { pub kind: StepKind, pub text: String }
#[derive(PartialEq)]
pub enum StepKind { Mail, Call }
pub fn plan(order: &Order) -> Plan { Plan { steps: vec![Step { kind: StepKind::Mail, text: order.email.clone() }] } }
pub enum Verdict { Accept, Review, Reject }
pub fn judge(order: &Order) -> Verdict { if order.total > 10 { Verdict::Review } else { Verdict::Accept } }
pub fn fee(order: &Order, percent: u64) -> u64 { order.total * percent / 100 }
pub fn due(order: &Order) -> u64 { order.total - order.discount }
pub fn add_up(sum: u64, order: &Order) -> u64 { sum + order.total }
pub fn with(order: Order, change: impl Fn(u64) -> u64) -> Order { Order { total: change(order.total), ..order } }
pub fn faults(order: &Order) -> Vec<OrderError> { if order.total > 10 { vec![OrderError::TooBig] } else { vec![] } }
pub fn validate(order: &Order) -> Result<(), OrderError> { if order.items.is_empty() { Err(OrderError::Empty) } else { Ok(()) } }
//- src/shell/ports.rs
use crate::core::order::*;
pub trait Orders {
    fn get(&self, id: u64) -> Result<Order, OrderError>;
    fn all(&self) -> Result<Vec<Order>, OrderError>;
    fn save(&self, order: &Order) -> Result<(), OrderError>;
    fn count(&self, customer: u64) -> Result<u64, OrderError>;
    fn exists(&self, id: u64) -> Result<bool, OrderError>;
    fn rate(&self, customer: u64) -> Result<Option<u64>, OrderError>;
    fn balances(&self) -> Result<Vec<i64>, OrderError>;
    fn delivery(&self, id: u64) -> Result<Order, OrderError>;
    fn deliveries(&self) -> Result<Vec<Order>, OrderError>;
    fn delivered(&self, id: u64) -> Result<DeliveryResult, OrderError>;
    fn update(&self, order: &Order) -> Result<u64, OrderError>;
    fn change(&self, id: u64, how: Box<dyn Fn(Order) -> Order>) -> Result<(), OrderError>;
}
pub trait Payments {
    fn charge(&self, customer: u64, amount: u64) -> Result<String, OrderError>;
    fn refund(&self, id: String) -> Result<(), OrderError>;
}
pub struct Reply { pub code: u16, pub ok: bool }
pub trait Mail { fn send(&self, text: String) -> Result<(), OrderError>; fn ask(&self) -> Result<Reply, OrderError>; }
pub trait Clock { fn now(&self) -> std::time::SystemTime; async fn heartbeat(&self) -> Result<u64, OrderError>; }
//- src/app/checkout.rs
use crate::core::order::{self, *};
use crate::shell::ports::*;
use std::sync::Arc;
const MAX_TOTAL: u64 = 1000;
const SERVICE_PERCENT: u64 = 15;
const PERCENTS: [(Tier, u64); 2] = [(Tier::Gold, 20), (Tier::Silver, 10)];
pub struct View { pub id: u64, pub total: u64, pub gift: bool }
pub struct Checkout {
    orders: Arc<dyn Orders>, payments: Arc<dyn Payments>, mail: Arc<dyn Mail>, clock: Arc<dyn Clock>,
    max_total: u64, max_attempts: u32, timeout: std::time::Duration, notify: bool,
}
"#;

    /// A method of the orchestrator with that body.
    fn method(body: &str) -> String {
        format!(
            "{SHOP}impl Checkout {{ pub fn run(&self, amount: u64, page: u64, wanted: u64) -> Result<(), OrderError> {{ {body} }} }}"
        )
    }

    #[test]
    fn each_piece_of_evidence_is_shown_where_it_stands() {
        let code = "
            impl Checkout {
                pub fn pay(&self, id: u64) -> Result<(), OrderError> {
                    let order = self.orders.get(id)?;
                    if order.total > MAX_TOTAL && !order.is_gift {
                        return Err(OrderError::TooBig);
                    }
                    let due = order.total - order.discount;
                    self.payments.charge(order.customer, due)?;
                    Ok(())
                }
            }
            ";
        check(
            &LINT,
            &format!("{SHOP}{code}"),
            &expect![[r#"
            //- src/app/checkout.rs
                                if order.total > MAX_TOTAL && !order.is_gift {
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` compares domain data, decides by domain data in `pay`
                                   ----------------------- compares `total` of what `get` returned with the constant `MAX_TOTAL`
                                                               ------------- refuses by `is_gift` of what `get` returned
                                let due = order.total - order.discount;
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` calculates in `pay`
                                          ---------------------------- calculates with `total` of what `get` returned
            help: make it a function of the core, for instance in `core::order`, and call that
        "#]],
        );
    }

    #[test]
    fn logic_is_found_wherever_it_hides() {
        for (kind, body) in FIRES {
            let found = evidence_kinds(&LINT, &method(body));
            assert!(found.contains(kind), "{found:?} is not {kind}: {body}");
        }
    }

    #[test]
    fn orchestration_is_none() {
        for body in SILENT {
            let found = evidence_kinds(&LINT, &method(body));
            assert!(found.is_empty(), "{found:?}: {body}");
        }
    }

    #[test]
    fn private_helpers_are_judged_with_what_they_are_given_and_once() {
        let code = "
            impl Checkout {
                pub fn pay(&self, id: u64) -> Result<(), OrderError> {
                    let order = self.orders.get(id)?;
                    self.payments.charge(1, net(&order))?;
                    self.wait(pause(3));
                    Ok(())
                }
                pub fn again(&self, id: u64) -> Result<(), OrderError> {
                    self.payments.charge(1, net(&self.orders.get(id)?)).map(drop)
                }
                fn wait(&self, length: u64) { let _ = length * 2; }
            }
            fn net(order: &Order) -> u64 { order.total - order.discount }
            fn pause(round: u64) -> u64 { round * 100 }
            ";
        check(
            &LINT,
            &format!("{SHOP}{code}"),
            &expect![[r#"
            //- src/app/checkout.rs
                        fn net(order: &Order) -> u64 { order.total - order.discount }
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` calculates in `net`
                                                       ---------------------------- calculates with `total` of `order`
            help: make it a function of the core, for instance in `core::order`, and call that
        "#]],
        );
    }

    #[test]
    fn what_helps_is_judged_wherever_it_stands_and_what_keeps_track_is_not() {
        check(
            &LINT,
            &format!(
                r#"{SHOP}
            use crate::app::prices;
            impl Checkout {{
                pub fn pay(&self, id: u64, progress: &mut Progress) -> Result<(), OrderError> {{
                    let order = self.orders.get(id)?;
                    progress.seen.push(id);
                    progress.done += 1;
                    progress.rounds = if self.moved(id)? == 0 {{ progress.rounds + 1 }} else {{ 0 }};
                    self.payments.charge(id, prices::gross(&order) + order.net() + Fees::of(&order).cents)?;
                    self.payments.charge(id, Shown::from(&order).total).map(drop)
                }}
            }}
            impl Checkout {{ fn moved(&self, id: u64) -> Result<u64, OrderError> {{ self.orders.count(id) }} }}
            #[derive(Default)]
            pub struct Progress {{ pub seen: Vec<u64>, pub done: u64, pub rounds: u64 }}
            trait Priced {{ fn net(&self) -> u64; }}
            impl Priced for Order {{ fn net(&self) -> u64 {{ self.total - self.discount }} }}
            struct Fees {{ cents: u64, made: u64 }}
            impl Fees {{
                fn of(order: &Order) -> Self {{ Self {{ cents: order.total / 50, made: 0 }} }}
                fn note(&mut self) {{ self.made += 1; }}
            }}
            pub struct Shown {{ pub total: u64 }}
            impl From<&Order> for Shown {{ fn from(order: &Order) -> Self {{ Self {{ total: order.total }} }} }}
            //- src/app/mod.rs
            pub mod prices;
            pub mod checkout;
            //- src/app/prices.rs
            use crate::core::order::Order;
            pub fn gross(order: &Order) -> u64 {{ order.total * 119 / 100 }}
            pub fn unused(order: &Order) -> u64 {{ order.total * 2 }}
            "#
            ),
            &expect![[r#"
                //- src/app/checkout.rs
                                    self.payments.charge(id, prices::gross(&order) + order.net() + Fees::of(&order).cents)?;
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` calculates in `pay`
                                                             ------------------------------------------------------------ calculates with what `gross` returned
                            impl Priced for Order { fn net(&self) -> u64 { self.total - self.discount } }
                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` calculates in `net`
                                                                           -------------------------- calculates with `total`
                                fn of(order: &Order) -> Self { Self { cents: order.total / 50, made: 0 } }
                                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` calculates in `of`
                                                                             ---------------- calculates with `total` of `order`
                help: make it a function of the core, for instance in `core::order`, and call that
            "#]],
        );
    }

    const FIRES: &[(&str, &str)] = &[
        (
            "arithmetic",
            "let all = self.orders.all()?; let v: Vec<u64> = all.iter().map(|o| o.total - o.discount).collect(); self.take(v)",
        ),
        (
            "comparison",
            "let big: Vec<Order> = self.orders.all()?.into_iter().filter(|o| o.total > 500).collect(); self.keep(big)",
        ),
        ("guard", "let n = self.orders.all()?.into_iter().filter(|o| o.is_gift).count(); self.count(n)"),
        (
            "comparison",
            "let o = self.orders.get(1)?; match o.status { Status::Open if o.total > 100 => self.orders.save(&o), _ => Ok(()) }",
        ),
        ("arithmetic", r#"let o = self.orders.get(1)?; self.mail.send(format!("you pay {}", o.total - o.discount))"#),
        ("comparison", r#"let o = self.orders.get(1)?; assert!(o.total > 0, "no total"); self.orders.save(&o)"#),
        (
            "comparison",
            "let o = self.orders.get(1)?; if matches!(o.status, Status::Open | Status::Paid) { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        ),
        ("arithmetic", "let o = self.orders.get(1)?; self.take(vec![o.total * 2, o.discount])"),
        ("arithmetic", "let o = self.orders.get(1)?; self.late((o.created_at - o.due).num_days(), o.id)"),
        (
            "comparison",
            "let o = self.orders.get(1)?; let fee = (o.total > 1000).then_some(5u64).unwrap_or(0); self.payments.charge(o.customer, fee).map(drop)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; let fee = (o.total > 1000).then(|| 5u64); self.payments.charge(o.customer, fee.unwrap_or(0)).map(drop)",
        ),
        ("guard", r#"let o = self.orders.get(1)?; o.is_gift.then(|| self.mail.send("gift".into())); Ok(())"#),
        (
            "arithmetic",
            "let o = self.orders.get(1)?; let c = o.coupon.map(|c| c.len() as u64).unwrap_or_else(|| o.total / 10); self.payments.charge(o.customer, c).map(drop)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; let f = async move { if o.total > 100 { Err(OrderError::TooBig) } else { Ok(()) } }; self.run(f)",
        ),
        (
            "arithmetic",
            "let sum = self.orders.all()?.iter().fold(0, |acc, o| acc + o.total); self.payments.charge(1, sum).map(drop)",
        ),
        (
            "aggregation",
            "let sum: u64 = self.orders.all()?.iter().map(|o| o.total).sum(); self.payments.charge(1, sum).map(drop)",
        ),
        ("aggregation", "let best = self.orders.all()?.into_iter().max_by_key(|o| o.total); self.maybe(best)"),
        ("aggregation", "let mut all = self.orders.all()?; all.sort_by_key(|o| o.total); self.keep(all)"),
        ("aggregation", "let mut all = self.orders.all()?; all.sort_by(|a, b| b.total.cmp(&a.total)); self.keep(all)"),
        (
            "arithmetic",
            "let mut sum = 0; for o in self.orders.all()? { sum += o.total; } self.payments.charge(1, sum).map(drop)",
        ),
        ("guard", "let mut late = 0; for o in self.orders.all()? { if o.is_gift { late += 1; } } self.count(late)"),
        ("comparison", "let o = self.orders.get(1)?; if o.total.gt(&MAX_TOTAL) { self.orders.save(&o)?; } Ok(())"),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.status.ne(&Status::Open) { return Err(OrderError::NotAllowed); } Ok(())",
        ),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if o.note.eq_ignore_ascii_case("gift") { self.orders.save(&o)?; } Ok(())"#,
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; match o.total.cmp(&500) { std::cmp::Ordering::Greater => self.orders.save(&o), _ => Ok(()) }",
        ),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if o.note.starts_with("gift") { self.orders.save(&o)?; } Ok(())"#,
        ),
        ("comparison", "let o = self.orders.get(1)?; if o.total > 5000 { return Ok(()); } self.orders.save(&o)"),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.status == Status::Cancelled { return Err(OrderError::Cancelled); } self.orders.save(&o)",
        ),
        (
            "constant",
            "let o = self.orders.get(1)?; let fee = order::fee(&o, 15); self.payments.charge(o.customer, fee).map(drop)",
        ),
        (
            "constant",
            "let o = self.orders.get(1)?; let fee = order::fee(&o, SERVICE_PERCENT); self.payments.charge(o.customer, fee).map(drop)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.total > MAX_TOTAL { return Err(OrderError::TooBig); } self.orders.save(&o)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.total > self.max_total { return Err(OrderError::TooBig); } self.orders.save(&o)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.created_at < std::time::SystemTime::now() { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; let age = o.created_at.elapsed().unwrap(); if age > std::time::Duration::from_secs(86400) { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        ),
        ("write", "let mut o = self.orders.get(1)?; o.status = Status::Paid; self.orders.save(&o)"),
        ("write", "let mut o = self.orders.get(1)?; o.total += 5; self.orders.save(&o)"),
        (
            "table",
            "let o = self.orders.get(1)?; let percent = match o.tier { Tier::Gold => 20, Tier::Silver => 10, Tier::Basic => 0 }; self.payments.charge(o.customer, percent).map(drop)",
        ),
        (
            "table",
            "let mut o = self.orders.get(1)?; let next = match o.status { Status::Open => Status::Paid, Status::Paid => Status::Shipped, other => other }; self.advance(next)",
        ),
        (
            "table",
            "let o = self.orders.get(1)?; let v = match (o.tier, o.is_gift) { (Tier::Gold, true) => Verdict::Accept, (Tier::Gold, false) => Verdict::Review, _ => Verdict::Reject }; self.verdict(v)",
        ),
        (
            "guard",
            "let o = self.orders.get(1)?; if o.is_gift { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        ),
        (
            "guard",
            r#"let o = self.orders.get(1)?; if !o.is_gift { self.mail.send("x".into())?; } self.orders.save(&o)"#,
        ),
        (
            "guard",
            "let o = self.orders.get(1)?; if o.items.is_empty() { return Err(OrderError::Empty); } self.orders.save(&o)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.items.len() > 10 { return Err(OrderError::TooBig); } self.orders.save(&o)",
        ),
        ("comparison", "let n = self.orders.count(1)?; if n >= 3 { return Err(OrderError::TooBig); } Ok(())"),
        ("comparison", "if amount == 0 { return Err(OrderError::Empty); } self.payments.charge(1, amount).map(drop)"),
        ("arithmetic", "self.payments.charge(1, amount * 119 / 100).map(drop)"),
        (
            "comparison",
            "if let Some(o) = self.orders.all()?.pop() { if o.total >= 100 { self.orders.save(&o)?; } } Ok(())",
        ),
        (
            "comparison",
            "let Some(o) = self.orders.all()?.pop() else { return Ok(()) }; if o.discount > o.total { return Err(OrderError::NotAllowed); } Ok(())",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; let ok = o.total > 10 && o.tier == Tier::Gold; if ok { self.orders.save(&o)?; } Ok(())",
        ),
        (
            "arithmetic",
            "let o = self.orders.get(1)?; let rest = o.total.checked_sub(o.discount).ok_or(OrderError::NotAllowed)?; self.payments.charge(1, rest).map(drop)",
        ),
        (
            "arithmetic",
            "let o = self.orders.get(1)?; let part = o.total.min(50); self.payments.charge(1, part).map(drop)",
        ),
        ("comparison", "self.orders.change(1, Box::new(|mut o| { if o.total > 100 { o.is_gift = true; } o }))"),
        ("constant", "let i = Item { price: 990, quantity: 1, in_stock: true, weight: 0.0 }; self.item(i)"),
        (
            "guard",
            "let o = self.orders.get(1)?; if o.items.iter().any(|i| !i.in_stock) { return Err(OrderError::Unavailable); } Ok(())",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; let fine = o.items.iter().all(|i| i.quantity > 0); if !fine { return Err(OrderError::Unavailable); } Ok(())",
        ),
        (
            "arithmetic",
            "let o = self.orders.get(1)?; let w: f64 = o.items.iter().map(|i| i.weight * i.quantity as f64).sum(); self.weigh(w)",
        ),
        ("arithmetic", "self.orders.get(1).map(|o| o.total * 2).and_then(|t| self.payments.charge(1, t).map(drop))"),
        (
            "comparison",
            "let o = self.orders.all()?.pop().filter(|o| o.status == Status::Open).ok_or(OrderError::NotAllowed)?; self.orders.save(&o)",
        ),
        (
            "comparison",
            "let mut o = self.orders.get(1)?; while o.total > 100 { self.payments.charge(1, 100)?; o = self.orders.get(1)?; } Ok(())",
        ),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if !o.email.ends_with("@shop.example") { return Err(OrderError::NotAllowed); } Ok(())"#,
        ),
        ("arithmetic", "let o = self.orders.get(1)?; self.payments.charge(o.customer, o.total - o.discount).map(drop)"),
        (
            "guard",
            "let o = self.orders.get(1)?; match o.total.cmp(&100) { std::cmp::Ordering::Greater => Err(OrderError::TooBig), _ => Ok(()) }",
        ),
        (
            "table",
            "let o = self.orders.get(1)?; let fee = match o.total { 0..=99 => 5, 100..=499 => 3, _ => 0 }; self.payments.charge(1, fee).map(drop)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; let fee = match o.total > 100 { true => 0, false => 5 }; self.payments.charge(1, fee).map(drop)",
        ),
        (
            "arithmetic",
            "let fee = self.orders.all()?.pop().map_or(0, |o| o.total / 10); self.payments.charge(1, fee).map(drop)",
        ),
        (
            "constant",
            "let o = self.orders.get(1)?; self.expire(std::time::SystemTime::now() + std::time::Duration::from_secs(30 * 86400), o)",
        ),
        (
            "comparison",
            r#"let o = self.orders.all()?.pop(); if o.as_ref().is_some_and(|o| o.total > 5) { self.mail.send("a".into())?; } Ok(())"#,
        ),
        (
            "comparison",
            "let go = |o: &Order| o.total > 5; let o = self.orders.get(1)?; if go(&o) { self.orders.save(&o)?; } Ok(())",
        ),
        (
            "arithmetic",
            "let total = self.orders.get(1)?.total; let total = total - 5; self.payments.charge(1, total).map(drop)",
        ),
        (
            "comparison",
            "let mut all = self.orders.all()?; all.retain(|o| o.status != Status::Cancelled); self.keep(all)",
        ),
        (
            "comparison",
            "let (a, b): (Vec<Order>, Vec<Order>) = self.orders.all()?.into_iter().partition(|o| o.total > 10); self.keep(a)?; self.keep(b)",
        ),
        ("write", "let o = self.orders.get(1)?; let o = Order { status: Status::Paid, ..o }; self.orders.save(&o)"),
        ("arithmetic", "let o = self.orders.get(1)?; self.payments.charge(1, o.total.sub(o.discount)).map(drop)"),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if o.total > 60 { let _ = self.mail.send("x".into()); } Ok(())"#,
        ),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if o.total > 60 { if let Err(error) = self.mail.send("x".into()) { println!("{error:?}"); } } Ok(())"#,
        ),
        (
            "guard",
            "let o = self.orders.get(1)?; let Status::Open = o.status else { return Err(OrderError::NotAllowed) }; Ok(())",
        ),
        (
            "guard",
            "let Order { is_gift: true, .. } = self.orders.get(1)? else { return Err(OrderError::NotAllowed) }; Ok(())",
        ),
        (
            "guard",
            "let o = self.orders.get(1)?; match o.status { Status::Open | Status::Paid => self.orders.save(&o), _ => Err(OrderError::NotAllowed) }",
        ),
        (
            "arithmetic",
            "let mut by = std::collections::HashMap::new(); for o in self.orders.all()? { *by.entry(o.customer).or_insert(0) += o.total; } self.map(by)",
        ),
        ("arithmetic", "let mut sums = [0, 0]; for o in self.orders.all()? { sums[0] += o.total; } self.sums(sums)"),
        (
            "write",
            "let mut o = self.orders.get(1)?; let before = std::mem::replace(&mut o.status, Status::Paid); self.moved(before, o)",
        ),
        ("write", "let mut o = self.orders.get(1)?; o.items.clear(); self.orders.save(&o)"),
        ("write", "let mut o = self.orders.get(1)?; o.coupon.take(); self.orders.save(&o)"),
        ("constant", "let o = self.orders.get(1)?; self.payments.charge(1, order::fee(&o, 3 * 5)).map(drop)"),
        (
            "table",
            "let o = self.orders.get(1)?; let extra = [0, 150, 300][o.tier as usize]; self.payments.charge(1, extra).map(drop)",
        ),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if [Status::Open, Status::Paid].contains(&o.status) { self.mail.send("x".into())?; } Ok(())"#,
        ),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if (10..100).contains(&o.total) { self.mail.send("x".into())?; } Ok(())"#,
        ),
        ("arithmetic", "let o = self.orders.get(1)?; self.payments.charge(1, std::cmp::min(o.total, 500)).map(drop)"),
        (
            "guard",
            "let o = self.orders.get(1)?; if !o.is_overdue(self.clock.now()) { return Err(OrderError::NotAllowed); } Ok(())",
        ),
        (
            "arithmetic",
            "let i = self.orders.get(1)?; let due = i.total - i.discount; self.payments.charge(1, due).map(drop)",
        ),
        ("guard", "for o in self.orders.all()? { if o.is_gift { continue; } self.orders.save(&o)?; } Ok(())"),
        (
            "comparison",
            "for o in self.orders.all()? { if o.status == Status::Cancelled { continue; } self.orders.save(&o)?; } Ok(())",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.status == Status::Open { return Ok(()); } Err(OrderError::NotAllowed)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; let fee = if o.total == 1 { 5 } else { 3 }; self.payments.charge(1, fee).map(drop)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.note.len() as u64 > o.discount { return Err(OrderError::TooBig); } self.orders.save(&o)",
        ),
        (
            "comparison",
            "let all = self.orders.all()?; let one = all.iter().find_map(|o| (o.status == Status::Open).then_some(o.total)); self.take(one)",
        ),
        (
            "aggregation",
            "let mut list: Vec<(u64, Order)> = Vec::new(); for n in 0..wanted { list.push((n, self.orders.get(n)?)); } list.sort_by(|a, b| b.1.total.cmp(&a.1.total)); self.keep(list)",
        ),
        ("guard", r#"let o = self.orders.get(1)?; if o.is_gift { self.mail.send("x".into())?; } Ok(())"#),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if o.customer_id == 1 { self.mail.send("x".into())?; } self.orders.save(&o)"#,
        ),
        (
            "arithmetic",
            "let (a, b) = tokio::try_join!(self.orders.get(1), self.orders.get(2))?; self.payments.charge(1, a.total - b.discount).map(drop)",
        ),
        ("comparison", "if let Some(75..) = self.orders.get(1)?.points { return self.payments.refund(x); } Ok(())"),
        (
            "table",
            r#"let o = self.orders.get(1)?; let size = match o.total { 0..=99 => "small", 100..=999 => "medium", _ => "large" }; self.mail.send(size.into())"#,
        ),
        (
            "table",
            "let o = self.orders.get(1)?; self.fee(match o.tier { Tier::Gold => Cents::ZERO, Tier::Silver => Cents::from(5), Tier::Basic => Cents::from(9) })",
        ),
        (
            "guard",
            "let o = self.orders.get(1)?; match (o.total, &o.coupon) { (0..=15, None) => Err(OrderError::NotAllowed), _ => Ok(()) }",
        ),
        ("arithmetic", "let o = self.orders.get(1)?; let days = (o.total - o.discount).num_days(); self.count(days)"),
        ("default", "let o = self.orders.get(1)?; self.count(o.points.unwrap_or_else(|| SERVICE_PERCENT))"),
        ("default", "let percent = self.orders.rate(1)?.unwrap_or(SERVICE_PERCENT); self.count(percent)"),
        ("arithmetic", "let o = order::with(self.orders.get(1)?, |total| total * 9 / 10); self.orders.save(&o)"),
        (
            "comparison",
            "let o = self.orders.get(1)?; self.count(PERCENTS.iter().find(|(tier, _)| *tier == o.tier).map(|(_, percent)| *percent))",
        ),
        (
            "table",
            "let o = self.orders.get(1)?; let fees: std::collections::HashMap<Tier, u64> = [(Tier::Gold, 1), (Tier::Basic, 9)].into(); self.count(fees.get(&o.tier))",
        ),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; if o.items.len() >= 10 { self.mail.send("x".into())?; } Ok(())"#,
        ),
        (
            "comparison",
            "let low: Vec<i64> = self.orders.balances()?.into_iter().filter(|balance| *balance < 0).collect(); self.list(low)",
        ),
        ("arithmetic", "let one = self.orders.delivery(1)?; self.payments.charge(1, one.total * 2).map(drop)"),
        ("guard", "let n = self.orders.all()?.len(); if n == 0 { return Err(OrderError::NotFound); } Ok(())"),
        ("guard", "let o = self.orders.get(1)?; match o.total { 0..=99 => Ok(()), _ => Err(OrderError::TooBig) }"),
        (
            "guard",
            "let o = self.orders.get(1)?; if o.is_successful { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        ),
        (
            "guard",
            "let o = self.orders.get(1)?; if !o.is_success() { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        ),
        (
            "guard",
            "let Order { is_successful, .. } = self.orders.get(1)?; if is_successful { return Err(OrderError::NotAllowed); } Ok(())",
        ),
        ("guard", r#"let o = self.orders.get(1)?; if o.is_successful { self.mail.send("x".into())?; } Ok(())"#),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; let kind = if o.total == 0 { "free" } else { "paid" }; self.mail.send(kind.to_owned())"#,
        ),
        (
            "comparison",
            r#"let o = self.orders.get(1)?; let kind = if o.total == 1 { "free" } else { "paid" }; self.mail.send(kind.to_owned())"#,
        ),
        (
            "write",
            "let mut o = self.orders.get(1)?; if let Some(coupon) = o.coupon.take() { self.redeem(coupon)?; } self.orders.save(&o)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; let mut n = 0; for _ in self.orders.all()? { n += 1; } if n < o.discount { return Err(OrderError::TooBig); } Ok(())",
        ),
        (
            "comparison",
            "let permits = self.orders.all()?; if permits.iter().any(|o| o.total > 500) { return Err(OrderError::TooBig); } Ok(())",
        ),
        ("aggregation", "let best = self.orders.deliveries()?.into_iter().max_by_key(|o| o.total); self.maybe(best)"),
        (
            "comparison",
            "let mut open = 0; for o in self.orders.all()? { if let Status::Open = o.status { open += 1; } } self.count(open)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if (o.discount..o.total).contains(&amount) { self.orders.save(&o)?; } Ok(())",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.items[0].weight.is_sign_negative() { return Err(OrderError::NotAllowed); } Ok(())",
        ),
        (
            "aggregation",
            "let most = self.orders.all()?.iter().map(|o| o.total).fold(0, u64::max); self.payments.charge(1, most).map(drop)",
        ),
        (
            "comparison",
            "let o = self.orders.get(1)?; if o.total == u64::default() { return Err(OrderError::Empty); } self.orders.save(&o)",
        ),
        ("guard", "match self.orders.delivered(1)?.code { 200..=299 => Ok(()), _ => Err(OrderError::Unavailable) }"),
        ("guard", "let o = self.orders.get(1)?; if !o.ok { return Err(OrderError::NotAllowed); } self.orders.save(&o)"),
        (
            "guard",
            "let (done, rest): (Vec<_>, Vec<_>) = self.orders.all()?.into_iter().partition(|o| o.is_open()); if done.is_empty() { return Err(OrderError::Empty); } self.both(done, rest)",
        ),
        ("guard", "for o in self.orders.all()?.into_iter().filter(|o| o.is_gift) { self.orders.save(&o)?; } Ok(())"),
        ("guard", "for o in self.orders.all()?.into_iter().filter(|o| !o.ok) { self.orders.save(&o)?; } Ok(())"),
    ];

    const SILENT: &[&str] = &[
        "let o = self.orders.get(1)?; let query = Query::find().filter(Column::Total.eq(o.total)); self.orders.ask(query)",
        "if amount_column.gt(self.orders.get(1)?.total) { return Ok(()); } Ok(())",
        "let mut all = self.orders.all()?; all.sort_by(|a, b| a.id.cmp(&b.id)); for o in &all { self.orders.save(o)?; } Ok(())",
        "let all = self.orders.all()?; for (attempt, o) in all.iter().enumerate() { if attempt.gt(&3) { return Ok(()); } self.orders.save(o)?; } Ok(())",
        r#"let o = self.orders.get(1)?; if o.id.to_string().starts_with("tmp") { self.orders.save(&o)?; } Ok(())"#,
        r#"let reply = self.payments.charge(1, 2)?; if reply.starts_with("wait") { self.payments.refund(reply)?; } Ok(())"#,
        "let o = self.orders.get(1)?; order::validate(&o)?; self.payments.charge(o.customer, order::due(&o)).map(drop)",
        r#"let o = self.orders.get(1)?; match order::judge(&o) { Verdict::Accept => self.orders.save(&o), Verdict::Review => self.mail.send("r".into()), Verdict::Reject => self.payments.refund("x".into()) }"#,
        "let Some(o) = self.orders.all()?.pop() else { return Err(OrderError::NotFound) }; self.orders.save(&o)",
        r#"if self.orders.exists(1)? { return Ok(()); } self.mail.send("x".into())"#,
        "let mut attempt = 0; loop { match self.payments.charge(1, amount) { Ok(_) => return Ok(()), Err(e) if attempt >= self.max_attempts => return Err(e), Err(_) => { attempt += 1; std::thread::sleep(std::time::Duration::from_millis(100 * u64::from(attempt))); } } }",
        "let deadline = std::time::Instant::now() + self.timeout; for o in self.orders.all()? { if std::time::Instant::now() > deadline { return Err(OrderError::Unavailable); } self.orders.save(&o)?; } Ok(())",
        r#"let all = self.orders.all()?; for (i, o) in all.iter().enumerate() { println!("{} of {}", i + 1, all.len()); self.orders.save(o)?; } Ok(())"#,
        "let page_size = 20; let offset = page * page_size; self.range(offset, page_size)",
        r#"let o = self.orders.get(1)?; let text = match o.status { Status::Open => "open", Status::Paid => "paid", Status::Shipped => "shipped", Status::Cancelled => "cancelled" }; self.mail.send(text.to_owned())"#,
        r#"let o = self.orders.get(1)?; match o.status { Status::Open => self.orders.save(&o), Status::Paid => self.mail.send("p".into()), _ => Ok(()) }"#,
        "let o = self.orders.get(1)?; if o.status == Status::Paid { return Ok(()); } self.orders.save(&o)",
        r#"let o = self.orders.get(1)?; println!("{}", o.total - o.discount); if o.total > 100 { println!("big"); } self.orders.save(&o)"#,
        r#"let id = self.payments.charge(1, amount)?; if let Err(e) = self.mail.send("x".into()) { self.payments.refund(id)?; return Err(e); } Ok(())"#,
        "let o = self.orders.get(1)?; let view = View { id: o.id, total: o.total, gift: o.is_gift }; self.view(view)",
        "let all = self.orders.all()?; let one = all.iter().find(|o| o.id == wanted).cloned().ok_or(OrderError::NotFound)?; self.orders.save(&one)",
        r#"if self.notify { self.mail.send("x".into())?; } Ok(())"#,
        "let start = std::time::Instant::now(); self.orders.all()?; let ms = start.elapsed().as_millis() as u64; self.metric(ms * 2)",
        "let all = self.orders.all()?; if all.is_empty() { return Ok(()); } self.keep(all)",
        "for part in self.orders.all()?.chunks(50) { self.keep(part.to_vec())?; } Ok(())",
        "let o = self.orders.get(1)?; if o.attempts >= self.max_attempts { return Err(OrderError::Unavailable); } Ok(())",
        "self.orders.get(1).map(drop).map_err(|e| match e { OrderError::NotFound => OrderError::Unavailable, other => other })",
        r#"let o = self.orders.get(1)?; if o.is_open() { self.mail.send("x".into())?; } Ok(())"#,
        "let o = self.orders.get(1)?; let due = order::due(&o); self.payments.charge(o.customer, due).map(drop)",
        "let ids: Vec<u64> = self.orders.all()?.iter().map(|o| o.id).collect(); self.take(ids)",
        "let mut by: std::collections::HashMap<u64, Vec<Order>> = Default::default(); for o in self.orders.all()? { by.entry(o.customer).or_default().push(o); } self.map(by)",
        "let o = self.orders.get(1)?; self.call(std::time::Duration::from_secs(30), o)",
        r#"for (n, o) in self.orders.all()?.iter().enumerate() { self.mail.send(format!("{}. {}", n + 1, o.id))?; } Ok(())"#,
        "let all = self.orders.all()?; let numbered: Vec<(usize, u64)> = all.iter().enumerate().map(|(at, o)| (at + 1, o.id)).collect(); self.list(numbered)",
        r#"for n in 0..amount { self.mail.send(format!("{} of {}", n + 1, page))?; } Ok(())"#,
        "let until = self.clock.now() + self.timeout; while self.clock.now() < until { self.orders.all()?; } Ok(())",
        "let o = self.orders.get(1)?; if self.orders.update(&o)? == 0 { return Err(OrderError::Unavailable); } Ok(())",
        r#"let before = self.orders.get(1)?; let after = self.orders.get(2)?; if before.status != after.status { self.mail.send("changed".into())?; } Ok(())"#,
        "let o = self.orders.get(1)?; for line in order::plan(&o).steps { self.mail.send(line.text)?; } Ok(())",
        "let o = self.orders.get(1)?; let steps = order::plan(&o).steps; self.list(steps.into_iter().filter(|step| step.kind == StepKind::Mail).collect())",
        r#"let o = self.orders.get(1)?; if let Err(error) = self.mail.send("x".into()) { println!("{error:?}"); } self.orders.save(&o)"#,
        "let o = self.orders.get(1)?; self.orders.add(o.total).map(drop)",
        r#"let o = self.orders.get(1)?; let sent = self.orders.delivered(1)?; if sent.is_error { self.mail.send("x".into())?; } self.orders.save(&o)"#,
        "let mut list: Vec<(u64, Order)> = Vec::new(); for n in 0..wanted { list.push((n, self.orders.get(n)?)); } list.sort_by(|a, b| a.1.id.cmp(&b.1.id)); self.keep(list)",
        "let all = self.orders.all()?; let one = all.iter().find_map(|o| (o.id == wanted).then_some(o.total)); self.take(one)",
        "let o = self.orders.get(1)?; let plain: String = o.note.chars().filter(|c| c.is_ascii_alphanumeric()).collect(); self.mail.send(plain)",
        "let o = self.orders.get(1)?; let fits = o.note.len() as u64 > o.discount; if fits { self.orders.save(&o)?; } Ok(())",
        r#"let o = self.orders.get(1)?; if o.customer_id == 0 { self.mail.send("x".into())?; } self.orders.save(&o)"#,
        "let mut o = self.orders.get(1)?; let coupon = o.coupon.take().unwrap_or_default(); self.redeem(coupon, o)",
        r#"let n = self.orders.get(1)?.total; let text = if n == 1 { "an order".to_owned() } else { format!("{n} orders") }; self.mail.send(text)"#,
        r#"let n = self.orders.get(1)?.total; let text = if n == 1 { "one order" } else { "several orders" }; self.mail.send(text.to_owned())"#,
        "let mut o = self.orders.get(1)?; let coupon = o.coupon.take().unwrap_or_default(); self.redeem(coupon, o.id)",
        r#"let word = match self.orders.delivered(1)?.http_status { 200..=299 => "ok", 500..=599 => "server", _ => "other" }; self.mail.send(word.into())"#,
        "match self.orders.delivered(1)?.http_status { 200..=299 => Ok(()), _ => Err(OrderError::Unavailable) }",
        "let sent = self.orders.delivered(1)?; if sent.is_error { return Err(OrderError::Unavailable); } Ok(())",
        "let (a, b) = tokio::join!(self.orders.get(1), self.orders.get(2)); self.orders.save(&a?)?; self.orders.save(&b?)",
        "if let Some(points) = self.orders.get(1)?.points { return self.payments.refund(points); } Ok(())",
        "match (self.orders.rate(1)?, self.orders.rate(2)?) { (Some(_), None) => Err(OrderError::NotFound), _ => Ok(()) }",
        "let percent = self.orders.rate(1)?.unwrap_or(20); self.count(percent)",
        "let o = self.orders.get(1)?; let faults = order::faults(&o); if !faults.is_empty() { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        "let o = self.orders.get(1)?; let n = order::faults(&o).len(); if n > 0 { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        "let o = self.orders.get(1)?; let faults = order::faults(&o); if faults.len() > 0 { return Err(OrderError::NotAllowed); } self.orders.save(&o)",
        r#"let o = self.orders.get(1)?; let done = match o.status { Status::Open => { self.orders.save(&o)?; 1 } Status::Paid => { self.mail.send("x".into())?; 1 } _ => 0 }; self.count(done)"#,
        "let mut tried = 0; loop { tried += 1; match self.payments.charge(1, 2) { Ok(_) => return Ok(()), Err(e) if tried >= amount => return Err(e), Err(_) => {} } }",
        "let mut queue = vec![(wanted, 0)]; while let Some((id, depth)) = queue.pop() { if depth > 9 { return Err(OrderError::TooBig); } self.orders.get(id)?; queue.push((id, depth + 1)); } Ok(())",
        "let at = self.clock.now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs(); self.count(at)",
        "let all = self.orders.all()?; if all.len() >= 50 { self.keep(all)?; } Ok(())",
        "let beat = self.clock.heartbeat().await?; if beat > 5 { return Err(OrderError::Unavailable); } Ok(())",
        "let all = self.orders.all()?; let per_second = all.len() as u64; self.count(self.orders.count(1)? / per_second)",
        "let attempts = self.orders.count(1)?; if attempts > 5 { return Err(OrderError::TooBig); } Ok(())",
        "for o in self.orders.all()? { if let Status::Open = o.status { return Ok(()); } } Ok(())",
        "let (from, until) = (page * 10, page * 10 + 10); let some = self.orders.all()?.into_iter().enumerate().filter(|(at, _)| (from..until).contains(&(*at as u64))); self.keep(some)",
        "if (page as f64).is_sign_negative() { return Err(OrderError::NotAllowed); } Ok(())",
        "let sum = self.orders.all()?.iter().fold(0, order::add_up); self.payments.charge(1, sum).map(drop)",
        "let mut ids = Vec::default(); for o in self.orders.all()? { ids.push(o.id); } self.ids(ids)",
        r#"let o = self.orders.get(1)?; match o.status { Status::Open => self.orders.save(&o), Status::Paid => { self.mail.send("paid".into())?; Ok(()) } Status::Shipped => { self.mail.send("away".into())?; Ok(()) } Status::Cancelled => self.note(o.id) }"#,
        "match self.mail.ask()?.code { 200..=299 => Ok(()), _ => Err(OrderError::Unavailable) }",
        "let reply = self.mail.ask()?; if !reply.ok { return Err(OrderError::Unavailable); } Ok(())",
        "let (done, failed): (Vec<_>, Vec<_>) = [1, 2].into_iter().map(|id| self.orders.get(id)).partition(|one| one.is_ok()); if done.is_empty() { return Err(OrderError::Unavailable); } self.both(done, failed)",
        "let (failed, done): (Vec<_>, Vec<_>) = [1, 2].into_iter().map(|id| self.orders.get(id)).partition(Result::is_err); if done.is_empty() { return Err(OrderError::Unavailable); } self.both(done, failed)",
        "for o in self.orders.all()?.into_iter().filter(|o| o.is_open()) { self.orders.save(&o)?; } Ok(())",
    ];

    #[test]
    fn filling_in_an_answer_is_mapping() {
        let filled = |name: &str, with: &str| {
            found_in(&format!(
                "pub struct {name} {{ pub total: u64 }}
                pub trait Views {{ fn view(&self) -> {name}; }}
                pub struct Shown {{ views: Arc<dyn Views>, orders: Arc<dyn Orders> }}
                impl Shown {{ pub fn run(&self) -> Result<{name}, OrderError> {{
                    let mut shown = self.views.view(); shown.total = {with}; Ok(shown)
                }} }}"
            ))
        };
        assert_eq!(filled("Basket", "self.orders.get(1)?.total"), ["write"]);
        assert_eq!(filled("BasketDto", "5"), ["write"]);
        assert!(filled("BasketDto", "self.orders.get(1)?.total").is_empty());
    }

    /// What `evidence_kinds` finds in the shop with more code.
    fn found_in(code: &str) -> Vec<String> {
        evidence_kinds(&LINT, &format!("{SHOP}{code}")).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_list_is_technical_by_its_name_where_it_holds_plain_values() {
        let found = |of: &str, rule: &str| {
            found_in(&format!(
                "impl Checkout {{ pub fn run(&self, permits: &[{of}]) -> Result<(), OrderError> {{
                    if permits.iter().any(|one| {rule}) {{ return Err(OrderError::TooBig); }} Ok(())
                }} }}"
            ))
        };
        assert_eq!(found("Order", "one.total > 500"), ["comparison"]);
        assert!(found("u64", "*one > 500").is_empty());
    }

    #[test]
    fn what_matches_asks_is_one_piece_of_evidence() {
        let run = |body: &str| {
            found_in(&format!("impl Checkout {{ pub fn run(&self) -> Result<(), OrderError> {{ {body} }} }}"))
        };
        let refuses = "{ return Err(OrderError::NotAllowed); } self.orders.save(&o)";
        let asked = ["matches!(o.status, Status::Open)", "let Status::Open = o.status", "o.status == Status::Open"];
        for asked in asked {
            assert_eq!(run(&format!("let o = self.orders.get(1)?; if {asked} {refuses}")), ["comparison"], "{asked}");
        }
    }

    #[test]
    fn what_a_port_behind_a_lock_returns_is_looked_into() {
        let locked = |body: &str| {
            found_in(&format!(
                "pub struct Ledger<S: Orders> {{ orders: Arc<std::sync::Mutex<S>> }}
                impl<S: Orders> Ledger<S> {{
                    pub fn new(orders: Arc<std::sync::Mutex<S>>) -> Self {{ Self {{ orders }} }}
                    pub fn run(&self) -> Result<(), OrderError> {{ let orders = self.orders.lock().unwrap(); {body} }}
                }}"
            ))
        };
        assert_eq!(
            locked("let o = orders.get(1)?; let o = Order { total: o.total - o.discount, ..o }; orders.save(&o)"),
            ["arithmetic", "write"]
        );
        assert!(locked("let o = orders.get(1)?; orders.save(&o)").is_empty());
    }

    #[test]
    fn a_parameter_that_is_called_like_a_port_in_a_bundle_is_data() {
        let given = |ty: &str| {
            found_in(&format!(
                "pub struct Stores {{ pub order: Arc<dyn Orders>, pub mail: Arc<dyn Mail> }}
                pub struct Shop {{ stores: Stores }}
                impl Shop {{
                    pub fn new(stores: Stores) -> Self {{ Self {{ stores }} }}
                    pub fn run(&self, order: {ty}) -> Result<(), OrderError> {{
                        if order.total > 100 {{ return Err(OrderError::TooBig); }}
                        self.stores.mail.send(String::new())
                    }}
                }}"
            ))
        };
        assert_eq!(given("Order"), ["comparison"]);
        assert!(given("&dyn Orders").is_empty());
    }

    #[test]
    fn what_the_caller_asks_for_is_dispatched_and_what_a_port_said_is_judged() {
        let asked = |scrutinee: &str| {
            found_in(&format!(
                r#"impl Checkout {{ pub fn run(&self, wanted: Status) -> Result<(), OrderError> {{
                    let o = self.orders.get(1)?;
                    match {scrutinee} {{
                        Status::Open => self.orders.save(&o),
                        Status::Paid => self.mail.send("paid".into()),
                        _ => Err(OrderError::NotAllowed),
                    }}
                }} }}"#
            ))
        };
        assert_eq!(asked("o.status"), ["guard"]);
        assert!(asked("wanted").is_empty());
    }

    #[test]
    fn what_is_handed_in_to_be_filled_keeps_track_of_a_run_and_a_draft_is_a_request() {
        let lent = |name: &str, derives: &str| {
            found_in(&format!(
                "#[derive({derives})]
                pub struct {name} {{ pub total: u64, pub discount: u64 }}
                impl Checkout {{ pub fn run(&self, of: &mut {name}) -> Result<(), OrderError> {{
                    if of.total > 100 {{ of.discount = of.total / 10; }}
                    self.payments.charge(1, of.total - of.discount).map(drop)
                }} }}"
            ))
        };
        let logic = ["arithmetic", "comparison", "write"];
        assert_eq!(lent("Draft", "Debug"), logic);
        assert_eq!(lent("Draft", "Default, serde::Deserialize"), logic);
        assert!(lent("Draft", "Default").is_empty());
        assert!(lent("ImportStats", "Debug").is_empty());
    }

    #[test]
    fn what_the_caller_says_of_how_it_went_is_recorded() {
        let told = |then: &str| {
            found_in(&format!(
                r#"impl Checkout {{ pub fn run(&self, of: Order) -> Result<(), OrderError> {{
                    if of.is_successful {{ {then} }}
                    self.mail.send("done".into())
                }} }}"#
            ))
        };
        assert_eq!(told("return Err(OrderError::NotAllowed);"), ["guard"]);
        assert!(told(r#"self.mail.send("fine".into())?;"#).is_empty());
    }

    #[test]
    fn a_signal_to_stop_is_no_predicate_of_an_entity() {
        let stopped = |of: &str| {
            found_in(&format!(
                "//- src/core/stop.rs
                pub struct {of} {{ done: bool, id: u64 }}
                impl {of} {{ pub fn is_cancelled(&self) -> bool {{ self.done && self.id > 0 }} }}
                //- src/app/stop.rs
                use crate::core::stop::{of};
                use crate::core::order::OrderError;
                use crate::shell::ports::Orders;
                use std::sync::Arc;
                pub struct Stop {{ orders: Arc<dyn Orders> }}
                impl Stop {{ pub fn run(&self, stop: &{of}) -> Result<(), OrderError> {{
                    if stop.is_cancelled() {{ return Err(OrderError::Cancelled); }}
                    self.orders.all().map(drop)
                }} }}"
            ))
        };
        assert_eq!(stopped("Booking"), ["guard"]);
        assert_eq!(stopped("StopLossSignal"), ["guard"]);
        assert!(stopped("CancellationToken").is_empty());
    }

    #[test]
    fn taking_out_what_was_asked_for_is_no_rule() {
        let asked = |pattern: &str, of: &str| {
            found_in(&format!(
                "pub enum Wanted {{ Pay(Pay), Stop }}
                pub enum Pay {{ Now {{ id: u64 }}, Later }}
                impl Checkout {{ pub fn run(&self, wanted: Wanted, order: Order) -> Result<(), OrderError> {{
                    if let {pattern} = {of} {{ self.orders.get(1).map(drop) }} else {{ Err(OrderError::NotAllowed) }}
                }} }}"
            ))
        };
        assert!(asked("Wanted::Pay(Pay::Now { id })", "wanted").is_empty());
        assert_eq!(asked("Wanted::Pay(Pay::Later)", "wanted"), ["guard"]);
        assert_eq!(asked("Status::Open", "order.status"), ["comparison"]);
    }

    #[test]
    fn what_is_told_in_two_steps_is_translated_like_what_is_told_in_one() {
        let told = |card: &str, cash: &str| {
            found_in(&format!(
                "//- src/core/reply.rs
                pub enum Reply {{ Paid(Means), Failed }}
                pub enum Means {{ Card(u64), Cash(u64), Gift }}
                pub enum Fee {{ High(u64), Low(u64), Free, Unknown }}
                //- src/app/reply.rs
                use crate::core::{{order::OrderError, reply::*}};
                use crate::shell::ports::Orders;
                use std::sync::Arc;
                pub struct Told {{ orders: Arc<dyn Orders> }}
                impl Told {{ pub fn run(&self, reply: Reply) -> Result<Fee, OrderError> {{
                    self.orders.all()?;
                    Ok(match reply {{ {card}, {cash}, Reply::Failed => Fee::Unknown }})
                }} }}"
            ))
        };
        let card = "Reply::Paid(Means::Card(at)) => Fee::High(at)";
        assert!(told(card, "Reply::Paid(Means::Cash(at)) => Fee::Low(at)").is_empty());
        assert_eq!(told(card, "Reply::Paid(Means::Gift) => Fee::Free"), ["table"]);
    }

    #[test]
    fn entries_in_the_order_of_their_names_are_no_ranking() {
        let sorted = |key: &str| {
            found_in(&method(&format!(
                "let found = self.orders.all()?;
                 let mut all: Vec<(&str, u64)> = found.iter().map(|one| (one.email.as_str(), one.total)).collect();
                 all.sort_by_key(|{key});
                 self.mail.send(format!(\"{{all:?}}\"))"
            )))
        };
        assert!(sorted("(name, _)| *name").is_empty());
        assert!(sorted("(name, _)| name.to_owned()").is_empty());
        assert_eq!(sorted("(_, total)| *total"), ["aggregation"]);
        assert_eq!(sorted("(_, k)| *k"), ["aggregation"], "a short name says nothing");
    }

    #[test]
    fn a_named_text_that_the_core_takes_is_no_number_of_its_own() {
        let given = |inside: &str, value: &str| {
            found_in(&format!(
                "//- src/core/mark.rs
                pub struct Mark({inside});
                impl Mark {{ pub const fn new(of: {inside}) -> Self {{ Self(of) }} }}
                pub fn marked(total: u64, mark: Mark) -> u64 {{ total }}
                //- src/app/mark.rs
                use crate::core::{{mark::*, order::OrderError}};
                use crate::shell::ports::Orders;
                use std::sync::Arc;
                const AGREEMENT: Mark = Mark::new({value});
                pub struct Marks {{ orders: Arc<dyn Orders> }}
                impl Marks {{ pub fn run(&self, total: u64) -> Result<u64, OrderError> {{
                    self.orders.all()?;
                    Ok(marked(total, AGREEMENT))
                }} }}"
            ))
        };
        assert!(given("&'static str", "\"agreement\"").is_empty());
        assert_eq!(given("u64", "12"), ["constant"]);
        assert_eq!(given("(&'static str, u64)", "(\"agreement\", 12)"), ["constant"]);
    }

    #[test]
    fn a_part_that_is_added_to_what_is_put_together_here_is_no_change() {
        let copied = |fields: &str, rest: &str| {
            found_in(&method(&format!(
                "let found = self.orders.get(1)?;
                 let mine = Order::new_of(found.clone());
                 self.orders.save(&Order {{ {fields}, ..{rest} }})"
            )))
        };
        assert!(copied("customer: wanted", "mine").is_empty());
        assert!(copied("customer: wanted", "Order::new_of(found)").is_empty());
        assert_eq!(copied("status: Status::Paid", "found"), ["write"]);
        assert_eq!(copied("total: 0", "mine"), ["write"]);
    }

    #[test]
    fn a_moment_in_another_unit_is_the_same_moment() {
        let moment = |calculated: &str| {
            found_in(&method(&format!("let at = {calculated}; self.mail.send(format!(\"{{at}}\"))")))
        };
        assert!(moment("chrono::Utc::now().timestamp_millis() as f64 / 1000.0").is_empty());
        assert!(moment("chrono::Utc::now().timestamp_micros() / 1_000_000").is_empty());
        assert_eq!(moment("chrono::Utc::now().timestamp_millis() + 86_400_000"), ["constant"]);
        assert_eq!(moment("chrono::Utc::now().timestamp_millis() + 1000"), ["constant"]);
        assert_eq!(moment("chrono::Utc::now().timestamp() + 1000"), ["constant"]);
    }

    #[test]
    fn one_that_lacks_a_part_is_refused_however_it_is_looked_for() {
        let lacking = |then: &str| {
            found_in(&method(&format!("let all = self.orders.all()?; {then} self.mail.send(\"done\".into())")))
        };
        let find = "all.iter().find(|one| one.coupon.is_none())";
        assert_eq!(lacking(&format!("if let Some(_) = {find} {{ return Err(OrderError::NotAllowed); }}")), ["guard"]);
        assert_eq!(
            lacking(&format!("match {find} {{ Some(_) => return Err(OrderError::NotAllowed), None => () }}")),
            ["guard"]
        );
        assert!(lacking(&format!("if let Some(one) = {find} {{ self.mail.send(one.email.clone())?; }}")).is_empty());
        assert!(lacking(&format!("let Some(_) = {find} else {{ return Err(OrderError::NotFound) }};")).is_empty());
    }
}
