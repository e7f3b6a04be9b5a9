//! What is wrong with contracts themselves, told with the project at hand.

use crate::config::{self, ConfigError};
use crate::link::{Content, Project, SourceFile, link};
use crate::manifest;
use crate::parse::{Need, Parsed, parse_file};
use crate::source::LineIndex;
use expect_test::{Expect, expect};
use std::collections::BTreeMap;
use std::sync::Arc;

const MANIFEST: &str = "[package]\nname = \"app\"\nedition = \"2024\"\n[dependencies]\nsqlx = \"1\"\n";

const FILES: &[(&str, &str)] = &[
    ("src/core/price.rs", "use crate::util::get;\npub struct Price;"),
    ("src/domains/billing/api.rs", "use crate::domains::books::api::get;\npub fn bill() {}"),
    ("src/domains/books/api.rs", "pub fn get() {}"),
    ("src/domains/books/store.rs", "use super::api::get;"),
    (
        "src/lib.rs",
        "pub mod core { pub mod price; } pub mod shell { pub mod db; } pub mod util;
        pub mod domains { pub mod billing { pub mod api; } pub mod books { pub mod api; pub mod store; } }
        #[cfg(test)] mod proofs;",
    ),
    ("src/proofs.rs", "use crate::shell::db::Db;"),
    ("src/shell/db.rs", "use sqlx::Pool;\npub struct Db;"),
    ("src/util.rs", "use crate::shell::db::Db;\npub fn get() {}"),
];

