//! The report as a comment on a pull request or as the summary of a job: counts by rule, then the findings of
//! each file, folded.
//!
//! Findings are HTML inside of Markdown. There a text is what it is once it is escaped, while Markdown would
//! find a heading, a link or a cell in it.

use super::range::Range;
use super::{clean, tally};
use baton_core::finding::{Finding, Level};
use baton_core::report::{Judged, Report};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many characters GitHub takes in a comment. A summary of a job may have 1 MiB, which as many characters
/// never exceed, so one report serves for both.
const CHARACTERS: usize = 65_536;

/// More than what the last line has.
const LAST_LINE: usize = 300;

/// The whole report.
pub(super) fn markdown(report: &Report) -> String {
    within(report, CHARACTERS)
}

/// The report with no more than so many characters. Whole findings are left out, warnings before errors, and
/// how many they are is said.
fn within(report: &Report, most: usize) -> String {
    let mut out = head(report);
    let mut room = most.saturating_sub(length(&out) + LAST_LINE);
    let mut files: BTreeMap<u32, BTreeMap<usize, String>> = BTreeMap::new();
    let mut order: Vec<_> = report.findings.iter().enumerate().collect();
    order.sort_by_key(|(_, judged)| judged.level != Level::Deny);
    let mut left_out = 0;
    for (number, judged) in order {
        let file = judged.finding.place.file.0;
        let text = folded(report, judged);
        let title = if files.contains_key(&file) { String::new() } else { title(report, judged) };
        match room.checked_sub(length(&title) + length(&text)) {
            Some(left) => {
                room = left;
                files.entry(file).or_default().insert(number, text);
            }
            None => left_out += 1,
        }
    }
    for findings in files.values() {
        let first = findings.keys().next().and_then(|&number| report.findings.get(number));
        out.extend(first.map(|judged| title(report, judged)));
        out.extend(findings.values().map(String::as_str));
    }
    if left_out > 0 {
        let _ = writeln!(
            out,
            "\n{} left out, because GitHub takes no more than {most} characters; the log of the run and other \
             formats have all.",
            tally::count(left_out, "finding")
        );
    }
    out
}

/// The outcome, the counts and what else there is to know.
fn head(report: &Report) -> String {
    let mut out = format!("<h2>Baton: {}</h2>\n\n", prose(&tally::outcome(report)));
    if !report.rules.is_empty() {
        out.push_str("| rule | judged | found |\n|---|---:|---:|\n");
    }
    for row in &report.rules {
        let _ = writeln!(out, "| `{}` | {} | {} |", row.rule, row.judged, row.findings);
    }
    for notice in &report.notices {
        let _ = write!(out, "\n<p>note: {}</p>\n", prose(notice));
    }
    out
}

fn title(report: &Report, judged: &Judged) -> String {
    let path = Range::of(report, judged.finding.place).file;
    format!("\n<h3><a href=\"{}\">{}</a></h3>\n\n", clean::address(path), html(path))
}

/// A finding in one line, and under it, folded, what proves it and what to do.
fn folded(report: &Report, Judged { finding, level, .. }: &Judged) -> String {
    let range = Range::of(report, finding.place);
    let level = if *level == Level::Deny { "error" } else { "warning" };
    let mut out = format!(
        "<details>\n<summary><b>{level}</b> <code>{}</code> {}: {}</summary>\n",
        html(finding.rule),
        link(&range, &format!("line {}", range.line)),
        prose(&finding.message)
    );
    if !finding.item.is_empty() {
        let _ = writeln!(out, "<p>in <code>{}</code></p>", html(&finding.item));
    }
    let lines = proof(report, finding);
    if !lines.is_empty() {
        let _ = writeln!(out, "<ul>\n{lines}</ul>");
    }
    for help in finding.help.lines().filter(|line| !line.trim().is_empty()) {
        let _ = writeln!(out, "<p>{}</p>", prose(help));
    }
    out.push_str("</details>\n\n");
    out
}

/// The evidence, then the hops of the chain.
fn proof(report: &Report, finding: &Finding) -> String {
    let mut out = String::new();
    let mut line = |range: Range<'_>, text: &str| {
        let place = link(&range, &format!("{}:{}", range.file, range.line));
        let _ = writeln!(out, "<li>{place} {text}</li>");
    };
    for evidence in &finding.evidence {
        line(Range::of(report, evidence.place), &prose(&evidence.why));
    }
    for hop in &finding.chain {
        let text = format!("<code>{}</code> names <code>{}</code>", html(&hop.from), html(&hop.to));
        line(Range::of(report, hop.place), &text);
    }
    out
}

fn link(range: &Range<'_>, text: &str) -> String {
    format!("<a href=\"{}#L{}\">{}</a>", clean::address(range.file), range.line, html(text))
}

