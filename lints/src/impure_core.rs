//! # impure-core
//!
//! ## What it does
//!
//! Reports code with the role core that touches the world: the clock, randomness, the environment, the
//! file system, the network, databases, processes, the console, threads, async runtimes, foreign
//! functions, and statics and fields that can change under those who share them.
//!
//! What counts is what is called, or passed on to be called, such as `.map(std::fs::read_to_string)`
//! and `let now = Utc::now;`: by a path, an import, a re-export, an alias, a macro, an attribute such
//! as `#[serde(default = "Uuid::new_v4")]`, or a method on a value whose type the signatures tell, such
//! as `path.exists()`. To name a type is fine, and so is to receive a `SystemTime`. What outside
//! code does is known from a table of nearly 800 paths; what is not in it counts as pure.
//!
//! Calls into code of the project that has no role are followed to any depth, function by function. Such
//! a finding shows the shortest way, a line for each call, and all core places that lead to one effect
//! are one finding. A call to other core code is none: that code is judged itself. The body of a
//! macro is charged to those who call it. Effects of one kind in one function are one finding too, with
//! every place shown.
//!
//! ## Why
//!
//! A pure core gives the same answer to the same question, so it can be tested without doubles, run
//! again after a crash, and understood without knowing what happened before. One call to the clock
//! takes that away from everything that calls it.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/core/offer.rs
//! pub fn is_open(offer: &Offer) -> bool { Utc::now() < offer.closes_at }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/core/offer.rs
//! pub fn is_open(offer: &Offer, now: DateTime<Utc>) -> bool { now < offer.closes_at }
//! ```
//!
//! The orchestrator asks its clock and passes the time in.
//!
//! ## Options
//!
//! - `allow`: paths that are fine, such as `"uuid::Uuid::new_v4"`, as a whole or by their end. A `*` at
//!   the end stands for everything that begins so, and a crate for all of it. None by default. What the
//!   project neither declares nor names is an error.
//! - `crates`: outside crates whose functions are all impure, besides those that are known. None by
//!   default. One that no package of the project depends on is an error.
//! - `logging`: whether the macros of `tracing`, `log` and the like may be called: `"allow"`, the
//!   default, or `"deny"`.
//! - `async_ports`: whether the core may have `async` functions and traits, which wait for what
//!   someone else does: `"allow"`, the default, or `"deny"`.
//!
//! ## Limits
//!
//! Not seen are: effects of outside crates that are not in the table; methods on a value whose type
//! no signature tells; calls through a trait, a closure or a function that was passed in, because who
//! is behind them decides; what operators, `Drop`, `Display` and other `impl` blocks do that no call
//! names; macros that paste names together; what a derive or a procedural macro generates; a `OnceLock`
//! that is set again and again; the order of a `HashMap`; a file or socket that is written through `Read` and `Write`, unless the core
//! opens it. Calls into shell code, and into crates with that role, are left to `core-imports-shell`. `use rand::prelude::*` and other
//! globs of outside crates bring in the names that the table knows, and no others. Where roles are only
//! inferred, code without a role is not followed, because most code has none then: declare the core in
//! `baton.toml`. Code without a role
//! that reaches the world only through what `crates` adds is followed by full paths alone. Test code
//! is not judged.

use baton_core::effects::{Does, Effect, Effects, Kind, Site, Sites, Ways, changing};
use baton_core::facts::{Function, Item, ItemKind};
use baton_core::finding::{Evidence, Finding, Hop, Level};
use baton_core::link::{FunctionRef, ItemRef, ModuleId, Project};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::source::{FileId, Place, Span};
use smol_str::format_smolstr;
use std::collections::{BTreeMap, BTreeSet};

const DENY: &str = "deny";

/// The lint.
pub static LINT: Lint = Lint {
    name: "impure-core",
    level: Level::Deny,
    summary: "Core code reads the clock, files or the environment, or touches the world in another way.",
    source: include_str!("impure_core.rs"),
    options: &[
        OptionSpec {
            name: "allow",
            default: OptionDefault::Paths(&[]),
            summary: "Paths that are fine, such as `uuid::Uuid::new_v4`; a `*` at the end stands for any rest.",
        },
        OptionSpec {
            name: "async_ports",
            default: OptionDefault::Choice(&["allow", DENY]),
            summary: "Whether the core may have `async` functions and traits.",
        },
        OptionSpec {
            name: "crates",
            default: OptionDefault::Crates(&[]),
            summary: "Outside crates whose functions are all impure, besides those that are known.",
        },
        OptionSpec {
            name: "logging",
            default: OptionDefault::Choice(&["allow", DENY]),
            summary: "Whether the core may log.",
        },
    ],
    check: Check::Whole(check),
};

