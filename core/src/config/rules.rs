//! `[rules]`: the level and the options of each lint.

use super::mention::{self, Mention, MentionKind};
use super::pattern::PatternKind;
use super::reader::{Key, Reader, Value, span};
use super::{RuleConfig, suggest};
use crate::finding::Level;
use crate::lint::{Lint, OptionDefault, OptionValue};
use std::collections::BTreeMap;

const LEVELS: [Level; 3] = [Level::Allow, Level::Warn, Level::Deny];

/// Reads the section. `roles` are the names of the declared roles.
pub(super) fn read(
    reader: &mut Reader<'_>,
    value: &Value<'_>,
    lints: &[&Lint],
    roles: &[&str],
) -> BTreeMap<String, RuleConfig> {
    let mut rules = BTreeMap::new();
    let Some(table) = reader.table("rules", value) else {
        return rules;
    };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        if let Some(lint) = lints.iter().find(|lint| lint.name == name) {
            rules.insert(name.to_owned(), rule(reader, lint, roles, key, value));
        } else {
            let help = suggest::help(name, lints.iter().map(|lint| lint.name));
            reader.error(span(&key.span()), format!("unknown rule `{name}`"), help);
        }
    }
    rules
}

fn rule(reader: &mut Reader<'_>, lint: &Lint, roles: &[&str], key: &Key<'_>, value: &Value<'_>) -> RuleConfig {
    let mut rule = RuleConfig { span: span(&key.span()), ..RuleConfig::default() };
    if value.get_ref().is_str() {
        rule.level = level(reader, lint.name, value);
        return rule;
    }
    let Some(table) = value.get_ref().as_table() else {
        let help = format!("write `{name} = \"warn\"` or `{name} = {{ level = \"warn\" }}`", name = lint.name);
        reader.wrong_type(lint.name, value, "a level or a table", &help);
        return rule;
    };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        if name == "level" {
            rule.level = level(reader, name, value);
        } else if let Some(spec) = lint.options.iter().find(|spec| spec.name == name) {
            let value = option(reader, name, spec.default, roles, value, &mut rule.mentions);
            rule.options.extend(value.map(|value| (name.to_owned(), value)));
        } else {
            let known = std::iter::once("level").chain(lint.options.iter().map(|spec| spec.name));
            reader.unknown_key(key, &format!("the rule `{}`", lint.name), known);
        }
    }
    rule
}

/// Crates or paths that an option speaks of, each with its place.
fn mentions(reader: &mut Reader<'_>, key: &str, kind: MentionKind, value: &Value<'_>) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for (text, span) in reader.texts(key, value) {
        if let Err(error) = mention::check(kind, text) {
            reader.error(span, error.message, error.help);
        } else if found.iter().any(|other| other.text == text) {
            reader.error(span, format!("`{text}` stands twice in `{key}`"), "remove one of the two");
        } else {
            found.push(Mention { text: text.to_owned(), span, kind });
        }
    }
    found
}

