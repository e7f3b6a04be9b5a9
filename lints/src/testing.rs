//! What the tests of the lints share: a project in one text, and complaints drawn under its code.
//!
//! A line `//- src/core/price.rs` begins a file; `//- dependencies tokio uuid` stands for a `Cargo.toml`
//! whose package `app` depends on those crates. Where the text has no `Cargo.toml`, `baton.toml` or
//! crate root, there are: a package `app` of edition 2024; the roles core, shell and orchestrator for
//! `src/core`, `src/shell` and `src/app`; and a `src/lib.rs` that declares the module of every file.
//! A `baton.toml` that says nothing of roles has those same ones.

use baton_core::config::{self, Config};
use baton_core::finding::{Evidence, Finding};
use baton_core::link::{self, Content, Project, SourceFile};
use baton_core::lint::Lint;
use baton_core::manifest;
use baton_core::parse::{self, Need, Parsed};
use baton_core::source::{LineIndex, Place};
use expect_test::Expect;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

const MANIFEST: &str = "[package]\nname = \"app\"\nedition = \"2024\"\n";
const DEPENDENCIES: &str = "dependencies ";
const ROLES: &[(&str, &str)] = &[("core", "src/core/"), ("shell", "src/shell/"), ("orchestrator", "src/app/")];

/// Compares what `lint` says about `project` with `expected`: each line that it complains about,
/// `^^^^` with the complaint under it, `----` under what proves it, the hops of a chain of several,
/// and at the end what to do about it all.
#[track_caller]
pub(crate) fn check(lint: &'static Lint, project: &str, expected: &Expect) {
    let sample = Sample::new(project, lint);
    let mut drawing = Drawing::new(&sample);
    let mut helps = BTreeSet::new();
    for finding in sample.findings(lint) {
        assert_eq!(finding.rule, lint.name);
        drawing.finding(&finding);
        helps.insert(finding.help);
    }
    let mut out = drawing.out;
    for help in helps {
        let _ = writeln!(out, "help: {help}");
    }
    expected.assert_eq(&out);
}

/// Compares only the places that prove the findings, for tests of what counts as proof.
#[track_caller]
pub(crate) fn check_evidence(lint: &'static Lint, project: &str, expected: &Expect) {
    let sample = Sample::new(project, lint);
    let mut drawing = Drawing::new(&sample);
    for evidence in sample.findings(lint).iter().flat_map(|finding| &finding.evidence) {
        drawing.evidence(evidence);
    }
    expected.assert_eq(&drawing.out);
}

/// How much `lint` looked at in `project`.
#[track_caller]
pub(crate) fn judged(lint: &'static Lint, project: &str) -> usize {
    let sample = Sample::new(project, lint);
    lint.verdict(&sample.project, &sample.config.options(lint)).judged
}

/// What `lint` says about `project`, for findings whose code is too long to show.
#[track_caller]
pub(crate) fn messages(lint: &'static Lint, project: &str) -> Vec<String> {
    Sample::new(project, lint).findings(lint).into_iter().map(|finding| finding.message).collect()
}

/// What `lint` asks to do about each of what it says about `project`.
#[track_caller]
pub(crate) fn helps(lint: &'static Lint, project: &str) -> Vec<String> {
    Sample::new(project, lint).findings(lint).into_iter().map(|finding| finding.help).collect()
}

