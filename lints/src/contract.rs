//! # contract
//!
//! ## What it does
//!
//! Reports imports that break a `[[contract]]` of `baton.toml`:
//!
//! - `layers`: a lower layer reaches a higher one, independent members of a layer reach each other,
//!   or somebody goes past a layer that is closed.
//! - `forbidden`: the source reaches what it must not.
//! - `protected`: somebody imports what only others may import.
//! - `independent`: the members reach each other.
//! - `acyclic`: the members import each other in a circle. What is reported is a smallest set of
//!   imports to cut, counted by their places, a finding for each, whose help names the first of them: what an import
//!   brings in counts at the import, and not at each use of its name.
//! - `required`: a module does not import what it has to.
//!
//! To reach is to import, or to import what does, and so on; with `direct = true` to import. Where
//! one import makes many modules reach what they must not, that import is the finding, with the
//! modules as evidence: of all imports on the way a smallest set is reported that leaves no way,
//! and of several such sets the one nearest to its end. The finding shows the shortest chain. Where a
//! module must not be imported because it re-exports what lies elsewhere, it shows the re-export too.
//!
//! The chapter on configuration says how contracts are written.
//!
//! ## Why
//!
//! Who may import whom is what an architecture is made of, and no compiler knows it. An import
//! that breaks it is written in a second, and nobody sees it in a review: it stands in a module
//! between the two, and looks like any other.
//!
//! ## Bad
//!
//! ```toml
//! [[contract]]
//! name = "one way down"
//! kind = "layers"
//! layers = ["entry", "orchestrator", "core"]
//! ```
//!
//! ```rust,ignore
//! // src/core/price.rs
//! use crate::util::today;
//!
//! // src/util.rs, which is in no layer
//! use crate::entry::clock::now;
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/core/price.rs
//! pub fn price(order: &Order, today: Date) -> Money { … }
//! ```
//!
//! ## Options
//!
//! None. Each contract has its own, and may have a `level` of its own.
//!
//! ## Limits
//!
//! Contracts know modules and outside packages, not single items: a module that imports another is
//! taken to need all that the other imports. A re-export is an exception, because it is an offer:
//! it counts for the module that makes it and for whoever takes it, but not for those who import
//! something else from there. What the body of a `macro_rules!` names is imported by whoever calls the macro, at its
//! first call in a module, whichever arm the call takes; lone names in a body are not followed. Of a conversion such as `Error::from` that several
//! blocks give a type, no import is guessed unless they all stand in one module. What is known of names is said on the page of
//! [core-imports-shell](core-imports-shell.md). A `mod` declaration is no import, and test code is
//! not judged. For more than 16 members in one circle, and where one import is part of several chains
//! between members, the set of imports to cut is a good one, not certainly the smallest; the finding
//! says so.

use baton_core::contract::{Breach, Cut, Cycle, Import, Outcome, Why};
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::graph::EXACT_LIMIT;
use baton_core::link::{Edge, Lead, ModuleId, Project, Target};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::{Place, Span};
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "contract",
    level: Level::Deny,
    summary: "An import breaks a contract of the configuration.",
    source: include_str!("contract.rs"),
    options: &[],
    check: Check::Whole(check),
};

/// How many names a list shows before it counts the rest.
const SHOWN: usize = 5;

fn check(project: &Project, _: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    let mut seen = BTreeSet::new();
    for outcome in &project.contracts.outcomes {
        verdict.judged += outcome.judged;
        for breach in &outcome.breaches {
            let finding = match breach {
                Breach::Import(import) => import_finding(project, outcome, import),
                Breach::Missing { module, required, indirect } => {
                    Some(missing(project, outcome, *module, required, *indirect))
                }
            };
            // A file that several targets compile says the same thing once.
            verdict.findings.extend(finding.filter(|one| seen.insert((one.place, one.message.clone()))));
        }
    }
    verdict
}

fn import_finding(project: &Project, outcome: &Outcome, import: &Import) -> Option<Finding> {
    let (&place, more) = import.cut.places.split_first()?;
    Some(Finding {
        rule: LINT.name,
        level: outcome.level,
        message: format!("contract `{}`: {}", outcome.contract, what(project, import)),
        help: help(import),
        place,
        item: item(project, place, &import.cut.from),
        evidence: evidence(project, import, more),
        chain: import.chain.clone(),
        imports: import.cut.imports.clone(),
        trails: Vec::new(),
        fix: None,
    })
}

/// The module in which a place stands, if the cut is between groups of modules.
fn item(project: &Project, place: Place, from: &str) -> String {
    project.edges.at(place).map_or_else(|| from.to_owned(), |edge| project.module_path(edge.from))
}

/// What is wrong. How many modules are concerned is told elsewhere: this text identifies the finding.
fn what(project: &Project, import: &Import) -> String {
    let Import { why, cut, from, to, .. } = import;
    let does = format!("`{}` {}", cut.from, named(project, cut));
    if let Why::Cycle(_) = why {
        let reaches = if import.direct { "imports" } else { "reaches" };
        return format!("`{from}` {reaches} `{to}`, which reaches `{from}` in turn");
    }
    let rule = match why {
        Why::Upwards => format!("`{from}` lies below `{to}`"),
        Why::Sideways | Why::Independent => format!("`{from}` and `{to}` are independent"),
        Why::Past(closed) => format!("between `{from}` and `{to}` lies `{closed}`, which is closed"),
        Why::Forbidden | Why::Cycle(_) => format!("`{from}` must not import `{to}`"),
        Why::Protected(importers) => format!("only {} may import `{to}`", list(importers.iter().map(String::as_str))),
    };
    if import.direct {
        return format!("{does}, but {rule}");
    }
    format!("{does}, so `{from}` reaches `{to}`, but {rule}")
}

