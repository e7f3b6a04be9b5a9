//! The texts that make up a configuration: one's own, and those that it extends.
//!
//! Each text has a stretch of positions of its own, one behind the other, so that a [`Span`] tells a
//! place in any of them. The tables are merged before anything is read, and what is read is one table,
//! whose values know where they come from.

use super::document::{document, parse_table, version};
use super::merge::{merged, shifted};
use super::presets::{PRESET_MARK, PRESETS, preset};
use super::reader::{Reader, Value};
use super::{Config, ConfigError, suggest};
use crate::lint::Lint;
use crate::source::Span;
use toml::de::{DeTable, DeValue};

/// The beginning of a text that has not been read.
const UNREAD: u32 = u32::MAX;

/// One of the texts of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The file, relative to the project root, or `preset:NAME`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Where its stretch of positions begins.
    pub base: u32,
    /// Where another text says that it extends this one; `None` for one's own.
    pub extended_at: Option<Span>,
    /// The text that does so, by its number.
    parent: usize,
    /// The texts that it extends, in its order, by their numbers.
    extends: Vec<usize>,
}

impl Source {
    /// Whether it is a preset.
    pub fn is_preset(&self) -> bool {
        self.path.starts_with(PRESET_MARK)
    }

    /// Whether a place lies in it.
    fn holds(&self, span: Span) -> bool {
        self.base != UNREAD && (self.base..=self.base + self.text.len() as u32).contains(&span.start)
    }
}

/// The texts of a configuration while they are gathered.
#[derive(Debug)]
pub struct Layers {
    sources: Vec<Source>,
    /// Where the table lies in one's own text: in a `baton.toml` at the top, in a manifest deeper.
    section: Option<&'static str>,
    /// Files that are to be read, the last first.
    wanted: Vec<usize>,
    errors: Vec<ConfigError>,
}

impl Layers {
    /// Begins with the text of a `baton.toml`.
    pub fn new(path: &str, text: &str) -> Self {
        Self::begin(path, text, None)
    }

    /// Begins with what a manifest holds in the metadata of `section`, `workspace` or `package`.
    pub(super) fn of_manifest(path: &str, text: &str, section: &'static str) -> Self {
        Self::begin(path, text, Some(section))
    }

    fn begin(path: &str, text: &str, section: Option<&'static str>) -> Self {
        let own = Source { path: path.to_owned(), text: text.to_owned(), ..Source::default() };
        let mut layers = Self { sources: vec![own], section, wanted: Vec::new(), errors: Vec::new() };
        layers.follow(0);
        layers
    }

    /// The next file whose text is needed, relative to the project root.
    pub fn wanted(&self) -> Option<&str> {
        self.wanted.last().map(|number| self.sources[*number].path.as_str())
    }

    /// Takes the text of the file that is [wanted](Self::wanted), or in words why there is none.
    pub fn supply(&mut self, text: Result<String, String>) {
        let Some(number) = self.wanted.pop() else { return };
        match text {
            Ok(text) => {
                self.sources[number].base = self.end();
                self.sources[number].text = text;
                self.follow(number);
            }
            Err(why) => {
                let source = &self.sources[number];
                let message = format!("cannot read `{}`: {why}", source.path);
                let help = "name a file of the project, relative to the one that extends it";
                self.error(source.extended_at.unwrap_or_default(), message, help);
            }
        }
    }

    /// Reads all of it. `lints` are the rules that exist.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of the texts, each with its file and its place there.
    pub fn read(self, lints: &[&Lint]) -> Result<Config, Vec<ConfigError>> {
        let Self { sources, section, wanted, mut errors } = self;
        let path = sources[0].path.clone();
        if let Some(number) = wanted.last() {
            let span = sources[*number].extended_at.unwrap_or_default();
            let message = format!("`{}` is not at hand", sources[*number].path);
            errors.push(ConfigError { message, help: String::new(), span, path: path.clone() });
        }
        let mut reader = Reader::new(&path);
        let read = match joined(&mut reader, &sources, section, 0) {
            Some((table, start)) if errors.is_empty() => {
                Some(super::document::config(&mut reader, &path, &table, start, lints))
            }
            _ => None,
        };
        errors.extend(reader.into_errors());
        errors.sort_by_key(|error| error.span);
        errors.dedup();
        match read {
            Some(config) if errors.is_empty() => Ok(Config { sources, ..config }),
            _ => Err(errors.into_iter().map(|error| located(&sources, error).0).collect()),
        }
    }