fn level(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Option<Level> {
    let Some(word) = value.get_ref().as_str() else {
        reader.wrong_type(key, value, "a level", "write `\"allow\"`, `\"warn\"` or `\"deny\"`");
        return None;
    };
    let level = Level::from_name(word);
    if level.is_none() {
        let help = suggest::help(word, LEVELS.map(Level::name));
        reader.error(span(&value.span()), format!("unknown level `{word}`"), help);
    }
    level
}

fn option(
    reader: &mut Reader<'_>,
    key: &str,
    default: OptionDefault,
    roles: &[&str],
    value: &Value<'_>,
    mentioned: &mut Vec<Mention>,
) -> Option<OptionValue> {
    match default {
        OptionDefault::Crates(_) | OptionDefault::Paths(_) => {
            let is_crate = matches!(default, OptionDefault::Crates(_));
            let kind = if is_crate { MentionKind::Crate } else { MentionKind::Path };
            let found = mentions(reader, key, kind, value);
            let texts = found.iter().map(|one| one.text.clone()).collect();
            mentioned.extend(found);
            Some(OptionValue::Texts(texts))
        }
        OptionDefault::Number(_) => number(reader, key, value).map(OptionValue::Number),
        OptionDefault::Switch(_) => {
            let on = value.get_ref().as_bool();
            if on.is_none() {
                reader.wrong_type(key, value, "`true` or `false`", "");
            }
            on.map(OptionValue::Switch)
        }
        OptionDefault::Names(_) => {
            let names = reader.patterns(PatternKind::Name, key, value);
            Some(OptionValue::Texts(names.into_iter().map(|name| name.text).collect()))
        }
        OptionDefault::Roles(_) => Some(OptionValue::Texts(role_names(reader, key, roles, value))),
        OptionDefault::Choice(words) => {
            let word = reader.text(key, value)?;
            if words.contains(&word) {
                return Some(OptionValue::Word(word.to_owned()));
            }
            let help = suggest::help(word, words.iter().copied());
            reader.error(span(&value.span()), format!("`{word}` is not a choice of `{key}`"), help);
            None
        }
    }
}

/// Names of roles. A list of none would switch the rule off without saying so.
fn role_names(reader: &mut Reader<'_>, key: &str, roles: &[&str], value: &Value<'_>) -> Vec<String> {
    let texts = reader.texts(key, value);
    if value.get_ref().as_array().is_some_and(|list| list.is_empty()) {
        let help = "name a role, leave the option out, or set the rule's level to `allow`";
        reader.error(span(&value.span()), format!("`{key}` names no role, so the rule would judge nothing"), help);
    }
    let mut found: Vec<String> = Vec::new();
    for (name, place) in texts {
        if !roles.contains(&name) {
            reader.error(place, format!("there is no role `{name}`"), suggest::help(name, roles.iter().copied()));
        } else if found.iter().any(|other| other == name) {
            reader.error(place, format!("`{name}` stands twice in `{key}`"), "remove one of the two");
        } else {
            found.push(name.to_owned());
        }
    }
    found
}

fn number(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Option<u32> {
    let Some(integer) = value.get_ref().as_integer() else {
        reader.wrong_type(key, value, "a whole number", "");
        return None;
    };
    let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
    if number.is_none() {
        reader.error(span(&value.span()), format!("`{key}` must be from 0 to {}", u32::MAX), "");
    }
    number
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "the update of the snapshots writes them")]
mod tests {
    use super::*;
    use crate::config::testing::{LINTS, check};
    use expect_test::expect;

    #[test]
    fn a_rule_is_a_level_or_a_table() {
        let text = r#"version = 1
[rules]
impure-core = "warn"
too-many-dependencies = { level = "deny", max = 0x10, count-telemetry = false }
core-imports-shell = { indirect = "module", allow = ["a", "b"] }
"#;
        check(text, &expect!["fine"]);
        let config = crate::config::parse("baton.toml", text, LINTS).unwrap();
        assert_eq!(config.rules["impure-core"].level, Some(Level::Warn));
        let counted = &config.rules["too-many-dependencies"];
        assert_eq!(counted.level, Some(Level::Deny));
        assert_eq!(counted.options["max"], OptionValue::Number(16));
        assert_eq!(counted.options["count-telemetry"], OptionValue::Switch(false));
        let imports = &config.rules["core-imports-shell"];
        assert_eq!(imports.level, None);
        assert_eq!(imports.options["indirect"], OptionValue::Word("module".to_owned()));
        assert_eq!(imports.options["allow"], OptionValue::Texts(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(&text[imports.span.start as usize..imports.span.end as usize], "core-imports-shell");
    }

    #[test]
    fn unknown_rules_and_levels_are_found() {
        check(
            r#"version = 1
[rules]
impure-cor = "warn"
fat-controller = "warn"
impure-core = "warning"
too-many-dependencies = "error"
core-imports-shell = 3"#,
            &expect![[r#"
                impure-cor = "warn"
                ^^^^^^^^^^ unknown rule `impure-cor`
                help: did you mean `impure-core`?
                fat-controller = "warn"
                ^^^^^^^^^^^^^^ unknown rule `fat-controller`
                help: known here: `impure-core`, `too-many-dependencies`, `core-imports-shell`
                impure-core = "warning"
                              ^^^^^^^^^ unknown level `warning`
                              help: did you mean `warn`?
                too-many-dependencies = "error"
                                        ^^^^^^^ unknown level `error`
                                        help: known here: `allow`, `warn`, `deny`
                core-imports-shell = 3
                                     ^ `core-imports-shell` must be a level or a table, not a whole number
                                     help: write `core-imports-shell = "warn"` or `core-imports-shell = { level = "warn" }`
            "#]],
        );
    }

    #[test]
    fn options_have_the_type_of_their_default() {
        check(
            r#"version = 1
[rules.too-many-dependencies]
level = 2
max = "4"
maxi = 3
count-telemetry = "no"
[rules.core-imports-shell]
indirect = "modul"
names = ["a::b", "*_at"]
allow = "a"
crates = ["a::b", "c", "c"]
[rules.impure-core]
allow = ["a"]"#,
            &expect![[r#"
                level = 2
                        ^ `level` must be a level, not a whole number
                        help: write `"allow"`, `"warn"` or `"deny"`
                max = "4"
                      ^^^ `max` must be a whole number, not a string
                maxi = 3
                ^^^^ unknown key `maxi` in the rule `too-many-dependencies`
                help: did you mean `max`?
                count-telemetry = "no"
                                  ^^^^ `count-telemetry` must be `true` or `false`, not a string
                indirect = "modul"
                           ^^^^^^^ `modul` is not a choice of `indirect`
                           help: did you mean `module`?
                names = ["a::b", "*_at"]
                         ^^^^^^ `a::b` is not a name
                         help: write the name alone: say where it stands with `paths` or `modules`
                allow = "a"
                        ^^^ `allow` must be a list of strings, not a string
                        help: write `allow = ["a"]`
                crates = ["a::b", "c", "c"]
                          ^^^^^^ `a::b` is not the name of a crate
                          help: write the name alone, as `Cargo.toml` does
                                       ^^^ `c` stands twice in `crates`
                                       help: remove one of the two
                allow = ["a"]
                ^^^^^ unknown key `allow` in the rule `impure-core`
                help: known here: `level`
            "#]],
        );
    }

    #[test]
    fn names_of_roles_are_declared() {
        check(
            r#"version = 1
[[role]]
name = "shell"
paths = ["src/shell"]
[[role]]
name = "engine"
paths = ["src/engine"]
[rules]
core-imports-shell.targets = ["shell", "engin", "adapter"]"#,
            &expect![[r#"
                core-imports-shell.targets = ["shell", "engin", "adapter"]
                                                       ^^^^^^^ there is no role `engin`
                                                       help: did you mean `engine`?
                                                                ^^^^^^^^^ there is no role `adapter`
                                                                help: known here: `shell`, `engine`
            "#]],
        );
        check("version = 1\n[rules]\ncore-imports-shell.targets = [\"shell\"]", &expect!["fine"]);
        check(
            "version = 1\n[rules]\ncore-imports-shell.targets = [\"shell\", \"shell\"]",
            &expect![[r#"
            core-imports-shell.targets = ["shell", "shell"]
                                                   ^^^^^^^ `shell` stands twice in `targets`
                                                   help: remove one of the two
        "#]],
        );
        check(
            "version = 1\n[rules]\ncore-imports-shell.targets = []",
            &expect![[r#"
            core-imports-shell.targets = []
                                         ^^ `targets` names no role, so the rule would judge nothing
                                         help: name a role, leave the option out, or set the rule's level to `allow`
        "#]],
        );
    }

    #[test]
    fn numbers_are_whole_and_not_negative() {
        check(
            "version = 1\n[rules]\ntoo-many-dependencies.max = -1",
            &expect![[r#"
            too-many-dependencies.max = -1
                                        ^^ `max` must be from 0 to 4294967295
        "#]],
        );
        check(
            "version = 1\n[rules]\ntoo-many-dependencies.max = 4294967296",
            &expect![[r#"
            too-many-dependencies.max = 4294967296
                                        ^^^^^^^^^^ `max` must be from 0 to 4294967295
        "#]],
        );
        check(
            "version = 1\n[rules]\ntoo-many-dependencies.max = 4.0",
            &expect![[r#"
            too-many-dependencies.max = 4.0
                                        ^^^ `max` must be a whole number, not a fraction
        "#]],
        );
        check("version = 1\n[rules]\ntoo-many-dependencies.max = 4294967295", &expect!["fine"]);
    }

    #[test]
    fn a_rule_that_stands_twice_is_found() {
        check(
            "version = 1\n[rules]\nimpure-core = \"warn\"\nimpure-core = \"deny\"",
            &expect![[r#"
            impure-core = "deny"
            ^^^^^^^^^^^ not valid TOML: duplicate key
        "#]],
        );
    }

    #[test]
    fn the_section_is_a_table() {
        check(
            "version = 1\nrules = [\"impure-core\"]",
            &expect![[r#"
            rules = ["impure-core"]
                    ^^^^^^^^^^^^^^^ `rules` must be a section, not a list
                    help: write `[rules]`
        "#]],
        );
    }
}