/// What a module does with what is to be cut, where all its places say the same.
fn named(project: &Project, cut: &Cut) -> String {
    let verb = |(edge, lead): (&Edge, Lead)| match (lead, edge.verb(project)) {
        (Lead::Reexport(..), _) => REEXPORTED,
        (Lead::Itself, verb @ (USES | "includes the file of")) => verb,
        (Lead::Itself, _) => "imports",
    };
    let verbs: BTreeSet<&str> = leads(project, cut).map(verb).collect();
    match verbs.first() {
        Some(&REEXPORTED) if verbs.len() == 1 => format!("imports what `{}` re-exports", cut.to),
        Some(&USES) if verbs.len() == 1 => {
            let blocks: BTreeSet<_> = leads(project, cut).map(|(edge, _)| project.shown(edge.from, &edge.to)).collect();
            match blocks.first() {
                Some(block) if blocks.len() == 1 => format!("uses `{block}`"),
                _ => format!("uses several `impl` of `{}`", cut.to),
            }
        }
        Some(verb) if verbs.len() == 1 => format!("{verb} `{}`", cut.to),
        Some(_) if verbs.contains(USES) => format!("uses `{}`", cut.to),
        _ => format!("imports `{}`", cut.to),
    }
}

/// The edges that are to be cut, and how each leads to what must not be imported. What a module re-exports of
/// what lies in it is its own.
fn leads<'p>(project: &'p Project, cut: &Cut) -> impl Iterator<Item = (&'p Edge, Lead)> {
    cut.imports.iter().flat_map(|import| {
        let edges = project.edges.inside(import.place).iter().filter(|edge| edge.place == import.place);
        edges.filter_map(|edge| match edge.lead(&import.to)? {
            Lead::Reexport(module, _) if lies_in(project, &edge.to, module) => Some((edge, Lead::Itself)),
            lead => Some((edge, lead)),
        })
    })
}

fn lies_in(project: &Project, target: &Target, module: ModuleId) -> bool {
    let end = match target {
        Target::Module(end) => Some(*end),
        Target::Item(item) => Some(item.module),
        Target::Outside(..) | Target::Unknown => None,
    };
    std::iter::successors(end, |&inner| project.module(inner).parent).any(|outer| outer == module)
}

const REEXPORTED: &str = "re-exports";
const USES: &str = "uses";

fn help(import: &Import) -> String {
    let Import { why, cut, from, to, roots, .. } = import;
    if let Why::Cycle(cycle) = why {
        let help = cycle_help(cycle);
        return if import.direct {
            help
        } else {
            format!("{help}; over the import shown here `{from}` reaches `{to}`")
        };
    }
    if !import.direct {
        let names = list(roots.iter().map(|root| &*root.name));
        let affected = if roots.len() == 1 { names } else { format!("{} modules: {names}", roots.len()) };
        return format!("cut the import of `{}` by `{}`, over which `{to}` is reached by {affected}", cut.to, cut.from);
    }
    match why {
        Why::Upwards => {
            format!("pass what `{from}` needs down as a value, or declare a trait in `{from}` that `{to}` implements")
        }
        Why::Sideways | Why::Independent => {
            format!(
                "let somebody above both bring them together, or move what they share below them: neither `{from}` nor `{to}` knows the other"
            )
        }
        Why::Past(closed) => format!("go through `{closed}`: let it offer what is needed of `{to}`"),
        Why::Forbidden | Why::Cycle(_) => format!("take the value from the caller, or move this code out of `{from}`"),
        Why::Protected(importers) => {
            format!(
                "ask {} for it, or name this module among the `importers`",
                list(importers.iter().map(String::as_str))
            )
        }
    }
}

fn cycle_help(cycle: &Cycle) -> String {
    let cuts = cycle.cuts.iter().map(|(from, to, places)| format!("`{from}` -> `{to}` ({})", count(*places, "place")));
    let shown = cuts.take(SHOWN).collect::<Vec<_>>().join(", ");
    let rest = match cycle.cuts.len().saturating_sub(SHOWN) {
        0 => String::new(),
        // Where each is said is known: a finding of its own.
        rest => format!(" and {rest} more, each with a finding of its own"),
    };
    let total: usize = cycle.cuts.iter().map(|(.., places)| places).sum();
    let sum = if cycle.cuts.len() > 1 { format!(", {} in all", count(total, "place")) } else { String::new() };
    let certain = if cycle.is_exact {
        "no smaller set does".to_owned()
    } else if cycle.members > EXACT_LIMIT {
        format!("a small set, but with {} members in the circle not certainly the smallest", cycle.members)
    } else {
        "a small set, but not certainly the smallest, because one import is part of several chains".to_owned()
    };
    format!("cut {shown}{rest}{sum}, and no circle is left: {certain}")
}

