//! `[[override]]`: levels and options of rules for some files.

use super::pattern::{Pattern, PatternKind};
use super::reader::{Reader, Value, span};
use super::{Config, RuleConfig, rules};
use crate::finding::Level;
use crate::lint::{Lint, Options};
use crate::source::Span;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// The keys of the section.
pub(super) const KEYS: [&str; 2] = ["paths", "rules"];
const HELP: &str = "write `[[override]]`, once for each group of files";

/// One `[[override]]`.
#[derive(Clone, Debug)]
pub struct OverrideRule {
    /// The files.
    pub paths: Vec<Pattern>,
    /// What is set for each lint there, by the lint's name.
    pub rules: BTreeMap<String, RuleConfig>,
    /// The place of its header, `[[override]]`.
    pub span: Span,
}

impl OverrideRule {
    fn matches(&self, path: &str) -> bool {
        self.paths.iter().any(|pattern| pattern.matches(path))
    }
}

/// Reads the list of all overrides. `roles` are the names of the declared roles.
pub(super) fn read(reader: &mut Reader<'_>, value: &Value<'_>, lints: &[&Lint], roles: &[&str]) -> Vec<OverrideRule> {
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_type("override", value, "a list of sections", HELP);
        return Vec::new();
    };
    let mut overrides = Vec::new();
    for element in list {
        match element.get_ref().as_table() {
            Some(table) => overrides.push(one(reader, table, span(&element.span()), lints, roles)),
            None => reader.wrong_type("override", element, "a list of sections", HELP),
        }
    }
    overrides
}

fn one(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span, lints: &[&Lint], roles: &[&str]) -> OverrideRule {
    for key in table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())) {
        reader.unknown_key(key, "`[[override]]`", KEYS);
    }
    let is_empty = |value: &&Value<'_>| value.get_ref().as_array().is_some_and(|list| list.is_empty());
    if table.get("paths").is_none_or(|value| is_empty(&value)) {
        reader.error(
            place,
            "an override without `paths`",
            "say for which files it holds, such as `paths = [\"src/legacy/**\"]`",
        );
    }
    let is_empty = |value: &&Value<'_>| value.get_ref().as_table().is_some_and(DeTable::is_empty);
    if table.get("rules").is_none_or(|value| is_empty(&value)) {
        reader.error(
            place,
            "an override without `rules`",
            "say what holds there, such as `rules = { impure-core = \"warn\" }`",
        );
    }
    let paths = table.get("paths").map(|value| reader.patterns(PatternKind::Path, "paths", value)).unwrap_or_default();
    let rules = table.get("rules").map(|value| rules::read(reader, value, lints, roles)).unwrap_or_default();
    OverrideRule { paths, rules, span: place }
}

/// The files for which a lint has one set of options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The options.
    pub options: Options,
    /// Whether each file has them, in the order of the files.
    pub files: Vec<bool>,
}

impl Config {
    /// The level that an override sets for `lint` in a file: that of the last one that matches the file
    /// and speaks of the lint's level.
    pub fn level_in(&self, lint: &Lint, path: &str) -> Option<Level> {
        let matching = self.overrides.iter().rev().filter(|one| one.matches(path));
        matching.filter_map(|one| one.rules.get(lint.name)).find_map(|rule| rule.level)
    }

    /// Whether `lint` is on anywhere.
    pub fn is_on(&self, lint: &Lint) -> bool {
        let set = self.overrides.iter().filter_map(|one| one.rules.get(lint.name)?.level);
        set.chain([self.level(lint)]).any(|level| level != Level::Allow)
    }

