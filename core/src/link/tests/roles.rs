//! Roles: which rule of the configuration gives a module its role, and which stand for nothing.

use super::{project, try_project};
use crate::link::RoleKind;
use expect_test::{Expect, expect};

const PROJECT: &str = "
//- src/lib.rs
pub mod domain;
pub mod shell;
//- src/domain.rs
pub mod price;
pub mod ports { pub trait Store {} }
//- src/domain/price.rs
//- src/shell.rs
pub mod db { pub struct Db; }
//- baton.toml
version = 1
";

/// Checks the roles of modules under a configuration.
#[track_caller]
fn check(config: &str, expected: &[(&str, Option<&str>)]) {
    let project = project(&format!("{PROJECT}{config}"));
    for (path, role) in expected {
        let module = project.modules.iter().find(|module| module.path == *path).unwrap();
        let name = module.role.and_then(|role| project.roles.rule(role)).map(|rule| rule.name.as_str());
        assert_eq!(name, *role, "{path}");
    }
}

/// Compares what is wrong with a configuration with `expected`.
#[track_caller]
fn check_errors(config: &str, expected: &Expect) {
    let errors = try_project(&format!("{PROJECT}{config}")).err().unwrap_or_default();
    let errors: Vec<_> = errors.iter().map(|error| format!("{}\n    {}\n", error.message, error.help)).collect();
    expected.assert_eq(&errors.concat());
}

