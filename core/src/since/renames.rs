//! Which file became which: those with one text, and those of which at least half stayed, as git says it.
//!
//! Git is not asked, because it knows nothing of new files that nobody has added yet.

use crate::hash::{FNV_OFFSET, fnv};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many pairs of files are compared line by line, which takes a tenth of a second. Where there are more, only
/// files of one name are compared.
const PAIRS: usize = 100_000;

/// What the files `gone` are called among those that have `come`; each is a path and a text.
pub(super) fn renames<'t>(gone: &[(&'t str, &'t str)], come: &[(&'t str, &'t str)]) -> BTreeMap<&'t str, &'t str> {
    let mut renames = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut by_text: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, text) in come {
        by_text.entry(text).or_default().push(path);
    }
    for (path, text) in gone.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let free = by_text.get(text).into_iter().flatten().filter(|new| !taken.contains(**new));
        if let Some(new) = free.min_by_key(|new| name(new) != name(path)) {
            taken.insert(*new);
            renames.insert(*path, *new);
        }
    }
    let gone: Vec<_> = gone.iter().filter(|(path, _)| !renames.contains_key(path)).map(File::new).collect();
    let come: Vec<_> = come.iter().filter(|(path, _)| !taken.contains(path)).map(File::new).collect();
    let is_few = gone.len() * come.len() <= PAIRS;
    let pairs = gone.iter().flat_map(|old| come.iter().map(move |new| (old, new)));
    let compared = pairs.filter(|(old, new)| is_few || name(old.path) == name(new.path)).take(PAIRS);
    let alike = compared.filter_map(|(old, new)| Some((old.likeness(new)?, old.path, new.path)));
    let mut alike: Vec<_> = alike.collect();
    alike.sort_by_key(|(likeness, old, new)| (Reverse(*likeness), name(old) != name(new), *old, *new));
    for (_, old, new) in alike {
        if !renames.contains_key(old) && taken.insert(new) {
            renames.insert(old, new);
        }
    }
    renames
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A file by its lines.
struct File<'t> {
    path: &'t str,
    /// The hashes of its lines and how many bytes each has, sorted.
    lines: Vec<(u64, usize)>,
    size: usize,
}

impl<'t> File<'t> {
    fn new(&(path, text): &(&'t str, &'t str)) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut lines: Vec<_> = lines.map(|line| (fnv(FNV_OFFSET, line.as_bytes()), line.len())).collect();
        lines.sort_unstable();
        let size = lines.iter().map(|(_, bytes)| bytes).sum();
        Self { path, lines, size }
    }

    /// How much of the larger of the two is in both, in percent, from the half upwards.
    fn likeness(&self, other: &Self) -> Option<usize> {
        let larger = self.size.max(other.size);
        if self.size.min(other.size) * 2 < larger || larger == 0 {
            return None;
        }
        let mut shared = 0;
        let mut others = other.lines.iter().peekable();
        for line in &self.lines {
            while others.next_if(|one| *one < line).is_some() {}
            shared += others.next_if_eq(&line).map_or(0, |(_, bytes)| *bytes);
        }
        (shared * 2 >= larger).then_some(shared * 100 / larger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "fn one() {}\nfn two() {}\nfn three() {}\nfn four() {}\n";

    fn found(gone: &[(&str, &str)], come: &[(&str, &str)]) -> Vec<String> {
        renames(gone, come).iter().map(|(old, new)| format!("{old} -> {new}")).collect()
    }

    #[test]
    fn a_file_with_the_same_text_is_the_same_file() {
        assert_eq!(found(&[("a.rs", LONG)], &[("b.rs", LONG)]), ["a.rs -> b.rs"]);
        let two = [("x/b.rs", LONG), ("y/a.rs", LONG)];
        assert_eq!(found(&[("a.rs", LONG)], &two), ["a.rs -> y/a.rs"], "the name decides");
        assert_eq!(found(&[("a.rs", LONG), ("b.rs", LONG)], &two), ["a.rs -> y/a.rs", "b.rs -> x/b.rs"]);
        assert_eq!(found(&[("a/mod.rs", "")], &[("b/mod.rs", "")]), [""; 0], "nothing shows that they are one");
    }

    #[test]
    fn half_of_a_file_has_to_stay() {
        let half = "\tfn one() {}\r\nfn two() {}\nfn x() {}\nfn yy() {}\n";
        assert_eq!(found(&[("a.rs", LONG)], &[("b.rs", half)]), [""; 0], "22 of 48 bytes");
        let more = "\tfn one() {}\r\nfn three() {}\nfn x() {}\nfn yy() {}\n";
        assert_eq!(found(&[("a.rs", LONG)], &[("b.rs", more), ("c.rs", "")]), ["a.rs -> b.rs"], "24 of 48");
        let nearer = format!("{LONG}\nfn five() {{}}\n");
        assert_eq!(found(&[("a.rs", LONG)], &[("a.rs", more), ("c.rs", &nearer)]), ["a.rs -> c.rs"]);
    }

    #[test]
    fn of_many_files_those_of_one_name_are_compared() {
        let files = |folder: &str, more: &str| -> Vec<(String, String)> {
            let text = |n: usize| format!("fn of_{n}() {{}}\nfn also_of_{n}() {{}}\n{more}");
            (0..400).map(|n| (format!("{folder}/f{n}.rs"), text(n))).collect()
        };
        let (gone, come) = (files("a", ""), files("b", "fn x() {}\n"));
        let borrowed = |all: &'static [(String, String)]| all.iter().map(|(path, text)| (&**path, &**text)).collect();
        let (gone, come): (Vec<_>, Vec<_>) = (borrowed(gone.leak()), borrowed(come.leak()));
        let renamed = renames(&gone, &come);
        assert_eq!(renamed.len(), 400);
        assert!(renamed.iter().all(|(old, new)| name(old) == name(new)));
    }
}