    /// The sets of options that `lint` has in the files of those paths, those of the whole project first. What
    /// overrides set goes over them, the last one last.
    pub fn variants<'p>(&self, lint: &Lint, paths: impl Iterator<Item = &'p str> + Clone) -> Vec<Variant> {
        let whole = self.options(lint);
        let relevant: Vec<&OverrideRule> = self
            .overrides
            .iter()
            .filter(|one| one.rules.get(lint.name).is_some_and(|rule| !rule.options.is_empty()))
            .collect();
        let mut variants = vec![Variant { options: whole, files: Vec::new() }];
        if relevant.is_empty() {
            variants[0].files = paths.map(|_| true).collect();
            return variants;
        }
        let base = self.rules.get(lint.name).map(|rule| rule.options.clone()).unwrap_or_default();
        let of_file = |path: &str| {
            let mut given = base.clone();
            for rule in relevant.iter().filter(|one| one.matches(path)).filter_map(|one| one.rules.get(lint.name)) {
                given.extend(rule.options.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            Options::new(lint, &given)
        };
        let all: Vec<Options> = paths.map(of_file).collect();
        for options in &all {
            if !variants.iter().any(|variant| variant.options == *options) {
                variants.push(Variant { options: options.clone(), files: Vec::new() });
            }
        }
        for variant in &mut variants {
            variant.files = all.iter().map(|options| *options == variant.options).collect();
        }
        variants
    }
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "the update of the snapshots writes them")]
mod tests {
    use super::*;
    use crate::config::testing::{LINTS, check};
    use expect_test::expect;

    const TEXT: &str = r#"version = 1
[rules]
too-many-dependencies = { level = "deny", max = 5 }
impure-core = "allow"
[[override]]
paths = ["src/legacy/**"]
rules = { too-many-dependencies = { max = 9 }, impure-core = "warn" }
[[override]]
paths = ["src/legacy/new/**"]
rules.too-many-dependencies = "warn"
"#;

    #[test]
    fn the_last_that_matches_and_speaks_of_it_wins() {
        let config = crate::config::parse("baton.toml", TEXT, LINTS).unwrap();
        let [impure, counted, imports] = [LINTS[0], LINTS[1], LINTS[2]];
        assert_eq!(config.level_in(impure, "src/core/a.rs"), None);
        assert_eq!(config.level_in(impure, "src/legacy/new/a.rs"), Some(Level::Warn));
        assert_eq!(config.level_in(counted, "src/legacy/new/a.rs"), Some(Level::Warn));
        assert_eq!(config.level_in(counted, "src/legacy/a.rs"), None, "it sets an option alone");
        assert!(config.is_on(impure), "in one folder");
        let paths = ["src/a.rs", "src/legacy/a.rs", "src/legacy/new/a.rs"];
        let variants = config.variants(counted, paths.into_iter());
        let shown: Vec<_> = variants.iter().map(|one| (one.options.number("max"), one.files.clone())).collect();
        assert_eq!(shown, [(5, vec![true, false, false]), (9, vec![false, true, true])]);
        assert_eq!(config.variants(imports, paths.into_iter()).len(), 1);
    }

    #[test]
    fn an_override_says_where_and_what() {
        check(
            r#"version = 1
[[override]]
rules = { impure-core = "warn" }
[[override]]
paths = []
rules = {}
[[override]]
path = ["src"]
paths = ["src", "/src"]
rules = { impure-cor = "warn", too-many-dependencies.maxi = 3 }
"#,
            &expect![[r#"
                [[override]]
                ^^^^^^^^^^^^ an override without `paths`
                help: say for which files it holds, such as `paths = ["src/legacy/**"]`
                [[override]]
                ^^^^^^^^^^^^ an override without `paths`
                help: say for which files it holds, such as `paths = ["src/legacy/**"]`
                ^^^^^^^^^^^^ an override without `rules`
                help: say what holds there, such as `rules = { impure-core = "warn" }`
                path = ["src"]
                ^^^^ unknown key `path` in `[[override]]`
                help: did you mean `paths`?
                paths = ["src", "/src"]
                                ^^^^^^ an absolute path
                                help: paths are relative to the project's root, without a leading `/`
                rules = { impure-cor = "warn", too-many-dependencies.maxi = 3 }
                          ^^^^^^^^^^ unknown rule `impure-cor`
                          help: did you mean `impure-core`?
                                                                     ^^^^ unknown key `maxi` in the rule `too-many-dependencies`
                                                                     help: did you mean `max`?
            "#]],
        );
        check(
            "version = 1\n[override]\npaths = []",
            &expect![[r#"
            [override]
            ^^^^^^^^^^ `override` must be a list of sections, not a table
            help: write `[[override]]`, once for each group of files
        "#]],
        );
    }
}
