//! `[[folder]]`: what holds in a folder, and what its page says of it.

use super::pattern::{Pattern, PatternKind};
use super::reader::{Reader, Value, span};
use super::{Config, suggest};
use crate::finding::Level;
use crate::lint::Lint;
use crate::source::Span;
use toml::de::DeTable;

pub(super) const KEYS: [&str; 9] =
    ["path", "title", "layer", "purpose", "belongs", "forbidden", "transaction", "requires", "paired"];
pub(super) const FORBIDDEN_KEYS: [&str; 3] = ["text", "rule", "contract"];
pub(super) const REQUIRED_KEYS: [&str; 4] = ["text", "what", "rule", "contract"];
pub(super) const PAIRED_KEYS: [&str; 2] = ["role", "layer"];

/// One `[[folder]]`.
#[derive(Clone, Debug)]
pub struct FolderRule {
    /// The folders that it speaks of; for transactions it may also be a file.
    pub path: Pattern,
    /// What the folder is called.
    pub title: Option<String>,
    /// The layer that it is.
    pub layer: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// What belongs there.
    pub belongs: Vec<String>,
    /// What must not be there.
    pub forbidden: Vec<Forbidden>,
    /// Who begins and ends transactions there, if that is said.
    pub transaction: Option<TransactionRule>,
    /// What has to be there.
    pub requires: Vec<Requirement>,
    /// The role of the code that is wired to this folder's files, if one is of interest.
    pub paired: Option<Paired>,
    /// The place of its header, `[[folder]]`.
    pub span: Span,
}

impl FolderRule {
    /// Whether it says more than who owns transactions, and so speaks of a page.
    pub const fn describes(&self) -> bool {
        self.title.is_some()
            || self.layer.is_some()
            || self.purpose.is_some()
            || self.paired.is_some()
            || !self.belongs.is_empty()
            || !self.forbidden.is_empty()
            || !self.requires.is_empty()
    }
}

/// What must not be in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// In words.
    pub text: String,
    /// What holds it; `None` where only people do.
    pub held_by: Option<Decider>,
    /// Its place.
    pub span: Span,
}

/// What has to be in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// In words.
    pub text: String,
    /// What decides whether it is there.
    pub decided_by: Decider,
    /// Its place.
    pub span: Span,
}

/// What decides whether a folder keeps to its contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decider {
    /// A registry of operations lies in the folder, and names all of them.
    Registry,
    /// Each orchestrator of the folder declares which other domains it names.
    CrossDomain,
    /// A rule has no finding in the folder.
    Rule(String),
    /// A contract has no breach.
    Contract(String),
}

impl Decider {
    /// What is decided by a look at the folder itself, with the words that `requires` has for it.
    const WHAT: [(&'static str, Self); 2] =
        [("operation registry", Self::Registry), ("cross_domain declaration", Self::CrossDomain)];
}

/// The code that a folder's files are paired with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paired {
    /// Its role.
    pub role: String,
    /// The layer that it is, as the page calls it; the role's name without it.
    pub layer: String,
    /// The place of the role's name.
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
    for key in table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())) {
        reader.unknown_key(key, "`[[folder]]`", KEYS);
    }
    if !table.contains_key("path") {
        reader.error(place, "a folder without `path`", "write `path = \"src/shell/orchestrators\"`");
    }
    let path = table.get("path").and_then(|value| reader.pattern(PatternKind::Path, "path", value));
    let line = |reader: &mut Reader<'_>, key: &str| table.get(key).and_then(|value| line(reader, key, value));
    let (title, layer, purpose) = (line(reader, "title"), line(reader, "layer"), line(reader, "purpose"));
    let belongs = table.get("belongs").map(|value| lines(reader, "belongs", value)).unwrap_or_default();
    let forbidden = table.get("forbidden").map(|value| forbidden(reader, value)).unwrap_or_default();
    let transaction = table.get("transaction").and_then(|value| transaction(reader, value));
    let requires = table.get("requires").map(|value| requires(reader, value)).unwrap_or_default();
    let paired = table.get("paired").and_then(|value| paired(reader, value));
    Some(FolderRule {
        path: path?,
        title,
        layer,
        purpose,
        belongs,
        forbidden,
        transaction,
        requires,
        paired,
        span: place,
    })
}