fn check(project: &Project, options: &Options) -> Verdict {
    let effects = Effects::new(options.word("logging") == DENY, options.texts("crates"), options.texts("allow"));
    let mut sites = Sites::new(project, &effects);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (module, _) in project.modules().filter(|(_, module)| module.is_core()) {
        let of_fields = fields(project, &effects, module);
        let all = sites.of_module(module).into_iter().chain(of_fields);
        // A file that several targets compile says the same thing once.
        found.extend(all.filter(|site| seen.insert(project.place(module, site.span))).map(|site| (module, site)));
    }
    let mut findings = direct(project, &found);
    findings.extend(indirect(project, &mut sites, &found));
    if options.word("async_ports") == DENY {
        findings.extend(waiting(project));
    }
    let core = |function: &FunctionRef| project.module(function.item.module).is_core();
    Verdict { judged: project.functions().into_iter().filter(core).count(), findings }
}

/// The fields of the module's types that can change under those who share them.
fn fields(project: &Project, effects: &Effects, module: ModuleId) -> Vec<Site> {
    let items = project.scope(module).items.iter().filter(|item| !item.test);
    let fields = items.flat_map(|item| match &item.kind {
        ItemKind::Struct(declared) => declared.fields.as_slice(),
        _ => &[],
    });
    let changing = fields.filter_map(|field| {
        let cell = changing(project, module, &field.ty)?;
        let effect = effects.state(format_smolstr!("field {}: {}", field.name, cell.name))?;
        Some(Site { span: field.span, does: Does::Effect(effect) })
    });
    changing.collect()
}

/// The places of effects that are one finding.
type Places<'a> = Vec<(Place, &'a Effect)>;

/// One finding for each kind of effect that a function, or an item that is none, has by itself. Who talks
/// to a database or a network does so all over a module, which is one finding.
fn direct(project: &Project, found: &[(ModuleId, Site)]) -> Vec<Finding> {
    // Two packages may have functions of one path.
    let mut by_owner: BTreeMap<(FileId, String, &Kind), Places<'_>> = BTreeMap::new();
    for (module, site) in found {
        if let Does::Effect(effect) = &site.does {
            let owner = match effect.kind.name {
                "database" | "network" => project.module_path(*module),
                _ => owner(project, *module, site.span),
            };
            let place = project.place(*module, site.span);
            by_owner.entry((place.file, owner, effect.kind)).or_default().push((place, effect));
        }
    }
    let findings = by_owner.into_iter().map(|((_, owner, kind), places)| {
        let (place, effect) = places[0];
        Finding {
            rule: LINT.name,
            level: None,
            message: format!("`{owner}` {}: `{}`", kind.does, effect.what),
            help: kind.instead.to_owned(),
            place,
            item: owner,
            evidence: places[1..].iter().map(|(place, effect)| again(*place, effect)).collect(),
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        }
    });
    findings.collect()
}

fn again(place: Place, effect: &Effect) -> Evidence {
    Evidence { kind: "place", place, why: format!("{} here too: `{}`", effect.kind.does, effect.what) }
}

/// A core place that uses code without a role.
type Root = (ModuleId, Span, FunctionRef);

/// One finding for each effect behind code without a role, with all core places that lead to it.
fn indirect(project: &Project, sites: &mut Sites<'_>, found: &[(ModuleId, Site)]) -> Vec<Finding> {
    let roots = found.iter().filter_map(|(module, site)| match site.does {
        Does::Uses(node) => Some((*module, site.span, node)),
        Does::Effect(_) => None,
    });
    let roots: Vec<Root> = roots.collect();
    let ways = Ways::new(sites, roots.iter().map(|root| root.2));
    let mut by_end: BTreeMap<Place, Vec<Root>> = BTreeMap::new();
    for root in roots {
        if let Some((end, _)) = Ways::end(&ways.way(project, root.2)) {
            by_end.entry(end).or_default().push(root);
        }
    }
    by_end.into_values().filter_map(|roots| behind(project, &ways, &roots)).collect()
}

fn behind(project: &Project, ways: &Ways, roots: &[Root]) -> Option<Finding> {
    let nearest = |root: &&Root| (ways.way(project, root.2).len(), project.place(root.0, root.1));
    let &(module, span, node) = roots.iter().min_by_key(nearest)?;
    let way = ways.way(project, node);
    let (_, effect) = Ways::end(&way)?;
    let place = project.place(module, span);
    let item = owner(project, module, span);
    let mut chain = vec![Hop { from: item.clone(), to: project.function_path(node), place }];
    chain.extend(way.iter().map(|(from, place, does)| {
        let to = match does {
            Does::Uses(next) => project.function_path(*next),
            Does::Effect(effect) => effect.what.to_string(),
        };
        Hop { from: project.function_path(*from), to, place: *place }
    }));
    let through = project.function_path(node);
    let others = match roots.len() {
        1 => String::new(),
        2 => ", and so does 1 other place of the core".to_owned(),
        more => format!(", and so do {} other places of the core", more - 1),
    };
    let others_at = roots.iter().filter(|root| (root.0, root.1) != (module, span));
    Some(Finding {
        rule: LINT.name,
        level: None,
        message: format!("`{item}` {} through `{through}`: `{}`{others}", effect.kind.does, effect.what),
        help: effect.kind.instead.to_owned(),
        place,
        item,
        evidence: others_at.map(|root| again(project.place(root.0, root.1), effect)).collect(),
        chain,
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    })
}

