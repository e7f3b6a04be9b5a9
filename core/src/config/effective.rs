//! The configuration in effect: every value, with where it comes from.

use super::{Config, Source, layers};
use crate::lint::{Lint, OptionDefault, OptionValue};
use crate::source::{LineIndex, Span};
use serde::Serialize;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Origin {
    /// Nothing is said, so it is what Baton does by itself.
    Default,
    /// The project's own configuration.
    File {
        /// The file, relative to the project root.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// A file that the configuration extends.
    Extended {
        /// The file, relative to the project root.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// A preset that the configuration extends.
    Preset {
        /// The preset, as `preset:NAME`.
        file: String,
        /// The line, from 1.
        line: u32,
    },
}

/// A value in effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The section that it stands in; empty at the top.
    pub section: String,
    /// Which of several sections of that name it is, from 0; `None` where there is one.
    pub number: Option<usize>,
    /// Its key.
    pub key: String,
    /// The value.
    pub value: Value,
    /// Where it comes from; a list may come from several places.
    pub origins: Vec<Origin>,
}

/// All values in effect: those that are written, in the order of the format, and the defaults of rules
/// and pages. `lints` are the rules that exist.
pub fn effective(config: &Config, lints: &[&Lint]) -> Vec<Setting> {
    let table = layers::whole(&config.sources).unwrap_or_default();
    let mut settings = Vec::new();
    for key in super::document::KEYS {
        match (key, table.get(key).map(toml::Spanned::get_ref)) {
            ("rules", rules) => add_rules(&mut settings, config, rules.and_then(DeValue::as_table), lints),
            ("inventory", pages) => add_pages(&mut settings, config, pages.and_then(DeValue::as_table)),
            (_, None) => {}
            (_, Some(DeValue::Table(section))) => add_table(&mut settings, config, key, None, section),
            (_, Some(DeValue::Array(list))) if list.iter().all(|one| one.get_ref().is_table()) => {
                for (number, one) in list.iter().enumerate() {
                    if let Some(section) = one.get_ref().as_table() {
                        add_table(&mut settings, config, key, Some(number), section);
                    }
                }
            }
            (_, Some(_)) => settings.extend(table.get(key).map(|value| setting(config, "", None, key, value))),
        }
    }
    settings
}

fn add_table(settings: &mut Vec<Setting>, config: &Config, name: &str, number: Option<usize>, table: &DeTable<'_>) {
    let keys = super::schema::keys();
    let kind = table.get("kind").and_then(|kind| kind.get_ref().as_str()).unwrap_or_default();
    let section = if name == "contract" { format!("contract {kind}") } else { name.to_owned() };
    let order = keys.get(section.as_str()).map_or(&[][..], Vec::as_slice);
    let mut entries: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), value)).collect();
    entries.sort_by_key(|(key, _)| order.iter().position(|known| known == key));
    settings.extend(entries.into_iter().map(|(key, value)| setting(config, name, number, key, value)));
}

fn setting(
    config: &Config,
    section: &str,
    number: Option<usize>,
    key: &str,
    value: &super::reader::Value<'_>,
) -> Setting {
    let mut origins: Vec<Origin> = Vec::new();
    let mut add = |span: Span| {
        let origin = origin(config, span);
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    };
    match value.get_ref() {
        // Lists of several texts are joined, so each element counts by itself.
        DeValue::Array(list) if !list.is_empty() => {
            list.iter().for_each(|element| add(super::reader::span(&element.span())));
            origins = by_text(origins);
        }
        _ => add(super::reader::span(&value.span())),
    }
    Setting { section: section.to_owned(), number, key: key.to_owned(), value: plain(value.get_ref()), origins }
}

/// One origin for each text, its first.
fn by_text(origins: Vec<Origin>) -> Vec<Origin> {
    let mut first: Vec<Origin> = Vec::new();
    for origin in origins {
        if !first.iter().any(|known| known.file() == origin.file()) {
            first.push(origin);
        }
    }
    first
}

