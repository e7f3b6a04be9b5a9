//! What the inventory says of code that breaks its contracts: the same model that pages and JSON have.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};
use serde_json::{Value, json};
use std::fs;

const CONFIG: &str = r#"
version = 1

[[role]]
name = "core"
paths = ["src/core/**", "src/billing/**", "src/orders/**", "src/mail/**"]

[[role]]
name = "shell"
paths = ["src/db/**"]
crates = ["sqlx"]

[[role]]
name = "orchestrator"
paths = ["src/app/**"]

[domains]
paths = ["src/billing", "src/orders", "src/mail"]

[[registry]]
paths = ["src/app/registry.rs"]
operations = ["src/app"]
types = ["*Flow"]

[[contract]]
name = "orders alone"
kind = "forbidden"
source = ["domain:orders"]
forbidden = ["domain:billing"]

[[folder]]
path = "src/app"
layer = "application"
forbidden = [{ text = "transactions", rule = "transaction-outside-owner" }, { text = "a", contract = "orders alone" }, "b"]
transaction = "forbidden"
requires = [
    { text = "one registry", what = "operation registry" },
    { text = "orders know no bills", contract = "orders alone" },
    { text = "no mixing", rule = "undeclared-cross-domain-import" },
    { text = "all of it parses", rule = "does-not-parse" },
]
paired = { role = "shell", layer = "L6" }

[[folder]]
path = "src/app/owner.rs"
transaction = "owner"

[[folder]]
path = "src/app/deep"

[[folder]]
path = "src/orders"
"#;

const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2024\"\n[dependencies]\nsqlx = \"0.8\"\n"),
    ("src/lib.rs", "pub mod app;\npub mod billing;\npub mod core;\npub mod db;\npub mod mail;\npub mod orders;\n"),
    ("src/core/mod.rs", "pub mod ports;\n"),
    (
        "src/core/ports.rs",
        "//! What the application needs. PIN-7 says why.\n\npub trait Rates { fn rate(&self) -> Result<u8, RateError>; }\npub struct RateError;\n",
    ),
    ("src/billing/mod.rs", "//! Bills.\npub mod invoice;\n"),
    ("src/billing/invoice.rs", "//! An invoice.\npub struct Invoice;\n"),
    ("src/orders/mod.rs", "//! Orders.\npub mod order;\n"),
    ("src/orders/order.rs", "use crate::billing::invoice::Invoice;\npub struct Order(pub Invoice);\n"),
    ("src/mail/mod.rs", "//! Mail.\npub mod letter;\n"),
    ("src/mail/letter.rs", "pub struct Letter;\n"),
    ("src/db/mod.rs", "pub mod rates;\npub mod work;\npub fn helper() { crate::app::owner::pay_now(); }\n"),
    (
        "src/db/rates.rs",
        "use crate::core::ports::{RateError, Rates};\npub struct TableRates;\nimpl Rates for TableRates { fn rate(&self) -> Result<u8, RateError> { Ok(1) } }\n",
    ),
    (
        "src/db/work.rs",
        "pub struct Work { tx: sqlx::PgPool }\nimpl Work {\n    pub async fn begin(&self) -> Result<(), sqlx::Error> { let _tx = self.tx.begin().await?; Ok(()) }\n}\n",
    ),
    ("src/app/mod.rs", "pub mod breaks;\npub mod deep;\npub mod flows;\npub mod owner;\npub mod registry;\n"),
    (
        "src/app/breaks.rs",
        "use sqlx::PgPool;\npub async fn save(pool: &PgPool) -> Result<(), sqlx::Error> {\n    let tx = pool.begin().await?;\n    tx.commit().await\n}\n",
    ),
    (
        "src/app/owner.rs",
        "use sqlx::PgPool;\npub async fn pay(pool: &PgPool) -> Result<(), sqlx::Error> {\n    let tx = pool.begin().await?;\n    tx.commit().await\n}\npub fn pay_now() {}\n",
    ),
    (
        "src/app/flows.rs",
        "//! Flows of orders.\nuse crate::core::ports::{RateError, Rates};\nuse crate::{billing::invoice::Invoice, orders::order::Order};\n\n/// Sells things.\n#[cfg_attr(any(), baton::orchestrator(cross_domain = [\"billing\", \"mail\"]))]\npub struct SaleFlow { rates: Box<dyn Rates> }\nimpl SaleFlow {\n    /// A flow with those rates.\n    pub fn new(rates: Box<dyn Rates>) -> Self { Self { rates } }\n    /// Sells one.\n    pub fn sell(&self, _: Order, _: Invoice) -> Result<u8, RateError> { self.rates.rate() }\n}\npub struct ReturnFlow;\n",
    ),
    (
        "src/app/registry.rs",
        "use super::flows::SaleFlow;\npub fn all(flow: SaleFlow) -> Vec<SaleFlow> { vec![flow] }\n",
    ),
    ("src/app/deep/mod.rs", "//! Deeper. And more.\npub fn nothing() {}\n"),
    ("src/app/deep/broken.rs", "fn {\n"),
    ("tests/all.rs", "#[test]\nfn works() { shop::app::owner::pay_now(); }\n"),
];

