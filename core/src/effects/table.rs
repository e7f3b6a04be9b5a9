//! The table of outside code that touches the world.

use crate::config::means;
use crate::facts::types::last_segment;
use crate::lexer::words;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};
use std::sync::LazyLock;

/// The kind that is used without a word by most projects.
const LOGGING: &str = "logging";
/// The kind of what has no path: mutable statics and fields.
const STATE: &str = "shared state";
/// The kind of functions in `extern` blocks.
const FOREIGN: &str = "foreign code";

/// A kind of effect.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// `clock`, `file system`.
    pub name: &'static str,
    /// What code that has it does: `reads the clock`.
    pub does: &'static str,
    /// What pure code does instead.
    pub instead: &'static str,
}

/// What a call, or something passed on to be called, does to the world.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effect {
    /// Which kind of effect.
    pub kind: &'static Kind,
    /// What has it, as code would name it: `chrono::Utc::now`.
    pub what: SmolStr,
}

/// What counts as an effect: the table, with what a project adds and takes out.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// Whether logging counts.
    logging: bool,
    crates: Vec<String>,
    allowed: Vec<String>,
}

impl Effects {
    /// The table with more crates, and without the paths that are allowed; those may end in `*`.
    pub fn new(logging: bool, crates: &[String], allowed: &[String]) -> Self {
        let crates = crates.iter().map(|name| name.replace('-', "_")).collect();
        Self { logging, crates, allowed: allowed.to_vec() }
    }

    /// What something of an outside package does.
    pub fn of(&self, package: &str, path: &str) -> Option<Effect> {
        let package = crate_name(package);
        let what = format_smolstr!("{package}::{path}");
        if self.allowed.iter().any(|allowed| is_allowed(allowed, &what)) {
            return None;
        }
        let is_added = || self.crates.iter().any(|added| *added == package) && is_function(path);
        let known = Table::standard().kind_of(&package, path);
        let kind = known.or_else(|| is_added().then_some(&OTHER))?;
        (self.logging || kind.name != LOGGING).then_some(Effect { kind, what })
    }

    /// What a name does that no path leads to: one of the macros that every module sees.
    pub fn of_macro(&self, name: &str) -> Option<Effect> {
        self.of("std", name).map(|effect| Effect { what: format_smolstr!("{name}!"), ..effect })
    }

    /// What a name does that a glob import of an outside package brings in: `use chrono::prelude::*`.
    pub fn of_glob(&self, package: &str, path: &str) -> Option<Effect> {
        Table::standard().is_exact(&crate_name(package), path).then(|| self.of(package, path)).flatten()
    }

    /// The effect of reading or writing shared state.
    pub fn state(&self, what: SmolStr) -> Option<Effect> {
        self.unless_allowed(STATE, what)
    }

    /// The effect of calling a function of an `extern` block.
    pub fn foreign(&self, what: SmolStr) -> Option<Effect> {
        self.unless_allowed(FOREIGN, what)
    }

    fn unless_allowed(&self, kind: &str, what: SmolStr) -> Option<Effect> {
        let kind = Table::standard().kind(kind)?;
        self.allowed.iter().all(|allowed| !is_allowed(allowed, &what)).then_some(Effect { kind, what })
    }
}

/// Whether a method of that name may have an effect.
pub(super) fn is_method(name: &str) -> bool {
    Table::standard().methods.contains(name)
}

/// Whether a package is among those of which everything, or nearly so, has an effect.
pub(super) fn is_of_effects(package: &str) -> bool {
    Table::standard().entries.contains_key(&*crate_name(package)) && !matches!(package, "std" | "core" | "alloc")
}

/// What a crate does of which everything has an effect.
pub fn kind_of_crate(name: &str) -> Option<&'static Kind> {
    let table = Table::standard();
    let entries = table.entries.get(&*crate_name(name));
    let family = || table.families.iter().find(|(start, _)| name.starts_with(start)).map(|&(_, kind)| kind);
    let whole = entries.into_iter().flatten().find(|entry| entry.open && entry.path.is_empty());
    let kind = whole.map_or_else(family, |entry| entry.kind)?;
    table.kinds.get(kind)
}

