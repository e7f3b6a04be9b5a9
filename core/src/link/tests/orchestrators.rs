//! Orchestrators: what is one, how it is made, what it does and which code is its own.

use super::{Project, project};
use crate::link::{FunctionRef, Orchestrator};
use expect_test::{Expect, expect};
use std::fmt::Write;

/// Compares the orchestrators of a fixture with `expected`.
#[track_caller]
fn check(fixture: &str, expected: &Expect) {
    let project = project(fixture);
    let mut out = String::new();
    for orchestrator in &project.orchestrators {
        draw(&project, orchestrator, &mut out);
    }
    expected.assert_eq(&out);
}

fn draw(project: &Project, orchestrator: &Orchestrator, out: &mut String) {
    let layer = orchestrator.layer.as_ref().map_or_else(String::new, |layer| format!(", layer {layer}"));
    let kind = orchestrator.kind.as_ref().map_or_else(String::new, |kind| format!(", {kind}"));
    let function = if orchestrator.is_function { "fn " } else { "" };
    writeln!(out, "{function}{}{layer}{kind}", orchestrator.path).unwrap();
    for constructor in &orchestrator.constructors {
        let names: Vec<_> = constructor.collaborators.iter().map(|one| one.shown.as_str()).collect();
        let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        writeln!(out, "    made by {} from {names}", constructor.name).unwrap();
    }
    for one in &orchestrator.collaborators {
        let bundle = one.bundle.as_ref().map_or_else(String::new, |bundle| format!(" in {bundle}"));
        writeln!(out, "    uses {}: {}{bundle} because {}", one.name, one.shown, one.why).unwrap();
    }
    for operation in &orchestrator.operations {
        let visible = if operation.visible { "" } else { "private " };
        let fields = if operation.fields.is_empty() { "nothing".to_owned() } else { operation.fields.join(", ") };
        writeln!(out, "    {visible}operation {} on {fields}", operation.name).unwrap();
    }
    let code: Vec<_> = orchestrator.code.iter().map(|at| function_name(project, *at)).collect();
    writeln!(out, "    code {}", code.join(", ")).unwrap();
}

fn function_name(project: &Project, at: FunctionRef) -> String {
    project.function(at).map(|function| function.name.to_string()).unwrap_or_default()
}

const PORTS: &str = "
//- src/lib.rs
pub mod application;
pub mod ports;
pub mod domain;
//- src/ports.rs
pub trait Users { fn find(&self, id: u8) -> u8; }
pub trait Mailer { async fn send(&self, to: u8); }
pub trait Clock { fn now(&self) -> u8; }
//- src/domain.rs
pub struct Price(u8);
impl Price { pub fn new(x: u8) -> Self { Self(x) } }
//- src/application.rs
use crate::ports::*;
use crate::domain::Price;
";