fn shop() -> Project {
    let project = Project::new(FILES.iter().copied());
    project.write("baton.toml", CONFIG);
    project
}

fn model(project: &Project) -> Value {
    let run = Run::of(baton(project.root()).args(["inventory", "--format", "json"]));
    assert_eq!(run.code, Some(0), "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

fn by_path<'v>(document: &'v Value, list: &str, path: &str) -> &'v Value {
    let entries = document[list].as_array().unwrap();
    entries.iter().find(|entry| entry["path"] == path).unwrap()
}

fn paths(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect()
}

#[test]
fn each_file_is_what_it_holds_and_does() {
    let document = model(&shop());
    let kinds = document["files"].as_array().unwrap().iter();
    let kinds: Vec<_> = kinds
        .map(|file| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (text(&file["path"]), text(&file["kind"]), text(&file["transaction"]["standing"]))
        })
        .collect();
    let expected = [
        ("src/app/breaks.rs", "orchestrator", "breaks"),
        ("src/app/deep/broken.rs", "unreadable", "forbidden"),
        ("src/app/deep/mod.rs", "functions", "forbidden"),
        ("src/app/flows.rs", "orchestrator", "forbidden"),
        ("src/app/mod.rs", "modules", "forbidden"),
        ("src/app/owner.rs", "orchestrator", "owns"),
        ("src/app/registry.rs", "registry", "forbidden"),
        ("src/billing/invoice.rs", "types", "forbidden"),
        ("src/billing/mod.rs", "modules", "forbidden"),
        ("src/core/mod.rs", "modules", "forbidden"),
        ("src/core/ports.rs", "port", "forbidden"),
        ("src/db/mod.rs", "adapter", "forbidden"),
        ("src/db/rates.rs", "adapter", "forbidden"),
        ("src/db/work.rs", "adapter", "provides"),
        ("src/lib.rs", "modules", "forbidden"),
        ("src/mail/letter.rs", "types", "forbidden"),
        ("src/mail/mod.rs", "modules", "forbidden"),
        ("src/orders/mod.rs", "modules", "forbidden"),
        ("src/orders/order.rs", "types", "forbidden"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(path, kind, standing)| (path.to_string(), kind.to_string(), standing.to_string()))
        .collect();
    assert_eq!(kinds, expected);
    let breaks = by_path(&document, "files", "src/app/breaks.rs");
    let operations = &breaks["transaction"]["operations"];
    assert_eq!(operations[0], json!({"verb": "begins", "what": "begin", "function": "app::breaks::save", "line": 3}));
    assert_eq!(operations[1]["verb"], "commits");
}

