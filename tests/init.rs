//! `baton init` on small projects: what it proposes and why, that what it writes is valid, and that it writes over
//! nothing.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nsqlx = \"0.8\"\naxum = \"0.8\"\nserde = \"1\"\n";
const PORT: &str = "pub trait Orders { fn save(&self, id: u64); fn find(&self, id: u64) -> u64; }\npub struct Order;\n";
const USE_CASE: &str = "\
use crate::domain::Orders;
pub struct PlaceOrderUseCase<O: Orders> { orders: O }
impl<O: Orders> PlaceOrderUseCase<O> {
    pub fn new(orders: O) -> Self { Self { orders } }
    pub fn execute(&self, id: u64) { self.orders.save(id) }
}
";
const STORE: &str = "\
use crate::domain::Orders;
pub struct Store(sqlx::PgPool);
impl Orders for Store { fn save(&self, _: u64) {} fn find(&self, id: u64) -> u64 { id } }
";

fn init(folder: &Path, words: &[&str]) -> Run {
    Run::of(baton(folder).arg("init").args(words))
}

/// The paths of each role that is proposed, without what speaks for them, and its other lists.
fn roles(text: &str) -> BTreeMap<String, Vec<String>> {
    let table: toml::Table = toml::from_str(text).unwrap();
    let mut roles: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for role in table.get("role").and_then(toml::Value::as_array).into_iter().flatten() {
        let name = role["name"].as_str().unwrap();
        for key in ["paths", "crates", "types"] {
            let texts = role.get(key).and_then(toml::Value::as_array).into_iter().flatten();
            let own = roles.entry(format!("{name} {key}")).or_default();
            own.extend(texts.map(|text| text.as_str().unwrap().to_owned()));
        }
    }
    roles.retain(|_, texts| !texts.is_empty());
    roles
}

