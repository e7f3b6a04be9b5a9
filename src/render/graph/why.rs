//! Why one part of the project depends on another.

use super::shown;
use crate::error::Failure;
use crate::render::clean;
use crate::render::json::{SCHEMA, Tool, document};
use baton_core::graph::{Answer, ChainHop};
use baton_core::report::Report;
use baton_core::source::Place;
use serde::Serialize;
use std::fmt::Write;

/// What was asked, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where the chain begins, as it was called.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// The answer.
    pub answer: Answer,
    /// Whether there is a chain the other way round. Asked only where there is none this way.
    pub is_reversed: bool,
}

/// The chain, a hop per line with its place and the line of code there; or that there is none.
pub fn why(question: &Question, report: &Report) -> String {
    let Question { from, to, answer, is_reversed } = question;
    let (from, to) = (clean::line(from), clean::line(to));
    let starts = count(answer.starts, "starting point");
    let mut out = String::new();
    let Some(chain) = &answer.chain else {
        let (modules, imports) = (count(answer.modules, "module"), count(answer.imports, "import"));
        let _ = writeln!(out, "`{from}` does not reach `{to}`: searched {modules} and {imports} from {starts}");
        if *is_reversed {
            let _ = writeln!(out, "`{to}` reaches `{from}`: `baton why {to} {from}` shows how");
        }
        return out;
    };
    let rows: Vec<[String; 3]> = chain.iter().map(|hop| row(hop, report)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    for [step, place, code] in &rows {
        let _ = writeln!(out, "{step:<first$}  {place:<second$}  {code}");
    }
    let hops = count(chain.len(), "hop");
    let _ = writeln!(out, "{hops}, the shortest chain from `{from}` to `{to}`");
    out
}

fn row(hop: &ChainHop, report: &Report) -> [String; 3] {
    let (path, line) = shown(report, hop.place);
    let step = format!("{} -> {}", hop.from, hop.to);
    [step, format!("{path}:{line}"), code(report, hop.place).to_owned()].map(|text| clean::line(&text).into_owned())
}

/// The line of code at a place.
fn code(report: &Report, place: Place) -> &str {
    let Some(file) = report.file(place.file) else { return "" };
    let start = (place.span.start as usize).min(file.text.len());
    let (Some(before), Some(after)) = (file.text.get(..start), file.text.get(start..)) else { return "" };
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(file.text.len(), |at| start + at);
    file.text[begin..end].trim()
}

/// A number with its noun, its thousands apart.
fn count(number: usize, noun: &str) -> String {
    let digits = number.to_string();
    let mut apart = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    if number == 1 { format!("1 {noun}") } else { format!("{apart} {noun}s") }
}

/// The same for programs.
///
/// # Errors
///
/// The writer failed, which is a fault of this program.
pub fn why_json(question: &Question, report: &Report) -> Result<String, Failure> {
    let Question { from, to, answer: Answer { starts, modules, imports, chain }, .. } = question;
    let hops = chain.as_ref().map(|chain| chain.iter().map(|hop| HopObject::of(hop, report)).collect());
    let searched = Searched { starts: *starts, modules: *modules, imports: *imports };
    document(&Document { schema: SCHEMA, tool: Tool::THIS, from, to, chain: hops, searched })
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: Tool,
    from: &'a str,
    to: &'a str,
    chain: Option<Vec<HopObject<'a>>>,
    searched: Searched,
}

#[derive(Serialize)]
struct HopObject<'a> {
    from: &'a str,
    to: &'a str,
    file: &'a str,
    line: u32,
    code: &'a str,
    reexport: bool,
}

#[derive(Serialize)]
struct Searched {
    starts: usize,
    modules: usize,
    imports: usize,
}

impl<'a> HopObject<'a> {
    fn of(hop: &'a ChainHop, report: &'a Report) -> Self {
        let (file, line) = shown(report, hop.place);
        let code = code(report, hop.place);
        Self { from: &hop.from, to: &hop.to, file, line, code, reexport: hop.reexport }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing::{place, report};
    use expect_test::expect;

    fn question(chain: Option<Vec<ChainHop>>) -> Question {
        let answer = Answer { starts: 3, modules: 214, imports: 1302, chain };
        Question { from: "domain".to_owned(), to: "cache".to_owned(), answer, is_reversed: true }
    }

    fn chain() -> Vec<ChainHop> {
        let hop =
            |from: &str, to: &str, place, reexport| ChainHop { from: from.into(), to: to.into(), place, reexport };
        vec![hop("domain::a", "shared", place(0, 17, 30), false), hop("shared", "cache", place(1, 4, 9), true)]
    }

    #[test]
    fn a_hop_per_line_with_its_place_and_code() {
        expect![[r#"
            domain::a -> shared  src/domain/a.rs:2  shared::cache::get();
            shared -> cache      src/shared.rs:1    use cache;
            2 hops, the shortest chain from `domain` to `cache`
        "#]]
        .assert_eq(&why(&question(Some(chain())), &report()));
    }

    #[test]
    fn no_chain_says_how_much_was_searched_and_whether_the_way_back_exists() {
        expect![[r#"
            `domain` does not reach `cache`: searched 214 modules and 1,302 imports from 3 starting points
            `cache` reaches `domain`: `baton why cache domain` shows how
        "#]]
        .assert_eq(&why(&question(None), &report()));
    }

    #[test]
    fn programs_get_the_same() {
        expect![[r#"
            {
              "schema": 1,
              "tool": {
                "name": "baton",
                "version": "0.1.0"
              },
              "from": "domain",
              "to": "cache",
              "chain": [
                {
                  "from": "domain::a",
                  "to": "shared",
                  "file": "src/domain/a.rs",
                  "line": 2,
                  "code": "shared::cache::get();",
                  "reexport": false
                },
                {
                  "from": "shared",
                  "to": "cache",
                  "file": "src/shared.rs",
                  "line": 1,
                  "code": "use cache;",
                  "reexport": true
                }
              ],
              "searched": {
                "starts": 3,
                "modules": 214,
                "imports": 1302
              }
            }
        "#]]
        .assert_eq(&why_json(&question(Some(chain())), &report()).unwrap());
        let none = why_json(&question(None), &report()).unwrap();
        assert!(none.contains("\"chain\": null"), "{none}");
    }

    #[test]
    fn numbers_are_read_in_groups_of_three() {
        let shown: Vec<_> = [0, 1, 12, 1302, 1_000_000].iter().map(|number| count(*number, "import")).collect();
        assert_eq!(shown, ["0 imports", "1 import", "12 imports", "1,302 imports", "1,000,000 imports"]);
    }
}