/// A text in one line in which what stands in backticks is code. GitHub would make a mention of `@name`, which
/// tells somebody, and a reference of `#1`; code it leaves alone.
fn prose(text: &str) -> String {
    let text = html(text);
    let pairs = text.matches('`').count() / 2;
    let mut out = String::with_capacity(text.len());
    for (number, piece) in text.splitn(2 * pairs + 1, '`').enumerate() {
        if number % 2 == 1 {
            let _ = write!(out, "<code>{piece}</code>");
        } else {
            out.push_str(&piece.replace('@', "<code>@</code>").replace(" #", " <code>#</code>"));
        }
    }
    out
}

/// A text in one line, escaped.
fn html(text: &str) -> String {
    let text = clean::line(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use expect_test::expect;

    #[test]
    fn counts_then_the_findings_of_each_file() {
        expect![[r#"
            <h2>Baton: 1 error, 1 warning</h2>

            | rule | judged | found |
            |---|---:|---:|
            | `core-imports-shell` | 3 | 1 |
            | `impure-core` | 2 | 1 |

            <p>note: skipped 3 generated files</p>

            <h3><a href="src/domain/a.rs">src/domain/a.rs</a></h3>

            <details>
            <summary><b>error</b> <code>core-imports-shell</code> <a href="src/domain/a.rs#L2">line 2</a>: <code>domain::a</code> reaches <code>utils::cache</code></summary>
            <p>in <code>domain::a::price</code></p>
            <ul>
            <li><a href="src/domain/a.rs#L2">src/domain/a.rs:2</a> named here</li>
            <li><a href="src/domain/a.rs#L2">src/domain/a.rs:2</a> <code>domain::a</code> names <code>shared</code></li>
            <li><a href="src/shared.rs#L1">src/shared.rs:1</a> <code>shared</code> names <code>utils::cache</code></li>
            </ul>
            <p>take the cache's answer as a parameter</p>
            </details>

            <details>
            <summary><b>warning</b> <code>impure-core</code> <a href="src/domain/a.rs#L1">line 1</a>: two␊lines and \u{202e}a trick</summary>
            </details>

        "#]].assert_eq(&markdown(&testing::report()));
    }

    #[test]
    fn no_text_of_others_is_markup() {
        expect![[r#"
            <h2>Baton: 1 error</h2>

            | rule | judged | found |
            |---|---:|---:|
            | `impure-core` | 1 | 1 |

            <p>note: a␊::error::b</p>

            <h3><a href="src/a%2Cb%3Ac%2520%20%28d%29%23%C3%A9.rs">src/a,b:c%20 (d)#é.rs</a></h3>

            <details>
            <summary><b>error</b> <code>impure-core</code> <a href="src/a%2Cb%3Ac%2520%20%28d%29%23%C3%A9.rs#L2">line 2</a>: 100% &lt;b onclick=&quot;x&quot;&gt;&amp;amp;]]&gt;--␍␊::error::a|b <code>c</code> *d* [e](javascript:f) <code>@</code>g <code>#</code>1 \u{202e}\u{fffe}␀␛[31m</summary>
            <p>in <code>a::&lt;b&gt;`c`</code></p>
            <ul>
            <li><a href="src/a%2Cb%3Ac%2520%20%28d%29%23%C3%A9.rs#L2">src/a,b:c%20 (d)#é.rs:2</a> 100% &lt;b onclick=&quot;x&quot;&gt;&amp;amp;]]&gt;--␍␊::error::a|b <code>c</code> *d* [e](javascript:f) <code>@</code>g <code>#</code>1 \u{202e}\u{fffe}␀␛[31m</li>
            <li><a href="src/a%2Cb%3Ac%2520%20%28d%29%23%C3%A9.rs#L2">src/a,b:c%20 (d)#é.rs:2</a> <code>a|b</code> names <code>`c`&lt;d&gt;</code></li>
            </ul>
            <p>first</p>
            <p>::warning::second</p>
            </details>

        "#]].assert_eq(&markdown(&testing::hostile()));
    }

    #[test]
    fn whole_findings_are_left_out_and_counted() {
        let mut report = testing::report();
        report.findings.swap(0, 1);
        let whole = length(&markdown(&report));
        let cut = within(&report, whole + LAST_LINE - 1);
        assert!(cut.contains("<b>error</b>") && !cut.contains("<b>warning</b>"), "{cut}");
        assert!(cut.ends_with("other formats have all.\n") && cut.contains("\n1 finding left out"), "{cut}");
        report.findings = report.findings.iter().cycle().take(1000).cloned().collect();
        let long = markdown(&report);
        assert!(length(&long) <= CHARACTERS && length(&long) > CHARACTERS - 1000, "{}", length(&long));
        let shown = long.matches("<details>").count();
        assert!(long.contains(&format!("\n{} findings left out", 1000 - shown)), "{shown}");
    }

    #[test]
    fn an_empty_report_is_clean_and_one_that_judged_nothing_is_not() {
        assert_eq!(markdown(&Report::default()), "<h2>Baton: clean</h2>\n\n");
        let unjudged = Report { unjudged: Some("no role".to_owned()), ..Report::default() };
        assert_eq!(markdown(&unjudged), "<h2>Baton: nothing was judged: no role</h2>\n\n");
    }
}
