//! Compares Baton's edges between modules with those of `cargo-modules`, which asks rust-analyzer.
//!
//! [`dot`] reads what `cargo-modules` prints, [`ours`] what Baton finds, and [`explain`] says where
//! the two differ in what they look at, so that what is left is a fault of one of them. Pure, apart
//! from [`run`], which has both programs do their work.

mod dot;
mod explain;
mod ours;
mod signature;

use crate::{Refusal, disk};
use baton_core::parse;
use dot::Dot;
use explain::Explainer;
use ours::Ours;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// From one module to another, by their paths with the crate.
type Pair = (String, String);

/// Compares the edges of a package's library, or of its first binary if it has none.
///
/// # Errors
///
/// `cargo-modules` is not installed or fails, or there is no such project or package.
pub fn run(project: &Path, package: &str) -> Result<String, Refusal> {
    let sources = disk::sources(project)?;
    let linked = disk::on_stack(parse::STACK_BYTES, || ours::link(sources))??;
    let ours = Ours::new(&linked, package)?;
    let printed = disk::cargo_modules(project, package, &ours.target())?;
    Ok(compare(&ours, &dot::parse(&printed, ours.krate_name())))
}

/// The comparison as text: figures first, then each edge that only one of the two has.
fn compare(ours: &Ours<'_>, oracle: &Dot) -> String {
    let theirs = oracle.pairs();
    let explainer = Explainer::new(ours, oracle, &theirs);
    let missed: Vec<_> = theirs.iter().filter(|(pair, _)| !ours.pairs.contains_key(*pair)).collect();
    let unconfirmed: Vec<_> = ours.pairs.keys().filter(|pair| !theirs.contains_key(*pair)).collect();
    let mut out = String::new();
    let missed_because = missed.into_iter().map(|(pair, uses)| (pair, explainer.missed(pair, uses), detail(uses)));
    section(&mut out, "edges of the oracle", "found", theirs.len(), &missed_because.collect::<Vec<_>>());
    let unconfirmed_because =
        unconfirmed.into_iter().map(|pair| (pair, explainer.unconfirmed(pair), ours.places(pair)));
    section(&mut out, "edges of ours", "confirmed", ours.pairs.len(), &unconfirmed_because.collect::<Vec<_>>());
    out.truncate(out.trim_end().len());
    out
}

/// What one side says of an edge that the other side does not have: the edge, why that is so if
/// anything is known, and where it comes from.
type Difference<'a> = (&'a Pair, Option<&'static str>, String);

