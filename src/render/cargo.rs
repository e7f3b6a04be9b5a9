//! Messages of the compiler as `cargo check --message-format=json` passes them on, a line each. rust-analyzer and
//! many other programs read them.
//!
//! <https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages> and
//! <https://doc.rust-lang.org/rustc/json.html#diagnostics>

use super::json::compact;
use super::problem::{Problem, problems};
use super::{Style, clean, full};
use crate::error::Failure;
use baton_core::builds::Build;
use baton_core::finding::Level;
use baton_core::manifest::TargetKind;
use baton_core::report::{Judged, Report};
use baton_core::source::{LineIndex, Place, Span};
use serde::Serialize;
use std::fmt::Write;

/// The whole report: a message for each finding, and the one with which cargo ends.
pub(super) fn cargo(report: &Report) -> Result<String, Failure> {
    let mut out = cargo_messages(report)?;
    out.push_str(&build_finished(report.summary.deny == 0 && report.unjudged.is_none())?);
    Ok(out)
}

/// A message for each finding.
///
/// # Errors
///
/// The renderer failed, which is a fault of this program.
pub fn cargo_messages(report: &Report) -> Result<String, Failure> {
    let mut out = String::new();
    for judged in &report.findings {
        let build = report.builds.of_file(judged.finding.place.file);
        let message = Passed {
            reason: "compiler-message",
            origin: Origin::of(report, build),
            message: diagnostic(report, judged)?,
        };
        out.push_str(&compact(&message)?);
    }
    Ok(out)
}