#[test]
fn a_file_has_its_links_its_orchestrators_and_what_others_may_use() {
    let document = model(&shop());
    let file = by_path(&document, "files", "src/app/flows.rs");
    assert_eq!((&file["title"], &file["layer"]), (&json!("Flows of orders."), &json!("application")));
    assert_eq!(file["outbound"], json!(["billing::invoice", "core::ports", "orders::order"]));
    assert_eq!(file["inbound"], json!(["app::registry"]));
    assert_eq!(
        file["imports"],
        json!([
            {"kind": "core", "names": ["core::ports"]},
            {"kind": "domain billing", "names": ["billing::invoice"]},
            {"kind": "domain orders", "names": ["orders::order"]},
        ])
    );
    assert_eq!(
        file["domains"],
        json!({"declared": true, "own": null, "names": ["billing", "orders"], "cross_domain": ["billing", "mail"], "crosses": true})
    );
    assert_eq!(
        file["orchestrators"],
        json!([{"name": "SaleFlow", "dependencies": [{"name": "rates", "shown": "Rates", "port": true}], "operations": ["sell"]}])
    );
    let public = file["public"].as_array().unwrap().iter();
    let public: Vec<_> =
        public.map(|item| (item["signature"].as_str().unwrap(), item["docs"].as_str().unwrap())).collect();
    assert_eq!(public[0], ("struct SaleFlow", "Sells things."));
    assert_eq!(public[2], ("fn sell(&self, _: Order, _: Invoice) -> Result<u8, RateError>", "Sells one."));
    assert_eq!(file["errors"], json!(["RateError"]));
    let ports = by_path(&document, "files", "src/core/ports.rs");
    assert_eq!(ports["references"], json!(["PIN-7"]));
    assert_eq!(by_path(&document, "files", "src/app/breaks.rs")["errors"], json!(["sqlx::Error"]));
}

#[test]
fn pairing_counts_the_paired_layer_and_the_gaps() {
    let document = model(&shop());
    let pairing = |path: &str| by_path(&document, "files", path)["pairing"].clone();
    assert_eq!(pairing("src/app/owner.rs"), json!({"serves": [], "consumers": ["db"], "gaps": []}));
    let gaps = pairing("src/app/flows.rs")["gaps"].clone();
    assert_eq!(
        gaps,
        json!([
            "declares the domain `mail` and names nothing of it",
            "names the domain `orders` and does not declare it",
            "`app::flows::ReturnFlow` is in no registry",
        ])
    );
    assert_eq!(pairing("src/billing/invoice.rs")["serves"], json!(["orders"]));
}

#[test]
fn a_folder_is_held_to_its_contract() {
    let document = model(&shop());
    let app = by_path(&document, "folders", "src/app");
    assert_eq!((&app["governed"], &app["role"], &app["title"]), (&json!(true), &json!("orchestrator"), &json!("App")));
    assert_eq!(
        app["files"],
        json!(["src/app/breaks.rs", "src/app/flows.rs", "src/app/owner.rs", "src/app/registry.rs"])
    );
    assert_eq!(app["module_file"], "src/app/mod.rs");
    let held: Vec<_> =
        app["forbidden"].as_array().unwrap().iter().map(|one| (&one["held_by"], &one["findings"])).collect();
    assert_eq!(held[0], (&json!({"rule": "transaction-outside-owner"}), &json!(1)));
    assert_eq!(held[1], (&json!({"contract": "orders alone"}), &json!(0)), "the breach stands elsewhere");
    assert_eq!(held[2], (&Value::Null, &json!(0)));
    let missing = &app["assessment"]["missing"];
    assert_eq!(
        *missing,
        json!([
            {"text": "one registry", "why": "`ReturnFlow` is not in it"},
            {"text": "orders know no bills", "why": "the contract `orders alone` has 1 finding in all"},
            {"text": "no mixing", "why": "`undeclared-cross-domain-import` has 1 finding here"},
            {"text": "all of it parses", "why": "`does-not-parse` has 1 finding here"},
        ])
    );
    assert_eq!((&app["assessment"]["correct"], &app["assessment"]["files"]), (&json!(2), &json!(4)));
    let below = &app["subfolders"];
    assert_eq!(paths(below), ["src/app/deep"]);
    assert_eq!((&below[0]["governed"], &below[0]["purpose"]), (&json!(true), &json!("Deeper.")));
    let deep = by_path(&document, "folders", "src/app/deep");
    assert_eq!(deep["purpose"], "Deeper. And more.");
    assert_eq!(deep["inbound"], json!([]));
    assert_eq!(
        by_path(&document, "folders", "src/db")["outbound"],
        json!([{"folder": "src/app", "files": 1}, {"folder": "src/core", "files": 1}])
    );
}

