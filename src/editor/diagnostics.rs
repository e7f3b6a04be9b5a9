//! Findings and faults as an editor shows them.

use super::client::Client;
use super::position::{Encoding, Lines};
use crate::render::{Problem, clean};
use baton_core::finding::{Finding, Level};
use baton_core::report::{Judged, Report};
use baton_core::source::{FileId, Place};
use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Message, Position, Range, Uri,
};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What the editor shows beside a diagnostic's code.
const SOURCE: &str = "baton";

/// The diagnostics of files, by their paths in the project.
pub type ByFile = BTreeMap<String, Vec<Diagnostic>>;

/// The findings of a report, in its order.
pub(super) fn of_report(report: &Report, client: Client, uri: &dyn Fn(&str) -> Uri) -> ByFile {
    let mut places = Places::new(report, client.encoding);
    let mut files = ByFile::new();
    for judged in &report.findings {
        let Some(file) = report.file(judged.finding.place.file) else { continue };
        let diagnostic = diagnostic(judged, client, &mut places, uri);
        files.entry(file.path.clone()).or_default().push(diagnostic);
    }
    files
}

/// What is wrong with the texts that say how to read a project.
pub(super) fn of_problems(problems: &[Problem<'_>], encoding: Encoding) -> ByFile {
    let mut files = ByFile::new();
    for problem in problems {
        let message = match problem.help {
            "" => clean::lines(problem.message),
            help => clean::lines(&format!("{}\nhelp: {help}", problem.message)),
        };
        let diagnostic = Diagnostic {
            range: Lines::new(problem.text, encoding).range(problem.span),
            severity: Some(DiagnosticSeverity::Error),
            source: Some(SOURCE.to_owned()),
            message: Message::String(message),
            ..Diagnostic::default()
        };
        files.entry(problem.path.to_owned()).or_default().push(diagnostic);
    }
    files
}

fn diagnostic(judged: &Judged, client: Client, places: &mut Places<'_>, uri: &dyn Fn(&str) -> Uri) -> Diagnostic {
    let Judged { finding, level, .. } = judged;
    let told = told(finding);
    let mut message = clean::line(&finding.message).into_owned();
    if !finding.help.is_empty() {
        message.push_str("\nhelp: ");
        message.push_str(&clean::lines(&finding.help));
    }
    if !client.related {
        // What cannot be shown where it is, is told in words.
        for (place, what) in &told {
            let _ = write!(message, "\n{}: {}", places.shown(*place), clean::line(what));
        }
    }
    let related = told.iter().filter(|_| client.related).filter_map(|(place, what)| {
        let location = places.location(*place, uri)?;
        Some(DiagnosticRelatedInformation { location, message: clean::line(what).into_owned() })
    });
    let related: Vec<_> = related.collect();
    Diagnostic {
        range: places.range(finding.place),
        severity: Some(severity(*level)),
        code: Some(Code::String(finding.rule.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: Message::String(message),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}

/// The places that prove a finding, with what each shows: the evidence, the chain, the ways of values.
fn told(finding: &Finding) -> Vec<(Place, String)> {
    let mut told: Vec<_> = finding.evidence.iter().map(|one| (one.place, one.why.clone())).collect();
    told.extend(finding.chain.iter().map(|hop| (hop.place, format!("`{}` names `{}`", hop.from, hop.to))));
    for trail in &finding.trails {
        told.extend(trail.steps.iter().map(|step| (step.place, step.what.clone())));
    }
    told
}

const fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Deny => DiagnosticSeverity::Error,
        Level::Warn | Level::Allow => DiagnosticSeverity::Warning,
    }
}

/// The places of a report as an editor counts them. The lines of a file are counted once.
pub(super) struct Places<'r> {
    report: &'r Report,
    encoding: Encoding,
    lines: BTreeMap<FileId, Lines<'r>>,
}

impl<'r> Places<'r> {
    /// The places of that report.
    pub(super) const fn new(report: &'r Report, encoding: Encoding) -> Self {
        Self { report, encoding, lines: BTreeMap::new() }
    }

    /// The range of a place; the beginning of a file that could not be read.
    pub(super) fn range(&mut self, place: Place) -> Range {
        let Some(file) = self.report.file(place.file) else {
            let start = Position { line: 0, character: 0 };
            return Range { start, end: start };
        };
        self.lines.entry(place.file).or_insert_with(|| Lines::new(&file.text, self.encoding)).range(place.span)
    }

    /// The place with the address of its file.
    pub(super) fn location(&mut self, place: Place, uri: &dyn Fn(&str) -> Uri) -> Option<Location> {
        let file = self.report.file(place.file)?;
        Some(Location { uri: uri(&file.path), range: self.range(place) })
    }

    /// The place in words.
    pub(super) fn shown(&self, place: Place) -> String {
        self.report.file(place.file).map_or_else(String::new, |file| {
            let line = file.lines.line_column(&file.text, place.span.start).line;
            format!("{}:{line}", clean::line(&file.path))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::uri::uri_of;
    use crate::render::testing;
    use baton_core::source::Span;
    use expect_test::{Expect, expect};
    use std::path::Path;

    #[track_caller]
    fn check(files: &ByFile, expected: &Expect) {
        let mut out = String::new();
        let show = |range: Range| {
            let Range { start, end } = range;
            format!("{}:{}-{}:{}", start.line, start.character, end.line, end.character)
        };
        for (path, diagnostics) in files {
            for one in diagnostics {
                let Message::String(message) = &one.message else { panic!("{one:?}") };
                let code = one.code.as_ref().map_or("none", |code| match code {
                    Code::String(code) => code,
                    Code::Int(_) => "a number",
                });
                writeln!(out, "{path} {} {:?} {code}: {message}", show(one.range), one.severity).unwrap();
                for related in one.related_information.iter().flatten() {
                    let Location { uri, range } = &related.location;
                    writeln!(out, "  {} {}: {}", uri.0, show(*range), related.message).unwrap();
                }
            }
        }
        expected.assert_eq(&out);
    }

    fn uri(path: &str) -> Uri {
        uri_of(&Path::new("/p").join(path))
    }

    #[test]
    fn a_finding_has_its_proof_beside_it() {
        let client = Client { related: true, ..Client::default() };
        check(
            &of_report(&testing::report(), client, &uri),
            &expect![[r#"
                src/domain/a.rs 1:4-1:24 Some(Error) core-imports-shell: `domain::a` reaches `utils::cache`
                help: take the cache's answer as a parameter
                  file:///p/src/domain/a.rs 1:4-1:17: named here
                  file:///p/src/domain/a.rs 1:4-1:17: `domain::a` names `shared`
                  file:///p/src/shared.rs 0:0-0:9: `shared` names `utils::cache`
                src/domain/a.rs 0:0-0:2 Some(Warning) impure-core: two␊lines and \u{202e}a trick
            "#]],
        );
    }

    #[test]
    fn an_editor_without_related_places_gets_them_in_words() {
        let files = of_report(&testing::report(), Client::default(), &uri);
        let first = &files["src/domain/a.rs"][0];
        let Message::String(message) = &first.message else { panic!("{first:?}") };
        assert!(message.ends_with("\nsrc/shared.rs:1: `shared` names `utils::cache`"), "{message}");
        assert_eq!(first.related_information, None);
    }

    #[test]
    fn columns_beyond_ascii_are_those_of_the_encoding() {
        let column = |encoding| {
            let client = Client { encoding, ..Client::default() };
            let files = of_report(&testing::hostile(), client, &uri);
            files.values().next().unwrap()[0].range.start
        };
        // In `let é = "𝒳"; drop(é);` one letter has two bytes, the other four.
        assert_eq!(column(Encoding::Utf32), Position { line: 1, character: 13 });
        assert_eq!(column(Encoding::Utf16), Position { line: 1, character: 14 });
        assert_eq!(column(Encoding::Utf8), Position { line: 1, character: 17 });
    }

    #[test]
    fn a_fault_of_the_configuration_stands_at_its_place() {
        let text = "version = 1\r\nbad = 2\r\n";
        let span = Span::new(13, 16);
        let problem = Problem { path: "baton.toml", text, span, message: "unknown key", help: "remove it" };
        check(
            &of_problems(&[problem], Encoding::Utf16),
            &expect![[r#"
                baton.toml 1:0-1:3 Some(Error) none: unknown key
                help: remove it
            "#]],
        );
    }
}
