//! The edits that mend a finding, for faults that have one certain remedy.

use super::edit::Edit;
use crate::finding::Fix;
use crate::lexer::{Code, Token};
use crate::source::Span;

/// The name of the attribute that says which domains code may name.
const MARK: &str = "orchestrator";
/// Its key for that.
const KEY: &str = "cross_domain";

/// The edit of a text that does what `fix` says; `None` where the text has another form than it should, and then
/// people have to look.
pub(super) fn edit(text: &str, fix: &Fix) -> Option<Edit> {
    match fix {
        Fix::RemoveSuppression(place) => without_suppression(text, place.span),
        Fix::AddDomain { mark, domain } => with_domain(&Code::new(text), mark.span, domain),
        Fix::RemoveDomain { mark, domain } => without_domain(&Code::new(text), mark.span, domain),
    }
}

/// Takes out a comment, or an attribute that says nothing else; with its line, if that is all the line holds.
fn without_suppression(text: &str, span: Span) -> Option<Edit> {
    let (start, end) = (span.start as usize, span.end as usize);
    let inside = text.get(start..end)?;
    if inside.starts_with('#') && !says_nothing_else(&Code::new(inside)) {
        return None;
    }
    let (before, behind) = (text.get(..start)?, text.get(end..)?);
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = behind.find('\n').map_or(behind, |at| &behind[..=at]);
    let span = match (before[line..].trim().is_empty(), rest.trim().is_empty()) {
        (true, true) => line..end + rest.len(),
        (true, false) => start..end + (rest.len() - rest.trim_start().len()),
        (false, _) => before.trim_end().len()..end,
    };
    Some(Edit { span: Span::new(span.start as u32, span.end as u32), text: String::new() })
}

/// Whether an attribute is `baton::allow(…)` and nothing else, or that under one condition.
fn says_nothing_else(code: &Code<'_>) -> bool {
    let open = 1 + usize::from(code.is(1, b'!'));
    let mut at = open + 1;
    let mut ends = 1;
    if code.word(at) == "cfg_attr" {
        let close = code.close_of(at + 1);
        let commas: Vec<usize> = code.commas(at + 1).collect();
        let [comma, more @ ..] = commas.as_slice() else { return false };
        if more.iter().any(|more| more + 1 != close) {
            return false;
        }
        at = comma + 1;
        ends = 2;
    }
    let close = code.close_of(at + 4);
    let rest = code.tokens.len().checked_sub(close + 1);
    // A comma may stand behind the last of a list.
    code.word(at) == "baton" && code.word(at + 3) == "allow" && rest.is_some_and(|rest| rest < 2 * ends)
}

fn with_domain(code: &Code<'_>, mark: Span, domain: &str) -> Option<Edit> {
    let name = code.mark_before(mark)?;
    let quoted = format!("\"{domain}\"");
    let Some(list) = code.list_behind(name) else {
        return Some(code.insert_behind(name, format!("({KEY} = [{quoted}])")));
    };
    match code.value_of(list, KEY) {
        Some(values) => Some(code.insert_last(values, &quoted)),
        None => Some(code.insert_last(list, &format!("{KEY} = [{quoted}]"))),
    }
}

fn without_domain(code: &Code<'_>, mark: Span, domain: &str) -> Option<Edit> {
    let values = code.value_of(code.list_behind(code.mark_before(mark)?)?, KEY)?;
    let close = code.close_of(values);
    let quoted = format!("\"{domain}\"");
    let at = (values + 1..close).find(|&at| code.shown(at) == quoted)?;
    let (_, start, end) = *code.tokens.get(at)?;
    let span = match (code.is(at + 1, b','), code.is(at - 1, b',')) {
        // What follows takes its place, or else the comma in front goes with it.
        (true, _) if at + 2 < close => start..code.tokens[at + 2].1,
        (true, _) => start..code.tokens[at + 1].2,
        (false, true) => code.tokens[at - 1].1..end,
        (false, false) => start..end,
    };
    Some(Edit { span: Span::new(span.start as u32, span.end as u32), text: String::new() })
}