const ROLES: &str = "version = 1
[[role]]
name = \"core\"
paths = [\"src/core/**\"]
[[role]]
name = \"shell\"
paths = [\"src/shell/**\"]
";

fn judged(text: &str) -> Result<Project, Vec<ConfigError>> {
    judged_of(FILES, text)
}

fn judged_of(files: &[(&str, &str)], text: &str) -> Result<Project, Vec<ConfigError>> {
    let config = config::parse("baton.toml", text, &[])?;
    let paths: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    let manifests = BTreeMap::from([("Cargo.toml".to_owned(), MANIFEST.to_owned())]);
    let workspace = manifest::read(&manifests, &paths).unwrap();
    let source = |&(path, text): &(&str, &str)| {
        let Parsed::Facts(facts) = parse_file(text, &LineIndex::new(text), Need::Bodies) else { panic!("{path}") };
        SourceFile { path: path.to_owned(), content: Content::Facts(Arc::new(facts)) }
    };
    link(files.iter().map(source).collect(), &workspace, &config)
}

/// Compares what is wrong with contracts of those lines with `expected`: the text of the place, and why.
#[track_caller]
fn wrong(lines: &str, expected: &Expect) {
    let text = format!("{ROLES}[[contract]]\nname = \"rule\"\n{lines}");
    let errors = judged(&text).err().unwrap_or_default();
    let line = |error: &ConfigError| {
        let place = &text[error.span.start as usize..error.span.end as usize];
        format!("{place}: {}\n    {}\n", error.message, error.help)
    };
    expected.assert_eq(&errors.iter().map(line).collect::<String>());
}

fn forbidden(source: &str, forbidden: &str) -> String {
    format!("kind = \"forbidden\"\nsource = [{source:?}]\nforbidden = [{forbidden:?}]")
}

#[test]
fn every_way_to_name_a_part_of_the_project() {
    let parts = [
        "core",
        "role:core",
        "crate::core",
        "app::core::**",
        "module:app::core",
        "src/core",
        "src/core/*.rs",
        "path:src/core",
        "**/price.rs",
    ];
    for part in parts {
        for goal in ["shell", "package:sqlx", "outside:sqlx", "crate::shell::db"] {
            let project = judged(&format!("{ROLES}[[contract]]\nname = \"rule\"\n{}", forbidden(part, goal))).unwrap();
            let outcome = &project.contracts.outcomes[0];
            assert_eq!((outcome.judged, outcome.breaches.len()), (1, 1), "{part} and {goal}");
        }
    }
    for part in ["app", "crate:app", "module:app"] {
        let project =
            judged(&format!("{ROLES}[[contract]]\nname = \"rule\"\n{}", forbidden(part, "package:sqlx"))).unwrap();
        assert_eq!(project.contracts.outcomes[0].breaches.len(), 1, "a crate is all of its modules");
    }
}

#[test]
fn a_member_that_stands_for_nothing_is_an_error() {
    wrong(
        &forbidden("cor", "shell"),
        &expect![[r#"
        "cor": `cor` is no role, and no crate of the project
            did you mean `core`?
    "#]],
    );
    wrong(
        &forbidden("sqlx", "books"),
        &expect![[r#"
        "sqlx": `sqlx` is no role, and no crate of the project
            write `package:sqlx` for a package from outside
        "books": `books` is no role, and no crate of the project
            did you mean the module `crate::domains::books`?
    "#]],
    );
    wrong(
        &forbidden("role:cores", "nowhere"),
        &expect![[r#"
        "role:cores": there is no role `cores`
            did you mean `core`?
        "nowhere": `nowhere` is no role, and no crate of the project
            the roles are `core`, `shell`; a module is written `crate::core`, files `src/core/**`
    "#]],
    );
    wrong(
        &forbidden("crate::cor", "src/shel/**"),
        &expect![[r#"
        "crate::cor": `crate::cor` matches no module
            did you mean `crate::core`?
        "src/shel/**": `src/shel/**` matches no file
            did you mean `src/shell/**`?
    "#]],
    );
    wrong(
        &forbidden("core", "package:sqlxx"),
        &expect![[r#"
        "package:sqlxx": `sqlxx` matches no outside package that the project depends on
            did you mean `sqlx`?
    "#]],
    );
    wrong(
        &forbidden("core", "package:app"),
        &expect![[r#"
        "package:app": `app` matches no outside package that the project depends on
            it is a package of the project: write `app`
    "#]],
    );
    wrong(
        &forbidden("crate:apps", "crate:sqlx"),
        &expect![[r#"
        "crate:apps": there is no crate `apps` in the project
            did you mean `crate:app`?
        "crate:sqlx": there is no crate `sqlx` in the project
            correct or remove it; a package from outside is written `package:sqlx`
    "#]],
    );
    wrong(
        &forbidden("crate::proofs", "shell"),
        &expect![[r#"
        "crate::proofs": `crate::proofs` matches nothing but test code, which no contract judges
            remove it from the contract
    "#]],
    );
    wrong(
        &forbidden("domain:books", "shell"),
        &expect![[r#"
        "domain:books": `domain:books` names a domain, and the project declares none
            declare it in `[domains]`, or name its folder
    "#]],
    );
    let declared = "[domains]\npaths = [\"src/domains/*\"]\n";
    wrong(
        &format!("{}\n{declared}", forbidden("domain:book", "shell")),
        &expect![[r#"
        "domain:book": there is no domain `book`
            did you mean `domain:books`?
    "#]],
    );
    wrong(
        &format!("{}\n{declared}", forbidden("domain:mail", "shell")),
        &expect![[r#"
        "domain:mail": there is no domain `mail`
            the domains are `billing`, `books`
    "#]],
    );
    wrong(&format!("{}\n{declared}", forbidden("domain:billing", "domain:books")), &expect![[""]]);
}

#[test]
fn a_word_that_means_two_things_is_an_error() {
    let text = format!(
        "{ROLES}[[role]]\nname = \"app\"\npaths = [\"src/util.rs\"]\n[[contract]]\nname = \"rule\"\n{}",
        forbidden("app", "shell")
    );
    let errors = judged(&text).unwrap_err();
    assert_eq!(errors[0].message, "`app` is a role, and a crate of the project too");
    assert_eq!(errors[0].help, "write `role:app` or `crate:app`");
}

#[test]
fn members_lie_apart() {
    wrong(
        "kind = \"layers\"\nlayers = [\"crate::core\", \"core\"]",
        &expect![[r#"
        "core": `crate::core` and `core` share code, such as `core::price`
            name parts of the project that lie apart
    "#]],
    );
    wrong(
        "kind = \"independent\"\nmembers = [\"crate::domains::*\", \"crate::domains::books::api\"]",
        &expect![[r#"
        "crate::domains::books::api": `domains::books` and `crate::domains::books::api` share code, such as `domains::books::api`
            name parts of the project that lie apart
    "#]],
    );
    wrong(
        &forbidden("core", "src/core/**"),
        &expect![[r#"
        "rule": everything in `source` of the contract `rule` is `forbidden` too
            name a source beside it
    "#]],
    );
}

#[test]
fn what_is_required_lies_beside_its_source() {
    let required = |required: &str| format!("kind = \"required\"\nsource = [\"core\"]\nrequired = [{required}]");
    wrong(
        &required("\"core\""),
        &expect![[r#"
        "core": everything in `source` of the contract `rule` is `core` itself
            require what lies beside it
    "#]],
    );
    wrong(
        &required("\"crate::util\", \"crate::core\""),
        &expect![[r#"
        "crate::core": everything in `source` of the contract `rule` is `crate::core` itself
            require what lies beside it
    "#]],
    );
    wrong(&required("\"crate::util\""), &expect![[""]]);
    // A module of nothing but an import of its own holds code, and one of nothing but modules does not.
    wrong("kind = \"required\"\nsource = [\"crate::domains::books::store\"]\nrequired = [\"shell\"]", &expect![[""]]);
    wrong(
        "kind = \"required\"\nsource = [\"src/lib.rs\"]\nrequired = [\"shell\"]",
        &expect![[r#"
        "rule": the contract `rule` judged nothing: nothing in `source` holds code
            let `source` name code, or remove it
    "#]],
    );
}

#[test]
fn a_contract_that_judges_nothing_is_an_error() {
    wrong(
        &forbidden("crate::domains::books::api", "shell"),
        &expect![[r#"
        "rule": the contract `rule` judged nothing: nothing that it speaks of imports anything
            let it name code that imports something, or remove it
    "#]],
    );
    wrong(
        "kind = \"independent\"\nmembers = [\"crate::do*\"]",
        &expect![[r#"
        "crate::do*": `crate::do*` matches one member only, `domains`
            a contract among members needs two at least
    "#]],
    );
    wrong(
        "kind = \"acyclic\"\nwithin = [\"crate::util\"]",
        &expect![[r#"
        "crate::util": `crate::util` has fewer than two children
            name a module or folder with several in it
    "#]],
    );
    wrong(
        "kind = \"acyclic\"\nwithin = [\"core\", \"crate::**\"]",
        &expect![[r#"
        "core": `core` is no module or folder whose children could be told apart
            write `crate::domains`, `src/domains`, or with `*` for one name each
        "crate::**": `crate::**` is no module or folder whose children could be told apart
            write `crate::domains`, `src/domains`, or with `*` for one name each
    "#]],
    );
}

#[test]
fn a_container_has_every_layer_that_is_not_optional() {
    wrong(
        "kind = \"layers\"\nlayers = [\"store\", \"api\"]\ncontainers = [\"src/domains/*\"]",
        &expect![[r#"
        "store": `src/domains/billing` has no `store`
            write `(store)` for a layer that not every container has
    "#]],
    );
    wrong("kind = \"layers\"\nlayers = [\"(store)\", \"api\"]\ncontainers = [\"crate::domains::*\"]", &expect![]);
}

#[test]
fn a_layer_of_containers_is_in_one_of_them_at_least() {
    let layers = |layers: &str| format!("kind = \"layers\"\nlayers = {layers}\ncontainers = [\"crate::domains::*\"]");
    wrong(
        &layers(r#"["(stor)", "api"]"#),
        &expect![[r#"
        "(stor)": no container has `stor`
            did you mean `store`?
    "#]],
    );
    wrong(
        &layers(r#"["(store)", "apis", "api"]"#),
        &expect![[r#"
        "apis": no container has `apis`
            correct or remove it: a layer has to exist in one container at least
    "#]],
    );
    wrong(
        &layers(r#"["(store)", "api", "(role:core)"]"#),
        &expect![[r#"
        "(role:core)": no container has `role:core`
            correct or remove it: a layer has to exist in one container at least
    "#]],
    );
    wrong(&layers(r#"["(store)", "api"]"#), &expect![]);
}

#[test]
fn two_layers_are_together_in_one_container_at_least() {
    let layers = "kind = \"layers\"\nlayers = [\"(books)\", \"(db)\"]\n";
    wrong(
        &format!("{layers}containers = [\"crate::domains\", \"crate::shell\"]"),
        &expect![[r#"
        "rule": nothing can break the contract `rule`: no container has two of its layers
            name two layers at least that exist together
    "#]],
    );
}

#[test]
fn an_optional_layer_is_not_misspelt() {
    let layers = |layers: &str| format!("kind = \"layers\"\nlayers = {layers}");
    wrong(
        &layers(r#"["shell", "(cor)", "crate::util"]"#),
        &expect![[r#"
        "(cor)": `cor` is no role, and no crate of the project
            did you mean `core`?
    "#]],
    );
    wrong(
        &layers(r#"["shell", "(frob)", "core"]"#),
        &expect![[r#"
        "(frob)": `frob` is no role, and no crate of the project
            the roles are `core`, `shell`; a module is written `crate::core`, files `src/core/**`
    "#]],
    );
    wrong(
        &layers(r#"["shell", "(crate::cor)", "crate::util"]"#),
        &expect![[r#"
        "(crate::cor)": `crate::cor` matches no module
            did you mean `crate::core`?
    "#]],
    );
    wrong(
        &layers(r#"["shell", "(src/cor/**)", "crate::util"]"#),
        &expect![[r#"
        "(src/cor/**)": `src/cor/**` matches no file
            did you mean `src/core/**`?
    "#]],
    );
    wrong(
        &layers(r#"["package:sqlx", "(package:sqlxx)", "core"]"#),
        &expect![[r#"
        "(package:sqlxx)": `sqlxx` matches no outside package that the project depends on
            did you mean `sqlx`?
    "#]],
    );
    // A role that a project may have, a pattern that nothing is near, and one that is near to another layer only.
    wrong(&layers(r#"["shell", "(entry)", "(crate::engine)", "(crate::cor)", "crate::core"]"#), &expect![[""]]);
}

#[test]
fn a_stack_of_layers_can_be_broken() {
    let layers = |layers: &str| format!("kind = \"layers\"\nlayers = {layers}");
    wrong(
        &layers(r#"["core", "(entry)"]"#),
        &expect![[r#"
        "rule": nothing can break the contract `rule`: fewer than two of its layers exist
            name two layers at least that exist together
    "#]],
    );
    wrong(
        &layers(r#"["core", "package:sqlx"]"#),
        &expect![[r#"
        "rule": nothing can break the contract `rule`: no layer that holds code of the project has another to leave alone
            name two layers at least that exist together
    "#]],
    );
    wrong(&layers(r#"["package:sqlx", "core"]"#), &expect![[""]]);
    wrong(&layers(r#"["(entry)", "core | crate::util"]"#), &expect![[""]]);
}

#[test]
fn what_the_body_of_a_macro_names_is_imported_by_its_caller_whoever_declares_the_macro() {
    const FILES: &[(&str, &str)] = &[
        ("src/lib.rs", "mod bill; mod db; mod mac;"),
        ("src/bill.rs", "use crate::mac::go; pub fn due() { go!() }"),
        ("src/db.rs", "pub fn go() {}"),
        ("src/mac.rs", "macro_rules! go { () => { $crate::db::go() } } pub(crate) use go;"),
    ];
    let breaches = |layers: &str| {
        let text = format!("version = 1\n[[contract]]\nname = \"rule\"\nkind = \"layers\"\nlayers = [{layers}]\n");
        let project = judged_of(FILES, &text).unwrap();
        project.contracts.outcomes[0].breaches.len()
    };
    assert_eq!(breaches("\"crate::db\", \"crate::bill\", \"crate::mac\""), 1, "the bill names the database");
    assert_eq!(breaches("\"crate::bill\", \"crate::mac\", \"crate::db\""), 0, "all of it leads down");
}

#[test]
fn an_exception_excuses_something() {
    let with = |except: &str| format!("{}\nexcept = [{except}]", forbidden("core", "shell"));
    wrong(&with("{ from = \"crate::util\", to = \"shell\", reason = \"old\" }"), &expect![]);
    wrong(&with("{ from = \"core\", to = \"crate::util\", reason = \"old\" }"), &expect![]);
    wrong(
        &with("{ from = \"core\", to = \"shell\", reason = \"none\" }"),
        &expect![[r#"
        { from = "core", to = "shell", reason = "none" }: this exception excuses nothing: `core` does not import `shell`
            correct it, or remove it
    "#]],
    );
    wrong(
        &with("{ from = \"shell\", to = \"package:sqlx\", reason = \"breaks nothing\" }"),
        &expect![[r#"
        { from = "shell", to = "package:sqlx", reason = "breaks nothing" }: this exception excuses nothing: `shell` imports `package:sqlx`, but that breaks nothing
            correct it, or remove it
    "#]],
    );
    wrong(
        &with("{ from = \"crate::utils\", to = \"shell\", reason = \"nobody\" }"),
        &expect![[r#"
        "crate::utils": `crate::utils` matches no module
            did you mean `crate::util`?
    "#]],
    );
    wrong(
        "kind = \"acyclic\"\nwithin = [\"crate\"]\nexcept = [{ from = \"crate::util\", to = \"shell\", reason = \"no circle\" }]",
        &expect![[r#"
            { from = "crate::util", to = "shell", reason = "no circle" }: this exception excuses nothing: `crate::util` imports `shell`, but that breaks nothing
                correct it, or remove it
        "#]],
    );
    wrong(
        "kind = \"required\"\nsource = [\"core\"]\nrequired = [\"crate::domains\"]\nexcept = [{ from = \"core\", to = \"crate::domains\", reason = \"pure\" }]",
        &expect![],
    );
}

#[test]
fn what_is_wrong_with_one_contract_hides_nothing_of_another() {
    let first = forbidden("crate::nobody", "shell");
    let second = format!("[[contract]]\nname = \"same\"\n{}", forbidden("core", "crate::core"));
    wrong(
        &format!("{first}\n{second}"),
        &expect![[r#"
            "crate::nobody": `crate::nobody` matches no module
                `crate` exists, but the rest of the pattern matches nothing in it; correct or remove it
            "same": everything in `source` of the contract `same` is `forbidden` too
                name a source beside it
        "#]],
    );
}
