//! What a lint is: a name, a page, options, and a function from the project to findings.

use crate::finding::{Finding, Level};
use crate::link::{Orchestrator, Project};
use std::collections::{BTreeMap, BTreeSet};

/// One lint. The registry in `baton-lints` is a list of these; `rules`, `explain`, the
/// book and the configuration all read it.
pub struct Lint {
    /// The rule's name, which is also the name of its file (with underscores) and its fixture folder.
    pub name: &'static str,
    /// The level it has when `baton.toml` says nothing.
    pub level: Level,
    /// One line for the catalogue.
    pub summary: &'static str,
    /// The source text of the lint's own file: its module documentation is the rule's page.
    pub source: &'static str,
    /// What `baton.toml` may set besides `level`.
    pub options: &'static [OptionSpec],
    /// The lint itself.
    pub check: Check,
}

/// How a lint judges. Both are functions from the project to a verdict, and none knows of threads.
#[derive(Clone, Copy)]
pub enum Check {
    /// All of the project at once.
    Whole(fn(&Project, &Options) -> Verdict),
    /// Some of the project's orchestrators, apart from all others. Whoever runs the lint may ask for
    /// several lots at once, and puts the verdicts together with [`Verdict::joined`].
    Orchestrators(fn(&Project, &Options, &[Orchestrator]) -> Verdict),
}

/// How many orchestrators are judged in a row: what one teaches about types helps the next.
const AT_ONCE: usize = 256;

impl Lint {
    /// The rule's page in Markdown: the module documentation of its file.
    pub fn page(&self) -> String {
        let docs = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        docs.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect()
    }

    /// What the lint says about a project.
    pub fn verdict(&self, project: &Project, options: &Options) -> Verdict {
        Verdict::joined(self.lots(project).into_iter().map(|lot| self.verdict_of(project, options, lot)).collect())
    }

    /// The parts of a project that the lint judges apart from each other, as orchestrators in a row. A
    /// lint that judges the project at once has one part, which is all of it.
    pub fn lots<'p>(&self, project: &'p Project) -> Vec<&'p [Orchestrator]> {
        match self.check {
            Check::Whole(_) => vec![&project.orchestrators],
            Check::Orchestrators(_) => project.orchestrators.chunks(AT_ONCE).collect(),
        }
    }

    /// What the lint says about one of its [`Lint::lots`].
    pub fn verdict_of(&self, project: &Project, options: &Options, lot: &[Orchestrator]) -> Verdict {
        match self.check {
            Check::Whole(check) => check(project, options),
            Check::Orchestrators(check) => check(project, options, lot),
        }
    }
}

/// What a lint says: what it found, and how much it looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How many things were judged: orchestrators, edges, files, as the lint's page says.
    pub judged: usize,
    /// What was found, in any order.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// What the lint said with several sets of options, each with whether a file has them, by the file's
    /// number: of each it says what stands in those files. How much it judged is what it judged with the first.
    #[must_use]
    pub fn of_variants(verdicts: Vec<(Self, &[bool])>) -> Self {
        let judged = verdicts.first().map_or(0, |(verdict, _)| verdict.judged);
        let has = |files: &[bool], finding: &Finding| files.get(finding.place.file.0 as usize).is_some_and(|has| *has);
        let findings = verdicts
            .into_iter()
            .flat_map(|(verdict, files)| verdict.findings.into_iter().filter(move |finding| has(files, finding)));
        Self { judged, findings: findings.collect() }
    }

    /// What several verdicts say together, in their order. Where they speak of one place, which happens
    /// with files that several targets compile, the first counts.
    #[must_use]
    pub fn joined(mut verdicts: Vec<Self>) -> Self {
        if verdicts.len() == 1 {
            return verdicts.swap_remove(0);
        }
        let judged = verdicts.iter().map(|verdict| verdict.judged).sum();
        let mut places = BTreeSet::new();
        let all = verdicts.into_iter().flat_map(|verdict| verdict.findings);
        Self { judged, findings: all.filter(|finding| places.insert(finding.place)).collect() }
    }
}