impl Code<'_> {
    /// The word of the mark in the attributes of the code that has its name at a place.
    fn mark_before(&self, name: Span) -> Option<usize> {
        let mut at = self.tokens.partition_point(|(_, start, _)| *start < name.start as usize);
        // Back over what stands between an attribute and a name.
        while at > 0 {
            at -= 1;
            match self.tokens[at].0 {
                Token::Close(b']') => {
                    let open = self.open_of(at)?;
                    let marked = (open..at).find(|&word| self.word(word) == MARK);
                    if marked.is_some() && open > 0 && self.is(open - 1, b'#') {
                        return marked;
                    }
                    at = open;
                }
                Token::Close(b')') => at = self.open_of(at)?,
                Token::Close(_) | Token::Open(_) | Token::Punct(b';') => return None,
                _ => {}
            }
        }
        None
    }

    /// The bracket that opens the list behind a word.
    fn list_behind(&self, word: usize) -> Option<usize> {
        self.opens(word + 1, b'(').then_some(word + 1)
    }

    /// The bracket that opens the value of a key in a list.
    fn value_of(&self, list: usize, key: &str) -> Option<usize> {
        let at = (list + 1..self.close_of(list)).find(|&at| self.word(at) == key && self.is(at + 1, b'='))?;
        self.opens(at + 2, b'[').then_some(at + 2)
    }

    /// Puts a text behind the last part of a list.
    fn insert_last(&self, list: usize, text: &str) -> Edit {
        let last = self.close_of(list) - 1;
        let text = match self.is(last, b',') {
            _ if last == list => text.to_owned(),
            true => format!(" {text}"),
            false => format!(", {text}"),
        };
        self.insert_behind(last, text)
    }

    fn insert_behind(&self, token: usize, text: String) -> Edit {
        let end = self.tokens[token].2 as u32;
        Edit { span: Span::new(end, end), text }
    }

    /// The commas directly in the list that a bracket opens.
    fn commas(&self, list: usize) -> impl Iterator<Item = usize> {
        let close = self.close_of(list);
        let mut at = list;
        std::iter::from_fn(move || {
            loop {
                at += 1;
                if at >= close {
                    return None;
                }
                if matches!(self.tokens[at].0, Token::Open(_)) {
                    at = self.close_of(at);
                } else if self.is(at, b',') {
                    return Some(at);
                }
            }
        })
    }

    /// The bracket that opens the one which a token closes.
    fn open_of(&self, close: usize) -> Option<usize> {
        let mut depth = 0_u32;
        for at in (0..=close).rev() {
            match self.tokens[at].0 {
                Token::Close(_) => depth += 1,
                Token::Open(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }

    fn shown(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|(_, start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::edit::edited;
    use super::*;
    use crate::source::{FileId, Place};

    /// The place where `code` stands first in a text.
    fn place(text: &str, code: &str) -> Place {
        let start = text.find(code).unwrap() as u32;
        Place::new(FileId(0), Span::new(start, start + code.len() as u32))
    }

    fn mended(text: &str, fix: &Fix) -> Option<String> {
        edit(text, fix).map(|edit| edited(text, [edit]).0)
    }

    /// Compares a text without the suppression at `code` with `expected`.
    #[track_caller]
    fn removed(text: &str, code: &str, expected: Option<&str>) {
        assert_eq!(mended(text, &Fix::RemoveSuppression(place(text, code))).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_suppression_goes_with_its_line_if_that_holds_nothing_else() {
        const ALLOW: &str = "// baton: allow(x, reason = \"y\")";
        removed(&format!("a();\n    {ALLOW}\n    b();\n"), ALLOW, Some("a();\n    b();\n"));
        removed(&format!("a();\r\n{ALLOW}\r\nb();\r\n"), ALLOW, Some("a();\r\nb();\r\n"));
        removed(&format!("a(); {ALLOW}\nb();\n"), ALLOW, Some("a();\nb();\n"));
        removed(ALLOW, ALLOW, Some(""));
        removed("f(1, /* baton: allow(x) */ 2)", "/* baton: allow(x) */", Some("f(1, 2)"));
        removed("  /* baton: allow(x) */ f();\n", "/* baton: allow(x) */", Some("  f();\n"));
    }

    #[test]
    fn an_attribute_goes_if_it_says_nothing_else() {
        for alone in [
            "#[baton::allow(x, reason = \"y\")]",
            "#![baton::allow(x)]",
            "#[cfg_attr(any(), baton::allow(x, reason = \"a, b\"))]",
            "#[cfg_attr(all(a, b), baton::allow(x),)]",
        ] {
            removed(&format!("{alone}\nfn f() {{}}\n"), alone, Some("fn f() {}\n"));
        }
        for more in [
            "#[cfg_attr(any(), derive(A), baton::allow(x))]",
            "#[cfg_attr(any(), baton::allow(x), baton::allow(y))]",
            "#[cfg_attr(any(), baton::allow(x), cold)]",
        ] {
            removed(&format!("{more}\nfn f() {{}}\n"), more, None);
        }
    }

    #[test]
    fn a_domain_is_added_to_the_mark_of_the_code() {
        let cases = [
            ("#[baton::orchestrator]\npub struct A;", "#[baton::orchestrator(cross_domain = [\"b\"])]\npub struct A;"),
            ("#[orchestrator()] fn A() {}", "#[orchestrator(cross_domain = [\"b\"])] fn A() {}"),
            (
                "#[orchestrator(layer = \"x\",)]\n#[derive(B)] pub(crate) struct A;",
                "#[orchestrator(layer = \"x\", cross_domain = [\"b\"])]\n#[derive(B)] pub(crate) struct A;",
            ),
            (
                "#[cfg_attr(any(), baton::orchestrator(cross_domain = [\"a\"], layer = \"x\"))] impl<T> A {}",
                "#[cfg_attr(any(), baton::orchestrator(cross_domain = [\"a\", \"b\"], layer = \"x\"))] impl<T> A {}",
            ),
            ("#[orchestrator(cross_domain = [])] mod A;", "#[orchestrator(cross_domain = [\"b\"])] mod A;"),
        ];
        for (text, expected) in cases {
            let fix = Fix::AddDomain { mark: place(text, "A"), domain: "b".into() };
            assert_eq!(mended(text, &fix).as_deref(), Some(expected));
        }
        let other = "#[orchestrator] struct B; struct A;";
        assert_eq!(mended(other, &Fix::AddDomain { mark: place(other, "A"), domain: "b".into() }), None);
    }

    #[test]
    fn a_domain_is_taken_out_of_the_mark() {
        for (list, expected) in [
            ("\"a\", \"b\", \"c\"", "\"a\", \"c\""),
            ("\"b\"", ""),
            ("\"b\",", ""),
            ("\"a\", \"b\"", "\"a\""),
            ("\"b\", \"c\"", "\"c\""),
        ] {
            let text = format!("#[orchestrator(cross_domain = [{list}])]\nstruct A;");
            let fix = Fix::RemoveDomain { mark: place(&text, "A"), domain: "b".into() };
            let expected = format!("#[orchestrator(cross_domain = [{expected}])]\nstruct A;");
            assert_eq!(mended(&text, &fix), Some(expected));
        }
    }
}