#[test]
fn the_last_rule_that_matches_wins() {
    check(
        "
[[role]]
name = \"shell\"
paths = [\"src/**\"]
[[role]]
name = \"core\"
paths = [\"src/domain/**\", \"src/domain.rs\"]
",
        &[("domain", Some("core")), ("domain::price", Some("core")), ("shell", Some("shell")), ("", Some("shell"))],
    );
}

#[test]
fn modules_of_one_file_may_have_roles_of_their_own() {
    check(
        "
[[role]]
name = \"core\"
paths = [\"src/domain.rs\", \"src/domain/**\"]
[[role]]
name = \"port\"
modules = [\"app::domain::ports\"]
[[role]]
name = \"shell\"
modules = [\"app::shell::**\"]
",
        &[("domain", Some("core")), ("domain::ports", Some("port")), ("shell::db", Some("shell")), ("", None)],
    );
}

#[test]
fn a_later_path_wins_over_an_earlier_module() {
    check(
        "
[[role]]
name = \"port\"
modules = [\"app::domain::ports\", \"app::shell::db\"]
[[role]]
name = \"core\"
paths = [\"src/domain.rs\"]
",
        &[("domain::ports", Some("core")), ("domain", Some("core")), ("shell::db", Some("port")), ("shell", None)],
    );
}

#[test]
fn a_module_brings_those_inside() {
    check(
        "
[[role]]
name = \"core\"
modules = [\"app::domain\"]
",
        &[("domain", Some("core")), ("domain::ports", Some("core")), ("domain::price", Some("core")), ("shell", None)],
    );
}

#[test]
fn patterns_that_match_nothing_are_errors() {
    check_errors(
        "
[[role]]
name = \"core\"
paths = [\"src/domian/**\", \"src/domain.rs\"]
[[role]]
name = \"shell\"
modules = [\"app::shel\"]
crates = [\"sqlx\"]
[[role]]
name = \"orchestrator\"
paths = [\"src/shell.rs\"]
types = [\"Checkout*\"]
",
        &expect![[r"
            `src/domian/**` matches no file
                did you mean `src/domain/**`?
            `app::shel` matches no module
                did you mean `app::shell`?
            `sqlx` matches no outside package that the project depends on
                correct or remove it
            `Checkout*` matches no type in those files
                correct or remove it
        "]],
    );
}

const WORKSPACE: &str = "
//- Cargo.toml
[workspace]
members = [\"crates/*\"]
//- crates/app/Cargo.toml
[package]
name = \"app\"
[dependencies]
app-redis = { path = \"../redis\" }
log = { path = \"../log\" }
time = \"1\"
tokio = \"1\"
//- crates/app/src/lib.rs
//- crates/redis/Cargo.toml
[package]
name = \"app-redis\"
[dependencies]
log = \"1\"
time = \"1\"
//- crates/redis/src/lib.rs
//- crates/log/Cargo.toml
[package]
name = \"log\"
//- crates/log/src/lib.rs
//- crates/time/Cargo.toml
[package]
name = \"time\"
//- crates/time/src/lib.rs
//- baton.toml
version = 1
[[role]]
name = \"core\"
paths = [\"crates/app\"]
";

/// Compares what is wrong with the roles of a workspace with `expected`.
#[track_caller]
fn check_workspace(roles: &str, expected: &Expect) {
    let errors = try_project(&format!("{WORKSPACE}{roles}")).err().unwrap_or_default();
    let errors: Vec<_> = errors.iter().map(|error| format!("{}\n    {}\n", error.message, error.help)).collect();
    expected.assert_eq(&errors.concat());
}

#[test]
fn a_package_of_the_project_is_no_outside_package() {
    check_workspace(
        "
[[role]]
name = \"shell\"
crates = [\"app_redis\", \"app-*\", \"log\"]
",
        &expect![[r#"
            `app_redis` in `crates` means `app-redis`, a package of the project
                `crates` speaks of outside packages: write `paths = ["crates/redis"]` for this one
            `app-*` in `crates` means `app-redis`, a package of the project
                `crates` speaks of outside packages: write `paths = ["crates/redis"]` for this one
            `log` in `crates` means `log`, a package of the project
                `crates` speaks of outside packages: write `paths = ["crates/log"]` for this one
        "#]],
    );
}

#[test]
fn an_outside_package_may_have_the_name_of_a_package_with_the_same_role() {
    let roles = "
[[role]]
name = \"shell\"
paths = [\"crates/log\"]
crates = [\"log\", \"to*\", \"time\"]
";
    // Nobody uses the project's own `time`: the name means that of the registry.
    check_workspace(roles, &expect![[""]]);
}

#[test]
fn a_role_that_others_leave_nothing_is_an_error() {
    check_errors(
        "
[[role]]
name = \"core\"
paths = [\"src/domain.rs\"]
[[role]]
name = \"shell\"
paths = [\"src/**\"]
",
        &expect![[r"
            role `core` has no code: every file it matches belongs to a later role
                the last role that matches a file wins; move this one down or narrow the others
        "]],
    );
}

#[test]
fn outside_crates_have_roles_too() {
    let project = project(
        "
//- Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
sqlx-core = \"1\"
serde = \"1\"
//- src/lib.rs
//- baton.toml
version = 1
[[role]]
name = \"shell\"
crates = [\"sqlx-*\"]
[[role]]
name = \"core\"
paths = [\"src/**\"]
",
    );
    assert!(project.roles.is_shell_crate("sqlx-core"));
    assert!(!project.roles.is_shell_crate("serde"));
}

#[test]
fn without_a_configuration_folders_tell() {
    let project = project(
        "
//- src/lib.rs
mod domain;
mod adapters;
mod other;
//- src/domain/mod.rs
//- src/adapters/mod.rs
pub mod db;
//- src/adapters/db.rs
//- src/other.rs
",
    );
    assert!(project.roles.is_inferred);
    let kinds: Vec<_> =
        project.modules.iter().map(|module| (module.path.as_str(), module.role.map(|role| role.kind))).collect();
    assert_eq!(
        kinds,
        [
            ("", None),
            ("domain", Some(RoleKind::Core)),
            ("adapters", Some(RoleKind::Shell)),
            ("adapters::db", Some(RoleKind::Shell)),
            ("other", None),
        ]
    );
    expect!["no roles are declared: they were inferred from the names of folders: core from src/domain (1); shell from src/adapters (2)"]
        .assert_eq(&crate::link::role_notices(&project).concat());
}

#[test]
fn a_run_that_judges_nothing_says_why() {
    let why = |fixture| crate::link::unjudged(&project(fixture));
    assert!(why("//- src/lib.rs\nmod a;\n//- src/a.rs\n").is_some_and(|why| why.contains("no folder's name")));
    assert!(why("//- src/lib.rs\nmod domain;\n//- src/domain.rs\n").is_none());
    let empty =
        "//- src/lib.rs\n//- baton.toml\nversion = 1\n[[role]]\nname = \"orchestrator\"\npaths = [\"src/**\"]\n";
    assert!(why(empty).is_some_and(|why| why.contains("nothing there receives a collaborator")));
}

/// Which modules have which role where folders tell.
fn inferred(fixture: &str) -> Vec<(String, RoleKind)> {
    let project = project(fixture);
    let found = project.modules.iter().filter_map(|module| Some((module.path.clone(), module.role?.kind)));
    found.collect()
}

#[test]
fn a_file_called_core_or_shell_is_a_layer_only_beside_another() {
    let lone = "
//- src/lib.rs
mod routes;
mod tools;
//- src/routes/mod.rs
mod core;
mod orders;
//- src/routes/core.rs
//- src/routes/orders.rs
//- src/tools/mod.rs
mod shell;
//- src/tools/shell.rs
";
    assert_eq!(inferred(lone), []);
    let inside =
        format!("{lone}//- src/routes/core/rules.rs\n").replace("routes/core.rs\n", "routes/core.rs\nmod rules;\n");
    let core = |path: &str| (path.to_owned(), RoleKind::Core);
    assert_eq!(inferred(&inside), [core("routes::core"), core("routes::core::rules")]);
    let spelt = inside.replace("routes/core.rs", "routes/core/mod.rs");
    assert_eq!(inferred(&spelt), inferred(&inside), "the same modules in other files");
    let pair = "
//- src/lib.rs
mod core;
mod shell;
//- src/core.rs
//- src/shell.rs
";
    assert_eq!(inferred(pair), [("core".to_owned(), RoleKind::Core), ("shell".to_owned(), RoleKind::Shell)]);
    let top = "
//- src/lib.rs
mod core;
mod shell_commands;
//- src/core.rs
//- src/shell_commands.rs
";
    assert_eq!(inferred(top), [("core".to_owned(), RoleKind::Core)]);
    let kept = "
//- src/lib.rs
mod domain;
//- src/domain/mod.rs
mod shell;
//- src/domain/shell.rs
";
    assert!(inferred(kept).iter().all(|(_, kind)| *kind == RoleKind::Core));
}

#[test]
fn the_end_of_a_packages_name_tells_its_layer() {
    let workspace = |package: &str| {
        let files = format!(
            "
//- Cargo.toml
[workspace]
members = [\"crates/*\"]
//- crates/{package}/Cargo.toml
[package]
name = \"{package}\"
edition = \"2021\"
//- crates/{package}/src/lib.rs
mod services;
//- crates/{package}/src/services.rs
"
        );
        inferred(&files).into_iter().map(|(_, kind)| kind).collect::<Vec<_>>()
    };
    assert_eq!(workspace("shop_domain"), [RoleKind::Core, RoleKind::Core]);
    assert_eq!(workspace("shop-infra"), [RoleKind::Shell, RoleKind::Shell]);
    assert_eq!(workspace("shop-use-cases"), [RoleKind::Orchestrator, RoleKind::Orchestrator]);
    // Libraries of everything end like this as well, and a word is no end of another.
    assert_eq!(workspace("shop-core"), [RoleKind::Orchestrator]);
    assert_eq!(workspace("subdomain"), [RoleKind::Orchestrator]);
}

#[test]
fn what_stands_in_an_included_file_has_the_role_of_the_module_around_it() {
    let project = project(
        "
//- src/lib.rs
mod domain;
//- src/domain.rs
include!(\"made/rates.rs\");
//- src/made/rates.rs
pub mod table { pub mod row { pub fn rate() {} } }
pub mod apart;
//- src/made/apart.rs
pub fn rate() {}
//- baton.toml
version = 1
[[role]]
name = \"core\"
paths = [\"src/domain.rs\"]
",
    );
    let role = |name: &str| project.modules.iter().find(|module| module.name == name).unwrap().role_kind();
    assert_eq!(role("rates"), Some(RoleKind::Core));
    assert_eq!(role("table"), Some(RoleKind::Core));
    assert_eq!(role("row"), Some(RoleKind::Core));
    // A file of its own says its role itself.
    assert_eq!(role("apart"), None);
}