/// A text of one line. An empty one says nothing and is a slip.
fn line(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Option<String> {
    let text = reader.text(key, value)?;
    one_line(reader, key, text, span(&value.span()))
}

fn one_line(reader: &mut Reader<'_>, key: &str, text: &str, place: Span) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        reader.error(place, format!("`{key}` holds an empty text"), "write what it is for, or remove it");
        return None;
    }
    Some(words.join(" "))
}

fn lines(reader: &mut Reader<'_>, key: &str, value: &Value<'_>) -> Vec<String> {
    let texts = reader.texts(key, value);
    texts.into_iter().filter_map(|(text, place)| one_line(reader, key, text, place)).collect()
}

fn forbidden(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<Forbidden> {
    const HELP: &str = "write `forbidden = [{ text = \"…\", rule = \"…\" }]`, or a text alone where no rule holds it";
    entries(reader, "forbidden", value, HELP, |reader, element| {
        let place = span(&element.span());
        if let Some(text) = element.get_ref().as_str() {
            return Some(Forbidden { text: one_line(reader, "forbidden", text, place)?, held_by: None, span: place });
        }
        let table = element.get_ref().as_table()?;
        known(reader, table, "`forbidden`", &FORBIDDEN_KEYS);
        let text = entry_text(reader, table, place);
        Some(Forbidden { held_by: decider(reader, table, place), text: text?, span: place })
    })
}

fn requires(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<Requirement> {
    const HELP: &str = "write `requires = [\"operation registry\", { text = \"…\", rule = \"…\" }]`";
    entries(reader, "requires", value, HELP, |reader, element| {
        let place = span(&element.span());
        if let Some(text) = element.get_ref().as_str() {
            let decided_by = what(reader, text, place)?;
            return Some(Requirement { text: text.to_owned(), decided_by, span: place });
        }
        let table = element.get_ref().as_table()?;
        known(reader, table, "`requires`", &REQUIRED_KEYS);
        let text = entry_text(reader, table, place);
        let decided = table.get("what").map(|value| (reader.text("what", value), span(&value.span())));
        let decided_by = match decided {
            Some((word, place)) => what(reader, word?, place),
            None => decider(reader, table, place),
        };
        if decided_by.is_none() && !REQUIRED_KEYS[1..].iter().any(|key| table.contains_key(*key)) {
            let help = "add `rule`, `contract` or `what`: what nothing decides, nobody can call missing";
            reader.error(place, "a requirement that nothing decides", help);
        }
        Some(Requirement { text: text?, decided_by: decided_by?, span: place })
    })
}

/// The elements of a list of texts and tables; what is neither is said.
fn entries<T>(
    reader: &mut Reader<'_>,
    key: &str,
    value: &Value<'_>,
    help: &str,
    mut read: impl FnMut(&mut Reader<'_>, &Value<'_>) -> Option<T>,
) -> Vec<T> {
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_type(key, value, "a list", help);
        return Vec::new();
    };
    let mut found = Vec::new();
    for element in list {
        if element.get_ref().as_str().is_none() && element.get_ref().as_table().is_none() {
            reader.wrong_type(key, element, "a list of texts and tables", help);
            continue;
        }
        found.extend(read(reader, element));
    }
    found
}

fn known(reader: &mut Reader<'_>, table: &DeTable<'_>, place: &str, keys: &[&'static str]) {
    for key in table.keys().filter(|key| !keys.contains(&key.get_ref().as_ref())) {
        reader.unknown_key(key, place, keys.iter().copied());
    }
}

fn entry_text(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> Option<String> {
    let Some(value) = table.get("text") else {
        reader.error(place, "an entry without `text`", "say it in words: `text = \"…\"`");
        return None;
    };
    line(reader, "text", value)
}

/// The rule or contract that an entry names. Whether there is one of that name is asked in [`check`].
fn decider(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> Option<Decider> {
    let rule = table.get("rule").and_then(|value| line(reader, "rule", value)).map(Decider::Rule);
    let contract = table.get("contract").and_then(|value| line(reader, "contract", value)).map(Decider::Contract);
    if rule.is_some() && contract.is_some() {
        reader.error(place, "an entry with both `rule` and `contract`", "keep the one that decides");
    }
    rule.or(contract)
}

fn what(reader: &mut Reader<'_>, word: &str, place: Span) -> Option<Decider> {
    let known = Decider::WHAT.into_iter().find(|(name, _)| *name == word).map(|(_, decider)| decider);
    if known.is_none() {
        let names = Decider::WHAT.map(|(name, _)| name);
        let help = match suggest::suggestion(word, names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!(
                "known here: `{}`; what a rule or contract decides is written `{{ text = {word:?}, rule = \"…\" }}`",
                names.join("`, `")
            ),
        };
        reader.error(place, format!("nothing decides the requirement `{word}`"), help);
    }
    known
}

fn paired(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Paired> {
    let place = span(&value.span());
    if let Some(role) = value.get_ref().as_str() {
        return Some(Paired { role: role.to_owned(), layer: role.to_owned(), span: place });
    }
    let Some(table) = value.get_ref().as_table() else {
        reader.wrong_type(
            "paired",
            value,
            "a role",
            "write `paired = \"core\"`, or `{ role = \"core\", layer = \"L5\" }`",
        );
        return None;
    };
    known(reader, table, "`paired`", &PAIRED_KEYS);
    let Some(named) = table.get("role") else {
        reader.error(place, "`paired` without `role`", "write `paired = { role = \"core\", layer = \"L5\" }`");
        return None;
    };
    let role = line(reader, "role", named)?;
    let layer = table.get("layer").and_then(|value| line(reader, "layer", value));
    Some(Paired { layer: layer.unwrap_or_else(|| role.clone()), role, span: span(&named.span()) })
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

/// Complains about rules, contracts and roles that folders name and that do not exist, or that are off.
pub(super) fn check(reader: &mut Reader<'_>, config: &Config, lints: &[&Lint]) {
    for folder in &config.folders {
        let held = folder.forbidden.iter().filter_map(|entry| Some((entry.held_by.as_ref()?, entry.span)));
        let decided = folder.requires.iter().map(|entry| (&entry.decided_by, entry.span));
        for (decider, place) in held.chain(decided) {
            match decider {
                Decider::Rule(name) => check_rule(reader, config, lints, name, place),
                Decider::Contract(name) => check_contract(reader, config, name, place),
                Decider::Registry | Decider::CrossDomain => {}
            }
        }
        if let Some(paired) = &folder.paired {
            let names = || super::BUILT_IN_ROLES.into_iter().chain(config.roles.iter().map(|role| role.name.as_str()));
            if !names().any(|name| name == paired.role) {
                let help = suggest::help(&paired.role, names());
                reader.error(paired.span, format!("there is no role `{}`", paired.role), help);
            }
        }
    }
}

fn check_rule(reader: &mut Reader<'_>, config: &Config, lints: &[&Lint], name: &str, place: Span) {
    match lints.iter().find(|lint| lint.name == name) {
        None => {
            let help = suggest::help(name, lints.iter().map(|lint| lint.name));
            reader.error(place, format!("there is no rule `{name}`"), help);
        }
        Some(lint) if !config.is_on(lint) => {
            let help = format!("turn it on: `{name} = \"deny\"` under `[rules]`");
            reader.error(place, format!("the rule `{name}` is off, so it holds nothing"), help);
        }
        Some(_) => {}
    }
}

fn check_contract(reader: &mut Reader<'_>, config: &Config, name: &str, place: Span) {
    match config.contracts.iter().find(|contract| contract.name == name) {
        None => {
            let help = suggest::help(name, config.contracts.iter().map(|contract| contract.name.as_str()));
            reader.error(place, format!("there is no contract `{name}`"), help);
        }
        Some(contract) if contract.level == Some(Level::Allow) => {
            let help = "give it the level `deny` or `warn`".to_owned();
            reader.error(place, format!("the contract `{name}` is off, so it holds nothing"), help);
        }
        Some(_) => {}
    }
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
        let expected = [
            ("src/shell/orchestrators", Some(TransactionRule::Owner)),
            ("src/**/repositories", Some(TransactionRule::Forbidden)),
        ];
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
    fn a_whole_contract_is_read() {
        let text = r#"version = 1
[[role]]
name = "engine"
paths = ["src/engines"]
[[contract]]
name = "one way"
kind = "forbidden"
source = ["engine"]
forbidden = ["src/app/**"]
[[folder]]
path = "src/app"
title = "Orchestrator"
layer = "L4"
purpose = "Sole entry to execution."
belongs = ["operation dispatch", "phase\n  transitions"]
forbidden = ["own persistence", { text = "import engines", rule = "impure-core" }, { text = "b", contract = "one way" }]
transaction = "owner"
requires = ["operation registry", { text = "declared", what = "cross_domain declaration" }, { text = "c", rule = "impure-core" }]
paired = { role = "engine", layer = "L5" }
"#;
        check(text, &expect!["fine"]);
        let folder = crate::config::parse("baton.toml", text, LINTS).unwrap().folders.remove(0);
        assert!(folder.describes());
        assert_eq!(folder.belongs, ["operation dispatch", "phase transitions"]);
        let holders: Vec<_> = folder.forbidden.iter().map(|entry| entry.held_by.clone()).collect();
        assert_eq!(
            holders,
            [None, Some(Decider::Rule("impure-core".into())), Some(Decider::Contract("one way".into()))]
        );
        let deciders: Vec<_> = folder.requires.iter().map(|entry| (entry.text.as_str(), &entry.decided_by)).collect();
        assert_eq!(deciders[0], ("operation registry", &Decider::Registry));
        assert_eq!(deciders[1], ("declared", &Decider::CrossDomain));
        let paired = folder.paired.unwrap();
        assert_eq!((paired.role.as_str(), paired.layer.as_str()), ("engine", "L5"));
    }

    #[test]
    fn what_nothing_holds_or_decides_is_said() {
        check(
            r#"version = 1
[rules]
too-many-dependencies = "allow"
[[folder]]
path = "src/app"
layer = " "
forbidden = [{ rule = "impure-core" }, { text = "a", rule = "impure-cor" }, 1]
requires = ["operations registry", "peace", { text = "a" }, { text = "b", contract = "none" }]
paired = "engine"
[[folder]]
path = "src/b"
forbidden = { text = "a" }
requires = [{ text = "a", rule = "too-many-dependencies" }]
paired = { layer = "L5" }
"#,
            &expect![[r#"
                layer = " "
                        ^^^ `layer` holds an empty text
                        help: write what it is for, or remove it
                forbidden = [{ rule = "impure-core" }, { text = "a", rule = "impure-cor" }, 1]
                             ^^^^^^^^^^^^^^^^^^^^^^^^ an entry without `text`
                             help: say it in words: `text = "…"`
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ there is no rule `impure-cor`
                                                       help: did you mean `impure-core`?
                                                                                            ^ `forbidden` must be a list of texts and tables, not a whole number
                                                                                            help: write `forbidden = [{ text = "…", rule = "…" }]`, or a text alone where no rule holds it
                requires = ["operations registry", "peace", { text = "a" }, { text = "b", contract = "none" }]
                            ^^^^^^^^^^^^^^^^^^^^^ nothing decides the requirement `operations registry`
                            help: did you mean `operation registry`?
                                                   ^^^^^^^ nothing decides the requirement `peace`
                                                   help: known here: `operation registry`, `cross_domain declaration`; what a rule or contract decides is written `{ text = "peace", rule = "…" }`
                                                            ^^^^^^^^^^^^^^ a requirement that nothing decides
                                                            help: add `rule`, `contract` or `what`: what nothing decides, nobody can call missing
                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ there is no contract `none`
                                                                            help: there is nothing to set here
                paired = "engine"
                         ^^^^^^^^ there is no role `engine`
                         help: known here: `core`, `shell`, `orchestrator`, `entry`
                forbidden = { text = "a" }
                            ^^^^^^^^^^^^^^ `forbidden` must be a list, not a table
                            help: write `forbidden = [{ text = "…", rule = "…" }]`, or a text alone where no rule holds it
                requires = [{ text = "a", rule = "too-many-dependencies" }]
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the rule `too-many-dependencies` is off, so it holds nothing
                            help: turn it on: `too-many-dependencies = "deny"` under `[rules]`
                paired = { layer = "L5" }
                         ^^^^^^^^^^^^^^^^ `paired` without `role`
                         help: write `paired = { role = "core", layer = "L5" }`
            "#]],
        );
    }
}