/// Writes a proposal, checks that the program takes it, and gives its roles.
#[track_caller]
fn proposed(project: &Project) -> BTreeMap<String, Vec<String>> {
    let run = init(project.root(), &[]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    let text = fs::read_to_string(project.root().join("baton.toml")).unwrap();
    let checked = Run::of(baton(project.root()).args(["config", "check"]));
    assert_eq!(checked.code, Some(0), "{text}\n{}", checked.err);
    roles(&text)
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[(&str, &[&str])]) {
    let project = Project::new(files.iter().copied());
    let expected: BTreeMap<String, Vec<String>> = expected
        .iter()
        .map(|(key, texts)| ((*key).to_owned(), texts.iter().map(|text| (*text).to_owned()).collect()))
        .collect();
    assert_eq!(proposed(&project), expected);
}

#[test]
fn names_of_folders_are_proposed_with_crates_and_the_names_of_orchestrators() {
    check(
        &[
            ("Cargo.toml", MANIFEST),
            ("src/lib.rs", "pub mod application;\npub mod domain;\npub mod infrastructure;\n"),
            ("src/domain/mod.rs", PORT),
            ("src/infrastructure/mod.rs", "pub mod store;\n"),
            ("src/infrastructure/store.rs", STORE),
            ("src/application/mod.rs", "pub mod dto;\npub mod use_cases;\n"),
            ("src/application/dto.rs", "pub struct PlaceOrder { pub id: u64 }\n"),
            ("src/application/use_cases/mod.rs", "pub mod place_order;\n"),
            ("src/application/use_cases/place_order.rs", USE_CASE),
        ],
        &[
            ("core paths", &["src/domain/**"]),
            ("orchestrator paths", &["src/application/use_cases/**"]),
            ("orchestrator types", &["*UseCase"]),
            ("shell crates", &["axum", "sqlx"]),
            ("shell paths", &["src/infrastructure/**"]),
        ],
    );
}

#[test]
fn a_name_that_says_little_counts_where_the_code_agrees() {
    let files = [
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", "pub mod api;\npub mod domain;\npub mod routes;\npub mod repositories;\npub mod services;\n"),
        ("src/domain.rs", PORT),
        ("src/services.rs", USE_CASE),
        // It uses a server, it implements a port, and it does neither.
        ("src/api.rs", "pub fn router() -> axum::Router { axum::Router::new() }\n"),
        (
            "src/repositories.rs",
            "pub struct Memory;\nimpl crate::domain::Orders for Memory { fn save(&self, _: u64) {} fn find(&self, id: u64) -> u64 { id } }\n",
        ),
        ("src/routes.rs", "pub struct Route { pub from: u8, pub to: u8 }\n"),
    ];
    let project = Project::new(files);
    let roles = proposed(&project);
    assert_eq!(roles["shell paths"], ["src/api.rs", "src/repositories.rs"]);
    assert_eq!(roles["orchestrator types"], ["*UseCase"]);
    let text = fs::read_to_string(project.root().join("baton.toml")).unwrap();
    assert!(text.contains("\"src/api.rs\", # 1 file: `api` is a name for it, and it uses `axum`"), "{text}");
    assert!(text.contains("and it implements `Orders`"), "{text}");
    assert!(text.contains("#   src (1)"), "what has no role is told: {text}");
}

#[test]
fn a_service_of_the_domain_that_receives_ports_is_an_orchestrator_and_a_pure_one_is_not() {
    let renamed = |text: &str| text.replace("Orders", "OrderRepository");
    let service = renamed(USE_CASE).replace("PlaceOrderUseCase", "Service");
    check(
        &[
            ("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
            ("src/lib.rs", "pub mod domain;\n"),
            ("src/domain/mod.rs", &format!("pub mod orders;\npub mod pricing;\n{}", renamed(PORT))),
            (
                "src/domain/pricing.rs",
                "pub struct PricingService;\nimpl PricingService { pub fn price(&self) -> u8 { 1 } }\n",
            ),
            ("src/domain/orders/mod.rs", "pub mod service;\n"),
            ("src/domain/orders/service.rs", &service),
        ],
        &[
            ("core paths", &["src/domain/**"]),
            ("orchestrator paths", &["src/domain/orders/service.rs"]),
            ("orchestrator types", &["*Service"]),
        ],
    );
}

#[test]
fn a_workspace_has_patterns_for_its_packages() {
    let package = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{rest}")
    };
    let core = "[dependencies]\ndomain = { path = \"../domain\" }\n";
    let files = [
        ("Cargo.toml".to_owned(), "[workspace]\nmembers = [\"crates/*\"]\n".to_owned()),
        ("crates/domain/Cargo.toml".to_owned(), package("domain", "")),
        ("crates/domain/src/lib.rs".to_owned(), PORT.to_owned()),
        ("crates/use-cases/Cargo.toml".to_owned(), package("use-cases", core)),
        ("crates/use-cases/src/lib.rs".to_owned(), USE_CASE.replace("crate::domain", "domain")),
        ("crates/db/Cargo.toml".to_owned(), package("db", &format!("{core}sqlx = \"0.8\"\n"))),
        ("crates/db/src/lib.rs".to_owned(), STORE.replace("crate::domain", "domain")),
        // A sample that is no part of the workspace.
        ("samples/a/Cargo.toml".to_owned(), package("a", "[workspace]\n")),
        ("samples/a/src/lib.rs".to_owned(), "pub mod domain;\n".to_owned()),
        ("samples/a/src/domain.rs".to_owned(), "pub struct A;\n".to_owned()),
    ];
    let project = Project::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let roles = proposed(&project);
    assert_eq!(roles["core paths"], ["crates/domain/src/**"]);
    assert_eq!(roles["shell paths"], ["crates/db/src/**"]);
    assert_eq!(roles["orchestrator paths"], ["crates/use-cases/src/**"]);
}

#[test]
fn many_folders_of_one_kind_become_one_pattern() {
    let names = ["billing", "orders", "stock"];
    let mut files = vec![("Cargo.toml".to_owned(), MANIFEST.to_owned())];
    files.push(("src/lib.rs".to_owned(), names.map(|name| format!("pub mod {name};\n")).concat()));
    for name in names {
        files.push((format!("src/{name}/mod.rs"), "pub mod domain;\npub mod adapters;\n".to_owned()));
        files.push((format!("src/{name}/domain.rs"), PORT.to_owned()));
        files.push((format!("src/{name}/adapters/mod.rs"), "pub fn read() {}\n".to_owned()));
    }
    let project = Project::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let roles = proposed(&project);
    assert_eq!(roles["core paths"], ["src/*/domain.rs"]);
    assert_eq!(roles["shell paths"], ["src/*/adapters/**"]);
}

#[test]
fn projects_in_a_folder_of_a_repository_work_from_its_top() {
    let project = Project::new([
        ("backend/Cargo.toml", MANIFEST),
        ("backend/src/lib.rs", "pub mod domain;\n"),
        ("backend/src/domain.rs", PORT),
        ("web/package.json", "{}"),
    ]);
    assert_eq!(proposed(&project)["core paths"], ["backend/src/domain.rs"]);
    let inside = Project::new([
        ("backend/Cargo.toml", MANIFEST),
        ("backend/src/lib.rs", "pub mod domain;\n"),
        ("backend/src/domain.rs", PORT),
    ]);
    let run = init(&inside.root().join("backend/src"), &[]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(inside.root().join("backend/baton.toml").is_file(), "beside the manifest of the project around");
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", "pub mod domain;\n"), ("src/domain.rs", PORT)];
    let project = Project::new(files);
    project.write("baton.toml", "# ours, and broken");
    let refused = init(project.root(), &[]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(
        refused.err.contains("a configuration already, in `baton.toml`") && refused.err.contains("--stdout"),
        "{}",
        refused.err
    );
    assert_eq!(fs::read_to_string(project.root().join("baton.toml")).unwrap(), "# ours, and broken");
    let printed = init(project.root(), &["--stdout"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert_eq!(roles(&printed.out)["core paths"], ["src/domain.rs"]);
    assert_eq!(fs::read_to_string(project.root().join("baton.toml")).unwrap(), "# ours, and broken");
    fs::remove_file(project.root().join("baton.toml")).unwrap();
    project.write("Cargo.toml", format!("{MANIFEST}[package.metadata.baton]\nversion = 1\n"));
    let manifest = init(project.root(), &[]);
    assert_eq!(manifest.code, Some(2));
    assert!(manifest.err.contains("in `Cargo.toml`"), "{}", manifest.err);
    assert!(!project.root().join("baton.toml").exists());
}

#[test]
fn a_project_without_a_layout_gets_a_template_and_is_told() {
    let project =
        Project::new([("Cargo.toml", MANIFEST), ("src/lib.rs", "pub mod a;\n"), ("src/a.rs", "pub fn a() {}\n")]);
    let run = init(project.root(), &[]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("so none is proposed") && run.err.contains("ends with code 2"), "{}", run.err);
    let text = fs::read_to_string(project.root().join("baton.toml")).unwrap();
    assert!(roles(&text).is_empty() && text.contains("# name = \"core\""), "{text}");
}

#[test]
fn it_says_what_would_be_found_and_how_to_begin() {
    let files = [
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", "pub mod domain;\n"),
        ("src/domain.rs", "pub fn now() -> std::time::Instant { std::time::Instant::now() }\n"),
    ];
    let project = Project::new(files);
    let run = init(project.root(), &[]);
    assert!(run.err.contains("core: src/domain.rs\n"), "{}", run.err);
    assert!(run.err.contains("`baton check` finds 1 violation with it: impure-core 1\n"), "{}", run.err);
    assert!(run.err.contains("`baton baseline create` accepts them for now"), "{}", run.err);
    let created = Run::of(baton(project.root()).args(["baseline", "create"]));
    assert_eq!(created.code, Some(0), "{}", created.err);
    assert_eq!(Run::of(baton(project.root()).arg("check")).code, Some(0));
}
