//! What modules and files are called today that had other names before.

use crate::link::Project;
use std::collections::BTreeMap;

/// The modules that files are: by the path of the file, the crate and the path in it, once for each crate.
#[derive(Debug, Default)]
pub(super) struct Modules(BTreeMap<String, Vec<(String, String)>>);

impl Modules {
    /// Those of a linked project.
    pub(super) fn of(project: &Project) -> Self {
        let mut modules: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (_, module) in project.modules() {
            let krate = &project.krate(module.krate).name;
            let known = modules.entry(project.file(module.file).path.clone()).or_default();
            match known.iter_mut().find(|(of, _)| of == krate) {
                // Inline modules lie in that of the file.
                Some((_, path)) if module.path.len() < path.len() => path.clone_from(&module.path),
                Some(_) => {}
                None => known.push((krate.clone(), module.path.clone())),
            }
        }
        Self(modules)
    }

    fn get(&self, path: &str) -> &[(String, String)] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}

/// What was renamed.
#[derive(Debug)]
pub(super) struct Names<'r> {
    files: &'r BTreeMap<&'r str, &'r str>,
    /// The crate of each file, as it was called.
    crates: BTreeMap<&'r str, &'r str>,
    /// Paths of modules, by the crate that they are in.
    inside: BTreeMap<&'r str, BTreeMap<&'r str, &'r str>>,
    /// Paths of modules with their crates.
    whole: BTreeMap<String, String>,
}

impl<'r> Names<'r> {
    /// What follows from the files that were renamed, for modules that were called `before` and are called `today`.
    pub(super) fn new(before: &'r Modules, today: &'r Modules, files: &'r BTreeMap<&'r str, &'r str>) -> Self {
        let mut names = Self { files, crates: BTreeMap::new(), inside: BTreeMap::new(), whole: BTreeMap::new() };
        for (file, old) in &before.0 {
            let new = today.get(names.file(file));
            names.crates.extend(old.first().map(|(krate, _)| (file.as_str(), krate.as_str())));
            for ((old_crate, old_path), (new_crate, new_path)) in old.iter().zip(new) {
                if old_path != new_path && !old_path.is_empty() && !new_path.is_empty() {
                    names.inside.entry(old_crate).or_default().insert(old_path, new_path);
                }
                let (old, new) = (joined(old_crate, old_path), joined(new_crate, new_path));
                if old != new {
                    names.whole.insert(old, new);
                }
            }
        }
        names
    }

    /// The path of a file.
    pub(super) fn file<'f>(&self, path: &'f str) -> &'f str
    where
        'r: 'f,
    {
        self.files.get(path).copied().unwrap_or(path)
    }

    /// The path of an item in that file.
    pub(super) fn item(&self, file: &str, item: &str) -> String {
        self.words(item, |word| self.path(file, word))
    }

    /// What was said of that file: names stand between backticks.
    pub(super) fn message(&self, file: &str, message: &str) -> String {
        let parts = message.split('`').enumerate().map(|(number, part)| match number % 2 {
            1 if self.files.contains_key(part) => self.file(part).to_owned(),
            1 => self.words(part, |word| self.path(file, word)),
            _ => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("`")
    }

    /// Code of that file. What a path there means is plain only where it begins with its crate.
    pub(super) fn code(&self, file: &str, code: &str) -> String {
        self.words(code, |word| match word.strip_prefix("crate::") {
            Some(rest) => self.in_crate(file, rest).map(|path| format!("crate::{path}")),
            None if word.contains("::") => replaced(word, |path| self.whole.get(path).map(String::as_str)),
            None => None,
        })
    }

    fn path(&self, file: &str, path: &str) -> Option<String> {
        self.in_crate(file, path).or_else(|| replaced(path, |path| self.whole.get(path).map(String::as_str)))
    }

    fn in_crate(&self, file: &str, path: &str) -> Option<String> {
        let inside = self.inside.get(self.crates.get(file)?)?;
        replaced(path, |path| inside.get(path).copied())
    }

    /// The text with each path in it replaced for which there is another.
    fn words(&self, text: &str, replacement: impl Fn(&str) -> Option<String>) -> String {
        if self.inside.is_empty() && self.whole.is_empty() {
            return text.to_owned();
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_word) {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            // A colon alone, as behind the name of a field, belongs to no path.
            let word = rest[..end].trim_end_matches(':');
            match replacement(word) {
                Some(new) => out.push_str(&new),
                None => out.push_str(word),
            }
            out.push_str(&rest[word.len()..end]);
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }
}

/// A path whose longest beginning that has another name has it.
fn replaced<'n>(path: &str, name: impl Fn(&str) -> Option<&'n str>) -> Option<String> {
    let ends = path.match_indices("::").map(|(end, _)| end).chain([path.len()]);
    let ends: Vec<usize> = ends.collect();
    ends.into_iter().rev().find_map(|end| Some(format!("{}{}", name(&path[..end])?, &path[end..])))
}

fn joined(krate: &str, path: &str) -> String {
    if path.is_empty() { krate.to_owned() } else { format!("{krate}::{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(files: &[(&str, &str, &str)]) -> Modules {
        let own = |text: &str| text.to_owned();
        Modules(files.iter().map(|(file, krate, path)| (own(file), vec![(own(krate), own(path))])).collect())
    }

    #[test]
    fn a_module_that_was_renamed_is_renamed_in_all_that_is_said() {
        let before = modules(&[
            ("src/core/price.rs", "app", "core::price"),
            ("src/db.rs", "app", "db"),
            ("tool/price.rs", "tool", "core::price"),
        ]);
        let today = modules(&[
            ("src/core/cost.rs", "app", "core::cost"),
            ("src/db.rs", "app", "db"),
            ("tool/price.rs", "tool", "core::price"),
        ]);
        let files = BTreeMap::from([("src/core/price.rs", "src/core/cost.rs")]);
        let names = Names::new(&before, &today, &files);
        assert_eq!(names.item("src/db.rs", "core::price::total"), "core::cost::total");
        assert_eq!(names.item("src/db.rs", "core::prices"), "core::prices", "another word");
        assert_eq!(names.item("tool/price.rs", "core::price"), "core::price", "another crate");
        let said = "core::price: `core::price::total -> app::core::price` in `src/core/price.rs`";
        assert_eq!(
            names.message("tool/price.rs", said),
            "core::price: `core::price::total -> app::core::cost` in `src/core/cost.rs`"
        );
        let code = "let price: crate::core::price::Price = core::price();";
        assert_eq!(names.code("src/db.rs", code), "let price: crate::core::cost::Price = core::price();");
    }

    #[test]
    fn a_crate_is_a_name_like_others() {
        let before = modules(&[("a/src/lib.rs", "a", ""), ("a/src/x.rs", "a", "x")]);
        let today = modules(&[("b/src/lib.rs", "b", ""), ("b/src/x.rs", "b", "x")]);
        let files = BTreeMap::from([("a/src/lib.rs", "b/src/lib.rs"), ("a/src/x.rs", "b/src/x.rs")]);
        let names = Names::new(&before, &today, &files);
        assert_eq!(names.message("a/src/x.rs", "a `a::x::F` and `x::F` of `a`"), "a `b::x::F` and `x::F` of `b`");
        assert_eq!(names.code("a/src/x.rs", "a::x::F(a)"), "b::x::F(a)");
        assert_eq!(names.file("a/src/x.rs"), "b/src/x.rs");
    }
}