/// The path of the function that holds a place, of the item otherwise, or of the module.
fn owner(project: &Project, module: ModuleId, span: Span) -> String {
    let items = project.scope(module).items.iter().enumerate();
    // What stands in a function body is the innermost of those around a place.
    let around = items.filter(|(_, item)| item.span.contains(span) && !is_nameless(item));
    let Some((index, item)) = around.min_by_key(|(_, item)| item.span.end - item.span.start) else {
        return project.module_path(module);
    };
    let at = ItemRef { module, index: index as u32 };
    match functions(item).iter().position(|function| function.span.contains(span)) {
        Some(number) => project.function_path(FunctionRef { item: at, index: number as u32 }),
        None => project.item_path(at),
    }
}

fn is_nameless(item: &Item) -> bool {
    matches!(item.kind, ItemKind::MacroCall(_) | ItemKind::Include(_))
}

fn functions(item: &Item) -> &[Function] {
    match &item.kind {
        ItemKind::Impl(block) => &block.functions,
        ItemKind::Trait(declared) => &declared.functions,
        _ => &[],
    }
}

/// The functions and traits of the core that wait for what someone else does.
fn waiting(project: &Project) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for (module, _) in project.modules().filter(|(_, module)| module.is_core()) {
        for (index, item) in project.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
            let is_async = match &item.kind {
                ItemKind::Function(function) => function.is_async,
                _ => functions(item).iter().any(|function| function.is_async && !function.test),
            };
            let place = project.place(module, item.name_span);
            if is_async && seen.insert(place) {
                let path = project.item_path(ItemRef { module, index: index as u32 });
                findings.push(Finding {
                    rule: LINT.name,
                    level: None,
                    message: format!("`{path}` is `async`: it waits for what someone else does"),
                    help: "let the orchestrator wait, and pass the result in as a value".to_owned(),
                    place,
                    item: path,
                    evidence: Vec::new(),
                    chain: Vec::new(),
                    imports: Vec::new(),
                    trails: Vec::new(),
                    fix: None,
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const MANIFEST: &str = "
        //- dependencies chrono uuid rand tokio reqwest sqlx tracing time-source
    ";

    /// What is said about `code` as a core module.
    #[track_caller]
    fn core(code: &str, expected: &Expect) {
        check(&LINT, &format!("{MANIFEST}//- src/core/price.rs\n{}", piece(code)), expected);
    }

    /// The same with options.
    #[track_caller]
    fn core_with(options: &str, code: &str, expected: &Expect) {
        let config = format!("//- baton.toml\nversion = 1\nrules.impure-core = {{ {options} }}\n");
        check(&LINT, &format!("{MANIFEST}{config}//- src/core/price.rs\n{}", piece(code)), expected);
    }

    /// What is said about a core that uses `util`, which has no role.
    #[track_caller]
    fn through(core: &str, util: &str, expected: &Expect) {
        let (core, util) = (piece(core), piece(util));
        check(&LINT, &format!("{MANIFEST}//- src/core/price.rs\n{core}//- src/util.rs\n{util}"), expected);
    }

    #[test]
    fn what_is_asked_by_a_path_an_import_or_an_alias() {
        core(
            "
            use chrono::{DateTime, Utc as Clock, offset};
            use std::fs::{self, read_to_string as load};
            use std::time::SystemTime;
            use uuid::Uuid;
            type Now = chrono::Local;
            pub fn stamp() -> DateTime<Clock> { Clock::now() }
            pub fn zoned() { offset::Utc::now(); Now::now(); }
            pub fn wall() -> SystemTime { SystemTime::now() }
            pub fn id() -> Uuid { ::uuid::Uuid::new_v4() }
            pub fn dice() -> u8 { rand::random() }
            pub fn read() { let _ = load(\"a\"); fs::write(\"a\", \"b\").ok(); fs::write(\"c\", \"d\").ok(); }
            pub fn home() { std::env::var(\"HOME\").ok(); std::process::exit(1) }
            pub fn wait() { std::thread::sleep(std::time::Duration::from_secs(1)) }
            pub async fn fetch() { reqwest::get(\"x\").await; tokio::spawn(async {}); sqlx::query(\"x\"); }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn stamp() -> DateTime<Clock> { Clock::now() }
                                                    ^^^^^^^^^^ `core::price::stamp` reads the clock: `chrono::Utc::now`
                pub fn zoned() { offset::Utc::now(); Now::now(); }
                                 ^^^^^^^^^^^^^^^^ `core::price::zoned` reads the clock: `chrono::offset::Utc::now`
                                                     -------- reads the clock here too: `chrono::Local::now`
                pub fn wall() -> SystemTime { SystemTime::now() }
                                              ^^^^^^^^^^^^^^^ `core::price::wall` reads the clock: `std::time::SystemTime::now`
                pub fn id() -> Uuid { ::uuid::Uuid::new_v4() }
                                      ^^^^^^^^^^^^^^^^^^^^ `core::price::id` draws random values: `uuid::Uuid::new_v4`
                pub fn dice() -> u8 { rand::random() }
                                      ^^^^^^^^^^^^ `core::price::dice` draws random values: `rand::random`
                pub fn read() { let _ = load("a"); fs::write("a", "b").ok(); fs::write("c", "d").ok(); }
                                        ^^^^ `core::price::read` uses the file system: `std::fs::read_to_string`
                                                   --------- uses the file system here too: `std::fs::write`
                                                                             --------- uses the file system here too: `std::fs::write`
                pub fn home() { std::env::var("HOME").ok(); std::process::exit(1) }
                                ^^^^^^^^^^^^^ `core::price::home` reads the environment: `std::env::var`
                                                            ^^^^^^^^^^^^^^^^^^ `core::price::home` starts or ends processes: `std::process::exit`
                pub fn wait() { std::thread::sleep(std::time::Duration::from_secs(1)) }
                                ^^^^^^^^^^^^^^^^^^ `core::price::wait` works with threads: `std::thread::sleep`
                pub async fn fetch() { reqwest::get("x").await; tokio::spawn(async {}); sqlx::query("x"); }
                                       ^^^^^^^^^^^^ `core::price` uses the network: `reqwest::get`
                                                                ^^^^^^^^^^^^ `core::price::fetch` uses an async runtime: `tokio::spawn`
                                                                                        ^^^^^^^^^^^ `core::price` talks to a database: `sqlx::query`
                help: call it in the shell, behind a port that the orchestrator holds
                help: keep it in an adapter, behind a port that the orchestrator holds
                help: let the orchestrator decide what runs beside what
                help: let the orchestrator spawn, wait and time out
                help: let the shell run it, and pass its result in
                help: read and write in the shell, and pass the contents as values
                help: read it in the shell and pass the value in
                help: take the time as a parameter
                help: take the value, or a generator with a seed, as a parameter
            "#]],
        );
    }

    #[test]
    fn what_is_only_named_received_or_calculated_is_pure() {
        core(
            "
            use chrono::{DateTime, Duration, TimeZone, Utc};
            use std::path::{Path, PathBuf};
            use std::time::SystemTime;
            use uuid::Uuid;
            use rand::{Rng, SeedableRng, rngs::StdRng};
            pub struct Offer { id: Uuid, closes: DateTime<Utc>, made: SystemTime, file: PathBuf }
            const VERSION: &str = env!(\"CARGO_PKG_VERSION\");
            const TEXT: &str = include_str!(\"a.txt\");
            pub fn open(offer: &Offer, now: DateTime<Utc>) -> bool { now + Duration::days(1) < offer.closes }
            pub fn age(offer: &Offer, now: SystemTime) -> bool { now.duration_since(offer.made).is_ok() }
            pub fn epoch() -> DateTime<Utc> { Utc.timestamp_opt(0, 0).unwrap() }
            pub fn name(path: &Path) -> PathBuf { path.join(\"a\").with_extension(\"b\") }
            pub fn id(name: &[u8]) -> Uuid { Uuid::new_v5(&Uuid::NAMESPACE_DNS, name) }
            pub fn roll(seed: u64) -> u8 { StdRng::seed_from_u64(seed).random() }
            pub fn pick(rng: &mut impl Rng) -> u8 { rng.random_range(0..6) }
            pub fn status() -> u16 { reqwest::StatusCode::from_u16(200).unwrap().as_u16() }
            pub fn broken() -> std::io::Error { std::io::Error::other(\"x\") }
            pub fn text(net: u32) -> String { let mut out = String::new(); write!(out, \"{net}\"); format!(\"{net}\") }
            pub fn check(net: u32) { assert!(net > 0); tracing::info!(\"checked {net}\"); }
            pub fn local(now: fn() -> u8) -> u8 { let random = || 1; random() + now() }
            pub async fn port(store: &dyn Store) { store.load().await; }
            pub trait Store { async fn load(&self); }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn effects_that_are_passed_on_to_be_called() {
        core(
            "
            use uuid::Uuid;
            pub fn all(paths: &[&str]) -> Vec<std::io::Result<String>> { paths.iter().map(std::fs::read_to_string).collect() }
            pub fn later() { let now = chrono::Utc::now; take(Uuid::new_v4) }
            fn take(_: fn() -> Uuid) {}
            #[derive(serde::Deserialize)]
            pub struct Order { #[serde(default = \"Uuid::new_v4\")] id: Uuid, #[serde(default = \"Uuid::nil\")] other: Uuid }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn all(paths: &[&str]) -> Vec<std::io::Result<String>> { paths.iter().map(std::fs::read_to_string).collect() }
                                                                                              ^^^^^^^^^^^^^^^^^^^^^^^ `core::price::all` uses the file system: `std::fs::read_to_string`
                pub fn later() { let now = chrono::Utc::now; take(Uuid::new_v4) }
                                           ^^^^^^^^^^^^^^^^ `core::price::later` reads the clock: `chrono::Utc::now`
                                                                  ^^^^^^^^^^^^ `core::price::later` draws random values: `uuid::Uuid::new_v4`
                pub struct Order { #[serde(default = "Uuid::new_v4")] id: Uuid, #[serde(default = "Uuid::nil")] other: Uuid }
                                                     ^^^^^^^^^^^^^^ `core::price::Order` draws random values: `uuid::Uuid::new_v4`
                help: read and write in the shell, and pass the contents as values
                help: take the time as a parameter
                help: take the value, or a generator with a seed, as a parameter
            "#]],
        );
    }

    #[test]
    fn methods_with_effects_on_types_that_look_pure() {
        core(
            "
            use std::path::{Path, PathBuf};
            use std::time::{Duration, Instant, SystemTime};
            pub struct File { path: PathBuf, exists: bool }
            impl File {
                pub fn is_there(&self) -> bool { self.path.exists() && self.path.as_path().is_dir() }
                pub fn exists(&self) -> bool { self.exists }
            }
            pub fn age(start: Instant, made: &SystemTime) -> Duration { made.elapsed().unwrap(); start.elapsed() }
            pub fn near(file: &File, path: &Path) -> bool { file.exists() && path.is_absolute() }
            pub struct Timer { elapsed: Duration }
            impl Timer { pub fn elapsed(&self) -> Duration { self.elapsed } }
            pub fn far(timer: &Timer) -> Duration { timer.elapsed() }
            pub async fn rows(pool: &sqlx::PgPool) { pool.begin().await; }
            ",
            &expect![[r#"
                //- src/core/price.rs
                    pub fn is_there(&self) -> bool { self.path.exists() && self.path.as_path().is_dir() }
                                                               ^^^^^^^^ `core::price::File::is_there` uses the file system: `std::path::Path::exists`
                                                                                               -------- uses the file system here too: `std::path::Path::is_dir`
                pub fn age(start: Instant, made: &SystemTime) -> Duration { made.elapsed().unwrap(); start.elapsed() }
                                                                                 ^^^^^^^^^ `core::price::age` reads the clock: `std::time::SystemTime::elapsed`
                                                                                                           --------- reads the clock here too: `std::time::Instant::elapsed`
                pub async fn rows(pool: &sqlx::PgPool) { pool.begin().await; }
                                                              ^^^^^^^ `core::price` talks to a database: `sqlx::PgPool::begin`
                help: keep it in an adapter, behind a port that the orchestrator holds
                help: read and write in the shell, and pass the contents as values
                help: take the time as a parameter
            "#]],
        );
    }

    #[test]
    fn standard_streams_by_any_macro() {
        core(
            "
            use std::io::{self, Write};
            macro_rules! say { ($text:expr) => { println!(\"{}\", $text) } }
            macro_rules! sum { ($a:expr, $b:expr) => { $a + $b } }
            pub fn loud(net: u32) { println!(\"{net}\"); std::eprintln!(\"{net}\"); dbg!(net); println!(\"again\"); }
            pub fn writes() { let _ = writeln!(io::stderr(), \"a\"); io::stdin().lines(); }
            pub fn by_macro() { say!(1); say!(sum!(1, 2)); }
            pub struct Report;
            impl Report { fn one(&self) { eprintln!(\"1\"); } fn two(&self) { eprintln!(\"2\"); } fn three(&self) { let eprintln = 1; } }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn loud(net: u32) { println!("{net}"); std::eprintln!("{net}"); dbg!(net); println!("again"); }
                                        ^^^^^^^ `core::price::loud` uses the console: `println!`
                                                           ------------- uses the console here too: `std::eprintln`
                                                                                    --- uses the console here too: `dbg!`
                                                                                               ------- uses the console here too: `println!`
                pub fn writes() { let _ = writeln!(io::stderr(), "a"); io::stdin().lines(); }
                                                   ^^^^^^^^^^ `core::price::writes` uses the console: `std::io::stderr`
                                                                       --------- uses the console here too: `std::io::stdin`
                pub fn by_macro() { say!(1); say!(sum!(1, 2)); }
                                    ^^^ `core::price::by_macro` uses the console through `core::price::say`: `println!`, and so does 1 other place of the core
                                             --- uses the console here too: `println!`
                                    ~~~ core::price::by_macro -> core::price::say
                macro_rules! say { ($text:expr) => { println!("{}", $text) } }
                                                     ~~~~~~~ core::price::say -> println!
                impl Report { fn one(&self) { eprintln!("1"); } fn two(&self) { eprintln!("2"); } fn three(&self) { let eprintln = 1; } }
                                              ^^^^^^^^ `core::price::Report::one` uses the console: `eprintln!`
                                                                                ^^^^^^^^ `core::price::Report::two` uses the console: `eprintln!`
                help: return what is to be said, and print it in the shell
            "#]],
        );
    }

    #[test]
    fn a_macro_of_the_project_with_the_name_of_a_standard_one() {
        core(
            "
            macro_rules! println { ($($text:tt)*) => { () } }
            pub fn quiet() { println!(\"a\"); }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn state_that_changes_under_those_who_share_it() {
        core(
            "
            use std::cell::RefCell;
            use std::collections::HashMap;
            use std::sync::{Arc, LazyLock, Mutex, OnceLock, atomic::AtomicU64};
            static NEXT: AtomicU64 = AtomicU64::new(0);
            static mut LAST: u64 = 0;
            static SEEN: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(|| Mutex::new(Vec::new()));
            static TABLE: LazyLock<HashMap<u8, u8>> = LazyLock::new(HashMap::new);
            static RULES: OnceLock<Vec<u8>> = OnceLock::new();
            static NAMES: &[&str] = &[];
            thread_local! { static DEPTH: RefCell<u8> = RefCell::new(0); }
            pub struct Guard { balance: Arc<Mutex<u64>>, names: Arc<Vec<String>>, mark: std::marker::PhantomData<RefCell<u8>> }
            static START: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);
            ",
            &expect![[r#"
                //- src/core/price.rs
                static NEXT: AtomicU64 = AtomicU64::new(0);
                       ^^^^ `core::price::NEXT` keeps state that changes under its callers: `static AtomicU64`
                static mut LAST: u64 = 0;
                           ^^^^ `core::price::LAST` keeps state that changes under its callers: `static mut`
                static SEEN: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(|| Mutex::new(Vec::new()));
                       ^^^^ `core::price::SEEN` keeps state that changes under its callers: `static Mutex`
                thread_local! { static DEPTH: RefCell<u8> = RefCell::new(0); }
                                       ^^^^^ `core::price::DEPTH` keeps state that changes under its callers: `static RefCell`
                pub struct Guard { balance: Arc<Mutex<u64>>, names: Arc<Vec<String>>, mark: std::marker::PhantomData<RefCell<u8>> }
                                   ^^^^^^^^^^^^^^^^^^^^^^^^ `core::price::Guard` keeps state that changes under its callers: `field balance: Mutex`
                static START: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);
                                                                           ^^^^^^^^^^^^^^^^^^^^^^^ `core::price::START` reads the clock: `std::time::Instant::now`
                help: take the state as a parameter and return the new one
                help: take the time as a parameter
            "#]],
        );
    }

    #[test]
    fn functions_of_extern_blocks() {
        core(
            "
            unsafe extern \"C\" { pub fn getpid() -> i32; }
            pub extern \"C\" fn price() -> i32 { 1 }
            pub fn id() -> i32 { unsafe { getpid() } }
            ",
            &expect![[r#"
                //- src/core/price.rs
                unsafe extern "C" { pub fn getpid() -> i32; }
                                           ^^^^^^ `core::price::getpid` calls foreign code: `extern fn getpid`
                help: call it in the shell, and pass its result in
            "#]],
        );
    }

    #[test]
    fn globs_of_outside_crates_bring_in_what_the_table_knows() {
        core(
            "
            use chrono::prelude::*;
            use rand::prelude::*;
            pub fn stamp() -> DateTime<Utc> { Utc::now() }
            pub fn dice() -> u8 { let random = random(); thread_rng().random() }
            pub fn other() { Local::parse(); shuffle(); }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn stamp() -> DateTime<Utc> { Utc::now() }
                                                  ^^^^^^^^ `core::price::stamp` reads the clock: `chrono::Utc::now`
                pub fn dice() -> u8 { let random = random(); thread_rng().random() }
                                                   ^^^^^^ `core::price::dice` draws random values: `rand::random`
                                                             ---------- draws random values here too: `rand::thread_rng`
                help: take the time as a parameter
                help: take the value, or a generator with a seed, as a parameter
            "#]],
        );
    }

    #[test]
    fn test_code_is_not_judged() {
        core(
            "
            pub fn price() {}
            #[cfg(test)]
            mod tests {
                #[test]
                fn reads() { std::fs::read(\"a\").unwrap(); println!(\"a\"); }
            }
            #[test]
            fn lone() { chrono::Utc::now(); }
            #[cfg(test)]
            impl Price { fn now() { chrono::Utc::now(); println!(\"a\"); } }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn code_without_a_role_is_followed_to_the_effect() {
        through(
            "
            use crate::util::{self, Config, clamp};
            pub fn price() { util::stamp(); clamp(1); }
            pub fn other() { crate::util::stamp(); }
            pub fn config(config: &Config) -> u8 { config.rate() }
            pub fn again() { Config::load().reload(); }
            ",
            "
            pub fn stamp() { inner() }
            fn inner() { chrono::Utc::now(); }
            pub fn clamp(n: u8) -> u8 { n }
            pub struct Config { rate: u8 }
            impl Config {
                pub fn load() -> Self { let text = std::fs::read_to_string(\"a\"); Self { rate: 1 } }
                pub fn rate(&self) -> u8 { self.rate }
                pub fn reload(&self) { Self::touch() }
                fn touch() { println!(\"touched\") }
            }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub fn price() { util::stamp(); clamp(1); }
                                 ^^^^^^^^^^^ `core::price::price` reads the clock through `util::stamp`: `chrono::Utc::now`, and so does 1 other place of the core
                pub fn other() { crate::util::stamp(); }
                                 ------------------ reads the clock here too: `chrono::Utc::now`
                pub fn price() { util::stamp(); clamp(1); }
                                 ~~~~~~~~~~~ core::price::price -> util::stamp
                //- src/util.rs
                pub fn stamp() { inner() }
                                 ~~~~~ util::stamp -> util::inner
                fn inner() { chrono::Utc::now(); }
                             ~~~~~~~~~~~~~~~~ util::inner -> chrono::Utc::now
                //- src/core/price.rs
                pub fn again() { Config::load().reload(); }
                                 ^^^^^^^^^^^^ `core::price::again` uses the file system through `util::Config::load`: `std::fs::read_to_string`
                                 ~~~~~~~~~~~~ core::price::again -> util::Config::load
                //- src/util.rs
                    pub fn load() -> Self { let text = std::fs::read_to_string("a"); Self { rate: 1 } }
                                                       ~~~~~~~~~~~~~~~~~~~~~~~ util::Config::load -> std::fs::read_to_string
                //- src/core/price.rs
                pub fn again() { Config::load().reload(); }
                                                ^^^^^^^^ `core::price::again` uses the console through `util::Config::reload`: `println!`
                                                ~~~~~~~~ core::price::again -> util::Config::reload
                //- src/util.rs
                    pub fn reload(&self) { Self::touch() }
                                           ~~~~~~~~~~~ util::Config::reload -> util::Config::touch
                    fn touch() { println!("touched") }
                                 ~~~~~~~ util::Config::touch -> println!
                help: read and write in the shell, and pass the contents as values
                help: return what is to be said, and print it in the shell
                help: take the time as a parameter
            "#]],
        );
    }

    #[test]
    fn what_is_passed_on_and_statics_are_followed_too() {
        through(
            "
            use crate::util::{self, LIMIT, TABLE, roll};
            pub fn local() { helper(); }
            fn helper() { util::limit(); }
            pub fn passed() -> Vec<u8> { vec![1].into_iter().map(util::deep).collect() }
            pub fn table() -> u8 { TABLE[0] + util::round(LIMIT) }
            pub fn rolled() { roll!(); }
            ",
            "
            static COUNT: std::sync::Mutex<u8> = std::sync::Mutex::new(0);
            pub static TABLE: &[u8] = &[1];
            pub const LIMIT: u8 = 1;
            pub fn limit() -> u8 { *COUNT.lock().unwrap() }
            pub fn deep(n: u8) -> u8 { Some(n).map(deeper).unwrap() }
            fn deeper(n: u8) -> u8 { n + rand::random::<u8>() }
            pub fn round(n: u8) -> u8 { if n > 1 { round(n - 1) } else { n } }
            #[macro_export]
            macro_rules! roll { () => { $crate::util::deep(1) } }
            pub use roll;
            ",
            &expect![[r#"
                //- src/core/price.rs
                fn helper() { util::limit(); }
                              ^^^^^^^^^^^ `core::price::helper` keeps state that changes under its callers through `util::limit`: `static Mutex`
                              ~~~~~~~~~~~ core::price::helper -> util::limit
                //- src/util.rs
                pub fn limit() -> u8 { *COUNT.lock().unwrap() }
                                        ~~~~~ util::limit -> util::COUNT
                static COUNT: std::sync::Mutex<u8> = std::sync::Mutex::new(0);
                       ~~~~~ util::COUNT -> static Mutex
                //- src/core/price.rs
                pub fn passed() -> Vec<u8> { vec![1].into_iter().map(util::deep).collect() }
                                                                     ^^^^^^^^^^ `core::price::passed` draws random values through `util::deep`: `rand::random`, and so does 1 other place of the core
                pub fn rolled() { roll!(); }
                                  ---- draws random values here too: `rand::random`
                pub fn passed() -> Vec<u8> { vec![1].into_iter().map(util::deep).collect() }
                                                                     ~~~~~~~~~~ core::price::passed -> util::deep
                //- src/util.rs
                pub fn deep(n: u8) -> u8 { Some(n).map(deeper).unwrap() }
                                                       ~~~~~~ util::deep -> util::deeper
                fn deeper(n: u8) -> u8 { n + rand::random::<u8>() }
                                             ~~~~~~~~~~~~ util::deeper -> rand::random
                help: take the state as a parameter and return the new one
                help: take the value, or a generator with a seed, as a parameter
            "#]],
        );
    }

    #[test]
    fn calls_into_the_shell_and_through_ports_are_for_others() {
        check(
            &LINT,
            "
            //- src/core/price.rs
            pub trait Clock { fn now(&self) -> u64; }
            pub fn price(clock: &dyn Clock) { clock.now(); crate::shell::read(); crate::core::tax::tax(); }
            //- src/core/tax.rs
            pub fn tax() { std::fs::read(\"a\"); }
            //- src/shell/mod.rs
            pub fn read() { std::fs::read(\"a\"); }
            //- src/util.rs
            pub struct System;
            impl crate::core::price::Clock for System { fn now(&self) -> u64 { std::time::SystemTime::now(); 1 } }
            ",
            &expect![[r#"
                //- src/core/tax.rs
                pub fn tax() { std::fs::read("a"); }
                               ^^^^^^^^^^^^^ `core::tax::tax` uses the file system: `std::fs::read`
                help: read and write in the shell, and pass the contents as values
            "#]],
        );
    }

    #[test]
    fn options_allow_paths_and_add_crates() {
        let code = "
            pub fn id() { uuid::Uuid::new_v4(); uuid::Uuid::now_v7(); std::env::var(\"A\"); }
            pub fn now() { time_source::now(); time_source::Moment::of(1); }
            pub fn log() { tracing::info!(\"a\"); tracing::warn!(\"b\"); }
        ";
        core_with(
            r#"allow = ["uuid::Uuid::new_v4", "std::env::*"]"#,
            code,
            &expect![[r#"
                //- src/core/price.rs
                pub fn id() { uuid::Uuid::new_v4(); uuid::Uuid::now_v7(); std::env::var("A"); }
                                                    ^^^^^^^^^^^^^^^^^^ `core::price::id` draws random values: `uuid::Uuid::now_v7`
                help: take the value, or a generator with a seed, as a parameter
            "#]],
        );
        core_with(
            r#"allow = ["uuid::*", "std::env::var"], crates = ["time-source"]"#,
            code,
            &expect![[r#"
                //- src/core/price.rs
                pub fn now() { time_source::now(); time_source::Moment::of(1); }
                               ^^^^^^^^^^^^^^^^ `core::price::now` uses a crate that counts as impure: `time_source::now`
                                                   ----------------------- uses a crate that counts as impure here too: `time_source::Moment::of`
                help: call it in the shell, and pass its result in
            "#]],
        );
        core_with(
            r#"allow = ["uuid::*", "std::env::*"], logging = "deny""#,
            code,
            &expect![[r#"
                //- src/core/price.rs
                pub fn log() { tracing::info!("a"); tracing::warn!("b"); }
                               ^^^^^^^^^^^^^ `core::price::log` writes to the log: `tracing::info`
                                                    ------------- writes to the log here too: `tracing::warn`
                help: return what is to be said, and let the orchestrator log it
            "#]],
        );
    }

    #[test]
    fn async_code_has_an_option() {
        let code = "
            pub trait Store { async fn load(&self); fn plain(&self); }
            pub async fn price() {}
            pub fn plain() {}
        ";
        core_with(r#"async_ports = "allow""#, code, &expect![[r#""#]]);
        core_with(
            r#"async_ports = "deny""#,
            code,
            &expect![[r#"
            //- src/core/price.rs
            pub trait Store { async fn load(&self); fn plain(&self); }
                      ^^^^^ `core::price::Store` is `async`: it waits for what someone else does
            pub async fn price() {}
                         ^^^^^ `core::price::price` is `async`: it waits for what someone else does
            help: let the orchestrator wait, and pass the result in as a value
        "#]],
        );
    }

    #[test]
    fn functions_of_the_core_are_counted() {
        let text = "
            //- src/core/price.rs
            pub fn price() {}
            impl Price { fn net(&self) {} #[test] fn checks() {} }
            pub struct Price;
            //- src/util.rs
            pub fn round() {}
        ";
        assert_eq!(judged(&LINT, text), 2);
    }
}
