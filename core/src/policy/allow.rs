//! Writes suppressions: where the comment has to stand so that it covers a finding and little else.

use super::edit::{Edit, edited};
use crate::lexer::{Code, Token};
use crate::parse;
use crate::source::Span;

/// The edit that lets a file ask not to hear what `rule` finds at the byte `at` of its text: a comment above the
/// smallest item or statement around that begins a line, or one for the file where there is no such thing.
/// `None` where no comment would be read so, as in a file that does not parse.
///
/// The reason has to be a line of text, or the comment will not be read.
pub fn allow(text: &str, at: u32, rule: &str, reason: &str) -> Option<Edit> {
    let code = Code::new(text);
    let beside = places(&code, at as usize).into_iter().map(|place| comment(text, place, "allow", rule, reason));
    let file = code.first_line().map(|place| comment(text, place, "allow-file", rule, reason));
    beside.chain(file).find(|edit| covers(text, edit, at, rule))
}

/// Whether a text with the edit made asks not to hear of a rule at what was the byte `at`.
fn covers(text: &str, edit: &Edit, at: u32, rule: &str) -> bool {
    let (text, _) = edited(text, [edit.clone()]);
    let moved = if edit.span.start <= at { edit.text.len() as u32 } else { 0 };
    parse::suppressions_of(&text)
        .iter()
        .any(|one| one.fault.is_none() && one.rule == rule && one.scope.contains(Span::new(at + moved, at + moved + 1)))
}

/// A comment in a line of its own above the line that begins with the code at `place`.
fn comment(text: &str, place: usize, verb: &str, rule: &str, reason: &str) -> Edit {
    let start = line_start(text, place);
    let indent = text.get(start..place).unwrap_or_default();
    let rest = text.get(place..).unwrap_or_default();
    let line = rest.split_inclusive('\n').next().unwrap_or_default();
    let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
    let text = format!("{indent}// baton: {verb}({rule}, reason = \"{reason}\"){end}");
    Edit { span: Span::new(start as u32, start as u32), text }
}

/// Where the items and statements around a byte begin, the smallest first: those that begin a line.
fn places(code: &Code<'_>, at: usize) -> Vec<usize> {
    let behind = code.tokens.partition_point(|(_, _, end)| *end <= at);
    let mut blocks = Vec::new();
    for (index, (token, ..)) in code.tokens.iter().enumerate().take(behind) {
        match token {
            Token::Open(bracket) => blocks.push((*bracket, index + 1)),
            Token::Close(_) => drop(blocks.pop()),
            _ => {}
        }
    }
    let braces = blocks.into_iter().rev().filter(|(bracket, _)| *bracket == b'{').map(|(_, first)| first);
    braces.chain([0]).filter_map(|first| code.part_around(first, at)).collect()
}

impl Code<'_> {
    /// Where the item or statement begins that holds a byte, of those in a row that begin at the token `first`; with
    /// its attributes, and if it begins a line.
    fn part_around(&self, first: usize, at: usize) -> Option<usize> {
        let mut next = first;
        while self.is(next, b'#') && self.is(next + 1, b'!') {
            next = self.close_of(next + 2) + 1;
        }
        loop {
            let (start, begin) = (self.tokens.get(next)?.1, self.behind_attributes(next));
            if matches!(self.tokens.get(begin)?.0, Token::Close(_)) {
                return None;
            }
            let end = self.end_of(begin);
            if at < end {
                let is_alone = next == 0 || self.tokens[next - 1].2 <= line_start(self.text, start);
                return (is_alone && self.begins_line(start)).then_some(start);
            }
            next = self.tokens.partition_point(|(_, start, _)| *start < end).max(next + 1);
        }
    }

    /// Where the first code of the text begins, if it begins a line.
    fn first_line(&self) -> Option<usize> {
        self.tokens.first().map(|(_, start, _)| *start).filter(|start| self.begins_line(*start))
    }

    fn begins_line(&self, place: usize) -> bool {
        self.text.get(line_start(self.text, place)..place).is_some_and(|before| before.trim().is_empty())
    }
}