#[test]
fn a_pattern_governs_each_folder_with_all_that_lies_in_it() {
    let project = shop();
    let glob = "[[folder]]\npath = \"src/*\"\ntransaction = \"forbidden\"\n\n[[folder]]\npath = \"src/app\"\n";
    let config = CONFIG.replace("[[folder]]\npath = \"src/app\"\n", glob);
    let config = config.replace("[[folder]]\npath = \"src/orders\"\n", "");
    project.write("baton.toml", config);
    let document = model(&project);
    let folder = |path: &str| by_path(&document, "folders", path).clone();
    assert_eq!((&folder("src/mail")["governed"], &folder("src/db")["governed"]), (&json!(true), &json!(true)));
    assert_eq!(folder("src/app")["layer"], "application", "what names the folder goes before what matches several");
    let work = by_path(&document, "files", "src/db/work.rs");
    assert_eq!(work["transaction"]["standing"], "provides");
}

#[test]
fn what_is_waived_is_told_with_its_reason() {
    let project = shop();
    let breaks = FILES.iter().find(|(path, _)| *path == "src/app/breaks.rs").unwrap().1;
    let waived = breaks.replace(
        "pub async fn save",
        "// baton: allow(transaction-outside-owner, reason = \"moves with `PIN-9`\")\npub async fn save",
    );
    project.write("src/app/breaks.rs", &waived);
    let document = model(&project);
    let file = by_path(&document, "files", "src/app/breaks.rs");
    assert_eq!((&file["findings"], &file["waived"][0]["reason"]), (&json!([]), &json!("moves with `PIN-9`")));
    assert_eq!(file["transaction"]["standing"], "breaks");
    assert_eq!(by_path(&document, "folders", "src/app")["assessment"]["correct"], 3);
    assert_eq!(Run::of(baton(project.root()).arg("inventory")).code, Some(0));
    let page = fs::read_to_string(project.root().join("src/app/FOLDER.md")).unwrap();
    let row = "| [breaks.rs](breaks.md) | Module: breaks | orchestrator | Breaks: begins, commits | no | Waived: moves with `PIN-9` |";
    assert!(page.lines().any(|line| line == row), "{page}");
    assert!(page.contains("**Waived:**\n\n- [breaks.rs](breaks.md) — `transaction-outside-owner`: "), "{page}");
}

#[test]
fn what_is_waived_below_a_folder_is_in_its_table() {
    let project = shop();
    project.write("src/app/deep/broken.rs", "");
    project.write("baton.toml", CONFIG.replace("[[folder]]\npath = \"src/app/deep\"\n", ""));
    let waived = "//! Deeper.\nuse sqlx::PgPool;\n// baton: allow(transaction-outside-owner, reason = \"for now\")\npub async fn save(pool: &PgPool) -> Result<(), sqlx::Error> {\n    pool.begin().await?.commit().await\n}\n";
    project.write("src/app/deep/mod.rs", waived);
    assert_eq!(Run::of(baton(project.root()).arg("inventory")).code, Some(0));
    let page = fs::read_to_string(project.root().join("src/app/FOLDER.md")).unwrap();
    let row = page.lines().find(|line| line.starts_with("| [`deep/mod.rs`]")).unwrap();
    assert!(row.ends_with("| Waived: for now |"), "{row}");
}

#[test]
fn the_page_marks_what_breaks_a_rule() {
    let project = shop();
    assert_eq!(Run::of(baton(project.root()).arg("inventory")).code, Some(0));
    let page = |path: &str| fs::read_to_string(project.root().join(path)).unwrap();
    let app = page("src/app/FOLDER.md");
    for line in [
        "| [breaks.rs](breaks.md) | Module: breaks | orchestrator | Breaks: begins, commits | no | 1 × `transaction-outside-owner` |",
        "- transactions — held by `transaction-outside-owner`, **1 finding**",
        "- b — no rule holds this",
        "It has [a page of its own](deep/FOLDER.md): 1 of 2 files pass.",
        "| [owner.rs](owner.md) | _none_ | 1 | 0 |",
        "## 6. L6 Pairing Aggregate",
    ] {
        assert!(app.lines().any(|other| other == line), "no line {line:?} in\n{app}");
    }
    let orders = page("src/orders/FOLDER.md");
    let broken: Vec<&str> = orders.lines().filter(|line| line.contains("-.->") || line.contains("linkStyle")).collect();
    let expected =
        ["    x_order_rs -.->|\"contract\"| x_core", "    linkStyle 0 stroke:#d1242f,color:#d1242f,stroke-width:2px"];
    assert_eq!(broken, expected);
}
