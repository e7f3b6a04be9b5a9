//! `baton-baseline.toml`: the findings that a project accepts for now.
//!
//! An entry is known by the fingerprint of its finding, into which no line number goes, so moving and
//! formatting code changes nothing. The list only gets shorter: what is not in it fails, and what is in it
//! and is found no more is to be taken out.

use super::ConfigError;
use super::reader::{Reader, Value, span};
use super::{document, suggest};
use crate::lint::Lint;
use crate::source::Span;
use std::collections::BTreeSet;
use toml::de::{DeTable, DeValue};

/// The name of the file, at the root of the project.
pub const BASELINE: &str = "baton-baseline.toml";

const KEYS: [&str; 2] = ["version", "finding"];
const ENTRY_KEYS: [&str; 7] = ["rule", "item", "says", "fingerprint", "reason", "owner", "until"];

/// The findings that a project accepts for now, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The entries.
    pub entries: Vec<Accepted>,
}

/// How a baseline differs from what it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// How many entries it had.
    pub before: usize,
    /// How many it has.
    pub now: usize,
    /// The entries that it did not have.
    pub added: Vec<Accepted>,
    /// How many entries it has no more.
    pub removed: usize,
}

/// A finding that is accepted for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The rule.
    pub rule: String,
    /// The item that the finding stands in, or the file.
    pub item: String,
    /// The finding's fingerprint.
    pub fingerprint: String,
    /// The day after which it is accepted no more, as `2026-12-31`; with it the day is over.
    pub until: Option<String>,
    /// Whether that day is over.
    pub is_over: bool,
    /// The place of its header, `[[finding]]`.
    pub span: Span,
}

impl Baseline {
    /// Reads the text of a `baton-baseline.toml`. `lints` are the rules that exist, `today` is the day as
    /// `2026-12-31`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the text, in its order.
    pub fn parse(text: &str, lints: &[&Lint], today: &str) -> Result<Self, Vec<ConfigError>> {
        let mut reader = Reader::new(BASELINE);
        let mut baseline = Self::default();
        if let Some(table) = document::document(&mut reader, text, 0) {
            if !table.contains_key("version") {
                reader.error(Span::default(), "the version of the format is missing", "begin with `version = 1`");
            }
            for (key, value) in &table {
                match key.get_ref().as_ref() {
                    "version" => document::version(&mut reader, value),
                    "finding" => baseline.entries = entries(&mut reader, value, lints, today),
                    _ => reader.unknown_key(key, "the baseline", KEYS),
                }
            }
        }
        let errors = reader.into_errors();
        if errors.is_empty() { Ok(baseline) } else { Err(errors) }
    }

    /// The fingerprints of what is accepted today.
    pub fn accepting(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| !entry.is_over).map(|entry| entry.fingerprint.as_str())
    }

    /// How it differs from what it was `before`, if any of the two accepts anything.
    pub fn growth(&self, before: &Self) -> Option<Growth> {
        let marks = |of: &Self| -> BTreeSet<String> { of.entries.iter().map(|one| one.fingerprint.clone()).collect() };
        let (then, today) = (marks(before), marks(self));
        let added = self.entries.iter().filter(|entry| !then.contains(&entry.fingerprint)).cloned().collect();
        let growth = Growth { before: then.len(), now: today.len(), added, removed: then.difference(&today).count() };
        (growth.before + growth.now > 0).then_some(growth)
    }

    /// The text that it was read from, without the entries whose headers stand at `gone`. What else people wrote
    /// stays: comments in front of an entry are the next one's.
    pub fn pruned(&self, text: &str, gone: &BTreeSet<Span>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (number, entry) in self.entries.iter().enumerate().filter(|(_, entry)| gone.contains(&entry.span)) {
            let start = entry.span.start as usize;
            let next = self.entries.get(number + 1).map_or(text.len(), |next| next.span.start as usize);
            out.push_str(&text[at..start]);
            at = start + end_of_keys(&text[start..next]);
        }
        out.push_str(&text[at..]);
        out
    }
}

/// Where the last line of an entry ends that is no comment, with one empty line behind it.
fn end_of_keys(entry: &str) -> usize {
    let (mut at, mut end) = (0, 0);
    for line in entry.split_inclusive('\n') {
        at += line.len();
        let is_quiet = line.trim().is_empty() || line.trim_start().starts_with('#');
        if !is_quiet || (line.trim().is_empty() && end + line.len() == at) {
            end = at;
        }
    }
    end
}

fn entries(reader: &mut Reader<'_>, value: &Value<'_>, lints: &[&Lint], today: &str) -> Vec<Accepted> {
    const HELP: &str = "write `[[finding]]`, once for each finding";
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_type("finding", value, "a list of sections", HELP);
        return Vec::new();
    };
    let mut entries: Vec<Accepted> = Vec::new();
    for element in list {
        let Some(table) = element.get_ref().as_table() else {
            reader.wrong_type("finding", element, "a list of sections", HELP);
            continue;
        };
        let Some(entry) = entry(reader, table, span(&element.span()), lints, today) else { continue };
        if entries.iter().any(|other| other.fingerprint == entry.fingerprint) {
            let message = format!("the finding `{}` stands twice", entry.fingerprint);
            reader.error(entry.span, message, "remove one of the two");
        }
        entries.push(entry);
    }
    entries
}

