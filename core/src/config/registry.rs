//! `[[registry]]`: where operations are registered, and which items are operations.

use super::pattern::{Pattern, PatternKind};
use super::reader::{Reader, Value, span};
use crate::source::Span;
use toml::de::DeTable;

pub(super) const KEYS: [&str; 5] = ["paths", "operations", "types", "traits", "functions"];
/// The keys that say which items are operations.
const SELECTORS: [&str; 3] = ["types", "traits", "functions"];

/// One `[[registry]]`.
#[derive(Clone, Debug)]
pub struct RegistryRule {
    /// The files of the registry.
    pub paths: Vec<Pattern>,
    /// The files that hold operations; empty for all.
    pub operations: Vec<Pattern>,
    /// Which types there are operations.
    pub types: Vec<Pattern>,
    /// The traits whose implementors there are operations.
    pub traits: Vec<Pattern>,
    /// Which free functions there are operations.
    pub functions: Vec<Pattern>,
    /// The place of its header, `[[registry]]`.
    pub span: Span,
}

impl RegistryRule {
    /// The registry as people say it: its files as they are written.
    pub fn shown(&self) -> String {
        let paths: Vec<String> = self.paths.iter().map(|path| format!("`{}`", path.text)).collect();
        paths.join(", ")
    }
}

/// Reads the list of all registries.
pub(super) fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<RegistryRule> {
    const HELP: &str = "write `[[registry]]`, once for each registry";
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_type("registry", value, "a list of sections", HELP);
        return Vec::new();
    };
    let mut registries = Vec::new();
    for element in list {
        match element.get_ref().as_table() {
            Some(table) => registries.push(registry(reader, table, span(&element.span()))),
            None => reader.wrong_type("registry", element, "a list of sections", HELP),
        }
    }
    registries
}

fn registry(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> RegistryRule {
    for key in table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())) {
        reader.unknown_key(key, "`[[registry]]`", KEYS);
    }
    // Empty lists name nothing; a list of wrong patterns has its own complaints.
    let says = |key: &&str| {
        table.get(*key).is_some_and(|value| value.get_ref().as_array().is_none_or(|list| !list.is_empty()))
    };
    if !says(&"paths") {
        reader.error(place, "a registry without `paths`", "say in which files operations are registered");
    }
    if !SELECTORS.iter().any(says) {
        let help = "write which items are operations, such as `traits = [\"Operation\"]`";
        reader.error(place, "a registry without `types`, `traits` or `functions`", help);
    }
    let mut patterns = |key: &str, kind| -> Vec<Pattern> {
        table.get(key).map(|value| reader.patterns(kind, key, value)).unwrap_or_default()
    };
    RegistryRule {
        paths: patterns("paths", PatternKind::Path),
        operations: patterns("operations", PatternKind::Path),
        types: patterns("types", PatternKind::Name),
        traits: patterns("traits", PatternKind::Name),
        functions: patterns("functions", PatternKind::Name),
        span: place,
    }
}

#[cfg(test)]
mod tests {
    use crate::config::testing::{LINTS, check};
    use expect_test::expect;

    #[test]
    fn a_registry_is_read() {
        let text = r#"version = 1
[[registry]]
paths = ["src/app/registry.rs"]
operations = ["src/app/operations"]
types = ["*Operation"]
traits = ["Operation"]
functions = ["run_*"]
"#;
        check(text, &expect!["fine"]);
        let registries = crate::config::parse("baton.toml", text, LINTS).unwrap().registries;
        assert_eq!(registries.len(), 1);
        assert_eq!(registries[0].shown(), "`src/app/registry.rs`");
        assert_eq!(registries[0].operations[0].text, "src/app/operations");
        let header = registries[0].span;
        assert_eq!(&text[header.start as usize..header.end as usize], "[[registry]]");
    }

    #[test]
    fn keys_are_known_and_complete() {
        check(
            r#"version = 1
[[registry]]
path = "src/app/registry.rs"
traits = ["a::Operation"]
[[registry]]
paths = ["src/app/registry.rs"]
types = []
"#,
            &expect![[r#"
                [[registry]]
                ^^^^^^^^^^^^ a registry without `paths`
                help: say in which files operations are registered
                path = "src/app/registry.rs"
                ^^^^ unknown key `path` in `[[registry]]`
                help: did you mean `paths`?
                traits = ["a::Operation"]
                          ^^^^^^^^^^^^^^ `a::Operation` is not a name
                          help: write the name alone: say where it stands with `paths` or `modules`
                [[registry]]
                ^^^^^^^^^^^^ a registry without `types`, `traits` or `functions`
                help: write which items are operations, such as `traits = ["Operation"]`
            "#]],
        );
        check(
            "version = 1\nregistry = \"src/app\"",
            &expect![[r#"
            registry = "src/app"
                       ^^^^^^^^^ `registry` must be a list of sections, not a string
                       help: write `[[registry]]`, once for each registry
        "#]],
        );
        check(
            "version = 1\nregistry = [\"src/app\"]",
            &expect![[r#"
            registry = ["src/app"]
                        ^^^^^^^^^ `registry` must be a list of sections, not a string
                        help: write `[[registry]]`, once for each registry
        "#]],
        );
    }
}