impl Origin {
    /// The text that it is in; `None` for a default.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Default => None,
            Self::File { file, .. } | Self::Extended { file, .. } | Self::Preset { file, .. } => Some(file),
        }
    }

    /// The line in it, from 1.
    pub const fn line(&self) -> Option<u32> {
        match self {
            Self::Default => None,
            Self::File { line, .. } | Self::Extended { line, .. } | Self::Preset { line, .. } => Some(*line),
        }
    }
}

fn origin(config: &Config, span: Span) -> Origin {
    let source: Option<&Source> = layers::source_at(&config.sources, span);
    let Some(source) = source else { return Origin::Default };
    let start = span.start.saturating_sub(source.base);
    let line = LineIndex::new(&source.text).line_column(&source.text, start).line;
    let file = source.path.clone();
    match source.extended_at {
        None => Origin::File { file, line },
        Some(_) if source.is_preset() => Origin::Preset { file, line },
        Some(_) => Origin::Extended { file, line },
    }
}

fn add_rules(settings: &mut Vec<Setting>, config: &Config, rules: Option<&DeTable<'_>>, lints: &[&Lint]) {
    for lint in lints {
        let section = format!("rules.{}", lint.name);
        let said = rules.and_then(|rules| rules.get(lint.name));
        let table = said.and_then(|value| value.get_ref().as_table());
        let by_default = |key: &str, value: Value| Setting {
            section: section.clone(),
            number: None,
            key: key.to_owned(),
            value,
            origins: vec![Origin::Default],
        };
        let level = table.map_or(said, |table| table.get("level"));
        let unset = || by_default("level", Value::String(lint.level.name().to_owned()));
        settings.push(level.map_or_else(unset, |value| setting(config, &section, None, "level", value)));
        for spec in lint.options {
            let given = table.and_then(|table| table.get(spec.name));
            let unset = || by_default(spec.name, of_option(&in_effect(config, spec.default)));
            settings.push(given.map_or_else(unset, |value| setting(config, &section, None, spec.name, value)));
        }
    }
}

/// A default as it counts: roles that the project does not have are none of it.
fn in_effect(config: &Config, default: OptionDefault) -> OptionValue {
    let OptionDefault::Roles(names) = default else { return default.value() };
    let declared = |name: &str| config.roles.iter().any(|role| role.name == name);
    let built_in = |name: &str| config.roles.is_empty() && super::BUILT_IN_ROLES.contains(&name);
    OptionValue::Texts(
        names.iter().filter(|name| declared(name) || built_in(name)).map(|&name| name.to_owned()).collect(),
    )
}

fn of_option(value: &OptionValue) -> Value {
    match value {
        OptionValue::Number(number) => Value::Integer(i64::from(*number)),
        OptionValue::Switch(on) => Value::Boolean(*on),
        OptionValue::Texts(texts) => Value::Array(texts.iter().cloned().map(Value::String).collect()),
        OptionValue::Word(word) => Value::String(word.clone()),
    }
}

fn add_pages(settings: &mut Vec<Setting>, config: &Config, said: Option<&DeTable<'_>>) {
    let rule = &config.inventory;
    let text = |text: &str| Some(Value::String(text.to_owned()));
    let defaults = [
        ("file", text(&rule.file)),
        ("out", None),
        ("files", Some(Value::Boolean(rule.files))),
        ("index", text(&rule.index)),
    ];
    for (key, value) in defaults {
        let unset = value.map(|value| Setting {
            section: "inventory".to_owned(),
            number: None,
            key: key.to_owned(),
            value,
            origins: vec![Origin::Default],
        });
        let given = said.and_then(|table| table.get(key));
        settings.extend(given.map(|value| setting(config, "inventory", None, key, value)).or(unset));
    }
}

/// A value without its places.
fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::String(number.to_string()), Value::Integer),
        DeValue::Float(number) => {
            number.as_str().parse().map_or_else(|_| Value::String(number.to_string()), Value::Float)
        }
        DeValue::Boolean(on) => Value::Boolean(*on),
        DeValue::Datetime(date) => Value::Datetime(*date),
        DeValue::Array(list) => Value::Array(list.iter().map(|one| plain(one.get_ref())).collect()),
        DeValue::Table(table) => {
            let entries = table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref())));
            Value::Table(entries.collect::<Table>())
        }
    }
}