    /// The texts so far.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The position behind everything that is there.
    fn end(&self) -> u32 {
        let read = self.sources.iter().filter(|source| source.base != UNREAD);
        read.map(|source| source.base + source.text.len() as u32 + 1).max().unwrap_or_default()
    }

    fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let path = self.sources[0].path.clone();
        self.errors.push(ConfigError { message: message.into(), help: help.into(), span, path });
    }

    /// Notes what a text extends. What is wrong with the text otherwise is found when it is read.
    fn follow(&mut self, number: usize) {
        let source = self.sources[number].clone();
        let mut reader = Reader::new(&source.path);
        let section = if number == 0 { self.section } else { None };
        let Some((table, _)) = table(&mut reader, &source, section) else { return };
        let Some(value) = table.get("extends") else { return };
        let mut reader = Reader::new(&source.path);
        for (text, span) in named(&mut reader, value) {
            self.extend(number, text, span);
        }
        self.errors.extend(reader.into_errors());
    }

    fn extend(&mut self, number: usize, text: &str, span: Span) {
        let child = self.sources.len();
        if let Some(name) = text.strip_prefix(PRESET_MARK) {
            let Some(preset) = preset(name) else {
                let names = PRESETS.iter().map(|preset| preset.name);
                return self.error(span, format!("there is no preset `{name}`"), suggest::help(name, names));
            };
            let base = self.end();
            let (path, text) = (text.to_owned(), preset.text.to_owned());
            self.sources.push(Source {
                path,
                text,
                base,
                extended_at: Some(span),
                parent: number,
                extends: Vec::new(),
            });
        } else {
            let Some(path) = beside(&self.sources[number].path, text) else {
                let help = "a configuration can extend files of its own project, by paths relative to itself";
                return self.error(span, format!("`{text}` lies outside of the project"), help);
            };
            if let Some(circle) = self.circle(number, &path) {
                return self.error(span, format!("`{path}` extends itself"), circle);
            }
            let extended_at = Some(span);
            self.sources.push(Source { path, extended_at, parent: number, base: UNREAD, ..Source::default() });
            self.wanted.insert(0, child);
        }
        self.sources[number].extends.push(child);
    }

    /// The way from the file `path` to itself, if the text of that number is reached from it.
    fn circle(&self, number: usize, path: &str) -> Option<String> {
        let mut way = vec![number];
        while let Some(last) = way.last().copied().filter(|last| self.sources[*last].path != path) {
            if last == 0 {
                return None;
            }
            way.push(self.sources[last].parent);
        }
        let names = way.iter().rev().map(|number| format!("`{}`", self.sources[*number].path));
        let names: Vec<String> = names.chain([format!("`{path}`")]).collect();
        Some(format!("{}: take one of these out", names.join(" extends ")))
    }
}

/// An error with the file and the place in it, and the text of that file.
pub(super) fn located(sources: &[Source], error: ConfigError) -> (ConfigError, String) {
    let Some(source) = source_at(sources, error.span) else { return (error, String::new()) };
    let start = error.span.start.saturating_sub(source.base);
    let span = Span::new(start, error.span.end.saturating_sub(source.base).max(start));
    (ConfigError { span, path: source.path.clone(), ..error }, source.text.clone())
}

/// The text that a place lies in.
pub(super) fn source_at(sources: &[Source], span: Span) -> Option<&Source> {
    sources.iter().rfind(|source| source.holds(span)).or(sources.first())
}

/// The table of one text with that of all it extends below it, and where to complain of what is missing.
fn joined<'s>(
    reader: &mut Reader<'_>,
    sources: &'s [Source],
    section: Option<&'static str>,
    number: usize,
) -> Option<(DeTable<'s>, Span)> {
    let source = &sources[number];
    let (own, start) = table(reader, source, section)?;
    match own.get("version") {
        None if number > 0 => missing_version(reader, start),
        Some(value) if number > 0 => version(reader, value),
        _ => {}
    }
    let mut below = DeTable::new();
    for child in source.extends.iter().filter(|child| sources[**child].base != UNREAD) {
        if let Some((table, _)) = joined(reader, sources, None, *child) {
            below = merged(below, table);
        }
    }
    Some((merged(below, own), start))
}

/// The table of all texts that a configuration was read from, merged; `None` where one is no TOML.
pub(super) fn whole(sources: &[Source]) -> Option<DeTable<'_>> {
    let own = sources.first()?;
    let holds = |section: &&'static str| parse_table(&mut Reader::new(""), &own.text, section).is_some();
    let section = ["workspace", "package"].into_iter().find(holds).filter(|_| own.path.ends_with("Cargo.toml"));
    joined(&mut Reader::new(""), sources, section, 0).map(|(table, _)| table)
}

