//! `[[folder]]`: what holds in a folder.

use super::pattern::{Pattern, PatternKind};
use super::reader::{Reader, Value, span};
use super::suggest;
use crate::source::Span;
use toml::de::DeTable;

const KEYS: [&str; 2] = ["path", "transaction"];
/// The keys that the format has, but this version does nothing with.
const NOT_ENFORCED: [&str; 5] = ["layer", "purpose", "belongs", "forbidden", "requires"];

/// One `[[folder]]`.
#[derive(Clone, Debug)]
pub struct FolderRule {
    /// The files that it speaks of.
    pub path: Pattern,
    /// Who begins and ends transactions there.
    pub transaction: TransactionRule,
    /// The place of its header, `[[folder]]`.
    pub span: Span,
}

/// Whether code may begin and end transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionRule {
    /// It may: the transactions are its own.
    Owner,
    /// It may not.
    Forbidden,
}

impl TransactionRule {
    const ALL: [Self; 2] = [Self::Owner, Self::Forbidden];

    /// The word for it in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Forbidden => "forbidden",
        }
    }
}

/// Reads the list of all folders.
pub(super) fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<FolderRule> {
    const HELP: &str = "write `[[folder]]`, once for each folder";
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_type("folder", value, "a list of sections", HELP);
        return Vec::new();
    };
    let mut folders: Vec<FolderRule> = Vec::new();
    for element in list {
        let Some(table) = element.get_ref().as_table() else {
            reader.wrong_type("folder", element, "a list of sections", HELP);
            continue;
        };
        let Some(folder) = folder(reader, table, span(&element.span())) else { continue };
        if folders.iter().any(|other| other.path.normal == folder.path.normal) {
            let message = format!("`{}` has a section already", folder.path.text);
            reader.error(folder.path.span, message, "say it all in one");
        }
        folders.push(folder);
    }
    folders
}

fn folder(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> Option<FolderRule> {
    for key in table.keys() {
        match key.get_ref().as_ref() {
            name if KEYS.contains(&name) => {}
            name if NOT_ENFORCED.contains(&name) => {
                let message = format!("`{name}` is not enforced by this version, and nothing is ignored silently");
                reader.error(span(&key.span()), message, "remove the key");
            }
            _ => reader.unknown_key(key, "`[[folder]]`", KEYS),
        }
    }
    if !table.contains_key("path") {
        reader.error(place, "a folder without `path`", "write `path = \"src/shell/orchestrators\"`");
    }
    if !table.contains_key("transaction") {
        reader.error(place, "a folder of which nothing is said", "write `transaction = \"owner\"`, or remove it");
    }
    let path = table.get("path").and_then(|value| reader.pattern(PatternKind::Path, "path", value));
    let transaction = table.get("transaction").and_then(|value| transaction(reader, value));
    Some(FolderRule { path: path?, transaction: transaction?, span: place })
}

fn transaction(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<TransactionRule> {
    let word = reader.text("transaction", value)?;
    let rule = TransactionRule::ALL.into_iter().find(|rule| rule.name() == word);
    if rule.is_none() {
        let help = suggest::help(word, TransactionRule::ALL.map(TransactionRule::name));
        reader.error(span(&value.span()), format!("`{word}` is not a choice of `transaction`"), help);
    }
    rule
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{LINTS, check};
    use expect_test::expect;

    #[test]
    fn a_folder_is_read() {
        let text = r#"version = 1
[[folder]]
path = "src/shell/orchestrators"
transaction = "owner"
[[folder]]
path = "src/**/repositories"
transaction = "forbidden"
"#;
        check(text, &expect!["fine"]);
        let folders = crate::config::parse("baton.toml", text, LINTS).unwrap().folders;
        let rules: Vec<_> = folders.iter().map(|folder| (folder.path.text.as_str(), folder.transaction)).collect();
        let expected =
            [("src/shell/orchestrators", TransactionRule::Owner), ("src/**/repositories", TransactionRule::Forbidden)];
        assert_eq!(rules, expected);
        let header = folders[0].span;
        assert_eq!(&text[header.start as usize..header.end as usize], "[[folder]]");
    }

    #[test]
    fn keys_are_known_and_complete() {
        check(
            r#"version = 1
[[folder]]
paths = ["src"]
transaction = "onwer"
[[folder]]
path = ["src"]
transaction = true
[[folder]]
path = "src/"
[[folder]]
path = "/src"
transaction = "all"
"#,
            &expect![[r#"
                [[folder]]
                ^^^^^^^^^^ a folder without `path`
                help: write `path = "src/shell/orchestrators"`
                paths = ["src"]
                ^^^^^ unknown key `paths` in `[[folder]]`
                help: did you mean `path`?
                transaction = "onwer"
                              ^^^^^^^ `onwer` is not a choice of `transaction`
                              help: did you mean `owner`?
                path = ["src"]
                       ^^^^^^^ `path` must be a string, not a list
                       help: write `path = "…"`
                transaction = true
                              ^^^^ `transaction` must be a string, not a switch
                              help: write `transaction = "…"`
                [[folder]]
                ^^^^^^^^^^ a folder of which nothing is said
                help: write `transaction = "owner"`, or remove it
                path = "/src"
                       ^^^^^^ an absolute path
                       help: paths are relative to the project's root, without a leading `/`
                transaction = "all"
                              ^^^^^ `all` is not a choice of `transaction`
                              help: known here: `owner`, `forbidden`
            "#]],
        );
        check(
            "version = 1\nfolder = \"src\"",
            &expect![[r#"
            folder = "src"
                     ^^^^^ `folder` must be a list of sections, not a string
                     help: write `[[folder]]`, once for each folder
        "#]],
        );
        check(
            "version = 1\nfolder = [\"src\"]",
            &expect![[r#"
            folder = ["src"]
                      ^^^^^ `folder` must be a list of sections, not a string
                      help: write `[[folder]]`, once for each folder
        "#]],
        );
    }

    #[test]
    fn a_folder_stands_once() {
        check(
            r#"version = 1
[[folder]]
path = "src/app"
transaction = "owner"
[[folder]]
path = "./src/app/"
transaction = "forbidden"
"#,
            &expect![[r#"
                path = "./src/app/"
                       ^^^^^^^^^^^^ `./src/app/` has a section already
                       help: say it all in one
            "#]],
        );
    }

    #[test]
    fn what_only_the_inventory_will_use_is_not_ignored() {
        check(
            r#"version = 1
[[folder]]
path = "src/app"
layer = "L4"
purpose = "Sole entry to execution."
transaction = "owner"
"#,
            &expect![[r#"
                layer = "L4"
                ^^^^^ `layer` is not enforced by this version, and nothing is ignored silently
                help: remove the key
                purpose = "Sole entry to execution."
                ^^^^^^^ `purpose` is not enforced by this version, and nothing is ignored silently
                help: remove the key
            "#]],
        );
    }
}
