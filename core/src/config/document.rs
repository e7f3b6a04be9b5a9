//! The whole text: a `baton.toml`, or the part of a `Cargo.toml` that says the same.

use super::layers::{Layers, missing_version};
use super::pattern::PatternKind;
use super::reader::{Key, Reader, Value, span};
use super::{Config, ConfigError, contract, domains, folder, inventory, overrides, registry, role, rules};
use crate::lint::Lint;
use crate::source::Span;
use toml::de::{DeTable, DeValue};

/// The keys of `[source]`.
pub(super) const SOURCE_KEYS: [&str; 1] = ["exclude"];
/// The keys at the top of a configuration.
pub(super) const KEYS: [&str; 11] = [
    "version",
    "extends",
    "source",
    "role",
    "domains",
    "contract",
    "folder",
    "registry",
    "inventory",
    "rules",
    "override",
];

/// Reads the text of a `baton.toml`, which may extend presets, and no files. `path` goes into the result
/// and its errors, `lints` are the rules that exist.
///
/// # Errors
///
/// Everything that is wrong with the text, in its order.
pub fn parse(path: &str, text: &str, lints: &[&Lint]) -> Result<Config, Vec<ConfigError>> {
    Layers::new(path, text).read(lints)
}

/// Begins to read `[workspace.metadata.baton]` or `[package.metadata.baton]` from the text of a
/// `Cargo.toml`, which holds the same keys as a `baton.toml`; `None` if it has neither. The places
/// are those in the manifest.
///
/// # Errors
///
/// The manifest is no TOML, or has both.
pub fn open_metadata(path: &str, manifest_text: &str) -> Result<Option<Layers>, Vec<ConfigError>> {
    // Most manifests say nothing to us, and one that is broken is somebody else's to report.
    if !manifest_text.contains("baton") {
        return Ok(None);
    }
    let mut reader = Reader::new(path);
    let Some(manifest) = document(&mut reader, manifest_text, 0) else {
        return Err(reader.into_errors());
    };
    let [workspace, package] = ["workspace", "package"].map(|section| Some((section, metadata(&manifest, section)?)));
    let Some((section, (_, value))) = workspace.or(package) else {
        return Ok(None);
    };
    if let (Some(_), Some((_, (second, _)))) = (workspace, package) {
        let help = "keep `[workspace.metadata.baton]`";
        reader.error(span(&second.span()), "the configuration stands twice in this manifest", help);
    }
    reader.table(&format!("{section}.metadata.baton"), value);
    let errors = reader.into_errors();
    if errors.is_empty() { Ok(Some(Layers::of_manifest(path, manifest_text, section))) } else { Err(errors) }
}

/// The table in the metadata of a manifest, and the place of its key.
pub(super) fn parse_table<'i>(
    reader: &mut Reader<'_>,
    manifest_text: &'i str,
    section: &str,
) -> Option<(DeTable<'i>, Span)> {
    let mut manifest = document(reader, manifest_text, 0)?;
    let (_, section) = manifest.remove_entry(section)?;
    let DeValue::Table(mut section) = section.into_inner() else { return None };
    let (_, metadata) = section.remove_entry("metadata")?;
    let DeValue::Table(mut metadata) = metadata.into_inner() else { return None };
    let (key, table) = metadata.remove_entry("baton")?;
    let DeValue::Table(table) = table.into_inner() else { return None };
    Some((table, span(&key.span())))
}

/// The table of a text; `None` if it is no TOML, which has been said then. Past the first
/// error of syntax nothing in the text is certain, so the parser's other guesses are left out.
/// `base` is where the text's positions begin.
pub(super) fn document<'i>(reader: &mut Reader<'_>, text: &'i str, base: u32) -> Option<DeTable<'i>> {
    match DeTable::parse(text) {
        Ok(table) => Some(table.into_inner()),
        Err(error) => {
            let place = error.span().map(|range| span(&range)).unwrap_or_default();
            let place = Span::new(place.start + base, place.end + base);
            reader.error(place, format!("not valid TOML: {}", error.message()), "");
            None
        }
    }
}

fn metadata<'t, 'i>(manifest: &'t DeTable<'i>, section: &str) -> Option<(&'t Key<'i>, &'t Value<'i>)> {
    let tables = manifest.get(section)?.get_ref().as_table()?;
    tables.get("metadata")?.get_ref().as_table()?.get_key_value("baton")
}

