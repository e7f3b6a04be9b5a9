//! What an editor shows over the code of a finding: the finding, and the page of its rule.

use super::client::Client;
use super::diagnostics::Places;
use crate::render::{clean, page};
use baton_core::finding::Level;
use baton_core::lint::Lint;
use baton_core::report::{Judged, Report};
use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind, Position, Range};
use std::fmt::Write;

/// The findings of a file whose ranges touch a range.
pub(super) fn findings_at<'r>(report: &'r Report, path: &str, at: Range, places: &mut Places<'r>) -> Vec<&'r Judged> {
    let here = report
        .findings
        .iter()
        .filter(|judged| report.file(judged.finding.place.file).is_some_and(|file| file.path == path));
    here.filter(|judged| {
        let range = places.range(judged.finding.place);
        range.start <= at.end && at.start <= range.end
    })
    .collect()
}

/// What there is to say at a position. Each rule's page comes once, behind all that is found there.
pub(super) fn hover(report: &Report, path: &str, at: Position, client: Client, lints: &[&Lint]) -> Option<Hover> {
    let mut places = Places::new(report, client.encoding);
    let found = findings_at(report, path, Range { start: at, end: at }, &mut places);
    let first = found.first()?;
    let range = places.range(first.finding.place);
    let mut value = String::from("~~~text\n");
    for Judged { finding, level, .. } in &found {
        let level = if *level == Level::Deny { "error" } else { "warning" };
        let _ = writeln!(value, "{level}[{}]: {}", finding.rule, clean::line(&finding.message));
        for line in finding.help.lines() {
            // So far to the right nothing ends the block.
            let _ = writeln!(value, "    {}", clean::line(line));
        }
    }
    value.push_str("~~~\n");
    let rules = found.iter().map(|judged| judged.finding.rule);
    for lint in lints.iter().filter(|lint| rules.clone().any(|rule| rule == lint.name)) {
        let _ = write!(value, "\n---\n\n{}", page(lint));
    }
    let kind = if client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(Hover { contents: Contents::MarkupContent(MarkupContent { kind, value }), range: Some(range) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use baton_lints::LINTS;

    fn text(line: u32, character: u32) -> Option<String> {
        let client = Client { markdown: true, ..Client::default() };
        let hover = hover(&testing::report(), "src/domain/a.rs", Position { line, character }, client, LINTS)?;
        match hover.contents {
            Contents::MarkupContent(MarkupContent { value, .. }) => Some(value),
            contents => panic!("{contents:?}"),
        }
    }

    #[test]
    fn the_finding_comes_first_and_then_the_page_of_its_rule() {
        let text = text(1, 6).unwrap();
        let head = "~~~text\nerror[core-imports-shell]: `domain::a` reaches `utils::cache`\n    take the cache's answer as a parameter\n~~~\n\n---\n\n";
        let page = text.strip_prefix(head).unwrap();
        assert!(page.contains("## What it does") && page.contains("## Limits"), "{page}");
    }

    #[test]
    fn where_nothing_is_found_nothing_is_said() {
        assert!(text(0, 1).is_some(), "the other finding");
        assert_eq!(text(0, 9), None);
    }
}
