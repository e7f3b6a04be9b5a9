//! `baton graph` and `baton why` as users and their scripts meet them.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use expect_test::{Expect, expect};
use project::{Project, Run, baton};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A workspace of two packages: a library whose core reaches the shell through neutral code and a
/// re-export, and a program on top of it.
const WORKSPACE: [(&str, &str); 15] = [
    ("baton.toml", CONFIG),
    ("Cargo.toml", "[workspace]\nmembers = [\"shop\", \"web\"]\n"),
    ("shop/Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2024\"\n[dependencies]\nsqlx = \"1\"\n"),
    ("shop/src/lib.rs", "pub mod core;\npub mod prelude;\npub mod shell;\npub mod util;\n"),
    ("shop/src/core/mod.rs", "pub mod price;\npub mod tax;\n"),
    (
        "shop/src/core/price.rs",
        "use super::tax::Tax;\nuse crate::util::{\n    cache::Cache,\n};\nuse crate::shell::Row;\n",
    ),
    (
        "shop/src/core/tax.rs",
        "use crate::prelude::Clock;\npub struct Tax;\n#[cfg(test)]\nmod tests { use crate::shell::Row; }\n",
    ),
    ("shop/src/prelude.rs", "pub use crate::util::clock::Clock;\n"),
    ("shop/src/util/mod.rs", "pub mod cache;\npub mod clock;\n"),
    ("shop/src/util/cache.rs", "use crate::shell::Row as R;\npub struct Cache;\n"),
    ("shop/src/util/clock.rs", "pub struct Clock;\n"),
    ("shop/src/shell.rs", "use sqlx::Pool;\npub struct Row;\n"),
    (
        "web/Cargo.toml",
        "[package]\nname = \"web\"\nedition = \"2024\"\n[dependencies]\nshop = { path = \"../shop\" }\n",
    ),
    ("web/src/main.rs", "mod page;\nfn main() {}\n"),
    ("web/src/page.rs", "use shop::core::price;\nuse shop::prelude::Clock;\n"),
];