fn entry(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span, lints: &[&Lint], today: &str) -> Option<Accepted> {
    for key in table.keys().filter(|key| !ENTRY_KEYS.contains(&key.get_ref().as_ref())) {
        reader.unknown_key(key, "`[[finding]]`", ENTRY_KEYS);
    }
    for key in ["says", "reason", "owner"] {
        table.get(key).and_then(|value| reader.text(key, value));
    }
    let mut needed = |key: &str| {
        let Some(value) = table.get(key) else {
            reader.error(place, format!("an entry without `{key}`"), "let `baton baseline create` write it");
            return None;
        };
        reader.text(key, value).map(|text| (text.to_owned(), span(&value.span())))
    };
    let (rule, item, fingerprint) = (needed("rule"), needed("item"), needed("fingerprint"));
    let (rule, rule_place) = rule?;
    if !lints.iter().any(|lint| lint.name == rule) {
        let help = suggest::help(&rule, lints.iter().map(|lint| lint.name));
        reader.error(rule_place, format!("there is no rule `{rule}`"), help);
    }
    let until = table.get("until").and_then(|value| date(reader, value));
    let is_over = until.as_deref().is_some_and(|until| until < today);
    Some(Accepted { rule, item: item?.0, fingerprint: fingerprint?.0, until, is_over, span: place })
}

/// A day, as a date of TOML or in quotes.
fn date(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<String> {
    let text = match value.get_ref() {
        DeValue::Datetime(date) => date.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => String::new(),
    };
    let is_day = text.parse::<toml::value::Datetime>().is_ok_and(|date| date.date.is_some() && date.time.is_none());
    if !is_day {
        reader.error(span(&value.span()), "`until` is no day", "write it as `until = 2026-12-31`");
        return None;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{LINTS, render};
    use expect_test::expect;

    const ENTRY: &str = "[[finding]]\nrule = \"impure-core\"\nitem = \"a::b\"\nfingerprint = \"1\"\n";

    fn parse(text: &str) -> Result<Baseline, String> {
        Baseline::parse(text, LINTS, "2026-06-30").map_err(|errors| render(text, &errors))
    }

    #[test]
    fn an_entry_may_say_more() {
        let text = format!("version = 1\n{ENTRY}reason = \"later\"\nowner = \"team\"\nuntil = 2026-06-30\n");
        let entries = parse(&text).unwrap().entries;
        assert_eq!((entries[0].until.as_deref(), entries[0].is_over), (Some("2026-06-30"), false));
        let over = parse(&text.replace("2026-06-30", "2026-06-29")).unwrap();
        assert!(over.entries[0].is_over);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        let text = "version = 1\n[[finding]]\nrule = \"impure-cor\"\nitem = \"a\"\nfingerprint = \"1\"\nline = 4\n[[finding]]\nrule = \"impure-core\"\nitem = \"a\"\nfingerprint = \"1\"\nuntil = \"soon\"\n[[finding]]\nrule = 1\n";
        expect![[r#"
            rule = "impure-cor"
                   ^^^^^^^^^^^^ there is no rule `impure-cor`
                   help: did you mean `impure-core`?
            line = 4
            ^^^^ unknown key `line` in `[[finding]]`
            help: known here: `rule`, `item`, `says`, `fingerprint`, `reason`, `owner`, `until`
            [[finding]]
            ^^^^^^^^^^^ the finding `1` stands twice
            help: remove one of the two
            until = "soon"
                    ^^^^^^ `until` is no day
                    help: write it as `until = 2026-12-31`
            [[finding]]
            ^^^^^^^^^^^ an entry without `item`
            help: let `baton baseline create` write it
            ^^^^^^^^^^^ an entry without `fingerprint`
            help: let `baton baseline create` write it
            rule = 1
                   ^ `rule` must be a string, not a whole number
                   help: write `rule = "…"`
        "#]]
        .assert_eq(&parse(text).unwrap_err());
        expect![[r#"
            findings = []
            ^ the version of the format is missing
            help: begin with `version = 1`
            ^^^^^^^^ unknown key `findings` in the baseline
            help: did you mean `finding`?
        "#]]
        .assert_eq(&parse("findings = []\n").unwrap_err());
    }

    #[test]
    fn growth_counts_what_was_added_and_what_was_removed() {
        let entry = |mark: &str| ENTRY.replace('1', mark);
        let list = |marks: &[&str]| {
            let entries: String = marks.iter().map(|mark| entry(mark)).collect();
            parse(&format!("version = 1\n{entries}")).unwrap()
        };
        let growth = list(&["a", "c", "d"]).growth(&list(&["a", "b"])).unwrap();
        let added: Vec<_> = growth.added.iter().map(|one| one.fingerprint.as_str()).collect();
        assert_eq!((growth.before, growth.now, added, growth.removed), (2, 3, vec!["c", "d"], 1));
        assert_eq!(list(&[]).growth(&list(&["a"])).map(|growth| growth.removed), Some(1));
        assert_eq!(list(&[]).growth(&Baseline::default()), None);
    }

    #[test]
    fn what_is_gone_is_taken_out_and_the_rest_stays() {
        let two = ENTRY.replace('1', "2");
        let spaced = ENTRY.replace("[[finding]]", "[[ finding ]]");
        let text = format!("# ours\nversion = 1\n\n# why\n{spaced}\n# of the second\n{two}\n# behind\n");
        let baseline = parse(&text).unwrap();
        let pruned = |which: &[usize]| {
            let gone = which.iter().map(|&at| baseline.entries[at].span).collect();
            baseline.pruned(&text, &gone)
        };
        assert_eq!(pruned(&[0]), format!("# ours\nversion = 1\n\n# why\n# of the second\n{two}\n# behind\n"));
        assert_eq!(pruned(&[1]), format!("# ours\nversion = 1\n\n# why\n{spaced}\n# of the second\n# behind\n"));
        assert_eq!(pruned(&[0, 1]), "# ours\nversion = 1\n\n# why\n# of the second\n# behind\n");
        assert_eq!(pruned(&[]), text);
    }
}