/// Whether a text mentions what has an effect without being named by a path.
pub(super) fn is_mentioned(text: &str) -> bool {
    const MACROS: [&str; 6] = ["dbg", "eprint", "eprintln", "print", "println", "extern"];
    words(text).any(|word| MACROS.contains(&word) || is_method(word))
}

/// The kind of a crate that a project adds.
static OTHER: Kind = Kind {
    name: "outside world",
    does: "uses a crate that counts as impure",
    instead: "call it in the shell, and pass its result in",
};

fn crate_name(package: &str) -> SmolStr {
    match package {
        "core" | "alloc" => SmolStr::new_static("std"),
        name if name.contains('-') => name.replace('-', "_").into(),
        name => name.into(),
    }
}

/// Whether an allowed path means `what`.
fn is_allowed(allowed: &str, what: &str) -> bool {
    means(allowed.trim_end_matches('!'), what.strip_suffix('!').unwrap_or(what))
}

/// Whether `path` is `end`, or ends with its segments.
fn is_end(end: &str, path: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}

/// Functions and macros have small names.
fn is_function(path: &str) -> bool {
    last_segment(path).starts_with(|first: char| first.is_lowercase() || first == '_')
}

/// The table, by crates.
#[derive(Debug, Default)]
struct Table {
    kinds: Vec<Kind>,
    entries: FxHashMap<&'static str, Vec<Entry>>,
    /// Crates whose names begin alike, with their kinds.
    families: Vec<(&'static str, usize)>,
    /// The names behind a `.`.
    methods: FxHashSet<&'static str>,
}

/// A line of the table.
#[derive(Debug)]
struct Entry {
    /// The path behind the crate, without the `*`.
    path: SmolStr,
    /// Whether it ended in `*`.
    open: bool,
    /// The number of its kind; `None` takes out.
    kind: Option<usize>,
}

impl Table {
    fn standard() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("table.txt")));
        &TABLE
    }

    fn read(text: &'static str) -> Self {
        let mut table = Self::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some((name, rest)) = line.strip_prefix('[').and_then(|line| line.split_once("] ")) {
                let (does, instead) = rest.split_once(" | ").unwrap_or((rest, ""));
                table.kinds.push(Kind { name, does, instead });
            } else {
                table.enter(line);
            }
        }
        table
    }

    fn enter(&mut self, line: &'static str) {
        let (out, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let newest = self.kinds.len().saturating_sub(1);
        let (open, line) = line.strip_suffix('*').map_or((false, line), |rest| (true, rest));
        let Some((package, path)) = line.split_once("::") else {
            return self.families.push((line, newest));
        };
        let path = match path.split_once('.') {
            Some((of, method)) => {
                self.methods.insert(method);
                format_smolstr!("{of}::{method}")
            }
            None => path.into(),
        };
        let kind = (!out).then_some(newest);
        self.entries.entry(package).or_default().push(Entry { path, open, kind });
    }

    fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    fn kind_of(&self, package: &str, path: &str) -> Option<&Kind> {
        let Some(entries) = self.entries.get(package) else {
            let family = self.families.iter().find(|(start, _)| package.starts_with(start) && is_function(path));
            return family.and_then(|&(_, kind)| self.kinds.get(kind));
        };
        let meant = entries.iter().filter(|entry| entry.means(path));
        // Of two of a length, the one without a `*` says more.
        let nearest = meant.max_by_key(|entry| (entry.path.len(), !entry.open))?;
        self.kinds.get(nearest.kind?)
    }

    /// Whether a line without `*` means that path.
    fn is_exact(&self, package: &str, path: &str) -> bool {
        let mut entries = self.entries.get(package).into_iter().flatten();
        entries.any(|entry| !entry.open && entry.kind.is_some() && entry.means(path))
    }
}

