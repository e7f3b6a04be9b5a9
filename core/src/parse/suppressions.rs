//! Suppressions: `// baton: allow(rule, reason = "…")`, and `baton::allow(rule, reason = "…")` in an
//! attribute. What they cover is told by tokens alone: the item or statement that follows, the line that
//! they stand in, the braces around, or the file.

use crate::facts::{Suppression, SuppressionFault};
use crate::lexer::{Code, Comment};
use crate::source::Span;
use smol_str::SmolStr;

/// What a comment begins with that speaks to the linter.
const MARK: &str = "baton:";
/// What an attribute holds that does.
const ATTRIBUTE: &str = "baton::allow";

/// The suppressions of a file, in the order of the text. `comments` are those that mention `baton:`.
pub(super) fn suppressions(text: &str, comments: &[Comment]) -> Vec<Suppression> {
    let speaks = comments.iter().any(|comment| directive(text, comment.span).is_some());
    if !speaks && !text.contains(ATTRIBUTE) {
        return Vec::new();
    }
    let code = Code::new(text);
    let commented = comments.iter().filter_map(|comment| {
        let directive = directive(text, comment.span)?;
        Some(code.of_comment(comment.span, directive))
    });
    let mut found: Vec<Suppression> = commented.chain(code.attributes()).collect();
    found.sort_by_key(|suppression| suppression.span);
    found
}

/// What a comment says to the linter.
fn directive(text: &str, comment: Span) -> Option<&str> {
    let text = text.get(comment.start as usize..comment.end as usize)?;
    let inside = text.strip_prefix("//").or_else(|| text.strip_prefix("/*")?.strip_suffix("*/"))?;
    Some(inside.trim().strip_prefix(MARK)?.trim())
}

impl Code<'_> {
    fn of_comment(&self, span: Span, directive: &str) -> Suppression {
        let (scope, inside) = match (directive.strip_prefix("allow-file"), directive.strip_prefix("allow")) {
            (Some(inside), _) => (self.whole(), Some(inside)),
            (None, Some(inside)) => (self.beside(span).unwrap_or_else(|| self.behind(span.end as usize)), Some(inside)),
            (None, None) => (span, None),
        };
        let inside = inside.and_then(|inside| inside.trim().strip_prefix('(')?.strip_suffix(')'));
        read(span, scope, inside)
    }

    /// The line of a comment, if code stands in front of it there.
    fn beside(&self, comment: Span) -> Option<Span> {
        let before = self.text.get(..comment.start as usize)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let is_code = !before[start..].trim().is_empty();
        is_code.then(|| Span::new(start as u32, comment.end))
    }

    /// The suppressions in attributes.
    fn attributes(&self) -> impl Iterator<Item = Suppression> {
        (0..self.tokens.len()).filter(|&at| self.is(at, b'#')).filter_map(|at| {
            let is_inner = self.is(at + 1, b'!');
            let open = at + 1 + usize::from(is_inner);
            if !self.opens(open, b'[') {
                return None;
            }
            let close = self.close_of(open);
            let allow = (open..close).find(|&at| self.is_allow(at))?;
            let (list, stop) = (allow + 4, self.tokens.get(close)?.2);
            let span = Span::new(self.tokens[at].1 as u32, stop as u32);
            let inside = self.opens(list, b'(').then(|| {
                let (start, end) = (self.tokens[list].2, self.tokens[self.close_of(list)].1);
                self.text.get(start..end).unwrap_or_default()
            });
            let scope = if is_inner { self.around(self.tokens[at].1) } else { self.behind(stop) };
            Some(read(span, scope, inside))
        })
    }

    /// Whether `baton::allow` begins at a token.
    fn is_allow(&self, at: usize) -> bool {
        self.word(at) == "baton" && self.is(at + 1, b':') && self.is(at + 2, b':') && self.word(at + 3) == "allow"
    }
}

