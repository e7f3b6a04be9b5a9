//! One finding with the way of the values that prove it, for people who doubt it.

use super::{Style, clean, full};
use crate::error::Failure;
use baton_core::finding::Trail;
use baton_core::report::{Judged, Report};
use baton_core::source::Place;
use std::fmt::Write;

/// The finding with that fingerprint, and where each value that proves it came from.
///
/// # Errors
///
/// No finding has that fingerprint, or the renderer failed, which is a fault of this program.
pub fn explained(report: &Report, fingerprint: &str, style: Style) -> Result<String, Failure> {
    // What the baseline accepts can be asked about too.
    let mut all = report.findings.iter().chain(&report.accepted);
    let judged = all.find(|judged| judged.fingerprint == fingerprint).ok_or_else(|| {
        let hint = "`--format json` shows the fingerprint of every finding; code that was changed has another";
        Failure::new(format!("no finding has the fingerprint `{fingerprint}`"), hint)
    })?;
    let mut out = String::new();
    full::finding(report, judged, style, &mut out)?;
    trails(report, judged, &mut out);
    Ok(out)
}

fn trails(report: &Report, judged: &Judged, out: &mut String) {
    if judged.finding.trails.is_empty() {
        let _ = writeln!(out, "`{}` follows no values: its evidence is all there is to see.", judged.finding.rule);
    }
    for trail in &judged.finding.trails {
        trail_of(report, trail, out);
    }
}

fn trail_of(report: &Report, trail: &Trail, out: &mut String) {
    let _ = writeln!(out, "{} {}", at(report, trail.place), clean::line(&trail.why));
    for (number, step) in trail.steps.iter().enumerate() {
        let _ = writeln!(
            out,
            "  {}. {} `{}`: {}",
            number + 1,
            at(report, step.place),
            clean::line(&code(report, step.place)),
            clean::line(&step.what)
        );
    }
    out.push('\n');
}

/// `src/a.rs:3:5`
fn at(report: &Report, place: Place) -> String {
    let Some(file) = report.file(place.file) else { return String::new() };
    let start = file.lines.line_column(&file.text, place.span.start);
    format!("{}:{}:{}", clean::line(&file.path), start.line, start.column)
}

/// The code at a place on one line, cut where it is long.
fn code(report: &Report, place: Place) -> String {
    const MOST: usize = 60;
    let Some(file) = report.file(place.file) else { return String::new() };
    let text = file.text.get(place.span.start as usize..place.span.end as usize).unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use baton_core::finding::TrailStep;
    use expect_test::expect;

    #[test]
    fn the_way_of_each_value_is_shown_step_by_step() {
        let mut report = testing::report();
        let finding = &mut report.findings[0].finding;
        let step = |start, end, what: &str| TrailStep { place: testing::place(0, start, end), what: what.to_owned() };
        let steps = vec![step(3, 8, "the caller passes it"), step(17, 30, "a part of it")];
        finding.trails.push(Trail { place: testing::place(0, 17, 37), why: "compares it".to_owned(), steps });
        let fingerprint = report.findings[0].fingerprint.clone();
        let text = explained(&report, &fingerprint, Style::Plain).unwrap();
        let trail = text.find("src/domain/a.rs:2:5 compares").map(|at| &text[at..]).unwrap();
        expect![[r#"
            src/domain/a.rs:2:5 compares it
              1. src/domain/a.rs:1:4 `price`: the caller passes it
              2. src/domain/a.rs:2:5 `shared::cache`: a part of it

        "#]]
        .assert_eq(trail);
    }

    #[test]
    fn a_fingerprint_that_no_finding_has_is_a_failure_with_a_hint() {
        let failure = explained(&testing::report(), "0000", Style::Plain).unwrap_err();
        assert!(failure.to_string().contains("no finding has the fingerprint `0000`"), "{failure}");
    }
}
