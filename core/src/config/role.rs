//! `[[role]]`: names for parts of the project.

use super::pattern::{Pattern, PatternKind};
use super::reader::{Reader, Value, span};
use super::{BUILT_IN_ROLES, RoleRule};
use crate::source::Span;
use toml::de::DeTable;

/// The keys that say where a role holds, then those that pick its orchestrators.
pub(super) const KEYS: [&str; 8] = ["name", "paths", "modules", "crates", "types", "functions", "traits", "attributes"];
const PLACES: [&str; 3] = ["paths", "modules", "crates"];
const SELECTORS: [&str; 4] = ["types", "functions", "traits", "attributes"];
const ORCHESTRATOR: &str = "orchestrator";

/// Reads the list of all roles.
pub(super) fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<RoleRule> {
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_type("role", value, "a list of sections", "write `[[role]]`, once for each role");
        return Vec::new();
    };
    let mut tables = Vec::new();
    for element in list {
        match element.get_ref().as_table() {
            Some(table) => tables.push((table, span(&element.span()))),
            None => reader.wrong_type("role", element, "a list of sections", "write `[[role]]`, once for each role"),
        }
    }
    let roles: Vec<_> = tables.iter().map(|&(table, place)| role(reader, table, place)).collect();
    near_misses(reader, &roles);
    roles
}

/// The names of the roles that a configuration declares, whatever else is wrong with them; where it
/// declares none, those that may be inferred.
pub(super) fn names<'v>(configuration: &'v DeTable<'_>) -> Vec<&'v str> {
    let roles = configuration.get("role").and_then(|value| value.get_ref().as_array());
    let Some(roles) = roles else { return BUILT_IN_ROLES.to_vec() };
    let tables = roles.iter().filter_map(|role| role.get_ref().as_table());
    let mut names: Vec<&str> = tables.filter_map(|role| role.get("name")?.get_ref().as_str()).collect();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

fn role(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> RoleRule {
    for key in table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())) {
        reader.unknown_key(key, "`[[role]]`", KEYS);
    }
    let (name, name_span) = name(reader, table, place);
    let meant = built_in_near(&name).unwrap_or(&name);
    if !name.is_empty() && meant != ORCHESTRATOR {
        refuse_selectors(reader, table, &name);
    }
    // Empty lists name no place; a list of wrong patterns has its own complaints.
    let placed = |key: &&str| {
        table.get(*key).is_some_and(|value| value.get_ref().as_array().is_none_or(|list| !list.is_empty()))
    };
    if !PLACES.iter().any(placed) {
        reader.error(
            place,
            "a role without `paths`, `modules` or `crates`",
            "say where it holds; `paths = [\"**\"]` is everywhere",
        );
    }
    let mut patterns = |key: &str, kind| -> Vec<Pattern> {
        table.get(key).map(|value| reader.patterns(kind, key, value)).unwrap_or_default()
    };
    RoleRule {
        name,
        name_span,
        paths: patterns("paths", PatternKind::Path),
        modules: patterns("modules", PatternKind::Module),
        crates: patterns("crates", PatternKind::Crate),
        types: patterns("types", PatternKind::Name),
        functions: patterns("functions", PatternKind::Name),
        traits: patterns("traits", PatternKind::Name),
        attributes: patterns("attributes", PatternKind::Attribute),
        span: place,
    }
}

