//! Comments that tell a reader something, with the line of code that each explains.

use super::token::{Token, Tokens};
use crate::facts::Remark;
use crate::source::Span;

/// What the words of a comment begin with that says why something may fail, or need not be.
const REASONS: &[&str] = &[
    "already",
    "anyway",
    "because",
    "best",
    "can't",
    "cannot",
    "critical",
    "degrad",
    "discard",
    "doesn't",
    "don't",
    "effort",
    "error",
    "fail",
    "fallback",
    "fatal",
    "forget",
    "harmless",
    "idempotent",
    "ignor",
    "isn't",
    "lose",
    "lost",
    "matter",
    "missing",
    "never",
    "nonfatal",
    "optional",
    "otherwise",
    "regardless",
    "retr",
    "safe",
    "silent",
    "skip",
    "still",
    "swallow",
    "toler",
    "unavailable",
    "unless",
    "unlikely",
    "won't",
];

/// The same, as whole words, because others begin with them.
const SHORT_REASONS: &[&str] = &["err", "fine", "gone", "may", "might", "no", "non", "not", "ok", "okay"];

/// The comments of a text that hold words. Documentation is left out, and so is what speaks to the
/// linter: that is no reason for anything.
pub(crate) fn remarks(text: &str) -> Vec<Remark> {
    let mut found: Vec<Remark> = Vec::new();
    // The first of the comments at the end of the list that stand alone and wait for code.
    let mut waiting = 0;
    let mut code_end = 0;
    let mut tokens = Tokens::new(text.as_bytes());
    while let Some((token, start, end)) = tokens.next() {
        match token {
            Token::LineComment | Token::BlockComment => {
                let inside = text.get(start..end).unwrap_or_default();
                if !says_something(inside) {
                    continue;
                }
                let line = line_of(text, start);
                let is_behind = code_end > line.start as usize;
                let span = Span::new(start as u32, end as u32);
                found.push(Remark { span, about: if is_behind { line } else { span } });
                if is_behind {
                    waiting = found.len();
                }
            }
            Token::Doc => {}
            _ => {
                let alone = found.get_mut(waiting..).unwrap_or_default();
                // Lines of comments that follow each other are one text.
                let reason = alone.iter().any(|remark| gives_reason(part(text, remark.span)));
                if reason && let Some(last) = alone.last_mut() {
                    last.about = line_of(text, start);
                }
                waiting = found.len();
                code_end = end;
            }
        }
    }
    found
}

/// Whether a comment has more than one word, and does not speak to the linter.
fn says_something(comment: &str) -> bool {
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    !comment.contains("baton:") && comment.split_whitespace().filter(is_word).nth(1).is_some()
}

fn gives_reason(comment: &str) -> bool {
    let lower = comment.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic() && c != '\'');
    words.any(|word| SHORT_REASONS.contains(&word) || REASONS.iter().any(|reason| word.starts_with(reason)))
}

fn part(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

fn line_of(text: &str, at: usize) -> Span {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let end = text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |length| at + length);
    Span::new(start as u32, end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each comment with the line that it explains.
    fn shown(text: &str) -> Vec<(&str, &str)> {
        remarks(text).into_iter().map(|remark| (part(text, remark.span), part(text, remark.about).trim())).collect()
    }

    #[test]
    fn a_comment_explains_its_line_or_the_next_one_with_code() {
        let text = "a(); // first of two\n// it may fail\n\n/* over two\n lines */\nb();\nc();";
        let expected = [
            ("// first of two", "a(); // first of two"),
            ("// it may fail", "// it may fail"),
            ("/* over two\n lines */", "b();"),
        ];
        assert_eq!(shown(text), expected, "those that follow each other are one");
    }

    #[test]
    fn what_is_done_next_is_no_reason() {
        let text = "// fetch the plan\na();\n// fetch it, best effort\nb();\n// no notes\nc();\n// now notes\nd();";
        let lines: Vec<&str> = shown(text).into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines, ["// fetch the plan", "b();", "c();", "// now notes"]);
    }

    #[test]
    fn documentation_rulers_and_words_to_the_linter_say_nothing() {
        let text =
            "/// Some docs here.\na();\n// ------ --\nb();\n// baton: allow(x, reason = \"a b\")\nc(); // TODO\n";
        assert_eq!(shown(text), []);
    }
}