/// The other places of the import, where what is imported is re-exported, then the modules that it concerns.
fn evidence(project: &Project, import: &Import, more: &[Place]) -> Vec<Evidence> {
    let again = format!("{} too", named(project, &import.cut));
    let again = more.iter().map(|&place| Evidence { kind: "place", place, why: again.clone() });
    let roots = import.roots.iter().filter(|_| !import.direct);
    // One import may concern hundreds of modules, and putting texts together is quicker than formatting.
    let reaches = format!("` reaches `{}` from here", import.to);
    let roots =
        roots.map(|root| Evidence { kind: "root", place: root.place, why: ["`", &root.name, &reaches].concat() });
    let reexports: BTreeSet<Place> = leads(project, &import.cut)
        .filter_map(|(_, lead)| match lead {
            Lead::Reexport(_, place) => Some(place),
            Lead::Itself => None,
        })
        .collect();
    let why = format!("`{}` re-exports it here", import.cut.to);
    let reexports = reexports.into_iter().map(|place| Evidence { kind: "reexport", place, why: why.clone() });
    again.chain(reexports).chain(roots).collect()
}

fn missing(project: &Project, outcome: &Outcome, module: ModuleId, required: &str, indirect: bool) -> Finding {
    let name = project.module_path(module);
    let (verb, help) = if indirect {
        ("reaches nothing", format!("import `{required}`, directly or through what this module imports"))
    } else {
        ("imports nothing", format!("import `{required}` here"))
    };
    Finding {
        rule: LINT.name,
        level: outcome.level,
        message: format!("contract `{}`: `{name}` {verb} of `{required}`", outcome.contract),
        help,
        place: first_item(project, module),
        item: name,
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

/// The name of a module's first item that is more than a declaration of another module.
fn first_item(project: &Project, module: ModuleId) -> Place {
    let items = project.scope(module).items.iter().filter(|item| !item.test);
    let code = items.filter(|item| !matches!(item.kind, baton_core::facts::ItemKind::Module(_)));
    let span = code.map(|item| item.name_span).min().unwrap_or_else(Span::default);
    project.place(module, span)
}

/// `a`, `b` and 3 more.
fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.collect();
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match (names.len().saturating_sub(SHOWN), shown.split_last()) {
        (0, Some((last, []))) => last.clone(),
        (0, Some((last, before))) => format!("{} and {last}", before.join(", ")),
        (rest, _) => format!("{} and {rest} more", shown.join(", ")),
    }
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, helps, judged};
    use expect_test::{Expect, expect};

    /// What is said about `code` under a contract of those lines.
    #[track_caller]
    fn under(contract: &str, code: &str, expected: &Expect) {
        check(&LINT, &project(contract, code), expected);
    }

    fn project(contract: &str, code: &str) -> String {
        format!("//- baton.toml\nversion = 1\n[[contract]]\nname = \"rule\"\n{contract}\n{code}")
    }

    const LAYERS: &str = "kind = \"layers\"\nlayers = [\"orchestrator\", \"shell\", \"core\"]";

    #[test]
    fn a_lower_layer_does_not_import_a_higher_one() {
        under(
            LAYERS,
            "
            //- src/app/run.rs
            use crate::shell::db::Db;
            use crate::core::price::Price;
            pub struct Run;
            //- src/shell/db.rs
            use crate::core::price::Price;
            pub struct Db(crate::app::run::Run);
            pub fn again() { crate::app::run::Run; }
            //- src/core/price.rs
            pub struct Price;
            #[cfg(test)]
            mod tests { use crate::shell::db::Db; }
            ",
            &expect![[r#"
                //- src/shell/db.rs
                pub struct Db(crate::app::run::Run);
                              ^^^^^^^^^^^^^^^^^^^^ contract `rule`: `shell::db` imports `app::run`, but `shell` lies below `orchestrator`
                pub fn again() { crate::app::run::Run; }
                                 -------------------- imports `app::run` too
                help: pass what `shell` needs down as a value, or declare a trait in `shell` that `orchestrator` implements
            "#]],
        );
    }

    #[test]
    fn a_re_export_of_what_lies_elsewhere_is_named_with_its_file() {
        under(
            "kind = \"forbidden\"\nsource = [\"crate::dto\"]\nforbidden = [\"src/main.rs\", \"crate::io\", \"crate::shell\"]",
            "
            //- src/main.rs
            mod dto;
            mod io;
            mod shell;
            use app::config;
            //- src/lib.rs
            pub mod config;
            pub mod dto;
            pub mod io;
            pub mod shell;
            //- src/config.rs
            pub struct Ignore;
            //- src/io.rs
            pub use std::io::Result;
            //- src/shell/mod.rs
            pub mod db;
            pub use db::Db;
            //- src/shell/db.rs
            pub struct Db;
            //- src/dto.rs
            use crate::config::Ignore;
            use crate::io::Result;
            use crate::shell::Db;
            ",
            &expect![[r#"
                //- src/dto.rs
                use crate::config::Ignore;
                                   ^^^^^^ contract `rule`: `dto` imports what `src/main.rs` re-exports, but `crate::dto` must not import `src/main.rs`
                //- src/main.rs
                use app::config;
                         ------ `src/main.rs` re-exports it here
                //- src/dto.rs
                use crate::io::Result;
                               ^^^^^^ contract `rule`: `dto` imports what `io` re-exports, but `crate::dto` must not import `crate::io`
                //- src/io.rs
                pub use std::io::Result;
                                 ------ `io` re-exports it here
                //- src/dto.rs
                use crate::shell::Db;
                                  ^^ contract `rule`: `dto` imports `shell`, but `crate::dto` must not import `crate::shell`
                help: take the value from the caller, or move this code out of `crate::dto`
            "#]],
        );
    }

    #[test]
    fn what_is_no_import_is_told_as_what_it_is() {
        let contract = |forbidden: &str| {
            let roles = "[[role]]\nname = \"core\"\npaths = [\"src/rate.rs\", \"src/value.rs\"]\n[[role]]\nname = \"shell\"\npaths = [\"src/conv.rs\"]";
            format!("kind = \"forbidden\"\nsource = [\"crate::rate\"]\nforbidden = [\"{forbidden}\"]\n{roles}")
        };
        let code = "
            //- src/value.rs
            pub struct A;
            pub struct B;
            //- src/conv.rs
            use crate::value::{A, B};
            impl From<A> for B { fn from(_: A) -> B { B } }
            pub fn plain() {}
            //- src/parts.rs
            pub struct Part;
            //- src/rate.rs
            use crate::value::{A, B};
            include!(\"parts.rs\");
            pub fn rate(a: A) -> B { a.into() }
        ";
        under(
            &contract("crate::conv"),
            code,
            &expect![[r#"
                //- src/rate.rs
                pub fn rate(a: A) -> B { a.into() }
                                          ^^^^^^^ contract `rule`: `rate` uses `impl From<A> for B in conv`, but `crate::rate` must not import `crate::conv`
                help: take the value from the caller, or move this code out of `crate::rate`
            "#]],
        );
        under(
            &contract("crate::parts"),
            code,
            &expect![[r#"
            //- src/rate.rs
            include!("parts.rs");
            ^^^^^^^ contract `rule`: `rate` includes the file of `parts`, but `crate::rate` must not import `crate::parts`
            help: take the value from the caller, or move this code out of `crate::rate`
        "#]],
        );
        let both = format!("{code}    pub fn more() {{ crate::conv::plain() }}\n");
        under(
            &contract("crate::conv"),
            &both,
            &expect![[r#"
                //- src/rate.rs
                pub fn rate(a: A) -> B { a.into() }
                                          ^^^^^^^ contract `rule`: `rate` uses `conv`, but `crate::rate` must not import `crate::conv`
                pub fn more() { crate::conv::plain() }
                                ------------------ uses `conv` too
                help: take the value from the caller, or move this code out of `crate::rate`
            "#]],
        );
    }

    #[test]
    fn one_import_that_many_reach_a_layer_over_is_one_finding() {
        under(
            LAYERS,
            "
            //- src/util/cache.rs
            use crate::shell::db::Db;
            pub fn get() {}
            //- src/util/text.rs
            pub fn trim() {}
            //- src/shell/db.rs
            pub struct Db;
            //- src/app/run.rs
            use crate::util::cache::get;
            //- src/core/price.rs
            use crate::util::cache::get;
            //- src/core/tax.rs
            use crate::util::{cache, text};
            //- src/core/name.rs
            use crate::util::text::trim;
            ",
            &expect![[r#"
                //- src/util/cache.rs
                use crate::shell::db::Db;
                                      ^^ contract `rule`: `util::cache` imports `shell::db`, so `core` reaches `shell`, but `core` lies below `shell`
                //- src/core/price.rs
                use crate::util::cache::get;
                                        --- `core::price` reaches `shell` from here
                //- src/core/tax.rs
                use crate::util::{cache, text};
                                  ----- `core::tax` reaches `shell` from here
                //- src/core/price.rs
                use crate::util::cache::get;
                                        ~~~ core::price -> util::cache::get
                //- src/util/cache.rs
                use crate::shell::db::Db;
                                      ~~ util::cache -> shell::db::Db
                help: cut the import of `shell::db` by `util::cache`, over which `shell` is reached by 2 modules: `core::price` and `core::tax`
            "#]],
        );
    }

    #[test]
    fn one_module_that_reaches_a_layer_in_many_ways_is_one_finding() {
        under(
            LAYERS,
            "
            //- src/util/all.rs
            use crate::shell::{db, mail, queue};
            pub fn get() {}
            //- src/shell/db.rs
            //- src/shell/mail.rs
            //- src/shell/queue.rs
            //- src/app/run.rs
            //- src/core/price.rs
            use crate::util::all::get;
            ",
            &expect![[r#"
                //- src/core/price.rs
                use crate::util::all::get;
                                      ^^^ contract `rule`: `core::price` imports `util::all`, so `core` reaches `shell`, but `core` lies below `shell`
                                      --- `core::price` reaches `shell` from here
                                      ~~~ core::price -> util::all::get
                //- src/util/all.rs
                use crate::shell::{db, mail, queue};
                                   ~~ util::all -> shell::db
                help: cut the import of `util::all` by `core::price`, over which `shell` is reached by `core::price`
            "#]],
        );
    }

    #[test]
    fn only_direct_imports_count_if_the_contract_says_so() {
        under(
            &format!("{LAYERS}\ndirect = true"),
            "
            //- src/util/cache.rs
            use crate::shell::db::Db;
            pub fn get() {}
            //- src/shell/db.rs
            pub struct Db;
            //- src/app/run.rs
            //- src/core/price.rs
            use crate::util::cache::get;
            //- src/core/tax.rs
            use crate::shell::db;
            ",
            &expect![[r#"
                //- src/core/tax.rs
                use crate::shell::db;
                                  ^^ contract `rule`: `core::tax` imports `shell::db`, but `core` lies below `shell`
                help: pass what `core` needs down as a value, or declare a trait in `core` that `shell` implements
            "#]],
        );
    }

    #[test]
    fn a_re_export_is_a_dependency_of_whoever_takes_it() {
        under(
            LAYERS,
            "
            //- src/lib.rs
            pub mod core { pub mod price; pub mod tax; }
            pub mod shell { pub mod db; }
            pub mod app { pub mod run; }
            pub use shell::db::Db;
            pub use core::price::Price;
            pub struct Error;
            //- src/core/price.rs
            use crate::{Error, Db};
            pub struct Price;
            //- src/core/tax.rs
            use crate::{Error, Price};
            //- src/shell/db.rs
            pub struct Db;
            //- src/app/run.rs
            ",
            &expect![[r#"
                //- src/core/price.rs
                use crate::{Error, Db};
                                   ^^ contract `rule`: `core::price` imports `shell::db`, but `core` lies below `shell`
                                   ~~ core::price -> app
                //- src/lib.rs
                pub use shell::db::Db;
                                   ~~ app -> shell::db::Db
                help: pass what `core` needs down as a value, or declare a trait in `core` that `shell` implements
            "#]],
        );
    }

    #[test]
    fn a_re_export_that_its_module_uses_itself_is_an_import() {
        under(
            LAYERS,
            "
            //- src/util/cache.rs
            pub use crate::shell::db::Db;
            pub fn get() -> Db { Db }
            //- src/util/names.rs
            pub use crate::shell::db::Db;
            pub fn get() {}
            //- src/util/globs.rs
            pub use crate::shell::db::*;
            pub fn get() -> Db { Db }
            //- src/shell/db.rs
            pub struct Db;
            //- src/app/run.rs
            //- src/core/price.rs
            use crate::util::cache::get;
            //- src/core/tax.rs
            use crate::util::names::get;
            //- src/core/sum.rs
            use crate::util::globs::get;
            ",
            &expect![[r#"
                //- src/util/cache.rs
                pub use crate::shell::db::Db;
                                          ^^ contract `rule`: `util::cache` imports `shell::db`, so `core` reaches `shell`, but `core` lies below `shell`
                //- src/core/price.rs
                use crate::util::cache::get;
                                        --- `core::price` reaches `shell` from here
                                        ~~~ core::price -> util::cache::get
                //- src/util/cache.rs
                pub use crate::shell::db::Db;
                                          ~~ util::cache -> shell::db::Db
                //- src/util/globs.rs
                pub use crate::shell::db::*;
                                          ^ contract `rule`: `util::globs` imports `shell::db`, so `core` reaches `shell`, but `core` lies below `shell`
                //- src/core/sum.rs
                use crate::util::globs::get;
                                        --- `core::sum` reaches `shell` from here
                                        ~~~ core::sum -> util::globs::get
                //- src/util/globs.rs
                pub use crate::shell::db::*;
                                          ~ util::globs -> shell::db
                help: cut the import of `shell::db` by `util::cache`, over which `shell` is reached by `core::price`
                help: cut the import of `shell::db` by `util::globs`, over which `shell` is reached by `core::sum`
            "#]],
        );
    }

    #[test]
    fn nobody_goes_past_a_closed_layer_but_through_it() {
        under(
            &format!("{LAYERS}\nclosed = [\"shell\"]"),
            "
            //- src/app/run.rs
            use crate::core::price::Price;
            //- src/app/plan.rs
            use crate::shell::db::{Db, Price};
            //- src/shell/db.rs
            pub use crate::core::price::Price;
            pub struct Db;
            //- src/core/price.rs
            pub struct Price;
            ",
            &expect![[r#"
                //- src/app/run.rs
                use crate::core::price::Price;
                                        ^^^^^ contract `rule`: `app::run` imports `core::price`, but between `orchestrator` and `core` lies `shell`, which is closed
                help: go through `shell`: let it offer what is needed of `core`
            "#]],
        );
    }

    #[test]
    fn siblings_of_a_layer_are_independent_behind_a_bar() {
        let code = "
            //- src/app/run.rs
            use crate::shell::db::Db;
            //- src/shell/db.rs
            pub struct Db;
            use crate::core::price;
            //- src/core/price.rs
            use crate::shell::db::Db;
            ";
        under(
            "kind = \"layers\"\nlayers = [\"orchestrator\", \"shell | core\"]",
            code,
            &expect![[r#"
            //- src/core/price.rs
            use crate::shell::db::Db;
                                  ^^ contract `rule`: `core::price` imports `shell::db`, but `core` and `shell` are independent
            //- src/shell/db.rs
            use crate::core::price;
                             ^^^^^ contract `rule`: `shell::db` imports `core::price`, but `shell` and `core` are independent
            help: let somebody above both bring them together, or move what they share below them: neither `core` nor `shell` knows the other
            help: let somebody above both bring them together, or move what they share below them: neither `shell` nor `core` knows the other
        "#]],
        );
        under("kind = \"layers\"\nlayers = [\"orchestrator\", \"shell : core\"]", code, &expect![]);
    }

    #[test]
    fn containers_have_the_same_layers_each() {
        let code = "
            //- src/domains/billing/api.rs
            use super::store;
            //- src/domains/billing/store.rs
            use super::api;
            use crate::domains::books::api as other;
            //- src/domains/books/api.rs
            pub fn get() {}
            ";
        under(
            "kind = \"layers\"\nlayers = [\"api\", \"(store)\"]\ncontainers = [\"src/domains/*\"]",
            code,
            &expect![[r#"
            //- src/domains/billing/store.rs
            use super::api;
                       ^^^ contract `rule`: `domains::billing::store` imports `domains::billing::api`, but `store` of `src/domains/billing` lies below `api` of `src/domains/billing`
            help: pass what `store` of `src/domains/billing` needs down as a value, or declare a trait in `store` of `src/domains/billing` that `api` of `src/domains/billing` implements
        "#]],
        );
        under(
            "kind = \"layers\"\nlayers = [\"api\", \"(store)\"]\ncontainers = [\"crate::domains::*\"]",
            code,
            &expect![[r#"
                //- src/domains/billing/store.rs
                use super::api;
                           ^^^ contract `rule`: `domains::billing::store` imports `domains::billing::api`, but `store` of `domains::billing` lies below `api` of `domains::billing`
                help: pass what `store` of `domains::billing` needs down as a value, or declare a trait in `store` of `domains::billing` that `api` of `domains::billing` implements
            "#]],
        );
    }

    #[test]
    fn what_is_forbidden_is_not_reached() {
        under(
            "kind = \"forbidden\"\nsource = [\"core\"]\nforbidden = [\"package:sqlx\", \"crate::legacy\"]",
            "
            //- dependencies sqlx serde
            //- src/core/price.rs
            use sqlx::Pool;
            use serde::Serialize;
            //- src/core/tax.rs
            use crate::util::get;
            //- src/util.rs
            pub fn get() { crate::legacy::old() }
            //- src/legacy.rs
            pub fn old() {}
            ",
            &expect![[r#"
                //- src/core/price.rs
                use sqlx::Pool;
                          ^^^^ contract `rule`: `core::price` imports `sqlx`, but `core` must not import `package:sqlx`
                //- src/util.rs
                pub fn get() { crate::legacy::old() }
                               ^^^^^^^^^^^^^^^^^^ contract `rule`: `util` imports `legacy`, so `core` reaches `crate::legacy`, but `core` must not import `crate::legacy`
                //- src/core/tax.rs
                use crate::util::get;
                                 --- `core::tax` reaches `crate::legacy` from here
                                 ~~~ core::tax -> util::get
                //- src/util.rs
                pub fn get() { crate::legacy::old() }
                               ~~~~~~~~~~~~~~~~~~ util -> legacy::old
                help: cut the import of `legacy` by `util`, over which `crate::legacy` is reached by `core::tax`
                help: take the value from the caller, or move this code out of `core`
            "#]],
        );
    }

    #[test]
    fn what_is_protected_is_imported_by_those_who_may() {
        under(
            "kind = \"protected\"\nprotected = [\"crate::ledger\"]\nimporters = [\"crate::billing\"]",
            "
            //- src/ledger/mod.rs
            pub mod book;
            pub struct Entry;
            //- src/ledger/book.rs
            use super::Entry;
            //- src/billing.rs
            use crate::ledger::book;
            pub use crate::ledger::Entry;
            //- src/report.rs
            use crate::billing::Entry;
            use crate::billing;
            //- src/audit.rs
            use crate::ledger::{Entry, book};
            ",
            &expect![[r#"
                //- src/audit.rs
                use crate::ledger::{Entry, book};
                                    ^^^^^ contract `rule`: `audit` imports `ledger`, but only `crate::billing` may import `crate::ledger`
                                           ^^^^ contract `rule`: `audit` imports `ledger::book`, but only `crate::billing` may import `crate::ledger`
                help: ask `crate::billing` for it, or name this module among the `importers`
            "#]],
        );
    }

    #[test]
    fn independent_members_do_not_reach_each_other() {
        under(
            "kind = \"independent\"\nmembers = [\"crate::domains::*\"]",
            "
            //- src/domains/billing/mod.rs
            use crate::shared::Money;
            use crate::domains::books::Book;
            //- src/domains/books.rs
            use crate::shared::Money;
            pub struct Book;
            //- src/domains/users.rs
            use crate::glue::both;
            //- src/shared.rs
            pub struct Money;
            //- src/glue.rs
            use crate::domains::books::Book;
            pub fn both() {}
            ",
            &expect![[r#"
                //- src/domains/billing/mod.rs
                use crate::domains::books::Book;
                                           ^^^^ contract `rule`: `domains::billing` imports `domains::books`, but `domains::billing` and `domains::books` are independent
                //- src/glue.rs
                use crate::domains::books::Book;
                                           ^^^^ contract `rule`: `glue` imports `domains::books`, so `domains::users` reaches `domains::books`, but `domains::users` and `domains::books` are independent
                //- src/domains/users.rs
                use crate::glue::both;
                                 ---- `domains::users` reaches `domains::books` from here
                                 ~~~~ domains::users -> glue::both
                //- src/glue.rs
                use crate::domains::books::Book;
                                           ~~~~ glue -> domains::books::Book
                help: cut the import of `domains::books` by `glue`, over which `domains::books` is reached by `domains::users`
                help: let somebody above both bring them together, or move what they share below them: neither `domains::billing` nor `domains::books` knows the other
            "#]],
        );
    }

    #[test]
    fn of_a_circle_the_fewest_places_are_cut() {
        under(
            "kind = \"acyclic\"\nwithin = [\"crate\"]",
            "
            //- src/parse.rs
            use crate::lex::Token;
            use crate::lex::next;
            pub struct Tree;
            //- src/lex.rs
            use crate::check::Kind;
            use crate::check::Kind as Again;
            pub struct Token;
            pub fn next() {}
            //- src/check.rs
            pub fn check(tree: &crate::parse::Tree) {}
            pub enum Kind {}
            //- src/show.rs
            use crate::parse::Tree;
            ",
            &expect![[r#"
                //- src/check.rs
                pub fn check(tree: &crate::parse::Tree) {}
                                    ^^^^^^^^^^^^^^^^^^ contract `rule`: `check` imports `parse`, which reaches `check` in turn
                                    ~~~~~~~~~~~~~~~~~~ check -> parse::Tree
                //- src/parse.rs
                use crate::lex::Token;
                                ~~~~~ parse -> lex::Token
                //- src/lex.rs
                use crate::check::Kind;
                                  ~~~~ lex -> check::Kind
                help: cut `check` -> `parse` (1 place), and no circle is left: no smaller set does
            "#]],
        );
    }

    #[test]
    fn what_an_import_brings_in_costs_no_more_than_the_import() {
        under(
            "kind = \"acyclic\"\nwithin = [\"crate\"]",
            "
            //- src/alpha.rs
            use crate::beta::B;
            pub struct A1;
            pub struct A2;
            pub fn one() -> B { B::new() }
            pub fn two() -> B { B::new() }
            //- src/beta.rs
            use crate::alpha::{A1, A2};
            pub struct B;
            impl B { pub fn new() -> Self { B } }
            pub fn both(one: A1, two: A2) {}
            ",
            &expect![[r#"
                //- src/alpha.rs
                use crate::beta::B;
                                 ^ contract `rule`: `alpha` imports `beta`, which reaches `alpha` in turn
                                 ~ alpha -> beta::B
                //- src/beta.rs
                use crate::alpha::{A1, A2};
                                   ~~ beta -> alpha::A1
                help: cut `alpha` -> `beta` (1 place), and no circle is left: no smaller set does
            "#]],
        );
    }

    #[test]
    fn what_an_import_brings_in_is_told_at_the_import() {
        let forbidden = "kind = \"forbidden\"\nsource = [\"core\"]\nforbidden = [\"crate::beta\"]";
        under(
            forbidden,
            "
            //- src/core/alpha.rs
            use crate::beta::{B, Kind, inner};
            pub fn one() -> B { B::new() }
            pub fn two() -> Kind { Kind::Small }
            pub fn three() { inner(); crate::beta::inner(); }
            //- src/core/local.rs
            pub fn one() { use crate::beta::B; B::new(); }
            pub fn two() { crate::beta::B::new(); }
            //- src/beta.rs
            pub struct B;
            impl B { pub fn new() -> Self { B } }
            pub enum Kind { Small }
            pub fn inner() {}
            ",
            &expect![[r#"
                //- src/core/alpha.rs
                use crate::beta::{B, Kind, inner};
                                  ^ contract `rule`: `core::alpha` imports `beta`, but `core` must not import `crate::beta`
                                     ---- imports `beta` too
                                           ----- imports `beta` too
                pub fn three() { inner(); crate::beta::inner(); }
                                          ------------------ imports `beta` too
                //- src/core/local.rs
                pub fn one() { use crate::beta::B; B::new(); }
                                                ^ contract `rule`: `core::local` imports `beta`, but `core` must not import `crate::beta`
                pub fn two() { crate::beta::B::new(); }
                               ------------------- imports `beta` too
                help: take the value from the caller, or move this code out of `core`
            "#]],
        );
    }

    #[test]
    fn the_module_around_closes_no_circle() {
        under(
            "kind = \"acyclic\"\nwithin = [\"crate\"]",
            "
            //- src/lib.rs
            mod parse;
            mod lex;
            use parse::Tree;
            pub struct Error;
            //- src/parse.rs
            use crate::lex::Token;
            pub struct Tree;
            //- src/lex.rs
            use crate::Error;
            pub struct Token;
            ",
            &expect![],
        );
    }

    #[test]
    fn what_a_list_of_cuts_leaves_out_has_findings_of_its_own() {
        let circles = |count: usize| {
            let spoke = |number: usize| format!("//- src/s{number}.rs\nuse crate::hub::H;\npub struct S;\n");
            let named = |number: usize| {
                format!("use crate::s{number}::S as S{number};\nfn f{number}(_: crate::s{number}::S) {{}}\n")
            };
            let spokes: String = (0..count).map(spoke).collect();
            let hub: String = (0..count).map(named).collect();
            format!("{spokes}//- src/hub.rs\npub struct H;\n{hub}")
        };
        let cuts = |count: usize| helps(&LINT, &project("kind = \"acyclic\"\nwithin = [\"crate\"]", &circles(count)));
        let six = cuts(6);
        assert_eq!(six.len(), 6);
        assert!(
            six[0].contains("`s4` -> `hub` (1 place) and 1 more, each with a finding of its own, 6 places in all"),
            "{}",
            six[0]
        );
        let five = cuts(5);
        assert_eq!(five.len(), 5);
        assert!(!five[0].contains("more"), "{}", five[0]);
    }

    #[test]
    fn a_circle_of_named_members_may_lead_through_others() {
        let code = "
            //- src/app/run.rs
            use crate::shell::db::Db;
            pub fn run() {}
            //- src/shell/db.rs
            use crate::util::again;
            pub struct Db;
            //- src/util.rs
            use crate::app::run::run;
            pub fn again() {}
            ";
        under(
            "kind = \"acyclic\"\nmembers = [\"orchestrator\", \"shell\"]",
            code,
            &expect![[r#"
                //- src/app/run.rs
                use crate::shell::db::Db;
                                      ^^ contract `rule`: `orchestrator` imports `shell`, which reaches `orchestrator` in turn
                                      ~~ app::run -> shell::db::Db
                //- src/shell/db.rs
                use crate::util::again;
                                 ~~~~~ shell::db -> util::again
                //- src/util.rs
                use crate::app::run::run;
                                     ~~~ util -> app::run::run
                help: cut `orchestrator` -> `shell` (1 place), and no circle is left: no smaller set does
            "#]],
        );
        under("kind = \"acyclic\"\nmembers = [\"orchestrator\", \"shell\"]\ndirect = true", code, &expect![]);
    }

    #[test]
    fn an_import_that_several_chains_share_makes_the_smallest_set_uncertain() {
        under(
            "kind = \"acyclic\"\nmembers = [\"orchestrator\", \"shell\", \"core\"]",
            "
            //- src/app/run.rs
            use crate::core::price::{Price, rounded};
            use crate::shell::db::{Db, open};
            pub fn run() {}
            //- src/core/price.rs
            use crate::util::again;
            pub struct Price;
            pub fn rounded() {}
            //- src/shell/db.rs
            use crate::util::again;
            pub struct Db;
            pub fn open() {}
            //- src/util.rs
            use crate::app::run::run;
            pub fn again() {}
            ",
            &expect![[r#"
                //- src/util.rs
                use crate::app::run::run;
                                     ^^^ contract `rule`: `core` reaches `orchestrator`, which reaches `core` in turn
                //- src/core/price.rs
                use crate::util::again;
                                 ~~~~~ core::price -> util::again
                //- src/util.rs
                use crate::app::run::run;
                                     ~~~ util -> app::run::run
                //- src/app/run.rs
                use crate::core::price::{Price, rounded};
                                         ~~~~~ app::run -> core::price::Price
                //- src/util.rs
                use crate::app::run::run;
                                     ^^^ contract `rule`: `shell` reaches `orchestrator`, which reaches `shell` in turn
                //- src/shell/db.rs
                use crate::util::again;
                                 ~~~~~ shell::db -> util::again
                //- src/util.rs
                use crate::app::run::run;
                                     ~~~ util -> app::run::run
                //- src/app/run.rs
                use crate::shell::db::{Db, open};
                                       ~~ app::run -> shell::db::Db
                help: cut `shell` -> `orchestrator` (1 place), `core` -> `orchestrator` (1 place), 2 places in all, and no circle is left: a small set, but not certainly the smallest, because one import is part of several chains; over the import shown here `core` reaches `orchestrator`
                help: cut `shell` -> `orchestrator` (1 place), `core` -> `orchestrator` (1 place), 2 places in all, and no circle is left: a small set, but not certainly the smallest, because one import is part of several chains; over the import shown here `shell` reaches `orchestrator`
            "#]],
        );
    }

    #[test]
    fn what_is_required_is_imported() {
        let code = "
            //- src/app/run.rs
            use crate::trace::span;
            pub fn run() {}
            //- src/app/plan.rs
            use crate::app::run::run;
            pub fn plan() {}
            //- src/app/stop.rs
            pub fn stop() {}
            //- src/trace.rs
            pub fn span() {}
            ";
        under(
            "kind = \"required\"\nsource = [\"orchestrator\"]\nrequired = [\"crate::trace\"]",
            code,
            &expect![[r#"
            //- src/app/stop.rs
            pub fn stop() {}
                   ^^^^ contract `rule`: `app::stop` reaches nothing of `crate::trace`
            help: import `crate::trace`, directly or through what this module imports
        "#]],
        );
        under(
            "kind = \"required\"\nsource = [\"orchestrator\"]\nrequired = [\"crate::trace\"]\ndirect = true",
            code,
            &expect![[r#"
                //- src/app/plan.rs
                pub fn plan() {}
                       ^^^^ contract `rule`: `app::plan` imports nothing of `crate::trace`
                //- src/app/stop.rs
                pub fn stop() {}
                       ^^^^ contract `rule`: `app::stop` imports nothing of `crate::trace`
                help: import `crate::trace` here
            "#]],
        );
    }

    #[test]
    fn exceptions_leave_their_imports_alone() {
        under(
            &format!(
                "{LAYERS}\nexcept = [{{ from = \"crate::core::tax\", to = \"shell\", reason = \"goes away with 2.0\" }}]"
            ),
            "
            //- src/app/run.rs
            //- src/shell/db.rs
            pub struct Db;
            //- src/core/price.rs
            use crate::shell::db::Db;
            //- src/core/tax.rs
            use crate::shell::db::Db;
            ",
            &expect![[r#"
                //- src/core/price.rs
                use crate::shell::db::Db;
                                      ^^ contract `rule`: `core::price` imports `shell::db`, but `core` lies below `shell`
                help: pass what `core` needs down as a value, or declare a trait in `core` that `shell` implements
            "#]],
        );
    }

    #[test]
    fn every_import_of_the_members_is_counted() {
        let code = "
            //- src/app/run.rs
            use crate::shell::db::Db;
            use crate::core::price;
            //- src/shell/db.rs
            pub struct Db;
            //- src/core/price.rs
            use std::fmt;
            ";
        assert_eq!(judged(&LINT, &project(LAYERS, code)), 3);
        assert_eq!(judged(&LINT, &project(&format!("{LAYERS}\nlevel = \"allow\""), code)), 0);
        assert_eq!(judged(&LINT, "//- src/core/price.rs\nuse std::fmt;"), 0);
    }
}