/// Reads `rule, reason = "…"`; `None` where there is no such list.
fn read(span: Span, scope: Span, inside: Option<&str>) -> Suppression {
    let mut found = Suppression { span, scope, rule: SmolStr::default(), reason: String::new(), fault: None };
    let Some(inside) = inside else {
        found.fault = Some(SuppressionFault::Unreadable);
        return found;
    };
    let (rule, rest) = inside.split_once(',').unwrap_or((inside, ""));
    found.rule = rule.trim().trim_matches('"').into();
    let value = rest.trim().trim_end_matches(',').trim_end().strip_prefix("reason");
    let value = value.and_then(|value| value.trim_start().strip_prefix('=')).map(str::trim);
    let reason = value.and_then(|value| value.strip_prefix('"')?.strip_suffix('"')).map(str::trim);
    reason.unwrap_or_default().clone_into(&mut found.reason);
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|c| c.is_ascii_lowercase() || matches!(c, b'-' | b'_'));
    found.fault = match (is_name(&found.rule), found.reason.is_empty()) {
        (false, _) => Some(SuppressionFault::Unreadable),
        (true, true) => Some(SuppressionFault::NoReason),
        (true, false) => None,
    };
    // Attributes hold paths, which have no hyphens.
    found.rule = found.rule.replace('_', "-").into();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::scan;
    use expect_test::{Expect, expect};
    use std::fmt::Write;

    /// Compares what the suppressions of a text say and cover with `expected`.
    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        let mut out = String::new();
        for one in suppressions(text, &scan(text).comments) {
            let covered = &text[one.scope.start as usize..one.scope.end as usize];
            let covered = covered.split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(out, "{} ({}) {:?}: {covered}", one.rule, one.reason, one.fault).unwrap();
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn a_comment_covers_the_item_or_statement_behind_it() {
        check(
            r#"
// baton: allow(impure-core, reason = "ids are opaque")
#[derive(Debug)]
pub struct Id<A, B> { id: (A, B) }
// baton: allow(a, reason = "x")
pub fn f<A, B>(a: A, b: B) -> u8 where A: Into<B> {
    // baton: allow(b, reason = "y")
    let now = if a { clock() } else { Other { b }.now() };
    /* baton: allow(c, reason = "z") */
    match now { _ => {} }
    call(now); // baton: allow(d, reason = "here")
    // baton: allow(e, reason = "last")
    now.get(|| { 1 })?.value
}
// baton: allow(f, reason = "imports")
use std::{a, b};
struct S {
    // baton: allow(g, reason = "a field")
    a: u8,
    b: u8,
}
"#,
            &expect![[r#"
                impure-core (ids are opaque) None: pub struct Id<A, B> { id: (A, B) }
                a (x) None: pub fn f<A, B>(a: A, b: B) -> u8 where A: Into<B> { // baton: allow(b, reason = "y") let now = if a { clock() } else { Other { b }.now() }; /* baton: allow(c, reason = "z") */ match now { _ => {} } call(now); // baton: allow(d, reason = "here") // baton: allow(e, reason = "last") now.get(|| { 1 })?.value }
                b (y) None: let now = if a { clock() } else { Other { b }.now() };
                c (z) None: match now { _ => {} }
                d (here) None: call(now); // baton: allow(d, reason = "here")
                e (last) None: now.get(|| { 1 })?.value
                f (imports) None: use std::{a, b};
                g (a field) None: a: u8,
            "#]],
        );
    }

    #[test]
    fn attributes_cover_what_they_stand_on_or_in() {
        check(
            r#"#![cfg_attr(any(), baton::allow(mixed_errors, reason = "a whole file"))]
#[cfg_attr(any(), baton::allow(impure_core, reason = "ids, which are opaque"))]
#[derive(Debug)]
fn f() { other(); }
mod inner {
    #![baton::allow(impure_core, reason = "a module")]
    fn g() {}
}
#[baton::allow(x)]
fn h() {}
"#,
            &expect![[r#"
                mixed-errors (a whole file) None: #![cfg_attr(any(), baton::allow(mixed_errors, reason = "a whole file"))] #[cfg_attr(any(), baton::allow(impure_core, reason = "ids, which are opaque"))] #[derive(Debug)] fn f() { other(); } mod inner { #![baton::allow(impure_core, reason = "a module")] fn g() {} } #[baton::allow(x)] fn h() {}
                impure-core (ids, which are opaque) None: fn f() { other(); }
                impure-core (a module) None: { #![baton::allow(impure_core, reason = "a module")] fn g() {} }
                x () Some(NoReason): fn h() {}
            "#]],
        );
    }

    #[test]
    fn a_comment_may_cover_the_file() {
        check(
            "fn a() {}\n// baton: allow-file(x, reason = \"generated by hand\")\nfn b() {}\n",
            &expect![[r#"
            x (generated by hand) None: fn a() {} // baton: allow-file(x, reason = "generated by hand") fn b() {}
        "#]],
        );
    }

    #[test]
    fn what_is_no_suppression_and_what_is_a_bad_one() {
        check(
            r#"
// see baton: allow(a, reason = "b")
/// baton: allow(a, reason = "b")
let text = "// baton: allow(a, reason = \"b\")";
// baton: alow(a, reason = "b")
fn a() {}
// baton: allow(a)
fn b() {}
// baton: allow(a, reason = " ")
fn c() {}
// baton: allow(A b, reason = "x")
fn d() {}
// baton: allow a
fn e() {}
// baton: allow(a, reason = "at the end")
"#,
            &expect![[r#"
                 () Some(Unreadable): // baton: alow(a, reason = "b")
                a () Some(NoReason): fn b() {}
                a () Some(NoReason): fn c() {}
                A b (x) Some(Unreadable): fn d() {}
                 () Some(Unreadable): fn e() {}
                a (at the end) None: 
            "#]],
        );
    }
}