/// One option of a lint.
pub struct OptionSpec {
    /// Its key in `baton.toml`.
    pub name: &'static str,
    /// Its value when `baton.toml` says nothing; it also fixes the type.
    pub default: OptionDefault,
    /// One line for the rule's page.
    pub summary: &'static str,
}

/// The default of an option, and so its type.
#[derive(Clone, Copy, Debug)]
pub enum OptionDefault {
    /// A whole number, at least 0.
    Number(u32),
    /// A switch.
    Switch(bool),
    /// A list of packages. Those that `baton.toml` gives must be dependencies of the project.
    Crates(&'static [&'static str]),
    /// A list of paths, as code names them, and of crates; see [`means`](crate::config::means). What
    /// `baton.toml` gives must occur in the project.
    Paths(&'static [&'static str]),
    /// A list of names, with `*` for any characters. Those that `baton.toml` gives must be patterns.
    Names(&'static [&'static str]),
    /// A list of names of roles. Those that `baton.toml` gives must be declared there.
    Roles(&'static [&'static str]),
    /// One word of a list; the first is the default.
    Choice(&'static [&'static str]),
}

/// A value that `baton.toml` gives to an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// A whole number.
    Number(u32),
    /// A switch.
    Switch(bool),
    /// A list of strings.
    Texts(Vec<String>),
    /// One word.
    Word(String),
}

/// The options of one lint, with the defaults filled in. Values have been checked against the
/// lint's [`OptionSpec`]s; asking for an option that the lint does not declare yields the type's zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    values: BTreeMap<String, OptionValue>,
}

impl Options {
    /// The options of `lint`: its defaults, overlaid with what `baton.toml` gives.
    pub fn new(lint: &Lint, given: &BTreeMap<String, OptionValue>) -> Self {
        let mut values: BTreeMap<_, _> =
            lint.options.iter().map(|spec| (spec.name.to_owned(), spec.default.value())).collect();
        values.extend(given.iter().map(|(name, value)| (name.clone(), value.clone())));
        Self { values }
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> u32 {
        match self.values.get(name) {
            Some(OptionValue::Number(number)) => *number,
            _ => 0,
        }
    }

    /// A switch.
    pub fn switch(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(OptionValue::Switch(true)))
    }

    /// A list of strings.
    pub fn texts(&self, name: &str) -> &[String] {
        match self.values.get(name) {
            Some(OptionValue::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// One word.
    pub fn word(&self, name: &str) -> &str {
        match self.values.get(name) {
            Some(OptionValue::Word(word)) => word,
            _ => "",
        }
    }
}

impl OptionDefault {
    /// The default as a value.
    pub fn value(self) -> OptionValue {
        match self {
            Self::Number(number) => OptionValue::Number(number),
            Self::Switch(on) => OptionValue::Switch(on),
            Self::Crates(texts) | Self::Paths(texts) | Self::Names(texts) | Self::Roles(texts) => {
                OptionValue::Texts(texts.iter().map(|&text| text.to_owned()).collect())
            }
            Self::Choice(words) => OptionValue::Word(words.first().copied().unwrap_or_default().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place, Span};

    #[test]
    fn of_findings_at_one_place_the_first_lot_counts() {
        let finding = |at: u32, message: &str| Finding {
            rule: "a",
            level: None,
            message: message.to_owned(),
            help: String::new(),
            place: Place::new(FileId(0), Span::new(at, at + 1)),
            item: String::new(),
            evidence: Vec::new(),
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        };
        let lots = vec![
            Verdict { judged: 2, findings: vec![finding(5, "first"), finding(9, "other place")] },
            Verdict { judged: 1, findings: vec![finding(5, "second"), finding(3, "third place")] },
        ];
        let joined = Verdict::joined(lots);
        let messages: Vec<&str> = joined.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!((joined.judged, messages), (3, vec!["first", "other place", "third place"]));
        // A lint that judges all at once may say several things of one place.
        let whole = vec![Verdict { judged: 1, findings: vec![finding(5, "first"), finding(5, "second")] }];
        assert_eq!(Verdict::joined(whole).findings.len(), 2);
    }
}
