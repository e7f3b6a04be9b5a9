//! The configuration of a project: which files and items have which role, and what each lint
//! may do. Texts come in, values or complaints go out; finding the file is the shell's part.
//!
//! A text is either right in every part or it yields errors, all of them at once and each with
//! its place. Nothing in it is skipped: what this version does not know or enforce is an error.

mod baseline;
mod contract;
mod document;
mod domains;
mod effective;
mod folder;
mod inventory;
mod layers;
mod mention;
mod merge;
mod overrides;
mod pattern;
mod presets;
mod reader;
mod registry;
mod role;
mod rules;
pub mod schema;
mod suggest;
#[cfg(test)]
mod testing;
mod unmatched;
mod wildcard;

pub use baseline::{Accepted, BASELINE, Baseline, Growth};
pub(crate) use contract::prefixed;
pub use contract::{ContractKind, ContractRule, Exception, LayerMember, LayerRule, Member, MemberKind};
pub use document::{open_metadata, parse};
pub use domains::{Allowance, Domains};
pub use effective::{Origin, Setting, effective};
pub use folder::{Decider, FolderRule, Forbidden, Paired, Requirement, TransactionRule};
pub use inventory::InventoryRule;
pub use layers::{Layers, Source};
pub use mention::{Mention, MentionKind, means};
pub use overrides::{OverrideRule, Variant};
pub use pattern::{Pattern, PatternError, PatternKind};
pub use presets::{PRESET_MARK, PRESETS, Preset, preset};
pub use registry::RegistryRule;
pub use suggest::suggestion;
pub use unmatched::{nearest, unmatched};

use crate::finding::Level;
use crate::lint::{Lint, OptionValue, Options};
use crate::source::Span;
use std::collections::BTreeMap;

/// The names of the roles that the lints know. Every other name is the project's own.
pub const BUILT_IN_ROLES: [&str; 4] = ["core", "shell", "orchestrator", "entry"];

/// What a project says about itself. The default is that of a project that says nothing.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file it came from, relative to the project root; empty where there is no file.
    pub path: String,
    /// The files that are not judged, besides those that git ignores.
    pub exclude: Vec<Pattern>,
    /// The roles in the order of the file. The last that matches wins.
    pub roles: Vec<RoleRule>,
    /// The contracts in the order of the file.
    pub contracts: Vec<ContractRule>,
    /// The domains, if it has any.
    pub domains: Option<Domains>,
    /// What holds in which folder, in the order of the file. The last that matches wins.
    pub folders: Vec<FolderRule>,
    /// Where operations are registered, in the order of the file.
    pub registries: Vec<RegistryRule>,
    /// Where the pages of folders lie.
    pub inventory: InventoryRule,
    /// The findings that are accepted for now.
    pub baseline: Baseline,
    /// What is set for each lint, by the lint's name.
    pub rules: BTreeMap<String, RuleConfig>,
    /// Whether it was written for another state of the project, so that what it names may be missing in this one.
    /// Then that is no error.
    pub is_foreign: bool,
    /// What is set for the lints in some files, in the order of the file.
    pub overrides: Vec<OverrideRule>,
    /// The texts that it was read from, its own first. Places are told by [`Config::located`].
    pub sources: Vec<Source>,
}

impl Config {
    /// The same, to judge an earlier state of the project with. What that state accepts is its own.
    #[must_use]
    pub fn for_earlier_state(&self, baseline: Baseline) -> Self {
        Self { is_foreign: true, baseline, ..self.clone() }
    }

    /// An error with the file and the place in it that its span means, and the text of that file.
    pub fn located(&self, error: ConfigError) -> (ConfigError, String) {
        layers::located(&self.sources, error)
    }

    /// The preset that a place lies in.
    pub fn preset_at(&self, span: Span) -> Option<&Source> {
        let source = self.sources.iter().rfind(|source| source.base <= span.start)?;
        source.is_preset().then_some(source)
    }

    /// The level of `lint`: what is set for it, or the level it has by itself.
    pub fn level(&self, lint: &Lint) -> Level {
        self.rules.get(lint.name).and_then(|rule| rule.level).unwrap_or(lint.level)
    }

    /// The options of `lint`: what is set for it over its defaults.
    pub fn options(&self, lint: &Lint) -> Options {
        let unset = BTreeMap::new();
        Options::new(lint, self.rules.get(lint.name).map_or(&unset, |rule| &rule.options))
    }
}

/// One `[[role]]`: a name for the files, modules or crates that its patterns match.
#[derive(Clone, Debug)]
pub struct RoleRule {
    /// One of [`BUILT_IN_ROLES`], or a name of the project's own.
    pub name: String,
    /// The place of the name's value.
    pub name_span: Span,
    /// The files.
    pub paths: Vec<Pattern>,
    /// The modules.
    pub modules: Vec<Pattern>,
    /// The packages outside the project.
    pub crates: Vec<Pattern>,
    /// Which types of those files are orchestrators.
    pub types: Vec<Pattern>,
    /// Which free functions of those files are orchestrators.
    pub functions: Vec<Pattern>,
    /// The traits whose implementors in those files are orchestrators.
    pub traits: Vec<Pattern>,
    /// The attributes that make an item of those files an orchestrator.
    pub attributes: Vec<Pattern>,
    /// The place of its header, `[[role]]`.
    pub span: Span,
}

impl RoleRule {
    /// Whether it says which items are orchestrators. Where it does not, all that receive
    /// collaborators are.
    pub fn selects_items(&self) -> bool {
        [&self.types, &self.functions, &self.traits, &self.attributes].iter().any(|patterns| !patterns.is_empty())
    }

    /// All its patterns, by the key that holds them.
    pub fn patterns(&self) -> [(&'static str, &[Pattern]); 7] {
        [
            ("paths", &self.paths),
            ("modules", &self.modules),
            ("crates", &self.crates),
            ("types", &self.types),
            ("functions", &self.functions),
            ("traits", &self.traits),
            ("attributes", &self.attributes),
        ]
    }
}

/// What is set for one lint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleConfig {
    /// The level, if it is set.
    pub level: Option<Level>,
    /// The options that are set; each is one of the lint's, with a value of its type.
    pub options: BTreeMap<String, OptionValue>,
    /// What the options speak of that has to exist.
    pub mentions: Vec<Mention>,
    /// The place of the lint's name.
    pub span: Span,
}

/// Something wrong in a configuration, with its place and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it; empty where the message says it all.
    pub help: String,
    /// Where in the file's text.
    pub span: Span,
    /// The file, relative to the project root.
    pub path: String,
}

#[cfg(test)]
mod tests {
    use super::testing::LINTS;
    use super::*;

    #[test]
    fn no_file_leaves_every_lint_as_it_is() {
        let config = Config::default();
        assert_eq!(config.path, "");
        assert_eq!(config.level(LINTS[0]), LINTS[0].level);
        assert_eq!(config.options(LINTS[1]).number("max"), 4);
    }

    #[test]
    fn what_is_set_goes_over_the_defaults() {
        let text = "version = 1\n[rules]\nimpure-core = \"allow\"\ntoo-many-dependencies = { max = 6 }\n";
        let config = parse("baton.toml", text, LINTS).unwrap();
        assert_eq!(config.level(LINTS[0]), Level::Allow);
        assert_eq!(config.level(LINTS[1]), LINTS[1].level);
        assert_eq!(config.options(LINTS[1]).number("max"), 6);
        assert!(config.options(LINTS[1]).switch("count-telemetry"), "the default stays");
    }
}
