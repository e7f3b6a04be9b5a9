//! A configuration in effect, and the schema of all configurations.

use super::clean;
use super::json::{Tool, document};
use super::tally::count;
use crate::error::Failure;
use baton_core::config::schema;
use baton_core::config::{Config, Origin, Setting, effective};
use baton_core::link::Project;
use baton_core::lint::{Lint, OptionDefault};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// How a configuration is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConfigFormat {
    /// As a `baton.toml`, with comments that say where values come from.
    #[default]
    Toml,
    /// For programs.
    Json,
}

impl ConfigFormat {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Toml, Self::Json];

    /// The name of the format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
        }
    }

    /// What the format is, in a line.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Toml => "a whole `baton.toml`, with comments that say where each value comes from",
            Self::Json => "each value with where it comes from, for programs",
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct Shown<'a> {
    schema: u32,
    tool: Tool,
    /// The texts that the configuration was read from, its own first.
    files: Vec<&'a str>,
    settings: Vec<ShownSetting<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct ShownSetting<'a> {
    section: &'a str,
    number: Option<usize>,
    key: &'a str,
    value: Value,
    from: &'a [Origin],
}

/// The configuration in effect.
///
/// # Errors
///
/// JSON could not be written, which is a fault of this program.
pub fn configuration(config: &Config, lints: &[&Lint], format: ConfigFormat) -> Result<String, Failure> {
    let settings = effective(config, lints);
    match format {
        ConfigFormat::Toml => Ok(as_toml(config, &settings)),
        ConfigFormat::Json => {
            let settings = settings.iter().map(|setting| ShownSetting {
                section: &setting.section,
                number: setting.number,
                key: &setting.key,
                value: json!(setting.value),
                from: &setting.origins,
            });
            let files = config.sources.iter().map(|source| source.path.as_str());
            document(&Shown { schema: 1, tool: Tool::THIS, files: files.collect(), settings: settings.collect() })
        }
    }
}

fn as_toml(config: &Config, settings: &[Setting]) -> String {
    let mut out = String::from("# The configuration in effect: behind each value stands where it comes from.\n");
    if config.sources.is_empty() {
        out.push_str(
            "# There is no configuration, so all of it is what Baton does by itself.\nversion = 1 # default\n",
        );
    }
    if config.roles.is_empty() {
        out.push_str("# No role is declared: the names of folders decide.\n");
    }
    // What a value of the whole is must stand before the sections that it is not part of.
    let (top, rest): (Vec<&Setting>, Vec<&Setting>) = settings.iter().partition(|setting| setting.section.is_empty());
    let mut section = (String::new(), None);
    // What is extended is part of this already: extending it again would change nothing, and say it twice.
    for setting in top.into_iter().chain(rest) {
        let own = (setting.section.clone(), setting.number);
        if own != section {
            let header = if setting.number.is_some() { format!("[[{}]]", own.0) } else { format!("[{}]", own.0) };
            let _ = writeln!(out, "\n{header}");
            section = own;
        }
        let mark = if setting.section.is_empty() && setting.key == "extends" { "# " } else { "" };
        let _ = writeln!(out, "{mark}{} = {} # {}", setting.key, setting.value, shown(&setting.origins));
    }
    out
}

fn shown(origins: &[Origin]) -> String {
    let places: Vec<String> = origins
        .iter()
        .map(|origin| match (origin.file(), origin.line()) {
            (Some(file), Some(line)) => clean::line(&format!("{file}:{line}")).into_owned(),
            _ => "default".to_owned(),
        })
        .collect();
    places.join(", ")
}

/// That a configuration is in order, with how much of it there is.
pub fn configuration_fine(config: &Config, project: &Project) -> String {
    if config.sources.is_empty() {
        return "there is no configuration: roles are inferred from the names of folders\n".to_owned();
    }
    let files: Vec<&str> = config.sources.iter().map(|source| source.path.as_str()).collect();
    format!(
        "{} is in order: {}, {}, {}, {}\n",
        clean::line(&files.join(" with ")),
        count(config.roles.len(), "role"),
        count(config.contracts.len(), "contract"),
        count(config.rules.len(), "rule"),
        count(project.orchestrators.len(), "orchestrator"),
    )
}

/// The JSON Schema of `baton.toml`.
///
/// # Errors
///
/// It could not be written, which is a fault of this program.
pub fn configuration_schema(lints: &[&Lint]) -> Result<String, Failure> {
    let mut schema = Value::from(schemars::schema_for!(schema::Document));
    without_null(&mut schema);
    let rules: Map<String, Value> = lints.iter().map(|lint| (lint.name.to_owned(), rule(lint))).collect();
    let rules = json!({ "type": "object", "properties": rules, "additionalProperties": false });
    for place in ["/properties/rules", "/$defs/Override/properties/rules"] {
        if let Some(Value::Object(found)) = schema.pointer_mut(place) {
            found.retain(|key, _| key == "description");
            found.insert("$ref".to_owned(), json!("#/$defs/Rules"));
        }
    }
    if let Some(Value::Object(definitions)) = schema.pointer_mut("/$defs") {
        definitions.remove("Rule");
        definitions.insert("Rules".to_owned(), rules);
    }
    document(&schema)
}

/// Takes out that a value may be null: a key that TOML does not have is not there.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(without_null),
        Value::Object(table) => {
            if let Some(Value::Array(types)) = table.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    table.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = table.get_mut("anyOf") {
                choices.retain(|choice| *choice != json!({ "type": "null" }));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    table.remove("anyOf");
                    table.extend(only);
                }
            }
            table.values_mut().for_each(without_null);
        }
        _ => {}
    }
}

fn rule(lint: &Lint) -> Value {
    let level = json!({ "$ref": "#/$defs/Level" });
    let mut keys = Map::from_iter([("level".to_owned(), level.clone())]);
    keys.extend(lint.options.iter().map(|option| {
        let mut value = option_type(option.default);
        if let Value::Object(value) = &mut value {
            value.insert("description".to_owned(), json!(option.summary));
        }
        (option.name.to_owned(), value)
    }));
    let table = json!({ "type": "object", "properties": keys, "additionalProperties": false });
    json!({ "description": lint.summary, "anyOf": [level, table] })
}

fn option_type(default: OptionDefault) -> Value {
    match default {
        OptionDefault::Number(number) => {
            json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX, "default": number })
        }
        OptionDefault::Switch(on) => json!({ "type": "boolean", "default": on }),
        OptionDefault::Crates(texts)
        | OptionDefault::Paths(texts)
        | OptionDefault::Names(texts)
        | OptionDefault::Roles(texts) => json!({ "type": "array", "items": { "type": "string" }, "default": texts }),
        OptionDefault::Choice(words) => json!({ "enum": words, "default": words.first() }),
    }
}