/// The role's name and its place; empty where it is missing or wrong, which has been said then.
fn name(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> (String, Span) {
    let Some(value) = table.get("name") else {
        reader.error(place, "a role without a name", built_in_names());
        return (String::new(), place);
    };
    let at = span(&value.span());
    let Some(name) = reader.text("name", value) else {
        return (String::new(), at);
    };
    if name.is_empty() || name.contains(char::is_whitespace) {
        reader.error(at, "a role's name is one word", built_in_names());
        return (String::new(), at);
    }
    (name.to_owned(), at)
}

fn built_in_names() -> String {
    let names = BUILT_IN_ROLES.map(|name| format!("`{name}`"));
    format!("built in are {}; any other word is a name of your own", names.join(", "))
}

fn refuse_selectors(reader: &mut Reader<'_>, table: &DeTable<'_>, name: &str) {
    for key in table.keys().filter(|key| SELECTORS.contains(&key.get_ref().as_ref())) {
        let message = format!("`{key}` does not belong to the role `{name}`", key = key.get_ref());
        reader.error(
            span(&key.span()),
            message,
            "it says which items are orchestrators: only the role `orchestrator` has it",
        );
    }
}

/// Own names are free, but a name that almost is a built-in one and stands only once is a slip of
/// the pen, and would turn the lints off for its files without a word.
fn near_misses(reader: &mut Reader<'_>, roles: &[RoleRule]) {
    for role in roles {
        let Some(meant) = built_in_near(&role.name) else {
            continue;
        };
        if roles.iter().filter(|other| other.name == role.name).count() == 1 {
            let help = format!("did you mean `{meant}`?");
            reader.error(role.name_span, format!("`{name}` is not a built-in role", name = role.name), help);
        }
    }
}

/// The built-in name that `name` almost is. Two edits of a name as short as `core` or `entry` lead
/// to other good names, such as `store` and `entity`.
fn built_in_near(name: &str) -> Option<&'static str> {
    let near = |known: &&str| {
        let limit = if known.len() > 8 { 2 } else { 1 };
        strsim::osa_distance(&name.to_lowercase(), known) <= limit
    };
    if name.is_empty() || BUILT_IN_ROLES.contains(&name) {
        return None;
    }
    BUILT_IN_ROLES.into_iter().find(near)
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "the update of the snapshots writes them")]
mod tests {
    use crate::config::testing::{LINTS, check};
    use expect_test::expect;

    #[test]
    fn every_kind_of_pattern_has_its_key() {
        let text = r#"version = 1
[[role]]
name = "orchestrator"
paths = ["src/application/**"]
modules = ["crate::application"]
crates = ["sqlx"]
types = ["*Service"]
functions = ["run_*"]
traits = ["UseCase"]
attributes = ["baton::orchestrator"]
[[role]]
name = "engine"
paths = ["src/engine"]
"#;
        check(text, &expect!["fine"]);
        let config = crate::config::parse("baton.toml", text, LINTS).unwrap();
        let role = &config.roles[0];
        assert!(role.selects_items());
        assert!(role.patterns().iter().all(|(_, patterns)| patterns.len() == 1));
        assert_eq!(&text[role.span.start as usize..role.span.end as usize], "[[role]]");
        assert_eq!(&text[role.name_span.start as usize..role.name_span.end as usize], "\"orchestrator\"");
        assert_eq!(config.roles[1].name, "engine");
        assert!(!config.roles[1].selects_items());
    }