fn section(out: &mut String, title: &str, verb: &str, all: usize, differences: &[Difference<'_>]) {
    let mut classes: BTreeMap<Option<&'static str>, Vec<&Difference<'_>>> = BTreeMap::new();
    for difference in differences {
        classes.entry(difference.1).or_default().push(difference);
    }
    let unexplained = classes.get(&None).map_or(0, Vec::len);
    let found = all - differences.len();
    let explained = differences.len() - unexplained;
    let share = 100.0 * f64::from((all - unexplained) as u32) / f64::from(all.max(1) as u32);
    let _ = writeln!(
        out,
        "{all} {title}: {found} {verb}, {explained} explained, {unexplained} neither; {share:.1} % {verb} or explained"
    );
    for (class, differences) in classes {
        let _ = writeln!(out, "  {}: {}", class.unwrap_or("without explanation"), differences.len());
        for ((from, to), _, detail) in differences {
            let _ = writeln!(out, "    {from} -> {to}   {detail}");
        }
    }
    out.push('\n');
}

/// The first of the items that make up an edge of the oracle.
fn detail(uses: &[(String, String)]) -> String {
    uses.first().map(|(from, to)| format!("`{from}` uses `{to}`")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// Compares what is said of a package `app` with `expected`. `uses` are the edges of the oracle; every
    /// item on their way is given as a kind and a path.
    #[track_caller]
    fn check(files: &[(&str, &str)], items: &[(&str, &str)], uses: &[(&str, &str)], expected: &Expect) {
        let manifest = ("Cargo.toml", "[package]\nname = \"app\"\nedition = \"2024\"\n");
        let sources = files.iter().chain([&manifest]).map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let linked = ours::link(sources.collect()).unwrap();
        let mut printed = String::from("digraph {\n    node [\n    ];\n");
        for (kind, path) in items {
            let _ = writeln!(printed, "    \"{path}\" [label=\"{kind}|{path}\"]; // \"{kind}\" node");
        }
        for (from, to) in uses {
            let _ =
                writeln!(printed, "    \"{from}\" -> \"{to}\" [label=\"uses\"] [constraint=false]; // \"uses\" edge");
        }
        let ours = Ours::new(&linked, "app").unwrap();
        expected.assert_eq(&compare(&ours, &dot::parse(&printed, "app")));
    }

    const MODULES: [(&str, &str); 5] =
        [("crate", "app"), ("mod", "app::a"), ("mod", "app::b"), ("mod", "app::c"), ("struct", "app::b::Made")];

    #[test]
    fn what_both_have_is_found_and_what_one_has_is_explained() {
        check(
            &[
                ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n"),
                ("src/a.rs", "use crate::b::Made;\nuse crate::c::LIMIT;\nfn f(_: Made) { crate::c::go() }\n"),
                ("src/b.rs", "pub struct Made;\n"),
                (
                    "src/c.rs",
                    "pub const LIMIT: u8 = 1;\npub fn go() {}\nimpl crate::b::Made { pub fn of(_: crate::a::A) {} }\n",
                ),
            ],
            &MODULES,
            &[("app::a", "app::b::Made"), ("app::b::Made::of", "app::a::A"), ("app::a", "core::fmt")],
            &expect![[r#"
                2 edges of the oracle: 1 found, 1 explained, 0 neither; 100.0 % found or explained
                  the oracle takes the module of a type for that of its `impl` blocks: 1
                    app::b -> app::a   `app::b::Made::of` uses `app::a::A`

                4 edges of ours: 1 confirmed, 3 explained, 0 neither; 100.0 % confirmed or explained
                  the oracle does not read what an `impl` block is of and for: 1
                    app::c -> app::b   `crate::b::Made` in src/c.rs, byte 45; 1 in all: Path(Type)
                  the oracle has no constants, statics, variants and macros: 1
                    app::a -> app::c   `crate::c::LIMIT` in src/a.rs, byte 34; 2 in all: Path(Expression), Use
                  the oracle takes the module of a type for that of its `impl` blocks: 1
                    app::c -> app::a   `crate::a::A` in src/c.rs, byte 75; 1 in all: Path(Type)"#]],
        );
    }

    #[test]
    fn what_nothing_explains_is_told() {
        check(
            &[
                ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n"),
                ("src/a.rs", "use crate::b::Made;\n"),
                ("src/b.rs", "pub struct Made;\n"),
                ("src/c.rs", "pub struct Other;\n"),
            ],
            &MODULES,
            &[("app::a", "app::c::Other")],
            &expect![[r#"
                1 edges of the oracle: 0 found, 0 explained, 1 neither; 0.0 % found or explained
                  without explanation: 1
                    app::a -> app::c   `app::a` uses `app::c::Other`

                1 edges of ours: 0 confirmed, 0 explained, 1 neither; 0.0 % confirmed or explained
                  without explanation: 1
                    app::a -> app::b   `crate::b::Made` in src/a.rs, byte 14; 1 in all: Use"#]],
        );
    }

    #[test]
    fn globs_and_aliases_explain_what_baton_does_not_say() {
        check(
            &[
                ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n"),
                ("src/a.rs", "use crate::c::*;\npub fn f() -> crate::c::Alias { todo!() }\n"),
                ("src/b.rs", "pub struct Made;\npub struct Other;\n"),
                ("src/c.rs", "pub use crate::b::Made;\npub type Alias = Vec<crate::b::Other>;\n"),
            ],
            &MODULES,
            &[("app::a", "app::b::Made"), ("app::a::f", "app::b::Other"), ("app::c", "app::b::Made")],
            &expect![[r#"
                2 edges of the oracle: 1 found, 1 explained, 0 neither; 100.0 % found or explained
                  a glob brings it in, and nothing there names it: 1
                    app::a -> app::b   `app::a` uses `app::b::Made`

                2 edges of ours: 1 confirmed, 1 explained, 0 neither; 100.0 % confirmed or explained
                  a glob: the oracle names the modules of what it brings in: 1
                    app::a -> app::c   `crate::c` in src/a.rs, byte 14; 2 in all: Path(Type), Use"#]],
        );
    }

    #[test]
    fn what_stands_for_something_else_explains_what_baton_does_not_say() {
        check(
            &[
                ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\npub mod d;\npub fn d(_: b::Made) {}\n"),
                (
                    "src/a.rs",
                    "use crate::c::{Held, Run, Sub};\npub fn run(_: Run) {}\npub fn of<T: Sub>(_: T::Out) {}\n\
                     pub fn other<T: Sub>(_: T::Other) {}\npub fn held(_: Held) {}\n",
                ),
                ("src/b.rs", "pub struct Made;\n"),
                (
                    "src/c.rs",
                    "pub type Run = fn(crate::b::Made);\npub struct Held<T = crate::d::Small>(T);\n\
                     pub trait Sub: crate::e::Of {}\n",
                ),
                ("src/d.rs", "pub struct Small;\n"),
            ],
            &[&MODULES[..], &[("mod", "app::d"), ("struct", "app::d::Small")]].concat(),
            &[("app::a::run", "app::b::Made"), ("app::a::held", "app::d::Small"), ("app::d", "app::b::Made")],
            &expect![[r#"
                3 edges of the oracle: 0 found, 3 explained, 0 neither; 100.0 % found or explained
                  a function has the path of that module: Baton's edge begins at the module around: 1
                    app::d -> app::b   `app::d` uses `app::b::Made`
                  a parameter's default stands for it: Baton's edges lead there over the type: 1
                    app::a -> app::d   `app::a::held` uses `app::d::Small`
                  an alias stands for it: Baton's edges lead there over the alias: 1
                    app::a -> app::b   `app::a::run` uses `app::b::Made`

                5 edges of ours: 0 confirmed, 3 explained, 2 neither; 60.0 % confirmed or explained
                  without explanation: 2
                    app -> app::b   `b::Made` in src/lib.rs, byte 56; 1 in all: Path(Type)
                    app::c -> app::b   `crate::b::Made` in src/c.rs, byte 18; 1 in all: Path(Alias)
                  the oracle does not read bounds: 1
                    app::c -> app::d   `crate::d::Small` in src/c.rs, byte 55; 1 in all: Path(Type)
                  the oracle does not read the insides of traits: 1
                    app::c -> app   `crate::e::Of` in src/c.rs, byte 91; 1 in all: Path(Bound)
                  the oracle leaves out the module or item, by its `cfg` or its kind: 1
                    app::a -> app::c   `crate::c::Held` in src/a.rs, byte 15; 3 in all: Use"#]],
        );
    }

    #[test]
    fn an_associated_type_is_told_by_the_trait_that_declares_it() {
        check(
            &[
                ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n"),
                ("src/a.rs", "use crate::c::Sub;\npub fn of<T: Sub>(_: T::Out) {}\n"),
                ("src/b.rs", "pub trait Of { type Out; }\n"),
                (
                    "src/c.rs",
                    "use crate::a::other;\npub trait Sub: crate::b::Of {}\npub fn other<T: Sub>(_: T::Else) {}\n",
                ),
            ],
            &MODULES,
            &[("app::a::of", "app::b::Of"), ("app::c::other", "app::a::Missing"), ("app::b::missing", "app::c::Sub")],
            &expect![[r#"
                3 edges of the oracle: 1 found, 2 explained, 0 neither; 100.0 % found or explained
                  a derive or another macro makes what uses it, which only the compiler runs: 1
                    app::b -> app::c   `app::b::missing` uses `app::c::Sub`
                  an associated type: the oracle names the trait that declares it, and nothing there does: 1
                    app::a -> app::b   `app::a::of` uses `app::b::Of`

                3 edges of ours: 1 confirmed, 2 explained, 0 neither; 100.0 % confirmed or explained
                  the oracle does not read the insides of traits: 1
                    app::c -> app::b   `crate::b::Of` in src/c.rs, byte 36; 1 in all: Path(Bound)
                  the oracle leaves out the module or item, by its `cfg` or its kind: 1
                    app::a -> app::c   `crate::c::Sub` in src/a.rs, byte 14; 1 in all: Use"#]],
        );
    }

    #[test]
    fn a_derive_makes_methods_beside_those_of_the_same_name() {
        let own = "#[derive(Outside)]\npub struct Own;\nimpl Own { pub fn queue(&self) {} }\n";
        check(
            &[
                ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n"),
                ("src/a.rs", own),
                ("src/b.rs", "pub struct Made;\n"),
                ("src/c.rs", &own.replace("#[derive(Outside)]", "")),
            ],
            &[&MODULES[..], &[("struct", "app::a::Own"), ("struct", "app::c::Own")]].concat(),
            &[("app::a::Own::queue", "app::b::Made"), ("app::c::Own::queue", "app::b::Made")],
            &expect![[r#"
                2 edges of the oracle: 0 found, 1 explained, 1 neither; 50.0 % found or explained
                  without explanation: 1
                    app::c -> app::b   `app::c::Own::queue` uses `app::b::Made`
                  a derive or another macro makes what uses it, which only the compiler runs: 1
                    app::a -> app::b   `app::a::Own::queue` uses `app::b::Made`

                0 edges of ours: 0 confirmed, 0 explained, 0 neither; 0.0 % confirmed or explained"#]],
        );
    }

    #[test]
    fn blocks_for_references_and_for_types_that_calls_make_are_explained() {
        check(
            &[
                ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n"),
                ("src/a.rs", "pub struct Own;\nimpl crate::c::Of for &Own { fn f(_: crate::b::Made) {} }\n"),
                ("src/b.rs", "pub struct Made;\nimpl crate::c::Level { pub fn of(_: crate::a::Own) {} }\n"),
                ("src/c.rs", "outside::flags! { pub struct Level; }\npub trait Of {}\npub struct Plain;\n"),
            ],
            &[&MODULES[..], &[("struct", "app::c::Level"), ("struct", "app::c::Plain")]].concat(),
            &[("app::c::Level::of", "app::a::Own"), ("app::c::Plain::of", "app::b::Made")],
            &expect![[r#"
                2 edges of the oracle: 0 found, 2 explained, 0 neither; 100.0 % found or explained
                  a derive or another macro makes what uses it, which only the compiler runs: 1
                    app::c -> app::b   `app::c::Plain::of` uses `app::b::Made`
                  the oracle takes the module of a type for that of its `impl` blocks: 1
                    app::c -> app::a   `app::c::Level::of` uses `app::a::Own`

                4 edges of ours: 0 confirmed, 4 explained, 0 neither; 100.0 % confirmed or explained
                  the oracle does not read what an `impl` block is of and for: 2
                    app::a -> app::c   `crate::c::Of` in src/a.rs, byte 21; 1 in all: Path(Impl)
                    app::b -> app::c   `crate::c::Level` in src/b.rs, byte 22; 1 in all: Path(Type)
                  the oracle leaves out `impl` blocks for outside types, references and parameters: 1
                    app::a -> app::b   `crate::b::Made` in src/a.rs, byte 53; 1 in all: Path(Type)
                  the oracle takes the module of a type for that of its `impl` blocks: 1
                    app::b -> app::a   `crate::a::Own` in src/b.rs, byte 53; 1 in all: Path(Type)"#]],
        );
    }

    #[test]
    fn what_test_modules_name_is_given_to_the_module_around() {
        check(
            &[
                ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n"),
                ("src/a.rs", "#[cfg(any(feature = \"testing\", test))]\npub mod mock { use crate::b::Made; }\n"),
                ("src/b.rs", "pub struct Made;\n"),
                ("src/c.rs", "mod inner {}\n"),
            ],
            &MODULES,
            &[("app::a", "app::b::Made"), ("app::c", "app::b::Made")],
            &expect![[r#"
                2 edges of the oracle: 0 found, 1 explained, 1 neither; 50.0 % found or explained
                  without explanation: 1
                    app::c -> app::b   `app::c` uses `app::b::Made`
                  the oracle leaves out test modules, with what is under `cfg(not(…))`, and gives their edges to the module around: 1
                    app::a -> app::b   `app::a` uses `app::b::Made`

                0 edges of ours: 0 confirmed, 0 explained, 0 neither; 0.0 % confirmed or explained"#]],
        );
    }

    #[test]
    fn a_package_that_is_not_there_is_refused() {
        let linked = ours::link([("src/lib.rs".to_owned(), String::new())].into()).unwrap();
        let refusal = Ours::new(&linked, "app").err().unwrap();
        assert_eq!(refusal.to_string(), "the project has no package `app` with a library or binary");
    }
}