pub(super) fn missing_version(reader: &mut Reader<'_>, start: Span) {
    reader.error(start, "the version of the format is missing", "begin with `version = 1`");
}

/// The table of a text with the places of all texts, and its beginning.
fn table<'s>(
    reader: &mut Reader<'_>,
    source: &'s Source,
    section: Option<&'static str>,
) -> Option<(DeTable<'s>, Span)> {
    let Some(section) = section else {
        let table = document(reader, &source.text, source.base)?;
        return Some((shifted(table, source.base), Span::new(source.base, source.base)));
    };
    parse_table(reader, &source.text, section)
}

/// What `extends` names: one text, or several in their order.
fn named<'v>(reader: &mut Reader<'_>, value: &'v Value<'_>) -> Vec<(&'v str, Span)> {
    match value.get_ref() {
        DeValue::String(text) => vec![(text, super::reader::span(&value.span()))],
        _ => reader.texts("extends", value),
    }
}

/// The path of a file that is named by a path relative to another; `None` outside of the project.
fn beside(file: &str, named: &str) -> Option<String> {
    if named.trim().is_empty() || named.starts_with('/') || named.contains(['\\', ':']) {
        return None;
    }
    // A configuration from elsewhere speaks of the project all the same.
    let is_inside = !file.starts_with('/') && !file.starts_with("..");
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| is_inside && !part.is_empty()).collect();
    for part in named.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{LINTS, render};
    use crate::finding::Level;
    use expect_test::{Expect, expect};

    /// Reads a configuration of several files, the first of which is its own.
    fn read(files: &[(&str, &str)]) -> Result<Config, Vec<ConfigError>> {
        let mut layers = Layers::new(files[0].0, files[0].1);
        while let Some(path) = layers.wanted() {
            let text = files.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned());
            layers.supply(text.ok_or_else(|| "no such file".to_owned()));
        }
        layers.read(LINTS)
    }

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &Expect) {
        let errors = read(files).err().unwrap_or_default();
        let of_file = |(path, text): &(&str, &str)| {
            let own: Vec<ConfigError> = errors.iter().filter(|error| error.path == *path).cloned().collect();
            if own.is_empty() { String::new() } else { format!("{path}\n{}", render(text, &own)) }
        };
        expected.assert_eq(&files.iter().map(of_file).collect::<String>());
    }

    #[test]
    fn what_is_extended_comes_first_and_ones_own_wins() {
        let base = r#"version = 1
source.exclude = ["a.rs", "b.rs"]
[rules]
impure-core = "warn"
too-many-dependencies = { level = "warn", max = 9 }
[[role]]
name = "core"
paths = ["src/core"]
[[contract]]
name = "one"
kind = "forbidden"
source = ["core"]
forbidden = ["package:sqlx"]
[[contract]]
name = "two"
kind = "forbidden"
source = ["core"]
forbidden = ["package:tokio"]
"#;
        let own = r#"version = 1
extends = "shared/base.toml"
source.exclude = ["b.rs", "c.rs"]
[rules]
too-many-dependencies = "deny"
[[role]]
name = "shell"
paths = ["src/shell"]
[[contract]]
name = "one"
kind = "forbidden"
source = ["core"]
forbidden = ["package:diesel"]
"#;
        let config = read(&[("baton.toml", own), ("shared/base.toml", base)]).unwrap();
        let excluded: Vec<&str> = config.exclude.iter().map(|pattern| pattern.text.as_str()).collect();
        assert_eq!(excluded, ["a.rs", "b.rs", "c.rs"]);
        let roles: Vec<&str> = config.roles.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(roles, ["core", "shell"]);
        let contracts: Vec<&str> = config.contracts.iter().map(|contract| contract.name.as_str()).collect();
        assert_eq!(contracts, ["two", "one"]);
        assert_eq!(config.level(LINTS[0]), Level::Warn);
        assert_eq!((config.level(LINTS[1]), config.options(LINTS[1]).number("max")), (Level::Deny, 9));
        let error = ConfigError {
            message: String::new(),
            help: String::new(),
            span: config.roles[0].name_span,
            path: "baton.toml".to_owned(),
        };
        let (error, text) = config.located(error);
        assert_eq!(error.path, "shared/base.toml");
        assert_eq!(&text[error.span.start as usize..error.span.end as usize], "\"core\"");
    }

    #[test]
    fn faults_are_told_where_they_stand() {
        check(
            &[
                ("baton.toml", "version = 1\nextends = [\"a.toml\", \"sub/b.toml\"]\n[rules]\nimpure-cor = \"deny\"\n"),
                ("a.toml", "[rules]\nimpure-core = \"deny\"\n"),
                ("sub/b.toml", "version = 1\n[[role]]\nname = 7\npaths = [\"src\"]\n"),
            ],
            &expect![[r#"
                baton.toml
                impure-cor = "deny"
                ^^^^^^^^^^ unknown rule `impure-cor`
                help: did you mean `impure-core`?
                a.toml
                [rules]
                ^ the version of the format is missing
                help: begin with `version = 1`
                sub/b.toml
                name = 7
                       ^ `name` must be a string, not a whole number
                       help: write `name = "…"`
            "#]],
        );
        check(
            &[("baton.toml", "version = 1\nextends = \"a.toml\"\n"), ("a.toml", "version = 1\nrole = [\n")],
            &expect![[r#"
                a.toml
                role = [
                        ^ not valid TOML: unclosed array, expected `]`
            "#]],
        );
    }

    #[test]
    fn what_cannot_be_extended_is_told() {
        check(
            &[(
                "baton.toml",
                "version = 1\nextends = [\"no.toml\", \"../up.toml\", \"/etc/a.toml\", \"preset:claen\", \"\", 3]\n",
            )],
            &expect![[r#"
                baton.toml
                extends = ["no.toml", "../up.toml", "/etc/a.toml", "preset:claen", "", 3]
                           ^^^^^^^^^ cannot read `no.toml`: no such file
                           help: name a file of the project, relative to the one that extends it
                                      ^^^^^^^^^^^^ `../up.toml` lies outside of the project
                                      help: a configuration can extend files of its own project, by paths relative to itself
                                                    ^^^^^^^^^^^^^ `/etc/a.toml` lies outside of the project
                                                    help: a configuration can extend files of its own project, by paths relative to itself
                                                                   ^^^^^^^^^^^^^^ there is no preset `claen`
                                                                   help: did you mean `clean`?
                                                                                   ^^ `` lies outside of the project
                                                                                   help: a configuration can extend files of its own project, by paths relative to itself
                                                                                       ^ `extends` holds strings, not a whole number
                                                                                       help: write each element in quotes
            "#]],
        );
        check(
            &[("baton.toml", "version = 1\nextends = 3\n")],
            &expect![[r#"
            baton.toml
            extends = 3
                      ^ `extends` must be a list of strings, not a whole number
                      help: write `extends = ["…"]`
        "#]],
        );
    }

    #[test]
    fn circles_are_told_with_their_way_and_the_same_file_twice_is_none() {
        check(
            &[
                ("baton.toml", "version = 1\nextends = \"a/a.toml\"\n"),
                ("a/a.toml", "version = 1\nextends = \"../b.toml\"\n"),
                ("b.toml", "version = 1\nextends = \"a/a.toml\"\n"),
            ],
            &expect![[r#"
                b.toml
                extends = "a/a.toml"
                          ^^^^^^^^^^ `a/a.toml` extends itself
                          help: `a/a.toml` extends `b.toml` extends `a/a.toml`: take one of these out
            "#]],
        );
        check(
            &[("baton.toml", "version = 1\nextends = \"./baton.toml\"\n")],
            &expect![[r#"
            baton.toml
            extends = "./baton.toml"
                      ^^^^^^^^^^^^^^ `baton.toml` extends itself
                      help: `baton.toml` extends `baton.toml`: take one of these out
        "#]],
        );
        let twice = [
            ("baton.toml", "version = 1\nextends = [\"a.toml\", \"b.toml\"]\n"),
            ("a.toml", "version = 1\nextends = \"c.toml\"\n"),
            ("b.toml", "version = 1\nextends = \"c.toml\"\n"),
            ("c.toml", "version = 1\n[rules]\nimpure-core = \"warn\"\n"),
        ];
        assert_eq!(read(&twice).unwrap().level(LINTS[0]), Level::Warn);
    }

    #[test]
    fn presets_are_whole_configurations_and_lie_below() {
        for preset in PRESETS.iter().filter(|preset| !preset.text.contains("[rules]")) {
            let config = read(&[(preset.name, preset.text)]).unwrap();
            assert!(config.roles.iter().any(|role| role.name == "orchestrator"), "{}", preset.name);
            let own = format!("version = 1\nextends = \"preset:{}\"\n[rules]\nimpure-core = \"warn\"\n", preset.name);
            let config = read(&[("baton.toml", &own)]).unwrap();
            assert!(config.roles.iter().all(|role| config.preset_at(role.span).is_some()));
            assert!(config.preset_at(config.rules["impure-core"].span).is_none());
        }
    }
}