    #[test]
    fn a_role_says_its_name_and_where_it_holds() {
        check(
            r#"version = 1
[[role]]
paths = ["src"]
[[role]]
name = "core"
[[role]]
name = "core"
paths = []
[[role]]
name = "two words"
paths = ["src"]
[[role]]
name = 7
crates = ["sqlx"]"#,
            &expect![[r#"
                [[role]]
                ^^^^^^^^ a role without a name
                help: built in are `core`, `shell`, `orchestrator`, `entry`; any other word is a name of your own
                [[role]]
                ^^^^^^^^ a role without `paths`, `modules` or `crates`
                help: say where it holds; `paths = ["**"]` is everywhere
                [[role]]
                ^^^^^^^^ a role without `paths`, `modules` or `crates`
                help: say where it holds; `paths = ["**"]` is everywhere
                name = "two words"
                       ^^^^^^^^^^^ a role's name is one word
                       help: built in are `core`, `shell`, `orchestrator`, `entry`; any other word is a name of your own
                name = 7
                       ^ `name` must be a string, not a whole number
                       help: write `name = "…"`
            "#]],
        );
    }

    #[test]
    fn only_orchestrators_are_picked_by_item() {
        check(
            r#"version = 1
[[role]]
name = "core"
paths = ["src"]
types = ["*"]
attributes = ["a"]
[[role]]
name = "orchestrator"
paths = ["src"]
types = ["*"]"#,
            &expect![[r#"
                types = ["*"]
                ^^^^^ `types` does not belong to the role `core`
                help: it says which items are orchestrators: only the role `orchestrator` has it
                attributes = ["a"]
                ^^^^^^^^^^ `attributes` does not belong to the role `core`
                help: it says which items are orchestrators: only the role `orchestrator` has it
            "#]],
        );
    }

    #[test]
    fn a_slip_in_a_built_in_name_is_found() {
        check(
            r#"version = 1
[[role]]
name = "orchestrators"
paths = ["a"]
types = ["*"]
[[role]]
name = "shel"
paths = ["b"]
[[role]]
name = "Core"
paths = ["c"]"#,
            &expect![[r#"
                name = "orchestrators"
                       ^^^^^^^^^^^^^^^ `orchestrators` is not a built-in role
                       help: did you mean `orchestrator`?
                name = "shel"
                       ^^^^^^ `shel` is not a built-in role
                       help: did you mean `shell`?
                name = "Core"
                       ^^^^^^ `Core` is not a built-in role
                       help: did you mean `core`?
            "#]],
        );
    }

    #[test]
    fn names_of_ones_own_are_free() {
        check(
            r#"version = 1
[[role]]
name = "store"
paths = ["a"]
[[role]]
name = "entity"
paths = ["b"]
[[role]]
name = "cores"
paths = ["c"]
[[role]]
name = "cores"
paths = ["d"]"#,
            &expect!["fine"],
        );
    }

    #[test]
    fn unknown_keys_and_wrong_types_are_found() {
        check(
            r#"version = 1
[[role]]
name = "core"
path = ["src"]
layer = 4
[[role]]
name = "shell"
paths = "src/shell"
modules = [1]"#,
            &expect![[r#"
                [[role]]
                ^^^^^^^^ a role without `paths`, `modules` or `crates`
                help: say where it holds; `paths = ["**"]` is everywhere
                path = ["src"]
                ^^^^ unknown key `path` in `[[role]]`
                help: did you mean `paths`?
                layer = 4
                ^^^^^ unknown key `layer` in `[[role]]`
                help: known here: `name`, `paths`, `modules`, `crates`, `types`, `functions`, `traits`, `attributes`
                paths = "src/shell"
                        ^^^^^^^^^^^ `paths` must be a list of strings, not a string
                        help: write `paths = ["src/shell"]`
                modules = [1]
                           ^ `modules` holds strings, not a whole number
                           help: write each element in quotes
            "#]],
        );
        check(
            "version = 1\n[role]\nname = \"core\"\n",
            &expect![[r#"
            [role]
            ^^^^^^ `role` must be a list of sections, not a table
            help: write `[[role]]`, once for each role
        "#]],
        );
        check(
            "version = 1\nrole = [1]\n",
            &expect![[r#"
            role = [1]
                    ^ `role` must be a list of sections, not a whole number
                    help: write `[[role]]`, once for each role
        "#]],
        );
    }

    #[test]
    fn every_wrong_pattern_is_found() {
        check(
            r#"version = 1
[[role]]
name = "orchestrator"
paths = ["/src", "src/../x", "src/[a", "src"]
modules = ["src/core", "crate::core"]
crates = ["sqlx::Pool", "sqlx"]
types = ["crate::A", "A"]"#,
            &expect![[r#"
                paths = ["/src", "src/../x", "src/[a", "src"]
                         ^^^^^^ an absolute path
                         help: paths are relative to the project's root, without a leading `/`
                                 ^^^^^^^^^^ `..` leads out of the project
                                 help: paths are relative to the project's root; move the file up instead
                                             ^^^^^^^^ bad glob: unclosed character class; missing ']'
                                             help: `?`, `*`, `**`, `[ab]` and `{a,b}` are special; write `[*]` for a plain `*`
                modules = ["src/core", "crate::core"]
                           ^^^^^^^^^^ `src/core` is not a module path
                           help: files are named by `paths`; modules are written `crate::core`
                crates = ["sqlx::Pool", "sqlx"]
                          ^^^^^^^^^^^^ `sqlx::Pool` is not the name of a package
                          help: write it as in `Cargo.toml`, with `*` for any characters: `aws-sdk-*`
                types = ["crate::A", "A"]
                         ^^^^^^^^^^ `crate::A` is not a name
                         help: write the name alone: say where it stands with `paths` or `modules`
            "#]],
        );
    }
}