#[test]
fn a_type_that_receives_ports_is_one_and_a_value_is_none() {
    check(
        &format!(
            "{PORTS}
pub struct Checkout {{ users: Box<dyn Users>, mailer: Box<dyn Mailer>, limit: u8 }}
impl Checkout {{
    pub fn new(users: Box<dyn Users>, mailer: Box<dyn Mailer>, limit: u8) -> Self {{ Self {{ users, mailer, limit }} }}
    pub fn run(&self) {{ let id = self.load(); helper(id); }}
    pub fn notify(&self) {{ self.mailer.send(self.limit); }}
    fn load(&self) -> u8 {{ fn inside() {{}} inside(); self.users.find(1) }}
}}
mod other {{ pub fn f() {{ fn inside() {{}} }} }}
fn helper(x: u8) {{ deeper(x) }}
fn deeper(_: u8) {{}}
fn unused() {{}}
pub fn visible(x: u8) {{}}
pub struct Receipt {{ price: Price, count: u8 }}
impl Receipt {{ pub fn new(price: Price) -> Self {{ Self {{ price, count: 1 }} }} pub fn count(&self) -> u8 {{ self.count }} }}
"
        ),
        &expect![[r#"
            application::Checkout
                made by new from Users, Mailer
                uses users: Users because `Users`, a port of this project
                uses mailer: Mailer because `Mailer`, a port of this project
                operation run on users
                operation notify on limit, mailer
                private operation load on users
                code new, run, notify, load, helper, inside, deeper
        "#]],
    );
}

#[test]
fn every_way_to_be_made_is_a_constructor() {
    check(
        &format!(
            "{PORTS}
pub struct Many<M> {{ users: std::sync::Arc<dyn Users>, mailer: M, clock: Option<Box<dyn Clock>> }}
impl<M: Mailer> Many<M> {{
    pub fn new(users: std::sync::Arc<dyn Users>, mailer: M) -> Self {{ todo!() }}
    pub fn open(users: std::sync::Arc<dyn Users>) -> Result<Self, u8> {{ todo!() }}
    pub fn with_clock(self, clock: Box<dyn Clock>) -> Self {{ self }}
    pub fn run(&self) {{ self.users.find(1); }}
}}
#[derive(new)]
pub struct Derived {{ users: Box<dyn Users>, price: Price }}
impl Derived {{ pub fn run(&self) {{ self.users.find(1); }} }}
pub struct Literal {{ pub users: Box<dyn Users> }}
impl Literal {{ pub fn run(&self) {{ self.users.find(1); }} }}
"
        ),
        &expect![[r#"
            application::Many
                made by new from Users, Mailer, Clock
                made by open from Users, Clock
                uses users: Users because `Users`, a port of this project
                uses mailer: Mailer because `Mailer`, a port of this project
                uses clock: Clock because `Clock`, a port of this project
                operation run on users
                code new, open, with_clock, run
            application::Derived
                made by a derived constructor from Users
                uses users: Users because `Users`, a port of this project
                operation run on users
                code run
            application::Literal
                uses users: Users because `Users`, a port of this project
                operation run on users
                code run
        "#]],
    );
}

#[test]
fn bundles_are_taken_apart() {
    check(
        &format!(
            "{PORTS}
pub struct Deps {{ pub users: Box<dyn Users>, pub mailer: Box<dyn Mailer> }}
pub struct Bundled {{ deps: Deps }}
impl Bundled {{ pub fn new(deps: Deps) -> Self {{ Self {{ deps }} }} pub fn run(&self) {{ self.deps.users.find(1); }} }}
"
        ),
        &expect![[r#"
            application::Bundled
                made by new from Users, Mailer
                uses users: Users in Deps because `Users`, a port of this project
                uses mailer: Mailer in Deps because `Mailer`, a port of this project
                operation run on deps
                code new, run
        "#]],
    );
}

#[test]
fn functions_that_receive_ports_are_orchestrators_where_their_role_says_so() {
    check(
        &format!(
            "{PORTS}
pub async fn register(users: &dyn Users, mailer: impl Mailer, name: &str) {{ step(users) }}
fn step(users: &dyn Users) {{ users.find(1); }}
pub fn format_name(name: &str) -> String {{ name.to_owned() }}
#[cfg(test)] pub fn in_tests(users: &dyn Users) {{}}
"
        ),
        &expect![[r#"
            fn application::register
                made by register from Users, Mailer
                uses users: Users because `Users`, a port of this project
                uses mailer: Mailer because `Mailer`, a port of this project
                operation register on nothing
                code register, step
        "#]],
    );
}

#[test]
fn impls_in_other_files_count_and_attributes_mark() {
    check(
        &format!(
            "{PORTS}
mod more;
pub struct Split {{ users: Box<dyn Users> }}
impl Split {{ pub fn new(users: Box<dyn Users>) -> Self {{ Self {{ users }} }} }}
//- src/application/more.rs
use super::Split;
impl Split {{ pub fn elsewhere(&self) {{ self.users.find(1); }} }}
#[cfg(test)] impl Split {{ fn tested(&self) {{}} }}
//- src/domain.rs
#[baton::orchestrator(layer = \"infrastructure\")]
pub struct Marked {{ path: String }}
impl Marked {{ pub fn new(path: String) -> Self {{ Self {{ path }} }} pub fn run(&self) {{}} }}
"
        ),
        &expect![[r#"
            application::Split
                made by new from Users
                uses users: Users because `Users`, a port of this project
                operation elsewhere on users
                code new, elsewhere
            domain::Marked, layer infrastructure
                made by new from nothing
                operation run on nothing
                code new, run
        "#]],
    );
}

#[test]
fn a_name_alone_makes_nothing_an_orchestrator() {
    check(
        &format!(
            "{PORTS}
pub struct PriceOrchestrator {{ price: Price }}
impl PriceOrchestrator {{ pub fn new(price: Price) -> Self {{ Self {{ price }} }} pub fn run(&self) -> u8 {{ 1 }} }}
pub struct Idle {{ users: Box<dyn Users> }}
"
        ),
        &expect![[""]],
    );
}

#[test]
fn rules_may_select_items_by_name_trait_and_attribute() {
    let select = |rule: &str| {
        let project = project(&format!(
            "{PORTS}
pub trait Handler {{ fn handle(&self); }}
pub struct Named {{ n: u8 }}
impl Named {{ pub fn run(&self) {{}} }}
pub struct Implementing {{ n: u8 }}
impl Handler for Implementing {{ fn handle(&self) {{}} }}
#[workflow]
pub struct Attributed {{ n: u8 }}
impl Attributed {{ pub fn run(&self) {{}} }}
pub struct Other {{ users: Box<dyn Users> }}
impl Other {{ pub fn new(users: Box<dyn Users>) -> Self {{ Self {{ users }} }} pub fn run(&self) {{ self.users.find(1); }} }}
pub fn handle_order(users: &dyn Users) {{ users.find(1); }}
pub fn other(users: &dyn Users) {{ users.find(1); }}
//- baton.toml
version = 1
[[role]]
name = \"orchestrator\"
paths = [\"src/application.rs\"]
{rule}
"
        ));
        project.orchestrators.iter().map(|one| one.path.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(select("types = [\"Named\"]"), "application::Named");
    assert_eq!(select("traits = [\"Handler\"]"), "application::Implementing");
    assert_eq!(select("attributes = [\"workflow\"]"), "application::Attributed");
    assert_eq!(select("functions = [\"handle_*\"]"), "application::handle_order");
    assert_eq!(select(""), "application::Other application::handle_order application::other");
}

/// The paths of the orchestrators of a fixture, each with what it uses.
fn listed(fixture: &str) -> Vec<String> {
    let of = |one: &Orchestrator| {
        let shown: Vec<_> = one.collaborators.iter().map(|one| one.shown.as_str()).collect();
        format!("{}: {}", one.path, shown.join(", "))
    };
    project(fixture).orchestrators.iter().map(of).collect()
}

#[test]
fn a_struct_that_acts_is_no_bundle_and_one_that_only_hands_on_no_orchestrator() {
    let found = listed(&format!(
        "{PORTS}
pub struct Chat {{ pub users: Box<dyn Users>, pub mailer: Box<dyn Mailer> }}
impl Chat {{ pub async fn say(&self) {{ self.users.find(1); }} }}
pub struct Runner {{ chat: Chat, clock: Box<dyn Clock> }}
impl Runner {{
    pub fn new(chat: Chat, clock: Box<dyn Clock>) -> Self {{ Self {{ chat, clock }} }}
    pub fn run(&self) {{ self.clock.now(); }}
}}
//- src/domain.rs
use crate::ports::*;
pub struct Price(u8);
pub struct State {{ pub users: Box<dyn Users>, pub mailer: Box<dyn Mailer>, pub name: String }}
impl State {{ pub fn title(&self) -> String {{ self.name.clone() }} }}
pub struct Service {{ pub mailer: Box<dyn Mailer>, pub name: String }}
impl Service {{ pub fn greet(&self) {{ self.mailer.send(1); }} }}
"
    ));
    let expected = ["application::Chat: Users, Mailer", "application::Runner: Chat, Clock", "domain::Service: Mailer"];
    assert_eq!(found, expected);
}

#[test]
fn adapters_and_decorators_are_none_wherever_they_stand() {
    let found = listed(
        "
//- Cargo.toml
[package]
name = \"app\"
version = \"1.0.0\"
edition = \"2024\"
[dependencies]
reqwest = \"1\"
//- src/lib.rs
pub mod application;
pub mod ports;
pub mod limits;
//- src/ports.rs
pub trait Mailer { async fn send(&self, to: u8); }
pub trait Clock { fn now(&self) -> u8; }
//- src/limits.rs
use crate::ports::*;
pub struct Limited { inner: Box<dyn Mailer>, left: u8 }
impl Limited { pub fn new(inner: Box<dyn Mailer>) -> Self { Self { inner, left: 3 } } }
impl Mailer for Limited { async fn send(&self, to: u8) { self.inner.send(to).await } }
//- src/application.rs
use crate::ports::*;
pub struct HttpMailer { http: reqwest::Client }
impl HttpMailer { pub fn new(http: reqwest::Client) -> Self { Self { http } } }
impl Mailer for HttpMailer { async fn send(&self, to: u8) { self.http.post(to); } }
pub struct Direct { http: reqwest::Client }
impl Direct { pub fn new(http: reqwest::Client) -> Self { Self { http } } pub fn run(&self) { self.http.get(1); } }
pub struct Checkout { mailer: Box<dyn Mailer> }
impl Checkout {
    pub fn new(mailer: Box<dyn Mailer>) -> Self { Self { mailer } }
    pub async fn run(&self) { self.mailer.send(1).await }
}
",
    );
    assert_eq!(found, ["application::Direct: Client", "application::Checkout: Mailer"]);
}

#[test]
fn outside_of_the_folders_of_orchestrators_derives_tell_what_is_none_and_names_with_a_second_sign() {
    let with = |name: &str, derive: &str, module: &str, more: &str| {
        listed(&format!(
            "
//- src/lib.rs
pub mod {module};
pub mod ports;
//- src/ports.rs
pub trait Users {{ async fn find(&self, id: u8) -> u8; }}
//- src/{module}.rs
use crate::ports::*;
{derive}
pub struct {name} {{ users: Box<dyn Users> }}
impl {name} {{
    pub fn new(users: Box<dyn Users>) -> Self {{ Self {{ users }} }}
    pub async fn run(&self) {{ self.users.find(1).await; }}
}}
{more}
"
        ))
    };
    let named = |name: &str, derive: &str, module: &str| with(name, derive, module, "");
    assert_eq!(named("Checkout", "", "shop"), ["shop::Checkout: Users"]);
    assert_eq!(named("Checkout", "#[derive(Clone, Debug)]", "shop"), ["shop::Checkout: Users"]);
    assert!(named("Checkout", "#[derive(Clone, serde::Deserialize)]", "shop").is_empty());
    let serde = "#[cfg_attr(feature = \"serde\", derive(Clone, serde::Serialize))]";
    assert!(named("Checkout", serde, "shop").is_empty());
    let clone = "#[cfg_attr(feature = \"serde\", derive(Clone), serde(rename = \"derive(Serialize)\"))]";
    assert_eq!(named("Checkout", clone, "shop"), ["shop::Checkout: Users"]);
    assert_eq!(named("InviteClient", "", "shop"), ["shop::InviteClient: Users"]);
    let port = "pub trait Invites { async fn all(&self); } impl Invites for InviteClient { async fn all(&self) {} }";
    assert!(with("InviteClient", "", "shop", port).is_empty());
    let effect = "impl InviteClient { fn load(&self) { std::fs::read(\"a\"); } }";
    assert!(with("InviteClient", "", "shop", effect).is_empty());
    let guest = effect.replace("InviteClient", "InviteGuest");
    assert_eq!(with("InviteGuest", "", "shop", &guest), ["shop::InviteGuest: Users"]);
    assert_eq!(named("UserRepository", "", "application"), ["application::UserRepository: Users"]);
}

#[test]
fn how_a_value_is_written_down_gives_it_no_behaviour() {
    let found = listed(&format!(
        "
//- Cargo.toml
[package]
name = \"app\"
version = \"1.0.0\"
edition = \"2024\"
[dependencies]
diesel = \"2\"
{PORTS}
pub struct Code {{ text: String }}
impl diesel::serialize::ToSql<Text, Pg> for Code {{
    fn to_sql(&self, out: &mut diesel::serialize::Output) {{ diesel::serialize::write(out, &self.text) }}
}}
pub struct Table {{ text: String }}
impl Table {{ pub fn load(&self) {{ diesel::sql_query(&self.text); }} }}
pub struct Import {{ users: Box<dyn Users>, code: Code, table: Table }}
impl Import {{
    pub fn new(users: Box<dyn Users>, code: Code, table: Table) -> Self {{ Self {{ users, code, table }} }}
    pub fn run(&self) {{ self.users.find(1); }}
}}
"
    ));
    assert!(found.contains(&"application::Import: Users, Table".to_owned()), "{found:?}");
}

#[test]
fn caches_in_memory_statements_and_sources_of_bytes_are_values() {
    let found = listed(&format!(
        "
//- Cargo.toml
[package]
name = \"app\"
version = \"1.0.0\"
edition = \"2024\"
[dependencies]
lru = \"1\"
sea-orm = \"1\"
{PORTS}
use std::sync::Mutex;
pub struct Deduplicated {{ pub users: Box<dyn Users>, pub seen: Mutex<lru::LruCache<u8, ()>> }}
impl Deduplicated {{ pub fn run(&self) {{ self.users.find(1); }} }}
pub struct Query {{ text: String }}
impl Query {{
    pub fn new(of: sea_orm::DatabaseBackend, select: sea_orm::Select<u8>) -> Self {{ Self {{ text: String::new() }} }}
    pub fn text(&self) -> &str {{ &self.text }}
}}
pub fn parse<R: std::io::Read>(from: R) -> u8 {{ 1 }}
"
    ));
    assert_eq!(found, ["application::Deduplicated: Users"]);
}

#[test]
fn what_asks_the_stores_that_it_holds_is_no_value_whatever_its_name() {
    let found = listed(&format!(
        "{PORTS}
pub struct ContextBuilder {{ users: Box<dyn Users> }}
impl ContextBuilder {{ pub async fn build_for(&self, id: u8) -> u8 {{ self.users.find(id) }} }}
pub struct PageOptions {{ users: Option<Box<dyn Users>> }}
impl PageOptions {{ pub fn size(&self) -> u8 {{ 1 }} }}
pub struct Runner {{ context: ContextBuilder, clock: Box<dyn Clock> }}
impl Runner {{
    pub fn new(context: ContextBuilder, page: PageOptions, clock: Box<dyn Clock>) -> Self {{ todo!() }}
    pub fn run(&self) {{ self.clock.now(); }}
}}
"
    ));
    assert!(found.contains(&"application::Runner: ContextBuilder, Clock".to_owned()), "{found:?}");
}

#[test]
fn a_register_of_what_runs_is_state_and_a_locked_list_of_ports_is_not() {
    let found = listed(&format!(
        "{PORTS}
use std::{{collections::HashMap, sync::Mutex}};
pub struct Running {{ pub users: Box<dyn Users>, pub mailer: Box<dyn Mailer> }}
pub struct TokenMaker {{ secret: String }}
impl TokenMaker {{ pub fn make(&self) -> u8 {{ 1 }} }}
pub struct Runner {{
    pub clock: Box<dyn Clock>,
    pub running: Mutex<HashMap<u8, Running>>,
    pub mailers: Mutex<Vec<Box<dyn Mailer>>>,
    pub tokens: TokenMaker,
}}
impl Runner {{ pub fn run(&self) {{ self.clock.now(); }} }}
"
    ));
    assert_eq!(found, ["application::Runner: Clock, Mailer, TokenMaker"]);
}

#[test]
fn who_implements_the_trait_of_the_runtime_crate_is_one_wherever_it_stands() {
    check(
        "
//- Cargo.toml
[package]
name = \"app\"
version = \"1.0.0\"
edition = \"2024\"
[dependencies]
baton-runtime = \"0.1\"
other = \"1\"
//- src/lib.rs
use baton_runtime::{Kind, Layer, Lazy, Orchestrator, RunContext, RunError};
use baton_runtime::Orchestrator as Runs;
pub struct Gateway;
impl Gateway { pub fn charge(&self) {} }
pub struct Checkout { fraud: Lazy<Gateway> }
impl Orchestrator for Checkout {
    const NAME: &'static str = \"checkout\";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::BusinessLogic;
    async fn orchestrate(&self, cx: &RunContext<'_>) { self.fraud.get().await.charge(); }
}
pub struct Greeting;
impl Runs for Greeting { async fn orchestrate(&self, cx: &RunContext<'_>) {} }
pub struct Conductor;
impl other::Orchestrator for Conductor { fn play(&self) {} }
",
        &expect![[r#"
            Checkout, layer domain, business_logic
                uses fraud: Gateway because `Gateway` is injected for what its methods do
                operation orchestrate on fraud
                code orchestrate
            Greeting
                operation orchestrate on nothing
                code orchestrate
        "#]],
    );
}

#[test]
fn parameters_that_are_bound_by_each_other_end() {
    let found = listed(&format!(
        "{PORTS}
pub struct Runner<A, B, C> {{ clock: Box<dyn Clock>, of: A, mailer: C, rest: B }}
impl<A: AsRef<B>, B: AsRef<A>, C: Into<Box<dyn Mailer>>> Runner<A, B, C> {{
    pub fn new(clock: Box<dyn Clock>, of: A, mailer: C, rest: B) -> Self {{ Self {{ clock, of, mailer, rest }} }}
    pub fn run(&self) {{ self.clock.now(); }}
}}
"
    ));
    assert_eq!(found, ["application::Runner: Clock, Mailer"]);
}

/// The paths of the orchestrators of a fixture, each with the functions that are its code.
fn code(fixture: &str) -> Vec<String> {
    let project = project(fixture);
    let names =
        |one: &Orchestrator| one.code.iter().map(|at| function_name(&project, *at)).collect::<Vec<_>>().join(", ");
    project.orchestrators.iter().map(|one| format!("{}: {}", one.path, names(one))).collect()
}

#[test]
fn a_method_of_data_helps_where_the_type_it_is_called_on_is_known() {
    let found = code(&format!(
        "{PORTS}
pub struct Checkout {{ users: Box<dyn Users> }}
impl Checkout {{
    pub fn run(&self, price: &Price) {{
        let fees = Fees::of(price);
        fees.sum();
        price.net();
        let sums: Vec<u8> = [1].map(Fees::rounded).into();
        Shown::from(fees);
    }}
}}
pub struct Fees {{ cents: u8 }}
impl Fees {{
    fn of(price: &Price) -> Self {{ Self {{ cents: price.net() }} }}
    fn sum(&self) -> u8 {{ self.deeper() }}
    fn deeper(&self) -> u8 {{ self.cents }}
    fn rounded(x: u8) -> u8 {{ x }}
    fn unused(&self) -> u8 {{ 1 }}
}}
trait Priced {{ fn net(&self) -> u8; }}
impl Priced for Price {{ fn net(&self) -> u8 {{ 1 }} }}
struct Shown;
impl From<Fees> for Shown {{ fn from(fees: Fees) -> Self {{ Self }} }}
"
    ));
    assert_eq!(found, ["application::Checkout: run, of, sum, net, rounded, from, deeper"]);
}

#[test]
fn a_method_of_the_same_name_as_one_that_is_called_on_something_else_does_not_help() {
    let found = code(&format!(
        "{PORTS}
pub struct Checkout {{ users: Box<dyn Users> }}
impl Checkout {{
    pub fn run(&self) {{
        let mut seen: Vec<u8> = Vec::new();
        seen.push(self.users.find(1));
        let text = String::from(\"x\");
        Unknown::new().net();
    }}
}}
pub struct Fees {{ cents: u8 }}
impl Fees {{ pub fn push(&self, x: u8) {{}} pub fn net(&self) -> u8 {{ 1 }} pub fn new() -> Self {{ Self {{ cents: 1 }} }} }}
pub struct Shown;
impl From<Fees> for Shown {{ fn from(fees: Fees) -> Self {{ Self }} }}
"
    ));
    assert_eq!(found, ["application::Checkout: run"]);
}

#[test]
fn what_another_orchestrator_or_a_type_that_holds_one_does_is_their_own() {
    let found = code(&format!(
        "{PORTS}
use std::sync::Arc;
pub struct Checkout {{ users: Arc<dyn Users> }}
impl Checkout {{ pub fn run(&self, facade: &Facade, holder: &Holder) {{ self.users.find(1); facade.find(2); Holder::of(holder); }} }}
pub struct Facade {{ checkout: Arc<Checkout> }}
impl Facade {{ pub fn find(&self, x: u8) -> u8 {{ 1 }} }}
pub struct Holder {{ checkout: Arc<Checkout> }}
impl Holder {{ fn of(holder: &Holder) -> u8 {{ 1 }} }}
"
    ));
    assert_eq!(found, ["application::Checkout: run", "application::Facade: find"]);
}