/// The kinds of what proves the findings of `lint` about `project`, sorted, each once.
#[track_caller]
pub(crate) fn evidence_kinds(lint: &'static Lint, project: &str) -> BTreeSet<&'static str> {
    let sample = Sample::new(project, lint);
    sample.findings(lint).iter().flat_map(|finding| &finding.evidence).map(|evidence| evidence.kind).collect()
}

/// A linked project with its texts.
struct Sample {
    project: Project,
    texts: Vec<String>,
    config: Config,
}

impl Sample {
    #[track_caller]
    fn new(text: &str, lint: &'static Lint) -> Self {
        let mut files = split(text);
        let manifests = take(&mut files, |path| path.ends_with("Cargo.toml"));
        let configured = files.remove("baton.toml").unwrap_or_else(|| "version = 1\n".to_owned());
        let dependencies = take(&mut files, |path| path.starts_with(DEPENDENCIES));
        let manifests = if manifests.is_empty() { default_manifest(&dependencies) } else { manifests };
        if !files.contains_key("src/lib.rs") && !files.contains_key("src/main.rs") {
            files.insert("src/lib.rs".to_owned(), declarations(&files, "src/"));
        }
        let config = config::parse("baton.toml", &with_roles(configured, &files), &[lint]).unwrap();
        let paths: Vec<String> = files.keys().cloned().collect();
        let workspace = manifest::read(&manifests, &paths).unwrap();
        let sources = files.iter().map(|(path, text)| source(path, text)).collect();
        let project = link::link(sources, &workspace, &config).unwrap();
        Self { project, texts: files.into_values().collect(), config }
    }

    /// The findings in the order of their places.
    fn findings(&self, lint: &Lint) -> Vec<Finding> {
        let mut findings = lint.verdict(&self.project, &self.config.options(lint)).findings;
        findings.sort_by(|a, b| (a.place, &a.message).cmp(&(b.place, &b.message)));
        findings
    }
}

/// The manifest of the package `app`, with the dependencies that `//- dependencies` lines name.
fn default_manifest(dependencies: &Files) -> Files {
    let mut manifest = format!("{MANIFEST}[dependencies]\n");
    for name in dependencies.keys().flat_map(|line| line[DEPENDENCIES.len()..].split(' ')) {
        let _ = writeln!(manifest, "{name} = \"1\"");
    }
    [("Cargo.toml".to_owned(), manifest)].into()
}

type Files = BTreeMap<String, String>;

/// The files of a text, each without the indentation that all its lines share.
fn split(text: &str) -> Files {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut open = None;
    for line in text.lines() {
        if let Some(path) = line.trim_start().strip_prefix("//- ") {
            open = Some(files.entry(path).or_default());
        } else if let Some(file) = open.as_mut() {
            file.push(line);
        } else {
            assert!(line.trim().is_empty(), "`{line}` belongs to no file");
        }
    }
    files.into_iter().map(|(path, lines)| (path.to_owned(), unindented(&lines))).collect()
}

/// A piece of code without the indentation that all its lines share, to be put together with others.
pub(crate) fn piece(code: &str) -> String {
    unindented(&code.lines().skip_while(|line| line.trim().is_empty()).collect::<Vec<_>>())
}

fn unindented(lines: &[&str]) -> String {
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let shared = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let mut text = lines.iter().map(|line| line.get(shared..).unwrap_or_default()).collect::<Vec<_>>().join("\n");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn take(files: &mut Files, wanted: impl Fn(&str) -> bool) -> Files {
    let (taken, left) = std::mem::take(files).into_iter().partition(|(path, _)| wanted(path));
    *files = left;
    taken
}

/// The modules of the files below a folder, except those that a `mod.rs` or `name.rs` declares.
fn declarations(files: &Files, folder: &str) -> String {
    let below = files.keys().filter_map(|path| path.strip_prefix(folder));
    let names: BTreeSet<&str> = below.filter_map(|rest| rest.split(['/', '.']).next()).collect();
    let mut out = String::new();
    for name in names {
        let inner = format!("{folder}{name}/");
        let file = [format!("{folder}{name}.rs"), format!("{inner}mod.rs")];
        if file.iter().any(|path| files.contains_key(path)) {
            let _ = write!(out, "pub mod {name}; ");
        } else {
            let _ = write!(out, "pub mod {name} {{ {}}} ", declarations(files, &inner));
        }
    }
    out
}

/// Adds the usual roles, as far as there are files for them, to a configuration without any.
fn with_roles(mut text: String, files: &Files) -> String {
    if text.contains("[[role]]") {
        return text;
    }
    for (role, folder) in ROLES {
        if files.keys().any(|path| path.starts_with(folder)) {
            let _ = write!(text, "\n[[role]]\nname = \"{role}\"\npaths = [\"{folder}**\"]\n");
        }
    }
    text
}

fn source(path: &str, text: &str) -> SourceFile {
    let content = match parse::parse_file(text, &LineIndex::new(text), Need::Bodies) {
        Parsed::Facts(facts) => Content::Facts(Arc::new(facts)),
        Parsed::Generated => Content::Generated,
        Parsed::Failed(failure) => Content::Failed(failure),
    };
    SourceFile { path: path.to_owned(), content }
}

/// Code with marks under it, each line of code once.
struct Drawing<'a> {
    sample: &'a Sample,
    /// The file and line that the next mark need not repeat.
    drawn: Option<(u32, u32)>,
    out: String,
}

impl<'a> Drawing<'a> {
    fn new(sample: &'a Sample) -> Self {
        Self { sample, drawn: None, out: String::new() }
    }

    fn finding(&mut self, finding: &Finding) {
        self.mark(finding.place, "^", &finding.message);
        for evidence in &finding.evidence {
            self.evidence(evidence);
        }
        // The only hop of a direct dependency is what the message says.
        if finding.chain.len() > 1 {
            for hop in &finding.chain {
                self.mark(hop.place, "~", &format!("{} -> {}", hop.from, hop.to));
            }
        }
    }

    fn evidence(&mut self, evidence: &Evidence) {
        self.mark(evidence.place, "-", &evidence.why);
    }

    fn mark(&mut self, place: Place, mark: &str, what: &str) {
        let number = place.file.0;
        let text = &self.sample.texts[number as usize];
        let index = LineIndex::new(text);
        let start = index.line_column(text, place.span.start);
        let end = index.line_column(text, place.span.end);
        let line = text.lines().nth(start.line as usize - 1).unwrap_or_default();
        if self.drawn.is_none_or(|(file, _)| file != number) {
            let _ = writeln!(self.out, "//- {}", self.sample.project.files[number as usize].path);
        }
        if self.drawn != Some((number, start.line)) {
            let _ = writeln!(self.out, "{line}");
        }
        self.drawn = Some((number, start.line));
        let last = if end.line == start.line { end.column } else { line.chars().count() as u32 + 1 };
        let indent = start.column as usize - 1;
        let width = last.saturating_sub(start.column).max(1) as usize;
        let _ = writeln!(self.out, "{:indent$}{} {what}", "", mark.repeat(width));
    }
}