const CONFIG: &str = "\
version = 1
[[role]]
name = \"core\"
paths = [\"shop/src/core/**\"]
[[role]]
name = \"shell\"
paths = [\"shop/src/shell.rs\"]
crates = [\"sqlx\"]
";

fn run(project: &Project, arguments: &str) -> Run {
    Run::of(baton(project.root()).args(arguments.split_whitespace()))
}

/// What a run prints that must succeed and have nothing to complain about.
#[track_caller]
fn printed(project: &Project, arguments: &str) -> String {
    let run = run(project, arguments);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments}: {}", run.out);
    run.out
}

/// The arrows of a flowchart by the names of their ends.
fn arrows(chart: &str) -> String {
    let name = |id: &str| {
        let line = chart.lines().find(|line| {
            line.trim_start().starts_with(&format!("{id}[")) || line.trim_start().starts_with(&format!("{id}("))
        });
        line.and_then(|line| line.split('"').nth(1)).unwrap_or(id).to_owned()
    };
    let arrow = |line: &str| {
        let words: Vec<_> = line.trim().splitn(3, ' ').collect();
        let [from, line, rest] = words.as_slice() else { return None };
        let (label, to) =
            format!("{line} {rest}").rsplit_once("| ").map(|(label, to)| (label.to_owned(), to.to_owned()))?;
        let label = label.split('"').nth(1)?.to_owned();
        Some(format!("{} {} {}: {label}\n", name(from), line.split('|').next()?, name(&to)))
    };
    chart.lines().filter_map(arrow).collect()
}

#[track_caller]
fn check(arguments: &str, expected: &Expect) {
    let project = Project::new(WORKSPACE);
    expected.assert_eq(&arrows(&printed(&project, arguments)));
}

#[track_caller]
fn check_text(arguments: &str, expected: &Expect) {
    let project = Project::new(WORKSPACE);
    expected.assert_eq(&printed(&project, arguments));
}

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checkout")
}

#[test]
fn the_sample_is_drawn_by_role_with_its_violation() {
    let run = Run::of(baton(&checkout()).arg("graph"));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "findings are no failure of a graph");
    expect![[r#"
        core -.-> shell: 1 breaks core-imports-shell
        orchestrator --> core: 5
        orchestrator --> shell: 7
        shell --> core: 2
    "#]]
    .assert_eq(&arrows(&run.out));
}

#[test]
fn a_workspace_by_role_crate_folder_and_module() {
    check(
        "graph",
        &expect![[r#"
        core --> no role: 2
        core -.-> shell: 1 breaks core-imports-shell
        no role --> core: 1
        no role --> shell: 1
    "#]],
    );
    check(
        "graph --by crate",
        &expect![[r#"
        web --> shop: 2
    "#]],
    );
    check(
        "graph --by folder --depth 3",
        &expect![[r#"
        shop/src --> shop/src/util: 1
        shop/src/core -.-> shop/src: 1 breaks core-imports-shell
        shop/src/core --> shop/src/util: 2
        shop/src/util --> shop/src: 1
        web/src --> shop/src/core: 1
        web/src --> shop/src/util: 1
    "#]],
    );
    check(
        "graph --by module --depth 1",
        &expect![[r#"
        shop::core -.-> shop::shell: 1 breaks core-imports-shell
        shop::core --> shop::util: 2
        shop::prelude --> shop::util: 1
        shop::util --> shop::shell: 1
        web::page --> shop::core: 1
        web::page --> shop::util: 1
    "#]],
    );
}

#[test]
fn paths_neighbours_and_packages_from_outside() {
    check(
        "graph shop/src/core --by module",
        &expect![[r#"
        shop::core::price --> shop::core::tax: 1
    "#]],
    );
    check(
        "graph shop/src/util --by module --neighbours",
        &expect![[r#"
        shop::core::price --> shop::util::cache: 1
        shop::core::tax --> shop::util::clock: 1
        shop::prelude --> shop::util::clock: 1
        shop::util::cache --> shop::shell: 1
        web::page --> shop::util::clock: 1
    "#]],
    );
    check(
        "graph shop/src/shell.rs --by module --outside",
        &expect![[r#"
        shop::shell --> sqlx: 1
    "#]],
    );
}

/// The arrows of a library with this configuration and these files.
#[track_caller]
fn check_library(config: &str, files: &[(&str, &str)], arguments: &str, expected: &Expect) {
    let manifest = "[package]\nname = \"shop\"\nedition = \"2024\"\n[dependencies]\ntokio = \"1\"\n";
    let config = format!("version = 1\n{config}");
    let around = [("Cargo.toml", manifest), ("baton.toml", config.as_str())];
    let project = Project::new(around.into_iter().chain(files.iter().copied()));
    expected.assert_eq(&arrows(&printed(&project, arguments)));
}

#[test]
fn of_a_circle_only_what_is_to_be_cut_is_a_violation() {
    check_library(
        "[[contract]]\nname = \"no circles\"\nkind = \"acyclic\"\nwithin = [\"crate\"]\n",
        &[
            ("src/lib.rs", "pub mod alpha;\npub mod beta;\npub mod gamma;\n"),
            ("src/alpha.rs", "use crate::beta::B;\npub struct A;\npub fn one() -> crate::beta::B { B }\n"),
            ("src/beta.rs", "use crate::alpha::A;\npub struct B;\n"),
            ("src/gamma.rs", "use crate::alpha::A;\n"),
        ],
        "graph --by module",
        &expect![[r#"
            alpha --> beta: 2
            beta -.-> alpha: 1 breaks contract
            gamma --> alpha: 1
        "#]],
    );
}

const LAYERS: &str = "\
[[role]]
name = \"app\"
paths = [\"src/app.rs\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\"]
crates = [\"tokio\"]
[[role]]
name = \"core\"
paths = [\"src/core.rs\"]
[rules]
core-imports-shell = \"LEVEL\"
[[contract]]
name = \"one way down\"
kind = \"layers\"
layers = [\"app\", \"shell\", \"core\"]
";

#[test]
fn of_a_chain_only_what_is_to_be_cut_is_a_violation() {
    let files = [
        ("src/lib.rs", "mod app;\nmod core;\nmod shell;\nmod text;\nmod util;\n"),
        ("src/app.rs", "use crate::util::Cache;\nuse crate::core::Price;\n"),
        ("src/core.rs", "pub struct Price(crate::text::Text);\n"),
        ("src/text.rs", "pub struct Text(crate::util::Cache);\n"),
        ("src/util.rs", "pub struct Cache(crate::shell::Db);\npub struct Own(crate::core::Price);\n"),
        ("src/shell.rs", "pub struct Db;\nuse crate::core::Price;\n"),
    ];
    check_library(
        &LAYERS.replace("LEVEL", "allow"),
        &files,
        "graph --by module",
        &expect![[r#"
            app --> core: 1
            app --> util: 1
            core --> text: 1
            shell --> core: 1
            text --> util: 1
            util --> core: 1
            util -.-> shell: 1 breaks contract
        "#]],
    );
    check_library(
        LAYERS.replace("LEVEL", "deny").split("[[contract]]").next().unwrap(),
        &files,
        "graph --by role",
        &expect![[r#"
            app --> core: 1
            app --> no role: 1
            core --> no role: 1
            no role --> core: 1
            no role -.-> shell: 1 breaks core-imports-shell
            shell --> core: 1
        "#]],
    );
}

#[test]
fn a_package_that_is_shown_has_all_its_arrows() {
    let files = [
        ("src/lib.rs", "mod app;\nmod core;\nmod shell;\n"),
        ("src/app.rs", "use tokio::spawn;\n"),
        ("src/core.rs", "use tokio::time::sleep;\nuse std::fmt;\n"),
        ("src/shell.rs", "use tokio::fs;\npub fn run() { tokio::spawn(async {}); }\n"),
    ];
    let config = LAYERS.replace("LEVEL", "deny");
    let expected = expect![[r#"
        app --> tokio: 1
        core -.-> tokio: 1 breaks contract
        shell --> tokio: 2
    "#]];
    check_library(&config, &files, "graph --by role", &expected);
    check_library(&config, &files, "graph --by role --outside", &expected);
    let without = [files[0], files[1], ("src/core.rs", "use std::fmt;\n"), files[3]];
    check_library(&config, &without, "graph --by role", &expect![[r#""#]]);
}

#[test]
fn a_re_export_that_must_not_be_used_is_where_the_violation_leads() {
    let config = "[[contract]]\nname = \"util stands alone\"\nkind = \"forbidden\"\nsource = [\"crate::util\"]\nforbidden = [\"crate::io\"]\n";
    let files = [
        ("src/lib.rs", "pub mod io;\npub mod util;\n"),
        ("src/io.rs", "pub use std::io::Result;\npub use tokio::io::copy;\n"),
        ("src/util.rs", "use crate::io::{Result, copy};\nuse tokio::spawn;\n"),
    ];
    check_library(
        config,
        &files,
        "graph --by module",
        &expect![[r#"
            util -.-> io: 2 break contract
        "#]],
    );
    check_library(
        config,
        &files,
        "graph --by module --outside",
        &expect![[r#"
            io --> tokio: 1
            util -.-> io: 2 break contract
            util --> tokio: 2
        "#]],
    );
    check_library(config, &files, "graph --by crate", &expect![[r#""#]]);
    let package = config.replace("crate::io\"]", "package:tokio\"]");
    check_library(
        &package,
        &files,
        "graph --by module",
        &expect![[r#"
            io --> tokio: 1
            util -.-> tokio: 2 break contract
        "#]],
    );
}

#[test]
fn programs_get_every_node_and_edge() {
    let project = Project::new(WORKSPACE);
    let json: Value = serde_json::from_str(&printed(&project, "graph --format json --outside")).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&json), "by edges nodes schema tool");
    assert_eq!((json["schema"].as_u64(), json["by"].as_str()), (Some(1), Some("role")));
    assert_eq!(keys(&json["nodes"][0]), "id modules name neighbour outside role");
    assert_eq!(keys(&json["edges"][0]), "file from line path places to violation violations");
    let broken: Vec<_> = json["edges"].as_array().unwrap().iter().filter(|edge| edge["violation"] == true).collect();
    assert_eq!(broken.len(), 1);
    let violation = &broken[0]["violations"][0];
    assert_eq!(violation["rule"], "core-imports-shell");
    assert_eq!((violation["file"].as_str(), violation["line"].as_u64()), (Some("shop/src/core/price.rs"), Some(5)));
}

#[test]
fn an_output_is_written_whole_in_the_format_that_its_name_says() {
    let project = Project::new(WORKSPACE);
    for (name, begins) in [("a.svg", "<svg "), ("a.dot", "digraph "), ("a.json", "{\n"), ("a.mmd", "flowchart ")] {
        assert_eq!(printed(&project, &format!("graph --output {name}")), "", "{name}");
        let text = fs::read_to_string(project.root().join(name)).unwrap();
        assert!(text.starts_with(begins), "{name}: {text}");
    }
    assert_eq!(printed(&project, "graph --format svg"), fs::read_to_string(project.root().join("a.svg")).unwrap());
    printed(&project, "graph --format dot --output a.txt");
    assert!(fs::read_to_string(project.root().join("a.txt")).unwrap().starts_with("digraph "));
}

#[test]
fn the_same_project_gives_the_same_bytes_for_any_number_of_threads() {
    let project = Project::new(WORKSPACE);
    for arguments in ["graph --by module", "graph --by module --format svg", "graph --format dot", "why core sqlx"] {
        let one = printed(&project, &format!("{arguments} --threads 1"));
        for threads in [2, 5] {
            assert_eq!(printed(&project, &format!("{arguments} --threads {threads}")), one, "{arguments}");
        }
    }
}

#[test]
fn a_chain_has_a_hop_per_line_with_its_place_and_code() {
    check_text(
        "why core sqlx",
        &expect![[r#"
            shop::core::price -> shop::shell  shop/src/core/price.rs:5  use crate::shell::Row;
            shop::shell -> sqlx               shop/src/shell.rs:1       use sqlx::Pool;
            2 hops, the shortest chain from `core` to `sqlx`
        "#]],
    );
    check_text(
        "why web shop::util::clock",
        &expect![[r#"
            web::page -> shop::prelude          web/src/page.rs:2      use shop::prelude::Clock;
            shop::prelude -> shop::util::clock  shop/src/prelude.rs:1  pub use crate::util::clock::Clock;
            2 hops, the shortest chain from `web` to `shop::util::clock`
        "#]],
    );
    check_text(
        "why shop::core::tax shop::prelude",
        &expect![[r#"
            shop::core::tax -> shop::prelude  shop/src/core/tax.rs:1  use crate::prelude::Clock;
            1 hop, the shortest chain from `shop::core::tax` to `shop::prelude`
        "#]],
    );
    check_text(
        "why shop/src/core shop::util::cache::Cache",
        &expect![[r#"
            shop::core::price -> shop::util::cache  shop/src/core/price.rs:3  cache::Cache,
            1 hop, the shortest chain from `shop/src/core` to `shop::util::cache::Cache`
        "#]],
    );
}

#[test]
fn where_there_is_no_chain_it_says_how_much_it_searched() {
    check_text(
        "why core::tax shell",
        &expect![[r#"
        `core::tax` does not reach `shell`: searched 2 modules and 1 import from 1 starting point
    "#]],
    );
    check_text(
        "why shop web",
        &expect![[r#"
        `shop` does not reach `web`: searched 9 modules and 7 imports from 9 starting points
        `web` reaches `shop`: `baton why web shop` shows how
    "#]],
    );
}

#[test]
fn programs_get_the_chain_too() {
    let project = Project::new(WORKSPACE);
    let json = |arguments: &str| -> Value { serde_json::from_str(&printed(&project, arguments)).unwrap() };
    let found = json("why core::price role:shell --format json");
    assert_eq!(found["chain"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["chain"][0]["code"], "use crate::shell::Row;");
    assert_eq!(found["searched"]["starts"], 1);
    assert!(json("why shop web --format json")["chain"].is_null());
}

#[test]
fn a_project_is_named_by_any_path_in_it() {
    let project = Project::new(WORKSPACE);
    let nowhere = tempfile::tempdir().unwrap();
    let path = project.root().join("web/src");
    let there = Run::of(baton(nowhere.path()).args(["why", "core", "sqlx", "--project"]).arg(path));
    assert_eq!(there.out, printed(&project, "why core sqlx"));
}

#[test]
fn what_cannot_be_understood_is_a_failure_that_says_so() {
    let project = Project::new(WORKSPACE);
    let slips = [
        ("why core", "<TO>"),
        (
            "why core::prise shell",
            "nothing in the project is called `core::prise`\n  = help: did you mean `core::price`?",
        ),
        ("why core sqly", "did you mean `sqlx`?"),
        ("why role:cor shell", "did you mean `role:core`?"),
        ("why shop/src/cor shell", "did you mean `shop/src/core`?"),
        (
            "why core nothing_like_it",
            "give a module, a crate, a folder, a role, a domain, an item or a package from outside",
        ),
        ("why core::tax::tests shell", "`core::tax::tests` is test code, which the graph leaves out"),
        ("why core role:core", "`core` and `role:core` are the same modules"),
        ("why core shell --project no/such", "cannot find `no/such`"),
        ("graph --by layer", "[possible values: role, crate, folder, module]"),
        ("graph --depth 0", "for '--depth <N>': write a whole number from 1 on"),
        ("graph --depth 2 --by role", "`--depth` cuts the paths of folders or modules, and a role has none"),
        ("graph --format png", "[possible values: mermaid, dot, json, svg]"),
        ("graph --output a.png", "the name `a.png` says no format\n  = help: add `--format` with one of mermaid, dot"),
        ("graph --output no/such/a.svg", "cannot write `no/such/a.svg`"),
        ("graph no/such", "cannot find `no/such`"),
        ("graph Cargo.toml", "no source file was read in `Cargo.toml`"),
    ];
    for (arguments, says) in slips {
        let run = run(&project, arguments);
        assert!(run.code == Some(2) && run.out.is_empty() && run.err.contains(says), "{arguments}: {run:?}");
    }
    project.write("shop/src/lib.rs", "pub mod core;\npub mod shell;\nmod prelude;\nmod util;\nmod error;\n");
    project.write("shop/src/error.rs", "");
    project.write("web/src/main.rs", "mod page;\nmod error;\nfn main() {}\n");
    project.write("web/src/error.rs", "");
    let ambiguous = run(&project, "why error core");
    assert_eq!(ambiguous.code, Some(2));
    assert!(ambiguous.err.contains("`error` may be `shop::error` or `web::error`"), "{}", ambiguous.err);
    project.write("baton.toml", "version = 2\n");
    for arguments in ["graph", "why core shell"] {
        let run = run(&project, arguments);
        assert!(run.code == Some(2) && run.err.contains("baton.toml:1:11"), "{arguments}: {run:?}");
    }
}

#[test]
fn a_project_without_modules_to_show_is_a_failure() {
    let project = Project::new([("Cargo.toml", "[package]\nname = \"a\"\n"), ("notes.rs", "fn a() {}\n")]);
    let run = run(&project, "graph");
    assert!(run.code == Some(2) && run.err.contains("there is no module to show"), "{run:?}");
}

#[test]
fn files_that_did_not_parse_are_told() {
    let project = Project::new(WORKSPACE);
    project.write("shop/src/util/clock.rs", "pub struct {\n");
    let run = run(&project, "graph");
    assert_eq!(run.code, Some(0));
    assert_eq!(run.err, "note: 1 file did not parse, and what they import is not shown\n");
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let project = Project::new(WORKSPACE);
    let modules = (0..4_000).fold("pub struct Clock;\n".to_owned(), |mut text, number| {
        let _ = writeln!(text, "pub mod m{number} {{ use crate::core; }}");
        text
    });
    project.write("shop/src/util/clock.rs", modules);
    let mut command = baton(project.root());
    command.args(["graph", "--by", "module", "--format", "dot"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let mut first = [0; 7];
    running.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = running.wait_with_output().unwrap();
    assert_eq!((&first, ended.status.code(), ended.stderr.as_slice()), (b"digraph", Some(0), &b""[..]));
}