fn line_start(text: &str, place: usize) -> usize {
    text.get(..place).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// Compares a text, in which `|` stands before what is found, with itself after the suppression was written.
    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        let at = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let edit = allow(&text, at as u32, "impure-core", "why");
        let shown = edit.map_or("no edit\n".to_owned(), |edit| edited(&text, [edit]).0);
        expected.assert_eq(&shown);
    }

    #[test]
    fn the_comment_stands_above_the_smallest_part_that_begins_a_line() {
        check(
            "fn f() {\n    let a = 1;\n    let now = a\n        .b(|clock());\n}\n",
            &expect![[r#"
                fn f() {
                    let a = 1;
                    // baton: allow(impure-core, reason = "why")
                    let now = a
                        .b(clock());
                }
            "#]],
        );
        check(
            "mod m {\n    /// Docs.\n    #[a]\n    #[b]\n    pub fn |f() {}\n}\n",
            &expect![[r#"
                mod m {
                    /// Docs.
                    // baton: allow(impure-core, reason = "why")
                    #[a]
                    #[b]
                    pub fn f() {}
                }
            "#]],
        );
        check(
            "fn f() {\n    if a { |clock(); } else { b() }\n    c()\n}\n",
            &expect![[r#"
                fn f() {
                    // baton: allow(impure-core, reason = "why")
                    if a { clock(); } else { b() }
                    c()
                }
            "#]],
        );
        check(
            "fn f() {\n    match a {\n        A { b } if c => |clock(),\n        B { x } | C => {\n            d()\n        }\n    }\n}\n",
            &expect![[r#"
                fn f() {
                    match a {
                        // baton: allow(impure-core, reason = "why")
                        A { b } if c => clock(),
                        B { x } | C => {
                            d()
                        }
                    }
                }
            "#]],
        );
        check(
            "struct S {\n    a: u8,\n    b: |Clock,\n}\n",
            &expect![[r#"
                struct S {
                    a: u8,
                    // baton: allow(impure-core, reason = "why")
                    b: Clock,
                }
            "#]],
        );
        check(
            "fn f() {\n    spawn(async move {\n        |clock().await;\n    });\n}\n",
            &expect![[r#"
                fn f() {
                    spawn(async move {
                        // baton: allow(impure-core, reason = "why")
                        clock().await;
                    });
                }
            "#]],
        );
    }

    #[test]
    fn line_ends_and_texts_over_lines_stay_as_they_are() {
        let text = "fn f() {\r\n\ta(\"\r\n    b\", clock());\r\n}\r\n";
        let edit = allow(text, text.find("clock").unwrap() as u32, "impure-core", "why").unwrap();
        let expected =
            "fn f() {\r\n\t// baton: allow(impure-core, reason = \"why\")\r\n\ta(\"\r\n    b\", clock());\r\n}\r\n";
        assert_eq!(edited(text, [edit]).0, expected);
    }

    #[test]
    fn where_no_item_holds_the_place_the_file_is_covered() {
        check(
            "|//! Docs of the file.\n\n#![allow(x)]\nfn f() {}\n",
            &expect![[r#"
                //! Docs of the file.

                // baton: allow-file(impure-core, reason = "why")
                #![allow(x)]
                fn f() {}
            "#]],
        );
        check("|//! Docs alone.\n", &expect!["no edit\n"]);
    }

    #[test]
    fn a_reason_that_ends_the_comment_gives_no_edit() {
        assert_eq!(allow("fn f() {}\n", 3, "impure-core", "one\nfn g() {}"), None);
        assert_eq!(allow("fn f() {}\n", 3, "impure-core", " "), None);
        assert!(allow("fn f() {}\n", 3, "impure-core", "it says \"so\", (once)").is_some());
    }
}
