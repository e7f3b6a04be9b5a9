//! The last line of a report for people: what was judged, and what came of it.

use super::clean;
use baton_core::report::Report;

/// The line, with its break. A run that judged nothing is not called clean.
pub(super) fn tally(report: &Report) -> String {
    let summary = &report.summary;
    let mut parts = vec![format!(
        "judged {}, {}, {}, {}",
        count(summary.files, "file"),
        count(summary.modules, "module"),
        count(summary.edges, "edge"),
        count(report.orchestrators.len(), "orchestrator"),
    )];
    if summary.unparsed > 0 {
        parts.push(format!("{} did not parse", count(summary.unparsed, "file")));
    }
    let (idle, busy): (Vec<_>, Vec<_>) = report.rules.iter().partition(|row| row.judged == 0 && row.findings == 0);
    parts.extend(busy.iter().map(|row| format!("{}: {} of {}", row.rule, row.findings, row.judged)));
    if !idle.is_empty() {
        parts.push(format!("nothing to judge for {}", count(idle.len(), "rule")));
    }
    let accepted = [(summary.suppressed, "suppressed"), (summary.baselined, "in the baseline")];
    let accepted = accepted.iter().filter(|(number, _)| *number > 0);
    parts.extend(accepted.map(|(number, what)| format!("{number} {what}")));
    parts.extend(summary.known.map(|number| format!("{number} known before")));
    parts.push(outcome(report));
    format!("{}\n", parts.join("; "))
}

/// The last word: what came of it.
pub(super) fn outcome(report: &Report) -> String {
    let summary = &report.summary;
    if let Some(why) = &report.unjudged {
        return format!("nothing was judged: {}", clean::line(why));
    }
    match (summary.deny, summary.warn) {
        // Nobody knows what a file holds that did not parse.
        (0, 0) if summary.unparsed > 0 => "no finding in what was read".to_owned(),
        (0, 0) => "clean".to_owned(),
        (deny, 0) => count(deny, "error"),
        (0, warn) => count(warn, "warning"),
        (deny, warn) => format!("{}, {}", count(deny, "error"), count(warn, "warning")),
    }
}

/// A number with its noun.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::report::{RuleRow, Summary};

    fn report(deny: usize, warn: usize) -> Report {
        let summary = Summary { files: 1, lines: 9, modules: 2, edges: 3, deny, warn, ..Summary::default() };
        let rules = vec![RuleRow { rule: "impure-core", judged: 4, findings: deny + warn }];
        Report { summary, rules, ..Report::default() }
    }

    #[test]
    fn the_last_word_is_the_outcome() {
        let last = |report: &Report| tally(report).rsplit("; ").next().unwrap_or_default().to_owned();
        assert_eq!(last(&report(0, 0)), "clean\n");
        assert_eq!(last(&report(1, 0)), "1 error\n");
        assert_eq!(last(&report(0, 2)), "2 warnings\n");
        assert_eq!(last(&report(2, 1)), "2 errors, 1 warning\n");
        let unjudged = Report { unjudged: Some("no file has a role".to_owned()), ..report(0, 0) };
        assert_eq!(last(&unjudged), "nothing was judged: no file has a role\n");
    }

    #[test]
    fn rules_that_had_nothing_to_judge_are_counted() {
        let mut report = report(0, 0);
        report.rules.push(RuleRow { rule: "mixed-errors", judged: 0, findings: 0 });
        report.rules.push(RuleRow { rule: "faulty-suppression", judged: 0, findings: 1 });
        let expected = "impure-core: 0 of 4; faulty-suppression: 1 of 0; nothing to judge for 1 rule; clean\n";
        assert!(tally(&report).ends_with(expected), "{}", tally(&report));
    }

    #[test]
    fn everything_that_was_accepted_is_counted() {
        let mut report = report(0, 0);
        report.summary.suppressed = 2;
        report.summary.unparsed = 1;
        assert_eq!(
            tally(&report),
            "judged 1 file, 2 modules, 3 edges, 0 orchestrators; 1 file did not parse; \
             impure-core: 0 of 4; 2 suppressed; no finding in what was read\n"
        );
    }
}