/// Reads the keys of a configuration. `start` is the place to complain of what is missing.
pub(super) fn config(reader: &mut Reader<'_>, path: &str, table: &DeTable<'_>, start: Span, lints: &[&Lint]) -> Config {
    let mut config = Config { path: path.to_owned(), ..Config::default() };
    if !table.contains_key("version") {
        missing_version(reader, start);
    }
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "version" => version(reader, value),
            // What it names has been read, and is part of the table.
            "extends" => {}
            "source" => config.exclude = source(reader, value),
            "role" => config.roles = role::read(reader, value),
            "contract" => config.contracts = contract::read(reader, value),
            "domains" => config.domains = domains::read(reader, value),
            "folder" => config.folders = folder::read(reader, value),
            "registry" => config.registries = registry::read(reader, value),
            "inventory" => config.inventory = inventory::read(reader, value),
            "rules" => config.rules = rules::read(reader, value, lints, &role::names(table)),
            "override" => config.overrides = overrides::read(reader, value, lints, &role::names(table)),
            _ => reader.unknown_key(key, "the configuration", KEYS),
        }
    }
    folder::check(reader, &config, lints);
    config
}

/// Complains about a version of the format that this program doesn't know.
pub(super) fn version(reader: &mut Reader<'_>, value: &Value<'_>) {
    match value.get_ref() {
        DeValue::Integer(number) if number.as_str() == "1" => {}
        DeValue::Integer(number) => {
            let message = format!("version {number} of the format is unknown");
            reader.error(span(&value.span()), message, "this program reads `version = 1`");
        }
        _ => reader.wrong_type("version", value, "a whole number", "write `version = 1`"),
    }
}

fn source(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<super::Pattern> {
    let mut exclude = Vec::new();
    let Some(table) = reader.table("source", value) else {
        return exclude;
    };
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "exclude" => exclude = reader.patterns(PatternKind::Path, "exclude", value),
            _ => reader.unknown_key(key, "`[source]`", SOURCE_KEYS),
        }
    }
    exclude
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "the update of the snapshots writes them")]
mod tests {
    use super::*;
    use crate::config::testing::{LINTS, check, render};
    use expect_test::{Expect, expect};

    const WHOLE: &str = r#"version = 1

[source]
exclude = ["**/generated/**"]

[[role]]
name = "core"
paths = ["src/core/**"]
modules = ["crate::core"]

[[role]]
name = "orchestrator"
paths = ["src/shell/orchestrators/**"]
types = ["*Orchestrator"]

[rules]
too-many-dependencies = { level = "deny", max = 4 }
"#;

    fn read_metadata(manifest: &str) -> Result<Option<Config>, Vec<ConfigError>> {
        open_metadata("Cargo.toml", manifest)?.map(|layers| layers.read(LINTS)).transpose()
    }

    #[track_caller]
    fn check_manifest(manifest: &str, expected: &Expect) {
        expected.assert_eq(&match read_metadata(manifest) {
            Ok(None) => "no configuration".to_owned(),
            Ok(Some(config)) => {
                format!("{} roles, {} rules", config.roles.len(), config.rules.len())
            }
            Err(errors) => render(manifest, &errors),
        });
    }

    #[test]
    fn a_whole_file_is_read() {
        let config = parse("baton.toml", WHOLE, LINTS).unwrap();
        assert_eq!(config.path, "baton.toml");
        assert_eq!(config.exclude.len(), 1);
        assert!(config.exclude[0].matches("src/generated/a.rs"));
        let pattern = config.exclude[0].span;
        assert_eq!(&WHOLE[pattern.start as usize..pattern.end as usize], "\"**/generated/**\"");
        assert_eq!(config.roles.iter().map(|role| role.name.as_str()).collect::<Vec<_>>(), ["core", "orchestrator"]);
        assert_eq!(config.rules.len(), 1);
    }