impl Entry {
    fn means(&self, path: &str) -> bool {
        if !self.open {
            // A lone name stands for a function of a module, and not for a method of the same name.
            let holder = path.strip_suffix(self.path.as_str()).map_or("", |rest| rest.trim_end_matches(':'));
            return is_end(&self.path, path) && (self.path.contains("::") || holder.is_empty() || is_function(holder));
        }
        let mut starts = path.match_indices("::").map(|(at, separator)| at + separator.len());
        let begins = |from: usize| path.get(from..).is_some_and(|rest| rest.starts_with(self.path.as_str()));
        is_function(path) && (begins(0) || (!self.path.is_empty() && starts.any(begins)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn kind(package: &str, path: &str) -> Option<&'static str> {
        Effects::default().of(package, path).map(|effect| effect.kind.name)
    }

    #[test]
    fn every_line_of_the_table_reads_and_stands_once() {
        let text = include_str!("table.txt");
        let table = Table::standard();
        assert!(table.kinds.iter().all(|kind| !kind.does.is_empty() && !kind.instead.is_empty()));
        for name in [LOGGING, STATE, FOREIGN] {
            assert!(table.kind(name).is_some(), "{name}");
        }
        let mut seen = BTreeSet::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '['])) {
            let path = line.strip_prefix('!').unwrap_or(line);
            assert!(path.contains("::") || path.ends_with("_*"), "{line}");
            assert!(path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:*.".contains(&byte)), "{line}");
            assert!(seen.insert(line), "{line} stands twice");
        }
    }

    #[test]
    fn a_path_means_the_longest_line_that_fits() {
        assert_eq!(kind("chrono", "Utc::now"), Some("clock"));
        assert_eq!(kind("chrono", "offset::Utc::now"), Some("clock"));
        assert_eq!(kind("chrono", "Utc::timestamp"), None);
        assert_eq!(kind("chrono", "MyUtc::now"), None);
        assert_eq!(kind("std", "fs::read_to_string"), Some("file system"));
        assert_eq!(kind("core", "fs::File::open"), Some("file system"));
        assert_eq!(kind("std", "fs::File"), None, "a type does nothing");
        assert_eq!(kind("std", "env::var"), Some("environment"));
        assert_eq!(kind("std", "env::split_paths"), None);
        assert_eq!(kind("tokio", "spawn"), Some("async runtime"));
        assert_eq!(kind("tokio", "fs::read"), Some("file system"));
        assert_eq!(kind("tokio", "time::Instant::now"), Some("clock"));
        assert_eq!(kind("tokio", "join"), None);
        assert_eq!(kind("reqwest", "StatusCode::from_u16"), None);
        assert_eq!(kind("aws-sdk-s3", "Client::new"), Some("network"));
        assert_eq!(kind("rand", "rngs::OsRng"), Some("randomness"));
        assert_eq!(kind("rand", "rngs::StdRng::seed_from_u64"), None);
        assert_eq!(kind("rand", "prelude::random_range"), Some("randomness"));
        assert_eq!(kind("rand", "rngs::StdRng::random_range"), None);
        assert_eq!(kind("uuid", "Uuid::new_v5"), None);
        assert_eq!(kind("serde_json", "to_string"), None);
    }

    #[test]
    fn a_project_adds_crates_and_takes_out_paths() {
        let crates = ["my-clock".to_owned()];
        let allowed = ["Uuid::new_v4".to_owned(), "std::env::*".to_owned(), "println".to_owned()];
        let effects = Effects::new(true, &crates, &allowed);
        let kind = |package, path| effects.of(package, path).map(|effect| effect.kind.name);
        assert_eq!(kind("my_clock", "now"), Some("outside world"));
        assert_eq!(kind("my_clock", "Moment"), None);
        assert_eq!(kind("uuid", "Uuid::new_v4"), None);
        assert_eq!(kind("uuid", "Uuid::now_v7"), Some("randomness"));
        assert_eq!(kind("std", "env::var"), None);
        assert_eq!(kind("log", "info"), Some("logging"));
        assert_eq!(effects.of_macro("println"), None);
        assert_eq!(effects.of_macro("eprintln").map(|effect| effect.what), Some("eprintln!".into()));
        assert_eq!(Effects::default().of("log", "info"), None);
        let allowed = ["std::println".to_owned()];
        assert_eq!(Effects::new(false, &[], &allowed).of_macro("println"), None);
    }
}