/// A message for each fault in the texts that say how to read the project at `root`.
///
/// # Errors
///
/// The renderer failed, which is a fault of this program.
pub fn cargo_faults(faults: &[Problem<'_>], root: &str) -> Result<String, Failure> {
    let mut out = String::new();
    for fault in faults {
        let lines = LineIndex::new(fault.text);
        let source = Source { root, path: fault.path, text: fault.text, lines: &lines };
        let help = (!fault.help.is_empty()).then(|| Diagnostic::child("help", fault.help, Vec::new()));
        let message = Diagnostic {
            rendered: Some(problems(std::slice::from_ref(fault), Style::Plain)?),
            children: help.into_iter().collect(),
            ..Diagnostic::child("error", fault.message, vec![source.span(fault.span, true, None)])
        };
        out.push_str(&compact(&Passed { reason: "compiler-message", origin: Origin::without_build(root), message })?);
    }
    Ok(out)
}

/// The message with which cargo ends.
///
/// # Errors
///
/// The renderer failed, which is a fault of this program.
pub fn build_finished(success: bool) -> Result<String, Failure> {
    compact(&Finished { reason: "build-finished", success })
}

/// Whether a line of cargo's is the message with which it ends.
pub fn is_build_finished(line: &str) -> bool {
    // Cargo writes what the reason is before all else, and without spaces.
    line.starts_with("{\"reason\":\"build-finished\"")
}

#[derive(Serialize)]
struct Finished {
    reason: &'static str,
    success: bool,
}

/// A message of cargo's that passes one of the compiler's on.
#[derive(Serialize)]
struct Passed {
    reason: &'static str,
    #[serde(flatten)]
    origin: Origin,
    message: Diagnostic,
}

/// What was being built.
#[derive(Serialize)]
struct Origin {
    package_id: String,
    manifest_path: String,
    target: Target,
}

#[derive(Serialize)]
struct Target {
    kind: Vec<String>,
    crate_types: Vec<String>,
    name: String,
    src_path: String,
    edition: &'static str,
    #[serde(rename = "required-features", skip_serializing_if = "Vec::is_empty")]
    required_features: Vec<String>,
    doc: bool,
    doctest: bool,
    test: bool,
}

#[derive(Serialize)]
struct Diagnostic {
    rendered: Option<String>,
    #[serde(rename = "$message_type", skip_serializing_if = "Option::is_none")]
    message_type: Option<&'static str>,
    children: Vec<Self>,
    level: &'static str,
    message: String,
    spans: Vec<SpanObject>,
    code: Option<Code>,
}

#[derive(Serialize)]
struct Code {
    code: &'static str,
    /// The page of a rule is longer than most diagnostics, and none of the readers shows it.
    explanation: Option<()>,
}

#[derive(Serialize)]
struct SpanObject {
    file_name: String,
    byte_start: u32,
    byte_end: u32,
    line_start: u32,
    line_end: u32,
    column_start: u32,
    column_end: u32,
    is_primary: bool,
    text: Vec<Line>,
    label: Option<String>,
    suggested_replacement: Option<()>,
    suggestion_applicability: Option<()>,
    expansion: Option<()>,
}

#[derive(Serialize)]
struct Line {
    text: String,
    highlight_start: u32,
    highlight_end: u32,
}

impl Origin {
    fn of(report: &Report, build: Option<&Build>) -> Self {
        let root = &report.builds.root;
        let Some(build) = build else { return Self::without_build(root) };
        let described = &build.target.described;
        // Of libraries cargo says what the compiler makes of them.
        let kind = match build.target.kind {
            TargetKind::Lib => described.crate_types.clone(),
            kind => vec![kind.cargo_name().to_owned()],
        };
        let target = Target {
            kind,
            crate_types: described.crate_types.clone(),
            name: described.name.clone(),
            src_path: join(root, &build.target.root),
            edition: build.edition.year(),
            required_features: described.required_features.clone(),
            doc: described.doc,
            doctest: described.doctest,
            test: described.test,
        };
        Self { package_id: package_id(root, build), manifest_path: join(root, &build.manifest), target }
    }

    /// Where there is no package, nothing is being built, and the names say so.
    fn without_build(root: &str) -> Self {
        let target = Target {
            kind: Vec::new(),
            crate_types: Vec::new(),
            name: String::new(),
            src_path: root.to_owned(),
            edition: "2015",
            required_features: Vec::new(),
            doc: false,
            doctest: false,
            test: false,
        };
        Self { package_id: format!("path+{}", url(root)), manifest_path: join(root, "Cargo.toml"), target }
    }
}

/// The identifier of a package in the workspace, by which cargo knows it.
///
/// <https://doc.rust-lang.org/cargo/reference/pkgid-spec.html>
fn package_id(root: &str, build: &Build) -> String {
    let folder = if build.dir.is_empty() { root.to_owned() } else { join(root, &build.dir) };
    let (name, version) = (&build.package, &build.version);
    let last = folder.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = if last == name { String::new() } else { format!("{name}@") };
    format!("path+{}#{name}{version}", url(&folder))
}

/// The address of a folder, with those characters spelled as bytes that the URL standard asks for in paths.
///
/// <https://url.spec.whatwg.org/#path-percent-encode-set>
fn url(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let root = if path.starts_with('/') { "" } else { "/" };
    let mut out = format!("file://{root}");
    for byte in path.bytes() {
        if byte.is_ascii_graphic() && !b"\"#%<>?^`{}\\".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A path of the project as an absolute one: readers need not know in which folder this was written.
fn join(root: &str, path: &str) -> String {
    if root.is_empty() { path.to_owned() } else { format!("{}/{path}", root.trim_end_matches('/')) }
}

fn diagnostic(report: &Report, judged: &Judged) -> Result<Diagnostic, Failure> {
    let finding = &judged.finding;
    let mut rendered = String::new();
    full::finding(report, judged, Style::Plain, &mut rendered)?;
    let same = finding.evidence.iter().find(|evidence| evidence.place == finding.place);
    let mut spans: Vec<_> = span(report, finding.place, true, same.map(|one| one.why.as_str())).into_iter().collect();
    let others = finding.evidence.iter().filter(|evidence| evidence.place != finding.place);
    spans.extend(others.filter_map(|one| span(report, one.place, false, Some(&one.why))));
    let mut children = Vec::new();
    // A lone hop where the finding is would be told twice at one place.
    for hop in finding.chain.iter().filter(|hop| finding.chain.len() > 1 || hop.place != finding.place) {
        let at = span(report, hop.place, true, None).into_iter().collect();
        children.push(Diagnostic::child("note", &format!("`{}` names `{}`", hop.from, hop.to), at));
    }
    for trail in &finding.trails {
        for step in &trail.steps {
            children.push(Diagnostic::child(
                "note",
                &step.what,
                span(report, step.place, true, None).into_iter().collect(),
            ));
        }
    }
    if !finding.help.is_empty() {
        children.push(Diagnostic::child("help", &finding.help, Vec::new()));
    }
    Ok(Diagnostic {
        rendered: Some(rendered),
        message_type: Some("diagnostic"),
        code: Some(Code { code: finding.rule, explanation: None }),
        children,
        ..Diagnostic::child(if judged.level == Level::Deny { "error" } else { "warning" }, &finding.message, spans)
    })
}

impl Diagnostic {
    fn child(level: &'static str, message: &str, spans: Vec<SpanObject>) -> Self {
        let message = clean::lines(message);
        Self { rendered: None, message_type: None, children: Vec::new(), level, message, spans, code: None }
    }
}

fn span(report: &Report, place: Place, is_primary: bool, label: Option<&str>) -> Option<SpanObject> {
    let file = report.file(place.file)?;
    let source = Source { root: &report.builds.root, path: &file.path, text: &file.text, lines: &file.lines };
    Some(source.span(place.span, is_primary, label))
}

/// A text with places in it.
struct Source<'s> {
    root: &'s str,
    path: &'s str,
    text: &'s str,
    lines: &'s LineIndex,
}

impl Source<'_> {
    fn span(&self, span: Span, is_primary: bool, label: Option<&str>) -> SpanObject {
        let end = span.end.max(span.start);
        let (from, to) = (self.lines.line_column(self.text, span.start), self.lines.line_column(self.text, end));
        let text = (from.line..=to.line).map(|line| {
            let text = self.line(line);
            let length = text.chars().count() as u32 + 1;
            let highlight_start = if line == from.line { from.column } else { 1 };
            let highlight_end = if line == to.line { to.column } else { length };
            Line { text, highlight_start, highlight_end }
        });
        SpanObject {
            file_name: join(self.root, self.path),
            byte_start: span.start,
            byte_end: end,
            line_start: from.line,
            line_end: to.line,
            column_start: from.column,
            column_end: to.column,
            is_primary,
            text: text.collect(),
            label: label.map(|label| clean::line(label).into_owned()),
            suggested_replacement: None,
            suggestion_applicability: None,
            expansion: None,
        }
    }

    fn line(&self, line: u32) -> String {
        let rest = self.text.get(self.lines.start(line as usize) as usize..).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default().trim_end_matches('\r').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use expect_test::expect;
    use serde_json::Value;

    fn lines(text: &str) -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_finding_is_a_message_of_the_compiler() {
        let text = cargo(&testing::report()).unwrap();
        let all = lines(&text);
        let first = &all[0]["message"];
        let mut shown = first.clone();
        shown["rendered"] = Value::Null;
        expect![[r#"
            {"$message_type":"diagnostic","children":[{"children":[],"code":null,"level":"note","message":"`domain::a` names `shared`","rendered":null,"spans":[{"byte_end":30,"byte_start":17,"column_end":18,"column_start":5,"expansion":null,"file_name":"src/domain/a.rs","is_primary":true,"label":null,"line_end":2,"line_start":2,"suggested_replacement":null,"suggestion_applicability":null,"text":[{"highlight_end":18,"highlight_start":5,"text":"    shared::cache::get();"}]}]},{"children":[],"code":null,"level":"note","message":"`shared` names `utils::cache`","rendered":null,"spans":[{"byte_end":9,"byte_start":0,"column_end":10,"column_start":1,"expansion":null,"file_name":"src/shared.rs","is_primary":true,"label":null,"line_end":1,"line_start":1,"suggested_replacement":null,"suggestion_applicability":null,"text":[{"highlight_end":10,"highlight_start":1,"text":"use cache;"}]}]},{"children":[],"code":null,"level":"help","message":"take the cache's answer as a parameter","rendered":null,"spans":[]}],"code":{"code":"core-imports-shell","explanation":null},"level":"error","message":"`domain::a` reaches `utils::cache`","rendered":null,"spans":[{"byte_end":37,"byte_start":17,"column_end":25,"column_start":5,"expansion":null,"file_name":"src/domain/a.rs","is_primary":true,"label":null,"line_end":2,"line_start":2,"suggested_replacement":null,"suggestion_applicability":null,"text":[{"highlight_end":25,"highlight_start":5,"text":"    shared::cache::get();"}]},{"byte_end":30,"byte_start":17,"column_end":18,"column_start":5,"expansion":null,"file_name":"src/domain/a.rs","is_primary":false,"label":"named here","line_end":2,"line_start":2,"suggested_replacement":null,"suggestion_applicability":null,"text":[{"highlight_end":18,"highlight_start":5,"text":"    shared::cache::get();"}]}]}"#]]
        .assert_eq(&shown.to_string());
        assert!(first["rendered"].as_str().unwrap().starts_with("error[core-imports-shell]: "));
        assert_eq!(all.last().unwrap(), &serde_json::json!({"reason": "build-finished", "success": false}));
    }

    #[test]
    fn columns_are_characters_and_bytes_are_bytes() {
        let all = lines(&cargo(&testing::hostile()).unwrap());
        let span = &all[0]["message"]["spans"][0];
        let line = &span["text"][0];
        assert_eq!(line["text"], "let é = \"𝒳\"; drop(é);");
        assert_eq!((&span["column_start"], &line["highlight_start"]), (&Value::from(14), &Value::from(14)));
        assert_eq!(span["byte_start"], testing::hostile().files[0].text.find("drop").unwrap());
    }

    #[test]
    fn each_line_is_one_message_whatever_texts_say() {
        assert_eq!(lines(&cargo(&testing::hostile()).unwrap()).len(), 2);
        assert_eq!(cargo(&Report::default()).unwrap(), "{\"reason\":\"build-finished\",\"success\":true}\n");
    }

    #[test]
    fn a_fault_of_the_configuration_is_an_error_in_its_file() {
        let problem = Problem {
            path: "baton.toml",
            text: "a\nbc\n",
            span: Span::new(2, 4),
            message: "unknown",
            help: "remove it",
        };
        let all = lines(&cargo_faults(&[problem], "/p").unwrap());
        let (message, span) = (&all[0]["message"], &all[0]["message"]["spans"][0]);
        assert_eq!((&message["level"], &span["file_name"]), (&Value::from("error"), &Value::from("/p/baton.toml")));
        assert_eq!((&span["line_start"], &span["column_end"]), (&Value::from(2), &Value::from(3)));
        assert_eq!(message["children"][0]["message"], "remove it");
    }

    #[test]
    fn addresses_are_spelled_as_cargo_spells_them() {
        assert_eq!(url("/a b/ß(1)+@~[x]"), "file:///a%20b/%C3%9F(1)+@~[x]");
    }
}