    #[test]
    fn a_byte_order_mark_moves_every_place() {
        let text = format!("\u{feff}{WHOLE}");
        let config = parse("baton.toml", &text, LINTS).unwrap();
        let name = config.roles[0].name_span;
        assert_eq!(&text[name.start as usize..name.end as usize], "\"core\"");
        check(
            "\u{feff}version = 2",
            &expect![[r#"
            version = 2
                       ^ version 2 of the format is unknown
                       help: this program reads `version = 1`
        "#]],
        );
    }

    #[test]
    fn the_version_is_said_and_known() {
        check(
            "",
            &expect![[r#"

            ^ the version of the format is missing
            help: begin with `version = 1`
        "#]],
        );
        check(
            "# nothing yet\n[rules]",
            &expect![[r#"
            # nothing yet
            ^ the version of the format is missing
            help: begin with `version = 1`
        "#]],
        );
        check(
            "version = 2",
            &expect![[r#"
            version = 2
                      ^ version 2 of the format is unknown
                      help: this program reads `version = 1`
        "#]],
        );
        check(
            "version = \"1\"",
            &expect![[r#"
            version = "1"
                      ^^^ `version` must be a whole number, not a string
                      help: write `version = 1`
        "#]],
        );
        check("version = 1", &expect!["fine"]);
    }

    #[test]
    fn unknown_keys_are_found_at_every_level() {
        check(
            r#"version = 1
roles = []
colour = "red"
source.excludes = []
[rules]"#,
            &expect![[r#"
                roles = []
                ^^^^^ unknown key `roles` in the configuration
                help: did you mean `role`?
                colour = "red"
                ^^^^^^ unknown key `colour` in the configuration
                help: known here: `version`, `extends`, `source`, `role`, `domains`, `contract`, `folder`, `registry`, `inventory`, `rules`, `override`
                source.excludes = []
                       ^^^^^^^^ unknown key `excludes` in `[source]`
                       help: did you mean `exclude`?
            "#]],
        );
        check(
            "version = 1\nsource = 1",
            &expect![[r#"
            source = 1
                     ^ `source` must be a section, not a whole number
                     help: write `[source]`
        "#]],
        );
    }

    #[test]
    fn syntax_is_said_once_at_its_place() {
        check(
            "version = 1\n[source\nexclude = []",
            &expect![[r#"
            [source
                   ^ not valid TOML: unclosed table, expected `]`
        "#]],
        );
        check(
            "version = 1\nversion = 1",
            &expect![[r#"
            version = 1
            ^^^^^^^ not valid TOML: duplicate key
        "#]],
        );
        check(
            "version = ",
            &expect![[r#"
            version = 
                      ^ not valid TOML: string values must be quoted, expected literal string
        "#]],
        );
    }

    #[test]
    fn all_errors_come_at_once_in_the_order_of_the_text() {
        check(
            r#"version = 3
[rules]
impure-core = "loud"
[[role]]
name = "core"
paths = ["/"]
[sauce]"#,
            &expect![[r#"
                version = 3
                          ^ version 3 of the format is unknown
                          help: this program reads `version = 1`
                impure-core = "loud"
                              ^^^^^^ unknown level `loud`
                              help: known here: `allow`, `warn`, `deny`
                paths = ["/"]
                         ^^^ an absolute path
                         help: paths are relative to the project's root, without a leading `/`
                [sauce]
                 ^^^^^ unknown key `sauce` in the configuration
                 help: known here: `version`, `extends`, `source`, `role`, `domains`, `contract`, `folder`, `registry`, `inventory`, `rules`, `override`
            "#]],
        );
    }

    #[test]
    fn a_manifest_may_hold_the_configuration() {
        check_manifest("[package]\nname = \"a\"", &expect!["no configuration"]);
        check_manifest("[package]\nname = \"baton\"\n[dependencies]\nbaton = \"1\"", &expect!["no configuration"]);
        check_manifest(
            r#"[workspace.metadata.baton]
version = 1
[[workspace.metadata.baton.role]]
name = "core"
paths = ["core"]
[workspace.metadata.baton.rules]
impure-core = "warn""#,
            &expect!["1 roles, 1 rules"],
        );
        check_manifest(
            "[package.metadata.baton]\nversion = 1\nrules.impure-core = \"warn\"",
            &expect!["0 roles, 1 rules"],
        );
    }

    #[test]
    fn a_manifest_is_held_to_the_same_rules() {
        check_manifest(
            r#"[package]
name = "a"
[package.metadata.baton]
rules.impure-cor = "warn"
contract = []"#,
            &expect![[r#"
                [package.metadata.baton]
                                  ^^^^^ the version of the format is missing
                                  help: begin with `version = 1`
                rules.impure-cor = "warn"
                      ^^^^^^^^^^ unknown rule `impure-cor`
                      help: did you mean `impure-core`?
            "#]],
        );
        check_manifest(
            "[workspace.metadata]\nbaton = 1",
            &expect![[r#"
            baton = 1
                    ^ `workspace.metadata.baton` must be a section, not a whole number
                    help: write `[workspace.metadata.baton]`
        "#]],
        );
        check_manifest(
            "[workspace.metadata.baton]\nversion = 1\n[package.metadata.baton]\nversion = 1",
            &expect![[r#"
                [package.metadata.baton]
                                  ^^^^^ the configuration stands twice in this manifest
                                  help: keep `[workspace.metadata.baton]`
            "#]],
        );
        check_manifest(
            "[workspace.metadata.baton]\nversion = ",
            &expect![[r#"
            version = 
                      ^ not valid TOML: string values must be quoted, expected literal string
        "#]],
        );
    }

    #[test]
    fn damaged_texts_give_errors_with_a_place_in_the_text() {
        let check = |text: &str| {
            for error in parse("baton.toml", text, LINTS).err().into_iter().flatten() {
                let range = error.span.start as usize..error.span.end as usize;
                assert!(text.get(range).is_some(), "{error:?} on {text}");
                assert!(!error.message.is_empty());
            }
        };
        for (at, letter) in WHOLE.char_indices() {
            let (before, after) = (&WHOLE[..at], &WHOLE[at + letter.len_utf8()..]);
            check(before);
            check(&format!("{before}{after}"));
            for other in ["\"", "[", "ß"] {
                check(&format!("{before}{other}{after}"));
            }
        }
    }
}
